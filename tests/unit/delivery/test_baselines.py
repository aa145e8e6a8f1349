"""Baselines: frozen as known on a day by one of two clocks, compared by the same clock."""

import datetime as dt

import pytest
from django.utils import timezone

from torap.common.errors import BadInput, Conflict
from torap.delivery import selectors, services
from torap.delivery.selectors.baselines import clock_of
from torap.rules.known import AsKnown

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
PAST = dt.date(2024, 6, 1)


def take(country, code, clock="said", day=PAST):
    return services.baseline_take(by=country.by, code=code, title=code, taken_on=day, clock=clock)


def test_each_clock_freezes_what_it_knew(country, promise):
    promise("2023-10-27", "Q2 2025")
    said, stored = take(country, "said"), take(country, "stored", "recorded")
    assert (len(said.content["milestones"]), len(stored.content["milestones"])) == (1, 0)
    assert (clock_of(said), clock_of(stored)) == ("said", "recorded")
    assert len(take(country, "now", "recorded", TODAY).content["milestones"]) == 1


def test_a_baseline_is_compared_by_its_own_clock(country, promise):
    promise("2023-10-27", "Q2 2025")
    take(country, "stored", "recorded")
    promise("2023-11-27", "Q4 2025")
    found = selectors.baseline_compare("stored", AsKnown(PAST))
    assert (found.clock, found.rows) == ("recorded", ())
    take(country, "said")
    found = selectors.baseline_compare("said", AsKnown(PAST, "recorded"))
    assert (found.clock, [row.kind for row in found.rows]) == ("said", ["same"])
    with pytest.raises(Conflict, match="clocks_differ"):
        selectors.baseline_compare("said", AsKnown(TODAY), other="stored")


def test_the_list_follows_the_clock(country):
    take(country, "b")
    assert [row.code for row in selectors.baseline_list(AsKnown(PAST))] == ["b"]
    assert selectors.baseline_list(AsKnown(PAST, "recorded")) == []


def test_nobody_knows_a_day_to_come(country):
    with pytest.raises(BadInput, match="in_the_future"):
        take(country, "b", day=TODAY + dt.timedelta(days=1))
    with pytest.raises(BadInput, match="unknown_choice"):
        take(country, "b", clock="heard")
