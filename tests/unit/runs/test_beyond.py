"""Percentiles later than anything seen of a class: only that they are not before a day is told."""

import datetime as dt

import numpy as np
import pytest

from torap.engines.reference.classes import Measure, seen_until
from torap.runs import selectors
from torap.runs.adapters.compute import computed, settings_of
from torap.runs.adapters.network import frozen_network
from torap.runs.adapters.observed import thaw_classes
from torap.runs.adapters.plan import told_plan
from torap.runs.adapters.plan_parts import day_at
from torap.runs.selectors.classes import run_content

pytestmark = pytest.mark.django_db
NAMES = ("p10", "p20", "p50", "p80", "p90")


@pytest.fixture
def content(country):
    return frozen_network(country.known)


@pytest.fixture
def found(content):
    return computed(content, settings_of(500, 7, "plain"))


def test_a_pace_never_lies_beyond_what_was_seen_of_its_class(content):
    told, capped = told_plan(content), told_plan(content, seen_only=True)
    assert told.beyond
    assert capped.beyond
    for name, spread in capped.risk_plan.durations.items():
        whole = told.risk_plan.durations[name].values
        assert all(least <= value for least, value in zip(spread.values, whole, strict=True))
        assert max(spread.values) < max(whole)


def test_a_bound_is_the_percentile_of_the_earliest_that_was_seen_allows(content, found):
    for row in found.rows:
        if row["basis"] in {"done", "none"}:
            assert row["beyond"] == []
            continue
        ends, least = found.result.watched[row["key"]], found.bounds.watched[row["key"]]
        assert (least <= ends).all()
        for name in NAMES:
            share = int(name[1:]) / 100
            told = np.quantile(ends, share, method="inverted_cdf")
            early = np.quantile(least, share, method="inverted_cdf")
            assert (name in row["beyond"]) == bool(early < told)
            assert row[name] == day_at(int(early if early < told else told))


def test_the_chance_counts_the_trials_beyond_as_well(content, found):
    row = next(row for row in found.rows if row["key"] == "milestone:hub-full")
    ends = found.result.watched[row["key"]]
    due = ((row["due"] - dt.date(1970, 1, 1)).days + 1) * 1440
    assert "p80" in row["beyond"]
    assert row["chance"] == pytest.approx(float((ends <= due).mean()), abs=1e-9)


def test_the_lines_and_the_plan_tell_which_are_bounds(country, forecast):
    (line,) = selectors.forecast_of(["milestone:hub-full"], country.known).values()
    assert line.bound(80)
    assert not line.bound(10)
    row = next(one for one in selectors.gantt(forecast.code, "hub").rows if one.key == line.key)
    assert row.beyond == line.beyond
    classes = thaw_classes(run_content(forecast.code)["classes"])
    one = classes[line.class_code]
    assert seen_until(one, lead_days=100, measure=Measure.DAYS) == 100 + int(
        one.curves[Measure.DAYS].tail_from
    )
    longest = max(one.curves[Measure.DAYS].tail_from + 200, one.curves[Measure.RATIO].tail_from * 200)
    assert seen_until(one, lead_days=200, measure=Measure.MIXTURE) == int(longest)


def test_the_histogram_ends_where_what_was_seen_ends(country, forecast):
    found = selectors.spread(forecast.code, "milestone:hub-full")
    base = computed(run_content(forecast.code), settings_of(500, 7, "plain"))
    ends, least = (one.watched["milestone:hub-full"] for one in (base.result, base.bounds))
    beyond = float((least < ends).mean())
    assert found.beyond >= beyond - 1e-6
    assert sum(one.share for one in found.bins) <= 1 - beyond + 1e-6
