"""Every record is what the ledger last said of it: whatever is altered past the services is named."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from torap.common.models import Grant, User
from torap.common.triggers import drop_append_only_sql
from torap.delivery import services as delivery
from torap.delivery.models import Executor, Verification
from torap.engines.schedule.plan import Activity, Plan
from torap.engines.schedule.worktime import ALWAYS
from torap.intake.people import grant_give, grant_take, user_active_set, user_create
from torap.intake.services import facts_apply
from torap.ledger import records
from torap.ledger.proof import prove
from torap.ledger.services import record
from torap.registry.models import Organisation, Place, PlacePoint, Programme, Source, Subject
from torap.runs.services import asking, run_ask, run_request, scenario_save

SAMPLE = Path(__file__).parents[1] / "intake" / "samples" / "good.yaml"


@pytest.fixture
def country(system, monkeypatch):
    """A small country with a row in every table, some of them changed since they were added."""
    facts_apply(by=system, files=[("good.yaml", SAMPLE.read_bytes())])
    changed = (
        SAMPLE.read_text()
        .replace("name: Terminal\n", "name: The terminal\n")
        .replace("role: co}", "role: co}, {organisation: cabinet, role: co}")
        .replace("holder: company}", "}")
        .replace("name: Daily News", "name: The Daily News")
    )
    facts_apply(by=system, files=[("good.yaml", changed.encode())])
    delivery.baseline_take(by=system, code="first", title="First")
    for name in ("root", "second"):
        user_create(by=system, username=name, password="long enough 4 anybody", roles=[("administrator", "")])
    grant_give(by=system, username="root", role="verifier", organisation="ministry")
    grant_take(by=system, username="root", role="administrator")
    user_active_set(by=system, username="root", active=False)
    evidence = delivery.evidence_add(
        by=system, type="photo", shows_on=dt.date(2025, 11, 1), title="Gate", given_by="company",
        milestone="hub-open", file=ContentFile(b"picture", name="gate.jpg"), lat=44, lon=80,
    )  # fmt: skip
    delivery.evidence_verify(by=system, evidence=evidence.pk, verdict="accepted", organisation="ministry")
    delivery.schedule_attach(
        by=system, milestone="hub-open", plan=plan(), file=b"{}", file_name="plan.json", format="json",
        profile="torap", finish_activity="A", said=dt.date(2025, 11, 1), given_by="company", key="plan",
    )  # fmt: skip
    delivery.obstacle_save(
        by=system, code="no_road", text="No road", blocks="hub", said=dt.date(2025, 1, 1), holder="ministry"
    )
    delivery.obstacle_escalate_all(by=system)
    run = run_request(by=system, known_on=dt.date(2026, 1, 15), trials=50)
    delay = [{"op": "delay", "node": "milestone:hub-open", "days": 30}]
    scenario_save(by=system, title="Late", changes=delay, base=run.code)
    monkeypatch.setattr(asking, "SMALL_NODES", 0)
    run_ask(by=system, known_on=dt.date(2026, 1, 15), trials=60)
    return system


def plan():
    """The smallest schedule there is."""
    return Plan(
        start=0, activities=(Activity(id="A", minutes=480),), calendars={"24h": ALWAYS}, calendar="24h"
    )


def sql(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def unguard(table):
    with connection.cursor() as cursor:
        for statement in drop_append_only_sql(connection.vendor, table):
            cursor.execute(statement)


def faults():
    """What is wrong with the records; the guard these tests take off has a test of its own."""
    found = [one for one in prove().faults if one.code != "guard_missing"]
    return [(one.code, one.table, one.key, one.field) for one in found]


def test_a_guard_taken_off_is_named_though_no_row_was_altered_yet(country):
    unguard("delivery_promise")
    assert [(one.code, one.table) for one in prove().faults] == [("guard_missing", "delivery_promise")]


def test_untouched_records_agree_with_the_ledger(country):
    proof = prove()
    assert proof.faults == ()
    assert proof.ok
    empty = {one.table for one in records.kept_tables() if not one.model.objects.exists()}
    assert empty == set()  # the sample has a row in every table, so each of them was compared
    assert proof.records == sum(one.model.objects.filter(one.only).count() for one in records.kept_tables())


CHANGES = [
    ("delivery_promise", "latest", "'2029-01-01'", "key", "hub-open.1"),
    ("delivery_promise", "recorded_at", "'2001-01-01 00:00:00+00:00'", "key", "hub-open.1"),
    ("delivery_statusreport", "percent", "99", "key", "hub-open.r1"),
    ("registry_claim", "low", "1", "key", "hub.area.1"),
    ("registry_claim", "recorded_by", "'somebody'", "key", "hub.area.1"),
    ("registry_moneyentry", "amount", "5", "key", "plant.announced"),
    ("registry_utilityentry", "amount", "11", "key", "hub.power.1"),
    ("delivery_instructionevent", "happened_from", "'2024-01-01'", "key", "I-1.received"),
    ("delivery_baseline", "content", "'{}'", "code", "first"),
    ("delivery_deliverylink", "lag", "6", "key", "hub-open.power"),
    ("delivery_attachedschedule", "content", "'{}'", "key", "plan"),
    ("delivery_milestone", "type", "'start'", "code", "hub-open"),
    ("delivery_instruction", "deadline_on", "'2027-01-01'", "code", "I-1"),
    ("delivery_obstacle", "raised_by", "'nobody'", "code", "no_power"),
    ("registry_source", "published_to", "'2020-01-01'", "code", "gov-2025-11"),
    ("registry_attribute", "tolerance", "0.9", "code", "area"),
    ("registry_region", "name_en", "'Elsewhere'", "code", "KZ-33"),
    ("common_user", "is_superuser", "true", "username", "root"),
    ("common_user", "is_active", "true", "username", "root"),
]


def test_a_row_altered_past_the_services_is_named_with_its_field(country):
    for table, column, value, key, name in CHANGES:
        unguard(table)
        sql(f"UPDATE {table} SET {column} = {value} WHERE {key} = %s", name)
    expected = [("record_changed", table, name, column) for table, column, _value, _key, name in CHANGES]
    assert sorted(faults()) == sorted(expected)
    assert prove().chain.ok
    assert not prove().ok


def test_columns_of_the_table_above_are_compared_too(country):
    sql("UPDATE registry_subject SET name_en = 'Gone' WHERE code = %s", "hub")
    assert faults() == [("record_changed", "registry_place", "hub", "name_en")]


def test_a_reference_turned_elsewhere_is_named(country):
    other = Organisation.objects.get(code="cabinet")
    Place.objects.filter(code="hub").update(managing_company=other)
    (fault,) = prove().faults
    assert (fault.table, fault.key, fault.field) == ("registry_place", "hub", "managing_company")
    assert (fault.said, fault.found) == ("company", "cabinet")


def test_parts_of_a_row_are_compared(country):
    PlacePoint.objects.filter(place__code="hub").update(lat=1.0)
    Executor.objects.filter(organisation__code="cabinet").delete()
    Programme.objects.get(code="network").members.remove(Subject.objects.get(code="teu"))
    assert sorted(faults()) == [
        ("record_changed", "delivery_instruction", "I-1", "executors"),
        ("record_changed", "registry_place", "hub", "points"),
        ("record_changed", "registry_programme", "network", "members"),
    ]


def test_a_deleted_row_is_named(country):
    rows = [
        ("delivery_statusreport", "hub-open.r1"),
        ("registry_moneyentry", "plant.announced"),
        ("registry_utilityentry", "hub.power.1"),
    ]
    for table, name in rows:
        unguard(table)
        sql(f"DELETE FROM {table} WHERE key = %s", name)
    assert sorted(faults()) == [("record_missing", table, name, "") for table, name in rows]


def test_rows_added_past_the_services_are_named(country):
    Source.objects.create(code="made_up", publisher="x", source_class="act", title="x")
    Grant.objects.create(user=User.objects.get(username="root"), role="coordinator")
    User.objects.create_user("ghost")
    assert sorted(faults()) == [
        ("record_unknown", "common_grant", "root/coordinator/", ""),
        ("record_unknown", "common_user", "ghost", ""),
        ("record_unknown", "registry_source", "made_up", ""),
    ]


def test_a_row_given_another_key_is_missing_and_unknown(country):
    unguard("delivery_promise")
    sql("UPDATE delivery_promise SET key = 'x' WHERE key = %s", "hub-open.2")
    assert sorted(faults()) == [
        ("record_missing", "delivery_promise", "hub-open.2", ""),
        ("record_unknown", "delivery_promise", "x", ""),
    ]


def test_a_verdict_turned_round_is_named(country):
    unguard("delivery_verification")
    number = Verification.objects.get().pk
    sql("UPDATE delivery_verification SET verdict = 'rejected'")
    assert faults() == [("record_changed", "delivery_verification", str(number), "verdict")]


def test_publishers_and_loaded_rows_are_under_proof(country):
    sql("UPDATE intake_loadedrow SET version = 7 WHERE key = %s", "hub.area.1")
    assert faults() == [("record_changed", "intake_loadedrow", "claims", "")]
    sql("UPDATE intake_loadedrow SET file_name = 'x' WHERE key = %s", "gov")
    assert ("record_changed", "intake_loadedrow", "publishers/gov", "file_name") in faults()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps no text in a column of dates")
def test_an_unreadable_row_is_named_and_the_others_are_still_compared(country):
    unguard("delivery_promise")
    sql("UPDATE delivery_promise SET latest = '2029-99-99' WHERE key = %s", "hub-open.1")
    sql("UPDATE delivery_promise SET as_said = 'x' WHERE key = %s", "hub-open.2")
    assert sorted(faults()) == [
        ("record_changed", "delivery_promise", "hub-open.2", "as_said"),
        ("record_unreadable", "delivery_promise", "hub-open.1", ""),
    ]


def test_an_older_event_is_compared_in_what_it_says(country):
    """Events recorded before whole states were kept say less; nothing is made up for them."""
    Source.objects.create(code="old", publisher="x", source_class="act", title="Old", recorded_by="system")
    record("source.added", by=country, target="source:old", after={"title": "Old", "publisher": "x"})
    assert prove().ok
    Source.objects.filter(code="old").update(title="New")
    assert faults() == [("record_changed", "registry_source", "old", "title")]


def test_every_table_of_the_product_is_kept_or_said_not_to_be():
    """A new table needs a decision: events speak of it, or it is one of these."""
    from django.apps import apps  # noqa: PLC0415

    own = {m for m in apps.get_models() if m.__module__.startswith("torap.")}
    derived = {"ledger_event", "ledger_head", "registry_searchentry"}  # the chain itself; computed anew
    # Numbers of forms sent; how far a run is, or the reading of its input.
    passing = {"common_sentform", "runs_runstate", "runs_requeststate"}
    parts = {
        "runs_forecast",
        "registry_subject",
        "registry_placepoint",
        "registry_crossing",
        "delivery_executor",
    }
    kept = {one.table for one in records.kept_tables()}
    assert {m._meta.db_table for m in own} == kept | derived | passing | parts


def test_a_removal_that_is_real_and_one_that_is_invented_are_two_rows(country):
    for invented in (True, False):
        delivery.obstacle_remove(by=country, obstacle="no_road", invented=invented)
    assert prove().ok
