"""The checks of single sections that need more than the row itself: units, periods, when a thing was said.

Each check adds findings and notes what it worked out (`resolved`) for loading.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from torap.intake.graph import Graph
from torap.intake.known import AttributeFact, Known, PublisherFact
from torap.intake.problems import Problem
from torap.intake.readers.row_sayings import (
    Claim,
    Instruction,
    InstructionEvent,
    Money,
    Obstacle,
    ObstacleEvent,
    Promise,
    PromisedDates,
    Report,
    UtilityMove,
)
from torap.intake.readers.row_things import Attribute, Indicator, Publisher, Source
from torap.intake.readers.values import Interval
from torap.intake.readers.yaml_rows import FileRow, nearest
from torap.rules.claims import observed_too_early
from torap.rules.intervals import BadPeriod, parse_period
from torap.rules.units import UNITS, same_dimension


@dataclass(slots=True)
class Finding:
    """What a check says of one row: findings, and values worked out."""

    row: FileRow
    problems: list[Problem] = field(default_factory=list)
    resolved: dict[str, Any] = field(default_factory=dict)

    def error(self, code: str, *path: str | int, **params: Any) -> None:
        """Refuse the row."""
        self.problems.append(self.row.problem(code, *path, **params))

    def warn(self, code: str, *path: str | int, **params: Any) -> None:
        """Say something without refusing the row."""
        self.problems.append(self.row.problem(code, *path, severity="warning", **params))


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a check may ask about other rows: those of the load first, then those of the database."""

    graph: Graph
    known: Known
    today: dt.date

    def published(self, source: str) -> Interval | None:
        """When a source was published."""
        row = self.graph.find("sources", source)
        return (
            row.data.published if row and isinstance(row.data, Source) else self.known.published.get(source)
        )

    def publisher(self, code: str) -> PublisherFact | None:
        """Name, class and domains of a publisher."""
        row = self.graph.find("publishers", code)
        if row and isinstance(row.data, Publisher):
            data = row.data
            return PublisherFact(name=data.name.en, source_class=data.source_class, domains=data.domains)
        return self.known.publishers.get(code)

    def attribute(self, code: str) -> AttributeFact | None:
        """Shape and unit of an attribute."""
        row = self.graph.find("attributes", code)
        if row and isinstance(row.data, Attribute):
            return AttributeFact(kind=row.data.kind, unit=row.data.unit)
        return self.known.attributes.get(code)

    def indicator_unit(self, code: str) -> str:
        """The unit of an indicator, or an empty text when `code` is none."""
        row = self.graph.find("indicators", code)
        if row and isinstance(row.data, Indicator):
            return row.data.unit
        return self.known.indicator_units.get(code, "")


def _source(data: Source, out: Finding, lookup: Lookup) -> None:
    if data.published.end > lookup.today:
        out.error("in_future", "published", value=data.published.end.isoformat())
    if not data.url and not data.title:
        out.error("source_unnamed", "url")
    publisher = lookup.publisher(data.publisher)
    if publisher is None:
        return
    out.resolved |= {"publisher_name": publisher.name, "source_class": publisher.source_class}
    host = (urlsplit(data.url).hostname or "").removeprefix("www.")
    own = [domain.removeprefix("www.") for domain in publisher.domains]
    if host and own and not any(host == d or host.endswith(f".{d}") for d in own):
        out.warn("domain_of_another", "url", host=host, publisher=data.publisher, domains=", ".join(own))


def _attribute(data: Attribute, out: Finding, lookup: Lookup) -> None:
    if data.unit and data.unit not in UNITS:
        _unknown_unit(out, data.unit)
    elif data.kind == "money" and data.unit and not UNITS[data.unit].currency:
        out.error("unit_not_money", "unit", unit=data.unit)


def _indicator(data: Indicator, out: Finding, lookup: Lookup) -> None:
    if data.unit not in UNITS:
        _unknown_unit(out, data.unit)


def _unknown_unit(out: Finding, unit: str) -> None:
    out.error("unknown_unit", "unit", unit=unit, nearest=nearest(unit, UNITS))


def _claim(data: Claim, out: Finding, lookup: Lookup) -> None:
    _said(data, out, lookup)
    said: Interval | None = out.resolved.get("said")
    if (
        said
        and data.nature == "observed"
        and data.about is not None
        and observed_too_early(data.about.start, said.end)
    ):
        out.error("observed_before_its_time", "about", begins=str(data.about.start), said=str(said.end))
    attribute = lookup.attribute(data.attribute)
    if attribute is None:
        return
    has_value = data.low is not None or data.high is not None
    if attribute.kind in ("category", "text"):
        if has_value:
            out.error("value_and_text", "value", attribute=data.attribute, kind=attribute.kind)
        if data.text is None:
            out.error("text_missing", "text", attribute=data.attribute, kind=attribute.kind)
        return
    if data.text is not None:
        out.error("value_and_text", "text", attribute=data.attribute, kind=attribute.kind)
    if not has_value:
        out.error("number_missing", "value", attribute=data.attribute)
    _claim_unit(data, out, attribute, lookup.indicator_unit(data.subject))


def _claim_unit(data: Claim, out: Finding, attribute: AttributeFact, of_indicator: str) -> None:
    """A number needs a unit of the attribute's kind (of the indicator's, where the attribute has none)."""
    wanted = attribute.unit or of_indicator
    if not data.unit:
        if wanted:
            out.error("unit_missing", "unit", attribute=data.attribute, wanted=wanted)
    elif data.unit not in UNITS:
        _unknown_unit(out, data.unit)
    elif attribute.kind == "money":
        if not UNITS[data.unit].currency:
            out.error("unit_not_money", "unit", unit=data.unit)
    elif wanted and not same_dimension(data.unit, wanted):
        out.error("unit_not_convertible", "unit", unit=data.unit, wanted=wanted, attribute=data.attribute)


def _money(data: Money, out: Finding, lookup: Lookup) -> None:
    _said(data, out, lookup)
    if data.currency not in UNITS:
        out.error("unknown_currency", "currency", value=data.currency)


def _promise(data: Promise, out: Finding, lookup: Lookup) -> None:
    _said(data, out, lookup)
    promised = data.promised
    said: Interval | None = out.resolved.get("said")
    if isinstance(promised, PromisedDates):
        out.resolved |= {"earliest": promised.start, "latest": promised.end, "as_said": data.as_said}
        _not_past(promised.end, said, out)
        return
    try:
        period = parse_period(promised, said=said.end if said else None)
    except BadPeriod as error:
        out.error("bad_period", "promised", value=promised, word=str(error.params.get("word") or ""))
        return
    out.resolved |= {
        "earliest": period.earliest,
        "latest": period.latest,
        "as_said": data.as_said or promised,
    }
    _not_past(period.latest, said, out)


def _not_past(latest: dt.date, said: Interval | None, out: Finding) -> None:
    if said and latest < said.start:
        out.error("promised_past", "promised", promised=str(latest), said=str(said.start))


def _report(data: Report, out: Finding, lookup: Lookup) -> None:
    _said(data, out, lookup)
    if data.done_on is None:
        return
    if data.state != "done":
        out.error("done_on_without_done", "done_on", state=data.state)
    said: Interval | None = out.resolved.get("said")
    if said and data.done_on.start > said.end:
        out.error("done_after_said", "done_on", done=str(data.done_on.start), said=str(said.end))


def _said_only(data: Any, out: Finding, lookup: Lookup) -> None:
    _said(data, out, lookup)


def _event(data: InstructionEvent | ObstacleEvent, out: Finding, lookup: Lookup) -> None:
    """Without a source or a day of saying, what happened was known when it happened."""
    happened = data.happened
    day = happened if isinstance(happened, Interval) else Interval(start=happened, end=happened)
    if day.start > lookup.today:
        out.error("in_future", "happened", value=day.start.isoformat())
    _said(data, out, lookup, default=day)


def _said(data: Any, out: Finding, lookup: Lookup, *, default: Interval | None = None) -> None:
    """When the world could know: as the row says, else when its source was published."""
    published = lookup.published(data.source) if data.source else None
    given: Interval | None = getattr(data, "said", None)
    said = given or published or default
    if said is None:
        out.error("said_missing", "said")
        return
    out.resolved["said"] = said
    if given is None:
        return
    if given.end > lookup.today:
        out.error("in_future", "said", value=given.end.isoformat())
    elif published and given.start > published.end and not getattr(data, "derived", False):
        out.error("said_after_source", "said", said=str(given.start), published=str(published.end))
    elif published and given.end < published.start:
        out.warn("said_before_source", "said", said=str(given.end), published=str(published.start))


def _link(data: Any, out: Finding, lookup: Lookup) -> None:
    if data.before == data.after:
        out.error("link_to_itself", "to", name=data.after)
    _said(data, out, lookup)


def _calendar_edit(data: Any, out: Finding, lookup: Lookup) -> None:
    if out.row.invented:  # real clocks are counted with it: there is no invented calendar
        out.error("invented_calendar", "day", value=str(data.day))
    if data.known_from > lookup.today:
        out.error("in_future", "known_from", value=data.known_from.isoformat())


ROW_CHECKS: dict[str, Callable[[Any, Finding, Lookup], None]] = {
    Source.section: _source,
    Attribute.section: _attribute,
    Indicator.section: _indicator,
    Claim.section: _claim,
    Money.section: _money,
    Promise.section: _promise,
    Report.section: _report,
    UtilityMove.section: _said_only,
    Instruction.section: _said_only,
    Obstacle.section: _said_only,
    "delivery_links": _link,
    "dropped_links": _said_only,
    InstructionEvent.section: _event,
    ObstacleEvent.section: _event,
    "calendar_edits": _calendar_edit,
}
