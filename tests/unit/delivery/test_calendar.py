"""A changed calendar: which running clocks move, from when to when, because of which day."""

import datetime as dt

import pytest
from django.utils import timezone

from torap.common.errors import BadInput, NotAllowed
from torap.delivery import selectors, services
from torap.ledger.models import Event
from torap.registry.selectors import calendar_edits, work_calendar
from torap.rules.known import AsKnown

pytestmark = pytest.mark.django_db


def edit(day, *, working, known_from="2025-12-01"):
    return selectors.ProposedEdit(
        day=dt.date.fromisoformat(day),
        working=working,
        known_from=dt.date.fromisoformat(known_from),
        title="Order",
        source_title="Order of the ministry",
    )


def test_moved_clocks_names_every_step_that_moves(instruction):
    instruction("I-1")
    instruction("I-2", deadline_on=dt.date(2025, 12, 18))
    known = AsKnown(dt.date(2025, 12, 1))
    moved = selectors.moved_clocks([edit("2025-12-22", working=False)], known)
    assert [(row.key, row.step.rsplit(".", 1)[-1], row.was_due, row.is_due, row.days) for row in moved] == [
        ("I-1", "extension_request", dt.date(2025, 12, 21), dt.date(2025, 12, 22), 1),
        ("I-1", "lead", dt.date(2025, 12, 22), dt.date(2025, 12, 23), 1),
        ("I-1", "report", dt.date(2025, 12, 19), dt.date(2025, 12, 20), 1),
    ]
    assert {day for row in moved for day in row.because} == {dt.date(2025, 12, 22)}


def test_nothing_moves_without_a_running_clock(country, instruction):
    instruction()
    services.instruction_close(
        by=country.by, instruction="I-1", ground="executed", happened_on=dt.date(2025, 11, 28)
    )
    assert selectors.moved_clocks([edit("2025-12-22", working=False)], AsKnown(dt.date(2025, 12, 1))) == []


def test_apply_saves_the_edit_with_the_list(country, instruction):
    today = timezone.localdate()
    due = work_calendar(AsKnown(today)).add_working_days(today, 15)
    instruction(
        source="paper", given=today, said=today, received=today.isoformat(), deadline_on=due, law_params={}
    )
    moved = services.calendar_edit_apply(
        by=country.by, edits=[edit(due.isoformat(), working=False, known_from=today.isoformat())]
    )
    assert ("I-1", due) in [(row.key, row.was_due) for row in moved]
    assert selectors.instruction_due("I-1", AsKnown(today)) == next(
        r.is_due for r in moved if r.was_due == due
    )
    assert [row.day for row in calendar_edits(AsKnown(today))] == [due]
    event = Event.objects.filter(kind="calendar.applied").get()
    assert {row["clock"] for row in event.after["moved"]} == {"I-1"}


def test_apply_is_refused(country, nobody):
    with pytest.raises(BadInput):
        services.calendar_edit_apply(by=country.by, edits=[])
    with pytest.raises(NotAllowed):
        services.calendar_edit_apply(by=nobody, edits=[edit("2026-12-22", working=False)])
