"""Who holds a case: handed on by events, kept by no one when nothing is owed, stopped while paused."""

import datetime as dt

from torap.countries import load_calendar_edits, load_procedure
from torap.rules.calendar import build_calendar
from torap.rules.obligations.engine import evaluate
from torap.rules.obligations.holders import totals
from torap.rules.obligations.model import Event

CALENDAR = build_calendar(load_calendar_edits(), known_on=dt.date(2026, 11, 21))


def spans(known_on, *events):
    rows = [Event(name=name, on=dt.date.fromisoformat(day), **more) for name, day, more in events]
    found = evaluate(
        load_procedure("P03a").editions[0], rows, CALENDAR, known_on=dt.date.fromisoformat(known_on)
    )
    return [(s.holder, s.step, s.since.isoformat(), s.days) for s in found.spans], totals(found.spans)


def test_case_passes_from_company_to_centre_to_nobody():
    found, sums = spans(
        "2026-04-01",
        ("filed", "2026-03-02", {}),
        ("logged", "2026-03-02", {}),
        ("contract_signed", "2026-03-12", {}),
        ("copy_received", "2026-03-13", {}),
        ("registered", "2026-03-20", {}),
        ("notified", "2026-03-26", {}),
    )
    assert found == [
        ("managing_company", "3a", "2026-03-02", 10),
        ("managing_company", "4", "2026-03-12", 1),
        ("ucc", "5", "2026-03-13", 7),
        ("ucc", "6", "2026-03-20", 6),
        ("applicant", "security", "2026-03-26", 6),
    ]
    assert sums == {"managing_company": 11, "ucc": 13, "applicant": 6}


def test_pause_belongs_to_the_one_named_or_to_the_pause():
    named, _sums = spans(
        "2026-03-10",
        ("filed", "2026-03-02", {}),
        ("paused", "2026-03-04", {"holder": "applicant"}),
        ("resumed", "2026-03-06", {}),
    )
    assert [row[0] for row in named] == ["managing_company", "applicant", "managing_company"]
    _found, sums = spans("2026-03-10", ("filed", "2026-03-02", {}), ("paused", "2026-03-04", {}))
    assert sums == {"managing_company": 2, "paused": 6}


def test_after_refusal_nobody_holds_it():
    found, sums = spans(
        "2026-03-20", ("filed", "2026-03-02", {}), ("logged", "2026-03-02", {}), ("refused", "2026-03-10", {})
    )
    assert found[-1][:2] == ("nobody", None)
    assert sum(sums.values()) == 18
