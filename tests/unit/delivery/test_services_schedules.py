"""Schedules below milestones: who may attach one, what is refused, and that nothing is half kept."""

import datetime as dt
import hashlib
import json
import sys
from pathlib import Path

import pytest
from django.conf import settings as site
from django.db import connection
from django.utils import timezone

from torap.common.errors import BadInput, Conflict, NotAllowed, NotFound
from torap.common.models import Role
from torap.common.triggers import drop_append_only_sql
from torap.delivery import services
from torap.delivery.models import AttachedSchedule
from torap.delivery.selectors import (
    network_now,
    schedule_contents,
    schedule_get,
    schedule_list,
    schedule_plans,
    schedule_texts,
)
from torap.delivery.services import schedules
from torap.engines.schedule.plan import Activity, Kind, Link, Plan
from torap.engines.schedule.worktime import STANDARD_WEEK, CalendarSpec, minutes
from torap.ledger.selectors import events_of
from torap.registry import services as registry
from torap.rules.known import AsKnown

TODAY = timezone.localdate()
NOW = AsKnown(TODAY)
START = minutes(dt.datetime(2026, 1, 5, 8))  # noqa: DTZ001
STD = CalendarSpec(id="std", week=STANDARD_WEEK)
ROLES = [
    (Role.COORDINATOR, "", True),
    (Role.BODY_MEMBER, "min_transport", True),
    (Role.MANAGING_COMPANY, "min_transport", True),
    (Role.BODY_MEMBER, "min_industry", False),
    (Role.MANAGING_COMPANY, "builder", False),
    (Role.VERIFIER, "min_transport", False),
    (Role.AUDITOR, "", False),
    (Role.ADMINISTRATOR, "", False),
    ("", "", False),
]


def plan(**more):
    rows = (
        Activity(id="A", name="Piles", minutes=480),
        Activity(id="B", name="Quay", minutes=960),
        Activity(id="S", name="Port", kind=Kind.SUMMARY),
    )
    values = {
        "start": START, "data_date": START, "name": "Quay", "activities": rows,
        "links": (Link(predecessor="A", successor="B"),), "calendars": {"std": STD}, "calendar": "std",
    }  # fmt: skip
    return Plan(**values | more)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def attach(country):
    def add(**more):
        values = {
            "by": country.by, "milestone": country.milestone, "plan": plan(), "file": b"{1}",
            "file_name": "quay.xer", "format": "xer", "profile": "p6", "finish_activity": "B",
            "said": dt.date(2026, 1, 10), "given_by": "builder",
            "losses": [{"code": "resources", "where": "A", "value": "", "count": 2}],
        }  # fmt: skip
        return services.schedule_attach(**values | more)

    return add


def files():
    folder = Path(site.MEDIA_ROOT)
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("role", "body", "allowed"), ROLES)
def test_the_coordinator_and_the_holder_attach(person, attach, role, body, allowed):
    user = person("somebody", role, organisation=body)
    if allowed:
        assert attach(by=user).recorded_by == "somebody"
        return
    with pytest.raises(NotAllowed):
        attach(by=user)
    assert not files()


def test_it_hangs_below_the_milestone_with_its_plan_and_losses(attach, country):
    row = attach()
    assert (row.sha256, row.activities) == (hashlib.sha256(b"{1}").hexdigest(), 3)
    (found,) = network_now(NOW).schedules
    assert (found.key, found.name, found.finish_name, found.given_by) == (row.key, "Quay", "Quay", "builder")
    assert found.losses[0]["code"] == "resources"
    assert found.data_date == dt.date(2026, 1, 5)
    assert schedule_plans([row.key])[row.key] == plan()
    assert events_of("milestone:aktau_hub-open")[-1].kind == "schedule.attached"
    net = network_now(NOW)
    (link,) = net.waits_for("milestone:aktau_hub-open")
    assert (link.origin, net.nodes[link.before].name) == ("schedule", "Quay")
    assert Path(row.file.path).read_bytes() == b"{1}"


def test_a_newer_one_takes_its_place_and_the_old_is_kept(attach, country):
    first = attach()
    second = attach(file=b"{2}", said=dt.date(2026, 3, 1))
    rows = schedule_list(country.milestone, NOW)
    assert [(row.key, row.current) for row in rows] == [(second.key, True), (first.key, False)]
    assert [row.key for row in network_now(NOW).schedules] == [second.key]
    then = AsKnown(dt.date(2026, 2, 1))
    assert [row.key for row in schedule_list(country.milestone, then)] == [first.key]
    assert schedule_get(first.key, NOW).sha256 == first.sha256
    with pytest.raises(NotFound):
        schedule_get(second.key, then)
    with pytest.raises(NotFound):
        schedule_get("none", NOW)


def test_the_same_file_again_is_told(attach):
    attach()
    with pytest.raises(Conflict, match="schedule_there_already"):
        attach()
    assert attach(finish_activity="A")


LOOP = (Link(predecessor="A", successor="B"), Link(predecessor="B", successor="A"))


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"file_name": "plan.exe"}, "bad_file_type", "file"),
        ({"file": b""}, "file_empty", "file"),
        ({"profile": "asta"}, "unknown_choice", "profile"),
        ({"finish_activity": "Z"}, "no_such_activity", "finish_activity"),
        ({"finish_activity": "S"}, "no_such_activity", "finish_activity"),
        ({"plan": plan(links=LOOP)}, "cannot_be_scheduled", "file"),
        ({"given_by": "nobody"}, "unknown_reference", "given_by"),
        ({"said": TODAY + dt.timedelta(days=1)}, "in_the_future", "said"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_leaves_nothing(attach, change, code, field):
    with pytest.raises(BadInput) as caught:
        attach(**change)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert not AttachedSchedule.objects.exists()
    assert not files()


def test_a_file_above_the_limit_is_refused(attach, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2
    with pytest.raises(BadInput, match="file_too_large"):
        attach()


def test_a_writing_that_fails_takes_the_file_with_it(attach, monkeypatch):
    def fail(*_args, **_more):
        assert files(), "the file was there"
        raise Conflict("changed_meanwhile")

    monkeypatch.setattr(schedules.writing, "append", fail)
    with pytest.raises(Conflict):
        attach()
    assert not files()


def test_what_was_altered_past_the_services_is_not_read(attach, monkeypatch):
    row = attach()
    monkeypatch.setattr(sys.modules[schedule_plans.__module__], "sha256_of", lambda _content: "other")
    with pytest.raises(NotFound, match="schedule_changed"):
        schedule_plans([row.key])


def test_an_invented_schedule_stands_below_nothing_real(attach, country):
    registry.organisation_save(by=country.by, code="dream", name="Dream", type="investor", invented=True)
    assert attach(given_by="dream").invented
    assert network_now(NOW).schedules == ()
    assert len(network_now(NOW, invented=True).schedules) == 1


def test_plans_are_handed_out_as_the_text_that_was_hashed(attach, country):
    """Plain letters and others: the text the content gives; what was altered is not handed out."""
    keys = [attach(key="plain").key, attach(key="named", file=b"{2}", plan=plan(name="Порт")).key]
    read = dict(schedule_texts(keys))
    for key, content in schedule_contents(keys):
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert read[key] == text.encode("utf-8")
    assert list(read) == keys
    with connection.cursor() as cursor:
        for statement in drop_append_only_sql(connection.vendor, "delivery_attachedschedule"):
            cursor.execute(statement)
    for key in keys:
        AttachedSchedule.objects.filter(key=key).update(content_sha256="0" * 64)
        with pytest.raises(NotFound) as caught:
            list(schedule_texts([key]))
        assert caught.value.params["value"] == key
