"""What the pages are told: forecasts beside dates, lists, reasons, classes, breaks, bars, scores."""

import dataclasses
import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from torap.common.errors import BadInput, NotFound
from torap.delivery import services as delivery
from torap.ledger.memo import forget
from torap.rules.known import AsKnown
from torap.runs import selectors
from torap.runs.adapters import plan as plans
from torap.runs.adapters import plan_parts
from torap.runs.adapters.compute import computed, settings_of
from torap.runs.adapters.parts import upstream_part
from torap.runs.models import Forecast
from torap.runs.selectors import reasons
from torap.runs.selectors.runs import shifts_between
from torap.runs.services import run_request, scenario_save

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 1, 15)
KNOWN = AsKnown(DAY)
GAS, HALL, OPEN, FULL = (f"milestone:hub-{code}" for code in ("gas", "hall", "open", "full"))


def test_forecasts_beside_dates(forecast):
    found = selectors.forecast_of([GAS, HALL, "milestone:hub-works", "milestone:moon"], KNOWN)
    assert set(found) == {GAS, HALL, "milestone:hub-works"}
    gas = found[GAS]
    assert (gas.basis, gas.class_code, gas.n, gas.chance) == ("class", "milestone.part.place", 3, 0.0)
    assert DAY < gas.p10 <= gas.p20 <= gas.p50 <= gas.p80
    assert gas.late_p50 == (gas.p50 - dt.date(2025, 6, 30)).days
    assert gas.holder.code == "akimat"
    works = found["milestone:hub-works"]
    assert (works.basis, works.done_on, works.p50) == ("done", dt.date(2023, 11, 15), None)


def test_a_day_before_the_run_shows_none(forecast):
    assert selectors.forecast_of([GAS], AsKnown(DAY - dt.timedelta(days=1))) == {}
    assert selectors.newest_run(AsKnown(DAY - dt.timedelta(days=1))) is None
    assert selectors.newest_run(AsKnown(timezone.localdate(), "recorded")).code == forecast.code
    assert selectors.newest_run(AsKnown(DAY, "recorded")) is None  # by that clock it was made today


def test_the_newest_day_known_stands(country, forecast):
    later = run_request(by=country.by, known_on=DAY + dt.timedelta(days=9), trials=100)
    assert selectors.newest_run(AsKnown(DAY + dt.timedelta(days=30))).code == later.code
    assert selectors.newest_run(KNOWN).code == forecast.code


def test_an_experiment_never_replaces_the_national_forecast(country, forecast):
    week = AsKnown(DAY + dt.timedelta(days=7))
    national = run_request(by=country.by, known_on=DAY)
    assert selectors.newest_run(week).code == national.code, "the experiment was there before"
    for other in ({"trials": 100}, {"seed": 2}, {"sampling": "latin"}):
        run_request(by=country.by, known_on=week.day, **other)
        assert selectors.newest_run(week).code == national.code
        assert selectors.forecasts_beside([GAS], week)[GAS].run == national.code
        assert selectors.forecast_of([GAS], week)[GAS].run == national.code
    more = run_request(by=country.by, known_on=week.day, trials=10_001)
    assert selectors.newest_run(week).code == more.code
    assert selectors.forecasts_beside([GAS], week)[GAS].run == more.code
    kept = {row.code: row.national for row in selectors.run_list(week)}
    assert [code for code, as_nation in kept.items() if as_nation] == [more.code, national.code]
    assert len(kept) == 6


def test_names_are_in_the_readers_language(forecast):
    with override("kk"):
        assert selectors.forecast_of([GAS], KNOWN)[GAS].name == "gas қазақша"


@pytest.mark.parametrize("order", selectors.ORDERS)
def test_lists_are_ordered_and_cut(forecast, order):
    whole = selectors.forecast_list(KNOWN, order=order)
    assert whole.total == len(whole.rows) == 4
    part = selectors.forecast_list(KNOWN, order=order, offset=1, limit=2)
    assert part.rows == whole.rows[1:3]
    first = {"chance": GAS, "due": GAS, "name": FULL}.get(order)
    assert first is None or whole.rows[0].key == first
    if order == "late":
        late = [row.late_p50 for row in whole.rows]
        assert late == sorted(late, reverse=True)


def test_lists_are_narrowed(forecast):
    def keys(**more):
        return {row.key for row in selectors.forecast_list(KNOWN, selectors.ForecastFilters(**more)).rows}

    assert keys(holder="builder") == {HALL}
    assert keys(words="қазақша gas") == {GAS}
    assert keys(below=0.01) == {GAS}
    assert keys(due_to=dt.date(2026, 12, 31)) == {GAS, HALL}
    assert len(keys(open_only=False)) == 7
    assert keys(basis="done", open_only=True) == {f"milestone:hub-{c}" for c in ("works", "road", "power")}
    assert keys(region="KZ-47", subject="hub", kind="milestone") == {GAS, HALL, OPEN, FULL}
    assert keys(invented=True) == set()
    with pytest.raises(BadInput, match="unknown_choice"):
        selectors.forecast_list(KNOWN, order="luck")


def test_without_a_run_everything_is_empty(country):
    assert selectors.forecast_of([GAS], KNOWN) == {}
    assert selectors.forecast_list(KNOWN).run is None
    assert selectors.breaks_next(KNOWN).rows == ()
    assert selectors.class_list(KNOWN) == ()
    assert selectors.backtest_table(KNOWN) is None
    with pytest.raises(NotFound):
        selectors.run_get("none")
    with pytest.raises(NotFound):
        selectors.class_get("all", KNOWN)


def test_why_names_what_drives_and_its_own_pace(forecast):
    found = selectors.why(forecast.code, OPEN)
    assert found.line.key == OPEN
    direct = {step.key: step for step in found.steps if step.depth == 1}
    assert HALL in direct
    assert 0 < direct[HALL].drives < 1
    assert direct[HALL].chain
    assert found.own + sum(step.drives for step in direct.values()) == pytest.approx(1.0, abs=1e-3)
    assert found.class_line.code == "milestone.open.place"
    with pytest.raises(NotFound):
        selectors.why(forecast.code, "milestone:moon")


def test_causes_of_a_large_network_are_computed_with_its_own_numbers(forecast, monkeypatch):
    small = selectors.why(forecast.code, OPEN)
    blank = Forecast.objects.filter(run__code=forecast.code)
    monkeypatch.setattr(reasons, "GOALS", 1)
    original = reasons.Forecast.objects.filter

    def without_causes(**wanted):
        rows = list(original(**wanted))
        for row in rows:
            row.drivers = []
        return rows

    monkeypatch.setattr(reasons.Forecast.objects, "filter", without_causes)
    forget()
    again = selectors.why(forecast.code, OPEN)
    assert [(s.key, s.drives) for s in again.steps if s.depth == 1] == [
        (s.key, s.drives) for s in small.steps if s.depth == 1
    ]
    assert blank.exists()


def test_a_part_gives_the_numbers_of_the_whole(country, forecast):
    content = reasons.run_content(forecast.code)
    part = upstream_part(content, [HALL])
    assert HALL in {row["key"] for row in part["nodes"]}
    assert FULL not in {row["key"] for row in part["nodes"]}
    found = computed(part, settings_of(forecast.trials, forecast.seed, forecast.sampling))
    row = next(one for one in found.rows if one["key"] == HALL)
    line = selectors.forecast_of([HALL], KNOWN)[HALL]
    assert (row["p10"], row["p50"], row["p80"], row["chance"]) == (line.p10, line.p50, line.p80, line.chance)


def test_the_bars_of_a_subject(forecast):
    found = selectors.gantt(forecast.code, "hub")
    rows = {row.key: row for row in found.rows}
    assert len(rows) == 7
    assert rows["milestone:hub-works"].done_on == dt.date(2023, 11, 15)
    assert rows[OPEN].first_due == dt.date(2027, 6, 30)
    assert any(row.driving for row in found.rows)
    assert dict(rows[OPEN].after)[HALL] > 0
    assert selectors.gantt(forecast.code, "moon").rows == ()


def test_what_breaks_next_and_who_can_prevent_it(forecast):
    found = selectors.breaks_next(KNOWN)
    assert [row.key for row in found.passed] == [GAS]
    assert found.rows
    assert [row.line.due for row in found.rows] == sorted(row.line.due for row in found.rows)
    assert found.total == len(found.rows)
    few = selectors.breaks_next(KNOWN, limit=1)
    assert (len(few.rows), few.total) == (1, found.total), "a list that is cut says of how many"
    assert selectors.breaks_next(KNOWN, limit=None).rows == found.rows
    line = next(row for row in found.rows if row.line.key == OPEN)
    shares = {ref.code: share for ref, share in line.preventers}
    assert "builder" in shares
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-3)
    builder = next(row for row in found.holders if row.holder.code == "builder")
    assert builder.holds_up >= 1
    assert builder.expected == pytest.approx(1 - selectors.forecast_of([HALL], KNOWN)[HALL].chance, abs=0.01)


def test_classes_tell_their_n_and_their_promises(forecast):
    found = {row.code: row for row in selectors.class_list(KNOWN)}
    assert (found["all"].n, found["all"].events, found["all"].censored) == (7, 3, 4)
    part = selectors.class_get("milestone.part", KNOWN)
    assert (part.n, part.events, part.parent, part.weight) == (
        3,
        2,
        "milestone",
        pytest.approx(3 / 13, abs=1e-6),
    )
    assert {row["key"] for row in part.members} == {f"milestone:hub-{c}" for c in ("road", "power", "gas")}
    assert part.curve[0].share <= 1
    assert all(one.low <= one.share <= one.high for one in part.curve)
    assert set(part.quantiles) == {0.1, 0.2, 0.5, 0.8, 0.9}
    assert 0.9 in part.extrapolated


def test_two_runs_side_by_side(country, forecast):
    later = run_request(by=country.by, known_on=DAY + dt.timedelta(days=200), trials=500, seed=7)
    found = selectors.run_compare(forecast.code, later.code)
    assert not found.same_input
    assert found.same_numbers
    moved = {row.key: row for row in found.moved}
    assert GAS not in moved, "in both it may have come by now: the days of the runs are no dates of its own"
    assert all(row.mean_days is None for row in moved.values()), "averages of two inputs compare tails"
    delay = {"op": "delay", "node": HALL, "months": 6}
    what_if = scenario_save(by=country.by, title="Later", changes=[delay], base=forecast.code)
    asked = run_request(by=country.by, kind="scenario", scenario=what_if.code, base=forecast.code)
    changed = {row.key: row for row in selectors.run_compare(forecast.code, asked.code).moved}
    assert changed[HALL].mean_days > 0, "a what-if has the trials of its base"
    assert {row.mean_days for row in selectors.run_compare(asked.code, later.code).moved} == {None}
    assert found.same + len(found.moved) == forecast.nodes
    tested = run_request(by=country.by, known_on=DAY, kind="backtest", trials=100)
    waiting = run_request(by=country.by, known_on=DAY, trials=120, at_once=False)
    for code in (tested.code, waiting.code, "none"):
        with pytest.raises(NotFound):
            selectors.run_compare(forecast.code, code)
    other = run_request(by=country.by, known_on=DAY, trials=50, invented=True, at_once=True)
    with pytest.raises(BadInput) as caught:
        selectors.run_compare(forecast.code, other.code)
    assert caught.value.code == "invented_mixed"
    same = selectors.run_compare(forecast.code, forecast.code)
    assert same.moved == ()
    assert same.same_input


def test_the_score_counts_what_was_kept_and_became_known(country, monkeypatch):
    run = run_request(by=country.by, known_on=timezone.localdate(), trials=500, seed=7)
    today = AsKnown(timezone.localdate())
    assert selectors.score_table(today).whole.n == 0
    line = selectors.forecast_of([GAS], today)[GAS]
    now = timezone.localdate()
    delivery.report_add(
        by=country.by, milestone="hub-gas", state="done", source="paper", said=now, done_on=now
    )
    found = selectors.score_table(today)
    assert (found.whole.n, found.whole.nodes, found.whole.reached, found.runs) == (1, 1, 1, 1)
    assert found.whole.brier == 0.0  # the date had passed, and the forecast knew it
    assert line.beyond == ("p80", "p90"), "nothing of its kind was ever reached so late"
    assert (found.whole.coverage, found.whole.coverage_n) == (None, 0)
    assert (found.whole.early, found.whole.early_n) == (float(now < line.p80), 1)
    assert found.whole.pinball[0.5] == pytest.approx(0.5 * (line.p50 - now).days)
    assert found.whole.told == {0.1: 1, 0.5: 1, 0.8: 0}
    assert [row.group for row in found.classes] == ["milestone.part"]
    assert [row.group for row in found.holders] == ["akimat"]
    assert found == selectors.score_table(today)
    assert run.code


def test_a_run_made_later_for_an_earlier_day_is_no_kept_forecast(country, forecast):
    delivery.report_add(
        by=country.by, milestone="hub-gas", state="done", source="paper", said=dt.date(2026, 3, 1),
        done_on=dt.date(2026, 3, 1),
    )  # fmt: skip
    assert selectors.score_table(AsKnown(timezone.localdate())).whole.n == 0


def test_the_back_test_is_a_run_and_says_of_how_many(country):
    run = run_request(by=country.by, kind="backtest", known_on=DAY)
    found = selectors.backtest_table(KNOWN)
    assert found.run == run.code
    assert found.untold + found.whole.n == 7
    assert (found.untold, found.whole.reached) == (3, 0)  # nothing had been reached when those were promised
    assert [row.group for row in found.baselines] == ["word", "hindsight"]
    assert [row.group for row in found.choices][0] == "days.first.10"
    assert found.choices[0].brier == found.whole.brier
    assert sum(one.n for one in found.calibration) == found.whole.brier_n
    assert len(found.cases) == 7
    with pytest.raises(NotFound):
        selectors.backtest_table(KNOWN, run=run_request(by=country.by, known_on=DAY, trials=100).code)


def test_no_page_asks_more_the_more_nodes_there_are(country, forecast):
    def queries(ask):
        forget()
        with CaptureQueriesContext(connection) as found:
            ask()
        return len(found)

    limits = {
        lambda: selectors.forecast_of([GAS, HALL, OPEN], KNOWN): 7,
        lambda: selectors.forecast_list(KNOWN): 6,
        lambda: selectors.breaks_next(KNOWN): 6,
        lambda: selectors.why(forecast.code, OPEN): 9,
        lambda: selectors.gantt(forecast.code, "hub"): 9,
        lambda: selectors.class_list(KNOWN): 5,
        lambda: selectors.run_compare(forecast.code, forecast.code): 9,
    }
    for ask, limit in limits.items():
        assert queries(ask) <= limit


def test_the_bases_of_nodes(forecast):
    content = reasons.run_content(forecast.code)
    told = plans.told_plan(content)
    assert told.basis[GAS] == "class"
    assert told.basis["milestone:hub-works"] == "done"
    ids = {row.id for row in told.risk_plan.plan.activities}
    assert f"class:{GAS}" in ids
    assert plan_parts.day_at(plan_parts.end_of_day(DAY)) == DAY
    assert plan_parts.day_at(plan_parts.end_of_day(DAY) + 1) == DAY + dt.timedelta(days=1)


def test_no_shift_is_told_where_a_side_has_no_day(forecast):
    line = selectors.forecast_of([GAS], KNOWN)[GAS]
    later = DAY + dt.timedelta(days=365)
    plain = dataclasses.replace(line, untold=0.0, beyond=(), p50=DAY, p80=DAY, mean_left=100.0)
    moved = dataclasses.replace(plain, p50=later, p80=later, mean_left=200.0)
    now = dataclasses.replace(plain, untold=0.6)
    past = dataclasses.replace(moved, beyond=("p50", "p80"))

    def between(before, after, **more):
        (found,) = shifts_between({GAS: before}, {GAS: after}, **more)
        return found.p50_days, found.p80_days, found.mean_days

    assert between(plain, moved, averages=False) == (365, 365, None)
    assert between(plain, moved) == (365, 365, 100.0)
    assert between(now, past, averages=False) == (None, None, None)
    assert between(now, moved, averages=False) == (None, None, None)
    assert between(plain, past, averages=False) == (365, 365, None), "how much later it is not before"
    alike = dataclasses.replace(now, mean_left=130.0)
    assert between(now, alike) == (None, None, 30.0), "of one input the averages tell what a change does"
