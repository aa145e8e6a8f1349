"""What breaks next and who can prevent it, as the page of an overseeing deputy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torap.delivery.selectors import States, country_states
from torap.registry.selectors import subject_map
from torap.rules.calendar import add_months
from torap.rules.known import AsKnown
from torap.runs.selectors import Breaks, BreaksLine, HolderBreaks
from torap.web import formats
from torap.web.forecast.every import choices
from torap.web.instructions.presenters import counts
from torap.web.presenters.earlier import present_dues, replaced
from torap.web.presenters.forecasts import (
    KINDS,
    KINDS_CAPITAL,
    ForecastWords,
    chance_words,
    of_hundred,
    words_of,
)
from torap.web.presenters.invented import real
from torap.web.presenters.links import known_link
from torap.web.presenters.spans import span_words
from torap.web.presenters.unknown_values import Filter, unknown_values
from torap.web.situation.presenters import overdue_words, unproven_words

HORIZONS = (3, 6, 12, 24)  # months
SOON = 12  # months: what a reader who asks for nothing is shown
SORTS = ("body", "day", "chance")
CSV_HEADER = (
    "key",
    "kind",
    "name",
    "holder",
    "region",
    "due",
    "days_left",
    "p50",
    "p80",
    "not_before",
    "by_now",
    "chance",
    "who_can_prevent",
    "counted_at",
    "assumed_share",
    "assumed_days",
    "class",
    "n",
    "run",
    "invented",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the reader narrows the list to; empty does not narrow. `months`: 0 for any horizon."""

    body: str = ""
    region: str = ""
    kind: str = ""
    months: int = SOON
    sort: str = "body"

    @property
    def narrowed(self) -> bool:
        """Whether the reader asked for less than everything of the horizon."""
        return bool(self.body or self.region or self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakRow:
    """A promise that will not hold. `helpers`: who can still change it, with the share of trials."""

    words: ForecastWords
    due: dt.date | None
    days_left: int
    left: str
    owner: str
    owner_code: str
    owner_href: str
    helpers: list[dict[str, Any]]
    signs: str = ""  # moves, word and evidence, where the page tells them
    earlier: str = ""  # that another day is in force on the day of the page
    part: ForecastWords | None = None  # the part that it breaks with, which is counted for it

    @property
    def others(self) -> list[dict[str, Any]]:
        """Those beside its holder."""
        return [one for one in self.helpers if not one["own"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What one body answers for."""

    name: str
    href: str
    note: str
    rows: list[BreakRow]


def asked(query: Mapping[str, str], unread: Collection[str] = ()) -> Asked:
    """What the address asks for; a value that is none is left out. `unread`: what it asks for that no filter
    knows; a horizon among it narrows nothing, as the page says."""
    months = "0" if "months" in unread else query.get("months", "")
    sort = query.get("sort", "")
    return Asked(
        body=query.get("body", ""),
        region=query.get("region", ""),
        kind=query.get("kind", "") if query.get("kind", "") in KINDS else "",
        months=int(months) if months in {str(one) for one in (0, *HORIZONS)} else SOON,
        sort=sort if sort in SORTS else "body",
    )


def unknown(query: Mapping[str, str], regions: Iterable[Any]) -> dict[str, str]:
    """What the address asks for that no filter knows, in sentences by name. One query, none without a
    body."""
    body = query.get("body", "")
    return unknown_values(
        query,
        (
            Filter("body", _("Who can prevent it"), subject_map([body]) if body else ()),
            Filter("region", _("Region"), {one.code for one in regions}),
            Filter("kind", _("What"), KINDS),
            Filter("months", _("Promised within"), {str(one) for one in (0, *HORIZONS)}),
            Filter("sort", _("Order"), SORTS),
        ),
    )


def break_rows(found: Iterable[BreaksLine], known: AsKnown) -> list[BreakRow]:
    """Promises that are likelier to break than to hold, in words and in the order given."""
    lines = list(found)
    parts = [row.with_part for row in lines if row.with_part]
    words = {one.key: one for one in words_of([*(row.line for row in lines), *parts], known)}
    return [
        replace(
            break_row(row, words[row.line.key], known),
            part=words[row.with_part.key] if row.with_part else None,
        )
        for row in lines
    ]


def with_earlier(rows: Iterable[BreakRow], known: AsKnown, states: States | None = None) -> list[BreakRow]:
    """The rows, each saying where another day is in force on the page than its run knew. Queries as
    `present_dues`."""
    found = list(rows)
    dues = present_dues((row.words.line for row in found), known, states)
    return [replace(row, earlier=replaced(row.words.line, dues)) for row in found]


def break_row(row: BreaksLine, words: ForecastWords, known: AsKnown) -> BreakRow:
    """One such promise."""
    line = row.line
    return BreakRow(
        words=words,
        due=line.due,
        days_left=row.days_left,
        left=_("%(time)s left") % {"time": span_words(row.days_left)} if row.days_left else _("today"),
        owner=line.holder.name if line.holder else _("Nobody was named"),
        owner_code=line.holder.code if line.holder else "",
        owner_href=known_link(known, "organisation", line.holder.code) if line.holder else "",
        helpers=[
            {
                "code": ref.code,
                "name": ref.name,
                "href": known_link(known, "organisation", ref.code),
                "share": chance_words(share),
                "own": bool(line.holder and ref.code == line.holder.code),
            }
            for ref, share in row.preventers
        ],
    )


def chosen(rows: Iterable[BreaksLine], wanted: Asked, day: dt.date) -> list[BreaksLine]:
    """The promises the reader asked for, in the order asked for."""
    last = add_months(day, wanted.months) if wanted.months else dt.date.max
    kept = [
        row
        for row in rows
        if (not wanted.kind or row.line.kind == wanted.kind)
        and (not wanted.region or row.line.region == wanted.region)
        and (not wanted.body or wanted.body in bodies_of(row))
        and (row.line.due is None or row.line.due <= last)
    ]
    return sorted(kept, key=_by_chance if wanted.sort == "chance" else _by_day)


def bodies_of(row: BreaksLine) -> dict[str, str]:
    """Who can still prevent it and who owes it: names by code."""
    found = {ref.code: ref.name for ref, _share in row.preventers}
    return found | ({row.line.holder.code: row.line.holder.name} if row.line.holder else {})


def _by_day(row: BreaksLine) -> tuple[dt.date, float]:
    return row.line.due or dt.date.max, row.line.chance or 0.0


def _by_chance(row: BreaksLine) -> tuple[float, dt.date]:
    return row.line.chance or 0.0, row.line.due or dt.date.max


def groups(rows: Sequence[BreakRow], holders: Iterable[HolderBreaks]) -> list[Group]:
    """The rows by the body that owes them: who has most to lose first."""
    by_code = {row.holder.code if row.holder else "": row for row in holders}
    found: dict[str, list[BreakRow]] = {}
    for row in rows:
        found.setdefault(row.owner_code, []).append(row)
    ordered = sorted(
        found, key=lambda code: (not code, -len(found[code]), found[code][0].due or dt.date.max)
    )  # what nobody was named for comes last
    return [
        Group(
            name=found[code][0].owner,
            href=promises_of(found[code][0].owner_href),
            note=holder_note(by_code.get(code)),
            rows=found[code],
        )
        for code in ordered
    ]


def promises_of(href: str) -> str:
    """The promises of a body on its page; empty for nobody."""
    return f"{href}#promises" if href else ""


def holder_note(row: HolderBreaks | None) -> str:
    """What else hangs on a body: promises of others it holds up."""
    if row is None or not row.holds_up:
        return ""
    words = ngettext(
        "It also holds up %(count)s promise of others.",
        "It also holds up %(count)s promises of others.",
        row.holds_up,
    )
    return words % {"count": row.holds_up}


def passed_lines(found: Breaks, known: AsKnown, *, invented: bool) -> list[dict[str, str]]:
    """What has passed already, each with its address: counted as on the page it leads to and on the front
    page, so promises that are merely said to be kept count too. Of the invented network, which these leave
    out, what its run knows. Queries as `country_states`."""
    if invented:
        count = sum(1 for line in found.passed if line.kind == "milestone")
        return [{"words": unproven_words(count), "href": ""}] if count else []
    states = country_states(known)
    promises = sum(1 for one in real(states.milestones) if one.passed)
    late = counts(real(states.instructions))["overdue"]
    lines = []
    if promises:
        href = known_link(known, "promise_list", status="passed")
        lines.append({"words": unproven_words(promises), "href": href})
    if late:
        href = known_link(known, "instruction_board", view="overdue")
        lines.append({"words": overdue_words(late), "href": href})
    return lines


def counted(rows: Iterable[BreaksLine]) -> int:
    """How many promises break, those left out that break with a part of theirs in the same list."""
    found = list(rows)
    listed = {row.line.key for row in found}
    return sum(1 for row in found if row.with_part is None or row.with_part.key not in listed)


def wholes_words(rows: Sequence[BreaksLine]) -> str:
    """That the list tells of wholes as well which break with a part that is counted; empty without any."""
    wholes = len(rows) - counted(rows)
    if not wholes:
        return ""
    return ngettext(
        "The list tells of %(count)s more, a whole that breaks because a part of it does: the part is "
        "counted.",
        "The list tells of %(count)s more, wholes that break because a part of theirs does: the parts are "
        "counted.",
        wholes,
    ) % {"count": wholes}


def headline(rows: Sequence[BreaksLine], wanted: Asked) -> str:
    """The news in a sentence; a whole that breaks with its part is not counted beside it."""
    count = counted(rows)
    if not rows and wanted.months:
        words = ngettext(
            "No promise of the next %(months)s month is likelier to break than to hold",
            "No promise of the next %(months)s months is likelier to break than to hold",
            wanted.months,
        )
        return words % {"months": wanted.months}
    if not rows:
        return _("No promise is likelier to break than to hold")
    if wanted.months:
        words = ngettext(
            "%(count)s promise of the next %(months)s months will probably not hold",
            "%(count)s promises of the next %(months)s months will probably not hold",
            count,
        )
        return words % {"count": count, "months": wanted.months}
    words = ngettext(
        "%(count)s promise will probably not hold", "%(count)s promises will probably not hold", count
    )
    return words % {"count": count}


def first_call(
    rows: Sequence[BreaksLine], known: AsKnown, told: Iterable[BreakRow] = ()
) -> dict[str, Any] | None:
    """Whom to call first: the soonest promise somebody else, or its holder, can still save. `told`: rows that
    are in words already."""
    if not rows:
        return None
    first = min(rows, key=_by_day)
    row = next((one for one in told if one.words.key == first.line.key), None)
    if row is None:
        row = with_earlier(break_rows([first], known), known)[0]
    return {
        "row": row,
        "helper": next(iter(row.others), None),
        "count": of_hundred(row.words.share),
        "day": formats.day(row.due) if row.due else "",
    }


def options(rows: Sequence[BreaksLine], regions: Iterable[Any], wanted: Asked) -> dict[str, Any]:
    """What the filters offer: only what the list has."""
    bodies: dict[str, str] = {}
    for row in rows:
        bodies |= bodies_of(row)
    has_region = {row.line.region for row in rows}
    kinds = {row.line.kind for row in rows}
    return {
        "bodies": choices(sorted(bodies.items(), key=lambda pair: pair[1]), wanted.body),
        "regions": choices(
            [(one.code, one.name) for one in regions if one.code in has_region], wanted.region
        ),
        "kinds": choices(
            [(code, words) for code, words in KINDS_CAPITAL.items() if code in kinds], wanted.kind
        ),
        "horizons": choices(
            [
                (str(one), ngettext("%(count)s month", "%(count)s months", one) % {"count": one})
                for one in HORIZONS
            ],
            str(wanted.months),
        ),
        "sorts": choices(
            [("body", _("by body")), ("day", _("soonest first")), ("chance", _("least likely first"))],
            wanted.sort,
        ),
    }


def csv_rows(rows: Iterable[BreakRow]) -> list[list[Any]]:
    """The list as rows of a download."""
    return [
        [
            row.words.key,
            row.words.kind,
            row.words.name,
            row.owner_code,
            row.words.line.region,
            row.due,
            row.days_left,
            row.words.line.told(50),
            row.words.line.told(80),
            list(row.words.line.beyond),
            list(row.words.line.by_now),
            row.words.share,
            [one["code"] for one in row.helpers],
            row.part.key if row.part else "",
            row.words.line.assumed_share,
            row.words.line.assumed_days,
            row.words.line.class_code,
            row.words.n,
            row.words.line.run,
            row.words.invented,
        ]
        for row in rows
    ]
