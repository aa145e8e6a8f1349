"""Many promises or reports in one go, for a load: the checks of the single services, few queries for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from torap.common.errors import BadInput, Conflict, NotFound
from torap.common.models import User
from torap.common.permissions import require
from torap.delivery.models import Milestone, Promise, StatusReport
from torap.delivery.services import writing
from torap.delivery.services.milestones import promise_values, report_values
from torap.ledger.records import state_of
from torap.ledger.services import Draft, record_many

Said = TypeVar("Said", Promise, StatusReport)
Fields = Mapping[str, Any]
AT_ONCE = 500


def promise_add_many(*, by: User, rows: Sequence[Fields]) -> list[Promise]:
    """Add promises or none: each row is what `promise_add` takes, with a `key` and without `corrects`.

    For who may write of every body and enter a first promise: a coordinator, or a load. The first row that is
    wrong raises, with its `key` among the parameters.
    """
    return _add(Promise, by, rows, kind="promise", values_of=promise_values)


def report_add_many(*, by: User, rows: Sequence[Fields]) -> list[StatusReport]:
    """Add reports or none, as `promise_add_many`."""
    return _add(StatusReport, by, rows, kind="report", values_of=report_values)


def _add(
    model: type[Said],
    by: User,
    rows: Sequence[Fields],
    *,
    kind: str,
    values_of: Callable[..., dict[str, Any]],
) -> list[Said]:
    for action in (f"{kind}.add", "record.correct"):
        require(by, action)
    with writing.writing():
        owners = {row.code: row for row in _owners(rows)}
        origins = {row.code: row for row in _origins(model, rows)}
        taken = set(
            model._default_manager.filter(key__in=[row["key"] for row in rows]).values_list("key", flat=True)
        )
        made: list[Said] = []
        for fields in rows:
            try:
                made.append(_built(model, by, fields, owners, origins, taken, values_of))
            except (BadInput, Conflict, NotFound) as error:
                error.params.setdefault("key", fields["key"])
                raise
        model._default_manager.bulk_create(made, batch_size=AT_ONCE)
        record_many(
            [Draft(f"{kind}.added", f"milestone:{row.milestone.code}", None, state_of(row)) for row in made],
            by=by,
        )
    return made


def _owners(rows: Sequence[Fields]) -> list[Milestone]:
    codes = {row["milestone"] for row in rows}
    return list(Milestone.objects.filter(code__in=codes).select_related("subject", "holder"))


def _origins(model: type[Said], rows: Sequence[Fields]) -> list[Any]:
    """The sources named; going through the foreign key keeps the registry's tables out of here."""
    source: Any = model._meta.get_field("source").related_model
    return list(source._default_manager.filter(code__in={row["source"] for row in rows}))


def _built(
    model: type[Said],
    by: User,
    fields: Fields,
    owners: Mapping[str, Milestone],
    origins: Mapping[str, Any],
    taken: set[str],
    values_of: Callable[..., dict[str, Any]],
) -> Said:
    given = dict(fields)
    key, code, source = given.pop("key"), given.pop("milestone"), given.pop("source")
    owner, origin = owners.get(code), origins.get(source)
    if owner is None:
        raise NotFound("not_found", field="milestone", entity="milestone", value=code)
    if origin is None:
        raise BadInput("unknown_reference", field="source", value=source, entity="source")
    if key in taken:
        raise Conflict("already_there", field="key", key=key)
    taken.add(key)
    row = model(**values_of(owner, origin, **given), key=key, recorded_by=by.username)
    writing.check(row)
    return row
