"""A sum is never said more exactly than its parts."""

from decimal import Decimal

import pytest

from torap.rules.sums import sum_said

D = Decimal


@pytest.mark.parametrize(
    ("qualifiers", "joint"),
    [
        (["exact", "exact"], "exact"),
        (["exact", "more_than"], "at_least"),
        (["at_least", "more_than"], "at_least"),
        (["exact", "up_to"], "up_to"),
        (["exact", "about"], "about"),
        (["nearly", "exact"], "about"),
        (["up_to", "at_least"], "about"),
    ],
)
def test_how_exactly_a_sum_is_said(qualifiers, joint):
    found = sum_said((D(10), D(10), how) for how in qualifiers)
    assert (found.low, found.high, found.qualifier) == (20, 20, joint)


def test_ranges_are_added_end_by_end():
    found = sum_said([(D(1), D(2), "exact"), (D(10), D(10), "exact")])
    assert (found.low, found.high) == (11, 12)


def test_the_sum_of_nothing_is_none():
    assert sum_said([]) is None
