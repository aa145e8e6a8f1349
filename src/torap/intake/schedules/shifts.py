"""Working times of a day as other programs may write them: beyond midnight, overlapping, out of order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from torap.engines.schedule.worktime import DAY, Shift

Shifts = tuple[Shift, ...]


def over_midnight(shift: Shift) -> bool:
    """The shift ends on the next day, as a night shift from 22:00 to 06:00 does."""
    return shift[1] < shift[0]


def clock(at: int) -> str:
    """A time of day, such as 08:00."""
    return f"{at // 60:02d}:{at % 60:02d}"


def hours(shift: Shift) -> str:
    """A working time, such as 08:00-12:00."""
    return f"{clock(shift[0])}-{clock(shift[1])}"


def laid(
    week: Sequence[Iterable[Shift]], exceptions: Mapping[int, Iterable[Shift]]
) -> tuple[tuple[Shifts, ...], dict[int, Shifts]]:
    """A week (Monday first) and the days that differ (days since the epoch), each shift within its day.

    What goes beyond midnight belongs to the next day too; a day that differs stays free of what the usual
    day before it would carry over, as in the programs that write such a day. Shifts that overlap are one.
    """
    usual = tuple(_joined([*_heads(week[day]), *_tails(week[day - 1])]) for day in range(7))
    found = {day: list(_heads(shifts)) for day, shifts in exceptions.items()}
    for day, shifts in exceptions.items():
        tails = list(_tails(shifts))
        if tails:
            found.setdefault(day + 1, list(usual[(day + 4) % 7])).extend(tails)
    return usual, {day: _joined(shifts) for day, shifts in found.items()}


def _heads(shifts: Iterable[Shift]) -> list[Shift]:
    return [(shift[0], DAY) if over_midnight(shift) else shift for shift in shifts]


def _tails(shifts: Iterable[Shift]) -> list[Shift]:
    return [(0, shift[1]) for shift in shifts if over_midnight(shift) and shift[1]]


def _joined(shifts: Iterable[Shift]) -> Shifts:
    """In order, without overlaps. What only touches stays apart, as it was written."""
    found: list[Shift] = []
    for start, end in sorted(shifts):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return tuple(found)


__all__ = ["clock", "hours", "laid", "over_midnight"]
