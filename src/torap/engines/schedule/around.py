"""Dates beside the passes: rows of the result, what is known of them already, levels of effort, summaries."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from torap.engines.errors import EngineInputError
from torap.engines.schedule.blocks import NO_INSTANT, Others
from torap.engines.schedule.chance import Chance, random_rows
from torap.engines.schedule.clocks import HORIZON, Clocks
from torap.engines.schedule.columns import NONE, Columns
from torap.engines.schedule.effects import upstream
from torap.engines.schedule.program import WORK, Program
from torap.engines.schedule.trial_kernels import frame_of
from torap.engines.schedule.trials import Prepared


def prepared_of(program: Program, chance: Chance, clocks: Clocks) -> Prepared:
    """A plan ready to run."""
    others, goal_rows, kept_rows = others_of(program)
    return Prepared(
        program=program, chance=chance, random=random_rows(chance), others=others, clocks=clocks,
        frame=frame_of(program.nodes, program.links, clocks, program.everything), goal_rows=goal_rows,
        kept_rows=kept_rows, reaches=upstream(program), rows=len(program.rows),
    )  # fmt: skip


def prepared_like(before: Prepared, program: Program, chance: Chance, clocks: Clocks) -> Prepared:
    """The same of a plan with the goals of `before`, of which what its program is made from is used again."""
    if program.nodes is not before.program.nodes:
        return prepared_of(program, chance, clocks)
    return replace(
        before, program=program, chance=chance, clocks=clocks, random=random_rows(chance), spare=[]
    )


def _kept_rows(columns: Columns, row_of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the goals, and the same with those that are only watched, each once."""
    wanted = np.concatenate([columns.goals, columns.watched])
    for activity in wanted[row_of[wanted] < 0].tolist():
        raise EngineInputError("goal_not_active", where=columns.ids[activity])
    goal_rows, watched = row_of[columns.goals], row_of[columns.watched]
    return goal_rows, np.concatenate([goal_rows, np.unique(watched[~np.isin(watched, goal_rows)])])


def others_of(program: Program) -> tuple[Others, np.ndarray, np.ndarray]:
    """What the counting of a plan needs, the rows of its goals, and those of all that is kept."""
    columns, rows = program.columns, program.rows
    row_of = np.full(len(columns.ids), -1, np.int32)
    row_of[rows] = np.arange(len(rows))
    goal_rows, kept_rows = _kept_rows(columns, row_of)
    goals = np.full(len(rows), -1, np.int32)
    goals[kept_rows] = np.arange(len(kept_rows))
    begun, done = columns.actual_start[rows], columns.actual_finish[rows]
    deadline = columns.deadline[rows]
    activity = program.nodes.activity
    place = {activity_row: e for e, (activity_row, _) in enumerate(program.efforts)}
    parts = [
        [int(program.node[part]) if part not in place else -1 - place[part] for part in below]
        for _, below in program.summaries
    ]
    others = Others(
        row=np.where(activity < 0, -1, row_of[np.maximum(activity, 0)]).astype(np.int32),
        begun_at=np.where(begun != NONE, begun, NO_INSTANT).astype(np.int32),
        finished=done != NONE,
        done_at=np.where(done != NONE, done, NO_INSTANT).astype(np.int32),
        deadline=np.where(deadline != NONE, np.minimum(deadline, HORIZON), HORIZON).astype(np.int32),
        goal=goals,
        effort_row=row_of[[row for row, _ in program.efforts]] if program.efforts else np.zeros(0, np.int32),
        effort_clock=program.clocks[[row for row, _ in program.efforts]].astype(np.int32)
        if program.efforts
        else np.zeros(0, np.int32),
        **_effort_links(program),
        summary_row=np.array([row_of[row] for row, _ in program.summaries], np.int32),
        part_from=np.cumsum([0, *map(len, parts)]).astype(np.int64),
        part_node=np.array([node for below in parts for node in below], np.int32),
        lowest=columns.lowest,
        frames=np.unique(program.nodes.frame[program.nodes.mode == WORK]).astype(np.int64),
        begins=columns.start,
        must_finish=HORIZON if columns.must_finish is None else columns.must_finish,
        critical_at=columns.critical_at,
    )
    return others, goal_rows, kept_rows


def _effort_links(program: Program) -> dict[str, np.ndarray]:
    columns = program.columns
    used = [k for _, own in program.efforts for k in own]
    pairs, more = program.effort_links[used], program.effort_more[used]
    owner = np.array([row for row, own in program.efforts for _ in own], np.int64)
    ahead = pairs[:, 1] == owner
    other = np.where(ahead, pairs[:, 0], pairs[:, 1])
    whole = np.where(ahead, columns.extra[pairs[:, 0]], columns.left[owner] + columns.extra[owner])
    return {
        "effort_from": np.cumsum([0, *(len(own) for _, own in program.efforts)]).astype(np.int64),
        "effort_node": program.node[other].astype(np.int32),
        "effort_ahead": ahead,
        "effort_type": more[:, 0].astype(np.int32),
        "effort_lag": more[:, 1].astype(np.int32),
        "effort_percent": more[:, 2].astype(np.int32),
        "effort_lag_clock": more[:, 3].astype(np.int32),
        "effort_whole": whole.astype(np.int32),
    }


__all__ = ["others_of", "prepared_like", "prepared_of"]
