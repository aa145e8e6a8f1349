"""Which claim is shown, and which contradict: the rule step by step, then what must hold of any claims."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torap.rules.claims import (
    AttributeFacts,
    Choice,
    ClaimFacts,
    choose_best,
    find_contradictions,
    observed_too_early,
)
from torap.rules.errors import BadValue

SAID = dt.date(2025, 11, 25)
AREA = AttributeFacts(code="area", unit="ha", tolerance=0.02, window_days=400)
MONEY = AttributeFacts(code="investment", kind="money", unit="bn KZT")


def facts(value=None, *, on=SAID, key="k", **fields):
    given_value = {} if value is None else {"low": Decimal(value), "high": Decimal(value), "unit": "ha"}
    about = fields.pop("about", None)
    if about is not None:
        first, last = about if isinstance(about, tuple) else (about, about)
        fields |= {"about_from": dt.date(first, 1, 1), "about_to": dt.date(last, 12, 31)}
    base = {"subject": "hub", "attribute": "area", "said_from": on, "said_to": on, "publisher": key}
    return ClaimFacts(key=key, **{**base, **given_value, **fields})


def day(text):
    return dt.date.fromisoformat(text)


# --- the best claim ---


@pytest.mark.parametrize(
    ("better", "worse", "reason"),
    [
        ({}, {"derived": True, "confidence": "high"}, "observed_not_derived"),
        ({"confidence": "high"}, {"source_class": "act"}, "confidence"),
        ({"source_class": "act"}, {"source_class": "official", "on": day("2025-12-01")}, "source_class"),
        ({"source_class": "official"}, {"source_class": "company"}, "source_class"),
        ({"source_class": "company"}, {"source_class": "international"}, "source_class"),
        ({"source_class": "international"}, {"source_class": "press"}, "source_class"),
        ({"source_class": "press"}, {"source_class": "interested"}, "source_class"),
        ({"source_class": "interested"}, {"source_class": "unknown"}, "source_class"),
        ({"on": day("2025-12-01"), "qualifier": "about"}, {}, "newest"),
        ({}, {"qualifier": "about"}, "exactness"),
        ({"key": "a"}, {"key": "b"}, "equal"),
        ({"about": 2025}, {"about": 2024, "confidence": "high"}, "newer_period"),
        ({}, {"on": day("2024-01-01"), "source_class": "act", "confidence": "high"}, "newer_period"),
    ],
)
def test_each_step_decides_what_the_steps_before_leave_open(better, worse, reason):
    first, second = facts(1, **{"key": "k1", **better}), facts(2, **{"key": "k2", **worse})
    assert choose_best([first, second]) == Choice(0, reason)
    assert choose_best([second, first]) == Choice(1, reason)


def test_corrected_claims_never_win():
    rows = [facts(1, key="a", corrected=True, confidence="high"), facts(2, key="b")]
    assert choose_best(rows) == Choice(1, "only_claim")


@pytest.mark.parametrize("rows", [[], [facts(1, corrected=True)]])
def test_without_a_live_claim_there_is_no_best(rows):
    with pytest.raises(BadValue):
        choose_best(rows)


def test_window_of_the_attribute_says_what_is_of_the_same_state():
    old = facts(1, key="a", on=day("2017-06-01"), source_class="act")
    new = facts(2, key="b", source_class="press")
    assert choose_best([old, new], window_days=400).index == 1
    assert choose_best([old, new], window_days=3650).index == 0


# --- contradictions ---


def found(*rows, attribute=AREA, rate=None):
    named = [replace(row, key=f"k{at}", publisher=row.publisher if row.publisher != "k" else f"p{at}")
             for at, row in enumerate(rows)]  # fmt: skip
    return find_contradictions(named, attribute, rate=rate)


def test_two_bodies_on_one_day_are_a_conflict():
    """240,000 and 200,000 TEU a year for one port on one day."""
    capacity = AttributeFacts(code="capacity", unit="TEU/yr")
    trade = facts(240000, attribute="capacity", unit="TEU/yr", said_by="trade", publisher="press")
    transport = facts(
        200, attribute="capacity", unit="thousand TEU/yr", said_by="transport", publisher="press"
    )
    (row,) = found(trade, transport, attribute=capacity)
    assert (row.kind, row.members, row.low, row.high, row.unit) == (
        "conflict",
        (1, 0),
        200000,
        240000,
        "TEU/yr",
    )
    assert row.relative_difference == pytest.approx(1 / 6)


@pytest.mark.parametrize(
    ("one", "other", "contradict"),
    [
        (facts("129.8"), facts("129.5"), False),
        (facts("129.8"), facts(149), True),
        (facts(100), facts("97.9"), True),
        (facts(100), facts(98), False),
        (facts(2000, qualifier="more_than"), facts(2300), False),
        (facts(2000, qualifier="up_to"), facts(2300), True),
        (facts(2000, qualifier="up_to"), facts(50), False),
        (facts(2000, qualifier="about"), facts(2190), False),
        (facts(2000, qualifier="about"), facts(2300), True),
        (facts(300, qualifier="more_than"), facts(700), True),
        (facts(300, qualifier="at_least"), facts(700), False),
        (facts(300, qualifier="at_least"), facts(250), True),
        (facts(300, qualifier="more_than"), facts(100, qualifier="up_to"), True),
        (facts(300, qualifier="nearly"), facts(280), False),
        (facts(300, qualifier="nearly"), facts(310), True),
        (facts(low=Decimal(100), high=Decimal(200), unit="ha"), facts(150), False),
        (facts(low=Decimal(100), high=Decimal(200), unit="ha"), facts(250), True),
        (facts(0), facts(5), True),
        (facts(0), facts(0), False),
        (facts(-5), facts(5), True),
        (facts(1), facts(10000, unit="m2"), False),
        (facts(1), facts(20000, unit="m2"), True),
        (facts(1), facts(9, unit="km"), False),
        (facts(1), facts(), False),
    ],
)
def test_numbers_and_the_words_beside_them(one, other, contradict):
    assert bool(found(one, other)) is contradict
    assert bool(found(other, one)) is contradict


@pytest.mark.parametrize(
    "difference",
    [
        {"subject": "port"},
        {"attribute": "land"},
        {"scope": "icbc"},
        {"nature": "target"},
        {"invented": True},
        {"corrected": True},
        {"on": day("2024-01-01")},
        {"about": 2024},
    ],
)
def test_unlike_things_are_never_compared(difference):
    first = facts(100, about=2025) if "about" in difference else facts(100)
    assert found(first, facts(200)) or "about" in difference
    assert not found(first, facts(200, **difference))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"about": 2025}, {"about": 2025}, True),
        ({"about": 2025}, {"about": (2010, 2025)}, False),
        ({"about": 2025}, {"about_from": day("2025-01-01"), "about_to": day("2025-10-31")}, False),
        ({"about": 2025}, {"about_from": day("2025-07-01"), "about_to": day("2025-07-01")}, True),
        ({"about": 2025}, {}, True),
        ({"about": 2024}, {}, False),
        ({"about": 2025}, {"on": day("2026-01-05")}, False),
    ],
)
def test_periods_must_be_the_same(one, other, same):
    assert bool(found(facts(100, **one), facts(200, **other))) is same
    assert bool(found(facts(200, **other), facts(100, **one))) is same


def test_restatement_by_the_same_publisher_is_a_change():
    first = facts(100, publisher="p", on=day("2025-01-01"))
    second = facts(150, publisher="p", on=day("2025-06-01"))
    (row,) = found(first, second)
    assert (row.kind, row.low, row.high) == ("restated", 100, 150)


def test_a_computed_figure_against_one_said_is_a_kind_of_its_own():
    """Nobody disagrees with himself by being computed: 3 months computed against 24 said."""
    said, other, computed = facts(24), facts(30), facts(3, derived=True)
    assert [(row.kind, row.members) for row in found(said, other, computed)] == [
        ("conflict", (0, 1)),
        ("computed", (2, 0, 1)),
    ]
    assert [row.kind for row in found(computed, facts(5, derived=True))] == ["conflict"]


@pytest.mark.parametrize(
    ("begins", "early"),
    [(None, False), ("2025-11-25", False), ("2026-01-01", False), ("2026-01-10", True), ("2028-01-01", True)],
)
def test_what_has_not_begun_is_not_observed(begins, early):
    assert observed_too_early(day(begins) if begins else None, SAID) is early


def test_same_publisher_on_one_day_is_a_conflict():
    assert found(facts(100, publisher="p"), facts(150, publisher="p"))[0].kind == "conflict"


def test_different_speakers_of_one_publisher_are_a_conflict():
    first = facts(100, publisher="p", said_by="governor", on=day("2025-01-01"))
    second = facts(150, publisher="p", said_by="minister", on=day("2025-06-01"))
    assert found(first, second)[0].kind == "conflict"


def test_what_its_speaker_took_back_no_longer_conflicts_with_others():
    first = facts(100, publisher="p", on=day("2025-01-01"))
    second = facts(150, publisher="p", on=day("2025-06-01"))
    other = facts(150, publisher="q", on=day("2025-03-01"))
    assert [row.kind for row in found(first, other)] == ["conflict"]
    assert [row.kind for row in found(first, second, other)] == ["restated"]


def test_three_figures_are_one_group():
    (row,) = found(facts(100), facts(150), facts(200))
    assert (row.members, row.low, row.high) == ((0, 1, 2), 100, 200)


def test_two_separate_disputes_are_two_groups():
    rows = found(facts(100, about=2020), facts(150, about=2020), facts(7, about=2024), facts(9, about=2024))
    assert [row.members for row in rows] == [(0, 1), (2, 3)]


def test_currencies_are_compared_through_a_dated_rate_only():
    tenge = facts(500, attribute="investment", unit="bn KZT")
    near, far = (facts(v, attribute="investment", unit="bn USD") for v in ("0.9", "2"))
    asked = []

    def rate(currency, to, on):
        asked.append((currency, to, on))
        return Decimal(500)

    assert not found(tenge, far, attribute=MONEY)
    assert not found(tenge, near, attribute=MONEY, rate=rate)
    (row,) = found(tenge, far, attribute=MONEY, rate=rate)
    assert (row.low, row.high, row.unit) == (500, 1000, "bn KZT")
    assert set(asked) == {("USD", "KZT", SAID)}
    assert not found(tenge, far, attribute=MONEY, rate=lambda *_: None)


def test_words_of_a_category_contradict_and_free_text_never_does():
    working, nearly = facts(text="is working"), facts(text="will soon be finished")
    assert find_contradictions([working, replace(nearly, key="z", publisher="z")], AREA) == []
    status = AttributeFacts(code="status", kind="category")
    (row,) = found(working, nearly, attribute=status)
    assert (row.kind, row.members, row.low, row.relative_difference) == ("conflict", (0, 1), None, None)
    assert not found(working, facts(text=" Is  Working "), attribute=status)
    assert not found(working, nearly, attribute=AttributeFacts(code="works", kind="text"))


# --- what must hold of any claims ---

days = st.dates(day("2024-01-01"), day("2025-12-31"))
anything = st.builds(
    lambda value, on, about, **more: facts(value, on=on, about=about, **more),
    st.integers(0, 40),
    days,
    st.none() | st.sampled_from([2024, 2025, (2020, 2025)]),
    qualifier=st.sampled_from(["exact", "about", "nearly", "at_least", "more_than", "up_to"]),
    publisher=st.sampled_from("pqr"),
    said_by=st.sampled_from(["", "", "minister", "governor"]),
    source_class=st.sampled_from(["act", "official", "press", "odd"]),
    confidence=st.sampled_from(["high", "medium", "low"]),
    derived=st.booleans(),
    corrected=st.sampled_from([False, False, True]),
    scope=st.sampled_from(["", "", "icbc"]),
)
many = st.lists(anything, min_size=1, max_size=7).map(
    lambda rows: [replace(row, key=f"k{at}") for at, row in enumerate(rows)]
)


@given(many, st.randoms(use_true_random=False))
def test_best_claim_does_not_depend_on_the_order(rows, shuffle):
    if all(row.corrected for row in rows):
        return
    mixed = list(rows)
    shuffle.shuffle(mixed)
    first, second = choose_best(rows), choose_best(mixed)
    assert rows[first.index].key == mixed[second.index].key
    assert first.reason_code == second.reason_code
    assert not rows[first.index].corrected


@given(many, st.randoms(use_true_random=False))
def test_contradictions_do_not_depend_on_the_order(rows, shuffle):
    mixed = list(rows)
    shuffle.shuffle(mixed)

    def named(claims):
        return sorted(
            (row.kind, sorted(claims[at].key for at in row.members), row.low, row.high)
            for row in find_contradictions(claims, AREA)
        )

    assert named(rows) == named(mixed)


@given(many, st.integers(0, 6))
def test_an_identical_claim_never_makes_a_contradiction(rows, which):
    twin = replace(rows[which % len(rows)], key="twin")
    before, after = find_contradictions(rows, AREA), find_contradictions([*rows, twin], AREA)
    assert len(after) <= len(before)
    assert {row.kind for row in after} <= {row.kind for row in before}


@given(many)
def test_members_of_a_contradiction_do_differ(rows):
    for row in find_contradictions(rows, AREA):
        assert len(row.members) >= 2
        assert row.low < row.high
        assert row.relative_difference > AREA.tolerance
        assert not any(rows[at].corrected for at in row.members)


def test_an_invented_claim_never_competes_with_a_real_one():
    claims = [
        facts(1, key="real", confidence="low"),
        facts(9, key="unreal", confidence="high", invented=True),
    ]
    assert choose_best(claims) == Choice(0, "only_claim")
    assert choose_best(claims[1:]) == Choice(0, "only_claim")
