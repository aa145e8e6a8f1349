"""Adding and correcting claims, money and calendar edits."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from torap.common.errors import BadInput, Conflict, NotAllowed, NotFound
from torap.common.models import Role
from torap.ledger.selectors import events_of
from torap.ledger.services import verify
from torap.registry import services
from torap.registry.models import CalendarEdit, Claim, MoneyEntry

SAID = dt.date(2025, 11, 25)


def test_claim_takes_date_from_source_and_unit_from_catalogue(claim):
    made = claim(Decimal("129.8"))
    made.refresh_from_db()
    assert (made.low, made.high, made.unit) == (Decimal("129.8"), Decimal("129.8"), "ha")
    assert (made.said_from, made.said_to, made.recorded_by) == (SAID, SAID, "coordinator")
    event = events_of("claim:c1")[0]
    assert (event.kind, event.after["low"], event.after["subject"]) == ("claim.added", "129.8", "khorgos_hub")


def test_claim_may_be_an_interval(claim):
    for value in ((1, 2), {"low": 1, "high": 2}):
        made = claim(value)
        assert (made.low, made.high) == (Decimal(1), Decimal(2))


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({}, "value", "value_missing"),
        ({"value": "much"}, "value", "not_a_number"),
        ({"value": float("inf")}, "value", "not_a_number"),
        ({"value": True}, "value", "not_a_number"),
        ({"value": (2, 1)}, "value", "interval_reversed"),
        ({"value": {"low": 1}}, "value", "not_a_number"),
        ({"value": 10**30}, "low", "invalid.max_digits"),
        ({"value": 1, "unit": "acres"}, "unit", "unknown_unit"),
        ({"value": 1, "unit": "km"}, "unit", "unit_of_another_kind"),
        ({"value": 1, "attribute": "investment", "unit": "ha"}, "unit", "unit_not_money"),
        ({"value": 1, "attribute": "works", "text": "x"}, "value", "number_not_expected"),
        ({"attribute": "works"}, "text", "text_missing"),
        ({"value": 1, "subject": "ghost"}, "subject", "unknown_reference"),
        ({"value": 1, "attribute": "ghost"}, "attribute", "unknown_reference"),
        ({"value": 1, "source": "ghost"}, "source", "unknown_reference"),
        ({"value": 1, "corrects": "ghost"}, "corrects", "unknown_reference"),
        ({"value": 1, "nature": "guess"}, "nature", "invalid.invalid_choice"),
        ({"value": 1, "qualifier": "some"}, "qualifier", "invalid.invalid_choice"),
        ({"value": 1, "confidence": "sure"}, "confidence", "invalid.invalid_choice"),
        ({"value": 1, "key": ""}, "key", "invalid.blank"),
        ({"value": 1, "about": (SAID, dt.date(2020, 1, 1))}, "about", "interval_reversed"),
        ({"value": 1, "said": (SAID, dt.date(2020, 1, 1))}, "said", "interval_reversed"),
    ],
)
def test_claim_names_the_field_at_fault(claim, fields, field, code):
    with pytest.raises(BadInput) as caught:
        claim(**fields)
    assert (caught.value.field, caught.value.code) == (field, code)
    assert caught.value.params["key"] == fields.get("key", "c1")
    assert not Claim.objects.exists()


def test_claim_needs_a_date_from_somewhere(claim, source):
    source("undated", on=None)
    with pytest.raises(BadInput) as caught:
        claim(1, source="undated", source_code="other")
    assert caught.value.code == "said_missing"
    assert claim(1, source="undated", source_code="other", said=SAID).said_to == SAID


def test_key_is_taken_once(claim):
    claim(1, key="k")
    with pytest.raises(Conflict):
        claim(2, key="k")


def test_many_claims_are_all_added_or_none(coordinator, country, source):
    source()
    row = {"subject": "khorgos_hub", "attribute": "area", "source": "official-1", "value": 1}
    with pytest.raises(Conflict):
        services.claim_add_many(by=coordinator, rows=[{**row, "key": "a"}, {**row, "key": "a"}])
    with pytest.raises(BadInput):
        services.claim_add_many(by=coordinator, rows=[{**row, "key": "a"}, {**row, "key": "b", "unit": "km"}])
    assert not Claim.objects.exists()
    before = verify().count
    services.claim_add_many(by=coordinator, rows=[{**row, "key": "a"}, {**row, "key": "b"}])
    assert verify().count == before + 2


def test_many_claims_take_few_queries(coordinator, country, source, django_assert_max_num_queries):
    source()
    row = {"subject": "khorgos_hub", "attribute": "area", "source": "official-1", "value": 1}
    rows = [{**row, "key": f"k{n}"} for n in range(200)]
    with django_assert_max_num_queries(20):
        services.claim_add_many(by=coordinator, rows=rows)


def test_correction_is_a_new_claim_that_names_the_old(claim, coordinator):
    claim(100, key="k", text="about a hundred", said_by="governor")
    new = services.claim_correct(by=coordinator, old="k", value=110)
    assert (new.key, new.low, new.corrects.key, new.said_by) == ("k~2", Decimal(110), "k", "governor")
    assert Claim.objects.get(key="k").low == Decimal(100)
    event = events_of("claim:k~2")[0]
    assert (event.kind, event.before["low"], event.after["low"]) == ("claim.corrected", "100", "110")


def test_a_claim_is_corrected_once_and_by_its_like(claim, coordinator):
    claim(100, key="k")
    services.claim_correct(by=coordinator, old="k", value=110)
    with pytest.raises(Conflict):
        services.claim_correct(by=coordinator, old="k", value=120)
    with pytest.raises(BadInput) as caught:
        claim(1, attribute="jobs", corrects="k~2")
    assert caught.value.code == "corrects_another_thing"
    with pytest.raises(NotFound):
        services.claim_correct(by=coordinator, old="ghost", value=1)


def test_what_is_invented_marks_what_rests_on_it(claim, source):
    source("made-up", invented=True)
    assert claim(1, source="made-up", source_code="other").invented
    assert not claim(1).invented


def test_bodies_claim_of_their_own_subjects_only(
    claim, source, coordinator, member, nobody, verifier, country
):
    source()
    row = {"attribute": "area", "source": "official-1", "value": 1}
    akim = member("akimat_zhetysu")
    company = member("khorgos_company", role="managing_company")
    stranger = member("akimat_abai")
    ministry = member("ministry_trade")
    for number, person in enumerate((akim, company, coordinator)):
        for subject in ("khorgos_hub", "dry_port"):
            services.claim_add(by=person, key=f"{subject}.{number}", subject=subject, **row)
    services.claim_add(by=ministry, key="own", subject="ministry_trade", **row)
    for person in (stranger, ministry, nobody, verifier):
        with pytest.raises(NotAllowed):
            services.claim_add(by=person, key="x", subject="khorgos_hub", **row)
    with pytest.raises(NotAllowed):
        services.claim_add(by=akim, key="x", subject="khorgos_company", **row)


MONEY = {
    "key": "m",
    "project": "dry_port",
    "stage": "announced",
    "amount": 5,
    "currency": "USD",
    "source": "official-1",
}


def test_money_is_added_with_an_event(country, source, coordinator, member, nobody):
    source()
    entry = services.money_add(by=coordinator, **MONEY)
    assert (entry.amount, entry.said_to) == (Decimal(5), SAID)
    assert events_of("money:m")[0].after["project"] == "dry_port"
    services.money_add(by=member("akimat_zhetysu"), **{**MONEY, "key": "m2"})
    with pytest.raises(NotAllowed):
        services.money_add(by=nobody, **{**MONEY, "key": "m3"})


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"stage": "dreamt"}, "stage"),
        ({"amount": -1}, "amount"),
        ({"amount": "x"}, "amount"),
        ({"currency": "tenge"}, "currency"),
        ({"project": "khorgos_hub"}, "project"),
        ({"source": "ghost"}, "source"),
    ],
)
def test_money_names_the_field_at_fault(country, source, coordinator, fields, field):
    source()
    with pytest.raises(BadInput) as caught:
        services.money_add(by=coordinator, **{**MONEY, **fields})
    assert caught.value.field == field
    assert not MoneyEntry.objects.exists()


EDIT = {
    "day": dt.date(2026, 8, 31),
    "working": True,
    "known_from": dt.date(2026, 3, 18),
    "kind": "working_day",
    "title": "Rest day withdrawn",
    "source_title": "Ministry of Labour",
}


def test_calendar_edit_is_added_once_per_knowledge_day(coordinator, auditor):
    services.calendar_edit_add(by=coordinator, **EDIT)
    with pytest.raises(Conflict):
        services.calendar_edit_add(by=coordinator, **EDIT)
    services.calendar_edit_add(
        by=coordinator, **{**EDIT, "known_from": dt.date(2026, 4, 1), "working": False}
    )
    assert CalendarEdit.objects.count() == 2
    assert [event.kind for event in events_of("calendar:2026-08-31")] == ["calendar.edited"] * 2
    with pytest.raises(NotAllowed):
        services.calendar_edit_add(by=auditor, **{**EDIT, "day": dt.date(2026, 9, 1)})
    with pytest.raises(BadInput):
        services.calendar_edit_add(
            by=coordinator, **{**EDIT, "day": dt.date(2026, 9, 1), "source_title": " "}
        )


def test_rows_said_cannot_be_edited_or_removed(claim, coordinator):
    made = claim(1)
    made.low = 2
    with pytest.raises(DatabaseError), transaction.atomic():
        made.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        Claim.objects.all().delete()
    assert Claim.objects.get().low == 1


def test_a_claim_is_put_right_by_who_recorded_it(claim, country, member, person):
    claim(100, key="k")
    akim = member("akimat_zhetysu")
    with pytest.raises(NotAllowed, match="only_recorder_corrects"):
        services.claim_correct(by=akim, old="k", value=1)
    claim(100, key="own", by=akim)
    fellow = person("fellow", Role.MANAGING_COMPANY, organisation="akimat_zhetysu")
    assert services.claim_correct(by=fellow, old="own", value=1).corrects.key == "own"


def test_a_claim_is_not_said_after_its_source(claim, country):
    with pytest.raises(BadInput) as caught:
        claim(100, on=dt.date(2025, 3, 1), said=dt.date(2025, 3, 2))
    assert (caught.value.code, caught.value.field) == ("after_source", "said")
    claim(100, on=dt.date(2025, 3, 1), said=dt.date(2025, 3, 2), derived=True)  # computed, not said


def test_what_has_not_begun_is_not_observed(claim):
    about = (dt.date(2028, 1, 1), dt.date(2028, 12, 31))
    with pytest.raises(BadInput) as caught:
        claim(40, about=about)
    assert (caught.value.code, caught.value.field) == ("observed_before_its_time", "about")
    assert claim(40, about=about, nature="target").nature == "target"
