"""Levels of effort and summaries in trials: what spans others has their dates in every trial."""

from __future__ import annotations

import numpy as np
import pytest

from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Activity, Kind, Link, Plan
from torap.engines.schedule.simulate import simulate
from torap.engines.schedule.uncertain import RiskPlan, RiskResult, Settings, Shape, Spread
from unit.engines.schedule.cases import DAY, link, plan, task

TRIALS = 300
SPREAD = Spread(shape=Shape.UNIFORM, low=DAY, high=9 * DAY)


def run(made: Plan, *uncertain: str) -> RiskResult:
    watched = tuple(row.id for row in made.activities)
    durations = dict.fromkeys(uncertain, SPREAD)
    return simulate(
        RiskPlan(plan=made, durations=durations, watched=watched), Settings(trials=TRIALS, threads=1)
    )


SUMMARY = Activity(id="S", kind=Kind.SUMMARY)
EFFORT = Activity(id="E", kind=Kind.LEVEL_OF_EFFORT, minutes=DAY)


def test_a_summary_ends_with_the_last_of_its_parts_in_every_trial() -> None:
    made = plan(SUMMARY, task("A", 3, parent="S"), task("B", 3, parent="S"), task("C", 20))
    found = run(made, "A", "B")
    last = np.maximum(found.watched["A"], found.watched["B"])
    assert (found.watched["S"] == last).all()
    assert len(set(last.tolist())) > 50


def test_a_summary_of_summaries() -> None:
    inner = Activity(id="I", kind=Kind.SUMMARY, parent="S")
    found = run(plan(SUMMARY, inner, task("A", 3, parent="I"), task("B", 3, parent="S")), "A")
    assert (found.watched["I"] == found.watched["A"]).all()
    assert (found.watched["S"] == np.maximum(found.watched["A"], found.watched["B"])).all()


def test_a_level_of_effort_ends_with_what_ends_it_in_every_trial() -> None:
    made = plan(task("A", 3), task("B", 3), EFFORT, links=(link("A FS B"), link("A SS E"), link("B FF E")))
    found = run(made, "A", "B")
    assert (found.watched["E"] == found.watched["B"]).all()


def test_what_spans_is_critical_as_often_as_it_has_no_float() -> None:
    made = plan(SUMMARY, task("A", 3, parent="S"), task("B", 5))
    found = run(made, "A")
    critical = dict(zip(found.ids, found.critical.tolist(), strict=True))
    assert critical["S"] == critical["A"]
    assert 0 < critical["A"] < 1


@pytest.mark.parametrize(
    "ties",
    [
        ("A SS E", "B FF E"),
        ("A FS E", "C FF E"),
        ("A SS E", "E FF C"),
        ("E SS B", "B FF E"),
    ],
)
def test_without_spread_they_are_where_the_passes_put_them(ties: tuple[str, str]) -> None:
    links: tuple[Link, ...] = (link("A FS B"), link("B FS C"), *(link(words, DAY) for words in ties))
    made = plan(
        SUMMARY, task("A", 2, parent="S"), task("B", 3, parent="S"), task("C", 1), EFFORT, links=links
    )
    found, wanted = run(made), schedule(made, profile="torap").rows
    assert {name: int(row[0]) for name, row in found.watched.items()} == {
        name: row.finish for name, row in wanted.items()
    }
    assert found.start[:, 4].tolist() == [wanted[name].start for name in found.ids]
