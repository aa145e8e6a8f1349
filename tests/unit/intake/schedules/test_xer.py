"""Primavera XER: tables, calendars, options, and what is refused or left out."""

from __future__ import annotations

import pytest

from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Constraint, Kind
from torap.engines.schedule.profiles import LagCalendar, Progress
from torap.engines.schedule.worktime import moment
from torap.intake.schedules.files import read_bytes
from torap.intake.schedules.losses import Losses, ScheduleFileError
from torap.intake.schedules.write_json import json_of
from torap.intake.schedules.write_mspdi import mspdi_of

WEEK = (
    "(0||CalendarData()((0||DaysOfWeek()((0||1()())"
    + "".join(f"(0||{day}()((0||0(s|08:00|f|12:00)())(0||1(s|13:00|f|17:00)())))" for day in range(2, 7))
    + "(0||7()())))(0||VIEW(ShowTotal|N)())"
    + "(0||Exceptions()((0||0(d|46028)())(0||1(d|46032)((0||0(s|08:00|f|12:00)())))))))"
)

FIELDS = {
    "PROJECT": "proj_id proj_short_name clndr_id plan_start_date last_recalc_date critical_path_type "
    "critical_drtn_hr_cnt",
    "CALENDAR": "clndr_id clndr_name day_hr_cnt clndr_data",
    "SCHEDOPTIONS": "proj_id sched_calendar_on_relationship_lag sched_retained_logic sched_progress_override "
    "sched_float_type sched_use_expect_end_flag",
    "TASK": "task_id proj_id clndr_id task_code task_name task_type target_drtn_hr_cnt remain_drtn_hr_cnt "
    "cstr_type cstr_date act_start_date act_end_date",
    "TASKPRED": "task_pred_id task_id pred_task_id proj_id pred_proj_id pred_type lag_hr_cnt",
}


def table(name: str, fields: str, *rows: str) -> str:
    return "\n".join(
        [
            f"%T\t{name}",
            "%F\t" + "\t".join(fields.split()),
            *("%R\t" + "\t".join(row.split("|")) for row in rows),
        ]
    )


def file(
    *tasks: str,
    links: tuple[str, ...] = (),
    options: str = "7|rcal_Successor|Y|N|FT_FF|Y",
    project: str = "7|HUB|1|2026-01-05 08:00|2026-01-05 00:00|CT_TotFloat|0",
    end: str = "%E",
) -> bytes:
    calendar = WEEK.replace("|", "\x00")
    parts = [
        "ERMHDR\t19.12\t2026-01-05\tProject\tadmin",
        table("PROJECT", FIELDS["PROJECT"], project),
        table("CALENDAR", FIELDS["CALENDAR"], f"1|Five days|8|{calendar}").replace("\x00", "|"),
        table("SCHEDOPTIONS", FIELDS["SCHEDOPTIONS"], options),
        table("TASK", FIELDS["TASK"], *tasks),
        table("TASKPRED", FIELDS["TASKPRED"], *links),
        end,
    ]  # fmt: skip
    return "\r\n".join("\n".join(parts).split("\n")).encode("cp1252")


A = "1|7|1|A|Earth works|TT_Task|40|40||||"
B = "2|7|1|B|Piles|TT_Task|16|16|CS_MSOA|2026-01-14 00:00||"
M = "3|7|1|M|Done|TT_FinMile|0|0||||"


def test_what_is_left_out_is_counted_by_project() -> None:
    levels = table("PROJWBS", "wbs_id proj_id proj_node_flag parent_wbs_id", "1|7|Y|", "2|7|N|1", "3|8|N|")
    more = "\n".join([levels, table("RSRC", "rsrc_id rsrc_name", "1|Crane", "2|Crew"), "%E"])
    told = {(row.code, row.value) for row in read_bytes(file(A, end=more)).losses}
    assert {("resource_names", "2"), ("wbs_levels", "1")} <= told
    alone = table("PROJWBS", "wbs_id proj_id proj_node_flag parent_wbs_id", "1|7|Y|") + "\n%E"
    assert "wbs_levels" not in {row.code for row in read_bytes(file(A, end=alone)).losses}


def test_a_project_with_its_options() -> None:
    found = read_bytes(file(A, B, M, links=("1|2|1|7|7|PR_FS|4", "2|3|2|7|7|PR_FS|0")))
    plan = found.plan
    assert (found.format, found.profile, plan.name) == ("xer", "p6", "HUB")
    assert [row.kind for row in plan.activities] == [Kind.TASK, Kind.TASK, Kind.FINISH_MILESTONE]
    assert plan.activities[1].constraint == Constraint.START_NOT_BEFORE
    assert plan.options["lag_calendar"] == LagCalendar.SUCCESSOR
    dates = schedule(plan, profile="p6")
    assert str(moment(dates.rows["B"].start)) == "2026-01-14 08:00:00"
    assert str(moment(dates.rows["M"].finish)) == "2026-01-15 17:00:00"


def test_calendar_days_and_exceptions() -> None:
    spec = read_bytes(file(A)).plan.calendars["1"]
    assert spec.week[0] == ((480, 720), (780, 1020))
    assert spec.week[5] == spec.week[6] == ()
    days = {f"{moment(day * 1440):%Y-%m-%d}": shifts for day, shifts in spec.exceptions.items()}
    assert days == {"2026-01-06": (), "2026-01-10": ((480, 720),)}


def test_progress_and_its_rule() -> None:
    begun = "1|7|1|A|Earth works|TT_Task|40|24|||2026-01-05 08:00|"
    plan = read_bytes(file(begun, options="7|rcal_24Hour|N|Y|FT_MIN|N")).plan
    assert plan.activities[0].left == 24 * 60
    assert plan.activities[0].actual == 16 * 60
    assert plan.options["progress"] == Progress.OVERRIDE
    assert plan.options["use_expected_finish"] is False


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"ERMHDR\t8.0\n%T\tPROJECT\n", "xer_cut_off"),
        (b"ERMHDR\t8.0\n%R\t1\n%E", "xer_row_without_fields"),
        (file(), "no_activities"),
        (file(A, links=("1|1|99|7|7|PR_FS|0",)), "link_to_nothing"),
        (file(A, links=("1|99|1|7|7|PR_FS|0",)), "link_to_nothing"),
        (file(A, B, links=("1|2|1|7|7|PR_XX|0",)), "link_type_unknown"),
        (file(A.replace("40|40", "forty|40")), "bad_number"),
        (file("1|7|1|A"), "xer_cell_missing"),
        (file(A + "|more"), "xer_row_too_long"),
        (file(A).replace(b"s|08:00", b"s|99:00"), "bad_shift"),
        (file(A).replace(b"s|08:00", b"s|08:60"), "bad_shift"),
        (file(B.replace("2026-01-14 00:00", "14.01.2026")), "bad_date"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(data: bytes, code: str) -> None:
    with pytest.raises(ScheduleFileError) as caught:
        read_bytes(data)
    assert caught.value.code == code
    assert "line" in caught.value.where or caught.value.where == "PROJECT"


def test_of_several_projects_one_must_be_chosen() -> None:
    data = file(A).replace(b"%T\tCALENDAR", b"%R\t8\tOTHER\t1\t2026-01-05 08:00\t\t\t\r\n%T\tCALENDAR")
    data = data.replace(b"%T\tTASKPRED", b"%R\t9\t8\t1\tZ\tOther\tTT_Task\t8\t8\t\t\t\t\r\n%T\tTASKPRED")
    with pytest.raises(ScheduleFileError) as caught:
        read_bytes(data)
    assert caught.value.code == "several_projects"
    assert [row.id for row in read_bytes(data, project="OTHER").plan.activities] == ["Z"]


def test_links_to_other_projects_are_told_as_lost() -> None:
    found = read_bytes(file(A, links=("1|1|99|7|8|PR_FS|0",)))
    assert [row.code for row in found.losses] == ["link_to_other_project"]
    assert found.plan.links == ()


@pytest.mark.parametrize(
    ("code", "calendar"),
    [
        ("rcal_ProjDefault", LagCalendar.PLAN),
        ("rcal_24Hour", LagCalendar.ALWAYS),
        ("rcal_Successor", LagCalendar.SUCCESSOR),
        ("rcal_Predecessor", LagCalendar.PREDECESSOR),
    ],
)
def test_the_calendar_of_lags(code: str, calendar: LagCalendar) -> None:
    found = read_bytes(file(A, options=f"7|{code}|Y|N|FT_FF|Y")).plan
    assert found.options["lag_calendar"] == calendar


def test_working_times_of_a_machine_that_counts_to_twelve() -> None:
    data = (
        file(A)
        .replace(b"s|08:00|f|12:00", b"s|8:00 AM|f|12:00 PM")
        .replace(b"s|13:00|f|17:00", b"s|01:00 PM|f|05:00 p.m.")
    )
    assert data != file(A)
    assert read_bytes(data).plan.calendars["1"].week == read_bytes(file(A)).plan.calendars["1"].week
    wrong = file(A).replace(b"s|08:00|f|12:00", b"s|eight|f|12:00")
    with pytest.raises(ScheduleFileError) as caught:
        read_bytes(wrong)
    assert caught.value.code == "bad_shift"


@pytest.mark.parametrize("table", ["PROJECT", "CALENDAR", "TASK"])
def test_a_table_that_must_be_there(table: str) -> None:
    with pytest.raises(ScheduleFileError) as caught:
        read_bytes(file(A).replace(f"%T\t{table}\r".encode(), b"%T\tOTHER\r"))
    assert (caught.value.code, caught.value.where) == ("xer_table_missing", f"table {table}")


def test_a_file_without_links_says_so() -> None:
    alone = file(A, B).replace(b"%T\tTASKPRED\r", b"%T\tOTHER\r")
    assert [row.code for row in read_bytes(alone).losses] == ["no_links"]
    assert not read_bytes(file(A, B)).losses
    assert not read_bytes(file(A).replace(b"%T\tTASKPRED\r", b"%T\tOTHER\r")).losses


def test_a_calendar_that_is_not_in_the_file_is_named_with_its_line() -> None:
    with pytest.raises(ScheduleFileError) as caught:
        read_bytes(file(A.replace("1|7|1|A", "1|7|9|A")))
    assert (caught.value.code, caught.value.where) == (
        "calendar_unknown",
        "line 13, A (Earth works), clndr_id",
    )


def test_links_that_do_not_say_their_project() -> None:
    fields = FIELDS["TASKPRED"].replace(" proj_id pred_proj_id", "").replace(" ", "\t").encode()
    whole = FIELDS["TASKPRED"].replace(" ", "\t").encode()
    data = file(A, B, links=("1|2|1|PR_FS|8",)).replace(whole, fields)
    assert data.count(fields) == 1
    (found,) = read_bytes(data).plan.links
    assert (found.predecessor, found.successor, found.lag) == ("A", "B", 480)
    with pytest.raises(ScheduleFileError) as caught:
        read_bytes(file(A, B, links=("1|2|9|PR_FS|8",)).replace(whole, fields))
    assert caught.value.code == "link_to_nothing"


def test_empty_cells_at_the_end_of_a_row_may_be_missing() -> None:
    whole, cut = read_bytes(file(A, B)), read_bytes(file(A.rstrip("|"), B))
    assert whole.plan == cut.plan


def test_a_night_shift_in_one_piece_goes_on_into_the_next_day() -> None:
    made = file(A).replace(b"s|13:00|f|17:00", b"s|22:00|f|06:00")
    read = read_bytes(made)
    assert read.plan.calendars["1"].week[1] == ((0, 360), (480, 720), (1320, 1440))
    assert ("shift_over_midnight", "22:00-06:00") in {(row.code, row.value) for row in read.losses}
    twice = read_bytes(file(A).replace(b"s|13:00|f|17:00", b"s|13:00|f|13:00"))
    assert "shift_left_out" in {row.code for row in twice.losses}


def test_a_milestone_that_is_finished_needs_no_start() -> None:
    done = M.replace("0|0||||", "0|0||||2026-01-05 08:00")
    (row,) = read_bytes(file(done)).plan.activities
    assert row.actual_start == row.actual_finish is not None
    assert schedule(read_bytes(file(done, A)).plan, profile="p6").rows["M"].total_float is None


def test_options_that_are_not_kept_are_told() -> None:
    read = read_bytes(file(A, options="7|rcal_Lunar|N|N|FT_FF|Y"))
    told = {(row.code, row.value) for row in read.losses}
    assert ("option", "sched_calendar_on_relationship_lag: rcal_Lunar") in told
    assert read.plan.options["progress"] == Progress.ACTUAL


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        ((A, B.replace("2|7", "1|7")), r"id_twice at line 14, B \(Piles\), task_id"),
        (
            (A.replace("40|40", "-40|40"),),
            r"duration_negative at line 13, A \(Earth works\), target_drtn_hr_cnt",
        ),
        (
            (A.replace("40|40", "40|-1"),),
            r"remaining_negative at line 13, A \(Earth works\), remain_drtn_hr_cnt",
        ),
    ],
)
def test_wrong_rows_are_named_by_their_line(rows: tuple[str, ...], refused: str) -> None:
    with pytest.raises(ScheduleFileError, match=refused):
        read_bytes(file(*rows))


def test_a_project_whose_calendar_is_not_in_the_file_takes_another_and_says_so() -> None:
    read = read_bytes(file(A, project="7|HUB|99|2026-01-05 08:00|2026-01-05 00:00|CT_TotFloat|0"))
    assert read.plan.calendar == "1"
    assert ("calendar_unknown", "99") in {(row.code, row.value) for row in read.losses}


def test_a_calendar_with_a_day_of_another_age_is_written_and_read_again() -> None:
    read = read_bytes(file(A).replace(b"d|46028", b"d|0"))
    assert -25_569 in read.plan.calendars["1"].exceptions
    again = read_bytes(json_of(read.risk, profile="p6").encode())
    assert again.plan.calendars["1"] == read.plan.calendars["1"]
    written = mspdi_of(read.plan, schedule(read.plan, profile="p6"), Losses())
    assert -25_569 in read_bytes(written).plan.calendars["1"].exceptions
