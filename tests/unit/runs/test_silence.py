"""What was last heard of long ago may have been reached since: shares, chances, percentiles."""

import copy
import datetime as dt

import numpy as np
import pytest

from torap.engines.reference.classes import Measure, chance_by, not_reached
from torap.rules.known import AsKnown
from torap.runs import backtest, replay, selectors
from torap.runs.adapters.compute import computed, settings_of
from torap.runs.adapters.network import frozen_network
from torap.runs.adapters.observed import thaw_classes
from torap.runs.adapters.plan import told_plan
from torap.runs.adapters.silence import Silences, heard_on, least_left
from torap.runs.changes import applied
from torap.runs.services import run_request

pytestmark = pytest.mark.django_db
DAY_KNOWN = dt.date(2026, 1, 15)
GAS, HALL = "milestone:hub-gas", "milestone:hub-hall"
SETTINGS = settings_of(2000, 1, "plain")


@pytest.fixture
def content(country):
    return frozen_network(AsKnown(DAY_KNOWN))


def with_rows(content, **changes):
    """The input with the gas line's row changed, and nothing waiting for anything."""
    found = copy.deepcopy(content) | {"links": []}
    next(row for row in found["nodes"] if row["key"] == GAS).update(changes)
    return found


def forecasts(content):
    return {row["key"]: row for row in computed(content, SETTINGS).rows}


def silences(content):
    nodes = {row["key"]: row for row in content["nodes"]}
    return Silences(content, nodes, told_plan(content).basis, thaw_classes(content["classes"]))


def by_curve(content, row, day):
    said, promised = dt.date.fromisoformat(row["said_on"]), dt.date.fromisoformat(row["promised"])
    heard = heard_on(row, DAY_KNOWN)
    return chance_by(
        thaw_classes(content["classes"])[row["class"]],
        by_days=(day - said).days,
        lead_days=(promised - said).days,
        age_days=(heard - said).days,
        measure=Measure.DAYS,
    )


def test_the_last_word_is_the_newest_of_all_and_never_after_the_known_day():
    row = {"heard": "2025-12-20", "said_on": "2024-03-01", "least_days": 40}
    assert heard_on(row, DAY_KNOWN) == dt.date(2025, 12, 20)
    assert heard_on(row | {"heard": None}, DAY_KNOWN) == dt.date(2024, 3, 1)
    assert heard_on(row | {"said_on": "2027-01-01"}, DAY_KNOWN) == DAY_KNOWN
    assert heard_on({"heard": None, "said_on": None}, DAY_KNOWN) == DAY_KNOWN
    assert least_left(row, DAY_KNOWN) == 40 - 26
    assert least_left(row | {"heard": None}, DAY_KNOWN) == 0


def test_a_fresh_word_leaves_nothing_open(content):
    found = forecasts(with_rows(content, heard="2026-01-15"))[GAS]
    assert (found["untold"], found["chance"], found["heard_on"]) == (0.0, 0.0, DAY_KNOWN)
    assert found["p10"] > DAY_KNOWN


def test_silence_may_hide_that_it_was_reached(content):
    silent = with_rows(content, heard="2024-03-01", due="2025-06-30")
    row = next(one for one in silent["nodes"] if one["key"] == GAS)
    found = forecasts(silent)[GAS]
    assert found["untold"] == pytest.approx(by_curve(silent, row, DAY_KNOWN), abs=0.04)
    assert found["chance"] == pytest.approx(
        min(found["untold"], by_curve(silent, row, dt.date(2025, 6, 30))), abs=1e-6
    )
    assert 0 < found["chance"] <= found["untold"]
    assert found["p10"] == DAY_KNOWN
    assert found["heard_on"] == dt.date(2024, 3, 1)
    fresh = forecasts(with_rows(content, heard="2026-01-15"))[GAS]
    assert all(found[name] <= (fresh[name] or dt.date.max) for name in ("p10", "p20", "p50") if found[name])


def test_the_share_is_the_same_whatever_date_was_promised(content):
    shares = []
    for due in (None, "2025-06-30", "2026-01-15", "2026-12-31"):
        found = forecasts(with_rows(content, heard="2024-03-01", due=due, first_due=due))[GAS]
        shares.append(found["untold"])
        assert (found["chance"] is None) == (due is None)
        assert (found["chance_first"] is None) == (due is None)
    assert len(set(shares)) == 1


def test_a_date_to_come_is_judged_by_the_trials(content):
    silent = with_rows(content, heard="2024-03-01", due="2026-12-31")
    row = next(one for one in silent["nodes"] if one["key"] == GAS)
    found = forecasts(silent)[GAS]
    assert found["chance"] == pytest.approx(by_curve(silent, row, dt.date(2026, 12, 31)), abs=0.04)
    assert f"told:{GAS}" in {one.id for one in told_plan(silent).risk_plan.plan.activities}


def test_what_waits_for_what_is_not_reached_is_not_reached_either(content):
    silent = with_rows(content, heard="2024-03-01", due="2025-06-30")
    link = {"from": HALL, "to": GAS, "type": "FS", "lag_minutes": 0, "origin": "said", "why": ""}
    hall = next(row for row in silent["nodes"] if row["key"] == HALL)
    hall["heard"] = "2026-01-15"
    waiting = silent | {"links": [link]}
    found = forecasts(waiting)[GAS]
    assert (found["untold"], found["chance"]) == (0.0, 0.0)
    assert found["p10"] > DAY_KNOWN
    hall |= {"heard": None, "promised": "2025-03-31"}
    both, day = silences(waiting), dt.date(2025, 6, 30)
    own = by_curve(waiting, next(row for row in waiting["nodes"] if row["key"] == GAS), day)
    assert 0 < both.chance(GAS, day) == min(by_curve(waiting, hall, day), own)
    later = silences(waiting | {"links": [link | {"lag_minutes": 300 * 1440}]})
    sooner = by_curve(waiting, hall, day - dt.timedelta(days=300))
    assert later.chance(GAS, day) == min(sooner, own) < both.chance(GAS, day)
    assert forecasts(waiting)[GAS]["untold"] <= forecasts(silent)[GAS]["untold"]


def test_what_is_set_or_planned_for_days_to_come_is_not_reached_yet(content):
    silent = with_rows(content, heard="2024-03-01")
    assert silences(with_rows(silent, fixed_on="2026-06-01")).of(GAS) is None
    assert silences(with_rows(silent, least_days=900)).of(GAS) is None
    sooner = applied(silent, [{"op": "speed_up", "node": GAS, "percent": 50}])
    assert forecasts(sooner)[GAS]["untold"] == forecasts(silent)[GAS]["untold"]
    later = forecasts(applied(silent, [{"op": "delay", "node": GAS, "days": 30}]))[GAS]
    assert later["p10"] == DAY_KNOWN + dt.timedelta(days=30)
    assert later["untold"] == 0.0


def test_the_pages_are_told(country):
    run = run_request(by=country.by, known_on=DAY_KNOWN, trials=500, seed=7)
    line = selectors.forecast_of([HALL], country.known)[HALL]
    assert line.run == run.code
    assert line.heard_on == dt.date(2024, 5, 1)
    assert line.untold is not None
    assert line.maybe_reached == (line.untold >= 0.005)
    works = selectors.forecast_of(["milestone:hub-works"], country.known)["milestone:hub-works"]
    assert (works.untold, works.heard_on) == (None, None)


def given_not_reached_by_now(reference, shares, *, lead_days, age_days, measure, horizon_days):
    """The rule of before silence was thought of, for days of slip."""
    left = not_reached(reference, np.array([float(age_days)]), lead_days=lead_days, measure=measure)[0]
    if left <= 0:
        return np.full(shares.shape, horizon_days, dtype=np.int64)
    places = reference.curves[measure].reached_at(left * (1.0 - shares))
    return np.clip(np.ceil(places + lead_days - 1e-6) - age_days, 1, horizon_days).astype(np.int64)


def test_the_back_test_speaks_on_the_day_of_the_promise_so_nothing_changes(country, monkeypatch):
    histories = [backtest._thaw(row) for row in backtest.frozen_histories(country.known)["histories"]]
    cases = replay.replay(histories, DAY_KNOWN, backtest.USED)
    assert sum(case.judged is not None for case in cases) >= 3
    monkeypatch.setattr(replay, "days_left", given_not_reached_by_now)
    assert replay.replay(histories, DAY_KNOWN, backtest.USED) == cases


def test_score_counts_what_came_in_the_silence():
    made = dt.date(2026, 1, 15)
    days = selectors.score._days
    assert days(None, made, -20.0) == 40 * 365
    assert days(made, made, -20.0) == -20.0
    assert days(made, made, 5.0) == 0.0
    assert days(dt.date(2026, 1, 25), made, -20.0) == 10.0
