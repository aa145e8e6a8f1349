"""What executors may say and when, closings told twice, and an instruction as it stood on an earlier day."""

import datetime as dt

import pytest
from django.utils import timezone

from torap.common.errors import BadInput, Conflict
from torap.delivery import selectors, services
from torap.rules.known import AsKnown

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def on(text):
    return AsKnown(dt.date.fromisoformat(text))


def state(day):
    return selectors.instruction_get("I-1", on(day))


def add(country, type_, day, **more):
    return services.instruction_event_add(
        by=country.by, instruction="I-1", type=type_, happened=dt.date.fromisoformat(day), **more
    )


@pytest.mark.parametrize("said", [None, dt.date(2025, 12, 1)])
@pytest.mark.parametrize("type_", ["answered", "extension_requested"])
def test_an_executor_chooses_no_day(country, instruction, member, type_, said):
    """Else an answer that is late could be entered as in time, and a request as asked for early enough."""
    instruction()
    event = {"instruction": "I-1", "organisation": "min_industry", "type": type_}
    early = {"happened": dt.date(2025, 12, 1), "said": said}
    with pytest.raises(BadInput, match="only_today"):
        services.instruction_event_add(by=member("min_industry"), **event, **early)
    assert services.instruction_event_add(by=country.by, **event, **early).happened_to == early["happened"]


def test_an_executor_tells_of_its_receipt_once(country, instruction, member):
    """Else the term, which runs from the receipt, could be started anew."""
    instruction(received=None)
    lead = member("min_industry")
    event = {"instruction": "I-1", "organisation": "min_industry", "type": "received"}
    services.instruction_event_add(by=lead, **event, happened=TODAY)
    with pytest.raises(Conflict, match="received_already"):
        services.instruction_event_add(by=lead, **event, happened=TODAY)
    services.instruction_event_add(by=country.by, **event, happened=TODAY)


def test_an_executor_moves_no_clock_whose_last_day_has_passed(instruction, member):
    """Where the term runs from the receipt, a late receipt would make it anew; so would a late return."""
    instruction(received=None, deadline_kind="none", deadline_on=None, law_params={"type": "urgent"})
    event = {"instruction": "I-1", "organisation": "min_industry", "happened": TODAY}
    lead = member("min_industry")
    for type_ in ("received", "returned"):
        with pytest.raises(Conflict, match="due_day_passed"):
            services.instruction_event_add(by=lead, type=type_, **event)


def test_a_receipt_of_all_bodies_told_by_a_coordinator_stands_before_theirs(country, instruction, member):
    instruction(received=None, deadline_kind="none", deadline_on=None, law_params={"type": "urgent"})
    event = {"instruction": "I-1", "type": "received"}
    services.instruction_event_add(
        by=country.by, **event, organisation="min_industry", happened=dt.date(2025, 12, 1)
    )
    services.instruction_event_add(by=country.by, **event, happened=dt.date(2025, 11, 27))
    services.instruction_event_add(by=country.by, **event, happened=dt.date(2025, 11, 28))
    assert state("2025-12-05").control.received_on == dt.date(2025, 11, 28)


@pytest.mark.parametrize("verb", ["respond", "request_extension"])
def test_the_verbs_of_an_executor_count_today(instruction, member, verb):
    instruction()
    lead = member("min_industry")
    values = {"by": lead, "instruction": "I-1", "organisation": "min_industry", "text": "Done"}
    if verb == "request_extension":
        values["new_deadline"] = TODAY
    with pytest.raises(BadInput, match="only_today"):
        getattr(services, f"instruction_{verb}")(**values, happened_on=dt.date(2025, 12, 10))
    assert not state(TODAY.isoformat()).events[1:]


def test_a_body_speaks_of_an_instruction_it_executes(instruction, member):
    instruction()
    for body, type_ in (("builder", "answered"), ("min_transport", "follow_up"), ("inspection", "received")):
        with pytest.raises(BadInput) as caught:
            services.instruction_event_add(
                by=member(body), instruction="I-1", type=type_, organisation=body, happened=TODAY
            )
        assert (caught.value.code, caught.value.field) == ("not_an_executor", "organisation")
    assert len(state(TODAY.isoformat()).events) == 1


@pytest.mark.parametrize(
    ("day", "said", "code"),
    [
        ("2025-12-01", None, "after_source"),  # said on a day its source could not know
        ("2025-11-27", "2025-11-26", "after_source"),
    ],
)
def test_an_event_is_not_later_than_its_source(country, instruction, day, said, code):
    instruction()
    with pytest.raises(BadInput, match=code):
        add(country, "follow_up", day, source="minutes", said=dt.date.fromisoformat(said) if said else None)
    with pytest.raises(BadInput, match="told_before_it_happened"):
        add(country, "follow_up", "2025-11-28", said=dt.date(2025, 11, 27))


def test_the_same_closing_told_again_is_no_second_one(country, instruction):
    instruction()
    add(country, "closed", "2025-12-20", ground="executed", source="paper")
    add(country, "closed", "2025-12-20", ground="executed", source="paper", said=dt.date(2025, 12, 24))
    for other in ({"ground": "objectively_impossible"}, {"ground": "executed", "day": "2025-12-21"}, {}):
        more = {"ground": "executed", "source": "paper"} if other else {"ground": "executed"}
        more |= {name: value for name, value in other.items() if name != "day"}
        with pytest.raises(Conflict, match="instruction_closed"):
            add(country, "closed", other.get("day", "2025-12-20"), **more)
    found = state("2025-12-30")
    assert (len(found.events), found.control.done_on) == (3, dt.date(2025, 12, 20))


def test_what_files_say_of_a_closing_is_kept_and_the_first_counts(country, instruction):
    instruction()
    add(country, "closed", "2025-12-20", ground="executed", source="paper", key="a")
    add(country, "closed", "2025-12-28", ground="information_submitted", source="paper", key="b")
    assert state("2025-12-30").closed
    assert state("2025-12-30").control.done_on == dt.date(2025, 12, 20)


def test_an_earlier_day_shows_the_instruction_as_it_stood(
    country, instruction, django_assert_max_num_queries
):
    """Deadline, giver and executors may change; what was due on a day stays what was due on it."""
    instruction(said=dt.date(2025, 11, 26))
    instruction(
        received=None,
        source="paper",
        said=dt.date(2025, 12, 10),
        issuer="president",
        text="A concept",
        deadline_on=dt.date(2026, 2, 2),
        executors=[("min_transport", "lead")],
    )
    then, now = state("2025-12-09"), state("2025-12-10")
    assert (then.control.due, then.instruction.issuer) == (dt.date(2025, 12, 22), "prime_minister")
    assert [(row.organisation.code, row.role) for row in then.executors] == [
        ("min_industry", "lead"),
        ("akimat", "co"),
    ]
    assert then.instruction.text_en == "A concept"  # texts are edited in place
    assert (now.control.due, now.instruction.issuer) == (dt.date(2026, 2, 2), "president")
    assert [turn.organisation.code for turn in now.turns] == ["min_transport"]
    assert [r.code for r in selectors.instruction_states(on("2025-12-09"), organisation="akimat")] == ["I-1"]
    assert selectors.instruction_states(on("2025-12-10"), organisation="akimat") == []
    assert selectors.instruction_states(on("2025-12-09"), organisation="min_transport") == []
    with django_assert_max_num_queries(8):
        state("2025-12-10")


def test_a_change_nobody_dates_counts_from_today(country, instruction):
    instruction()
    instruction(received=None, deadline_on=dt.date(2026, 12, 22))
    yesterday = TODAY - dt.timedelta(days=1)
    for clock in ("said", "recorded"):
        found = selectors.instruction_states(AsKnown(yesterday, clock))
        assert [row.control.due for row in found] == ([dt.date(2025, 12, 22)] if clock == "said" else [])
    assert state(TODAY.isoformat()).control.due == dt.date(2026, 12, 22)


def test_a_race_for_a_key_is_a_conflict(country, instruction, monkeypatch):
    """Both looked before either wrote: the table decides, and the second is told so."""
    instruction()
    add(country, "follow_up", "2025-12-01", key="k")
    monkeypatch.setattr("torap.delivery.services.writing.new_key", lambda *a: "k")
    with pytest.raises(Conflict, match="changed_meanwhile"):
        add(country, "follow_up", "2025-12-02", key="k")
