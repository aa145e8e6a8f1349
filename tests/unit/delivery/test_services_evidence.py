"""Evidence and verdicts: files by hash, nobody judges his own, nothing stays behind after a failure."""

import datetime as dt
import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction

from torap.common.errors import BadInput, NotAllowed, NotFound
from torap.common.models import Grant, Role
from torap.delivery import services
from torap.delivery.models import Evidence, Verification
from torap.ledger.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(country):
    def add(**more):
        values = {
            "by": country.by,
            "milestone": country.milestone,
            "type": "act",
            "shows_on": dt.date(2025, 6, 1),
            "title": "Act",
            "given_by": "builder",
            "file": ContentFile(b"content", name="../../act.pdf"),
        }
        return services.evidence_add(**(values | more))

    return add


def files():
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_file_is_kept_under_its_hash(offer):
    item = offer()
    assert item.sha256 == hashlib.sha256(b"content").hexdigest()
    assert item.file_name == "act.pdf"
    assert item.file.name.startswith("evidence/")
    with item.file.open() as stored:
        assert stored.read() == b"content"
    event = Event.objects.latest("seq")
    assert (event.kind, event.target) == ("evidence.added", "milestone:aktau_hub-open")
    assert event.after["sha256"] == item.sha256


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"file": ContentFile(b"x", name="page.html")}, "bad_file_type", "file"),
        ({"file": ContentFile(b"", name="act.pdf")}, "file_empty", "file"),
        ({"file": None}, "one_of", "file"),
        ({"file": None, "url": "javascript:alert(1)"}, "bad_address", "url"),
        ({"shows_on": dt.date(2100, 1, 1)}, "in_the_future", "shows_on"),
        ({"given_by": ""}, "missing", "given_by"),
        ({"title": ""}, "missing", "title"),
        ({"type": "rumour"}, "unknown_choice", "type"),
        ({"instruction": "I-1"}, "one_of", "milestone"),
        ({"milestone": None}, "one_of", "milestone"),
    ],
)
def test_evidence_refusals(offer, more, code, field):
    before = files()
    with pytest.raises(BadInput) as caught:
        offer(**more)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert not Evidence.objects.exists()
    assert files() == before


def test_too_large_a_file_is_refused(offer, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 3
    with pytest.raises(BadInput) as caught:
        offer()
    assert caught.value.code == "file_too_large"


def test_failed_write_leaves_no_file(offer, monkeypatch):
    def fail(*args, **more):
        raise RuntimeError("ledger full")

    monkeypatch.setattr("torap.delivery.services.writing.ledger.record", fail)
    before = files()
    with pytest.raises(RuntimeError):
        offer()
    assert files() == before
    assert not Evidence.objects.exists()


def test_verdict_is_of_another_body(offer, verifier, member):
    item = offer()
    own = member("builder", Role.VERIFIER)
    with pytest.raises(BadInput) as caught:
        services.evidence_verify(by=own, evidence=item.pk, verdict="accepted", organisation="builder")
    assert caught.value.code == "verified_by_giver"
    services.evidence_verify(by=verifier, evidence=item.pk, verdict="accepted", organisation="inspection")
    assert Verification.objects.get().recorded_by == "verifier"
    with pytest.raises(DatabaseError), transaction.atomic():
        Verification.objects.update(verdict="rejected")


def test_nobody_judges_what_his_own_body_gave(offer, verifier):
    Grant.objects.create(user=verifier, role=Role.BODY_MEMBER, organisation_code="builder")
    with pytest.raises(NotAllowed):
        services.evidence_verify(
            by=verifier, evidence=offer().pk, verdict="accepted", organisation="inspection"
        )


def test_bound_verifier_speaks_for_his_body_only(offer, person):
    by = person("inspector", Role.VERIFIER, organisation="inspection")
    item = offer()
    with pytest.raises(NotAllowed):
        services.evidence_verify(by=by, evidence=item.pk, verdict="accepted", organisation="min_transport")
    services.evidence_verify(by=by, evidence=item.pk, verdict="accepted", organisation="inspection")


def test_a_verifier_of_no_body_judges_nothing(offer, person):
    """A verdict is some body's: nobody speaks in the name of any."""
    with pytest.raises(NotAllowed):
        services.evidence_verify(
            by=person("unbound", Role.VERIFIER),
            evidence=offer().pk,
            verdict="accepted",
            organisation="inspection",
        )


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": "t" * 301}, "title"),
        ({"url": f"https://example.org/{'u' * 1500}", "file": None}, "url"),
        ({"file": ContentFile(b"x", name=f"{'n' * 300}.pdf")}, "file_name"),
    ],
)
def test_what_is_too_long_is_named(offer, more, field):
    before = files()
    with pytest.raises(BadInput) as caught:
        offer(**more)
    assert (caught.value.code, caught.value.field) == ("invalid.max_length", field)
    assert files() == before


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"verdict": "perhaps"}, "verdict"),
        ({"organisation": ""}, "organisation"),
        ({"verdict": "rejected"}, "note"),
    ],
)
def test_verdict_refusals(offer, verifier, more, field):
    values = {"evidence": offer().pk, "verdict": "accepted", "organisation": "inspection"} | more
    with pytest.raises(BadInput) as caught:
        services.evidence_verify(by=verifier, **values)
    assert caught.value.field == field


def test_verdict_on_nothing(country, verifier):
    with pytest.raises(NotFound):
        services.evidence_verify(by=verifier, evidence=1, verdict="accepted", organisation="inspection")


@pytest.mark.parametrize("who", ["coordinator", "auditor", "administrator", "nobody"])
def test_only_verifiers_judge(request, offer, who):
    with pytest.raises(NotAllowed):
        services.evidence_verify(
            by=request.getfixturevalue(who),
            evidence=offer().pk,
            verdict="accepted",
            organisation="inspection",
        )


def test_a_body_gives_evidence_for_itself(offer, member):
    assert offer(by=member("builder")).given_by.code == "builder"
    with pytest.raises(NotAllowed):
        offer(by=member("akimat"))
