"""Edits of the working calendar are saved together with the list of clocks they move."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from torap.common.errors import BadInput
from torap.common.models import User
from torap.common.permissions import require
from torap.delivery.selectors.calendar import MovedClock, ProposedEdit, moved_clocks
from torap.delivery.services import writing
from torap.ledger.services import record
from torap.registry.services import calendar_edit_add
from torap.rules.known import AsKnown


def calendar_edit_apply(*, by: User, edits: Sequence[ProposedEdit]) -> list[MovedClock]:
    """Save official edits of days and return every running clock they move, from when to when and because of
    what.

    The list is what stood on the day of the edit; it is kept in the ledger with the edits.
    """
    require(by, "calendar.edit")
    if not edits:
        raise BadInput("missing", field="edits")
    with writing.writing():
        moved = moved_clocks(edits, AsKnown(timezone.localdate()))
        for edit in edits:
            calendar_edit_add(
                by=by,
                day=edit.day,
                working=edit.working,
                known_from=edit.known_from,
                kind=edit.kind,
                title=edit.title,
                source_title=edit.source_title,
                source_url=edit.source_url,
                confidence=edit.confidence,
            )
        days = [edit.day for edit in edits]
        record(
            "calendar.applied",
            by=by,
            target=f"calendar:{min(days).isoformat()}",
            after={
                "days": {edit.day.isoformat(): edit.working for edit in edits},
                "moved": [
                    {
                        "clock": row.key,
                        "step": row.step,
                        "from": row.was_due,
                        "to": row.is_due,
                        "days": row.because,
                    }
                    for row in moved
                ],
            },
        )
    return moved
