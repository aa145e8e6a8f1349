"""The calculator's form: what people type becomes events and parameters; a refusal names its field."""

import datetime as dt

import pytest
from django.http import QueryDict
from django.utils import translation

from torap.countries import load_procedure
from torap.rules.known import AsKnown
from torap.web.law.case import CaseForm, timed_events

KNOWN = AsKnown(day=dt.date(2026, 4, 15))


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def form(pid, query):
    procedure = load_procedure(pid)
    made = CaseForm(procedure, QueryDict(query))
    assert made.asked
    return procedure, made


@pytest.mark.django_db
def test_the_worked_example_of_a_zone_comes_out():
    procedure, made = form("P03a", "e.filed=2026-03-02")
    assert made.is_valid()
    found = made.evaluated(procedure, KNOWN)
    days = {clock.obligation.step: clock.due for clock in found.clocks}
    assert days["3a"] == dt.date(2026, 3, 17)
    assert days["5"] == dt.date(2026, 3, 30)


@pytest.mark.django_db
def test_an_instruction_due_on_a_saturday_rolls():
    procedure, made = form("P08", "e.received=2025-11-26T09:00&p.deadline=2025-12-20")
    assert made.is_valid()
    lead = made.evaluated(procedure, KNOWN).clock("lead")
    assert (lead.nominal, lead.due) == (dt.date(2025, 12, 20), dt.date(2025, 12, 22))


@pytest.mark.django_db
def test_receipt_after_hours_counts_for_the_next_day():
    procedure, made = form("P08", "e.received=2025-11-26T18:30&p.type=very_urgent")
    assert made.is_valid()
    assert made.evaluated(procedure, KNOWN).clock("lead").started_on == dt.date(2025, 11, 27)


def test_midnight_of_the_widget_means_no_time():
    _procedure, made = form("P08", "e.received=2025-11-26T00:00")
    assert made.is_valid()
    assert made.events[0].at is None


def test_an_event_may_be_given_several_times():
    _procedure, made = form("P08b", "e.paused=2026-03-03&e.paused=2026-03-10&e.resumed=2026-03-05")
    assert made.is_valid()
    assert sorted(event.name for event in made.events) == ["paused", "paused", "resumed"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("e.filed=yesterday", "e.filed"),
        ("e.filed=2026-02-30", "e.filed"),
        ("e.filed=1900-01-01", "e.filed"),
        ("p.eaeu_border=maybe", "p.eaeu_border"),
    ],
)
def test_what_cannot_be_read_is_an_error_of_its_field(query, field):
    _procedure, made = form("P03a", query)
    assert not made.is_valid()
    assert list(made.errors) == [field]
    assert len(made.errors[field]) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pid", "query", "field"),
    [
        ("P03a", "e.filed=2026-03-02&p.cost_kzt=much", "p.cost_kzt"),
        ("P03a", "e.resumed=2026-03-02", "e.resumed"),
        ("P01", "p.year=9999", "p.year"),
        ("P08", "e.received=2019-05-21", "__all__"),
        ("P08", "e.received=2026-03-02&p.extended_to=soon", "p.extended_to"),
    ],
)
def test_what_the_rules_refuse_is_said_at_the_field(pid, query, field):
    procedure, made = form(pid, query)
    assert made.is_valid()
    assert made.evaluated(procedure, KNOWN) is None
    assert list(made.errors) == [field]


def test_only_hours_that_matter_are_asked_for():
    assert timed_events(load_procedure("P08").editions[-1]) == {"received"}
    assert timed_events(load_procedure("P03a").editions[-1]) == frozenset()


def test_an_empty_form_is_not_asked():
    assert not CaseForm(load_procedure("P03a"), QueryDict("e.filed=&as_of=2026-01-01")).asked


@pytest.mark.parametrize("pid", ["P01", "P06e", "P08", "P09", "P10"])
def test_every_field_has_its_place_on_the_page(pid):
    made = CaseForm(load_procedure(pid))
    groups = made.groups()
    assert sum(len(fields) for fields in groups.values()) == len(made.fields)
