"""What breaks next, and who can prevent it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from torap.delivery.selectors import Ref
from torap.ledger.memo import while_unchanged
from torap.rules.known import AsKnown
from torap.runs.model import PART, Breaks, BreaksLine, ForecastLine, HolderBreaks
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
    holds it up, and its own holder for the rest. A whole breaks because a part of it does: the part is
    counted, the whole told. At most four queries.
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
    breaking = [line for line in coming if _breaks(line)]
    listed = {line.key for line in breaking}
    return Breaks(
        run=run,
        rows=tuple(_line(line, by_key, known.day, listed) for line in breaking[:limit]),
        total=len(breaking),
        passed=tuple(line for line in lines if line.due is not None and line.due < known.day),
        holders=tuple(_holders(coming, by_key)),
    )


def _line(
    line: ForecastLine, by_key: dict[str, ForecastLine], day: dt.date, listed: Collection[str]
) -> BreaksLine:
    assert line.due is not None
    part = with_part(line, listed)
    return BreaksLine(
        line=line,
        days_left=(line.due - day).days,
        preventers=tuple(_preventers(line, by_key)),
        with_part=by_key[part] if part else None,
    )


def with_part(line: ForecastLine, listed: Collection[str]) -> str:
    """The part of a whole that is counted for its break: one in the list, where listed parts break it in most
    of the trials in which it breaks; empty where it breaks by itself."""
    parts = [one for one in line.causes if one.late and one.id in listed]
    breaks = 1.0 - (line.chance or 0.0)
    if not parts or line.breaks_with(listed) <= breaks * EVEN:
        return ""
    return max(parts, key=lambda one: (one.late, one.id)).id


def _preventers(line: ForecastLine, by_key: dict[str, ForecastLine]) -> list[tuple[Ref, float]]:
    """The holders of what a node waits for, by the share of trials; of a part that is a whole itself, those
    of its parts have what these have of it. What is then left has its own holder."""
    shares: dict[str, float] = defaultdict(float)
    refs: dict[str, Ref] = {}
    left = _hand_on(line, 1.0, by_key, (refs, shares), frozenset({line.key}))
    if line.holder is not None and left > 0:
        refs[line.holder.code] = line.holder
        shares[line.holder.code] += left
    return sorted(((refs[code], min(1.0, share)) for code, share in shares.items()), key=lambda row: -row[1])


def _hand_on(
    line: ForecastLine,
    share: float,
    by_key: dict[str, ForecastLine],
    into: tuple[dict[str, Ref], dict[str, float]],
    passed: frozenset[str],
) -> float:
    """Share out what of `share` is held by what a node waits for; what is left is its own."""
    refs, shares = into
    left = share
    for cause in line.causes:
        before = by_key.get(cause.id) if cause.what == "link" else None
        if before is None or not cause.share:
            continue
        part = share * cause.share
        whole = cause.kind == PART and before.key not in passed
        own = _hand_on(before, part, by_key, into, passed | {before.key}) if whole else part
        left -= part if before.holder else part - own  # what nobody was named for is the waiting one's own
        if before.holder is not None and own > 0:
            refs[before.holder.code] = before.holder
            shares[before.holder.code] += own
    return left


def _holders(lines: Iterable[ForecastLine], by_key: dict[str, ForecastLine]) -> list[HolderBreaks]:
    coming = list(lines)
    keys = {line.key for line in coming}
    listed = {line.key for line in coming if _breaks(line)}
    own: dict[str, list[ForecastLine]] = defaultdict(list)
    refs: dict[str, Ref | None] = {"": None}
    held: dict[str, int] = defaultdict(int)
    for line in coming:
        code = line.holder.code if line.holder else ""
        refs[code] = line.holder
        own[code].append(line)
        for ref, _share in _preventers(line, by_key):
            if ref.code != code:
                refs[ref.code] = ref
                held[ref.code] += 1
    rows = [_holder(refs[code], own.get(code, []), held.get(code, 0), keys, listed) for code in {*own, *held}]
    return sorted(rows, key=lambda row: (-row.expected, -row.holds_up, row.holder.code if row.holder else ""))


def _breaks(line: ForecastLine) -> bool:
    return line.chance is not None and line.chance < EVEN


def _holder(
    ref: Ref | None, lines: list[ForecastLine], held: int, keys: Collection[str], listed: Collection[str]
) -> HolderBreaks:
    """What a body answers for: `keys` are counted somewhere, `listed` are likelier to break than to hold."""
    breaking = [line for line in lines if _breaks(line)]
    return HolderBreaks(
        holder=ref,
        own=sum(1 for line in breaking if not with_part(line, listed)),
        holds_up=held,
        expected=round(sum(line.breaks_itself(keys) for line in lines), 2),
        soonest=min((line.due for line in breaking if line.due), default=None),
    )
