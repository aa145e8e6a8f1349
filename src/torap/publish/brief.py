"""The situation in words: the same one that the first page shows, for a terminal, a letter or another
program.

Sentences go through gettext; the situation itself holds codes and figures only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, TypeVar

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_noop as _

from torap.delivery.selectors import (
    ContradictionLine,
    DutyLine,
    Headline,
    Progress,
    PromiseLine,
    Ref,
    Situation,
    TurnLine,
    Value,
)
from torap.publish.units import unit_label
from torap.publish.wording import fact_words, issuer_words, qualified, quoted

FORMAT = "torap-brief/1"
SHOWN = 10
Line = TypeVar("Line")

SAID = {
    "no_word": _("nothing is said"),
    "not_started": _("said not to be started"),
    "under_way": _("said to be under way"),
    "part_done": _("said to be partly done"),
    "done": _("said to be done"),
    "not_reached": _("said not to be reached"),
}
EVIDENCED = {
    "none": _("no evidence"),
    "offered": _("evidence nobody else has checked"),
    "accepted": _("accepted evidence"),
    "rejected": _("evidence rejected"),
}
STEPS = {"co_executors": _("answers of the co-executors"), "report": _("report")}
CONFLICTS = {
    "conflict": _("bodies disagree"),
    "computed": _("computed against said"),
    "restated": _("restated by the same body"),
    "promise_conflict": _("two promises"),
    "status_conflict": _("said done, then not"),
    "done_date_conflict": _("two days of being done"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with its lines; `empty` is what stands there when there is no line."""

    title: str
    lines: tuple[str, ...]
    empty: str = ""


def brief_data(found: Situation) -> dict[str, Any]:
    """The situation as plain data: days as YYYY-MM-DD, decimals as text, with `as_of` and `facts_newest`."""
    return {"format": FORMAT, **_plain(asdict(found))}


def brief_text(found: Situation) -> str:
    """The situation for a terminal."""
    parts = [title(found), headline_sentence(found.headline), ""]
    for section in sections(found):
        parts += [section.title.upper()]
        parts += [f"  • {line}" for line in section.lines] or [f"  {section.empty}"]
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def brief_markdown(found: Situation) -> str:
    """The situation as Markdown."""
    parts = [f"# {_escape(title(found))}", "", f"**{_escape(headline_sentence(found.headline))}**", ""]
    for section in sections(found):
        parts += [f"## {_escape(section.title)}", ""]
        parts += [f"- {_escape(line)}" for line in section.lines] or [_escape(section.empty)]
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def title(found: Situation) -> str:
    """The first line: as known on which day, and how old the newest word is."""
    known = gettext("The situation as known on %(day)s") % {"day": _day(found.as_of)}
    newest, age = found.facts_newest, found.freshness.newest_age_days
    if newest is None or age is None:
        return known
    told = ngettext("newest word %(age)d day old", "newest word %(age)d days old", age) % {"age": age}
    return f"{known} ({told})"


def headline_sentence(headline: Headline) -> str:
    """The one sentence that says the news."""
    params = headline.params
    if headline.code == "empty":
        return gettext("Nothing is known on this day: load the facts of the country, or choose a later day.")
    late = {
        "instructions": ngettext(
            "%(n)d instruction is overdue", "%(n)d instructions are overdue", params["instructions"]
        )
        % {"n": params["instructions"]},
        "promises": ngettext(
            "%(n)d promise has passed without evidence",
            "%(n)d promises have passed without evidence",
            params["promises"],
        )
        % {"n": params["promises"]},
    }
    moved = gettext("%(moved)d of %(dated)d promised dates moved at least once") % {
        "moved": params["moved"],
        "dated": params["dated"],
    }
    if headline.code == "late_both":
        return f"{late['instructions']}; {late['promises']}; {moved}."
    if headline.code == "late_instructions":
        return f"{late['instructions']}; {moved}."
    if headline.code == "late_promises":
        return f"{late['promises']}; {moved}."
    if headline.code == "due_soon":
        due = params["due_instructions"] + params["due_promises"]
        near = ngettext("%(n)d thing falls due", "%(n)d things fall due", due) % {"n": due}
        return gettext("%(near)s within %(days)d days; nothing is late.") % {
            "near": near,
            "days": params["days"],
        }
    return gettext("Nothing is late, and nothing falls due within %(days)d days.") % {"days": params["days"]}


def sections(found: Situation) -> list[Section]:
    """The sections in the order of the first page."""
    nothing = gettext("Nothing.")
    late, due = found.overdue, found.due_30
    duties = [_duty(row) for row in (*late.instructions, *late.steps)]
    soft = [_duty(row) for row in late.past_not_binding]
    return [
        Section(title=gettext("Overdue instructions"), lines=_cut(duties), empty=nothing),
        Section(
            title=gettext("Past due, but no breach by the law as read"),
            lines=_cut(soft),
            empty=nothing,
        ),
        Section(
            title=gettext("Promises that passed without evidence"),
            lines=_few(late.promises, _promise),
            empty=nothing,
        ),
        Section(
            title=gettext("Due within %(days)d days") % {"days": due.within_days},
            lines=_cut(
                [_duty(r) for r in (*due.instructions, *due.steps)] + [_promise(r) for r in due.promises]
            ),
            empty=nothing,
        ),
        Section(
            title=gettext("Promises that fall next"),
            lines=_few(found.coming, _promise),
            empty=nothing,
        ),
        Section(
            title=gettext("Moved furthest from the first promise"),
            lines=_few(found.slipped_most, _slip),
            empty=nothing,
        ),
        Section(title=gettext("Whose turn it is"), lines=_few(found.whose_turn, _turn), empty=nothing),
        Section(
            title=gettext("National figures against targets"),
            lines=tuple(_progress(row) for row in found.progress),
            empty=gettext("No figure is known."),
        ),
        Section(
            title=gettext("Contradictions"),
            lines=(_contradiction_counts(found), *_few(found.contradictions.top, _contradiction)),
        ),
        Section(title=gettext("In the way"), lines=_few(found.blocked_by, _blocked), empty=nothing),
        Section(title=gettext("What is not known"), lines=_missing(found)),
    ]


def _duty(row: DutyLine) -> str:
    text = row.text.rstrip(". ")
    what = f"{text} – {gettext(STEPS[row.step])}" if row.step in STEPS else text
    bodies = ", ".join(ref.name for ref in row.executors)
    if row.co_executors and not row.step:
        others = ngettext("%(n)d co-executor", "%(n)d co-executors", row.co_executors) % {
            "n": row.co_executors
        }
        bodies = f"{bodies} + {others}" if bodies else others
    parts = [f"{what}: {_due(row.due, row.days)}"]
    if row.nominal is not None and row.nominal != row.due:
        parts.append(gettext("named for %(day)s, no working day") % {"day": _day(row.nominal)})
    parts += _answers(row)
    parts += [_word(SAID, row.said), _word(EVIDENCED, row.evidenced)]
    return "; ".join(parts) + (f" [{bodies}]" if bodies else "")


def _answers(row: DutyLine) -> list[str]:
    """How many of several bodies have answered, and who has not."""
    if not row.answered or len(row.executors) < 2:
        return []
    told = gettext("%(answered)d of %(count)d answered") % {
        "answered": len(row.answered),
        "count": len(row.executors),
    }
    waiting = ", ".join(ref.name for ref in row.executors if ref not in row.answered)
    return [told, *([gettext("not yet: %(bodies)s") % {"bodies": waiting}] if waiting else [])]


def _promise(row: PromiseLine) -> str:
    holder = f" [{row.holder.name}]" if row.holder else ""
    as_said = quoted(fact_words(row.current_as_said))
    return (
        f"{row.subject.name}, {row.name}: {_due(row.current, row.days)} ({as_said}); "
        f"{_word(SAID, row.said)}; {_word(EVIDENCED, row.evidenced)}{holder}"
    )


def _slip(row: PromiseLine) -> str:
    months = row.slip_months or 0
    later = ngettext("%(n)d month later", "%(n)d months later", months) % {"n": months}
    until = _month(row.slip_to) if row.slip_to else ""
    if row.slip_basis == "said_done":
        until = gettext("%(month)s (said to be done)") % {"month": until}
    return f"{row.subject.name}, {row.name}: {_month(row.first)} → {until}, {later}"


def _due(day: dt.date, days: int) -> str:
    if days < 0:
        return ngettext("due %(day)s, %(n)d day late", "due %(day)s, %(n)d days late", -days) % {
            "day": _day(day),
            "n": -days,
        }
    return ngettext("due %(day)s, in %(n)d day", "due %(day)s, in %(n)d days", days) % {
        "day": _day(day),
        "n": days,
    }


def _turn(row: TurnLine) -> str:
    counts = [
        ngettext("%(n)d instruction", "%(n)d instructions", row.instructions) % {"n": row.instructions},
        ngettext("%(n)d milestone", "%(n)d milestones", row.milestones) % {"n": row.milestones},
        ngettext("%(n)d obstacle", "%(n)d obstacles", row.obstacles) % {"n": row.obstacles},
    ]
    held = [
        text for text, n in zip(counts, (row.instructions, row.milestones, row.obstacles), strict=True) if n
    ]
    since = gettext("oldest since %(day)s") % {"day": _day(row.since)}
    late = ngettext("%(n)d overdue", "%(n)d overdue", row.overdue) % {"n": row.overdue} if row.overdue else ""
    following = gettext("next due %(day)s") % {"day": _day(row.next_due)} if row.next_due else ""
    return f"{_holder(row.holder)}: " + "; ".join(
        part for part in (", ".join(held), late, since, following) if part
    )


def _holder(ref: Ref) -> str:
    if ref.kind == "issuer":
        return issuer_words(ref.code)
    return ref.name


def _progress(row: Progress) -> str:
    years = []
    for year in row.years:
        if year.observed is not None:
            years.append(f"{year.year}: {_value(year.observed)}")
        elif year.missing:
            years.append(gettext("%(year)d: no data") % {"year": year.year})
    aims = [
        gettext("target for %(year)d: %(value)s") % {"year": year.year, "value": _value(year.target)}
        for year in row.years
        if year.target is not None and row.per_year is None
    ]
    parts = [f"{row.indicator.name}, {unit_label(row.unit)}: " + "; ".join([*years, *aims])]
    if row.latest is not None and row.latest.observed is not None and not any(y.observed for y in row.years):
        parts.append(
            gettext("newest %(value)s (%(year)d)")
            % {"value": _value(row.latest.observed), "year": row.latest.year}
        )
    if row.per_year is not None:
        parts.append(gettext("target %(value)s a year") % {"value": _value(row.per_year)})
    if row.goal is not None:
        parts.append(_goal(row))
    return "; ".join(parts)


def _goal(row: Progress) -> str:
    words = {
        "goal": _value(row.goal) if row.goal else "",
        "year": row.goal_year or row.to_year,
        "counted": _counted(row),
        "start": row.count_from or row.from_year,
    }
    sum_up = gettext("goal %(goal)s by %(year)d; measured since %(start)d: %(counted)s") % words
    notes = []
    if row.count_missing:
        lacking = ngettext("%(n)d ended year is missing", "%(n)d ended years are missing", row.count_missing)
        notes.append(lacking % {"n": row.count_missing})
    if row.counted_contradicted:
        years = ", ".join(str(year) for year in row.counted_contradicted)
        notes.append(gettext("contradicted by others: %(years)s") % {"years": years})
    return f"{sum_up} ({'; '.join(notes)})" if notes else sum_up


def _counted(row: Progress) -> str:
    """The sum of the measured years, no more exact than they were said."""
    if row.counted is None:
        return gettext("no data")
    ends = [_number(end) for end in (row.counted, row.counted_to) if end is not None]
    return qualified(row.counted_qualifier, "–".join(dict.fromkeys(ends)))


def _contradiction_counts(found: Situation) -> str:
    row = found.contradictions
    return gettext(
        "%(total)d in all: %(figures)d of figures, %(restated)d restatements, %(promises)d of promises, "
        "%(statuses)d of statuses and days done"
    ) % {
        "total": row.total,
        "figures": row.figures,
        "restated": row.restated,
        "promises": row.promises,
        "statuses": row.statuses,
    }


def _contradiction(row: ContradictionLine) -> str:
    ends = [_end(end) for end in (row.low, row.high) if end is not None]
    unit = unit_label(row.unit) if row.unit != "days" else ""
    between = (
        gettext("%(low)s against %(high)s") % {"low": ends[0], "high": ends[1]} if len(ends) == 2 else ""
    )
    kind = _word(CONFLICTS, row.kind)
    return " ".join(
        part for part in (f"{row.subject.name}, {row.what.name}: {between}", unit, f"({kind})") if part
    )


def _end(end: Decimal | dt.date) -> str:
    return _day(end) if isinstance(end, dt.date) else _number(end)


def _blocked(row: Any) -> str:
    holder = f" [{row.holder.name}]" if row.holder else ""
    age = ngettext("open %(n)d day", "open %(n)d days", row.days_open) % {"n": row.days_open}
    return f"{row.subject.name}: {row.text}; {age}{holder}"


def _missing(found: Situation) -> tuple[str, ...]:
    """Counts of what is lacking: no total may be read without them."""
    counts, fresh = found.counts, found.freshness
    rows = (
        (
            counts.milestones_said_done,
            _("milestones said to be done without accepted evidence: %(n)d of %(all)d"),
        ),
        (counts.milestones_without_word, _("milestones without any report: %(n)d of %(all)d")),
        (counts.milestones_without_promise, _("milestones without a promised date: %(n)d of %(all)d")),
        (
            fresh.silent_total,
            _("milestones nobody has spoken of since their promise passed: %(n)d of %(all)d"),
        ),
    )
    lines = [gettext(text) % {"n": n, "all": counts.milestones} for n, text in rows]
    orders = gettext("instructions whose deadline is not known: %(n)d of %(all)d") % {
        "n": counts.instructions_without_known_deadline,
        "all": counts.instructions,
    }
    lines.append(orders)
    if counts.invented_left_out:
        lines.append(gettext("invented records left out: %(n)d") % {"n": counts.invented_left_out})
    return tuple(lines)


def _few(rows: Sequence[Line], tell: Callable[[Line], str]) -> tuple[str, ...]:
    return _cut([tell(row) for row in rows])


def _cut(lines: Sequence[str]) -> tuple[str, ...]:
    """The first lines, and how many more there are: nothing is dropped in silence."""
    rest = len(lines) - SHOWN
    if rest <= 0:
        return tuple(lines)
    return (*lines[:SHOWN], ngettext("and %(n)d more", "and %(n)d more", rest) % {"n": rest})


def _word(words: dict[str, str], code: str) -> str:
    return gettext(words[code]) if code in words else code


def _value(value: Value) -> str:
    ends = [_number(end) for end in (value.low, value.high) if end is not None]
    shown = "–".join(dict.fromkeys(ends))
    told = qualified(value.qualifier, shown)
    return f"{told} ({gettext('contradicted')})" if value.contradicted else told


def _number(value: Decimal) -> str:
    return str(format_decimal(value, format="#,##0.##", locale=_locale()))


def _day(day: dt.date) -> str:
    return str(format_date(day, "d MMM y", locale=_locale()))


def _month(day: dt.date) -> str:
    return str(format_date(day, "LLL y", locale=_locale()))


def _locale() -> str:
    return (get_language() or "en")[:2]


def _escape(text: str) -> str:
    """Characters that Markdown would read as marks."""
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|" else char for char in text)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value.normalize().__format__("f")) if isinstance(value, Decimal) else value
