"""Every role against every form over HTTP: who may send it, who sees it, and who is turned away."""

import datetime as dt
import hashlib
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from flows.work_country import ROLES, address, make_person, source_of_today
from torap.common.models import User
from torap.delivery import services as delivery
from torap.delivery.models import Evidence
from torap.ledger.selectors import event_list
from torap.registry import services as registry
from torap.runs.services import run_request, scenario_save
from torap.web.work import holding as held

# Who may, by form. A: allowed, -: refused. The member is of the ministry (lead executor, owes the milestone,
# removes the obstacle), the managing company is the akimat (manages the hub), the other member of neither.
TABLE = """
form            coordinator body_member managing_company verifier auditor administrator nobody other_member
promise         A           A           A                -        -       -             -      -
report          A           A           A                -        -       -             -      -
evidence        A           A           A                A        -       -             -      A
proof           A           A           A                A        -       -             -      A
verify          -           -           -                A        -       -             -      -
claim           A           -           A                -        -       -             -      -
money           A           -           A                -        -       -             -      -
utility         A           -           A                -        -       -             -      -
milestone       A           -           A                -        -       -             -      -
link            A           A           -                -        -       -             -      -
schedule        A           A           -                -        -       -             -      -
obstacle        A           A           A                -        -       -             -      A
removal         A           A           -                -        -       -             -      -
escalation      A           -           -                -        -       A             -      -
instruction     A           -           -                -        -       -             -      -
response        A           A           -                -        -       -             -      -
event           A           A           -                -        -       -             -      -
extension       -           A           -                -        -       -             -      -
decision        A           -           -                -        -       -             -      -
close           A           -           -                -        -       -             -      -
baseline        A           -           -                -        -       -             -      -
calendar        A           -           -                -        -       A             -      -
facts           A           -           -                -        -       A             -      -
user            -           -           -                -        -       A             -      -
grant           -           -           -                -        -       A             -      -
password        -           -           -                -        -       A             -      -
active          -           -           -                -        -       A             -      -
"""
# What is sent from a page of another kind: only the sending is tried. The scenario is the coordinator's own.
SENT = """
form            coordinator body_member managing_company verifier auditor administrator nobody other_member
link_drop       A           A           -                -        -       -             -      -
attach          A           A           -                -        -       -             -      -
keep            A           A           A                -        -       A             -      A
compute         A           A           A                -        -       A             -      A
forecast        A           A           A                -        -       A             -      A
discard         A           -           -                -        -       -             -      -
"""
PAGES = """
page            coordinator body_member managing_company verifier auditor administrator nobody other_member
me              A           A           A                A        A       A             A      A
waiting         -           -           -                A        -       -             -      -
ledger          A           -           -                -        A       A             -      -
history         A           -           -                -        A       A             -      -
loads           A           -           -                -        -       A             -      -
users           -           -           -                -        -       A             -      -
"""
TODAY = timezone.localdate()
PLAN = b'{"start": "2026-01-05T08:00", "activities": [{"id": "A", "duration": "1d"}]}'
LATE = [{"op": "delay", "node": "milestone:terminal-complete", "days": 30}]
SOON = TODAY + dt.timedelta(days=20)
SAID = {"said": TODAY.isoformat(), "said_by": "Deputy head"}


def _cells(table):
    (_what, *roles), *rows = [line.split() for line in table.strip().splitlines()]
    assert set(roles) == {str(role) for role in ROLES}
    return [
        (name, role, mark == "A") for name, *marks in rows for role, mark in zip(roles, marks, strict=True)
    ]


@pytest.fixture
def country(small_country):
    """The small country with an order that still runs and a body that owes nothing."""
    by = small_country
    source_of_today(by)
    registry.organisation_save(by=by, code="stranger", name={"en": "Ministry of Elsewhere"}, type="ministry")
    delivery.instruction_save(
        by=by,
        code="I-now",
        text={"en": "Say what holds the hub up"},
        issuer="prime_minister",
        given=TODAY,
        deadline_kind="date",
        deadline_on=TODAY + dt.timedelta(days=10),
        executors=[("ministry", "lead"), ("akimat", "co")],
        subjects=["hub"],
        source="minutes-now",
        said=TODAY,
    )
    User.objects.create_user("target")  # the account the administrator's forms are about
    return by


def _sent(name, role):
    """Address and data of each form, filled in as the role would."""
    body = {"managing_company": "akimat", "verifier": "akimat", "other_member": "stranger"}.get(
        role, "ministry"
    )
    source = {"source": "minutes-now"}
    piles = Evidence.objects.get(title="Photograph of piles")
    proof = {"type": "act", "title": "Act", "shows_on": TODAY.isoformat(), "url": "https://example.org/a"}
    forms = {
        "promise": ("work_promise", ["terminal-complete"], {"as_said": "Q2 2090", **SAID, **source}),
        "report": ("work_report", ["terminal-complete"], {"state": "under_way", **SAID, **source}),
        "evidence": ("work_milestone_evidence", ["terminal-complete"], {**proof, "given_by": body}),
        "proof": ("work_instruction_evidence", ["I-now"], {**proof, "given_by": body}),
        "verify": ("evidence_verify", [piles.pk], {"verdict": "accepted", "organisation": "akimat"}),
        "claim": ("work_claim", ["terminal"], {
            "attribute": "capacity", "nature": "plan", "qualifier": "about", "low": "230000",
            "unit": "TEU/yr", "confidence": "medium", **SAID, **source}),
        "money": ("work_money", ["yard"], {
            "stage": "announced", "qualifier": "exact", "amount": "1000", "currency": "KZT",
            **SAID, **source}),
        "utility": ("work_utility", ["hub"], {
            "kind": "electricity", "move": "added", "basis": "promised", "amount": "5",
            "effective_from": TODAY.isoformat(), **SAID, **source}),
        "milestone": ("work_milestone", ["hub"], {"name_en": "First train", "type": "other"}),
        "link": ("work_link", ["terminal-complete"], {
            "before": "milestone:railway-done", "type": "FS", "lag": "0", "lag_unit": "day", **SAID}),
        "schedule": ("work_schedule", ["terminal-complete"], {"file": SimpleUploadedFile("a.json", PLAN)}),
        "obstacle": ("work_obstacle", ["hub"], {"text_en": "No road", "said": TODAY.isoformat()}),
        "removal": ("work_removal", ["shallow"], {"happened_on": TODAY.isoformat()}),
        "escalation": ("work_escalation", [], {}),
        "instruction": ("work_instruction", [], {
            "text_en": "Build the road", "issuer": "prime_minister", "given": TODAY.isoformat(),
            "deadline_kind": "date", "deadline_on": SOON.isoformat(), "leads": ["ministry"],
            "co_executors": ["akimat"], "subjects": ["hub"], **source}),
        "response": ("work_response", ["I-now"], {
            "organisation": body, "text_en": "Done", "happened_on": TODAY.isoformat()}),
        "event": ("work_event", ["I-now"], {
            "type": "received", "organisation": body, "happened": TODAY.isoformat()}),
        "extension": ("work_extension", ["I-now"], {
            "organisation": body, "new_deadline": SOON.isoformat(), "text_en": "Ice",
            "happened_on": TODAY.isoformat()}),
        "decision": ("work_decision", ["I-now"], {
            "decision": "extend", "new_deadline": SOON.isoformat(), "happened_on": TODAY.isoformat()}),
        "close": ("work_close", ["I-now"], {"ground": "executed", "happened_on": TODAY.isoformat()}),
        "baseline": ("baseline_take", [], {"title": "Plan", "code": "plan", "taken_on": TODAY.isoformat()}),
        "calendar": ("calendar_edit", [], {
            "step": "write", "day_1": SOON.isoformat(), "becomes_1": "free", "title_en": "Day of order",
            "known_from": TODAY.isoformat(), "source_title": "Order 1", "confidence": "high"}),
        "facts": ("facts_upload", [], {"files": SimpleUploadedFile("a.yaml", b"format: torap-facts/1\n")}),
        "user": ("user_new", [], {"username": "fresh", "password": "a-long-Word-for-the-tests-7"}),
        "grant": ("user", ["target"], {"role": "auditor"}),
        "password": ("user_password", ["target"], {"password": "another-long-Word-7"}),
        "active": ("user_active", ["target"], {}),
    }  # fmt: skip
    found, args, data = forms[name]
    if found == "work_response" and role == "managing_company":
        data["organisation"] = "ministry"
    many = {f"becomes_{number}": "free" for number in (2, 3, 4)} if name == "calendar" else {}
    query = "?q=railway" if name == "link" else ""
    return f"{address(found, *args)}{query}", {**data, **many}


def _rights(table):
    """name -> {role: allowed}."""
    found = {}
    for name, role, allowed in _cells(table):
        found.setdefault(name, {})[role] = allowed
    return found


@pytest.mark.parametrize(("name", "roles"), _rights(TABLE).items())
def test_form_is_written_by_those_who_may_and_by_nobody_else(client, country, name, roles):
    for role, allowed in roles.items():
        with transaction.atomic():  # each role meets the same country
            _send(client, name, role, allowed=allowed)
            transaction.set_rollback(True)


def _send(client, name, role, *, allowed):
    url, data = _sent(name, role)
    person = make_person(role)
    client.force_login(person)
    before = event_list().total
    shown = client.get(url)
    answer = client.post(url, data)
    if not allowed:
        assert (shown.status_code, answer.status_code) == (403, 403), role
        assert event_list().total == before, role
        return
    assert shown.status_code == 200, role
    assert answer.status_code == 302, (role, answer.context["form"].errors if answer.context else "")
    if name not in {"facts", "schedule"}:  # both only show what the file would do
        assert event_list().total > before, role
        assert event_list().rows[0].actor == person.username


@pytest.fixture
def foretold(country):
    """The country with a forecast of today and a scenario of the coordinator's."""
    run = run_request(by=country, known_on=TODAY, trials=50)
    scenario_save(by=country, title="Late", code="late", changes=LATE, base=run.code)
    delivery.link_add(
        by=country, before="milestone:railway-done", after="milestone:terminal-complete", said=TODAY
    )
    return run


@pytest.mark.parametrize(("name", "roles"), _rights(SENT).items())
def test_what_is_sent_is_written_by_those_who_may_and_by_nobody_else(client, foretold, name, roles):
    changes = json.dumps(LATE)
    kept = {"title": "Mine", "changes": changes, "base": foretold.code, "once": "1"}
    forms = {
        "link_drop": ("work_link_drop", ["terminal-complete"], {"why_en": "By sea", **SAID}),
        "attach": ("work_schedule_preview", ["terminal-complete"], {
            "finish_activity": "A", "low": "90", "high": "150", "sha256": hashlib.sha256(PLAN).hexdigest(),
            **SAID}),
        "keep": ("scenario_keep", [], kept),
        "compute": ("scenario_compute", ["late"], {}),
        "forecast": ("forecast_now", [], {}),
        "discard": ("scenario_discard", ["late"], {}),
    }  # fmt: skip
    found, args, data = forms[name]
    for role, allowed in roles.items():
        with transaction.atomic():  # each role meets the same country
            person = make_person(role)
            client.force_login(person)
            more = [held.keep(person, [("a.json", PLAN)])] if name == "attach" else []
            query = "?from=milestone:railway-done" if name == "link_drop" else ""
            before = event_list().total
            answer = client.post(f"{address(found, *args, *more)}{query}", data)
            assert answer.status_code == (302 if allowed else 403), (role, answer.status_code)
            assert (event_list().total > before) == allowed, role
            transaction.set_rollback(True)


OPEN_PAGES = [
    "situation",
    "map",
    "instruction_board",
    "project_list",
    "place_list",
    "organisation_list",
    "contradiction_list",
    "source_list",
    "indicator_list",
    "promise_list",
    "obstacle_list",
    "law_list",
    "calendar",
    "about",
    "me",
    "baseline_list",
    "ledger_list",
    "user_list",
    "facts_upload",
    "evidence_waiting",
]
THINGS = [
    ("place", "hub"),
    ("place", "terminal"),
    ("project", "yard"),
    ("instruction", "I-now"),
    ("milestone", "terminal-complete"),
    ("obstacle", "shallow"),
    ("organisation", "ministry"),
    ("source", "gov-2025"),
    ("history", "place", "hub"),
]


@pytest.mark.parametrize("role", [str(role) for role in ROLES])
def test_pages_and_forms_stay_within_their_queries_signed_in(
    client, country, role, django_assert_max_num_queries
):
    """Fifteen, the session, the person and the rights among them."""
    client.force_login(make_person(role))
    pages = [address(name) for name in OPEN_PAGES] + [address(*thing) for thing in THINGS]
    for url in pages + [_sent(name, role)[0] for name in _rights(TABLE)]:
        client.get(url)  # what is kept while nothing changes is there
        with django_assert_max_num_queries(15, info=url):
            client.get(url)


def test_visitor_is_sent_to_sign_in_and_nothing_is_written(client, country):
    before = event_list().total
    for name in _rights(TABLE):
        url, data = _sent(name, "coordinator")
        for answer in (client.get(url), client.post(url, data)):
            assert answer.status_code == 302, name
            assert "/account/login/" in answer["Location"]
    assert event_list().total == before


def test_room_opens_for_those_who_may(client, country):
    urls = {
        "me": address("me"),
        "waiting": address("evidence_waiting"),
        "ledger": address("ledger_list"),
        "history": address("history", "milestone", "hub-open"),
        "loads": address("facts_upload"),
        "users": address("user_list"),
    }
    people = {role: make_person(role) for role in ROLES}
    for name, role, allowed in _cells(PAGES):
        client.force_login(people[role])
        assert client.get(urls[name]).status_code == (200 if allowed else 403), (name, role)


@pytest.mark.parametrize("name", ["me", "evidence_waiting", "ledger_list", "facts_upload", "user_list"])
def test_room_asks_a_visitor_to_sign_in(client, small_country, name):
    answer = client.get(address(name))
    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]


def test_form_without_the_token_of_the_page_is_refused(country):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_person("coordinator"))
    url, data = _sent("promise", "coordinator")
    before = event_list().total
    assert strict.post(url, data).status_code == 403
    assert event_list().total == before


def test_a_person_cannot_answer_for_another_body(client, country):
    client.force_login(make_person("body_member"))
    url, data = _sent("response", "body_member")
    answer = client.post(url, {**data, "organisation": "akimat"})
    assert answer.status_code == 422
