"""A changed plan from the run of the plan before it: only what the change reaches is passed through again.

Nodes that differ are found first. Their clusters are passed through with the kept dates of their neighbours
(`borders`). Where a date at a border comes out another one in any trial, the cluster behind it joins, until
none does: then every other date is what it was. A change that moves the plan's finish in any trial moves all
late dates, and one that reaches much is no cheaper than a run from nothing: then there is no answer here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from torap.engines.lanes import LANES
from torap.engines.schedule.around import prepared_like
from torap.engines.schedule.blocks import Kept, Totals
from torap.engines.schedule.borders import Borders
from torap.engines.schedule.chance import Chance, Drawn, draw_causes
from torap.engines.schedule.clocks import Clocks
from torap.engines.schedule.differences import alike, changed_nodes, same_causes
from torap.engines.schedule.effects import effects_of, moved_of
from torap.engines.schedule.executors import Executor
from torap.engines.schedule.parts import loose_part, part_prepared
from torap.engines.schedule.program import Program
from torap.engines.schedule.results import blank, figures_of, goal_result, result_of
from torap.engines.schedule.trials import PILOT, Outcome, Prepared, pilot, run, screen
from torap.engines.schedule.uncertain import GoalResult, RiskResult, Settings

SAMPLED = 16  # granules in which a change is followed before it is in all
MOST = 0.25  # share of the nodes beyond which a run from nothing is as quick


@dataclass(frozen=True, kw_only=True)
class Again:
    """What is kept of a run for those of changed plans."""

    prepared: Prepared
    borders: Borders
    figures: dict[str, np.ndarray]
    totals: Totals  # sums and centres; the rest is empty
    kept: Kept
    drawn: Drawn

    @classmethod
    def of(cls, prepared: Prepared, outcome: Outcome, figures: dict[str, np.ndarray]) -> Again:
        """From a run whose borders were noted."""
        assert prepared.borders is not None
        shape = blank(0, 0, 0)
        return cls(
            prepared=replace(prepared, borders=None, spare=[]), borders=prepared.borders, figures=figures,
            totals=shape._replace(
                sums=outcome.totals.sums, centre=outcome.totals.centre, plan_centre=outcome.totals.plan_centre
            ),
            kept=outcome.kept, drawn=outcome.drawn,
        )  # fmt: skip

    @property
    def bytes(self) -> int:
        """Memory of the dates at borders."""
        return self.borders.edges.dates.nbytes


@dataclass(frozen=True, kw_only=True)
class _Part:
    """A part that was passed through again."""

    prepared: Prepared
    rows: np.ndarray  # of the whole result
    outcome: Outcome


def rerun(
    previous: RiskResult, program: Program, chance: Chance, settings: Settings, runner: Executor
) -> RiskResult | None:
    """The result of the changed plan; none where a run from nothing must give it."""
    before: Again = previous.again
    if not runner.shared or not alike(before.prepared, previous.settings, program, chance, settings):
        return None
    whole = prepared_like(before.prepared, program, chance, _unmissed(before.prepared.clocks))
    changed = changed_nodes(before.prepared, whole)
    part = _reached(before, whole, changed, settings.trials, runner) if changed.any() else None
    if part is None and changed.any():
        return None
    return _merged(previous, whole, changed, part, settings, runner)


def _unmissed(clocks: Clocks) -> Clocks:
    """The same tables without what was counted."""
    numbers = clocks.numbers.copy()
    numbers[-1] = 0
    return clocks._replace(numbers=numbers)


def _reached(
    before: Again, whole: Prepared, changed: np.ndarray, trials: int, runner: Executor
) -> _Part | None:
    """Pass through all that the change reaches: first in a few trials, which find most of it cheaply.

    What a change reaches further in some trials alone is looked for in those, before all are done again.
    """
    cluster = before.borders.cluster
    reached = np.unique(cluster[changed])
    every = np.arange(-(-trials // LANES))
    for stage in (every[:1], every[:: max(1, len(every) // SAMPLED)], every):
        granules = stage
        while True:
            inside = np.isin(cluster, reached)
            if inside.mean() > MOST and inside.sum() > LANES:
                return None
            part = _passed(before, whole, inside, trials, granules, runner)
            if part is None:
                return None
            more = _behind(part.prepared, whole.program, inside)
            if len(more):
                reached = np.union1d(reached, more)
                assert part.prepared.borders is not None
                granules = np.flatnonzero(part.prepared.borders.edges.differs)
            elif granules is stage:
                break
            else:
                granules = stage
    return part


def _passed(
    before: Again, whole: Prepared, inside: np.ndarray, trials: int, granules: np.ndarray, runner: Executor
) -> _Part | None:
    """Pass through the part `inside` in some granules of trials; none where the plan's finish moves, or a
    date lies beyond the tables.
    """
    finishes, every = before.kept.plan_finish, -(-trials // LANES)
    prepared, rows = part_prepared(whole, inside, _unmissed(whole.clocks), before.borders, finishes)
    shown = pilot(prepared, trials, min(PILOT // LANES, every) if len(granules) == every else 1, runner)
    outcome = run(prepared, trials, shown, runner, lambda share: None, granules=granules)
    done = (granules[:, None] * LANES + np.arange(LANES)).reshape(-1)
    done = done[done < trials]
    moved = not np.array_equal(outcome.kept.plan_finish[done], finishes[done])
    if moved or prepared.clocks.numbers[-1].any():
        return None
    return _Part(prepared=prepared, rows=rows, outcome=outcome)


def _behind(prepared: Prepared, program: Program, inside: np.ndarray) -> np.ndarray:
    """Clusters outside that read a date which has changed."""
    borders, links = prepared.borders, program.links
    assert borders is not None
    early, late = (np.zeros(len(inside), np.bool_) for _ in range(2))
    for kind, changed in borders.changed.items():
        (late if kind.startswith("late") else early)[borders.nodes[kind][changed]] = True
    ahead = links.after[early[links.source] & ~inside[links.after]]
    back = links.before[late[links.after] & links.pulls & ~inside[links.before]]
    found: np.ndarray = np.unique(borders.cluster[np.concatenate([ahead, back])])
    return found


def _merged(
    previous: RiskResult, whole: Prepared, changed: np.ndarray, part: _Part | None, settings: Settings,
    runner: Executor,
) -> RiskResult:  # fmt: skip
    """The result before with what was passed through again in its place."""
    before: Again = previous.again
    columns, trials = whole.program.columns, settings.trials
    figures, kept, totals = before.figures, before.kept, before.totals
    if part is not None:
        own, out = part.prepared, part.outcome
        fresh = figures_of(columns, own.program.rows, own.kept_rows, trials, out.totals, out.kept, runner)
        figures = {name: _with(figures[name], part.rows, fresh[name]) for name in figures}
        places = np.flatnonzero(np.isin(whole.kept_rows, part.rows))
        kept = kept._replace(goals=_with(kept.goals, places, out.kept.goals))
        totals = totals._replace(
            sums=_with(totals.sums, part.rows, out.totals.sums),
            centre=_with(totals.centre, part.rows, out.totals.centre),
        )
    goals = _goals(previous, whole, changed, totals, kept, runner)
    return result_of(columns, whole.program.rows, whole.kept_rows, settings, figures, kept, goals)


def _with(values: np.ndarray, places: np.ndarray, fresh: np.ndarray) -> np.ndarray:
    """A copy of `values` with others at some places."""
    if not len(places):
        return values
    found = values.copy()
    found[places] = fresh
    return found


def _goals(
    previous: RiskResult,
    whole: Prepared,
    changed: np.ndarray,
    totals: Totals,
    kept: Kept,
    runner: Executor,
) -> list[GoalResult]:
    """Goals and, last, the plan's finish: effects are computed again where the change lies upstream."""
    before: Again = previous.again
    columns, count = whole.program.columns, len(whole.goal_rows)
    same = same_causes(before.prepared.chance, whole.chance)
    drawn = before.drawn if same else draw_causes(whole.chance)
    old = before.prepared.reaches
    wanted = [
        g
        for g in range(count)
        if (whole.reaches[g] & changed).any() or not np.array_equal(whole.reaches[g], old[g])
        or not _same_owners(before.prepared, whole)
    ]  # fmt: skip
    totals = _screened(whole, wanted, totals, kept)
    moved = moved_of(
        whole.program, whole.chance, drawn, whole.reaches, whole.random, totals, kept, [*wanted, count]
    )
    effects = effects_of(moved, runner)
    names = [columns.ids[goal] for goal in columns.goals.tolist()]
    found = [
        goal_result(name, kept.goals[g], effects[g]) if g in effects else previous.goals[name]
        for g, name in enumerate(names)
    ]
    return [*found, goal_result("", kept.plan_finish, effects[count])]


def _same_owners(before: Prepared, whole: Prepared) -> bool:
    old, new = before.program.columns, whole.program.columns
    if old.owner is None or new.owner is None:
        return old.owner is new.owner
    return list(old.owner_names) == list(new.owner_names) and np.array_equal(old.owner, new.owner)


def _screened(whole: Prepared, wanted: list[int], totals: Totals, kept: Kept) -> Totals:
    """The totals with what shows which durations go with the goals `wanted`."""
    nodes = len(whole.random)
    made = totals._replace(
        screen=np.zeros((len(whole.goal_rows), nodes), np.int64), length=np.zeros((nodes, 2), np.int64)
    )
    if not wanted:
        return made
    goals = np.array(wanted, np.int64)
    order = np.flatnonzero(whole.reaches[goals].any(axis=0) & whole.random)
    part = loose_part(whole, order, goals)
    shape = blank(len(totals.centre), len(goals), len(order))._replace(centre=totals.centre)
    own = screen(part, shape, kept._replace(goals=kept.goals[goals]), whole.chance.draw.trials)
    made.screen[goals[:, None], order] = own.screen
    made.length[order] = own.length
    return made


__all__ = ["Again", "rerun"]
