"""The trials against closed forms, what they must not depend on, and what they refuse."""

from __future__ import annotations

import math
import pickle
import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from torap.engines.errors import EngineInputError
from torap.engines.schedule.blocks import TALLIED
from torap.engines.schedule.columns import certain, columns_of
from torap.engines.schedule.dates import schedule
from torap.engines.schedule.executors import Dask, Threads
from torap.engines.schedule.plan import Activity, Kind, Part, Plan
from torap.engines.schedule.results import chance_before
from torap.engines.schedule.simulate import simulate
from torap.engines.schedule.uncertain import (
    SHARES,
    Branch,
    Driver,
    RiskEvent,
    RiskPlan,
    RiskResult,
    Sampling,
    Settings,
    Shape,
    Spread,
)
from torap.engines.schedule.worktime import ALWAYS
from unit.engines.schedule.cases import CALENDARS, at, link, plan, task

DAY = 1440
TRIALS = 8000
TALLIED_TRIALS = TALLIED * 64  # of which percentiles of what is no goal are told


def clock_plan(*rows: Activity, links: tuple[Any, ...] = (), **more: Any) -> Plan:
    """A plan by the clock from minute 0."""
    return Plan(start=0, activities=rows, links=links, calendars={"24h": ALWAYS}, calendar="24h", **more)


def act(name: str, minutes: int = DAY, **more: Any) -> Activity:
    return Activity(id=name, minutes=minutes, **more)


def uniform(low: int, high: int) -> Spread:
    return Spread(shape=Shape.UNIFORM, low=low, high=high)


def run(risk: RiskPlan, **more: Any) -> RiskResult:
    return simulate(risk, Settings(**{"trials": TRIALS, "threads": 1, **more}))


def finish(found: RiskResult, name: str) -> np.ndarray:
    return found.goals[name].finishes


def same(a: RiskResult, b: RiskResult) -> bool:
    """Bit for bit."""
    arrays = ("start", "finish", "mean_finish", "sd_finish", "critical", "cruciality")
    goals = a.goals.keys() == b.goals.keys() and all(
        np.array_equal(a.goals[k].finishes, b.goals[k].finishes) and a.goals[k].effects == b.goals[k].effects
        for k in a.goals
    )
    return goals and a.meets == b.meets and all(np.array_equal(getattr(a, k), getattr(b, k)) for k in arrays)


def busy() -> RiskPlan:
    """A plan with something of everything."""
    rows = (
        task("A", 5), task("B", 8, calendar="six"), task("C", 3), task("D", 2, deadline=29_470_000),
        task("E", 4),
        Activity(id="S", kind=Kind.SUMMARY), task("F", 2, parent="S"),
        task("G", 6, parent="S", calendar="six"),
        Activity(id="L", kind=Kind.LEVEL_OF_EFFORT, minutes=480),
        Activity(id="M", kind=Kind.FINISH_MILESTONE),
    )  # fmt: skip
    links = (
        link("A FS B", 480), link("A SS C"), link("B FF D", -240), link("C FS E"), link("E SF D"),
        link("B FS F"),
        link("C FS G"), link("A SS L"), link("G FF L"), link("F FS M"), link("D FS M"),
    )  # fmt: skip
    shapes = [
        Spread(shape=Shape.TRIANGULAR, low=1000, mode=2400, high=9000),
        Spread(shape=Shape.PERT, low=2000, mode=3000, high=9000),
        Spread(shape=Shape.LOGNORMAL, median=1500, spread=0.5),
        Spread(shape=Shape.EMPIRICAL, values=(100, 700, 1900, 4000)),
        uniform(500, 2500),
    ]
    return RiskPlan(
        plan=plan(*rows, links=links),
        durations=dict(zip("ABCDE", shapes, strict=True)),
        drivers=(
            Driver(id="d1", loads={"A": 0.6, "B": 0.5, "C": -0.4}),
            Driver(id="d2", loads={"A": 0.5, "D": 1.0}),
        ),
        risks=(
            RiskEvent(id="r1", probability=0.3, activities=("B", "F"), impact=uniform(480, 4800)),
            RiskEvent(id="r2", probability=0.2, activities=("A",), impact=uniform(1000, 9000), relative=True),
        ),
        branches=(Branch(id="x", ways={"one": 0.7, "two": 0.3}, activities={"E": "one", "G": "two"}),),
        goals=("M", "S", "L", "D"),
        owners={"A": "ministry", "B": "akimat", "C": "akimat"},
    )


def test_the_sum_of_two_uniforms() -> None:
    risk = RiskPlan(
        plan=clock_plan(act("A"), act("B"), links=(link("A FS B"),)),
        durations={"A": uniform(0, 10_000), "B": uniform(0, 10_000)}, goals=("B",),
    )  # fmt: skip
    found = run(risk)
    test = stats.kstest(finish(found, "B") / 10_000, stats.triang(0.5, 0, 2).cdf)
    assert test.statistic < 1.63 / math.sqrt(TRIALS)
    assert found.sd_finish[1] == pytest.approx(10_000 * math.sqrt(1 / 6), rel=0.03)
    assert found.critical.tolist() == [1.0, 1.0]


def test_the_later_of_two_uniforms_and_who_is_critical() -> None:
    risk = RiskPlan(
        plan=clock_plan(act("A"), act("B"), act("M", 0), links=(link("A FS M"), link("B FS M"))),
        durations={"A": uniform(0, 10_000), "B": uniform(0, 10_000)}, goals=("M", "A", "B"),
    )  # fmt: skip
    found = run(risk)
    late = finish(found, "M") / 10_000
    assert stats.kstest(late, lambda x: np.clip(x, 0, 1) ** 2).statistic < 1.63 / math.sqrt(TRIALS)
    assert found.critical[:2] == pytest.approx([0.5, 0.5], abs=0.03)
    assert chance_before(found.goals["A"], found.goals["B"]) == pytest.approx(0.5, abs=0.03)
    assert found.cruciality[0] == pytest.approx(6 / math.pi * math.asin(math.sqrt(3 / 8) / 2), abs=0.04)


def test_a_shared_driver_correlates_by_its_loads() -> None:
    rows = (act("A"), act("B"))
    driver = Driver(id="d", loads={"A": 0.8, "B": 0.5})
    durations = {"A": uniform(0, 100_000), "B": Spread(shape=Shape.LOGNORMAL, median=5000, spread=0.6)}
    found = run(RiskPlan(plan=clock_plan(*rows), durations=durations, drivers=(driver,), goals=("A", "B")))
    rank = stats.spearmanr(finish(found, "A"), finish(found, "B")).statistic
    assert rank == pytest.approx(6 / math.pi * math.asin(0.8 * 0.5 / 2), abs=0.03)
    spread = stats.kstest(finish(found, "A") / 100_000, stats.uniform.cdf).statistic
    assert spread < 1.63 / math.sqrt(TRIALS)


def test_a_risk_event_happens_as_often_as_told_and_shows_as_an_effect() -> None:
    risk = RiskEvent(id="r", probability=0.25, activities=("A",), impact=uniform(500, 500))
    double = RiskEvent(
        id="q", probability=1.0, activities=("A",), impact=uniform(10_000, 10_000), relative=True
    )
    found = run(RiskPlan(plan=clock_plan(act("A", 1000)), risks=(risk, double), goals=("A",)))
    values, counts = np.unique(finish(found, "A"), return_counts=True)
    assert values.tolist() == [2000, 2500]
    assert counts[1] / TRIALS == pytest.approx(0.25, abs=0.02)
    effect = {row.id: row for row in found.goals["A"].effects}["r"]
    assert effect.high_minutes - effect.low_minutes == pytest.approx(500)
    assert effect.share == pytest.approx(1.0)


def test_one_way_of_a_branch_is_taken_and_the_other_binds_nothing() -> None:
    rows = (act("A", 1000), act("B", 5000), act("M", 0))
    branch = Branch(id="x", ways={"short": 0.6, "long": 0.4}, activities={"A": "short", "B": "long"})
    made = clock_plan(*rows, links=(link("A FS M", 7), link("B FS M")))
    found = run(RiskPlan(plan=made, branches=(branch,), goals=("M", "A")))
    values, counts = np.unique(finish(found, "M"), return_counts=True)
    assert values.tolist() == [1007, 5000]
    assert counts[0] / TRIALS == pytest.approx(0.6, abs=0.02)
    assert found.critical[0] == counts[0] / TRIALS
    effect = next(row for row in found.goals["M"].effects if row.what == "branch")
    assert effect.share == pytest.approx(1.0)


def test_percentiles_of_others_are_within_a_bin_of_the_exact_ones() -> None:
    risk = busy()
    names = tuple(schedule(risk.plan).rows)
    exact, rough = run(replace(risk, goals=names)), run(replace(risk, goals=()))
    pad = 1.3 * (exact.finish.max(axis=1) - exact.finish.min(axis=1) + 1) * 4 / 512
    for i, name in enumerate(names):
        ordered = np.sort(finish(exact, name))
        wanted = [ordered[max(1, math.ceil(share * TRIALS / 100)) - 1] for share in SHARES]
        assert exact.finish[i].tolist() == wanted
        some = np.sort(finish(exact, name)[:TALLIED_TRIALS])
        tallied = [some[max(1, math.ceil(share * TALLIED_TRIALS / 100)) - 1] for share in SHARES]
        assert np.abs(rough.finish[i] - tallied).max() <= pad[i]
        assert exact.mean_finish[i] == pytest.approx(ordered.mean(), abs=1e-6)
        assert exact.sd_finish[i] == pytest.approx(ordered.std(), abs=1e-3)
    assert exact.meets == {"D": float(np.mean(finish(exact, "D") <= 29_470_000))}


@pytest.mark.parametrize("sampling", list(Sampling))
def test_threads_and_tasks_change_no_bit(sampling: Sampling) -> None:
    settings = Settings(trials=1700, sampling=sampling)
    one = simulate(busy(), replace(settings, threads=1))
    two = simulate(busy(), replace(settings, threads=2))
    many = simulate(busy(), settings, executor=Threads(13))
    built = simulate(columns_of(busy()), replace(settings, threads=1))
    assert same(one, two)
    assert same(one, many)
    assert same(one, built)
    assert not same(one, simulate(busy(), replace(settings, seed=2)))


def test_a_cluster_changes_no_bit() -> None:
    distributed = pytest.importorskip("distributed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cluster = distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=False,
            dashboard_address=None,
            host="127.0.0.1",
            protocol="tcp://",
        )
        with cluster, distributed.Client(cluster) as client:
            far = simulate(busy(), Settings(trials=700), executor=Dask(client))
    assert same(far, simulate(busy(), Settings(trials=700, threads=1)))


class Elsewhere:
    """Workers in other processes, as far as a task can tell: it travels as bytes."""

    workers, shared = 2, False

    def __init__(self) -> None:
        self.spare: list[int] = []

    def run(self, work: Any, tasks: Any) -> Iterator[Any]:
        for one in tasks:
            sent = pickle.loads(pickle.dumps(work))
            self.spare.append(len(sent.prepared.spare))
            yield sent(one)


def test_the_blocks_of_the_first_trials_do_not_travel_with_the_tasks() -> None:
    elsewhere = Elsewhere()
    far = simulate(busy(), Settings(trials=700), executor=elsewhere)
    assert set(elsewhere.spare) == {0}
    assert same(far, simulate(busy(), Settings(trials=700, threads=1)))


def test_the_same_plan_again_is_given_back_and_a_changed_one_runs() -> None:
    settings = Settings(trials=128, threads=1)
    first = simulate(busy(), settings)
    assert simulate(busy(), replace(settings, threads=2), previous=first) is first
    for other in (replace(settings, seed=9), replace(settings, trials=129)):
        assert simulate(busy(), other, previous=first) is not first
    risk = busy()
    longer = replace(risk, durations={**risk.durations, "E": uniform(500, 2600)})
    assert simulate(longer, settings, previous=first).fingerprint != first.fingerprint


def test_what_is_watched_has_its_trials_and_changes_nothing_else() -> None:
    risk = busy()
    first = run(replace(risk, goals=("M",)))
    watched = run(replace(risk, goals=("M",), watched=("S", "L", "M", "A", "S")))
    exact = run(risk)
    assert set(watched.watched) == {"S", "L", "M", "A"}
    for name in ("S", "L", "M"):
        assert np.array_equal(watched.watched[name], finish(exact, name))
    assert watched.goals.keys() == first.goals.keys()
    assert watched.goals["M"].effects == first.goals["M"].effects
    assert watched.finish[watched.ids.index("S")].tolist() == exact.finish[exact.ids.index("S")].tolist()
    assert np.array_equal(watched.critical, first.critical)
    with pytest.raises(EngineInputError) as refused:
        run(bad(watched=("Z",)))
    assert (refused.value.code, refused.value.where) == ("activity_unknown", "watched")
    with pytest.raises(EngineInputError) as refused:
        run(bad(watched=("B",)))
    assert (refused.value.code, refused.value.where) == ("goal_not_active", "B")


def brief_as_full(risk: RiskPlan, **more: Any) -> None:
    """What a brief run tells is what a full one tells, and no more."""
    full, brief = run(risk, **more), run(risk, brief=True, **more)
    assert np.array_equal(brief.critical, full.critical)
    assert (brief.ids, brief.meets) == (full.ids, full.meets)
    assert brief.plan_finish is not None
    assert full.plan_finish is not None
    pairs = [(goal, full.goals[name]) for name, goal in brief.goals.items()]
    assert len(pairs) == len(full.goals)
    for told, wanted in [*pairs, (brief.plan_finish, full.plan_finish)]:
        assert np.array_equal(told.finishes, wanted.finishes)
        assert np.array_equal(told.counts, wanted.counts)
        assert told.effects == ()
    assert all(np.array_equal(brief.watched[name], full.watched[name]) for name in full.watched)
    assert not any(
        len(values)
        for values in (brief.start, brief.finish, brief.mean_finish, brief.sd_finish, brief.cruciality)
    )


@pytest.mark.parametrize("sampling", list(Sampling))
def test_a_brief_run_tells_the_same_of_less(sampling: Sampling) -> None:
    brief_as_full(replace(busy(), watched=("A", "F")), sampling=sampling, threads=2)
    ahead = act("A", deadline=29_470_000), act("B", 2 * DAY)
    by_the_clock = RiskPlan(
        plan=clock_plan(*ahead, links=(link("A FS B"),)),
        durations={"A": uniform(100, 29_000), "B": uniform(50, 60)},
        goals=("A",),
    )
    brief_as_full(by_the_clock, sampling=sampling)


def test_a_brief_run_keeps_nothing_and_starts_from_nothing() -> None:
    settings = Settings(trials=128, threads=1)
    full, brief = (simulate(busy(), replace(settings, brief=brief), keep=True) for brief in (False, True))
    assert brief.again is None
    assert brief.fingerprint != full.fingerprint
    assert not len(simulate(busy(), replace(settings, brief=True), previous=full).finish)


def test_a_plan_made_certain_has_the_dates_of_the_passes() -> None:
    wanted = simulate(RiskPlan(plan=busy().plan), Settings(trials=2, threads=1))
    found = simulate(certain(columns_of(busy())), Settings(trials=2, threads=1))
    assert same(wanted, found)
    assert wanted.fingerprint != simulate(busy(), Settings(trials=2, threads=1)).fingerprint


def test_without_a_data_date_what_is_left_follows_what_is_done() -> None:
    """As the passes put it, also where resources in one calendar work on it."""
    begun = {"actual_start": at("2026-01-06 08:00"), "remaining": 960, "actual": 960}
    some = (
        Part(calendar="std", minutes=1440, actual=480, remaining=960),
        Part(calendar="std", minutes=1920, actual=1440, remaining=480),
    )
    rows = task("A", 4, **begun), task("B", 4, parts=some, **begun), task("C", 4, calendar="six", **begun)
    for more in ({}, {"data_date": at("2026-01-12 08:00")}):
        made = plan(*rows, task("D"), links=(link("A FS D"), link("B FS D")), **more)
        found, wanted = simulate(RiskPlan(plan=made), Settings(trials=2, threads=1)), schedule(made).rows
        finishes = dict(zip(found.ids, found.finish[:, 0].tolist(), strict=True))
        assert {name: row.finish for name, row in wanted.items()} == finishes


def test_an_activity_draws_the_same_in_a_changed_plan() -> None:
    durations = {"A": uniform(0, 10_000), "B": uniform(0, 10_000)}
    one = run(RiskPlan(plan=clock_plan(act("A"), act("B")), durations=durations, goals=("A",)))
    other = run(RiskPlan(plan=clock_plan(act("N"), act("B"), act("A")), durations=durations, goals=("A",)))
    assert np.array_equal(finish(one, "A"), finish(other, "A"))


def test_better_sampling_needs_fewer_trials() -> None:
    rows = tuple(act(f"a{i}") for i in range(5))
    made = clock_plan(*rows, links=tuple(link(f"a{i} FS a{i + 1}") for i in range(4)))
    risk = RiskPlan(plan=made, durations={row.id: uniform(0, 100_000) for row in rows}, goals=("a4",))

    def errors(how: Sampling) -> float:
        means = [
            simulate(risk, Settings(trials=256, seed=k, sampling=how, threads=1)).mean_finish[4]
            for k in range(8)
        ]
        return float(np.sqrt(np.mean((np.array(means) - 250_000) ** 2)))

    plain = errors(Sampling.PLAIN)
    for sampling in (Sampling.LATIN, Sampling.SOBOL):
        assert (sampling, errors(sampling) < plain / 5) == (sampling, True)


def test_effects_name_what_moves_a_goal() -> None:
    found = run(busy())
    effects = found.goals["M"].effects
    assert {row.what for row in effects} == {"driver", "risk", "branch", "activity", "owner"}
    by_id = {(row.what, row.id): row for row in effects}
    assert by_id["activity", "B"].high_minutes > 0 > by_id["activity", "B"].low_minutes
    assert by_id["owner", "akimat"].share is not None
    assert all(0 <= (row.share or 0) <= 1 for row in effects)
    assert found.plan_finish is not None
    assert found.plan_finish.counts.sum() == TRIALS


def test_progress_is_told_and_can_stop_the_run() -> None:
    shares: list[float] = []
    simulate(busy(), Settings(trials=1000, threads=1), progress=shares.append)
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)

    class Stop(Exception):
        pass

    def stop(share: float) -> None:
        if share > 0.2:
            raise Stop

    with pytest.raises(Stop):
        simulate(busy(), Settings(trials=5000, threads=2), progress=stop)


def test_parts_in_the_activity_s_own_calendar_decide_its_duration() -> None:
    row = task(
        "A",
        2,
        parts=(
            Part(calendar="std", minutes=960, remaining=960),
            Part(calendar="std", minutes=1440, remaining=1440),
        ),
    )
    made = plan(row, task("B"), links=(link("A FS B"),))
    found = simulate(RiskPlan(plan=made), Settings(trials=2))
    assert found.finish[1, 0] == schedule(made).rows["B"].finish


def test_dates_whose_squares_might_overflow_are_refused() -> None:
    near = clock_plan(act("A", 1 << 27), act("B", 1 << 26), links=(link("A FS B"),))
    found = run(RiskPlan(plan=near, durations={"A": uniform(0, 1 << 27)}), trials=640)
    assert found.plan_finish is not None
    assert found.sd_finish[1] == pytest.approx(
        float(found.plan_finish.finishes.astype(float).std()), rel=1e-9
    )
    far = clock_plan(*(act(f"a{i}", 1 << 27) for i in range(2)), links=(link("a0 FS a1"),))
    with pytest.raises(EngineInputError, match="time_out_of_range"):
        run(RiskPlan(plan=far), trials=64)


@pytest.mark.parametrize("spread", [0.4, 1.0])
def test_tables_of_calendars_grow_until_they_hold_every_trial(spread: float) -> None:
    rows = tuple(task(f"a{i}", 200) for i in range(12))
    made = plan(*rows, links=tuple(link(f"a{i} FS a{i + 1}") for i in range(11)))
    durations = {row.id: Spread(shape=Shape.LOGNORMAL, median=200 * 480, spread=spread) for row in rows}
    found = run(RiskPlan(plan=made, durations=durations, goals=("a11",)), trials=1000)
    some = run(RiskPlan(plan=made, durations=durations, goals=("a11",)), trials=64)
    assert np.array_equal(finish(found, "a11")[:64], finish(some, "a11"))
    assert np.all((finish(found, "a11") % DAY <= 17 * 60) & (finish(found, "a11") % DAY >= 8 * 60))


def bad(**more: Any) -> RiskPlan:
    return RiskPlan(plan=clock_plan(act("A"), act("B", kind=Kind.SUMMARY)), **more)


@pytest.mark.parametrize(
    ("risk", "code", "where"),
    [
        (bad(durations={"Z": uniform(0, 1)}), "activity_unknown", "durations"),
        (bad(durations={"B": uniform(0, 1)}), "spread_needs_a_task", "B"),
        (bad(durations={"A": uniform(2, 1)}), "spread_out_of_order", "A"),
        (bad(durations={"A": uniform(-2, 1)}), "duration_negative", "A"),
        (bad(durations={"A": Spread(shape=Shape.PERT, low=1, mode=9, high=4)}), "spread_out_of_order", "A"),
        (bad(durations={"A": Spread(shape=Shape.EMPIRICAL)}), "spread_without_values", "A"),
        (bad(durations={"A": Spread(shape=Shape.LOGNORMAL, median=5, spread=-1)}),
         "lognormal_out_of_range", "A"),
        (bad(durations={"A": uniform(0, 1 << 30)}), "time_out_of_range", "A"),
        (bad(drivers=(Driver(id="d", loads={"Z": 0.1}),)), "activity_unknown", "driver d"),
        (bad(drivers=(Driver(id="d", loads={"A": 1.1}),)), "load_out_of_range", "driver d"),
        (bad(drivers=(Driver(id="d", loads={"A": 0.9}), Driver(id="e", loads={"A": 0.9}))),
         "loads_above_one", "A"),
        (bad(drivers=(Driver(id="d"), Driver(id="d"))), "driver_twice", "d"),
        (bad(risks=(RiskEvent(id="r", probability=1.2, impact=uniform(0, 1)),)),
         "probability_out_of_range", "risk r"),
        (bad(risks=(RiskEvent(id="r", activities=("Z",), impact=uniform(0, 1)),)),
         "activity_unknown", "risk r"),
        (bad(branches=(Branch(id="x", ways={"a": 0.5, "b": 0.6}),)), "ways_not_one", "branch x"),
        (bad(branches=(Branch(id="x", ways={"a": 1.0}, activities={"A": "b"}),)), "way_unknown", "branch x"),
        (bad(goals=("Z",)), "activity_unknown", "goals"),
        (bad(goals=("B",)), "goal_not_active", "B"),
        (bad(owners={"Z": "x"}), "activity_unknown", "owners"),
    ],
)  # fmt: skip
def test_bad_input_is_named(risk: RiskPlan, code: str, where: str) -> None:
    with pytest.raises(EngineInputError) as refused:
        simulate(risk, Settings(trials=10))
    assert (refused.value.code, refused.value.where) == (code, where)


def test_bad_settings_and_plans_are_refused() -> None:
    for settings in (Settings(trials=0), Settings(threads=-1)):
        with pytest.raises(EngineInputError):
            simulate(bad(), settings)
    loop = clock_plan(act("A"), act("C"), links=(link("A FS C"), link("C FS A")))
    with pytest.raises(EngineInputError, match="loop"):
        simulate(RiskPlan(plan=loop), Settings(trials=10))
    other = plan(task("A", 1, parts=(Part(calendar="six", minutes=480),)))
    assert set(CALENDARS) >= {"six"}
    with pytest.raises(EngineInputError, match="parts_in_other_calendars"):
        simulate(RiskPlan(plan=other), Settings(trials=10))
    far = clock_plan(
        *(act(f"a{i}", 1 << 28) for i in range(6)), links=tuple(link(f"a{i} FS a{i + 1}") for i in range(5))
    )
    with pytest.raises(EngineInputError, match="time_out_of_range"):
        simulate(RiskPlan(plan=far), Settings(trials=10))
