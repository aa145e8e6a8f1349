"""Adding money, capacity of networks and edits of the calendar: rows that are never changed afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from torap.common.errors import BadInput, Conflict
from torap.common.models import User
from torap.common.permissions import require
from torap.ledger.records import state_of
from torap.ledger.services import Draft, record, record_many
from torap.ledger.writing import (
    Days,
    Texts,
    any_invented,
    check,
    find,
    said_in_time,
    texts,
    writing,
)
from torap.registry.models import CalendarEdit, MoneyEntry, Place, Project, Source, Utility, UtilityEntry
from torap.registry.selectors.networks import capacity_moves
from torap.registry.selectors.owners import subject_owners
from torap.registry.services.claims import Amount, number, said_days
from torap.rules.capacity import first_shortage
from torap.rules.units import NETWORK_UNITS


def money_add(
    *,
    by: User,
    key: str,
    project: str,
    stage: str,
    amount: Amount,
    currency: str,
    source: str,
    qualifier: str = "exact",
    part: str = "",
    said: Days | None = None,
    said_note: str = "",
    said_by: str = "",
    note: str = "",
    invented: bool = False,
) -> MoneyEntry:
    """Add what was said of a project's money at one stage; `amount` in units of `currency` (ISO 4217)."""
    with writing():
        row = find(Project, project, field="project")
        require(by, "money.add", organisations=subject_owners(row))
        _refuse_taken(MoneyEntry, key)
        entry = _money(
            by,
            row,
            find(Source, source, field="source"),
            key=key,
            stage=stage,
            amount=amount,
            currency=currency,
            qualifier=qualifier,
            part=part,
            said=said,
            said_note=said_note,
            said_by=said_by,
            note=note,
            invented=invented,
        )
        entry.save(force_insert=True)
        record("money.added", by=by, target=f"money:{key}", after=state_of(entry))
        return entry


def money_add_many(*, by: User, rows: Sequence[Mapping[str, Any]]) -> list[MoneyEntry]:
    """Add many amounts or none: each row is what `money_add` takes. For who may write of every project.

    The first row that is wrong raises, with its `key` among the parameters.
    """
    require(by, "money.add")
    with writing():
        projects = {
            row.code: row for row in Project.objects.filter(code__in={row["project"] for row in rows})
        }
        sources = {row.code: row for row in Source.objects.filter(code__in={row["source"] for row in rows})}
        keys = [row["key"] for row in rows]
        taken = set(MoneyEntry.objects.filter(key__in=keys).values_list("key", flat=True))
        made = []
        for row in rows:
            try:
                made.append(_money_of(by, row, projects, sources, taken))
            except (BadInput, Conflict) as error:
                error.params.setdefault("key", row["key"])
                raise
        MoneyEntry.objects.bulk_create(made, batch_size=500)
        record_many([Draft("money.added", f"money:{one.key}", None, state_of(one)) for one in made], by=by)
    return made


def _money_of(
    by: User,
    row: Mapping[str, Any],
    projects: Mapping[str, Project],
    sources: Mapping[str, Source],
    taken: set[str],
) -> MoneyEntry:
    given = dict(row)
    project, source = projects.get(given.pop("project")), sources.get(given.pop("source"))
    for name, found, model in (("project", project, "project"), ("source", source, "source")):
        if found is None:
            raise BadInput("unknown_reference", field=name, value=row[name], entity=model)
    if row["key"] in taken:
        raise Conflict("key_taken", field="key", value=row["key"])
    taken.add(row["key"])
    assert project is not None
    assert source is not None
    return _money(by, project, source, **given)


def _money(
    by: User,
    project: Project,
    origin: Source,
    *,
    key: str,
    stage: str,
    amount: Amount,
    currency: str,
    qualifier: str = "exact",
    part: str = "",
    said: Days | None = None,
    said_note: str = "",
    said_by: str = "",
    note: str = "",
    invented: bool = False,
) -> MoneyEntry:
    """The row of an amount, checked, not yet stored."""
    exact = number("amount", amount)
    if exact < 0:
        raise BadInput("negative", field="amount", value=exact)
    if len(currency) != 3 or not currency.isascii() or not currency.isupper():
        raise BadInput("not_a_currency", field="currency", value=currency)
    span = said_days(said, origin)
    said_in_time(span, origin)
    entry = MoneyEntry(
        key=key,
        project=project,
        stage=stage,
        amount=exact,
        currency=currency,
        qualifier=qualifier,
        part=part,
        source=origin,
        said_from=span[0],
        said_to=span[1],
        said_note=said_note,
        said_by=said_by,
        note=note,
        invented=invented or any_invented(project, origin),
        recorded_by=by.username,
    )
    check(entry)
    return entry


def utility_entry_add(
    *,
    by: User,
    key: str,
    place: str,
    kind: str,
    move: str,
    basis: str,
    amount: Amount,
    effective_from: dt.date,
    source: str,
    said: Days | None = None,
    said_note: str = "",
    said_by: str = "",
    invented: bool = False,
) -> UtilityEntry:
    """Add capacity added, reserved, taken or released; `amount` in the unit of the network (rules.units).

    BadInput when the free capacity would fall below zero on any date, or more be released than was held.
    """
    with writing():
        row = find(Place, place, field="place")
        require(by, "utility.add", organisations=subject_owners(row))
        if kind not in NETWORK_UNITS:
            raise BadInput("invalid.choice", field="kind", value=kind)
        exact = number("amount", amount)
        if exact <= 0:
            raise BadInput("not_positive", field="amount", value=exact)
        _refuse_taken(UtilityEntry, key)
        origin = find(Source, source, field="source")
        span = said_days(said, origin)
        said_in_time(span, origin)
        utility = _network(row, kind, by)
        entry = UtilityEntry(
            key=key,
            utility=utility,
            move=move,
            basis=basis,
            amount=exact,
            effective_from=effective_from,
            source=origin,
            said_from=span[0],
            said_to=span[1],
            said_note=said_note,
            said_by=said_by,
            invented=invented or any_invented(row, origin),
            recorded_by=by.username,
        )
        check(entry)
        _refuse_shortage(entry)
        entry.save(force_insert=True)
        record("utility.added", by=by, target=f"utility:{key}", after=state_of(entry))
        return entry


def calendar_edit_add(
    *,
    by: User,
    day: dt.date,
    working: bool,
    known_from: dt.date,
    kind: str,
    title: Texts,
    source_title: str,
    source_url: str = "",
    confidence: str = "medium",
) -> CalendarEdit:
    """Add an official edit of one day; it counts for those who ask as known on `known_from` or later."""
    require(by, "calendar.edit")
    with writing():
        if CalendarEdit.objects.filter(day=day, known_from=known_from).exists():
            raise Conflict("day_edited_already", field="day", value=day, known_from=known_from)
        if not source_title.strip():
            raise BadInput("source_unnamed", field="source_title", value=day)
        edit = CalendarEdit(
            day=day,
            working=working,
            known_from=known_from,
            kind=kind,
            source_title=source_title,
            source_url=source_url,
            confidence=confidence,
            recorded_by=by.username,
            **texts("title", title, required=True),
        )
        check(edit)
        edit.save(force_insert=True)
        record("calendar.edited", by=by, target=f"calendar:{day.isoformat()}", after=state_of(edit))
        return edit


def _network(place: Place, kind: str, by: User) -> Utility:
    utility, made = Utility.objects.select_for_update().get_or_create(place=place, kind=kind)
    if made:
        record("network.added", by=by, target=f"place:{place.code}", after=state_of(utility))
    return utility


def _refuse_taken(model: type[MoneyEntry] | type[UtilityEntry], key: str) -> None:
    if model.objects.filter(key=key).exists():
        raise Conflict("key_taken", field="key", value=key)


def _refuse_shortage(entry: UtilityEntry) -> None:
    """Real and invented capacity are kept apart: neither can cover for the other."""
    held = UtilityEntry.objects.filter(utility=entry.utility, invented=entry.invented)
    short = first_shortage(capacity_moves([*held, entry]))
    if short is not None:
        raise BadInput(
            short.code,
            field="amount",
            value=entry.amount,
            on=short.day,
            missing=-short.free,
            basis=short.basis,
        )
