"""What breaks next, and who can prevent it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from torap.delivery.selectors import Ref
from torap.ledger.memo import while_unchanged
from torap.rules.known import AsKnown
from torap.runs.model import Breaks, BreaksLine, ForecastLine, HolderBreaks
from torap.runs.models import Basis, Forecast
from torap.runs.selectors.lines import forecast_lines
from torap.runs.selectors.runs import newest_run

EVEN = 0.5
# A plot's date is that of a milestone or an instruction, which is counted itself.
COUNTED = ("milestone", "instruction", "utility")


@while_unchanged
def breaks_next(known: AsKnown, *, invented: bool = False, limit: int | None = 100) -> Breaks:
    """Promises still to come that are likelier to break than to hold, soonest first, at most `limit` of them;
    then by body.

    Who can prevent it: the holders of what it waits for, by the share of trials in which theirs is what
    holds it up, and its own holder for the rest. At most four queries.
    """
    run = newest_run(known, invented=invented)
    if run is None:
        return Breaks(run=None, rows=(), total=0, passed=(), holders=())
    rows = Forecast.objects.filter(
        run__code=run.code, kind__in=COUNTED, due__isnull=False, chance__isnull=False
    ).exclude(basis__in=[Basis.DONE, Basis.NONE])
    lines = forecast_lines(rows.order_by("due", "key"), run)
    by_key = {line.key: line for line in lines}
    coming = [line for line in lines if line.due is not None and line.due >= known.day]
    breaking = [line for line in coming if line.chance is not None and line.chance < EVEN]
    return Breaks(
        run=run,
        rows=tuple(_line(line, by_key, known.day) for line in breaking[:limit]),
        total=len(breaking),
        passed=tuple(line for line in lines if line.due is not None and line.due < known.day),
        holders=tuple(_holders(coming, by_key)),
    )


def _line(line: ForecastLine, by_key: dict[str, ForecastLine], day: dt.date) -> BreaksLine:
    assert line.due is not None
    return BreaksLine(line=line, days_left=(line.due - day).days, preventers=tuple(_preventers(line, by_key)))


def _preventers(line: ForecastLine, by_key: dict[str, ForecastLine]) -> list[tuple[Ref, float]]:
    shares: dict[str, float] = defaultdict(float)
    refs: dict[str, Ref] = {}
    rest = 1.0
    for cause in line.causes:
        holder = by_key[cause.id].holder if cause.what == "link" and cause.id in by_key else None
        if holder is not None and cause.share:
            refs[holder.code] = holder
            shares[holder.code] += cause.share
            rest -= cause.share
    if line.holder is not None and rest > 0:
        refs[line.holder.code] = line.holder
        shares[line.holder.code] += rest
    return sorted(((refs[code], min(1.0, share)) for code, share in shares.items()), key=lambda row: -row[1])


def _holders(lines: Iterable[ForecastLine], by_key: dict[str, ForecastLine]) -> list[HolderBreaks]:
    own: dict[str, list[ForecastLine]] = defaultdict(list)
    refs: dict[str, Ref | None] = {"": None}
    held: dict[str, int] = defaultdict(int)
    for line in lines:
        code = line.holder.code if line.holder else ""
        refs[code] = line.holder
        own[code].append(line)
        for ref, _share in _preventers(line, by_key):
            if ref.code != code:
                refs[ref.code] = ref
                held[ref.code] += 1
    rows = [_holder(refs[code], own.get(code, []), held.get(code, 0)) for code in {*own, *held}]
    return sorted(rows, key=lambda row: (-row.expected, -row.holds_up, row.holder.code if row.holder else ""))


def _holder(ref: Ref | None, lines: list[ForecastLine], held: int) -> HolderBreaks:
    breaking = [line for line in lines if line.chance is not None and line.chance < EVEN]
    return HolderBreaks(
        holder=ref,
        own=len(breaking),
        holds_up=held,
        expected=round(sum(1.0 - (line.chance or 0.0) for line in lines), 2),
        soonest=min((line.due for line in breaking if line.due), default=None),
    )
