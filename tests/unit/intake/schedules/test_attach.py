"""A schedule file looked at and attached: dates, quality and losses told before anything is kept."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from torap.common.errors import Conflict
from torap.delivery import services as delivery
from torap.delivery.models import AttachedSchedule
from torap.delivery.selectors import schedule_risks
from torap.engines.errors import EngineInputError
from torap.engines.schedule.uncertain import Shape
from torap.engines.schedule.worktime import moment
from torap.intake.schedules import ScheduleFileError
from torap.intake.schedules.attach import schedule_attach_file, schedule_preview
from torap.registry import services as registry

PLAN = {
    "start": "2026-01-05T08:00",
    "activities": [
        {"id": "S", "name": "Port", "type": "summary"},
        {"id": "A", "duration": "2d", "parent": "S",
         "uncertainty": {"shape": "triangular", "low": "1d", "mode": "2d", "high": "4d"}},
        {"id": "B", "duration": "3d", "parent": "S"},
        {"id": "C", "duration": "1d"},
    ],
    "links": [{"from": "A", "to": "B"}],
}  # fmt: skip


def data(**change):
    return json.dumps(PLAN | change).encode()


@pytest.fixture
def milestone(coordinator, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    registry.place_save(by=coordinator, code="hub", name="Hub", type="hub")
    delivery.milestone_save(by=coordinator, code="hub-open", subject="hub", name="Open", type="open")
    return "hub-open"


def test_a_preview_keeps_nothing_and_tells_all(db):
    found = schedule_preview(data(), name="p.json")
    assert (found.profile, found.read.format, len(found.sha256)) == ("torap", "json", 64)
    assert [row.id for row, _dates in found.rows] == ["S", "A", "B", "C"]
    assert moment(found.dates.finish) == dt.datetime(2026, 1, 9, 17)  # noqa: DTZ001
    assert [row.id for row, _dates in found.last_first()] == ["B", "C", "A"], "what nothing waits for first"
    assert found.without_spread == 2
    assert {row.code for row in found.failed} <= {row.code for row in found.checks}
    assert not AttachedSchedule.objects.exists()
    assert schedule_preview(data(), name="p.json", profile="msproject").profile == "msproject"


def test_what_the_dates_or_the_trials_do_not_use_is_told(db):
    rows = [{"id": "A", "duration": "2d", "expected_finish": "2026-01-20T17:00"}]
    for profile in ("", "p6"):
        found = schedule_preview(data(activities=rows, links=[]), name="p.json", profile=profile)
        assert [(row.code, row.where) for row in found.losses] == [("expected_finish", "A")]


def test_what_cannot_be_read_or_computed_is_told_with_its_place():
    with pytest.raises(ScheduleFileError):
        schedule_preview(b"{", name="p.json")
    loop = [{"from": "A", "to": "B"}, {"from": "B", "to": "A"}]
    with pytest.raises((EngineInputError, ScheduleFileError)):
        schedule_preview(data(links=loop), name="p.json")


def attach(by, milestone, **more):
    values = {"data": data(), "name": "p.json", "finish_activity": "B", "said": dt.date(2026, 1, 6)}
    return schedule_attach_file(by=by, milestone=milestone, **values | more)


def test_doubts_of_the_file_stand_and_the_rest_is_assumed(coordinator, milestone):
    row = attach(coordinator, milestone, shares=(80.0, 100.0, 200.0))
    assert row.assumed == {"shape": "pert", "low": 80.0, "mode": 100.0, "high": 200.0, "activities": 2}
    spreads = schedule_risks([row.key])[row.key].durations
    assert spreads["A"].shape == Shape.TRIANGULAR
    assert (spreads["B"].low, spreads["B"].mode, spreads["B"].high) == (1152, 1440, 2880)


def test_nothing_is_assumed_where_nobody_wants_it(coordinator, milestone):
    row = attach(coordinator, milestone, shares=None)
    assert row.assumed == {}
    assert set(schedule_risks([row.key])[row.key].durations) == {"A"}


def test_another_file_than_the_one_looked_at_is_refused(coordinator, milestone):
    with pytest.raises(Conflict, match="files_changed"):
        attach(coordinator, milestone, expected_sha256="0" * 64)
    assert not AttachedSchedule.objects.exists()
    assert attach(coordinator, milestone, expected_sha256=schedule_preview(data(), name="p").sha256)


@pytest.mark.parametrize(("days", "told"), [(-1, []), (0, []), (1, ["data_date_ahead"])])
def test_a_data_date_that_is_still_to_come_is_told_and_kept(coordinator, milestone, days, told):
    when = timezone.localdate() + dt.timedelta(days=days)
    ahead = data(data_date=f"{when}T08:00")
    assert [row.code for row in schedule_preview(ahead, name="p.json").losses] == told
    row = attach(coordinator, milestone, data=ahead)
    assert [(loss["code"], loss["value"]) for loss in row.losses] == [(code, str(when)) for code in told]
