"""Whoever has signed in can open every link the pages show: none answers with a refusal or an error."""

import datetime as dt
import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

from flows.work_country import ROLES, make_person
from torap.delivery import services as delivery
from torap.intake.people import user_create
from torap.intake.services import facts_apply

PER_VIEW = 3  # addresses of one view that are opened: others differ in the code only
SAMPLE = """
format: torap-facts/1
publishers: [{id: gov, name: Gov, class: official}]
sources: [{id: gov-2026, publisher: gov, published: 2026-01-05, title: Paper}]
regions: [{code: KZ-33, name: Zhetysu}]
places:
  - {code: loaded_park, name: Park, type: industrial_park, region: KZ-33}
  - {code: bad, name: B, type: parkk}
"""


@pytest.fixture
def everything(small_country):
    """The small country with a load, an account, evidence and a baseline: every room has something."""
    user_create(by=small_country, username="somebody", password="long enough 4 anybody")
    facts_apply(by=small_country, files=[("sample.yaml", SAMPLE.encode())])
    delivery.baseline_take(by=small_country, code="first", title="First")
    delivery.evidence_add(
        by=small_country, type="document", shows_on=dt.date(2025, 11, 1), title="Paper",
        url="https://example.org/p.pdf", given_by="ministry", instruction="I-1",
    )  # fmt: skip
    return small_country


def links_on(page, address):
    """Addresses of this site that a page links to."""
    for link in re.findall(r'<a\s[^>]*?href="([^"#]*)', page.content.decode()):
        target = urlsplit(urljoin(address, unescape(link)))
        if target.netloc in {"", "testserver"} and target.scheme in {"", "http"}:
            yield target.path + (f"?{target.query}" if target.query else "")


def walk(client, start):
    """Open what can be reached from `start`; yields (address, where it was found, status)."""
    waiting, seen, opened = [(start, "")], {start}, {}
    while waiting:
        address, found_on = waiting.pop(0)
        path = urlsplit(address).path
        try:
            view = resolve(path).view_name
        except Resolver404:
            view = path
        if opened.setdefault(view, 0) >= PER_VIEW or view == "account_logout":
            continue
        opened[view] += 1
        page = client.get(address)
        yield address, found_on, page.status_code
        if page.status_code != 200 or "html" not in page["Content-Type"]:
            continue
        for link in links_on(page, address):
            if link not in seen:
                seen.add(link)
                waiting.append((link, address))


@pytest.mark.parametrize("role", [*ROLES, "visitor"])
def test_every_link_a_person_sees_can_be_opened(client, everything, role):
    if role != "visitor":
        client.force_login(make_person(role))
    visited = list(walk(client, "/en/"))
    assert len(visited) > 30
    refused = [one for one in visited if one[2] >= 400]
    assert refused == []
