"""Trying a load out: what would be refused and what would move is exactly what then happens."""

import datetime as dt

import pytest
from django.utils import timezone

from torap.countries import load_calendar_edits
from torap.delivery.selectors import instruction_get
from torap.intake.models import FactsLoad, LoadedRow
from torap.intake.services import facts_apply, facts_trial, moves_of
from torap.ledger.models import Event
from torap.ledger.proof import prove
from torap.publish.moved import moved_groups, moved_json
from torap.registry.models import CalendarEdit, UtilityEntry
from torap.rules.calendar import build_calendar
from torap.rules.known import AsKnown

TODAY = timezone.localdate()


CALENDAR = build_calendar(load_calendar_edits(), known_on=TODAY)
DUE = CALENDAR.roll_forward(TODAY + dt.timedelta(days=40))


@pytest.fixture
def loaded(system, good):
    """The small country, with an instruction whose clock runs."""
    text = good.decode().replace("on: 2025-12-20", f"on: {DUE}")
    facts_apply(by=system, files=[("good.yaml", text.encode())])
    return system


def moved(moves, group):
    return [(move.code, move.part, move.was, move.now) for move in moves if move.group == group]


def test_a_trial_leaves_nothing_and_the_load_does_what_it_said(loaded, write):
    said = TODAY.isoformat()
    file = write(
        sources=[{"id": "now", "publisher": "gov", "published": said, "title": "Report"}],
        reports=[{"id": "hub-open.now", "milestone": "hub-open", "state": "done", "source": "now"}],
        claims=[
            {"id": "hub.x", "subject": "hub", "attribute": "area", "value": 7, "unit": "ha", "source": "now"}
        ],
    )
    before = (Event.objects.count(), LoadedRow.objects.count(), FactsLoad.objects.count())
    tried = facts_trial(by=loaded, files=[("now.yaml", file)])
    assert (Event.objects.count(), LoadedRow.objects.count(), FactsLoad.objects.count()) == before
    assert ("hub-open", "", "under_way", "done") in moved(tried.moves, "said")
    (status,) = [move for move in tried.moves if move.group == "said"]
    assert status.because == ("reports hub-open.now (now.yaml:3)",)
    assert [row[:2] for row in moved(tried.moves, "conflict")] == [("hub", "area")]
    assert [row[3] for row in moved(tried.moves, "newest")] == [said]
    load = facts_apply(by=loaded, files=[("now.yaml", file)])
    assert moves_of(load) == tried.moves
    assert prove().ok


def test_edits_of_the_calendar_list_every_clock_that_moves_and_why(loaded, write):
    edit = {
        "day": DUE.isoformat(), "working": False, "known_from": TODAY.isoformat(), "kind": "moved_rest_day",
        "title": "Rest", "source_title": "Order 1",
    }  # fmt: skip
    file = write(calendar_edits=[edit])
    tried = facts_trial(by=loaded, files=[("days.yaml", file)])
    moved_to = CALENDAR.next_working_day(DUE).isoformat()
    assert ("I-1", "lead", DUE.isoformat(), moved_to) in moved(tried.moves, "clock")
    assert all(DUE.isoformat() in move.because for move in tried.moves if move.group == "clock")
    (lead,) = [row for row in tried.clocks if row.step.endswith("lead")]
    assert (lead.was_due, lead.is_due.isoformat(), lead.because) == (DUE, moved_to, (DUE,))
    assert not CalendarEdit.objects.filter(day=DUE).exists()
    load = facts_apply(by=loaded, files=[("days.yaml", file)])
    assert [one["to"] for one in load.report["clocks"] if one["step"].endswith("lead")] == [moved_to]
    assert instruction_get("I-1", AsKnown(TODAY)).control.due.isoformat() == moved_to
    applied = Event.objects.filter(kind="calendar.applied").latest("seq")
    assert moved_to in [row["to"] for row in applied.after["moved"]]


def test_the_preview_refuses_what_the_load_refuses_and_a_reload_records_nothing(loaded, write):
    taken = {
        "id": "hub.power.9", "place": "hub", "kind": "electricity", "move": "taken", "basis": "promised",
        "amount": 99, "from": "2026-02-01", "source": "gov-2025-11",
    }  # fmt: skip
    file = write(utilities=[taken], regions=[{"code": "KZ-47", "name": "Mangystau"}])
    tried = facts_trial(by=loaded, files=[("u.yaml", file)])
    assert [(p.section, p.key, p.params["refusal"]) for p in tried.preview.errors] == [
        ("utilities", "hub.power.9", "balance_negative")
    ]
    assert (tried.preview.total("new"), tried.preview.total("refused")) == (1, 1)
    load = facts_apply(by=loaded, files=[("u.yaml", file)])
    assert load.report["totals"]["refused"] == 1
    events = Event.objects.count()
    assert facts_apply(by=loaded, files=[("u.yaml", file)]) == load
    assert (Event.objects.count(), FactsLoad.objects.count()) == (events, 2)
    assert not UtilityEntry.objects.filter(key="hub.power.9").exists()


def test_what_moves_is_told_in_words_and_as_data(loaded, write):
    file = write(
        reports=[{"id": "r9", "milestone": "hub-open", "state": "not_reached", "source": "gov-2025-11"}]
    )
    moves = facts_trial(by=loaded, files=[("r.yaml", file)]).moves
    lines = [line.as_text() for group in moved_groups(moves) for line in group.lines]
    assert any(line.startswith("Border hub, Opening: said to be under way →") for line in lines), lines
    (row,) = [one for one in moved_json(moves) if one["group"] == "said"]
    assert (row["code"], row["was"], row["now"]) == ("hub-open", "under_way", "not_reached")


def test_more_rows_than_a_page_can_wait_for_are_only_compared(loaded, write):
    file = write(regions=[{"code": "KZ-47", "name": "A"}, {"code": "KZ-10", "name": "B"}])
    tried = facts_trial(by=loaded, files=[("r.yaml", file)], rows_at_most=1)
    assert (tried.tried, tried.moves, tried.preview.total("new")) == (False, (), 2)


def test_a_rung_that_is_not_on_the_ladder_is_refused(loaded, write):
    event = {"obstacle": "no_power", "type": "escalated", "rung": "loft", "happened": "2025-12-01"}
    tried = facts_trial(by=loaded, files=[("o.yaml", write(obstacle_events=[event]))])
    assert [(p.field, p.params["refusal"]) for p in tried.preview.errors] == [("rung", "unknown_choice")]
