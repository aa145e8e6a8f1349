"""Targets that several works add up to, and investment against its own, before and after."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from torap.ledger.memo import while_unchanged
from torap.registry.selectors import subject_map
from torap.rules.known import AsKnown
from torap.runs.frozen import unpack
from torap.runs.leafing import Leaves
from torap.runs.model import Shift, TargetLine, TargetPart, TargetShift
from torap.runs.models import Run, RunResult
from torap.runs.selectors.runs import newest_run

INVESTMENT, SUM = "investment", "sum"
UNIT = "bn USD"
SINCE_DAYS = 30  # what is told of how targets moved
LEAST = 1e-3  # a difference of an expected value by a smaller share of the aim is not told
Content = Mapping[str, Any]
Told = Mapping[str, Any]


@while_unchanged
def target_list(known: AsKnown, *, invented: bool = False) -> tuple[TargetLine, ...]:
    """Targets as the newest run of that day knows them. Four queries at most."""
    run = newest_run(known, invented=invented)
    return targets_of(*runs_told([run.code])[run.code]) if run is not None else ()


@while_unchanged
def target_shifts_since(
    known: AsKnown, days: int = SINCE_DAYS
) -> tuple[dt.date, tuple[TargetShift, ...]] | None:
    """How targets differ from what was known so many days before: the day of that run, and every target of
    both, whether it moved or not; None where no run of such a day is there, or it is the newest itself. Six
    queries at most."""
    older = newest_run(AsKnown(known.day - dt.timedelta(days=days), known.clock))
    newest = newest_run(known) if older is not None else None
    if older is None or newest is None or newest.code == older.code:
        return None
    before = {line.code: line for line in targets_of(*runs_told([older.code])[older.code])}
    both = [
        TargetShift(before=before[line.code], after=line)
        for line in target_list(known)
        if line.code in before
    ]
    return older.known_on, tuple(both)


def runs_told(codes: Iterable[str]) -> dict[str, tuple[Content, Told]]:
    """The frozen inputs of runs and what they told beside their forecasts, by code. One query."""
    rows = Run.objects.filter(code__in=set(codes)).values_list("code", "content", "result__content")
    return {code: (Leaves(content), unpack(told) if told else {}) for code, content, told in rows}


def sums_told(code: str) -> Told:
    """What a run told beside its forecasts; nothing where it gave no result. One query."""
    packed = RunResult.objects.filter(run__code=code).values_list("content", flat=True).first()
    return unpack(packed) if packed else {}


def targets_of(content: Content, told: Told) -> tuple[TargetLine, ...]:
    """Every target of a frozen input with what its trials gave. One query for the names, none without."""
    answers = {row["code"]: row for row in told.get("targets") or ()}
    frozen = content.get("targets") or () if answers else ()  # they lie behind all schedules
    rows = [row for row in frozen if row["code"] in answers]
    pipeline, below = content.get("pipeline"), (told.get("pipeline") or {}).get("below")
    codes = {row["subject"] for row in rows} | ({pipeline["target_code"]} if pipeline else set())
    names = {code: row.name for code, row in subject_map(codes - {""}).items()} if codes - {""} else {}
    found = [_line(row, answers[row["code"]], names) for row in rows]
    if pipeline and below:
        found += _investment(pipeline, below, names)
    return tuple(found)


def _line(row: Mapping[str, Any], answer: Mapping[str, Any], names: Mapping[str, str]) -> TargetLine:
    return TargetLine(
        code=row["code"],
        kind=SUM,
        subject=row["subject"],
        name=names.get(row["subject"], row["subject"]),
        counts=tuple(row["counts"]),
        unit=row["unit"],
        by=dt.date.fromisoformat(row["by"]),
        aim=row["aim"],
        expected=answer["expected"],
        half=answer["half"],
        four=answer["four"],
        chance=answer["chance"],
        named=answer["named"],
        parts=tuple(
            TargetPart(nodes=tuple(part["nodes"]), adds=part["adds"], chance=told["chance"])
            for part, told in zip(row["parts"], answer["parts"], strict=True)
        ),
    )


def _investment(
    frozen: Mapping[str, Any], below: Mapping[str, Any], names: Mapping[str, str]
) -> Iterable[TargetLine]:
    """Money of named projects year by year against the lower end of its target, and the sum of all years."""
    aims = {int(year): low for year, low, _high in frozen["targets"]}
    chances = {row["year"]: row["low"] for row in below["chances"]}
    known = dt.date.fromisoformat(frozen["known_on"])
    common = {
        "kind": INVESTMENT,
        "subject": frozen["target_code"],
        "name": names.get(frozen["target_code"], frozen["target_code"]),
        "unit": UNIT,
        "named": below["named"],
    }
    for at, year in enumerate(below["years"]):
        if year >= known.year and year in aims:
            yield TargetLine(
                code=f"{INVESTMENT}:{year}",
                by=dt.date(year, 12, 31),
                aim=aims[year],
                expected=below["yearly"]["mean"][at],
                half=below["yearly"]["p50"][at],
                four=_four(below["yearly"], at),
                chance=chances.get(year),
                **common,
            )
    goal = frozen["goal"]
    if goal and goal["by_year"] in below["years"]:
        at = below["years"].index(goal["by_year"])
        yield TargetLine(
            code=f"{INVESTMENT}:sum",
            by=dt.date(goal["by_year"], 12, 31),
            aim=goal["value"],
            expected=below["cumulative"]["mean"][at],
            half=below["cumulative"]["p50"][at],
            four=_four(below["cumulative"], at),
            chance=below["goal"],
            **common,
        )


def _four(fan: Mapping[str, Any], at: int) -> float | None:
    """What there is at least in four of five trials; None where the run did not keep it."""
    kept: list[float] = fan.get("p20", [])
    return kept[at] if kept else None


def moved_counts(moved: Iterable[Shift], targets: Sequence[TargetShift]) -> dict[str, int]:
    """How many of each kind move, targets that are sums among them."""
    return dict(Counter([*(row.line.kind for row in moved), *("target" for _row in targets)]))


def target_shifts(before: Iterable[TargetLine], after: Iterable[TargetLine]) -> tuple[TargetShift, ...]:
    """The targets of both that differ by what can be told, those whose chance moves most first."""
    others = {line.code: line for line in after}
    found = [TargetShift(before=line, after=others[line.code]) for line in before if line.code in others]
    moved = [one for one in found if abs(one.expected_change) >= LEAST * one.before.aim or one.chance_change]
    return tuple(
        sorted(moved, key=lambda one: (-abs(one.chance_change or 0.0), one.before.by, one.before.code))
    )
