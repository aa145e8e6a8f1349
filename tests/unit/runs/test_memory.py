"""A nation's input is written, hashed, kept and computed in parts: the same to the bit as in one piece."""

import copy
import dataclasses
import datetime as dt
import gzip
import hashlib
import json

import pytest

from torap.delivery import services as delivery
from torap.delivery.plans import risk_content_of
from torap.delivery.selectors import schedule_contents, schedule_risks
from torap.engines.schedule.plan import Activity, Link, Plan
from torap.engines.schedule.simulate import simulate
from torap.engines.schedule.uncertain import RiskPlan, Shape, Spread
from torap.engines.schedule.worktime import CalendarSpec, minutes
from torap.rules.known import AsKnown
from torap.runs.adapters.compute import NO_PLAN, computed, settings_of
from torap.runs.adapters.network import frozen_network
from torap.runs.adapters.plan import HORIZON, told_plan
from torap.runs.adapters.result import forecast_rows
from torap.runs.changes import applied
from torap.runs.frozen import Rows, canonical, packed, rows_to, sha256_of, unpack

DAY_KNOWN = dt.date(2026, 1, 15)
SETTINGS = settings_of(500, 3, "plain")


@pytest.fixture
def content(country):
    """The country with a plan below two of its milestones."""
    for milestone in ("hub-hall", "hub-gas"):
        begin = minutes(dt.datetime(2026, 1, 5, 9))  # noqa: DTZ001
        plan = Plan(
            start=begin,
            data_date=begin,
            activities=(
                Activity(id="A", calendar="week", minutes=4800, name="Қазу"),
                Activity(id="B", calendar="week", minutes=9600),
            ),
            links=(Link(predecessor="A", successor="B"),),
            calendars={"week": CalendarSpec(id="week")},
            calendar="week",
        )
        spread = Spread(shape=Shape.TRIANGULAR, low=4800, mode=9600, high=24000)
        delivery.schedule_attach(
            by=country.by, milestone=milestone, plan=RiskPlan(plan=plan, durations={"B": spread}), file=b"{}",
            file_name="plan.json", format="json", profile="torap", finish_activity="B",
            said=dt.date(2026, 1, 6), key=f"of-{milestone}",
        )  # fmt: skip
    return frozen_network(AsKnown(DAY_KNOWN))


def in_one_piece(content):
    whole = {**content, "schedules": list(content["schedules"])}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


@pytest.mark.django_db
def test_parts_give_the_bytes_the_hash_and_the_packed_form_of_the_whole(content):
    whole = in_one_piece(content)
    assert canonical(content) == whole
    text, sha256 = packed(content)
    assert sha256 == sha256_of(content) == hashlib.sha256(whole).hexdigest()
    assert unpack(text) == content
    assert packed(unpack(text)) == (text, sha256)
    old = gzip.compress(whole, mtime=0)
    assert gzip.decompress(old) == whole
    assert packed({"a": 1}, compress=False)[0] == ""


def test_rows_are_read_when_asked_for():
    rows = [{"to": "a", "plan": {"x": 1}}, {"to": "b", "plan": {"x": 2}}]
    kept = Rows(rows)
    assert (len(kept), kept[1], kept[0:1], list(kept)) == (2, rows[1], rows[:1], rows)
    assert kept == rows
    assert kept == Rows(rows)
    assert kept != Rows(rows[:1])
    assert kept != 1
    assert copy.deepcopy(kept) == kept
    assert rows_to(kept, {"b"}) == rows_to(rows, {"b"}) == [rows[1]]
    content = {"a": [], "schedules": [], "z": list(range(450))}
    assert unpack(packed(content)[0]) == content
    assert unpack(packed({"schedules": [1, {"a": 2}]})[0]) == {"schedules": [1, {"a": 2}]}
    assert unpack(packed({"schedules": None, "t": 1})[0]) == {"schedules": None, "t": 1}


@pytest.mark.django_db
def test_plans_are_kept_as_they_were_attached(content):
    keys = ["of-hub-hall", "of-hub-gas"]
    contents = dict(schedule_contents(keys))
    assert list(contents) == keys
    assert {key: risk_content_of(risk) for key, risk in schedule_risks(keys).items()} == contents
    assert {row["key"]: row["plan"] for row in content["schedules"]} == contents


def in_two_sets(content, changed=lambda risk_plan: risk_plan):
    """The rows and the first result of whole plans, tails and all, simulated one after the other."""
    keys = [row["key"] for row in content["nodes"]]
    told = told_plan(content, watched=keys)
    seen = told_plan(content, goals=(), watched=keys, seen_only=True)
    assert told.beyond
    result, bounds = (simulate(changed(one.risk_plan), SETTINGS) for one in (told, seen))
    return forecast_rows(content, told, result, bounds), result


@pytest.mark.django_db
def test_the_plan_given_piece_by_piece_is_the_plan(content):
    found = computed(unpack(packed(content)[0]), SETTINGS)
    rows, result = in_two_sets({**content, "schedules": list(content["schedules"])})
    assert found.result.fingerprint == result.fingerprint
    assert found.rows == rows
    assert found.told.risk_plan.plan == NO_PLAN  # let go
    assert sha256_of(applied(content, [])) == sha256_of({**content, "changes": []})


@pytest.mark.django_db
def test_how_far_the_calendars_reach_changes_nothing(content):
    def bare(risk_plan):
        plan = risk_plan.plan
        assert HORIZON in {one.id for one in plan.activities}
        left = tuple(one for one in plan.activities if one.id != HORIZON)
        return dataclasses.replace(risk_plan, plan=dataclasses.replace(plan, activities=left))

    assert in_two_sets(content, bare)[0] == computed(content, SETTINGS).rows
