"""Reading of what a person gives: event names with their synonyms, parameters with their types.

Every refusal names what was given and lists what the edition takes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from torap.rules.errors import BadValue, UnknownEvent, UnknownParameter, listed
from torap.rules.obligations.model import Edition, Event, EventSpec, ParamSpec, ParamValue

GENERIC_EVENTS = (
    EventSpec(name="paused", title="the clock is stopped", also=("suspended", "pause")),
    EventSpec(name="resumed", title="the clock runs again", also=("continued", "resume")),
    EventSpec(
        name="extended", title="the term is extended (new date in extended_to)", also=("extension_granted",)
    ),
    EventSpec(name="withdrawn", title="the request is withdrawn: what is open ends", also=("cancelled",)),
)
GENERIC_PARAMS = (
    ParamSpec(name="extended_to", kind="dates", title="new date of each `extended` event, in their order"),
    ParamSpec(
        name="start_rule", kind="choice", choices=("exclude", "include"), title="count the trigger day or not"
    ),
    ParamSpec(
        name="roll_rule", kind="choice", choices=("forward", "none"), title="roll the end to a working day"
    ),
)
TRUE_WORDS = frozenset({"true", "yes", "y", "1", "on"})
FALSE_WORDS = frozenset({"false", "no", "n", "0", "off"})


def normal(name: str) -> str:
    """One spelling for names: lower case, underscores."""
    return name.strip().lower().replace("-", "_").replace(" ", "_")


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
    if name in specs:
        return name
    for spec in specs.values():
        if name in spec.also:
            return spec.name
    for row in edition.obligations:
        if name == f"done_{normal(row.step)}" and row.done_by:
            return row.done_by[0]
    raise UnknownEvent(
        f"{edition.procedure} has no event '{given}'; it knows: {listed(specs)}.",
        procedure=edition.procedure,
        event=given,
        allowed=sorted(specs),
    )


def canonical_events(edition: Edition, events: Iterable[Event]) -> tuple[Event, ...]:
    """The events under canonical names, in an order that does not depend on the order given."""
    named = [replace(event, name=event_name(edition, event.name)) for event in events]
    return tuple(sorted(named, key=lambda e: (e.on, e.at or dt.time.min, e.name, str(e.until))))


def typed_params(edition: Edition, given: Mapping[str, Any]) -> dict[str, ParamValue]:
    """Parameters under canonical names with their types; defaults filled in, unknown names refused."""
    specs = param_specs(edition)
    by_name = {alias: spec for spec in specs.values() for alias in (spec.name, *spec.also)}
    values: dict[str, ParamValue] = {
        spec.name: spec.default for spec in specs.values() if spec.default is not None
    }
    for raw_name, raw in given.items():
        spec = by_name.get(normal(raw_name))
        if spec is None:
            raise UnknownParameter(
                f"{edition.procedure} takes no parameter '{raw_name}'; it takes: {listed(specs)}.",
                procedure=edition.procedure,
                parameter=raw_name,
                allowed=sorted(specs),
            )
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
        "date": _date,
        "dates": _dates,
    }
    try:
        return readers[spec.kind](text)
    except (ValueError, InvalidOperation):
        raise BadValue(
            f"{spec.name}={raw}: not a {_KIND_WORDS[spec.kind]}.", parameter=spec.name, value=raw
        ) from None


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
        raise BadValue(
            f"{spec.name}={text}: choose one of {listed(spec.choices)}.",
            parameter=spec.name,
            value=text,
            allowed=sorted(spec.choices),
        )
    return value


def _decimal(text: str) -> Decimal:
    value = Decimal(text.replace("_", "").replace(" ", "").replace(",", ""))
    if not value.is_finite() or value < 0:
        raise ValueError(text)
    return value


def _bool(text: str) -> bool:
    word = text.lower()
    if word in TRUE_WORDS | FALSE_WORDS:
        return word in TRUE_WORDS
    raise ValueError(text)


def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _dates(text: str) -> tuple[dt.date, ...]:
    return tuple(_date(part.strip()) for part in text.split(",") if part.strip())
