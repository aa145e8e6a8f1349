"""The table of units: consistent in itself, exact, and strict about what it does not know."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torap.rules.errors import BadValue
from torap.rules.units import NETWORK_UNITS, UNITS, UnknownUnit, convert, same_dimension, to_canonical, unit

NAMES = sorted(UNITS)


@pytest.mark.parametrize(
    ("value", "name", "canonical", "expected"),
    [
        ("1.5", "trn KZT", "KZT", "1500000000000"),
        ("234.4", "bn KZT", "KZT", "234400000000"),
        ("2", "mn USD", "USD", "2000000"),
        ("215", "thousand TEU/yr", "TEU/yr", "215000"),
        ("9.4", "mn t/yr", "t/yr", "9400000"),
        ("1580", "m2", "ha", "0.158"),
        ("750", "kW", "MW", "0.75"),
        ("3", "years", "months", "36"),
        ("7", "pairs of trains/day", "trains/day", "14"),
        ("83", "percent", "percent", "83"),
    ],
)
def test_value_becomes_canonical(value, name, canonical, expected):
    assert to_canonical(Decimal(value), name) == (Decimal(expected), canonical)


@pytest.mark.parametrize("name", NAMES)
def test_canonical_unit_is_its_own(name):
    row = UNITS[name]
    assert UNITS[row.canonical].factor == 1
    assert UNITS[row.canonical].dimension == row.dimension
    assert row.factor > 0


def test_units_the_facts_use_are_there():
    used = (
        "bn KZT,mn KZT,trn KZT,mn USD,bn USD,thousand TEU/yr,TEU/yr,thousand TEU,mn t/yr,mn t,t/yr,ha,jobs,"
        "projects,percent,vehicles/day,trucks/day,MW,m3/h,m3/day,Gcal/h,km,people/day,people,trucks,SEZs,buildings,MCI,KZT"
    )
    assert set(used.split(",")) <= set(UNITS)


def test_currencies_never_convert_into_each_other():
    assert not same_dimension("bn KZT", "bn USD")
    with pytest.raises(BadValue):
        convert(Decimal(1), "bn KZT", "bn USD")
    assert unit("bn KZT").currency == "KZT"
    assert unit("ha").currency == ""


def test_boxes_are_not_twenty_foot_units():
    assert not same_dimension("containers/yr", "TEU/yr")


def test_unknown_unit_lists_what_is_allowed():
    with pytest.raises(UnknownUnit, match="bn KZT") as caught:
        unit("bags")
    assert caught.value.params == {"unit": "bags"}


def test_empty_units_are_alike_and_like_nothing_else():
    assert same_dimension("", "")
    assert not same_dimension("", "ha")


def test_every_network_has_a_unit_of_the_table():
    assert set(NETWORK_UNITS.values()) <= set(UNITS)


@given(st.sampled_from(NAMES), st.sampled_from(NAMES), st.decimals(-(10**9), 10**9, places=3))
def test_conversion_there_and_back_loses_nothing_that_matters(one, other, value):
    if not same_dimension(one, other):
        return
    back = convert(convert(value, one, other), other, one)
    assert abs(back - value) <= abs(value) * Decimal("1e-20")
