"""Writes the rows of a load through the services of the registry and of delivery, section after section.

A row a service refuses is undone alone, listed, and takes with it what needs it; the rest goes on.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.db import transaction

from torap.common.errors import ApplicationError
from torap.common.models import Role, User
from torap.common.permissions import acting_with
from torap.delivery import services as delivery
from torap.delivery.selectors import MovedClock
from torap.intake.check import UNSTORED
from torap.intake.compare import Change
from torap.intake.graph import Ident, references
from torap.intake.known import SUBJECTS, Known
from torap.intake.problems import Problem
from torap.intake.readers.rows import SUBJECT_SECTIONS
from torap.intake.writers import MANY, WRITERS, Place, proposed_edit

BATCH = 500
BATCH_OF = {"delivery_links": 5_000}  # for each the whole network is read
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Outcome:
    """What was written, under which key each row now stands, and what the services refused."""

    done: list[tuple[Change, Place]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    failed: set[Ident] = field(default_factory=set)
    clocks: list[MovedClock] = field(default_factory=list)  # moved by edits of the calendar alone


def apply_changes(
    changes: Sequence[Change],
    *,
    by: User,
    known: Known,
    record_keys: dict[Ident, str],
    progress: Progress | None = None,
) -> Outcome:
    """Write `changes` in their order, inside the caller's transaction.

    `record_keys`: where rows loaded earlier stand now, so that a correction finds the newest version.
    """
    run = _Run(loader_for(by, changes), known, dict(record_keys), progress, len(changes))
    for section, group in groupby(changes, key=lambda change: change.row.section):
        rows = list(group)
        batch = BATCH_OF.get(section, BATCH)
        for start in range(0, len(rows), batch):
            run.section(section, rows[start : start + batch])
    run.finish()
    return run.outcome


def loader_for(by: User, changes: Iterable[Change]) -> User:
    """The person, allowed for this load to write every kind of row the files may hold.

    The right to load facts includes it, whatever else a person may do; the ledger still names the person.
    """
    bodies = {
        body
        for change in changes
        if change.row.section == "instruction_events"
        if (body := getattr(change.row.row.data, "organisation", None))
    }
    return acting_with(
        by, [(Role.COORDINATOR.value, ""), *((Role.BODY_MEMBER.value, body) for body in bodies)]
    )


class _Run:
    """One pass over the changes."""

    def __init__(
        self, by: User, known: Known, record_keys: dict[Ident, str], progress: Progress | None, total: int
    ) -> None:
        self.by = by
        self.known = known
        self.record_keys = record_keys
        self.outcome = Outcome()
        self._progress = progress
        self._total = total
        self._seen = 0
        self._late: list[Change] = []  # programmes some of whose members were not written yet

    def section(self, section: str, rows: list[Change]) -> None:
        """Write rows of one section: together where the section allows it, the others one by one."""
        standing = [change for change in rows if self._stands(change)]
        if section in MANY:
            corrections = [change for change in standing if self._corrects(change)]
            standing = self._many(section, [change for change in standing if not self._corrects(change)])
            standing += corrections
        if section == "calendar_edits":
            standing = self._calendar(standing)
        for change in standing:
            self._one(change)
        self._seen += len(rows)
        if self._progress:
            self._progress(self._seen, self._total)

    def finish(self) -> None:
        """Write the programmes again that came before some of their members."""
        for change in self._late:
            try:
                with transaction.atomic():
                    WRITERS["programmes"](self.by, change.row, self._place(change))
            except ApplicationError as error:
                params = {**error.params, "refusal": error.code}
                self.outcome.problems.append(
                    change.row.row.problem("refused", *_path(error.field), severity="warning", **params)
                )

    def _many(self, section: str, rows: list[Change]) -> list[Change]:
        """Write rows in one go, or in halves where one is refused; returns those refused."""
        fields_of, add_many = MANY[section]
        places = [self._place(change) for change in rows]
        fields = [fields_of(c.row, place) for c, place in zip(rows, places, strict=True)]
        try:
            with transaction.atomic():
                add_many(by=self.by, rows=fields)
        except ApplicationError:
            half = len(rows) // 2
            return self._many(section, rows[:half]) + self._many(section, rows[half:]) if half else rows
        for change, place in zip(rows, places, strict=True):
            self._done(change, place)
        return []

    def _calendar(self, rows: list[Change]) -> list[Change]:
        """Write edits of days together, as the form does, with every running clock they move; returns them to
        be tried one by one when one of them is refused."""
        edits = [proposed_edit(change.row) for change in rows]
        try:
            with transaction.atomic():
                moved = delivery.calendar_edit_apply(by=self.by, edits=edits) if edits else []
        except ApplicationError:
            if len(rows) == 1:
                return rows
            return [one for change in rows for one in self._calendar([change])]
        self.outcome.clocks += moved
        for change in rows:
            self._done(change, self._place(change))
        return []

    def _one(self, change: Change) -> None:
        if not self._stands(change):
            return
        place = self._place(change)
        section = change.row.section
        if section == "programmes":
            place = self._with_members(change, place)
        try:
            if section not in UNSTORED:
                with transaction.atomic():
                    WRITERS[section](self.by, change.row, place)
        except ApplicationError as error:
            params = {**error.params, "refusal": error.code}
            self._refuse(change, change.row.row.problem("refused", *_path(error.field), **params))
            return
        self._done(change, place)

    def _done(self, change: Change, place: Place) -> None:
        self.record_keys[change.row.section, change.row.key] = place.key
        self.outcome.done.append((change, place))

    def _refuse(self, change: Change, problem: Problem) -> None:
        self.outcome.failed.add((change.row.section, change.row.key))
        self.outcome.problems.append(problem)

    def _stands(self, change: Change) -> bool:
        """False, with a finding, when a row needs one that a service refused a moment ago."""
        if (change.row.section, change.row.key) in self.outcome.failed:
            return False
        if not self.outcome.failed:
            return True
        for path, section, code in references(change.row.row):
            sections = SUBJECT_SECTIONS if section == SUBJECTS else (section,)
            fallen = any((s, code) in self.outcome.failed for s in sections)
            if fallen and not self.known.has(section, code):
                params = {"value": code, "target": section}
                self._refuse(change, change.row.row.problem("depends_on_failed", *path, **params))
                return False
        return True

    def _with_members(self, change: Change, place: Place) -> Place:
        """The place with the members written so far; the change is noted for later when some are missing."""
        wanted: tuple[str, ...] = getattr(change.row.row.data, "members", ())
        present = tuple(m for m in wanted if self.known.has(SUBJECTS, m) or self._written(m))
        if present == wanted:
            return place
        self._late.append(change)
        return dataclasses.replace(place, members=present)

    def _written(self, subject: str) -> bool:
        return any((section, subject) in self.record_keys for section in SUBJECT_SECTIONS)

    def _corrects(self, change: Change) -> str:
        """Key of the record a row corrects: its own last version, or the row its `corrects` names."""
        if change.state == "corrected" and change.applied:
            return change.applied.record_key
        named = getattr(change.row.row.data, "corrects", None)
        return self.record_keys.get((change.row.section, named), named) if named else ""

    def _place(self, change: Change) -> Place:
        version = 1
        if change.applied:
            version = change.applied.version + (change.state == "corrected")
        key = change.row.key if version == 1 else f"{change.row.key}~{version}"
        if change.state == "changed" and change.applied:
            key = change.applied.record_key
        return Place(key=key, version=version, corrects=self._corrects(change))


# Columns whose field of a row has another name.
_FIELDS = {
    "low": "value",
    "high": "value",
    "happened_on": "happened",
    "law_params": "params",
    "as_said": "promised",
    "before": "from",
    "after": "to",
    "lag_unit": "lag_in",
}


def _path(name: str) -> tuple[str, ...]:
    return (_FIELDS.get(name, name),) if name else ()
