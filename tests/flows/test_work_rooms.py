"""Rooms of signed-in work: own page, calendar with preview, baselines, accounts, ledger, buttons."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from flows.work_country import OWN_BODY, ROLES, address, make_person, source_of_today
from torap.common.errors import NotAllowed
from torap.common.models import Grant, User
from torap.common.triggers import drop_append_only_sql
from torap.delivery import services as delivery
from torap.delivery.models import Baseline
from torap.delivery.selectors import instruction_get
from torap.intake.people import user_create
from torap.ledger.selectors import event_list
from torap.registry import services as registry
from torap.registry.models import CalendarEdit, Region
from torap.rules.known import AsKnown

TODAY = timezone.localdate()
PASSWORD = "a-long-Word-for-the-tests-7"


def _workday(start):
    while start.weekday() >= 5:
        start += dt.timedelta(days=1)
    return start


DUE = _workday(TODAY + dt.timedelta(days=21))


@pytest.fixture(autouse=True)
def _source(small_country):
    source_of_today(small_country)


@pytest.fixture
def running(small_country):
    """An instruction whose due day lies ahead, on a working day."""
    return delivery.instruction_save(
        by=small_country,
        code="I-now",
        text={"en": "Say what holds the hub up"},
        issuer="prime_minister",
        given=TODAY,
        deadline_kind="date",
        deadline_on=DUE,
        executors=[("ministry", "lead"), ("akimat", "co")],
        source="minutes-now",
        said=TODAY,
    )


@pytest.fixture
def as_role(client):
    """`as_role("auditor")` signs somebody of that role in."""

    def sign_in(role):
        user = make_person(role)
        client.force_login(user)
        return user

    return sign_in


def _order(**change):
    free = {f"becomes_{number}": "free" for number in (1, 2, 3, 4)}
    return {
        **free,
        "day_1": DUE.isoformat(),
        "title_en": "Day off by order",
        "known_from": TODAY.isoformat(),
        "source_title": "Order 12",
        "confidence": "high",
        **change,
    }


def test_calendar_shows_what_moves_before_anything_is_written(client, running, as_role):
    as_role("coordinator")
    url = address("calendar_edit")
    before = event_list().total
    page = client.post(url, _order())
    text = page.content.decode()
    assert page.status_code == 200
    assert "Say what holds the hub up" in text
    assert "Write the change" in text
    assert not CalendarEdit.objects.exists()
    assert event_list().total == before
    moved = page.context["moved"]
    assert {line["row"].key for line in moved} == {"I-now"}
    assert all(line["row"].was_due != line["row"].is_due for line in moved)
    written = client.post(url, _order(step="write"), follow=True)
    assert "The days were changed." in written.content.decode()
    assert CalendarEdit.objects.get().day == DUE
    assert instruction_get("I-now", AsKnown(TODAY)).control.due > DUE
    event = next(row for row in event_list().rows if row.kind == "calendar.applied")
    assert event.after["moved"]


def test_calendar_goes_back_to_be_corrected_and_refuses_the_same_day_twice(client, running, as_role):
    as_role("administrator")
    url = address("calendar_edit")
    back = client.post(url, _order(change="1", step="write"))
    assert back.status_code == 200
    assert "Order 12" in back.content.decode()
    assert not CalendarEdit.objects.exists()
    twice = client.post(url, _order(day_2=DUE.isoformat()))
    assert twice.status_code == 422
    assert "day_2" in twice.context["form"].errors
    client.post(url, _order(step="write"))
    again = client.post(url, _order())
    assert again.status_code == 409, "the preview already says that the day was changed"
    assert client.post(url, _order(source_title="")).status_code == 422
    future = client.post(url, _order(known_from=(TODAY + dt.timedelta(days=1)).isoformat()))
    assert "known_from" in future.context["form"].errors


def test_an_order_that_moves_no_clock_says_so(client, small_country, as_role):
    as_role("coordinator")
    sunday = DUE + dt.timedelta(days=6 - DUE.weekday())
    page = client.post(address("calendar_edit"), _order(day_1=sunday.isoformat()))
    assert "No running clock moves." in page.content.decode()


def test_baseline_is_frozen_compared_and_downloaded(client, small_country, as_role):
    user = as_role("coordinator")
    data = {"title": "Plan of the year", "code": "plan", "taken_on": "2025-12-31", "decision": "Session 5"}
    assert client.post(address("baseline_take"), data).status_code == 302
    assert client.post(address("baseline_take"), data).status_code == 409
    baseline = Baseline.objects.get()
    assert baseline.recorded_by == user.username
    late = client.post(address("baseline_take"), {**data, "code": "later", "taken_on": "2999-01-01"})
    assert "taken_on" in late.context["form"].errors
    delivery.promise_add(
        by=user, milestone="terminal-complete", as_said="end of 2027", source="minutes-now", said=TODAY
    )
    client.logout()
    assert "Plan of the year" in client.get(address("baseline_list")).content.decode()
    page = client.get(address("baseline", "plan")).content.decode()
    assert "1 promise moved since" in page
    csv = client.get(address("baseline", "plan"), {"format": "csv"}).content.decode("utf-8-sig")
    assert "terminal-complete" in csv
    assert "moved" in csv
    assert client.get(address("baseline", "none")).status_code == 404
    before = client.get(address("baseline_list"), {"as_of": "2025-06-01"}).content.decode()
    assert "Plan of the year" not in before


def test_accounts_roles_and_passwords(client, small_country, as_role):
    chief = as_role("administrator")
    new = {
        "username": "aigul",
        "password": PASSWORD,
        "first_name": "Aigul",
        "role": "body_member",
        "organisation": "akimat",
        "language": "kk",
    }
    assert client.post(address("user_new"), {**new, "password": "12345678"}).status_code == 422
    assert client.post(address("user_new"), {**new, "organisation": ""}).status_code == 422
    assert client.post(address("user_new"), new).status_code == 302
    assert client.post(address("user_new"), {**new, "username": "AIGUL"}).status_code == 409
    person = User.objects.get(username="aigul")
    assert Grant.objects.get(user=person).organisation_code == "akimat"
    assert "Aigul" in client.get(address("user_list")).content.decode()
    assert client.post(address("user", "aigul"), {"role": "auditor", "organisation": ""}).status_code == 302
    unbound = {"role": "verifier", "organisation": ""}
    assert client.post(address("user", "aigul"), unbound).status_code == 422
    take = f"{address('user_take', 'aigul')}?role=auditor&body="
    assert client.get(take).status_code == 200
    assert client.post(take).status_code == 302
    assert client.get(take).status_code == 404
    assert (
        client.post(address("user_password", "aigul"), {"password": "Another-long-Word-8"}).status_code == 302
    )
    assert client.post(address("user_active", "aigul")).status_code == 302
    person.refresh_from_db()
    assert not person.is_active
    last = f"{address('user_take', chief.username)}?role=administrator&body="
    assert client.post(last).status_code == 409
    assert client.post(address("user_active", chief.username)).status_code == 409
    kept = str([row.after for row in event_list().rows])
    assert PASSWORD not in kept
    assert "Another-long-Word-8" not in kept


def test_sign_in_and_out(client, small_country):
    person = make_person("coordinator")
    person.set_password(PASSWORD)
    person.save()
    login = address("me")
    door = client.get(login)
    wrong = client.post(door["Location"], {"login": person.username, "password": "no"})
    assert wrong.status_code == 200
    assert wrong.context["form"].errors
    right = client.post(door["Location"], {"login": person.username, "password": PASSWORD})
    assert right["Location"] == login
    page = client.get(login).content.decode()
    assert "Ledger" in page
    client.post("/en/account/logout/")
    assert client.get(login).status_code == 302
    assert client.get("/en/account/signup/").status_code == 200
    assert User.objects.count() == 2, "nobody makes an account without an administrator"


def test_closed_account_cannot_sign_in(client, small_country):
    person = make_person("coordinator")
    person.set_password(PASSWORD)
    person.is_active = False
    person.save()
    client.post("/en/account/login/", {"login": person.username, "password": PASSWORD})
    assert client.get(address("me")).status_code == 302


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize("role", ROLES)
def test_own_page_in_every_role_and_language(client, running, as_role, role, language):
    user = as_role(role)
    page = client.get(address("me").replace("/en/", f"/{language}/", 1))
    assert page.status_code == 200
    assert user.username in page.content.decode()


def test_own_page_shows_what_my_body_owes_and_what_waits_for_a_decision(client, running, as_role):
    member = as_role("body_member")
    page = client.get(address("me")).content.decode()
    assert "Say what holds the hub up" in page
    assert "overdue" in page
    delivery.instruction_request_extension(
        by=member,
        instruction="I-now",
        organisation="ministry",
        new_deadline=DUE + dt.timedelta(days=30),
        text="Ice",
    )
    as_role("coordinator")
    decisions = client.get(address("me")).context["decisions"]
    assert "I-now" in [line["item"].code for line in decisions]


def test_own_page_budget(client, running, as_role, django_assert_max_num_queries):
    as_role("body_member")
    client.get(address("me"))
    with django_assert_max_num_queries(15):
        client.get(address("me"))


def test_ledger_is_filtered_downloaded_and_proved(client, small_country):
    roles = [("auditor", "")]
    client.force_login(user_create(by=small_country, username="auditor", password=PASSWORD, roles=roles))
    url = address("ledger_list")
    assert client.get(url, {"kind": "promise."}).context["page"].total == 5
    assert client.get(url, {"target": "milestone:hub-open"}).context["page"].total == 2
    assert client.get(url, {"actor": "nobody-such"}).context["page"].total == 0
    assert client.get(url, {"since": "2999-01-01"}).context["page"].total == 0
    wrong = client.get(url, {"kind": "nonsense", "since": "x", "page": "-1"})
    assert (wrong.status_code, wrong.context["page"].total) == (200, 0)
    assert set(wrong.context["form"].errors) == {"kind", "since"}
    nothing = client.get(url, {"since": "x", "format": "csv"})
    assert len(b"".join(nothing.streaming_content).decode("utf-8-sig").splitlines()) == 1
    assert client.get(url, {"page": "999999999999"}).status_code == 200
    whole = client.get(url, {"format": "csv", "kind": "promise."})
    csv = b"".join(whole.streaming_content).decode("utf-8-sig")
    assert csv.count("promise.added") == 5
    good = client.post(address("ledger_check"))
    assert "The ledger holds" in good.content.decode()
    assert "The ledger holds" in client.get(address("ledger_check")).content.decode()


def test_a_download_of_the_ledger_has_no_end(client, small_country, as_role, monkeypatch):
    as_role("auditor")
    monkeypatch.setattr("torap.ledger.selectors.PAGE_SIZE", 2)
    answer = client.get(address("ledger_list"), {"format": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == event_list().total + 1


def test_a_record_altered_past_the_ledger_is_named(client, small_country, as_role):
    as_role("auditor")
    Region.objects.update(name_en="Elsewhere")
    page = client.get(address("ledger_check")).content.decode()
    assert "Records were altered past the ledger" in page
    assert "registry_region" in page
    assert "Elsewhere" in page
    assert "Mangystau" in page
    assert "common_user" in page  # the auditor of this test was made past the services


def test_a_broken_chain_is_named(client, small_country, as_role):
    as_role("auditor")
    with connection.cursor() as cursor:
        for statement in drop_append_only_sql(connection.vendor, "ledger_event"):
            cursor.execute(statement)
        cursor.execute("UPDATE ledger_event SET actor = 'somebody' WHERE seq = 7")
    page = client.post(address("ledger_check")).content.decode()
    assert "The ledger is broken at row 7" in page
    assert "the row was changed" in page


def test_history_of_one_thing(client, small_country, as_role):
    as_role("auditor")
    page = client.get(address("history", "milestone", "terminal-complete"))
    words = [line["words"] for line in page.context["rows"]]
    assert words[-1] == "Milestone: added"
    assert "Promise: added" in words
    place = client.get(address("history", "place", "terminal")).content.decode()
    assert "/history/claim/capacity-gov/" in place
    assert client.get(address("history", "claim", "capacity-gov")).context["rows"]
    csv = client.get(address("history", "place", "hub"), {"format": "csv"})
    assert csv["Content-Type"].startswith("text/csv")


BUTTONS = {
    "coordinator": {"Add a promise", "Report progress", "Give evidence", "Name an obstacle", "History"},
    "body_member": {"Add a promise", "Report progress", "Give evidence", "Name an obstacle"},
    "managing_company": {"Add a promise", "Report progress", "Give evidence", "Name an obstacle"},
    "verifier": {"Give evidence", "Verify evidence"},
    "auditor": {"History"},
    "administrator": {"History"},
    "nobody": set(),
    "other_member": {"Give evidence", "Name an obstacle"},
}


@pytest.mark.parametrize(("role", "labels"), BUTTONS.items())
def test_buttons_on_a_milestone_are_those_the_person_may_press(client, small_country, as_role, role, labels):
    as_role(role)
    url = address("milestone", "terminal-complete")
    page = client.get(url).content.decode()
    known = set().union(*BUTTONS.values())
    assert {label for label in known if f"{label}</a>" in page} == labels
    assert ("pop--work" in page) is bool(labels)
    past = client.get(url, {"as_of": "2025-12-31"}).content.decode()
    assert "pop--work" not in past, "the past is not written to"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("place", "hub"),
        ("project", "yard"),
        ("instruction", "I-now"),
        ("obstacle", "shallow"),
        ("calendar", ""),
    ],
)
def test_every_button_leads_to_a_form_that_opens(client, running, as_role, role, name, code):
    as_role(role)
    page = client.get(address(name, *([code] if code else [])))
    assert page.status_code == 200
    text = page.content.decode()
    if "pop--work" not in text:
        return
    menu = text.split("pop--work", 1)[1].split("</details>", 1)[0]
    links = [part.split('"', 1)[0] for part in menu.split('href="')[1:]]
    for link in links:
        if link.startswith("/"):
            assert client.get(link).status_code == 200, (role, link)


def test_visitors_see_no_button_and_cost_no_query(client, small_country, django_assert_max_num_queries):
    client.get(address("milestone", "terminal-complete"))
    with django_assert_max_num_queries(15):
        page = client.get(address("milestone", "terminal-complete"))
    assert "pop--work" not in page.content.decode()


def test_nobody_changes_an_address_past_the_ledger(client, small_country, as_role):
    as_role("auditor")
    for method in (client.get, client.post):
        assert method("/en/account/email/", {"email": "x@example.org"}).headers["Location"] == address("me")


@pytest.mark.parametrize("role", ROLES)
def test_who_answers_for_a_plot_sees_what_was_ordered_of_it_and_answers_nothing(
    client, as_role, small_country, role
):
    registry.place_save(by=small_country, code="plot-a", name="Plot A", type="plot", parent="hub")
    delivery.instruction_save(
        by=small_country, code="I-plot", text={"en": "Bring water to plot A"}, issuer="prime_minister",
        given=TODAY, deadline_kind="date", deadline_on=DUE, executors=[("ministry", "lead")],
        source="minutes-now", said=TODAY, subjects=["plot-a"],
    )  # fmt: skip
    user = as_role(role)
    text = client.get(address("me")).content.decode()
    answers_for_it = OWN_BODY.get(role) == "akimat"
    assert ('id="about-plots"' in text) == answers_for_it, role
    if answers_for_it:
        section = text[text.index('id="about-plots"') :].split("</section>")[0]
        assert "Bring water to plot A" in section
        assert DUE.strftime("%Y") in section
        with pytest.raises(NotAllowed):
            delivery.instruction_close(by=user, instruction="I-plot", ground="done")
        with pytest.raises(NotAllowed):
            delivery.instruction_respond(
                by=user, instruction="I-plot", organisation="ministry", text={"en": "Done"}
            )
