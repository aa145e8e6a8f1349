"""`torap schedule risk`: the dates of a plan as distributions, by trials.

The engine's compiled loops and NumPy are loaded when the command runs (`schedule_trials`), so that the other
commands start as quickly as before.
"""

from __future__ import annotations

import atexit
import gc
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from torap.cli.answers import TableFormat, TableOption, emit
from torap.cli.schedule_base import About, Assumed, FileArgument, ProjectOption, tell_losses, told
from torap.cli.schedule_missed import tell_missed
from torap.engines.errors import EngineInputError
from torap.engines.schedule.dates import Row, schedule
from torap.engines.schedule.limits import BOUNDS, asked_of
from torap.engines.schedule.plan import Plan
from torap.engines.schedule.profiles import profile_of
from torap.engines.schedule.uncertain import RiskPlan, Sampling, Settings, Shape
from torap.engines.schedule.worktime import DAY
from torap.intake.schedules import Loss, ReadSchedule, ScheduleFileError
from torap.intake.schedules.assumed import shares_of, with_spread
from torap.intake.schedules.constraints import not_used
from torap.intake.schedules.files import fields_or_plan, read_fields, read_schedule
from torap.intake.schedules.missing import missed_limits
from torap.intake.schedules.naming import named

TRIALS_LIMIT = 10_000_000
THREADS_LIMIT = 1024
LARGE = 1 << 18  # bytes: from here on a file is worth its own way into the arrays


class AssumedShape(StrEnum):
    """The family of an assumed spread."""

    PERT = "pert"
    TRIANGULAR = "triangular"
    UNIFORM = "uniform"


@told
def schedule_risk(
    file: FileArgument,
    trials: Annotated[int, typer.Option("--trials", "-n", help="how many trials, 1 to 10,000,000")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", "-s", help="the same seed gives the same answer")] = 1,
    sampling: Annotated[
        Sampling, typer.Option("--sampling", help="plain, latin (hypercube) or sobol (scrambled)")
    ] = Sampling.PLAIN,
    threads: Annotated[
        int, typer.Option("--threads", help="0: as many as there are processors; the answer is the same")
    ] = 0,
    spread: Annotated[
        str,
        typer.Option(
            "--spread",
            help="low,mode,high in percent, such as 90,100,130, for every duration that has no spread of its "
            "own; the answer says that it was assumed",
        ),
    ] = "",
    spread_shape: Annotated[
        AssumedShape, typer.Option("--spread-shape", help="pert, triangular or uniform: shape of --spread")
    ] = AssumedShape.PERT,
    goal: Annotated[
        list[str] | None,
        typer.Option("--goal", help="an activity to tell histogram and causes of; may be given again"),
    ] = None,
    output: TableOption = TableFormat.TEXT,
    brief: Annotated[
        bool,
        typer.Option(
            "--brief",
            help="only the finish of the plan, goals without causes, chances of deadlines and how often each "
            "activity is critical: a large plan is answered sooner",
        ),
    ] = False,
    project: ProjectOption = "",
) -> None:
    """Simulate a plan: P10, P50 and P80 of every date, the chance of each deadline, how often each activity
    is critical, and what moves each goal most.

    Example: torap schedule risk plan.xer --trials 10000 --seed 7 --spread 90,100,130
    """
    settings = replace(_settings(trials, seed, sampling, threads), brief=brief)
    shares = shares_of(spread) if spread else None
    with _no_collecting():
        asked = _asked(file, project, shares, spread_shape, goal or [])
        with _naming(asked, file, project):
            trials_of = import_module("torap.cli.schedule_trials")
            found = trials_of.run(asked.plan, settings, show=sys.stderr.isatty())
            about = _compared(asked, found, file)
    answer = import_module("torap.cli.schedule_risk_answer")
    if output == TableFormat.JSON:
        emit(answer.risk_json(about, found, asked.assumed))
        return
    tell_missed(about.missed)
    if output == TableFormat.CSV:
        sys.stdout.write(answer.risk_csv(about, found.result))
        return
    tell_losses(about.losses)
    if asked.assumed is None and not asked.uncertain:
        typer.echo(
            "Nothing in this plan is uncertain, so every trial gives the same dates. Give --spread, such as "
            "--spread 90,100,130.",
            err=True,
        )
    answer.risk_text(about, found, asked.assumed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What to simulate (a RiskPlan, or the Columns of a large file), and what to say of it. `uncertain`:
    anything is; `read`: the file, where it was read activity by activity.
    """

    plan: Any
    about: About
    assumed: Assumed | None
    uncertain: bool
    read: ReadSchedule | None = None


def _asked(
    file: Path,
    project: str,
    shares: tuple[float, float, float] | None,
    shape: AssumedShape,
    goals: list[str],
) -> _Asked:
    """The plan of a file. A large one of our own format goes straight into the engine's arrays, unless
    something in it is strange, or spreads must be added.
    """
    read = fields_or_plan(file, large=LARGE, project=project)
    if not isinstance(read, ReadSchedule):
        quick = import_module("torap.cli.schedule_trials").quickly(read, goals) if shares is None else None
        if quick is not None:
            columns, about, uncertain = quick
            return _Asked(plan=columns, about=about, assumed=None, uncertain=uncertain)
        read = read_fields(read)
    risk, assumed = _uncertain(read, shares, shape, goals)
    return _Asked(plan=risk, about=_about(read), assumed=assumed, uncertain=_is_uncertain(risk), read=read)


def _compared(asked: _Asked, found: Any, file: Path) -> About:
    """What the answer says of the plan, with the limits that its dates miss by the convention of the file,
    and a note where that gives other dates than the trials do without uncertainty: such as a constraint that
    holds against the links, with the days by the clock between them. `found`: the Trials.
    """
    about, read = asked.about, asked.read
    if not isinstance(asked.plan, RiskPlan):
        trials_of = import_module("torap.cli.schedule_trials")
        if not trials_of.may_miss(asked.plan, found, about.profile):
            return about
        read = read_schedule(file)
    elif about.profile == "torap" and not _limited(asked.plan.plan):
        return about
    if read is None:
        return about
    plan = asked.plan.plan if isinstance(asked.plan, RiskPlan) else read.plan
    planned = schedule(plan, profile=about.profile)
    about = replace(about, missed=missed_limits(read, planned), finish=planned.finish)
    if about.profile == "torap" or not isinstance(asked.plan, RiskPlan):
        return about
    rows = planned.rows
    apart = {name: _apart(rows[name], dates) for name, dates in found.planned.items() if name in rows}
    others = [name for name, minutes in apart.items() if minutes]
    if not others:
        return about
    farthest = max(others, key=apart.__getitem__)
    days = max(round(apart[farthest] / DAY, 2), 0.01)
    note = Loss(code="trials_differ", where=farthest, value=about.profile, count=len(others), days=days)
    return replace(about, losses=(*about.losses, note))


def _limited(plan: Plan) -> bool:
    """Anything in the plan has a date that could be missed."""
    if plan.must_finish is not None:
        return True
    return any(BOUNDS[kind].above for row in plan.activities for kind, _ in asked_of(row))


def _apart(row: Row, dates: tuple[int, int]) -> int:
    """Minutes by the clock between two pairs of dates: those of the end that is farther off."""
    return max(abs(row.start - dates[0]), abs(row.finish - dates[1]))


def _about(read: ReadSchedule) -> About:
    rows = read.plan.activities
    return About(
        name=read.plan.name,
        profile=read.profile,
        losses=(*read.losses, *not_used(read.plan, "torap")),
        names={row.id: row.name for row in rows},
        deadlines={row.id: row.deadline for row in rows if row.deadline is not None},
    )


@contextmanager
def _naming(asked: _Asked, file: Path, project: str) -> Iterator[None]:
    """Errors of the engine with names and rows; a large file is read activity by activity for them."""
    try:
        yield
    except EngineInputError as error:
        read = asked.read or read_schedule(file, project=project)
        raise named(error, read.plan, read.rows) from None


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Without the collector of garbage, which only costs time among the rows of a large plan: nor does it
    look through them when the process ends.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        atexit.register(gc.freeze)
        if collecting:
            gc.enable()


def _settings(trials: int, seed: int, sampling: Sampling, threads: int) -> Settings:
    for name, value, low, high in (
        ("--trials", trials, 1, TRIALS_LIMIT),
        ("--threads", threads, 0, THREADS_LIMIT),
        ("--seed", seed, 0, 2**64 - 1),
    ):
        if not low <= value <= high:
            params: dict[str, Any] = {"value": value, "low": low, "high": high}
            raise ScheduleFileError("number_out_of_range", where=name, params=params)
    return Settings(trials=trials, seed=seed, sampling=sampling, threads=threads)


def _uncertain(
    read: ReadSchedule, shares: tuple[float, float, float] | None, shape: AssumedShape, goals: list[str]
) -> tuple[RiskPlan, Assumed | None]:
    """The plan with the spread that was asked for, with the goals that were named, and with what the trials
    can follow of the convention of its file.
    """
    risk, assumed = read.risk, None
    if shares is not None:
        risk, count = with_spread(risk, shares, Shape(str(shape)))
        assumed = Assumed(shares=shares, shape=str(shape), activities=count)
    known = {row.id for row in risk.plan.activities}
    for name in goals:
        if name not in known:
            raise EngineInputError("activity_unknown", where=name)
    plan = risk.plan
    if read.profile != "torap":
        plan = replace(plan, options={**plan.options, **profile_of(plan, read.profile).for_trials})
    return replace(risk, plan=plan, goals=tuple(dict.fromkeys([*risk.goals, *goals]))), assumed


def _is_uncertain(risk: RiskPlan) -> bool:
    happens = [row for row in risk.risks if not math.isclose(row.probability, 0)]
    return bool(risk.durations or happens or risk.branches)
