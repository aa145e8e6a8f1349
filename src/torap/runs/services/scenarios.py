"""Scenarios: named lists of changes that people keep. They never touch the live data."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from torap.common.errors import BadInput, NotAllowed
from torap.common.models import User
from torap.common.permissions import may, require
from torap.ledger.records import columns_of, state_of, stated
from torap.ledger.services import record
from torap.ledger.writing import check, find, writing
from torap.rules.fold import latin
from torap.runs.changes import checked
from torap.runs.leafing import Leaves
from torap.runs.models import Run, RunKind, Scenario


def scenario_save(
    *, by: User, title: str, changes: Sequence[Mapping[str, Any]], base: str, code: str = "", note: str = ""
) -> Scenario:
    """Keep a list of changes under a name, after trying it on the input of the run `base`.

    BadInput without title or changes, with more than 200, or naming the change that does not apply. A code is
    made of the title where none is given.
    """
    require(by, "scenario.save")
    run = _basis(base)
    kept = _checked(run, changes)
    if not title.strip():
        raise BadInput("missing", field="title")
    with writing():
        row = Scenario(
            code=_free_code(code or title),
            title=title.strip(),
            note=note.strip(),
            changes=kept,
            owner=by.username,
            invented=run.invented,
            recorded_by=by.username,
        )
        check(row)
        row.save(force_insert=True)
        record("scenario.added", by=by, target=f"scenario:{row.code}", after=state_of(row))
    return row


def scenario_change(
    *,
    by: User,
    code: str,
    base: str,
    title: str | None = None,
    changes: Sequence[Mapping[str, Any]] | None = None,
    note: str | None = None,
) -> Scenario:
    """Change one's own scenario (a coordinator: anybody's); None leaves a part as it is. Runs made of it
    keep what they were made of."""
    run = _basis(base)
    kept = _checked(run, changes) if changes is not None else None
    with writing():
        row = _own(code, by)
        if row.invented != run.invented:
            raise BadInput("invented_mixed", field="base", value=base)
        old = columns_of(row)
        for name, value in (("title", title), ("changes", kept), ("note", note)):
            if value is not None:
                setattr(row, name, value.strip() if isinstance(value, str) else value)
        if not row.title:
            raise BadInput("missing", field="title")
        check(row)
        new = columns_of(row)
        changed = [name for name in new if new[name] != old[name]]
        if changed:
            row.save(update_fields=changed)
            before, after = ({name: state[name] for name in changed} for state in (old, new))
            record("scenario.changed", by=by, target=f"scenario:{code}", before=before, after=stated(after))
    return row


def scenario_discard(*, by: User, code: str) -> Scenario:
    """Put one's own scenario (a coordinator: anybody's) away: it stays to be read, nothing else changes."""
    with writing():
        row = _own(code, by)
        row.discarded = True
        row.save(update_fields=["discarded"])
        record("scenario.discarded", by=by, target=f"scenario:{code}", after=state_of(row))
    return row


def _basis(code: str) -> Run:
    """The run that changes are tried on: a forecast, or another scenario's."""
    run = find(Run, code, field="base")
    if run.kind == RunKind.BACKTEST:
        raise BadInput("not_a_basis", field="base", value=code)
    return run


def _checked(run: Run, changes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    if not changes:
        raise BadInput("missing", field="changes")
    return checked(Leaves(run.content), changes)


def _own(code: str, by: User) -> Scenario:
    """The scenario, held until the transaction ends; NotAllowed for somebody else's, or one put away."""
    require(by, "scenario.save")
    row = find(Scenario, code, field="code")
    if row.owner != by.username and not may(by, "scenario.any"):
        raise NotAllowed("not_allowed", action="scenario.any", organisations="")
    if row.discarded:
        raise BadInput("discarded", field="code", value=code)
    return row


def _free_code(wanted: str) -> str:
    """A code of small letters and figures that is not taken, made of Kazakh and Russian titles too; of
    a title in other letters one of its own."""
    name = re.sub(r"[^a-z0-9]+", "-", latin(wanted)).strip("-")[:60].strip("-")
    if not name:
        name = f"what-if-{hashlib.sha256(wanted.encode('utf-8')).hexdigest()[:8]}"
    taken = set(Scenario.objects.filter(code__startswith=name).values_list("code", flat=True))
    number = 1
    while (code := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return code
