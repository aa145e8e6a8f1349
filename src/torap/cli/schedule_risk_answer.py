"""The answer of `torap schedule risk` as text, as JSON and as CSV.

The fields of the JSON answer stand in docs/reference/schedule-format.md and are kept: fields may be added,
none changes its meaning.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from torap.cli.schedule_base import About, Assumed, at_text, wide_console
from torap.cli.schedule_missed import missed_json
from torap.cli.schedule_text import shown
from torap.engines.schedule.uncertain import SHARES, DriverEffect, GoalResult, RiskResult
from torap.engines.schedule.worktime import moment
from torap.publish.cells import harmless

HOUR = 60
DAY = 1440
TOLD = (10, 50, 80)  # the percentiles of the text and of each activity
ROWS = 30  # activities in the text
EFFECTS = 12  # causes in the text
BINS = 20  # of a histogram in the text
BAR = 40  # characters of the longest bar
COLUMN = {share: i for i, share in enumerate(SHARES)}


def risk_json(about: About, found: Any, assumed: Assumed | None) -> dict[str, Any]:
    """The whole answer as plain data. `found`: the Trials."""
    result: RiskResult = found.result
    settings = result.settings
    return {
        "plan": about.name,
        "trials": settings.trials,
        "seed": settings.seed,
        "sampling": str(settings.sampling),
        "brief": settings.brief,
        "convention": "torap",
        "assumed": None
        if assumed is None
        else {"spread": list(assumed.shares), "shape": assumed.shape, "activities": assumed.activities},
        "losses": [row.data() for row in about.losses],
        "missed": [missed_json(row) for row in about.missed],
        "planned_finish": _iso(found.planned_finish),
        "finish_by_convention": None if about.finish is None else _iso(about.finish),
        "finish": None if result.plan_finish is None else _goal_json(result.plan_finish, ""),
        "deadlines": [
            {"id": key, "name": about.names[key], "deadline": _iso(at), "chance": result.meets[key]}
            for key, at in about.deadlines.items()
            if key in result.meets
        ],
        "goals": [_goal_json(goal, about.names[key]) for key, goal in result.goals.items()],
        "activities": list(_activity_rows(about, found)),
    }


def _activity_rows(about: About, found: Any) -> Iterator[dict[str, Any]]:
    result: RiskResult = found.result
    starts, finishes, means = _isos(result.start), _isos(result.finish), _isos(result.mean_finish)
    shares = [f"p{share}" for share in SHARES]
    for i, key in enumerate(result.ids):
        planned = found.planned.get(key)
        row: dict[str, Any] = {
            "id": key,
            "name": about.names[key],
            "planned_start": None if planned is None else _iso(planned[0]),
            "planned_finish": None if planned is None else _iso(planned[1]),
        }
        if not result.settings.brief:
            row |= {
                "start": dict(zip(shares, starts[i], strict=True)),
                "finish": dict(zip(shares, finishes[i], strict=True)),
                "mean_finish": means[i],
                "sd_finish_h": round(float(result.sd_finish[i]) / HOUR, 4),
                "cruciality": round(float(result.cruciality[i]), 6),
            }
        yield row | {"critical": round(float(result.critical[i]), 6)}


def _goal_json(goal: GoalResult, name: str) -> dict[str, Any]:
    ordered = np.sort(goal.finishes)
    return {
        "id": goal.id,
        "name": name,
        **{f"p{share}": _iso(_share_of(ordered, share)) for share in SHARES},
        "mean": _iso(round(float(ordered.mean()))),
        "sd_h": round(float(ordered.std()) / HOUR, 4),
        "histogram": {
            "edges": [_iso(int(at)) for at in goal.edges],
            "counts": [int(count) for count in goal.counts],
        },
        "effects": [_effect_json(row) for row in goal.effects],
    }


def _share_of(ordered: np.ndarray, share: int) -> int:
    """The first finish by which `share` percent of the trials have ended."""
    return int(ordered[max(-(-len(ordered) * share // 100), 1) - 1])


def _effect_json(row: DriverEffect) -> dict[str, Any]:
    return {
        "id": row.id,
        "what": row.what,
        "low_h": round(row.low_minutes / HOUR, 4),
        "high_h": round(row.high_minutes / HOUR, 4),
        "share": None if row.share is None else round(row.share, 6),
    }


def risk_csv(about: About, result: RiskResult) -> str:
    """One line per activity; the last, without an id, is the finish of the plan. A brief answer tells dates
    of goals and of the plan only.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    shares = [f"{side}_p{share}" for side in ("start", "finish") for share in SHARES]
    full = not result.settings.brief
    dates = [*(shares if full else shares[len(SHARES) :]), "mean_finish", "sd_finish_h"]
    told = ["critical", *(["cruciality"] if full else []), "deadline", "chance"]
    writer.writerow(["id", "name", *dates, *told])
    starts, finishes, means = _isos(result.start), _isos(result.finish), _isos(result.mean_finish)
    for i, key in enumerate(result.ids):
        deadline = about.deadlines.get(key)
        cells = [harmless(key), harmless(about.names[key])]
        if full:
            cells += [*starts[i], *finishes[i], means[i], f"{float(result.sd_finish[i]) / HOUR:.4f}"]
        else:
            cells += _goal_cells(result.goals.get(key))
        cells.append(f"{float(result.critical[i]):.6f}")
        if full:
            cells.append(f"{float(result.cruciality[i]):.6f}")
        chance = f"{result.meets[key]:.6f}" if key in result.meets else ""
        writer.writerow([*cells, "" if deadline is None else _iso(deadline), chance])
    before = [""] * len(SHARES) if full else []
    finish = _goal_cells(result.plan_finish)
    writer.writerow(["", "finish of the plan", *before, *finish, *([""] * len(told))])
    return out.getvalue()


def _goal_cells(goal: GoalResult | None) -> list[str]:
    """Percentiles, mean and deviation of a finish of which every trial is told; blank of any other."""
    if goal is None:
        return [""] * (len(SHARES) + 2)
    ordered = np.sort(goal.finishes)
    shares = [_iso(_share_of(ordered, share)) for share in SHARES]
    return [*shares, _iso(round(float(ordered.mean()))), f"{float(ordered.std()) / HOUR:.4f}"]


def risk_text(about: About, found: Any, assumed: Assumed | None) -> None:
    """Print the answer for people."""
    result: RiskResult = found.result
    console = wide_console()
    settings = result.settings
    console.print(
        f"{settings.trials:,} trials ({settings.sampling}), seed {settings.seed}, {found.seconds:.2f} s; "
        f"the trials follow the torap convention."
    )
    if assumed is not None:
        low, mode, high = assumed.shares
        console.print(
            f"Assumed, not from the file: {assumed.shape} {low:g} %, {mode:g} %, {high:g} % of the duration "
            f"of {assumed.activities} activities."
        )
    if about.profile != "torap":
        console.print(
            f"The file was made by the {about.profile} convention: single dates may differ from it."
        )
    console.print(f"Finish of the plan without uncertainty: {at_text(found.planned_finish)}")
    if about.finish is not None and about.finish != found.planned_finish:
        console.print(f"By the {about.profile} convention it would be: {at_text(about.finish)}")
    if result.plan_finish is not None:
        _finish_text(console, result.plan_finish, list(result.goals.values()))
    _deadlines_text(console, about, result)
    for key, goal in result.goals.items():
        _goal_text(console, goal, f"{key} {about.names[key]}".strip())
    _activities_text(console, about.names, result)


def _finish_text(console: Console, plan: GoalResult, goals: list[GoalResult]) -> None:
    """The finish of the plan: in full, unless it is that of a goal, which is told in full below."""
    if any(np.array_equal(goal.finishes, plan.finishes) for goal in goals):
        console.print(Text(f"\n{_percentiles(plan, 'Finish of the plan')}", style="bold"))
    else:
        _goal_text(console, plan, "Finish of the plan")


def _percentiles(goal: GoalResult, title: str) -> str:
    ordered = np.sort(goal.finishes)
    said = ", ".join(f"P{share} {at_text(_share_of(ordered, share))}" for share in TOLD)
    return f"{shown(title)}: {said}"


def _goal_text(console: Console, goal: GoalResult, title: str) -> None:
    console.print(Text(f"\n{_percentiles(goal, title)}", style="bold"))
    rows, most = _bins(goal), max(1, _most(goal))
    bars = [
        f"  {left} – {right} {count / len(goal.finishes):7.1%} {'█' * round(BAR * count / most)}"
        for left, right, count in rows
    ]
    console.print(Text("\n".join(bars)))
    if not goal.effects:
        return
    console.print("  What moves it, days (in its best tenth … in its worst tenth), share of the variance:")
    widest = max(max(abs(row.low_minutes), abs(row.high_minutes)) for row in goal.effects)
    lines = [_effect_line(row, widest) for row in goal.effects[:EFFECTS]]
    console.print(Text("\n".join(lines)), soft_wrap=True)


def _most(goal: GoalResult) -> int:
    return max((count for _, _, count in _bins(goal)), default=0)


def _bins(goal: GoalResult) -> list[tuple[str, str, int]]:
    """Neighbouring bins together, so that a terminal shows BINS at most."""
    counts = [int(count) for count in goal.counts]
    step = -(-len(counts) // BINS) or 1
    form = "%Y-%m-%d" if int(goal.edges[-1] - goal.edges[0]) * step > DAY * len(counts) else "%Y-%m-%d %H:%M"
    return [
        (
            moment(int(goal.edges[i])).strftime(form),
            moment(int(goal.edges[min(i + step, len(counts))])).strftime(form),
            sum(counts[i : i + step]),
        )
        for i in range(0, len(counts), step)
    ]


def _effect_line(row: DriverEffect, widest: float) -> str:
    half = BAR // 2
    left = round(half * min(max(-row.low_minutes, 0), widest) / widest) if widest else 0
    right = round(half * min(max(row.high_minutes, 0), widest) / widest) if widest else 0
    bar = " " * (half - left) + "█" * left + "|" + "█" * right + " " * (half - right)
    share = "" if row.share is None else f" {row.share:6.1%}"
    days = f"{row.low_minutes / DAY:+8.1f} …{row.high_minutes / DAY:+8.1f}"
    return f"  {bar} {days}{share}  {row.what} {shown(row.id)}"


def _deadlines_text(console: Console, about: About, result: RiskResult) -> None:
    if not result.meets:
        return
    table = Table(box=None, pad_edge=False, header_style="bold", title="Deadlines", title_justify="left")
    for title in ("activity", "name", "deadline"):
        table.add_column(title)
    table.add_column("chance", justify="right")
    for key, at in about.deadlines.items():
        if key in result.meets:
            cells = (key, about.names[key], at_text(at), f"{result.meets[key]:.1%}")
            table.add_row(*(Text(shown(cell)) for cell in cells))
    console.print()
    console.print(table)


def _activities_text(console: Console, names: Mapping[str, str], result: RiskResult) -> None:
    """The activities that are critical most often."""
    order = sorted(range(len(result.ids)), key=lambda i: (-float(result.critical[i]), i))
    table = Table(box=None, pad_edge=False, header_style="bold")
    told = () if result.settings.brief else TOLD
    for title in ("activity", "name", *(f"finish P{share}" for share in told)):
        table.add_column(title)
    table.add_column("critical", justify="right")
    for i in order[:ROWS]:
        finishes = (at_text(int(result.finish[i, COLUMN[share]])) for share in told)
        cells = (result.ids[i], names[result.ids[i]], *finishes, f"{float(result.critical[i]):.1%}")
        table.add_row(*(Text(shown(cell)) for cell in cells))
    console.print()
    console.print(table)
    if len(order) > ROWS:
        console.print(f"and {len(order) - ROWS} more: --format json or csv tells all.")


def _isos(instants: np.ndarray) -> list[Any]:
    """A table of instants (minutes, any shape) as texts, all at once."""
    texts: list[Any] = np.datetime_as_string(np.rint(instants).astype("datetime64[m]"), unit="m").tolist()
    return texts


def _iso(at: int) -> str:
    return moment(at).isoformat(timespec="minutes")
