"""Links and schedules over HTTP: found, said, dropped; sent, looked at, attached, refused, opened."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from flows.work_country import ROLES, address, make_person, number_of, source_of_today, yesterday
from torap.cli import schedule_missed, schedule_text
from torap.common.models import Role
from torap.delivery.models import AttachedSchedule, DeliveryLink
from torap.web.work import missed_dates, schedule_words

MAY = {Role.COORDINATOR, Role.BODY_MEMBER}  # the ministry holds the terminal's milestone
PLAN = {
    "start": "2026-01-05T08:00",
    "data_date": "2026-01-05T08:00",
    "name": "Terminal",
    "activities": [
        {"id": "A", "name": "Piles", "duration": "10d"},
        {"id": "B", "name": "Quay", "duration": "20d"},
    ],
    "links": [{"from": "A", "to": "B", "lag": "-1d"}],
}
OLD_XER = (
    "ERMHDR\t8.4\t2026-01-05\n"
    "%T\tPROJECT\n%F\tproj_id\tproj_short_name\tplan_start_date\tclndr_id\n%R\t7\tHUB\t2026-01-05 08:00\t1\n"
    "%T\tCALENDAR\n%F\tclndr_id\tclndr_name\tday_hr_cnt\tclndr_data\n%R\t1\tFive days\t8\t\n"
    "%T\tTASK\n%F\ttask_id\tproj_id\tclndr_id\ttask_code\ttask_name\ttask_type\ttarget_drtn_hr_cnt\t"
    "remain_drtn_hr_cnt\n%R\t1\t7\t1\tA100\tЗемляные работы\tTT_Task\t40\t40\n%E\n"
).encode("cp1251")
XER = b"ERMHDR\t8.4\t2026-01-05\n%T\tPROJECT\n%E\n"


@pytest.fixture
def member(client, small_country, settings, tmp_path):
    """A member of the ministry who has signed in."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.HOME = tmp_path
    source_of_today(small_country)
    user = make_person("body_member")
    client.force_login(user)
    return user


def _link_data(**change):
    plain = {"before": "milestone:railway-done", "type": "FS", "lag": "0", "lag_unit": "day"}
    said = {
        "said_by": "Engineer",
        "said": yesterday(),
        "source": "minutes-now",
        "why_en": "Wagons come first",
    }
    return {**plain, **said, **change}


def _link(client, query="railway", code="terminal-complete", **change):
    url = f"{address('work_link', code)}?q={query}"
    return client.post(url, _link_data(**change), follow=True)


def _send(client, content=None, name="plan.json", code="terminal-complete", **more):
    body = json.dumps(PLAN).encode() if content is None else content
    return client.post(
        address("work_schedule", code), {"file": SimpleUploadedFile(name, body), **more}, follow=True
    )


def _agree(client, page, **change):
    data = {
        "finish_activity": "B", "given_by": "ministry", "said": yesterday(), "low": "90", "high": "150",
        "sha256": page.context["found"].sha256, "once": number_of(page), **change,
    }  # fmt: skip
    return client.post(page.redirect_chain[-1][0], data, follow=True)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ["work_link", "work_schedule"])
def test_forms_open_for_those_who_may_and_for_nobody_else(client, small_country, role, name):
    client.force_login(make_person(role))
    status = client.get(address(name, "terminal-complete")).status_code
    assert status == (200 if role in MAY else 403)
    page = client.get(address("milestone", "terminal-complete")).content.decode()
    assert (address(name, "terminal-complete") in page) is (role in MAY)


@pytest.mark.parametrize("role", [role for role in ROLES if role not in MAY])
def test_nobody_else_drops_a_link_or_opens_a_preview(client, small_country, role):
    client.force_login(make_person(role))
    drop = f"{address('work_link_drop', 'terminal-complete')}?from=milestone:railway-done"
    assert client.post(drop, {"why_en": "No", "said": yesterday()}).status_code == 403
    preview = address("work_schedule_preview", "terminal-complete", "0" * 32)
    assert client.post(preview, {"finish_activity": "B"}).status_code == 403


def test_a_visitor_is_sent_to_sign_in(client, small_country):
    for name in ("work_link", "work_schedule"):
        answer = client.get(address(name, "terminal-complete"))
        assert answer.status_code == 302
        assert "login" in answer["Location"]


def test_something_is_looked_for_and_the_link_stands_on_both_pages(client, member):
    page = client.get(f"{address('work_link', 'terminal-complete')}?q=railway").content.decode()
    assert 'value="milestone:railway-done"' in page
    answer = _link(client, lag="5", lag_unit="working_day", type="SS")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Railway built" in page
    assert "Wagons come first" in page
    assert "5 working days later at the earliest" in page
    assert "starts after it has started" in page
    row = DeliveryLink.objects.get()
    assert (row.after, row.source.code, row.recorded_by) == (
        "milestone:terminal-complete", "minutes-now", member.username,
    )  # fmt: skip
    other = client.get(address("milestone", "railway-done")).content.decode()
    assert "Container terminal: Works complete" in other


def test_nothing_like_it_is_told(client, member):
    page = client.get(f"{address('work_link', 'terminal-complete')}?q=zzzz").content.decode()
    assert "Nothing like “zzzz” can be waited for." in page
    own = client.get(f"{address('work_link', 'terminal-complete')}?q=milestone:terminal-complete")
    assert own.context.get("form") is None, "nothing waits for itself"


@pytest.mark.parametrize(
    ("change", "field", "status"),
    [
        ({"before": "milestone:other"}, "before", 422),
        ({"before": ""}, "before", 422),
        ({"lag": "99999"}, "lag", 422),
        ({"type": "XX"}, "type", 422),
        ({"said": "2999-01-01"}, "said", 422),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(client, member, change, field, status):
    answer = _link(client, **change)
    assert answer.status_code == status
    assert field in answer.context["form"].errors
    assert not DeliveryLink.objects.exists()


def test_a_loop_is_named_in_the_form(client, small_country):
    source_of_today(small_country)
    client.force_login(make_person("coordinator"))
    _link(client)
    answer = _link(client, query="terminal", code="railway-done", before="milestone:terminal-complete")
    assert answer.status_code == 422
    told = str(answer.context["form"].errors["before"])
    assert "Container terminal: Works complete → Second track: Railway built → Container terminal" in told
    again = _link(client)
    assert again.status_code == 409
    assert DeliveryLink.objects.count() == 1


def test_the_same_form_twice_writes_once(client, member):
    url = f"{address('work_link', 'terminal-complete')}?q=railway"
    data = _link_data(once=number_of(client.get(url)))
    for _turn in range(2):
        client.post(url, data, follow=True)
    assert DeliveryLink.objects.count() == 1


def test_a_link_is_dropped_with_its_reason_and_stays_for_earlier_days(client, member):
    _link(client)
    page = client.get(address("milestone", "terminal-complete")).content.decode()
    url = f"{address('work_link_drop', 'terminal-complete')}?from=milestone%3Arailway-done"
    assert url in page
    refused = client.post(url, {"why_en": "", "said": yesterday()})
    assert refused.status_code == 422
    answer = client.post(url, {"why_en": "By sea instead", "said": yesterday()}, follow=True)
    assert "The link is dropped" in answer.content.decode()
    assert DeliveryLink.objects.filter(event="dropped").count() == 1
    assert client.get(url).status_code == 404
    past = client.get(f"{address('milestone', 'terminal-complete')}?as_of=2025-12-31").content.decode()
    assert url not in past, "nothing is dropped in the past"


def test_a_schedule_is_looked_at_before_it_is_attached(client, member):
    page = _send(client)
    assert page.status_code == 200
    text = page.content.decode()
    assert "Nothing is written yet." in text
    assert "2026-02-12 17:00" in text, "10 and 20 working days from 5 January 2026, less one"
    assert "Links with a lead (negative lag)" in text
    assert "Everything in the file is kept." in text
    assert not AttachedSchedule.objects.exists()
    done = _agree(client, page)
    assert "The schedule was attached." in done.content.decode()
    row = AttachedSchedule.objects.get()
    assert (row.finish_name, row.given_by.code, row.assumed["activities"]) == ("Quay", "ministry", 2)
    shown = client.get(address("milestone", "terminal-complete")).content.decode()
    assert "the milestone is the finish of B · Quay" in shown
    assert "planned for 12 Feb 2026" in shown, "its own date stands beside the promise"
    assert "assumed for 2 activities" in shown


def test_the_file_comes_as_a_download_that_no_browser_runs(client, member):
    _agree(client, _send(client))
    row = AttachedSchedule.objects.get()
    client.logout()
    answer = client.get(address("schedule_file", row.key))
    assert b"".join(answer.streaming_content) == json.dumps(PLAN).encode()
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"{address('schedule_file', row.key)}?as_of=2025-11-26").status_code == 404
    assert client.get(address("schedule_file", "none")).status_code == 404


def test_a_newer_one_counts_and_the_old_stays_to_be_opened(client, member):
    _agree(client, _send(client))
    later = dict(PLAN, name="Second")
    _agree(client, _send(client, json.dumps(later).encode()))
    page = client.get(address("milestone", "terminal-complete")).content.decode()
    assert page.count('class="tag tag--dashed">replaced') == 1
    assert AttachedSchedule.objects.count() == 2


LOOP = dict(PLAN, links=[{"from": "A", "to": "B"}, {"from": "B", "to": "A"}])
LOST = dict(PLAN, links=[{"from": "A", "to": "Z"}])


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (json.dumps(LOOP).encode(), "plan.json", "wait for one another"),
        (json.dumps(LOST).encode(), "plan.json", "is not in the file"),
        (b"{", "plan.json", "The JSON is broken"),
        (b"<Project><Task>", "plan.xml", "The XML is broken"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', "plan.xml", "never needs"),
        (XER, "plan.xer", ""),
        (b"hello", "plan.json", "no schedule that can be read"),
        (b"x", "plan.exe", "is no schedule: send"),
        (b"x", "plan.mpp", "In Microsoft Project choose File, Save As, XML."),
        (b'{"activities": [{"id": "A", "duration": NaN}]}', "plan.json", "row 1, activity A, duration: "),
        (b"", "plan.json", "empty"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_place(client, member, content, name, told):
    answer = _send(client, content, name)
    assert answer.status_code == 422
    assert told in str(answer.context["form"].errors["file"])
    assert not AttachedSchedule.objects.exists()


def test_a_file_above_the_limit_is_refused(client, member, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = _send(client, b"{" + b" " * 200)
    assert answer.status_code == 422
    assert "larger than" in str(answer.context["form"].errors["file"])


@pytest.mark.parametrize(
    ("change", "field", "status"),
    [
        ({"finish_activity": "Z"}, "finish_activity", 422),
        ({"finish_activity": ""}, "finish_activity", 422),
        ({"given_by": "akimat"}, "given_by", 422),
        ({"said": ""}, "said", 422),
        ({"low": "200"}, "low", 422),
        ({"sha256": "0" * 64}, None, 409),
    ],
)
def test_a_wrong_agreement_is_refused(client, member, change, field, status):
    answer = _agree(client, _send(client), **change)
    assert answer.status_code == status
    assert field is None or field in answer.context["form"].errors
    assert not AttachedSchedule.objects.exists()


def test_files_of_others_and_of_yesterday_are_gone(client, member):
    answer = client.get(address("work_schedule_preview", "terminal-complete", "0" * 32), follow=True)
    assert "Send them again" in answer.content.decode()


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_pages_open_in_three_languages_within_their_budget(
    client, member, django_assert_max_num_queries, language
):
    _link(client)
    page = _send(client)
    _agree(client, page)
    for path in (
        address("milestone", "terminal-complete"),
        f"{address('work_link', 'terminal-complete')}?q=railway",
        f"{address('work_link_drop', 'terminal-complete')}?from=milestone:railway-done",
        address("work_schedule", "terminal-complete"),
    ):
        own = path.replace("/en/", f"/{language}/", 1)
        client.get(own)
        with django_assert_max_num_queries(15):
            assert client.get(own).status_code == 200


def test_every_code_of_the_command_line_has_words_here():
    no_page = {"cannot_save", "cannot_write", "same_file"}
    assert set(schedule_text.FILE) - no_page == set(schedule_words.FILE)
    assert set(schedule_missed.MISSED) == set(missed_dates.MISSED)
    for name in ("ENGINE", "LOSS", "NOTES", "CHECKS"):
        assert set(getattr(schedule_text, name)) == set(getattr(schedule_words, name))


def test_dates_that_a_plan_does_not_keep_are_told_before_it_is_attached(client, member):
    held = {"type": "must_finish", "date": "2026-01-06T17:00"}
    rows = [
        {"id": "A", "name": "Dredging", "duration": "5d"},
        {"id": "B", "name": "Quay wall", "duration": "1d", "constraint": held},
    ]
    plan = {"start": "2026-01-05T08:00", "activities": rows, "links": [{"from": "A", "to": "B"}]}
    page = _send(client, json.dumps(plan).encode())
    (told,) = page.context["missed"]
    assert told["what"].startswith("B (Quay wall, row 2): must finish 6 Jan 2026 17:00. It finishes 12 Jan")
    assert told["what"].endswith("(working days late: 4).")
    assert told["why"].startswith("It waits for A (Dredging, row 1).")
    assert "Dates the plan does not keep" in page.content.decode()
    rows[0]["duration"] = "1d"
    assert "Dates the plan does not keep" not in _send(client, json.dumps(plan).encode()).content.decode()


def test_an_old_cyrillic_file_is_used_and_its_encoding_is_a_note(client, member):
    page = _send(client, OLD_XER, name="old.xer")
    assert page.status_code == 200
    words = page.content.decode()
    assert "read as cp1251" in words
    assert "cannot be used" not in words
    assert [row["note"] for row in page.context["notes"]] == [True]
    _agree(client, page, finish_activity="A100")
    assert AttachedSchedule.objects.exists()
    milestone = client.get(address("milestone", "terminal-complete")).content.decode()
    assert "read as cp1251" in milestone
    assert "cannot be used" not in milestone
