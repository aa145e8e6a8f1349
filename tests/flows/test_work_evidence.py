"""Evidence over HTTP: files and their hash, the same file twice, another body's verdict, safe downloads."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from flows.work_country import address, make_person
from torap.common.models import Grant, Role
from torap.delivery.models import Evidence, Verification
from torap.delivery.selectors import milestone_get
from torap.rules.known import AsKnown

TODAY = timezone.localdate().isoformat()
PDF = b"%PDF-1.7 signed act"


@pytest.fixture
def giver(client, small_country, settings, tmp_path):
    """A member of the ministry who has signed in."""
    settings.MEDIA_ROOT = tmp_path / "files"
    user = make_person("body_member")
    client.force_login(user)
    return user


def _file(name="act.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="text/html")


def _data(**change):
    plain = {"type": "act", "title": "Act of acceptance", "shows_on": TODAY, "given_by": "ministry"}
    return {**plain, "file": _file(), **change}


def _give(client, code="terminal-complete", **change):
    return client.post(address("work_milestone_evidence", code), _data(**change), follow=True)


def test_a_file_is_kept_with_its_hash(client, giver):
    assert _give(client).status_code == 200
    row = Evidence.objects.get(title="Act of acceptance")
    assert row.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (row.file_name, row.given_by.code, row.recorded_by) == ("act.pdf", "ministry", giver.username)
    assert "act" not in row.file.name, "the name on disk is the hash, not the sender's choice"


def test_the_same_file_twice_is_flagged_with_where_it_was_given_before(client, giver):
    _give(client)
    again = _give(client, code="hub-open", title="Act for the hub")
    page = again.content.decode()
    assert "This very file was given before" in page
    assert "Act of acceptance" in page
    assert "same file" in page


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"file": _file("page.html", b"<script>")}, "file"),
        ({"file": _file("tool.exe", b"MZ")}, "file"),
        ({"file": _file("act.pdf", b"<html><script>")}, "file"),
        ({"file": _file("picture.png", PDF)}, "file"),
        ({"file": _file("act.pdf", b"")}, "file"),
        ({"file": _file("act", PDF)}, "file"),
        ({"file": "", "url": ""}, "file"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"shows_on": "2999-01-01"}, "shows_on"),
        ({"title": ""}, "title"),
        ({"given_by": "akimat"}, "given_by"),
        ({"lat": "91"}, "lat"),
    ],
)
def test_what_cannot_be_evidence_is_refused_beside_its_field(client, giver, change, field):
    before = Evidence.objects.count()
    answer = _give(client, **change)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert Evidence.objects.count() == before


def test_a_file_above_the_limit_is_refused(client, giver, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = _give(client, file=_file(content=PDF + b"0" * 2000))
    assert answer.status_code == 422
    assert "too large" in str(answer.context["form"].errors["file"])


def test_the_file_comes_as_a_download_that_no_browser_runs(client, giver):
    _give(client, file=_file("сурет «1».png", b"\x89PNG data"))
    row = Evidence.objects.get(title="Act of acceptance")
    client.logout()
    answer = client.get(address("evidence_file", row.pk))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"\x89PNG data"
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_evidence_without_a_file_has_none_to_open(client, giver):
    piles = Evidence.objects.get(title="Photograph of piles")
    assert client.get(address("evidence_file", piles.pk)).status_code == 404
    assert client.post(address("evidence_file", piles.pk)).status_code == 405


def test_another_body_accepts_and_only_then_it_counts(client, giver):
    _give(client)
    row = Evidence.objects.get(title="Act of acceptance")
    client.force_login(make_person("verifier"))
    waiting = client.get(address("evidence_waiting")).content.decode()
    assert "Act of acceptance" in waiting
    url = address("evidence_verify", row.pk)
    page = client.get(url).content.decode()
    assert row.sha256 in page
    assert 'value="ministry"' not in page, "the giver is not offered as the judge"
    assert not milestone_get("terminal-complete", AsKnown(timezone.localdate())).done
    answer = client.post(url, {"verdict": "accepted", "organisation": "akimat"}, follow=True)
    assert "The verdict was recorded." in answer.content.decode()
    assert milestone_get("terminal-complete", AsKnown(timezone.localdate())).done
    assert "Act of acceptance" not in client.get(address("evidence_waiting")).content.decode()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"verdict": "rejected", "organisation": "akimat"}, "note"),
        ({"verdict": "accepted", "organisation": "ministry"}, "organisation"),
        ({"verdict": "maybe", "organisation": "akimat"}, "verdict"),
        ({"organisation": "akimat"}, "verdict"),
    ],
)
def test_a_verdict_that_does_not_hold_is_refused_beside_its_field(client, giver, data, field):
    piles = Evidence.objects.get(title="Photograph of piles")
    client.force_login(make_person("verifier"))
    answer = client.post(address("evidence_verify", piles.pk), data)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Verification.objects.exists()


def test_nobody_judges_what_the_own_body_gave(client, giver):
    piles = Evidence.objects.get(title="Photograph of piles")
    judge = make_person("verifier")
    Grant.objects.create(user=judge, role=Role.BODY_MEMBER, organisation_code="ministry")
    client.force_login(judge)
    assert "given by your own body" in client.get(address("evidence_waiting")).content.decode()
    answer = client.post(
        address("evidence_verify", piles.pk), {"verdict": "accepted", "organisation": "akimat"}
    )
    assert answer.status_code == 403
    assert not Verification.objects.exists()


def test_a_verifier_of_a_body_speaks_for_it_only(client, giver):
    piles = Evidence.objects.get(title="Photograph of piles")
    judge = make_person("verifier")
    Grant.objects.filter(user=judge).update(organisation_code="akimat")
    client.force_login(judge)
    form = client.get(address("evidence_verify", piles.pk)).context["form"]
    assert [code for code, _name in form.fields["organisation"].choices] == ["akimat"]


def test_evidence_of_one_thing_is_listed_with_its_verdicts(client, giver):
    client.force_login(make_person("verifier"))
    url = f"{address('evidence_waiting')}?milestone=terminal-complete"
    assert "Photograph of piles" in client.get(url).content.decode()
    assert client.get(f"{address('evidence_waiting')}?instruction=I-1").status_code == 200
