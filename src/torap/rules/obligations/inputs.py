"""Reading of what a person gives: event names with their synonyms, parameters with their types.

Every refusal names what was given and lists what the edition takes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from torap.rules.errors import BadValue, UnknownEvent, UnknownParameter, listed, nearest
from torap.rules.obligations.model import Edition, Event, EventSpec, ParamSpec, ParamValue

GENERIC_EVENTS = (
    EventSpec(name="paused", title="the clock is stopped", also=("suspended", "pause"), repeats=True),
    EventSpec(name="resumed", title="the clock runs again", also=("continued", "resume"), repeats=True),
    EventSpec(
        name="extended",
        title="the term is extended (new date in extended_to)",
        also=("extension_granted", "extension"),
        repeats=True,
    ),
    EventSpec(name="withdrawn", title="the request is withdrawn: what is open ends", also=("cancelled",)),
)
GENERIC_PARAMS = (
    ParamSpec(
        name="extended_to",
        kind="dates",
        title="new date of each `extended` event, in their order",
        also=("new_date",),
    ),
    ParamSpec(
        name="start_rule", kind="choice", choices=("exclude", "include"), title="count the trigger day or not"
    ),
    ParamSpec(
        name="roll_rule", kind="choice", choices=("forward", "none"), title="roll the end to a working day"
    ),
)
TRUE_WORDS = frozenset({"true", "yes", "y", "1", "on"})
FALSE_WORDS = frozenset({"false", "no", "n", "0", "off"})
LARGEST = Decimal(10) ** 18  # no sum or quantity of a case is larger; more is a slip of the hand
DAY_FORM = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOMENT_FORM = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?", re.ASCII)
_BETWEEN_WORDS = re.compile(r"[\s_/,.()'\-]+")
COMMA_GROUPS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)


def normal(name: str) -> str:
    """One spelling for names: lower case, one underscore for whatever stands between the words."""
    return _BETWEEN_WORDS.sub("_", name.strip().lower()).strip("_")


def event_specs(edition: Edition) -> dict[str, EventSpec]:
    """Own and generic events of an edition by canonical name."""
    specs = dict(edition.events)
    for spec in GENERIC_EVENTS:
        specs.setdefault(spec.name, spec)
    return specs


def param_specs(edition: Edition) -> dict[str, ParamSpec]:
    """Own and generic parameters of an edition by canonical name."""
    specs = dict(edition.params)
    for spec in GENERIC_PARAMS:
        specs.setdefault(spec.name, spec)
    return specs


def event_name(edition: Edition, given: str) -> str:
    """The canonical name of an event; `done_<step>` stands for the first event that discharges the step."""
    name = normal(given)
    specs = event_specs(edition)
    names = {alias: spec.name for spec in reversed(specs.values()) for alias in spec.also}
    names |= {f"done_{normal(row.step)}": row.done_by[0] for row in edition.obligations if row.done_by}
    names |= {known: known for known in specs}
    if name in names:
        return names[name]
    raise UnknownEvent(
        f"{edition.procedure} has no event '{given}'.{nearest(name, names)} It knows: {listed(specs)}.",
        procedure=edition.procedure,
        event=given,
        allowed=sorted(specs),
    )


def canonical_events(edition: Edition, events: Iterable[Event]) -> tuple[Event, ...]:
    """The events under canonical names, in an order that does not depend on the order given.

    `BadValue` when an event that happens once in a case is given with two days; the same twice counts once.
    """
    named = dict.fromkeys(replace(event, name=event_name(edition, event.name)) for event in events)
    ordered = sorted(named, key=lambda e: (e.on, e.at or dt.time.min, e.name, str(e.until)))
    again = repeating(edition)
    first: dict[str, Event] = {}
    for event in ordered:
        if event.name in again:
            continue
        known = first.setdefault(event.name, event)
        if known is not event:
            raise BadValue(
                f"'{event.name}' is given twice, {_moment(known)} and {_moment(event)}; it happens once in a "
                f"case: give one day.",
                event=event.name,
            )
    return tuple(ordered)


def repeating(edition: Edition) -> frozenset[str]:
    """Events that may happen many times in a case: marked so, or answering to a recurring duty."""
    marked = {spec.name for spec in event_specs(edition).values() if spec.repeats}
    for row in edition.obligations:
        if row.limit.dates or row.limit.form == "every":
            marked |= set(row.done_by)
    return frozenset(marked)


def _moment(event: Event) -> str:
    return f"{event.on.isoformat()}T{event.at:%H:%M}" if event.at else event.on.isoformat()


def typed_params(edition: Edition, given: Mapping[str, Any]) -> dict[str, ParamValue]:
    """Parameters under canonical names with their types; defaults filled in, unknown names refused."""
    specs = param_specs(edition)
    by_name = {alias: spec for spec in specs.values() for alias in (spec.name, *spec.also)}
    values: dict[str, ParamValue] = {
        spec.name: spec.default for spec in specs.values() if spec.default is not None
    }
    named: dict[str, str] = {}
    for raw_name, raw in given.items():
        spec = by_name.get(normal(raw_name))
        if spec is None:
            raise UnknownParameter(
                f"{edition.procedure} takes no parameter '{raw_name}'."
                f"{nearest(normal(raw_name), {alias: known.name for alias, known in by_name.items()})} "
                f"It takes: {listed(specs)}.",
                procedure=edition.procedure,
                parameter=raw_name,
                allowed=sorted(specs),
            )
        if spec.name in named:
            raise BadValue(
                f"{spec.name} is given twice, as {named[spec.name]} and as {raw_name}; give it once.",
                parameter=spec.name,
            )
        named[spec.name] = raw_name
        values[spec.name] = read_value(spec, raw)
    return values


def read_value(spec: ParamSpec, raw: Any) -> ParamValue:
    """One value of a parameter, from text or already typed."""
    text = _as_text(raw).strip()
    if spec.kind == "choice":
        return _choice(spec, text)
    if spec.kind == "text":
        return text
    readers: dict[str, Callable[[str], ParamValue]] = {
        "money": _decimal,
        "number": _decimal,
        "bool": _bool,
        "date": read_day,
        "dates": _dates,
    }
    try:
        value = readers[spec.kind](text)
    except (ValueError, InvalidOperation):
        raise BadValue(
            f"{spec.name}={raw}: not a {_KIND_WORDS[spec.kind]}.", parameter=spec.name, value=raw
        ) from None
    if isinstance(value, Decimal):
        _check_range(spec, value, text)
    return value


def _check_range(spec: ParamSpec, value: Decimal, text: str) -> None:
    """`BadValue` with the numbers allowed."""
    if value < 0:
        problem = "may not be negative"
    elif spec.whole and value != value.to_integral_value():
        problem = "takes whole numbers only"
    elif value < spec.low or value > (spec.high if spec.high is not None else LARGEST):
        problem = "lies outside what is allowed"
    else:
        return
    kind = "whole number" if spec.whole else "number"
    end = f"to {spec.high:f}" if spec.high is not None else "up"
    raise BadValue(
        f"{spec.name}={text[:40]}: {problem}; give a {kind} from {spec.low:f} {end}.",
        parameter=spec.name,
        value=text,
    )


_KIND_WORDS = {
    "money": "sum; write digits, for example 600000000",
    "number": "number; write digits, for example 750",
    "bool": "yes or no; write true or false",
    "date": "date; write YYYY-MM-DD",
    "dates": "list of dates; write YYYY-MM-DD, several with commas",
}


def _as_text(raw: Any) -> str:
    if isinstance(raw, tuple | list):
        return ",".join(_as_text(item) for item in raw)
    if isinstance(raw, dt.date):
        return raw.isoformat()
    return str(raw)


def _choice(spec: ParamSpec, text: str) -> str:
    value = normal(text)
    value = spec.aliases.get(value, value)
    if value not in spec.choices:
        names = {**spec.aliases, **{choice: choice for choice in spec.choices}}
        raise BadValue(
            f"{spec.name}={text}: not a choice.{nearest(value, names)} Choose one of {listed(spec.choices)}.",
            parameter=spec.name,
            value=text,
            allowed=sorted(spec.choices),
        )
    return value


def _decimal(text: str) -> Decimal:
    if "," in text and not COMMA_GROUPS.fullmatch(text):
        raise ValueError(text)  # "1,5" may mean 1.5 or 15
    value = Decimal(text.replace("_", "").replace(" ", "").replace(",", ""))
    if not value.is_finite():
        raise ValueError(text)
    return value


def _bool(text: str) -> bool:
    word = text.lower()
    if word in TRUE_WORDS | FALSE_WORDS:
        return word in TRUE_WORDS
    raise ValueError(text)


def read_day(text: str) -> dt.date:
    """A day written YYYY-MM-DD, and in no other way. `ValueError` otherwise."""
    if not DAY_FORM.fullmatch(text.strip()):
        raise ValueError(text)
    return dt.date.fromisoformat(text.strip())


def read_moment(text: str) -> tuple[dt.date, dt.time | None]:
    """A day, or a day with its time as YYYY-MM-DDTHH:MM[:SS]. `ValueError` otherwise."""
    found = MOMENT_FORM.fullmatch(text.strip())
    if found is None:
        return read_day(text), None
    return read_day(found[1]), dt.time.fromisoformat(found[2] + (found[3] or ""))


def _dates(text: str) -> tuple[dt.date, ...]:
    return tuple(read_day(part) for part in text.split(",") if part.strip())
