"""Conditions over parameters in three values."""

from decimal import Decimal

import pytest

from torap.rules.obligations.conditions import holds, missing


@pytest.mark.parametrize(
    ("when", "params", "expected"),
    [
        ({}, {}, True),
        ({"a": True}, {}, None),
        ({"a": True}, {"a": True}, True),
        ({"a": True}, {"a": False}, False),
        ({"a": True, "b": 1}, {"b": Decimal(2)}, False),
        ({"a": ["x", "y"]}, {"a": "y"}, True),
        ({"a": ["x", "unset"]}, {}, True),
        ({"a": ["x", "unset"]}, {"a": "z"}, False),
        ({"a": "given"}, {}, False),
        ({"a": "given"}, {"a": "x"}, True),
        ({"a": "unset"}, {}, True),
        ({"a": {"gt": 200, "le": 1000}}, {"a": Decimal(200)}, False),
        ({"a": {"gt": 200, "le": 1000}}, {"a": Decimal(1000)}, True),
        ({"a": {"lt": 5}}, {"a": Decimal(5)}, False),
        ({"a": {"ge": 5}}, {"a": Decimal(5)}, True),
        ({"a": {"not": "x"}}, {"a": "y"}, True),
        ({"a": {"not": ["x", "y"]}}, {"a": "y"}, False),
    ],
)
def test_condition(when, params, expected):
    assert holds(when, params) is expected


def test_missing_names_only_what_is_open():
    assert missing({"a": True, "b": True}, {"b": False}) == ("a",)
