"""What a decision may look at, and how it answers.

A decision is not a clock: it is a pool, a control type, an eligibility. It may hand parameters back to the
engine (the control type chooses the co-executors' limit), and it always gives its reasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from torap.rules.calendar import WorkCalendar
from torap.rules.errors import NotKnown
from torap.rules.money import Rates, mci_of
from torap.rules.obligations.model import Edition, Finding, ParamValue, Reason
from torap.rules.obligations.resolve import Resolver
from torap.rules.obligations.timeline import Timeline

Spec = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionContext:
    """One case as a decision sees it. `resolver` computes dates with the parameters as given."""

    edition: Edition
    timeline: Timeline
    calendar: WorkCalendar
    params: Mapping[str, ParamValue]
    rates: Rates | None
    resolver: Resolver

    def number(self, name: str) -> Decimal | None:
        """A numeric parameter, or None when it was not given."""
        value = self.params.get(name)
        return value if isinstance(value, Decimal) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Parameters handed back to the engine, and findings."""

    params: Mapping[str, ParamValue] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A threshold in MCI turned into tenge. `tenge=None`: the MCI of the year is not known."""

    units: int
    year: int
    tenge: Decimal | None
    reasons: tuple[Reason, ...]


def mci_year(context: DecisionContext, spec: Spec) -> tuple[int, tuple[Reason, ...]]:
    """The year whose MCI counts: parameter `year`, else that of the first event the rule names, else that of
    the day a step named by the rule is expected to start, else today's.
    """
    given = context.number("year")
    if given is not None:
        return int(given), ()
    for name in spec.get("year_of", ()):
        event = context.timeline.last(name)
        if event is not None:
            return event.on.year, (Reason(code="year_of_event", params={"event": name}, day=event.on),)
    step = spec.get("year_of_start")
    start = context.resolver.dates(str(step)).start if step is not None else None
    if start is not None:
        return start.day.year, (Reason(code="year_projected", params={"step": step}, day=start.day),)
    year = context.timeline.known_on.year
    return year, (Reason(code="year_assumed", params={"year": year}),)


def threshold(context: DecisionContext, spec: Spec, units: int) -> Threshold:
    """`units` MCI in tenge of the year that counts, with the reasons."""
    year, reasons = mci_year(context, spec)
    basis = spec.get("article")
    try:
        if context.rates is None:
            raise NotKnown("no rates given")
        value = mci_of(context.rates, year)
    except NotKnown:
        unknown = Reason(code="mci_not_known", params={"year": year}, basis=basis)
        return Threshold(units=units, year=year, tenge=None, reasons=(*reasons, unknown))
    tenge = (value.value or Decimal(0)) * units
    params = {"units": units, "year": year, "mci": value.value, "tenge": tenge, "source": value.source}
    return Threshold(
        units=units,
        year=year,
        tenge=tenge,
        reasons=(*reasons, Reason(code="threshold_mci", params=params, basis=basis)),
    )


def needs(code: str, *names: str, basis: str | None = None) -> Decided:
    """A finding that cannot be made because parameters are missing."""
    reason = Reason(code="needs_params", params={"params": names}, basis=basis)
    return Decided(findings=(Finding(code=code, value=None, reasons=(reason,)),))


def confidence_note(spec: Spec) -> tuple[Reason, ...]:
    """The note that a rule stands on less than the text of an act."""
    confidence = str(spec.get("confidence", "high"))
    if confidence == "high":
        return ()
    return (Reason(code="confidence", params={"confidence": confidence}, basis=spec.get("article")),)
