"""From the rows of facts files to the arguments of the services: one small function per section."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torap.common.models import User
from torap.delivery import services as delivery
from torap.delivery.selectors import ProposedEdit
from torap.intake.check import CheckedRow
from torap.intake.readers.values import Interval, Texts
from torap.registry import services as registry

Days = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a row is written: the key of its record, its version, and the key of the record it corrects."""

    key: str
    version: int = 1
    corrects: str = ""
    members: tuple[str, ...] | None = None  # of a programme: those written already, when not all are


def claim_fields(row: CheckedRow, place: Place) -> registry.ClaimFields:
    """A claim as the registry takes it."""
    data: Any = row.row.data
    fields: registry.ClaimFields = {
        "key": place.key,
        "subject": data.subject,
        "attribute": data.attribute,
        "source": data.source,
        "scope": data.scope,
        "nature": data.nature,
        "value": None if data.low is None else (data.low, data.high),
        "unit": data.unit,
        "qualifier": data.qualifier,
        "text": _texts(data.text),
        "about": _days(data.about),
        "confidence": data.confidence,
        "derived": data.derived,
        "note": _texts(data.note),
        "corrects": place.corrects or None,
        "invented": row.row.invented,
        **_said(row),  # type: ignore[typeddict-item]
    }
    return fields


def _claim(by: User, row: CheckedRow, place: Place) -> None:
    registry.claim_add(by=by, **claim_fields(row, place))


def _source(by: User, row: CheckedRow, place: Place) -> None:
    data: Any = row.row.data
    registry.source_add(
        by=by,
        code=data.id,
        publisher=row.resolved["publisher_name"],
        source_class=row.resolved["source_class"],
        url=data.url,
        title=data.title,
        language=data.language,
        published=_days(data.published),
        date_note=data.date_note or data.published.note,
        invented=row.row.invented,
    )


def _region(by: User, row: CheckedRow, place: Place) -> None:
    data: Any = row.row.data
    registry.region_save(by=by, code=data.code, name=_name(data))


def _attribute(by: User, row: CheckedRow, place: Place) -> None:
    data: Any = row.row.data
    registry.attribute_save(
        by=by, name=_name(data), **_plain(data, "code kind unit tolerance window_days group")
    )


def _organisation(by: User, row: CheckedRow, place: Place) -> None:
    data: Any = row.row.data
    registry.organisation_save(by=by, **_subject(row), **_plain(data, "type region parent country"))


def _place(by: User, row: CheckedRow, place: Place) -> None:
    data: Any = row.row.data
    registry.place_save(
        by=by,
        **_subject(row),
        **_plain(data, "type region district parent neighbours managing_company"),
        points=[point.model_dump() for point in data.points],
        crossings=[
            {"name": _texts(one.name), "neighbour": one.neighbour, "mode": one.mode} for one in data.crossings
        ],
    )


def _link(by: User, row: CheckedRow, place: Place) -> None:
    registry.link_save(by=by, **_subject(row), **_plain(row.row.data, "type line line_note"))


def _programme(by: User, row: CheckedRow, place: Place) -> None:
    data: Any = row.row.data
    members = data.members if place.members is None else place.members
    registry.programme_save(by=by, **_subject(row), members=members)


def _indicator(by: User, row: CheckedRow, place: Place) -> None:
    data: Any = row.row.data
    registry.indicator_save(
        by=by, **_subject(row), **_plain(data, "unit programme higher_is_better"), gap=_texts(data.gap)
    )


def _project(by: User, row: CheckedRow, place: Place) -> None:
    names = "type place place_note region investor countries sector isic same_as"
    registry.project_save(by=by, **_subject(row), **_plain(row.row.data, names))


def money_fields(row: CheckedRow, place: Place) -> dict[str, Any]:
    """An amount as the registry takes it."""
    names = "project stage amount currency source qualifier part note"
    return {"key": place.key, **_plain(row.row.data, names), **_said(row), "invented": row.row.invented}


def _money(by: User, row: CheckedRow, place: Place) -> None:
    registry.money_add(by=by, **money_fields(row, place))


def _utility(by: User, row: CheckedRow, place: Place) -> None:
    names = "place kind move basis amount effective_from source"
    registry.utility_entry_add(
        by=by, key=place.key, **_plain(row.row.data, names), **_said(row), invented=row.row.invented
    )


def proposed_edit(row: CheckedRow) -> ProposedEdit:
    """An edit of one day as delivery takes it."""
    data: Any = row.row.data
    names = "day working known_from kind source_title source_url confidence"
    return ProposedEdit(title=_texts(data.title) or {}, **_plain(data, names))


def _calendar_edit(by: User, row: CheckedRow, place: Place) -> None:
    delivery.calendar_edit_apply(by=by, edits=[proposed_edit(row)])


def _milestone(by: User, row: CheckedRow, place: Place) -> None:
    data: Any = row.row.data
    delivery.milestone_save(
        by=by, name=_name(data), **_plain(data, "code subject type holder"), invented=row.row.invented
    )


def promise_fields(row: CheckedRow, place: Place) -> dict[str, Any]:
    """A promise as delivery takes it, save what it corrects."""
    data: Any = row.row.data
    return {
        "key": place.key,
        **_plain(data, "milestone source yardstick"),
        **{name: row.resolved[name] for name in ("as_said", "earliest", "latest")},
        "reason": _texts(data.reason),
        "note": _texts(data.note),
        **_said(row),
        "invented": row.row.invented,
    }


def _promise(by: User, row: CheckedRow, place: Place) -> None:
    delivery.promise_add(by=by, corrects=place.corrects or None, **promise_fields(row, place))


def report_fields(row: CheckedRow, place: Place) -> dict[str, Any]:
    """A report as delivery takes it, save what it corrects."""
    data: Any = row.row.data
    return {
        "key": place.key,
        **_plain(data, "milestone state source percent"),
        "done_on": _days(data.done_on),
        "text": _texts(data.text),
        **_said(row),
        "invented": row.row.invented,
    }


def _report(by: User, row: CheckedRow, place: Place) -> None:
    delivery.report_add(by=by, corrects=place.corrects or None, **report_fields(row, place))


def _instruction(by: User, row: CheckedRow, place: Place) -> None:
    data: Any = row.row.data
    said: Interval = row.resolved["said"]
    delivery.instruction_save(
        by=by,
        text=_texts(data.text) or {},
        session=_texts(data.session),
        done_means=_texts(data.done_means),
        given=(data.given.start, data.given.end),
        deadline_kind=data.deadline.kind,
        deadline_on=data.deadline.on,
        deadline_said=data.deadline.as_said,
        executors=[(executor.organisation, executor.role) for executor in data.executors],
        law_params=data.params,
        said=(said.start, said.end),
        said_note=said.note or data.given.note,
        **_plain(data, "code issuer source executors_said subjects tags"),
        invented=row.row.invented,
    )


def _instruction_event(by: User, row: CheckedRow, place: Place) -> None:
    data: Any = row.row.data
    delivery.instruction_event_add(
        by=by,
        key=place.key,
        happened=(data.happened.start, data.happened.end),
        said_state=data.state,
        text=_texts(data.text),
        **_plain(data, "instruction type organisation new_deadline ground source"),
        **_said(row),
        invented=row.row.invented,
    )


def _obstacle(by: User, row: CheckedRow, place: Place) -> None:
    data: Any = row.row.data
    delivery.obstacle_save(
        by=by,
        text=_texts(data.text) or {},
        **_plain(data, "code blocks milestone holder raised_by source"),
        **_said(row),
        invented=row.row.invented,
    )


def _obstacle_event(by: User, row: CheckedRow, place: Place) -> None:
    data: Any = row.row.data
    said: Interval = row.resolved["said"]
    delivery.obstacle_event_add(
        by=by,
        happened_on=data.happened,
        said=(said.start, said.end),
        **_plain(data, "obstacle type rung note source"),
        invented=row.row.invented,
    )


def _evidence(by: User, row: CheckedRow, place: Place) -> None:
    names = "milestone instruction type shows_on title url given_by"
    delivery.evidence_add(by=by, **_plain(row.row.data, names), invented=row.row.invented)


def link_fields(row: CheckedRow, place: Place) -> delivery.LinkFields:
    """A link of the delivery network as delivery takes it."""
    data: Any = row.row.data
    fields: delivery.LinkFields = {
        "key": place.key,
        "before": data.before,
        "after": data.after,
        "type": data.type,
        "lag": data.lag,
        "lag_unit": data.lag_in,
        "why": _texts(data.why),
        "source": data.source,
        "invented": row.row.invented,
        **_said(row),  # type: ignore[typeddict-item]
    }
    return fields


def _delivery_link(by: User, row: CheckedRow, place: Place) -> None:
    delivery.link_add(by=by, **link_fields(row, place))


def _dropped_link(by: User, row: CheckedRow, place: Place) -> None:
    data: Any = row.row.data
    delivery.link_drop(
        by=by,
        key=place.key,
        **_plain(data, "before after source"),
        why=_texts(data.why) or {},
        **_said(row),
        invented=row.row.invented,
    )


def _plain(data: Any, names: str) -> dict[str, Any]:
    return {name: getattr(data, name) for name in names.split()}


def _subject(row: CheckedRow) -> dict[str, Any]:
    data: Any = row.row.data
    return {
        "code": data.code,
        "name": _name(data),
        "aliases": list(data.aliases),
        "note": _texts(data.note),
        "invented": row.row.invented,
    }


def _name(data: Any) -> dict[str, str]:
    return dict(_texts(data.name) or {})


def _texts(value: Texts | None) -> dict[str, str] | None:
    return {"en": value.en, "ru": value.ru, "kk": value.kk} if value else None


def _days(value: Interval | None) -> Days | None:
    return (value.start, value.end) if value else None


def _said(row: CheckedRow) -> dict[str, Any]:
    """When, by whom, and why the date is not exact."""
    said: Interval = row.resolved["said"]
    data: Any = row.row.data
    return {"said": (said.start, said.end), "said_by": data.said_by, "said_note": said.note}


WRITERS: dict[str, Callable[[User, CheckedRow, Place], None]] = {
    "sources": _source,
    "regions": _region,
    "attributes": _attribute,
    "organisations": _organisation,
    "places": _place,
    "links": _link,
    "programmes": _programme,
    "indicators": _indicator,
    "projects": _project,
    "money": _money,
    "utilities": _utility,
    "claims": _claim,
    "milestones": _milestone,
    "promises": _promise,
    "reports": _report,
    "instructions": _instruction,
    "instruction_events": _instruction_event,
    "obstacles": _obstacle,
    "obstacle_events": _obstacle_event,
    "evidence": _evidence,
    "delivery_links": _delivery_link,
    "dropped_links": _dropped_link,
    "calendar_edits": _calendar_edit,
}


# Sections whose rows are written many at a time where none corrects another: how a row is taken, and by whom.
MANY: dict[str, tuple[Callable[[CheckedRow, Place], Any], Callable[..., Any]]] = {
    "claims": (claim_fields, registry.claim_add_many),
    "delivery_links": (link_fields, delivery.link_add_many),
    "money": (money_fields, registry.money_add_many),
    "promises": (promise_fields, delivery.promise_add_many),
    "reports": (report_fields, delivery.report_add_many),
}
