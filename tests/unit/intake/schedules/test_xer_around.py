"""Several projects of one XER file, what they ask of one another, and WBS summaries."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from torap.cli.main import app
from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Kind
from torap.engines.schedule.worktime import moment
from torap.intake.schedules.files import read_bytes, read_projects
from torap.intake.schedules.xer_around import project_keys, summaries
from torap.intake.schedules.xer_tables import parse_xer
from unit.intake.schedules.test_xer import FIELDS, WEEK, table

TASKS = (
    "task_id proj_id wbs_id clndr_id task_code task_type target_drtn_hr_cnt remain_drtn_hr_cnt "
    "early_start_date early_end_date late_start_date late_end_date external_early_start_date "
    "external_late_end_date"
)
DATES = "2026-01-12 08:00|2026-01-13 17:00|2026-01-14 08:00|2026-01-15 17:00"


def file(
    *tasks: str, links: tuple[str, ...] = (), outer: str = "SD_Both", wbs: tuple[str, ...] = ()
) -> bytes:
    projects = [f"{name}|1|2026-01-05 08:00|2026-01-05 08:00||0" for name in ("7|HUB", "8|PORT")]
    week = WEEK.replace("|", "\0")
    parts = [
        "ERMHDR\t19.12\t2026-01-05\tProject\tadmin",
        table("PROJECT", FIELDS["PROJECT"], *projects),
        table("CALENDAR", FIELDS["CALENDAR"], f"1|Five days|8|{week}").replace("\0", "|"),
        table("SCHEDOPTIONS", "proj_id sched_outer_depend_type", f"7|{outer}"),
        table("PROJWBS", "wbs_id parent_wbs_id proj_id", *wbs),
        table("TASK", TASKS, *tasks),
        table("TASKPRED", FIELDS["TASKPRED"], *links),
        "%E",
    ]
    return "\n".join(parts).encode()


def one(
    key: int, code: str, project: int = 7, hours: int = 8, kind: str = "TT_Task", more: str = "|||||"
) -> str:
    return f"{key}|{project}|w{key}|1|{code}|{kind}|{hours}|{hours}|{more}"


OTHER = one(9, "P", 8, 16, more=f"{DATES}||")


def rows(data: bytes) -> dict[str, tuple[str, int | None]]:
    plan = read_bytes(data, project="HUB").plan
    found = schedule(plan, profile="p6").rows
    return {name: (f"{moment(row.start):%d %H:%M}", row.total_float) for name, row in found.items()}


@pytest.mark.parametrize(
    ("kind", "lag", "start"),
    [("PR_FS", 0, "14 08:00"), ("PR_FS", 8, "15 08:00"), ("PR_SS", 8, "13 08:00"), ("PR_FF", 0, "05 08:00")],
)
def test_what_another_project_asks_is_a_date_of_the_file(kind: str, lag: int, start: str) -> None:
    link = f"1|1|9|7|8|{kind}|{lag}"
    assert rows(file(one(1, "A"), OTHER, links=(link,)))["A"][0] == start
    assert rows(file(one(1, "A"), OTHER, links=(link,), outer="SD_None"))["A"][0] == "05 08:00"


def test_a_milestone_ends_with_what_it_ends_with() -> None:
    point = one(1, "M", hours=0, kind="TT_FinMile")
    assert rows(file(point, OTHER, links=("1|1|9|7|8|PR_FF|0",)))["M"][0] == "13 17:00"


def test_what_another_project_waits_for_must_be_done_in_time() -> None:
    long = one(2, "B", hours=160)
    found = rows(file(one(1, "A"), long, OTHER, links=("1|9|1|8|7|PR_FS|0",)))
    assert found["A"][1] == 5.5 * 480  # by the end of the 13th; the 6th is off, the 10th is half a day
    assert rows(file(one(1, "A"), long, OTHER))["A"][1] == 19 * 480


def test_external_dates_hold_where_the_other_project_is_not_in_the_file() -> None:
    held = one(1, "A", more="||||2026-01-07 08:00|2026-01-08 17:00")
    assert rows(file(held, one(2, "B", hours=160)))["A"] == ("07 08:00", 480)


def test_every_project_with_activities_is_read(tmp_path: Path) -> None:
    path = tmp_path / "two.xer"
    path.write_bytes(file(one(1, "A"), OTHER))
    assert project_keys(parse_xer(path.read_text())) == ["7", "8"]
    assert [read.plan.name for read in read_projects(path)] == ["HUB", "PORT"]
    answer = CliRunner().invoke(app, ["schedule", "dates", str(path), "--format", "json"])
    assert [(row["id"], row["project"]) for row in json.loads(answer.stdout)] == [("A", "HUB"), ("P", "PORT")]
    answer = CliRunner().invoke(app, ["schedule", "dates", str(path), "--format", "json", "--project", "HUB"])
    assert [sorted(row) for row in json.loads(answer.stdout)] == [
        ["critical", "finish", "id", "name", "start", "total_float_h"]
    ]
    refused = CliRunner().invoke(app, ["schedule", "dates", str(path), "--why", "A"])
    assert refused.exit_code == 2


def test_wbs_summaries_span_what_lies_under_them() -> None:
    wbs = ("w1||7", "w2|w1|7", "w3|w2|7", "w4|w1|7")
    tasks = (
        one(1, "S", kind="TT_WBS"),
        one(2, "T", kind="TT_WBS"),
        one(3, "A"),
        one(4, "B", hours=16),
    )
    data = file(*tasks, wbs=wbs)
    assert summaries(parse_xer(data.decode()), "7") == {"2": "1", "3": "2", "4": "1"}
    plan = read_bytes(data).plan
    assert [row.kind for row in plan.activities][:2] == [Kind.SUMMARY] * 2
    found = schedule(plan, profile="p6").rows
    assert [f"{moment(found[name].finish):%d %H:%M}" for name in "ST"] == ["07 17:00", "05 17:00"]
    assert summaries(parse_xer(file(one(3, "A")).decode()), "7") == {}
