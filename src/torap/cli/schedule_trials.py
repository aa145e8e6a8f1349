"""Runs the trials of `torap schedule risk` and shows how far they are. Loaded only when the command runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from torap.cli.schedule_base import About
from torap.engines.schedule.columns import CONSTRAINTS, NONE, Columns, certain, columns_of
from torap.engines.schedule.limits import BOUNDS
from torap.engines.schedule.profiles import Holds, Profile
from torap.engines.schedule.profiles import Progress as ProgressRule
from torap.engines.schedule.risk_check import check
from torap.engines.schedule.simulate import simulate
from torap.engines.schedule.uncertain import RiskPlan, RiskResult, Settings
from torap.intake.schedules.quick_json import quick_columns

PATIENCE = 1.0  # seconds before a bar is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """What the trials gave, what the plan itself says by the same convention, and the seconds it took."""

    result: RiskResult
    planned: dict[str, tuple[int, int]]
    planned_finish: int
    seconds: float


class Bar:
    """A bar on the error stream that appears after a second.

    It only swings until the first trials are done: the first run on a machine compiles the engine's loops.
    """

    def __init__(self, *, show: bool) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task("making ready (the first run compiles)", total=None)
        self._timer = threading.Timer(PATIENCE, self._bar.start)
        self._timer.daemon = True
        if show:
            self._timer.start()

    def __call__(self, share: float) -> None:
        self._bar.update(self._task, description="trials", total=1.0, completed=share)

    def stop(self) -> None:
        """Take the bar away, or see that it never comes."""
        self._timer.cancel()
        if self._timer.ident is not None:
            self._timer.join()
        if self._bar.live.is_started:
            self._bar.stop()


def run(plan: RiskPlan | Columns, settings: Settings, *, show: bool) -> Trials:
    """Simulate; `show`: a bar when it takes longer than a second. Columns have been checked already."""
    begun = time.perf_counter()
    bar = Bar(show=show)
    try:
        if isinstance(plan, Columns):
            columns = plan
        else:
            check(plan, settings)
            columns = columns_of(plan)
        # One trial of the plan without its uncertainty is the plan itself, and far quicker than the pass.
        plain = simulate(certain(columns), Settings(trials=1, threads=1))
        result = simulate(columns, settings, progress=bar)
    finally:
        bar.stop()
    dates = zip(plain.ids, plain.start[:, 0].tolist(), plain.finish[:, 0].tolist(), strict=True)
    return Trials(
        result=result,
        planned={key: (start, finish) for key, start, finish in dates},
        planned_finish=columns.start if plain.plan_finish is None else int(plain.plan_finish.finishes[0]),
        seconds=time.perf_counter() - begun,
    )


def may_miss(columns: Columns, found: Trials, profile: str) -> bool:
    """A limit of the plan may be missed by its dates without uncertainty: worth reading it activity by
    activity, by a convention of its own or where constraints win over links whenever it has limits at all.
    """
    if columns.must_finish is not None and found.planned_finish > columns.must_finish:
        return True
    above = np.array([kind in BOUNDS and BOUNDS[kind].above for kind in CONSTRAINTS])
    limited = above[columns.constraint]
    if not limited.any() or profile != "torap" or columns.holds != Holds.NONE:
        return bool(limited.any())
    of_start = np.array([kind in BOUNDS and BOUNDS[kind].of_start for kind in CONSTRAINTS])
    dates = np.array([found.planned.get(key, (NONE, NONE)) for key in columns.ids], np.int64)
    stands = np.where(of_start[columns.constraint], dates[:, :1], dates[:, 1:])
    return bool((limited & (stands > columns.constraint_at)).any())


def following(columns: Columns, rules: Profile) -> Columns:
    """The same plan with what trials can follow of a program's convention, as `Profile.for_trials` says."""
    options = rules.for_trials
    retained = options["progress"] != ProgressRule.OVERRIDE
    kept = {name: options[name] for name in ("lag_calendar", "critical_at", "holds")}
    return replace(columns, retained=retained, **kept)  # type: ignore[arg-type]


def quickly(fields: Mapping[str, Any], goals: Sequence[str]) -> tuple[Columns, About, bool] | None:
    """The arrays of a large file of our own format, what the answer says of it, and whether anything in it is
    uncertain; None when the file must be read carefully.
    """
    quick = quick_columns(fields, goals)
    if quick is None:
        return None
    columns = quick.columns if quick.profile == "torap" else following(quick.columns, quick.rules)
    dated = np.flatnonzero(columns.deadline != NONE).tolist()
    about = About(
        name=quick.name,
        profile=quick.profile,
        losses=quick.losses,
        names=dict(zip(columns.ids, quick.names, strict=True)),
        deadlines={columns.ids[i]: int(columns.deadline[i]) for i in dated},
    )
    happens = ~np.isclose(columns.probability, 0)
    return columns, about, bool((columns.spreads.shape >= 0).any() or happens.any() or columns.branch_ids)
