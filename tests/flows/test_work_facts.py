"""Facts files over HTTP: checked first, shown field by field, written only when agreed to."""

import os
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from flows.work_country import address, make_person
from torap.intake.models import FactsLoad
from torap.registry.models import Organisation, Source
from torap.web.work import holding

GOOD = """format: torap-facts/1
title: Test
publishers:
  - {id: kursiv, name: Kursiv, class: press, domains: [example.org]}
sources:
  - {id: s1, url: "https://example.org/1", publisher: kursiv, published: 2025-11-01}
organisations:
  - {code: body_one, type: state_body, name: {en: First body, ru: Первый орган, kk: Бірінші орган}}
"""
BAD = GOOD + "  - {code: body_two, type: nothing, name: {en: Second}}\n"


@pytest.fixture
def coordinator(client, small_country, settings, tmp_path):
    settings.HOME = tmp_path
    user = make_person("coordinator")
    client.force_login(user)
    return user


def _send(client, text, name="a.yaml"):
    return client.post(
        address("facts_upload"), {"files": SimpleUploadedFile(name, text.encode())}, follow=True
    )


def _agree(client, page):
    found = {name: _hidden(page, name) for name in ("once", "sha256")}
    return client.post(page.request["PATH_INFO"], found, follow=True)


def _hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.content.decode()).group(1)


def test_nothing_is_written_before_it_is_agreed_to(client, coordinator):
    page = _send(client, GOOD)
    assert page.status_code == 200
    assert "3 rows would be written" in page.content.decode()
    assert "body_one" in page.content.decode()
    assert not Organisation.objects.filter(code="body_one").exists()
    report = _agree(client, page)
    assert "The facts were loaded." in report.content.decode()
    assert Organisation.objects.filter(code="body_one").exists()
    assert FactsLoad.objects.get().recorded_by == coordinator.username
    assert not list((holding._root()).iterdir()), "the files sent are not kept after loading"


def test_refused_rows_are_named_with_line_field_and_repair_and_the_rest_loads(client, coordinator):
    page = _send(client, BAD)
    text = page.content.decode()
    assert "a.yaml:9" in text
    assert "<code>type</code>" in text
    assert "1 row is refused; everything else is loaded." in text
    csv = client.get(page.request["PATH_INFO"], {"format": "csv"})
    assert csv["Content-Type"].startswith("text/csv")
    assert "body_two" in csv.content.decode("utf-8-sig")
    report = _agree(client, page)
    assert "body_two" in report.content.decode()
    assert Organisation.objects.filter(code="body_one").exists()
    assert not Organisation.objects.filter(code="body_two").exists()


def test_changes_are_shown_field_by_field(client, coordinator):
    _agree(client, _send(client, GOOD))
    page = _send(client, GOOD.replace("First body", "Body of the first"))
    text = page.content.decode()
    assert "<del>First body</del>" in text
    assert "<ins>Body of the first</ins>" in text
    assert "name.en" in text
    same = _send(client, GOOD)
    assert "Loading would change nothing" in same.content.decode()
    assert "Load the facts" not in same.content.decode()


def test_the_form_sent_twice_loads_once(client, coordinator):
    page = _send(client, GOOD)
    _agree(client, page)
    again = _agree(client, page)
    assert again.status_code == 200
    assert FactsLoad.objects.count() == 1


def test_other_content_than_was_looked_at_is_not_loaded(client, coordinator):
    page = _send(client, GOOD)
    answer = client.post(page.request["PATH_INFO"], {"sha256": "0" * 64})
    assert answer.status_code == 409
    assert "not those that were checked" in answer.content.decode()
    assert not FactsLoad.objects.exists()


def test_nobody_opens_what_another_person_sent(client, coordinator):
    page = _send(client, GOOD)
    client.force_login(make_person("administrator"))
    answer = client.get(page.request["PATH_INFO"], follow=True)
    assert "Send them again" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.txt", b"format: torap-facts/1", "no .yaml file"),
        ("a.yaml", b"", "empty"),
        ("a.yaml", b"\x00\x01\x02", "not a text file"),
        ("a.yaml", "format: torap-facts/1\ntitle: Тест".encode("cp1251"), "UTF-8"),
        ("a.yaml", b"a: &x [1]\nb: *x", "Anchors"),
        ("a.yaml", b"format: [", "not valid YAML"),
        ("../../a.yaml", GOOD.encode(), "would be written"),
    ],
)
def test_a_hostile_file_is_told_what_is_wrong_with_it(client, coordinator, name, content, words):
    answer = client.post(address("facts_upload"), {"files": SimpleUploadedFile(name, content)}, follow=True)
    assert answer.status_code in (200, 422)
    assert words in answer.content.decode()
    assert Source.objects.count() == 4


def test_several_files_too_large_together_and_none_at_all(client, coordinator, settings):
    files = [SimpleUploadedFile("a.yaml", GOOD.encode()), SimpleUploadedFile("b.yaml", GOOD.encode())]
    twice = [SimpleUploadedFile("a.yaml", GOOD.encode()), SimpleUploadedFile("a.yaml", GOOD.encode())]
    assert client.post(address("facts_upload"), {"files": twice}).status_code == 422
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 600
    large = client.post(address("facts_upload"), {"files": files})
    assert large.status_code == 422
    assert "larger than" in large.content.decode()
    assert client.post(address("facts_upload"), {}).status_code == 422


def test_what_nobody_applied_is_swept_away(coordinator):
    number = holding.keep(coordinator, [("a.yaml", b"x")])
    assert holding.kept(coordinator, number) == [("a.yaml", b"x")]
    old = timezone.now().timestamp() - holding.KEPT_SECONDS - 60
    for folder in holding._root().iterdir():
        os.utime(folder, (old, old))
    holding.keep(coordinator, [("b.yaml", b"y")])
    assert holding.kept(coordinator, number) == []
    assert holding.kept(coordinator, "../../etc") == []
