"""Loading facts files: a preview that writes nothing, and the load itself, all in one transaction.

Loading the same files again changes nothing and records nothing. The order of files does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from torap.common.errors import BadInput, Conflict
from torap.common.models import User
from torap.common.permissions import require
from torap.delivery.selectors import Move, MovedClock, look, moves_between
from torap.intake.apply import Outcome, Progress, apply_changes
from torap.intake.check import UNSTORED
from torap.intake.compare import Change, Preview, count
from torap.intake.graph import Ident
from torap.intake.holdings import applied_rows, known_from, widened
from torap.intake.kept import loaded_rows_digests
from torap.intake.known import Known
from torap.intake.models import FactsLoad, LoadedRow
from torap.intake.preview import NamedFile, facts_check, files_sha256
from torap.intake.report import reasons_of, report_of
from torap.intake.writers import Place
from torap.ledger.records import state_of
from torap.ledger.services import Draft, lock_head, record, record_many
from torap.rules.known import AsKnown


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What loading would do, tried out and taken back: refusals of the services and what moves included."""

    preview: Preview
    moves: tuple[Move, ...] = ()
    clocks: tuple[MovedClock, ...] = ()
    tried: bool = True  # False for more rows than were asked to be tried: only compared then


def facts_preview(files: Sequence[NamedFile]) -> Preview:
    """What loading `files` would do, by the files and what is loaded. Writes nothing, and asks no service."""
    return _preview(files)[0]


def facts_trial(
    *, by: User, files: Sequence[NamedFile], progress: Progress | None = None, rows_at_most: int | None = None
) -> Trial:
    """Load `files` and take it back: exactly what the load would refuse, write and move. Nothing stays.

    `rows_at_most`: more rows to write than these are only compared, for a page that cannot wait.
    """
    require(by, "facts.load")
    with transaction.atomic():
        lock_head()
        preview, known, rows = _preview(files)
        if preview.nothing_to_do:
            return Trial(preview=preview)
        if rows_at_most is not None and len(preview.to_apply) > rows_at_most:
            return Trial(preview=preview, tried=False)
        load, outcome = _load(preview, known, rows, by, progress)
        transaction.set_rollback(True)
    preview.changes = [c for c in preview.changes if (c.row.section, c.row.key) not in outcome.failed]
    preview.problems = sorted([*preview.problems, *outcome.problems], key=lambda p: (p.file, p.line, p.field))
    preview.counts = count({one.section: one.in_files for one in preview.counts}, preview.changes)
    return Trial(preview=preview, moves=moves_of(load), clocks=tuple(outcome.clocks))


def facts_apply(
    *,
    by: User,
    files: Sequence[NamedFile],
    expected_sha256: str | None = None,
    progress: Progress | None = None,
) -> FactsLoad:
    """Load what is right in `files` and keep a report of the rest: a bad row keeps out only what needs it.

    `expected_sha256`: the `sha256` of the preview somebody agreed to; Conflict when the files differ from it.
    Returns the load; when these very files were loaded before and change nothing, that earlier load.
    """
    require(by, "facts.load")
    if not files:
        raise BadInput("no_files", field="files")
    if expected_sha256 and files_sha256(files) != expected_sha256:
        raise Conflict("files_changed", field="files")
    with transaction.atomic():
        lock_head()  # one load at a time: the second sees what the first wrote
        preview, known, rows = _preview(files)
        before = FactsLoad.objects.filter(sha256=preview.sha256).last()
        if before is not None and preview.nothing_to_do:
            return before
        with transaction.atomic():
            load, outcome = _load(preview, known, rows, by, progress)
            nothing_written = not outcome.done and before is not None
            transaction.set_rollback(nothing_written)  # refused once more: no second report of the same
        return before if nothing_written and before is not None else load


def moves_of(load: FactsLoad) -> tuple[Move, ...]:
    """What a load moved, as its report keeps it."""
    return tuple(Move.from_dict(values) for values in load.report.get("moved", []))


def _preview(files: Sequence[NamedFile]) -> tuple[Preview, Known, dict[Ident, LoadedRow]]:
    """Check against the rows loaded before; ask for rows written by hand only where a name is not found."""
    rows, today = applied_rows(), timezone.localdate()
    known = known_from(rows)
    preview = facts_check(files, today=today, known=known, applied=rows)
    missing = {
        (str(problem.params["target"]), str(problem.params["value"]))
        for problem in preview.problems
        if problem.code == "unknown_reference"
    }
    if missing and (wider := widened(known, missing)):
        return facts_check(files, today=today, known=wider, applied=rows), wider, rows
    return preview, known, rows


def _load(
    preview: Preview, known: Known, rows: dict[Ident, LoadedRow], by: User, progress: Progress | None
) -> tuple[FactsLoad, Outcome]:
    first = preview.files[0].name
    load = FactsLoad.objects.create(file_name=first[:255], sha256=preview.sha256, recorded_by=by.username)
    keys = {ident: row.record_key for ident, row in rows.items()}
    today = AsKnown(timezone.localdate())
    before = look(today) if rows else None  # into an empty database everything is new: nothing moved
    outcome = apply_changes(preview.to_apply, by=by, known=known, record_keys=keys, progress=progress)
    _remember(preview, outcome, rows, load, by)
    moved = moves_between(before, look(today), reasons_of(outcome)) if before else []
    load.report = {**report_of(preview, outcome), "moved": [move.as_dict() for move in moved]}
    load.save(update_fields=["report"])
    totals = load.report["totals"]
    record(
        "facts.loaded",
        by=by,
        target=f"facts_load:{load.pk}",
        after={
            **state_of(load),
            "files": [f.name for f in preview.files],
            **totals,
            "rows": loaded_rows_digests(),
        },
    )
    return load, outcome


def _remember(
    preview: Preview, outcome: Outcome, rows: dict[Ident, LoadedRow], load: FactsLoad, by: User
) -> None:
    """Note every row as it now stands, so that the next load can tell what changed."""
    before = {ident: state_of(row) for ident, row in rows.items() if ident[0] in UNSTORED}
    made: list[LoadedRow] = []
    updated: list[LoadedRow] = []
    for change, place in outcome.done:
        old = rows.get((change.row.section, change.row.key))
        row = old or LoadedRow(kind=change.row.section, key=change.row.key)
        _write_row(row, change, place, load)
        (updated if old else made).append(row)
    for change in preview.changes:
        if change.state == "unchanged" and _moved(rows[change.row.section, change.row.key], change):
            row = rows[change.row.section, change.row.key]
            row.origin, row.file_name = list(change.row.row.data.origin), change.row.row.file
            updated.append(row)
    LoadedRow.objects.bulk_create(made, batch_size=500)
    fields = ["record_key", "version", "fingerprint", "data", "origin", "file_name", "load"]
    LoadedRow.objects.bulk_update(updated, fields, batch_size=200)
    bare = [row for row in (*made, *updated) if row.kind in UNSTORED]
    record_many([_event(row, before.get((row.kind, row.key))) for row in bare], by=by)


def _event(row: LoadedRow, before: dict[str, Any] | None) -> Draft:
    """What the ledger keeps of a row that has no table of its own."""
    kind = "fact.changed" if before else "fact.added"
    return Draft(kind, f"fact:{row.kind}/{row.key}", before, state_of(row))


def _write_row(row: LoadedRow, change: Change, place: Place, load: FactsLoad) -> None:
    row.record_key = place.key
    row.version = place.version
    row.fingerprint = change.row.fingerprint
    row.data = dict(change.row.canonical)
    row.origin = list(change.row.row.data.origin)
    row.file_name = change.row.row.file
    row.load = load


def _moved(row: LoadedRow, change: Change) -> bool:
    """The row says the same, but stands in another file or carries other places of the collected material."""
    return row.file_name != change.row.row.file or row.origin != list(change.row.row.data.origin)
