"""Loading: one transaction, in the person's name; the same twice is nothing, a bad row takes only its own."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction

from torap.common.errors import BadInput, Conflict, NotAllowed
from torap.common.models import Role
from torap.delivery import selectors as delivery
from torap.intake import services
from torap.intake.models import FactsLoad, LoadedRow
from torap.intake.selectors import load_problems
from torap.intake.services import facts_apply, facts_preview
from torap.ledger.models import Event
from torap.ledger.services import verify
from torap.registry import selectors as registry
from torap.registry import services as registry_services
from torap.registry.models import Claim
from torap.rules.known import AsKnown

pytestmark = pytest.mark.django_db
NOW = AsKnown(dt.date(2026, 6, 1))


@pytest.fixture
def loaded(good, coordinator):
    return facts_apply(by=coordinator, files=[("good.yaml", good)])


def edited(good, old, new):
    text = good.decode()
    assert old in text
    return [("good.yaml", text.replace(old, new).encode())]


def test_every_section_arrives(loaded):
    assert loaded.report["totals"]["refused"] == 0
    assert loaded.report["totals"]["new"] == 40
    hub = registry.place_get("hub")
    assert (hub.name_ru, hub.managing_company.code, hub.region_id) == ("Пограничный хаб", "company", "KZ-33")
    assert [(p.label, p.source.code) for p in hub.points.all()] == [("Gate", "gov-2025-11")]
    assert registry.place_get("terminal").parent.code == "hub"
    assert registry.project_get("plant_again").same_as.code == "plant"
    area = next(f for f in registry.figures(hub.pk, NOW) if f.attribute.code == "area")
    assert (area.best.key, area.best.corrects.key, area.best.unit) == ("hub.area.2", "hub.area.1", "km2")
    (milestone,) = delivery.milestone_states(NOW)
    assert [p.key for p in milestone.promises] == ["hub-open.1", "hub-open.2"]
    assert milestone.current.latest == dt.date(2026, 12, 31)
    assert milestone.first.latest == dt.date(2024, 12, 31)
    (instruction,) = delivery.instruction_states(NOW)
    assert {(e.organisation.code, e.role) for e in instruction.executors} == {
        ("ministry", "lead"),
        ("company", "co"),
    }
    assert [edit.day for edit in registry.calendar_edits(NOW)] == [dt.date(2026, 8, 30)]


def test_imprecise_dates_keep_their_interval(loaded):
    claim = Claim.objects.get(key="hub.area.1")
    assert (claim.said_from, claim.said_to) == (dt.date(2023, 5, 1), dt.date(2023, 8, 31))
    assert claim.said_note == "about summer"


def test_members_written_after_their_programme_still_belong_to_it(loaded):
    assert {m.code for m in registry.programme_get("network").members.all()} == {"hub", "railway", "teu"}


def test_every_row_bears_the_name_of_who_loaded_it(loaded, coordinator):
    assert set(Event.objects.values_list("actor", flat=True)) == {coordinator.username}
    last = Event.objects.last()
    assert (last.kind, last.target) == ("facts.loaded", f"facts_load:{loaded.pk}")
    assert last.after["new"] == 40
    assert verify().ok


def test_an_administrator_may_load_every_kind_of_row(good, administrator):
    load = facts_apply(by=administrator, files=[("good.yaml", good)])
    assert load.report["totals"]["refused"] == 0
    assert set(Claim.objects.values_list("recorded_by", flat=True)) == {administrator.username}
    # the right lasts for the load only
    with pytest.raises(NotAllowed):
        registry_services.claim_add(
            by=administrator, key="x", subject="hub", attribute="area", source="gov-2025-11"
        )


@pytest.mark.parametrize("role", [Role.BODY_MEMBER, Role.MANAGING_COMPANY, Role.VERIFIER, Role.AUDITOR, ""])
def test_others_may_not_load(good, person, role):
    with pytest.raises(NotAllowed):
        facts_apply(by=person("somebody", role, organisation="company"), files=[("good.yaml", good)])
    assert not Event.objects.exists()


def test_loading_twice_changes_and_records_nothing(loaded, good, coordinator):
    before = Event.objects.count()
    again = facts_apply(by=coordinator, files=[("good.yaml", good)])
    assert again.pk == loaded.pk
    assert Event.objects.count() == before
    assert FactsLoad.objects.count() == 1
    assert facts_preview([("good.yaml", good)]).nothing_to_do


def test_a_changed_row_is_changed_in_place(loaded, good, coordinator):
    load = facts_apply(by=coordinator, files=edited(good, "ru: Пограничный хаб", "ru: Хаб на границе"))
    assert load.report["totals"] | {"changed": 1, "unchanged": 39, "new": 0} == load.report["totals"]
    assert registry.place_get("hub").name_ru == "Хаб на границе"
    event = Event.objects.get(kind="place.changed")
    assert event.before["name_ru"] == "Пограничный хаб"


def test_corrections_chain_and_history_stays(loaded, good, coordinator):
    facts_apply(by=coordinator, files=edited(good, "value: 42,", "value: 43,"))
    facts_apply(by=coordinator, files=edited(good, "value: 42,", "value: 44,"))
    chain = {
        c.key: (c.low, c.corrects.key if c.corrects else None)
        for c in Claim.objects.filter(subject__code="teu")
    }
    assert chain == {
        "teu.2024": (42, None),
        "teu.2024~2": (43, "teu.2024"),
        "teu.2024~3": (44, "teu.2024~2"),
    }
    (figure,) = registry.figures(registry.subject_get("teu").pk, NOW)
    assert figure.best.key == "teu.2024~3"
    assert LoadedRow.objects.get(key="teu.2024").version == 3
    back = facts_apply(by=coordinator, files=edited(good, "value: 42,", "value: 44,"))
    assert back.report["totals"]["corrected"] == 1  # the load that made it, not a new one
    assert FactsLoad.objects.count() == 3


def test_promises_and_reports_are_corrected_too(loaded, good, coordinator):
    facts_apply(by=coordinator, files=edited(good, "promised: by 2024", "promised: by 2025"))
    text = (
        good.decode().replace("promised: by 2024", "promised: by 2025").replace("percent: 40", "percent: 45")
    )
    facts_apply(by=coordinator, files=[("good.yaml", text.encode())])
    (milestone,) = delivery.milestone_states(NOW)
    assert [p.key for p in milestone.promises] == ["hub-open.1~2", "hub-open.2"]
    assert [(r.key, r.percent) for r in milestone.reports] == [("hub-open.r1~2", 45)]


def test_a_row_refused_by_a_service_takes_only_its_own(write, base, coordinator):
    moves = [
        {"id": "u1", "move": "added", "amount": 5, "from": "2025-01-01"},
        {"id": "u2", "move": "taken", "amount": 9, "from": "2025-02-01"},
        {"id": "u3", "move": "taken", "amount": 3, "from": "2025-03-01"},
    ]
    base["utilities"] = [
        {"place": "hub", "kind": "electricity", "basis": "evidenced", "source": "s1"} | move for move in moves
    ]
    content = write(**base)
    load = facts_apply(by=coordinator, files=[("a.yaml", content)])
    (problem,) = load_problems(load)
    assert (problem.code, problem.key, problem.field) == ("refused", "u2", "amount")
    assert load.report["totals"]["refused"] == 1
    assert set(LoadedRow.objects.filter(kind="utilities").values_list("key", flat=True)) == {"u1", "u3"}
    assert verify().ok


def test_what_needs_a_row_refused_on_writing_is_refused_too(write, base, coordinator):
    order = {
        "code": "I-1",
        "text": "Do",
        "issuer": "grandmother",
        "given": "2025-11-25",
        "deadline": {"kind": "none"},
    }
    base["instructions"] = [order | {"source": "s1"}]
    base["instruction_events"] = [
        {"id": "e", "instruction": "I-1", "type": "received", "happened": "2025-11-26"}
    ]
    load = facts_apply(by=coordinator, files=[("a.yaml", write(**base))])
    assert [(p.key, p.code) for p in load_problems(load)] == [("I-1", "refused"), ("e", "depends_on_failed")]
    assert load.report["totals"]["refused"] == 2
    assert registry.place_get("hub")


def test_one_bad_claim_does_not_keep_the_others_out(write, base, coordinator):
    base["claims"] = [
        {"id": f"c{n}", "subject": "hub", "attribute": "area", "value": n, "unit": "ha", "source": "s1"}
        for n in range(5)
    ]
    base["claims"][2]["value"] = 10**30  # passes the format, not the column
    load = facts_apply(by=coordinator, files=[("a.yaml", write(**base))])
    assert [p.key for p in load_problems(load)] == ["c2"]
    assert set(Claim.objects.values_list("key", flat=True)) == {"c0", "c1", "c3", "c4"}


def test_a_refused_row_loads_once_it_is_mended(write, base, coordinator):
    broken = base | {"places": [{"code": "hub", "name": "Hub", "type": "castle"}]}
    first = facts_apply(by=coordinator, files=[("a.yaml", write(**broken))])
    assert first.report["totals"]["refused"] == 1
    second = facts_apply(by=coordinator, files=[("a.yaml", write(**base))])
    assert second.report["totals"] | {"new": 1, "refused": 0} == second.report["totals"]


def test_files_lean_on_rows_loaded_earlier_and_on_each_other(write, base, coordinator):
    claim = {"id": "c", "subject": "hub", "attribute": "area", "value": 1, "unit": "ha", "source": "s1"}
    later = write(claims=[claim])
    assert facts_preview([("b.yaml", later)]).total("refused") == 1
    together = facts_preview([("b.yaml", later), ("a.yaml", write(**base))])
    assert together.total("refused") == 0
    facts_apply(by=coordinator, files=[("a.yaml", write(**base))])
    assert facts_preview([("b.yaml", later)]).total("refused") == 0


def test_files_lean_on_rows_written_by_hand(write, coordinator):
    registry_services.place_save(by=coordinator, code="hub", name="Hub", type="hub")
    registry_services.attribute_save(by=coordinator, code="area", name="Area", kind="number", unit="ha")
    registry_services.source_add(
        by=coordinator,
        code="s1",
        publisher="P",
        source_class="press",
        title="T",
        published=dt.date(2025, 1, 1),
    )
    claim = {"id": "c", "subject": "hub", "attribute": "area", "value": 1, "unit": "km", "source": "s1"}
    preview = facts_preview([("a.yaml", write(claims=[claim]))])
    assert [p.code for p in preview.problems] == ["unit_not_convertible"]
    load = facts_apply(by=coordinator, files=[("a.yaml", write(claims=[claim | {"unit": "km2"}]))])
    assert load.report["totals"]["new"] == 1
    assert Claim.objects.get().said_to == dt.date(2025, 1, 1)


def test_rows_may_move_to_another_file(loaded, good, coordinator):
    moved = facts_apply(by=coordinator, files=[("renamed.yaml", good)])
    assert moved.report["totals"]["unchanged"] == 40
    assert set(LoadedRow.objects.values_list("file_name", flat=True)) == {"renamed.yaml"}
    assert facts_preview([("renamed.yaml", good)]).removed == []


def test_a_removed_row_is_reported_and_stays(loaded, good, coordinator):
    line = next(line for line in good.decode().splitlines() if "teu.2024" in line)
    load = facts_apply(by=coordinator, files=edited(good, line, ""))
    assert load.report["removed"] == [{"section": "claims", "key": "teu.2024", "file": "good.yaml"}]
    assert Claim.objects.filter(key="teu.2024").exists()


def test_what_was_agreed_to_is_what_is_loaded(good, coordinator):
    preview = facts_preview([("good.yaml", good)])
    with pytest.raises(Conflict, match="files_changed"):
        facts_apply(
            by=coordinator,
            files=edited(good, "value: 42,", "value: 43,"),
            expected_sha256=preview.sha256,
        )
    assert facts_apply(by=coordinator, files=[("good.yaml", good)], expected_sha256=preview.sha256)


def test_no_file_and_two_of_one_name_are_refused(good, coordinator):
    with pytest.raises(BadInput, match="no_files"):
        facts_apply(by=coordinator, files=[])
    with pytest.raises(BadInput, match="file_twice"):
        facts_apply(by=coordinator, files=[("a.yaml", good), ("a.yaml", good)])


def test_a_file_that_cannot_be_read_is_kept_as_a_report_only(coordinator):
    load = facts_apply(by=coordinator, files=[("a.yaml", b"claims:\n\t- a")])
    assert [p.code for p in load_problems(load)] == ["tab"]
    assert not LoadedRow.objects.exists()


def test_an_unreadable_file_does_not_stop_the_others(good, coordinator):
    load = facts_apply(by=coordinator, files=[("bad.yaml", b"\x00"), ("good.yaml", good)])
    assert load.report["totals"]["new"] == 40


def test_a_crash_leaves_nothing_half_written(good, coordinator, monkeypatch):
    def crash(*_args, **_kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr(services, "report_of", crash)
    with pytest.raises(RuntimeError), transaction.atomic():
        facts_apply(by=coordinator, files=[("good.yaml", good)])
    assert not Event.objects.exists()
    assert not LoadedRow.objects.exists()
    assert registry.subject_list() == []


def test_invented_rows_say_so_everywhere(good, coordinator):
    facts_apply(by=coordinator, files=edited(good, "invented: false", "invented: true"))
    assert all(row.invented for row in registry.subject_list())
    assert all(claim.invented for claim in Claim.objects.all())
    (milestone,) = delivery.milestone_states(NOW)
    assert milestone.milestone.invented
    assert all(p.invented for p in milestone.promises)


def test_progress_reaches_the_end(good, coordinator):
    steps = []
    facts_apply(by=coordinator, files=[("good.yaml", good)], progress=lambda *step: steps.append(step))
    assert steps[-1] == (40, 40)
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)


def test_a_preview_writes_nothing_and_asks_little(loaded, good, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        facts_preview([("good.yaml", good)])
    assert connection.in_atomic_block


def test_an_invented_row_changes_no_real_one(loaded, good, coordinator):
    text = good.decode().replace("invented: false", "invented: true").replace("Пограничный хаб", "Вымысел")
    load = facts_apply(by=coordinator, files=[("fake.yaml", text.encode())])
    assert load.report["totals"] | {"new": 0, "changed": 0, "corrected": 0} == load.report["totals"]
    assert "reality_changed" in {problem["code"] for problem in load.report["problems"]}
    hub = registry.place_get("hub")
    assert (hub.invented, hub.name_ru) == (False, "Пограничный хаб")


def test_an_invented_row_on_a_record_made_by_hand_is_refused(loaded, coordinator):
    registry_services.place_save(by=coordinator, code="by_hand", name="By hand", type="hub")
    text = b"format: torap-facts/1\ninvented: true\nplaces: [{code: by_hand, name: Fake, type: port}]\n"
    load = facts_apply(by=coordinator, files=[("fake.yaml", text)])
    assert [problem["params"]["refusal"] for problem in load.report["problems"]] == ["reality_changed"]
    assert not registry.place_get("by_hand").invented
