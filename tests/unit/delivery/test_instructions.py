"""Instructions: their clocks by the rules of control, whose turn it is, the verbs that move them."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from torap.common.errors import BadInput, Conflict, NotAllowed, NotFound
from torap.countries import load_procedure
from torap.delivery import selectors, services
from torap.delivery.models import Instruction
from torap.ledger.models import Event
from torap.registry.selectors import work_calendar
from torap.rules.known import AsKnown

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def on(text):
    return AsKnown(dt.date.fromisoformat(text))


def state(day, code="I-1"):
    return selectors.instruction_get(code, on(day))


def add(country, type_, day, **more):
    return services.instruction_event_add(
        by=country.by, instruction="I-1", type=type_, happened=dt.date.fromisoformat(day), **more
    )


# -- the clock --


def test_concept_of_a_zone_is_due_on_monday(instruction):
    """A worked example of the rules: 20 December 2025 is a Saturday."""
    instruction()
    found = state("2025-11-27").control
    assert (found.type, found.nominal, found.due) == ("short", dt.date(2025, 12, 20), dt.date(2025, 12, 22))
    assert (found.working_days, found.co_executor_due) == (17, dt.date(2025, 12, 12))
    assert found.report_due == dt.date(2025, 12, 19)
    assert (found.state, found.binding, found.received_on) == ("running", True, dt.date(2025, 11, 26))
    assert "rolled_forward" in found.warnings
    assert any(reason.code == "rolled_forward" for reason in found.explanation)


def test_no_date_gives_the_default_term_of_the_giver(instruction):
    instruction(deadline_kind="none", deadline_on=None, law_params={})
    found = state("2025-11-27").control
    assert (found.due, found.type) == (dt.date(2025, 12, 26), "short")


@pytest.mark.parametrize(
    ("more", "day", "due", "type_"),
    [
        ({"issuer": "president"}, "2025-11-27", dt.date(2025, 12, 10), "urgent"),
        (
            {"law_params": {"type": "very_urgent"}, "received": "2026-05-06"},
            "2026-05-07",
            dt.date(2026, 5, 13),
            "very_urgent",
        ),
        (
            {"law_params": {"type": "urgent"}, "received": "2026-05-06"},
            "2026-05-07",
            dt.date(2026, 5, 22),
            "urgent",
        ),
        (
            {"law_params": {"operational": True}, "given": dt.date(2026, 4, 17), "received": "2026-04-17"},
            "2026-04-20",
            dt.date(2026, 5, 4),
            None,
        ),
    ],
)
def test_terms_by_giver_and_type(instruction, more, day, due, type_):
    instruction(**({"deadline_kind": "none", "deadline_on": None, "law_params": {}} | more))
    found = state(day).control
    assert found.due == due
    assert type_ in (None, found.type)


def test_receipt_not_known_is_assumed_and_said(instruction):
    instruction(received=None)
    found = state("2025-11-27").control
    assert (found.received_on, found.due) == (dt.date(2025, 11, 25), dt.date(2025, 12, 22))
    assert "receipt_assumed" in found.warnings


def test_permanent_is_asked_for_a_fresh_word(instruction):
    instruction(deadline_kind="permanent", deadline_on=None)
    found = state("2025-12-27")
    assert (found.control.state, found.control.due, found.schedule.code) == (
        "no_deadline",
        None,
        "no_deadline",
    )
    assert found.control.warnings == ("asked_for_freshness",)
    assert [turn.task for turn in found.turns] == ["execute", "co_execute"]


@pytest.mark.parametrize("kind", ["unknown", "term"])
def test_unknown_deadline_is_said_so(instruction, kind):
    instruction(deadline_kind=kind, deadline_on=None)
    found = state("2025-12-27")
    assert (found.control.state, found.schedule.code) == ("deadline_not_known", "deadline_not_known")


def test_a_minister_without_a_date_has_no_term_in_law(instruction):
    instruction(deadline_kind="none", deadline_on=None, issuer="minister", law_params={})
    assert state("2025-12-27").control.state == "deadline_not_known"


def test_before_the_edition_read_a_named_day_is_no_breach(instruction):
    instruction(
        given=dt.date(2022, 2, 18), said=dt.date(2022, 2, 18), deadline_on=dt.date(2022, 3, 1), received=None
    )
    found = state("2022-04-01")
    assert (found.control.state, found.control.due, found.control.overdue) == (
        "running",
        dt.date(2022, 3, 1),
        False,
    )
    assert (found.schedule.code, found.schedule.days) == ("late_not_binding", 31)
    assert "no_edition" in found.control.warnings


@pytest.mark.parametrize(
    ("day", "state_", "schedule", "days"),
    [
        ("2025-12-22", "running", "on_first_promise", 0),
        ("2025-12-23", "overdue", "late", 1),
        ("2026-01-22", "overdue", "late", 31),
    ],
)
def test_overdue_from_the_day_after(instruction, day, state_, schedule, days):
    instruction()
    found = state(day)
    assert (found.control.state, found.schedule.code, found.schedule.days) == (state_, schedule, days)


def test_between_two_readings_of_a_month_it_is_late_but_no_breach(instruction):
    """Point 177 lets a term of a month end on the matching date or on the last working day of the month."""
    instruction(deadline_kind="none", deadline_on=None, law_params={})
    found = state("2025-12-30")
    assert (found.control.state, found.schedule.code, found.schedule.days) == (
        "running",
        "late_not_binding",
        4,
    )
    assert state("2026-01-05").schedule.code == "late"


def test_unknown_parameters_are_left_out_and_named(instruction):
    instruction(law_params={"kind": "minutes", "colour": "green"})
    found = state("2025-11-27").control
    assert found.due == dt.date(2025, 12, 22)
    assert "colour_not_in_law" in found.warnings


def test_the_calendar_known_that_day_counts(instruction):
    """30 August 2026 stopped being a holiday on 18 March 2026, so 31 August became a working day."""
    instruction(
        source="paper",
        given=dt.date(2026, 2, 2),
        said=dt.date(2026, 2, 2),
        received="2026-02-02",
        deadline_on=dt.date(2026, 8, 31),
    )
    assert state("2026-03-01").control.due == dt.date(2026, 9, 1)
    assert state("2026-03-18").control.due == dt.date(2026, 8, 31)


# -- statuses, turns --


def test_closed_without_evidence_stays_without_evidence(country, instruction):
    instruction()
    services.instruction_close(
        by=country.by, instruction="I-1", ground="executed", happened_on=dt.date(2025, 12, 20)
    )
    found = state("2025-12-30")
    assert (found.closed, found.done, found.turns) == (True, False, ())
    assert (found.said.code, found.evidenced.code, found.schedule.code) == ("done", "none", "done_said")


def test_done_by_evidence(country, instruction, verifier):
    instruction()
    item = services.evidence_add(
        by=country.by,
        instruction="I-1",
        type="document",
        shows_on=dt.date(2025, 12, 24),
        title="Concept",
        given_by="min_industry",
        file=ContentFile(b"concept", name="c.pdf"),
    )
    services.evidence_verify(by=verifier, evidence=item.pk, verdict="accepted", organisation="inspection")
    found = selectors.instruction_get("I-1", AsKnown(TODAY))
    assert (found.done, found.schedule.code, found.schedule.days) == (True, "done_late", 2)


def test_turns_pass_from_body_to_giver_and_back(country, instruction):
    instruction()

    def turns(day):
        return [
            (t.organisation.code if t.organisation else t.issuer, t.task, t.since) for t in state(day).turns
        ]

    start = dt.date(2025, 11, 26)
    lead, co = ("min_industry", "execute", start), ("akimat", "co_execute", start)
    assert turns("2025-11-27") == [lead, co]
    add(country, "co_answered", "2025-12-10", organisation="akimat")
    assert turns("2025-12-11") == [lead]
    add(
        country,
        "extension_requested",
        "2025-12-15",
        organisation="min_industry",
        new_deadline=dt.date(2026, 1, 20),
    )
    assert turns("2025-12-16") == [("prime_minister", "decide_extension", dt.date(2025, 12, 15))]
    add(country, "extended", "2025-12-18", new_deadline=dt.date(2026, 1, 20))
    assert turns("2025-12-19") == [("min_industry", "execute", dt.date(2025, 12, 18))]
    add(country, "answered", "2026-01-19", organisation="min_industry", said_state="done")
    assert turns("2026-01-20") == [("prime_minister", "accept_answer", dt.date(2026, 1, 19))]
    add(country, "closed", "2026-02-02", ground="executed")
    assert turns("2026-02-03") == []


def test_bodies_without_a_lead_each_answer(country, instruction):
    instruction(executors=[("akimat", "co"), ("min_transport", "co")])
    add(country, "answered", "2025-12-10", organisation="akimat")
    found = state("2025-12-30")
    assert [turn.organisation.code for turn in found.turns] == ["min_transport"]
    told = {row.executor.organisation.code: row.event is not None for row in found.answers}
    assert told == {"akimat": True, "min_transport": False}
    assert found.control.state == "overdue"
    add(country, "answered", "2025-12-31", organisation="min_transport")
    found = state("2026-01-05")
    assert [turn.task for turn in found.turns] == ["accept_answer"]
    assert found.control.state == "done_late"


def test_the_term_runs_from_the_first_receipt_of_a_body(country, instruction):
    """Minutes received twice: the law still computes, and what is told later moves no clock that runs."""
    instruction(received=None, deadline_kind="none", deadline_on=None, law_params={"type": "urgent"})
    add(country, "received", "2025-11-26", organisation="min_industry", source="minutes")
    add(country, "received", "2025-11-28", organisation="min_industry", source="paper")
    found = state("2025-12-01").control
    assert found.evaluation is not None
    assert (found.received_on, found.due) == (dt.date(2025, 11, 26), dt.date(2025, 12, 10))


def test_extension_moves_the_day_and_keeps_the_first(country, instruction):
    instruction()
    add(country, "extended", "2025-12-18", new_deadline=dt.date(2026, 1, 17))
    found = state("2025-12-23")
    assert (found.control.first_due, found.control.due) == (dt.date(2025, 12, 22), dt.date(2026, 1, 19))
    assert (found.control.extensions, found.schedule.code, found.schedule.days) == (1, "moved", 1)
    add(country, "extended", "2026-01-15", new_deadline=dt.date(2026, 2, 20))
    assert "moved_twice" in state("2026-01-16").control.warnings


# -- services --


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"deadline_on": None}, "deadline_on"),
        ({"deadline_kind": "none"}, "deadline_on"),
        ({"deadline_kind": "soon"}, "deadline_kind"),
        ({"issuer": "somebody"}, "issuer"),
        ({"executors": [("nobody", "lead")]}, "executors"),
        ({"executors": [("akimat", "lead"), ("akimat", "co")]}, "executors"),
        ({"executors": [("akimat", "boss")]}, "executors"),
        ({"subjects": ["nowhere"]}, "subjects"),
        ({"tags": ["urgent"]}, "tags"),
        ({"text": ""}, "text"),
        ({"given": (dt.date(2025, 2, 1), dt.date(2025, 1, 1))}, "given"),
    ],
)
def test_instruction_save_refusals(instruction, more, field):
    with pytest.raises(BadInput) as caught:
        instruction(received=None, **more)
    assert caught.value.field == field
    assert not Instruction.objects.exists()


def test_instruction_save_again_changes_only_what_differs(country, instruction):
    instruction()
    instruction(received=None)
    before = Event.objects.count()
    instruction(received=None)
    assert Event.objects.count() == before
    instruction(received=None, executors=[("min_industry", "lead")], tags=["special"])
    later = Event.objects.filter(seq__gt=before).order_by("seq")
    changes = [event.after for event in later if event.kind == "instruction.changed"]
    assert changes == [{"tags": ["special"]}, {"executors": {"min_industry": "lead"}}]


def test_closing_grounds_are_those_of_the_law():
    edition = load_procedure("P08").editions[-1]
    assert tuple(edition.params["ground"].choices) == services.closing_grounds()


@pytest.mark.parametrize(
    ("type_", "more", "field"),
    [
        ("closed", {"ground": "tired"}, "ground"),
        ("closed", {}, "ground"),
        ("extended", {}, "new_deadline"),
        ("answered", {"new_deadline": dt.date(2026, 1, 1)}, "new_deadline"),
        ("answered", {"ground": "executed"}, "ground"),
        ("answered", {"said_state": "nearly"}, "said_state"),
        ("forgotten", {}, "type"),
    ],
)
def test_event_refusals(country, instruction, type_, more, field):
    instruction()
    with pytest.raises(BadInput) as caught:
        add(country, type_, "2025-12-01", **more)
    assert caught.value.field == field


def test_extension_is_asked_by_the_lead_a_day_before(country, instruction, member):
    due = work_calendar(AsKnown(TODAY)).roll_forward(TODAY + dt.timedelta(days=30))
    running = {"given": TODAY, "said": TODAY, "received": TODAY.isoformat(), "source": "paper"}
    instruction(deadline_on=due, **running)
    ask = {
        "by": member("min_industry"),
        "instruction": "I-1",
        "organisation": "min_industry",
        "new_deadline": due + dt.timedelta(days=30),
        "text": "The land survey is late",
    }
    with pytest.raises(BadInput, match="only_lead_asks"):
        services.instruction_request_extension(**ask | {"by": member("akimat"), "organisation": "akimat"})
    with pytest.raises(BadInput, match="not_later"):
        services.instruction_request_extension(**ask | {"new_deadline": due})
    assert services.instruction_request_extension(**ask).new_deadline == ask["new_deadline"]


def test_extension_is_asked_too_late(instruction, member):
    instruction()
    with pytest.raises(BadInput) as caught:
        services.instruction_request_extension(
            by=member("min_industry"),
            instruction="I-1",
            organisation="min_industry",
            new_deadline=TODAY + dt.timedelta(days=30),
            text="Why",
        )
    assert (caught.value.code, caught.value.params["last_day"]) == (
        "extension_too_late",
        dt.date(2025, 12, 21),
    )


def test_no_deadline_cannot_be_extended(instruction, member):
    instruction(deadline_kind="permanent", deadline_on=None)
    with pytest.raises(BadInput) as caught:
        services.instruction_request_extension(
            by=member("min_industry"),
            instruction="I-1",
            organisation="min_industry",
            new_deadline=dt.date(2030, 1, 1),
            text="Why",
        )
    assert caught.value.code == "no_deadline_to_extend"


def test_verbs_of_the_giver(country, instruction, member):
    instruction()
    respond = {"instruction": "I-1", "organisation": "min_industry", "text": "Drafted"}
    event = services.instruction_respond(by=member("min_industry"), said_state="part_done", **respond)
    assert (event.type, event.said_state) == ("answered", "part_done")
    event = services.instruction_respond(by=member("akimat"), **(respond | {"organisation": "akimat"}))
    assert event.type == "co_answered"
    with pytest.raises(BadInput):
        services.instruction_respond(by=country.by, **(respond | {"organisation": "builder"}))
    services.instruction_refuse_extension(by=country.by, instruction="I-1", text="No ground")
    longer = {"by": country.by, "instruction": "I-1", "new_deadline": dt.date(2027, 6, 1)}
    with pytest.raises(Conflict, match="due_day_passed"):
        services.instruction_extend(**longer)
    services.instruction_extend(**longer, happened_on=dt.date(2025, 12, 18))
    services.instruction_close(by=country.by, instruction="I-1", ground="objectively_impossible")
    for verb in (
        lambda: services.instruction_close(by=country.by, instruction="I-1", ground="executed"),
        lambda: services.instruction_extend(
            by=country.by, instruction="I-1", new_deadline=dt.date(2028, 6, 1)
        ),
        lambda: services.instruction_respond(by=country.by, **respond),
    ):
        with pytest.raises(Conflict):
            verb()


RIGHTS = {
    "answer": {"coordinator", "min_industry"},
    "ask": {"min_industry"},
    "extend": {"coordinator"},
    "close": {"coordinator"},
    "order": {"coordinator"},
}


@pytest.mark.parametrize("verb", sorted(RIGHTS))
@pytest.mark.parametrize(
    "who", ["coordinator", "min_industry", "akimat", "verifier", "auditor", "administrator", "nobody"]
)
def test_who_may_do_what(request, country, instruction, member, verb, who):
    due = TODAY + dt.timedelta(days=30)
    instruction(given=TODAY, said=TODAY, received=TODAY.isoformat(), deadline_on=due, source="paper")
    bodies = {"min_industry", "akimat"}
    by = member(who) if who in bodies else request.getfixturevalue(who)
    order = {"by": by, "instruction": "I-1"}
    verbs = {
        "answer": lambda: services.instruction_respond(**order, organisation="min_industry", text="Done"),
        "ask": lambda: services.instruction_request_extension(
            **order,
            organisation="min_industry",
            new_deadline=TODAY + dt.timedelta(days=60),
            text="Why",
        ),
        "extend": lambda: services.instruction_extend(**order, new_deadline=TODAY + dt.timedelta(days=60)),
        "close": lambda: services.instruction_close(**order, ground="executed"),
        "order": lambda: instruction("I-2", received=None, by=by),
    }
    if who in RIGHTS[verb]:
        verbs[verb]()
    else:
        with pytest.raises(NotAllowed):
            verbs[verb]()


def test_not_known_before_it_was_said(instruction):
    instruction()
    with pytest.raises(NotFound):
        state("2025-11-25")


def test_list_by_body_and_queries(country, instruction, django_assert_max_num_queries):
    for number in range(6):
        instruction(f"I-{number}", executors=[("akimat" if number % 2 else "min_industry", "lead")])
    with django_assert_max_num_queries(8):
        found = selectors.instruction_states(on("2025-12-01"), organisation="akimat")
        assert [row.leads[0].organisation.name for row in found]
    assert sorted(row.code for row in found) == ["I-1", "I-3", "I-5"]


def test_nothing_is_decided_of_a_closed_instruction(country, instruction):
    instruction()
    services.instruction_close(by=country.by, instruction="I-1", ground="executed")
    with pytest.raises(Conflict, match="instruction_closed"):
        services.instruction_close(by=country.by, instruction="I-1", ground="executed")


@pytest.mark.parametrize(("day", "since"), [("2025-12-18", "2025-12-18"), ("2025-12-30", "2025-11-26")])
def test_an_extension_after_the_last_day_changes_nothing_of_the_turn(country, instruction, day, since):
    instruction()
    add(country, "extended", day, new_deadline=dt.date(2026, 1, 17))
    lead = state("2025-12-31").turns[0]
    assert (lead.task, lead.since.isoformat()) == ("execute", since)


def test_nothing_happens_to_an_instruction_before_it_is_given(country, instruction):
    instruction()
    with pytest.raises(BadInput) as caught:
        add(country, "follow_up", "2025-11-24")
    assert (caught.value.code, caught.value.field) == ("before_given", "happened")


def test_who_does_not_execute_cannot_have_answered_whoever_tells(country, instruction):
    instruction()
    with pytest.raises(BadInput, match="builder"):
        add(country, "answered", "2025-12-10", organisation="builder")
