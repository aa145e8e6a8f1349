"""What differs between two runs, or before and after a change: rows, sentence, chart, download."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torap.rules.known import AsKnown
from torap.runs.selectors import UNTOLD, ForecastLine, Shift
from torap.web import formats
from torap.web.presenters.forecasts import (
    BASIS,
    KINDS_CAPITAL,
    REACHED,
    ForecastWords,
    bound_words,
    chance_words,
    evidence_of,
    is_shown,
    name_within,
    not_before,
    percentile_words,
    said_of,
    slip_words,
    subject_names,
    words_of,
)
from torap.web.presenters.spans import moved_span

CHARTED = 20
CSV_HEADER = (
    "key",
    "kind",
    "name",
    "holder",
    "due",
    "due_before",
    "said_before",
    "said_after",
    "done_by_before",
    "done_by_after",
    "p50_before",
    "p50_after",
    "p50_days",
    "p80_before",
    "p80_after",
    "p80_days",
    "chance_before",
    "chance_after",
    "mean_days",
    "share_of_trials_moved",
    "not_before",
    "by_now",
    "invented",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRow:
    """One date before and after. `p50`, `p80`: by how much they move; `p50_days`, `p80_days`: from which day
    to which; `average`: by how much all trials move, `often`: how many. `tone`: late, better or same."""

    words: ForecastWords
    p50: str
    p80: str
    p50_days: str
    p80_days: str
    chance: str
    points: str
    tone: str
    shift: Shift
    average: str = ""
    often: str = ""
    promised: str = ""
    said: str = ""
    evidence: str = ""


def shift_rows(shifts: Iterable[Shift], known: AsKnown) -> list[ShiftRow]:
    """Every date that differs, in the order given."""
    found = list(shifts)
    words = words_of((one.line for one in found), known)
    return [_row(one, told) for one, told in zip(found, words, strict=True)]


def _row(shift: Shift, words: ForecastWords) -> ShiftRow:
    before, after = (chance_words(line.chance) if line else "" for line in (shift.before, shift.after))
    change = shift.chance_change
    arrow = " → ".join(part for part in (before, after) if part)
    return ShiftRow(
        words=words,
        p50=slip_words(shift.p50_days),
        p80=slip_words(shift.p80_days),
        p50_days=days_moved(shift, 50),
        p80_days=days_moved(shift, 80),
        chance=arrow if before != after else after,
        points=points_words(change),
        tone=tone_of(shift),
        shift=shift,
        average="" if shift.mean_days is None else slip_words(round(shift.mean_days)),
        often=chance_words(shift.moved_share) if shift.moved_share else "",
        **_said(shift),
    )


def _said(shift: Shift) -> dict[str, str]:
    """What was promised, said and shown in both, apart from what is foretold; empty where it is the same."""
    before, after = shift.before, shift.after
    if before is None or after is None or not shift.said_differs:
        return {}
    found: dict[str, str] = {}
    if before.due != after.due:
        days = [formats.day(line.due) if line.due else _("no date") for line in (before, after)]
        found["promised"] = " → ".join(days)
    for name, words in (("said", said_of), ("evidence", evidence_of)):
        told = words(before), words(after)
        if all(told) and told[0] != told[1]:
            found[name] = " → ".join(told)
    return found


def days_moved(shift: Shift, of: int) -> str:
    """`Nov 2027 → May 2028`: one day where both are alike; of two that are only not before a day that is said
    once."""
    before, after = (_day(line, of) if line else "" for line in (shift.before, shift.after))
    if before == after:
        return before
    if shift.before and shift.after:
        bounds = [bound_words(line, of) for line in (shift.before, shift.after)]
        if all(bounds):
            return not_before(" → ".join(bounds))
    return " → ".join(part or "–" for part in (before, after))


def tone_of(shift: Shift) -> str:
    """Whether it gets worse, better or stays."""
    days = round(shift.mean_days or 0) or shift.p50_days or shift.p80_days or 0
    if days:
        return "late" if days > 0 else "better"
    change = shift.chance_change or 0.0
    if abs(change) < UNTOLD:
        return "same"
    return "late" if change < 0 else "better"


def points_words(change: float | None) -> str:
    """`−18 points`: how many more or fewer of 100 trials keep the day."""
    if change is None or round(change * 100) == 0:
        return ""
    count = abs(round(change * 100))
    sign = "+" if change > 0 else "\N{MINUS SIGN}"
    return ngettext("%(count)s of 100", "%(count)s of 100", count) % {"count": f"{sign}{count}"}


def summary(shifts: Sequence[Shift]) -> str:
    """The news in a sentence: how many dates move, which most, by how much."""
    if not shifts:
        return _("No date moves.")
    later = [one for one in shifts if tone_of(one) == "late"]
    earlier = [one for one in shifts if tone_of(one) == "better"]
    parts = []
    if later:
        words = ngettext("%(count)s date gets worse", "%(count)s dates get worse", len(later))
        parts.append(words % _n(later))
    if earlier:
        words = ngettext("%(count)s date gets better", "%(count)s dates get better", len(earlier))
        parts.append(words % _n(earlier))
    said = [one for one in shifts if one.said_differs and not one.foretold_differs]
    if said and not parts:
        words = ngettext(
            "For %(count)s date only what was said or shown differs",
            "For %(count)s dates only what was said or shown differs",
            len(said),
        )
        parts.append(words % _n(said))
    return " ".join(part for part in (f"{_joined(parts)}.", _most(shifts), opposed(shifts)) if part)


def opposed(shifts: Iterable[Shift]) -> str:
    """How many dates come earlier on average though their chance to be kept falls, or later though it rises:
    the mean rests on the latest trials, the chance on the promised day."""
    rows = list(shifts)
    falls = [one for one in rows if tone_of(one) == "better" and (one.chance_change or 0.0) <= -UNTOLD]
    rises = [one for one in rows if tone_of(one) == "late" and (one.chance_change or 0.0) >= UNTOLD]
    parts = []
    if falls:
        words = ngettext(
            "Of those that get better %(count)s is less likely to keep its promised day.",
            "Of those that get better %(count)s are less likely to keep their promised day.",
            len(falls),
        )
        parts.append(words % _n(falls))
    if rises:
        words = ngettext(
            "Of those that get worse %(count)s is likelier to keep its promised day.",
            "Of those that get worse %(count)s are likelier to keep their promised day.",
            len(rises),
        )
        parts.append(words % _n(rises))
    return " ".join(parts)


def _joined(parts: list[str]) -> str:
    if not parts:
        return _("No date found in both runs moves")
    return _("%(one)s, %(two)s") % {"one": parts[0], "two": parts[1]} if len(parts) > 1 else parts[0]


def _n(rows: Sequence[Any]) -> dict[str, str]:
    return {"count": formats.number(len(rows), 0)}


def _most(shifts: Sequence[Shift]) -> str:
    known = [(days, one) for one in shifts if (days := round(one.mean_days or 0))]
    if known:
        days, most = max(known, key=lambda pair: abs(pair[0]))
        values = {"name": name_within(most.line, subject_names([most.line])), "time": moved_span(abs(days))}
        if days > 0:
            return _("Most of all: %(name)s, %(time)s later on average over the trials.") % values
        return _("Most of all: %(name)s, %(time)s earlier on average over the trials.") % values
    for share in (50, 80):
        dated = [(moved, one) for one in shifts if (moved := measured(one, share))]
        if dated:
            return _most_of(share, *max(dated, key=lambda pair: abs(pair[0])))
    return ""


def measured(shift: Shift, share: int) -> int | None:
    """By how many days P50 or P80 moves; None where a side has only a day it is not before."""
    if any(line.bound(share) for line in (shift.before, shift.after) if line is not None):
        return None
    return shift.p50_days if share == 50 else shift.p80_days


def _most_of(share: int, days: int, most: Shift) -> str:
    values = {"name": name_within(most.line, subject_names([most.line])), "time": moved_span(abs(days))}
    if share == 80 and days > 0:
        return _("Most of all: %(name)s, four of five trials end %(time)s later.") % values
    if share == 80:
        return _("Most of all: %(name)s, four of five trials end %(time)s earlier.") % values
    if days > 0:
        return _("Most of all: %(name)s, half of the trials end %(time)s later.") % values
    return _("Most of all: %(name)s, half of the trials end %(time)s earlier.") % values


def unmeasured(shifts: Iterable[Shift]) -> str:
    """How many dates differ of which no length of the shift is told, and why; empty where none.

    Both runs know them; in one of them half of the trials end later than anything seen, or may have ended.
    """
    rows = [one for one in shifts if one.before and one.after and one.foretold_differs]
    rows = [one for one in rows if measured(one, 50) is None and not round(one.mean_days or 0)]
    if not rows:
        return ""
    words = ngettext(
        "By how much %(count)s date moves cannot be told: half of its trials end later than anything seen, "
        "or may have ended already. Its chance tells the change.",
        "By how much %(count)s dates move cannot be told: half of their trials end later than anything seen, "
        "or may have ended already. Their chances tell the change.",
        len(rows),
    )
    return words % _n(rows)


def grouped(rows: Sequence[ShiftRow]) -> list[dict[str, Any]]:
    """What moves by its kind, milestones first; within a kind in the order given."""
    kinds = dict.fromkeys([*KINDS_CAPITAL, *(row.words.kind for row in rows)])
    groups = [(kind, [row for row in rows if row.words.kind == kind]) for kind in kinds]
    return [{"kind": kind, "name": group_name(kind), "rows": found} for kind, found in groups if found]


def group_name(kind: str) -> str:
    """What a kind of dates is called as a heading."""
    return str(KINDS_CAPITAL.get(kind, kind))


def counted(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """How many of each kind move, as figures."""
    return [
        {"label": group_name(kind), "value": count}
        for kind, count in sorted(counts.items(), key=lambda pair: -pair[1])
    ]


def shift_chart(rows: Sequence[ShiftRow], day: dt.date, *, invented: bool = False) -> dict[str, Any]:
    """Before and after as dumbbells of P50, for what moves most of that of which both days can be told."""
    return {
        "today": day.isoformat(),
        "invented": invented,
        "rows": [
            {
                "name": row.words.name,
                "before": formats.iso(_told(row.shift.before)),
                "after": formats.iso(_told(row.shift.after)),
                "before_label": _day(row.shift.before, 50),
                "after_label": _day(row.shift.after, 50),
                "before_open": row.shift.before.bound(50),
                "after_open": row.shift.after.bound(50),
                "moved": moved_words(row),
                "chance": row.chance if row.points else "",
                "href": row.words.href,
            }
            for row in rows[:CHARTED]
            if row.shift.before and row.shift.after
            if _told(row.shift.before) and _told(row.shift.after)
        ],
        "labels": {
            "before": _("P50 before"),
            "after": _("P50 after"),
            "later": _("P50 after: later"),
            "earlier": _("P50 after: earlier"),
            "open": _("not before this day: later than anything seen"),
            "today": _("today"),
        },
    }


def _told(line: ForecastLine | None) -> dt.date | None:
    return line.told(50) if line is not None else None


def moved_words(row: ShiftRow) -> str:
    """By how much P50 moves; where it rests and trials on either side of it move, their average, named so."""
    if row.shift.p50_days or not round(row.shift.mean_days or 0):
        return row.p50
    return _("%(time)s on average") % {"time": row.average}


def csv_rows(shifts: Iterable[Shift]) -> list[list[Any]]:
    """What differs as rows of a download."""
    rows = []
    for one in shifts:
        line, before, after = one.line, one.before, one.after
        rows.append(
            [
                one.key,
                line.kind,
                line.name,
                line.holder.code if line.holder else "",
                line.due,
                before.due if before else None,
                before.said if before else None,
                after.said if after else None,
                before.done_by if before else None,
                after.done_by if after else None,
                before.told(50) if before else None,
                after.told(50) if after else None,
                one.p50_days,
                before.told(80) if before else None,
                after.told(80) if after else None,
                one.p80_days,
                before.chance if before else None,
                after.chance if after else None,
                one.mean_days,
                one.moved_share,
                list(line.beyond),
                list(line.by_now),
                line.invented,
            ]
        )
    return rows


def _day(line: ForecastLine, of: int) -> str:
    if line.basis == "done":
        return str(REACHED if is_shown(line) else BASIS["done"])
    return "" if line.basis == "none" else percentile_words(line, of)
