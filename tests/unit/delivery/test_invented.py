"""Invented rows: as what they hang on, apart from real ones, refused where they would change them."""

import datetime as dt

import pytest
from django.utils import timezone

from torap.common.errors import Conflict
from torap.common.models import Role
from torap.delivery import selectors, services
from torap.delivery.models import Evidence, InstructionEvent, ObstacleEvent, Promise, StatusReport
from torap.registry import services as registry
from torap.rules.known import AsKnown

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
NOW = AsKnown(TODAY)


@pytest.fixture
def fake(country):
    """An invented source, body and place."""
    by = country.by
    registry.source_add(
        by=by, code="fake", publisher="F", source_class="act", title="F", published=TODAY, invented=True
    )
    registry.organisation_save(by=by, code="fake_body", name="F", type="ministry", invented=True)
    registry.place_save(by=by, code="fake_place", name="F", type="hub", invented=True)
    return country


@pytest.fixture
def evidence(country):
    def offer(given_by="min_transport", **more):
        values = {
            "type": "act",
            "shows_on": dt.date(2025, 1, 1),
            "title": "Act",
            "url": "https://example.org",
        }
        return services.evidence_add(
            **{"by": country.by, "milestone": country.milestone, "given_by": given_by, **values, **more}
        )

    return offer


def state(code="aktau_hub-open"):
    return selectors.milestone_get(code, NOW)


def test_a_row_takes_over_from_its_source(fake, promise, report, instruction, evidence):
    assert promise("2024-01-01", "2025", source="fake").invented
    assert report("2024-01-01", "done", source="fake").invented
    assert evidence(given_by="fake_body").invented
    instruction()
    event = services.instruction_event_add(
        by=fake.by, instruction="I-1", type="answered", happened=dt.date(2025, 12, 1), source="fake"
    )
    assert event.invented
    assert instruction("I-2", source="fake", received=None).invented
    saved = services.obstacle_save(
        by=fake.by, code="o", text="O", blocks="aktau_hub", said=TODAY, source="fake"
    )
    assert saved.invented


def test_a_row_takes_over_from_what_it_is_about(fake, promise, instruction, evidence):
    by = fake.by
    milestone = services.milestone_save(by=by, code="m-fake", subject="fake_place", name="M", type="open")
    assert milestone.invented
    assert services.milestone_save(
        by=by, code="m-body", subject="aktau_hub", name="M", type="open", holder="fake_body"
    ).invented
    assert promise("2024-01-01", "2025", milestone="m-fake").invented
    assert evidence(milestone="m-fake").invented
    assert instruction("I-8", subjects=["fake_place"], received=None).invented
    assert instruction("I-9", executors=[("fake_body", "lead")]).invented
    assert InstructionEvent.objects.get(instruction__code="I-9").invented
    services.obstacle_save(by=by, code="o", text="O", blocks="fake_place", said=TODAY)
    assert services.obstacle_remove(by=by, obstacle="o").invented


def test_an_invented_promise_is_neither_first_nor_current(promise, report):
    promise("2023-10-27", "Q2 2025", key="p1")
    promise("2024-10-27", "Q4 2025", key="p2")
    before = state()
    promise("2020-01-01", "2021", key="f1", invented=True)
    promise("2025-06-01", "2099", key="f2", invented=True)
    report("2025-06-01", "done", key="fr", invented=True)
    after = state()
    assert ([row.key for row in after.promises], after.reports) == (["p1", "p2"], ())
    assert (after.first, after.current, after.moves, after.slip_months) == (
        before.first,
        before.current,
        before.moves,
        before.slip_months,
    )
    assert (after.said, after.schedule, after.passed, after.conflicts) == (
        before.said,
        before.schedule,
        before.passed,
        before.conflicts,
    )
    assert {row.key for row in after.apart} == {"f1", "f2", "fr"}


def test_an_invented_milestone_keeps_its_own_rows(country, promise):
    services.milestone_save(
        by=country.by, code="m-fake", subject="aktau_hub", name="M", type="open", invented=True
    )
    promise("2024-01-01", "2025", milestone="m-fake")
    found = state("m-fake")
    assert (len(found.promises), found.apart) == (1, ())


def test_a_milestone_only_invented_of_is_not_known_before_it_was_stored(promise):
    promise("2020-01-01", "2021", invented=True)
    assert selectors.milestone_states(AsKnown(dt.date(2021, 1, 1))) == []


def test_invented_evidence_and_the_verdict_of_an_invented_body_prove_nothing(
    fake, promise, evidence, verifier, person
):
    promise("2023-10-27", "Q2 2025")
    unreal, real = evidence(invented=True), evidence()
    services.evidence_verify(by=verifier, evidence=unreal.pk, verdict="accepted", organisation="inspection")
    verdict = services.evidence_verify(
        by=person("unreal", Role.VERIFIER, organisation="fake_body"),
        evidence=real.pk,
        verdict="accepted",
        organisation="fake_body",
    )
    found = state()
    assert verdict.invented
    assert (found.evidenced.code, found.evidenced.offered, found.done) == ("offered", 1, False)
    assert [row.pk for row in found.apart if isinstance(row, Evidence)] == [unreal.pk]


def test_a_real_file_has_no_invented_twin(evidence):
    first, second = evidence(), evidence(invented=True)
    Evidence.objects.filter(pk__in=[first.pk, second.pk]).update(sha256="a" * 64)
    (item,) = state().evidence
    assert item.same_file == ()


def test_invented_events_move_no_clock(instruction, country):
    instruction()
    before = selectors.instruction_get("I-1", NOW)
    for type_, more in (
        ("extended", {"new_deadline": dt.date(2099, 1, 1)}),
        ("closed", {"ground": "executed", "said_state": "done"}),
    ):
        services.instruction_event_add(
            by=country.by,
            instruction="I-1",
            type=type_,
            happened=dt.date(2025, 12, 1),
            invented=True,
            **more,
        )
    after = selectors.instruction_get("I-1", NOW)
    assert (after.control.due, after.control.state, after.said, after.turns, after.newest_said) == (
        before.control.due,
        before.control.state,
        before.said,
        before.turns,
        before.newest_said,
    )
    assert {row.type for row in after.apart} == {"extended", "closed"}
    services.instruction_close(by=country.by, instruction="I-1", ground="executed")  # nobody really closed it
    assert selectors.instruction_get("I-1", NOW).closed


def test_an_obstacle_counts_real_milestones_and_real_events(country, promise):
    by = country.by
    services.obstacle_save(by=by, code="o", text="O", blocks="aktau_hub", said=dt.date(2025, 1, 1))
    services.milestone_save(by=by, code="m-fake", subject="aktau_hub", name="M", type="open", invented=True)
    services.obstacle_event_add(
        by=by, obstacle="o", type="removed", happened_on=dt.date(2025, 2, 1), invented=True
    )
    found = selectors.obstacle_get("o", NOW)
    assert (found.open, found.blocked) == (True, ("aktau_hub-open",))
    assert [row.type for row in found.apart] == ["removed"]
    services.obstacle_remove(by=by, obstacle="o", happened_on=dt.date(2025, 3, 1))
    assert selectors.obstacle_get("o", NOW).removed_on == dt.date(2025, 3, 1)
    assert ObstacleEvent.objects.filter(obstacle__code="o").count() == 2


def test_the_board_counts_what_is_real(country, promise):
    services.milestone_save(
        by=country.by,
        code="m-fake",
        subject="aktau_hub",
        name="M",
        type="open",
        holder="min_transport",
        invented=True,
    )
    promise("2001-01-01", "2002", milestone="m-fake")
    assert selectors.holder_board(NOW) == []
    (line,) = selectors.holder_board(NOW, invented=True)
    assert (line.overdue, [item.invented for item in line.items]) == (0, [True])


@pytest.mark.parametrize("invented", [True, False])
def test_a_correction_is_as_real_as_what_it_corrects(promise, report, invented):
    promise("2024-01-01", "2025", key="p", invented=not invented)
    report("2024-01-01", "done", key="r", invented=not invented)
    with pytest.raises(Conflict, match="reality_changed"):
        promise("2024-01-02", "2026", corrects="p", invented=invented)
    with pytest.raises(Conflict, match="reality_changed"):
        report("2024-01-02", "done", corrects="r", invented=invented)
    assert (Promise.objects.count(), StatusReport.objects.count()) == (1, 1)


def test_a_real_record_never_turns_invented(fake, instruction):
    with pytest.raises(Conflict, match="reality_changed"):
        services.milestone_save(
            by=fake.by, code=fake.milestone, subject="aktau_hub", name="M", type="open", invented=True
        )
    instruction()
    with pytest.raises(Conflict, match="reality_changed"):
        instruction(source="fake", received=None)


def test_the_situation_counts_what_it_leaves_out(country, promise):
    promise("2023-10-27", "Q2 2025")
    promise("2020-01-01", "2021", invented=True)
    assert selectors.situation(NOW).counts.invented_left_out == 1
