"""Microsoft Project XML: read, refused, written and read again."""

from __future__ import annotations

import pytest

from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Constraint, Kind, LagUnit, LinkType
from torap.engines.schedule.worktime import moment
from torap.intake.schedules.files import read_bytes
from torap.intake.schedules.losses import Losses, ScheduleFileError
from torap.intake.schedules.write_json import json_of
from torap.intake.schedules.write_mspdi import mspdi_of

HEAD = '<?xml version="1.0" encoding="UTF-8"?><Project xmlns="http://schemas.microsoft.com/project">'
SETTINGS = (
    "<StartDate>2026-01-05T08:00:00</StartDate><CalendarUID>1</CalendarUID><MinutesPerDay>480</MinutesPerDay>"
)
CALENDAR = "<Calendars><Calendar><UID>1</UID><Name>Standard</Name></Calendar></Calendars>"


def task(uid: int, hours: int = 8, more: str = "") -> str:
    return (
        f"<Task><UID>{uid}</UID><Name>T{uid}</Name><OutlineLevel>1</OutlineLevel><Type>1</Type>"
        f"<Duration>PT{hours}H0M0S</Duration><DurationFormat>7</DurationFormat>{more}</Task>"
    )


def file(tasks: str, calendars: str = CALENDAR, more: str = "") -> bytes:
    return f"{HEAD}{SETTINGS}{calendars}<Tasks>{tasks}</Tasks>{more}</Project>".encode()


def after(uid: int, kind: int = 1, lag: int = 0, form: int = 7) -> str:
    return (
        f"<PredecessorLink><PredecessorUID>{uid}</PredecessorUID><Type>{kind}</Type>"
        f"<LinkLag>{lag}</LinkLag><LagFormat>{form}</LagFormat></PredecessorLink>"
    )


DAY, PLACE = b"<MinutesPerDay>480<", "Project, MinutesPerDay"


def test_tasks_links_and_constraints() -> None:
    more = (
        after(1, 3, 4800)
        + "<ConstraintType>4</ConstraintType><ConstraintDate>2026-01-08T08:00:00</ConstraintDate>"
    )
    found = read_bytes(
        file(task(1) + task(2, 16, more) + task(3, 0, after(2, 0, 50, 19) + after(1, 2, 600, 6)))
    )
    plan = found.plan
    assert (found.format, found.profile) == ("mspdi", "msproject")
    assert [row.kind for row in plan.activities] == [Kind.TASK, Kind.TASK, Kind.FINISH_MILESTONE]
    assert plan.activities[1].constraint == Constraint.START_NOT_BEFORE
    assert [(link.type, link.lag, link.unit) for link in plan.links] == [
        (LinkType.SS, 480, LagUnit.WORK),
        (LinkType.FF, 5000, LagUnit.PERCENT),
        (LinkType.SF, 60, LagUnit.ELAPSED),
    ]
    assert str(moment(schedule(plan, profile="msproject").rows["2"].finish)) == "2026-01-09 17:00:00"


def test_outline_gives_summaries_their_parts() -> None:
    tasks = (
        "<Task><UID>0</UID><OutlineLevel>0</OutlineLevel><Summary>1</Summary></Task>"
        + task(1).replace("<Type>1", "<Summary>1</Summary><Type>1")
        + task(2).replace("<OutlineLevel>1", "<OutlineLevel>2")
        + task(3)
    )
    plan = read_bytes(file(tasks)).plan
    assert [(row.id, row.parent) for row in plan.activities] == [("1", ""), ("2", "1"), ("3", "")]


def test_elapsed_durations_run_by_the_clock() -> None:
    plan = read_bytes(file(task(1, 72).replace("Format>7", "Format>8"))).plan
    assert str(moment(schedule(plan, profile="msproject").finish)) == "2026-01-08 08:00:00"


def test_resources_decide_the_duration_of_what_is_not_fixed() -> None:
    more = (
        "<Resources><Resource><UID>1</UID><Type>1</Type><CalendarUID>1</CalendarUID></Resource></Resources>"
        "<Assignments><Assignment><TaskUID>1</TaskUID><ResourceUID>1</ResourceUID><Units>0.5</Units>"
        "<Work>PT16H0M0S</Work></Assignment></Assignments>"
    )
    plan = read_bytes(file(task(1, 32).replace("<Type>1", "<Type>0"), more=more)).plan
    assert plan.activities[0].parts[0].minutes == 32 * 60


def test_calendars_inherit_and_have_exceptions_of_every_rule() -> None:
    def exception(kind: int, first: str, last: str, more: str = "") -> str:
        return (
            f"<Exception><TimePeriod><FromDate>{first}T00:00:00</FromDate><ToDate>{last}T23:59:00</ToDate>"
            f"</TimePeriod><Type>{kind}</Type>{more}<DayWorking>0</DayWorking></Exception>"
        )

    saturday = (
        "<WeekDays><WeekDay><DayType>7</DayType><DayWorking>1</DayWorking><WorkingTimes><WorkingTime>"
        "<FromTime>08:00:00</FromTime><ToTime>00:00:00</ToTime></WorkingTime></WorkingTimes></WeekDay></WeekDays>"
    )
    rules = (
        exception(1, "2026-01-01", "2026-01-02")
        + exception(7, "2026-02-01", "2026-02-10", "<Period>3</Period>")
        + exception(6, "2026-03-01", "2026-03-31", "<Period>2</Period><DaysOfWeek>2</DaysOfWeek>")
        + exception(4, "2026-04-01", "2026-06-30", "<Period>1</Period><MonthDay>15</MonthDay>")
        + exception(
            5,
            "2026-07-01",
            "2026-08-31",
            "<Period>1</Period><MonthItem>4</MonthItem><MonthPosition>4</MonthPosition>",
        )
        + exception(2, "2026-01-01", "2028-12-31", "<Month>11</Month><MonthDay>16</MonthDay>")
        + exception(
            3,
            "2026-01-01",
            "2027-12-31",
            "<Month>8</Month><MonthItem>3</MonthItem><MonthPosition>0</MonthPosition>",
        )
    )
    calendars = (
        f"<Calendars><Calendar><UID>1</UID>{saturday}</Calendar>"
        f"<Calendar><UID>2</UID><BaseCalendarUID>1</BaseCalendarUID><Exceptions>{rules}</Exceptions></Calendar></Calendars>"
    )
    spec = read_bytes(file(task(1), calendars)).plan.calendars["2"]
    days = [f"{moment(day * 1440):%Y-%m-%d}" for day in sorted(spec.exceptions)]
    assert spec.week[5] == ((480, 1440),)
    assert days == [
        "2026-01-01", "2026-01-02",
        "2026-02-01", "2026-02-04", "2026-02-07", "2026-02-10",
        "2026-03-02", "2026-03-16", "2026-03-30",
        "2026-04-15", "2026-05-15", "2026-06-15",
        "2026-07-27", "2026-08-31",
        "2026-09-06", "2026-12-16", "2027-09-05", "2027-12-16", "2028-12-16",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "code", "where"),
    [
        (b"<Project><Tasks>", "broken_xml", "line 1, column 16"),
        (b"<html></html>", "not_mspdi", "html"),
        (file(task(1)).replace(DAY, b"<MinutesPerDay>0<"), "number_out_of_range", PLACE),
        (
            file(task(1)).replace(DAY, b"<MinutesPerDay>-480<"),
            "number_out_of_range",
            PLACE,
        ),
        (b"<Project></Project>", "project_without_start", "Project, StartDate"),
        (file(task(1, more=after(9))), "link_to_nothing", "row 1, Task UID 1 (T1), PredecessorLink"),
        (
            file(task(1) + task(2, more=after(1, 7))),
            "link_type_unknown",
            "row 2, Task UID 2 (T2), PredecessorLink, Type",
        ),
        (
            file(task(1).replace("PT8H0M0S", "-PT8H0M0S")),
            "duration_negative",
            "row 1, Task UID 1 (T1), Duration",
        ),
        (file(task(1).replace("PT8H0M0S", "eight")), "bad_duration", "row 1, Task UID 1 (T1), Duration"),
        (file(task(1, more="<Deadline>tomorrow</Deadline>")), "bad_date", "row 1, Task UID 1 (T1), Deadline"),
        (
            file(task(1, more="<ConstraintType>x</ConstraintType>")),
            "bad_number",
            "row 1, Task UID 1 (T1), ConstraintType",
        ),
    ],
)
def test_what_is_wrong_is_named(data: bytes, code: str, where: str) -> None:
    with pytest.raises(ScheduleFileError) as caught:
        read_bytes(data)
    assert (caught.value.code, caught.value.where) == (code, where)


@pytest.mark.parametrize(
    "attack",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]><Project>&x;</Project>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><Project/>',
        '<!DOCTYPE l [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]><Project>&b;</Project>',
    ],
)
def test_hostile_xml_is_not_read(attack: str) -> None:
    with pytest.raises(ScheduleFileError) as caught:
        read_bytes(attack.encode())
    assert caught.value.code == "hostile_xml"


def test_a_plan_written_and_read_again_has_the_same_dates() -> None:
    links = (
        after(1, 3, 4800)
        + "<ConstraintType>4</ConstraintType><ConstraintDate>2026-01-08T08:00:00</ConstraintDate>"
    )
    first = read_bytes(file(task(1) + task(2, 16, links) + task(3, 0, after(2)))).plan
    dates = schedule(first, profile="msproject")
    losses = Losses()
    again = read_bytes(mspdi_of(first, dates, losses)).plan
    second = schedule(again, profile="msproject")
    assert [(row.start, row.finish) for row in dates.rows.values()] == [
        (row.start, row.finish) for row in second.rows.values()
    ]
    assert list(losses) == []


def test_tenths_of_a_minute_are_read_followed_and_written() -> None:
    third = task(3, 1, after(2, lag=4)).replace("PT1H0M0S", "PT1H0M36S")
    more = "<ConstraintType>4</ConstraintType><ConstraintDate>2026-01-05T08:00:54</ConstraintDate>"
    first = task(1, 1, more).replace("PT1H0M0S", "PT1H0M24S")
    plan = read_bytes(file(first + task(2, 1, after(1)) + third)).plan
    assert plan.activities[0].tenths == (("minutes", 4), ("remaining", 4), ("constraint_at", 9))
    assert (plan.activities[2].minutes, plan.activities[2].tenths) == (
        61,
        (("minutes", -4), ("remaining", -4)),
    )
    assert (plan.links[1].lag, plan.links[1].lag_tenths) == (0, 4)
    dates = schedule(plan, profile="msproject")
    ends = [str(moment(row.finish))[11:16] for row in dates.rows.values()]
    assert ends == ["09:01", "10:01", "11:02"]  # 09:01:18, 10:01:18, 11:02:18
    losses = Losses()
    again = read_bytes(mspdi_of(plan, dates, losses)).plan
    assert [(row.minutes, row.tenths) for row in again.activities] == [
        (row.minutes, row.tenths) for row in plan.activities
    ]
    assert [(row.lag, row.lag_tenths) for row in again.links] == [
        (row.lag, row.lag_tenths) for row in plan.links
    ]
    begun = (
        "<ActualStart>2026-01-05T08:00:30</ActualStart><Manual>1</Manual><Start>2026-01-05T08:00:30</Start>"
    )
    own = begun + "<Finish>2026-01-05T09:00:06</Finish><LevelingDelay>13</LevelingDelay>"
    (row,) = read_bytes(file(task(1, 1, own))).plan.activities
    assert row.tenths == (
        ("actual_start", 5), ("manual_start", 5), ("manual_finish", 1), ("levelling_delay", 3),
    )  # fmt: skip


def test_a_project_without_a_calendar_has_the_standard_one() -> None:
    named = "<CalendarUID>1</CalendarUID>"
    found = read_bytes(file(task(1)).replace(named.encode(), b""))
    assert found.plan.calendar == "1"
    found = read_bytes(file(task(1), "").replace(named.encode(), b"<CalendarUID>9</CalendarUID>"))
    assert found.plan.calendars[found.plan.calendar].name == "Standard"
    assert ("calendar_unknown", "Project") in {(loss.code, loss.where) for loss in found.losses}


def test_what_another_file_schedules_keeps_its_dates() -> None:
    when = "<Start>2026-02-02T08:00:00</Start><Finish>2026-02-06T17:00:00</Finish>"
    tasks = (
        task(1, 8, f"<ExternalTask>1</ExternalTask>{when}")
        + task(2, 8, after(1))
        + task(3, 40, f"<Summary>1</Summary><IsSubproject>1</IsSubproject>{when}")
        + task(4, 8, after(3))
    )
    plan = read_bytes(file(tasks)).plan
    rows = schedule(plan, profile="msproject").rows
    assert [str(moment(rows[uid].start))[:10] for uid in "1234"] == ["2026-02-02", "2026-02-09"] * 2


def test_a_project_scheduled_from_its_finish() -> None:
    late = "<ConstraintType>1</ConstraintType>"
    ends = "<ScheduleFromStart>0</ScheduleFromStart><FinishDate>2026-01-09T17:00:00</FinishDate>"
    data = file(task(1, 8, late) + task(2, 16, late + after(1))).replace(
        b"<Tasks>", f"{ends}<Tasks>".encode()
    )
    found = schedule(read_bytes(data).plan, profile="msproject")
    assert str(moment(found.rows["2"].finish)) == "2026-01-09 17:00:00"
    assert str(moment(found.rows["1"].start)) == "2026-01-07 08:00:00"


def test_manual_tasks_whose_dates_are_words() -> None:
    fixed = "<Manual>1</Manual><Start>2026-01-05T08:00:00</Start><Finish>2026-01-05T17:00:00</Finish>"
    plan = read_bytes(file(task(1, 8, fixed) + task(2, 8, fixed + "<StartText>soon</StartText>"))).plan
    assert [row.undated for row in plan.activities] == [False, True]


def test_the_file_says_whether_constraints_win_over_links() -> None:
    held = "<ConstraintType>2</ConstraintType><ConstraintDate>2026-01-05T08:00:00</ConstraintDate>"
    tasks = task(1, 16) + task(2, 8, after(1) + held)
    starts = []
    for says in ("", "<HonorConstraints>1</HonorConstraints>", "<HonorConstraints>0</HonorConstraints>"):
        plan = read_bytes(file(tasks, more=says)).plan
        found = schedule(plan, profile="msproject")
        again = read_bytes(mspdi_of(plan, found, losses := Losses())).plan
        assert (again.options, list(losses)) == (plan.options, [])
        starts.append(f"{moment(found.rows['2'].start):%d %H:%M}")
    assert starts == ["05 08:00", "05 08:00", "07 08:00"]


def test_a_share_by_the_clock_passes_by_the_clock_and_is_told() -> None:
    found = read_bytes(file(task(1, 16) + task(2, 8, after(1, lag=50, form=20))))
    assert [(row.code, row.where, row.value) for row in found.losses] == [
        ("share_by_the_clock", "1 -> 2", "50")
    ]
    assert (found.plan.links[0].lag, found.plan.links[0].unit) == (480, LagUnit.ELAPSED)
    assert not read_bytes(file(task(1, 16) + task(2, 8, after(1, lag=50, form=19)))).losses


@pytest.mark.parametrize(
    "root",
    [
        "<Project>{}</Project>",
        '<Project xmlns="http://schemas.microsoft.com/project/2007">{}</Project>',
        '<p:Project xmlns:p="http://schemas.microsoft.com/project" xmlns="http://schemas.microsoft.com/project">{}</p:Project>',
    ],
)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_namespaces_and_marks_that_other_programs_write(root: str, mark: bytes) -> None:
    found = read_bytes(mark + root.format(f"{SETTINGS}{CALENDAR}<Tasks>{task(1)}</Tasks>").encode())
    assert [row.name for row in found.plan.activities] == ["T1"]


def test_a_project_of_another_program_is_none() -> None:
    with pytest.raises(ScheduleFileError) as caught:
        read_bytes(b'<Project xmlns="http://example.org/other"><Tasks/></Project>')
    assert caught.value.code == "not_mspdi"


def test_xml_of_primavera_is_told_from_others() -> None:
    space = "http://xmlns.oracle.com/Primavera/P6/V8.4/API/BusinessObjects"
    with pytest.raises(ScheduleFileError) as caught:
        read_bytes(f'<APIBusinessObjects xmlns="{space}"/>'.encode())
    assert caught.value.code == "primavera_xml"


def test_a_constraint_of_no_known_kind_is_told() -> None:
    more = "<ConstraintType>44</ConstraintType><ConstraintDate>2026-02-02T08:00:00</ConstraintDate>"
    found = read_bytes(file(task(1, more=more)))
    assert found.plan.activities[0].constraint == Constraint.ASAP
    assert [(row.code, row.where, row.value) for row in found.losses] == [("constraint_unknown", "1", "44")]


def back(tasks: str, settings: str = "<FinishDate>2026-01-16T17:00:00</FinishDate>") -> bytes:
    made = (
        file(tasks)
        .decode()
        .replace(SETTINGS, f"{SETTINGS}<ScheduleFromStart>0</ScheduleFromStart>{settings}")
    )
    return made.replace("<StartDate>2026-01-05T08:00:00</StartDate>", "").encode()


def test_a_plan_from_its_finish_is_counted_back_from_it_and_survives_being_written() -> None:
    read = read_bytes(
        back(task(1) + task(2, 16, after(1)) + task(3, 8, "<ConstraintType>0</ConstraintType>"))
    )
    assert [row.constraint for row in read.plan.activities] == [
        Constraint.ALAP,
        Constraint.ALAP,
        Constraint.ASAP,
    ]
    found = schedule(read.plan, profile="msproject")
    starts = {name: str(moment(row.start)) for name, row in found.rows.items()}
    assert starts == {"1": "2026-01-14 08:00:00", "2": "2026-01-15 08:00:00", "3": "2026-01-14 08:00:00"}
    losses = Losses()
    again = read_bytes(mspdi_of(read.plan, found, losses)).plan
    assert (again.must_finish, again.options["from_finish"]) == (read.plan.must_finish, True)
    assert schedule(again, profile="msproject").rows == found.rows
    assert not {"must_finish", "option"} & {row.code for row in losses}


def test_a_plan_from_its_finish_without_one_is_refused() -> None:
    with pytest.raises(ScheduleFileError, match="project_without_finish"):
        read_bytes(back(task(1), ""))


def test_with_several_critical_paths_what_nothing_follows_has_no_float() -> None:
    made = file(task(1, 40) + task(2) + task(3, 8, after(2)))
    made = made.replace(b"<CalendarUID>1", b"<MultipleCriticalPaths>1</MultipleCriticalPaths><CalendarUID>1")
    plan = read_bytes(made).plan
    rows = schedule(plan, profile="msproject").rows
    assert [rows[name].critical for name in "123"] == [True, True, True]
    assert (
        read_bytes(mspdi_of(plan, schedule(plan, profile="msproject"), Losses())).plan.options == plan.options
    )


def test_a_duration_of_months_is_no_working_time() -> None:
    with pytest.raises(ScheduleFileError, match="bad_duration"):
        read_bytes(file(task(1).replace("PT8H0M0S", "P1M")))


def test_no_in_words_is_no() -> None:
    plan = read_bytes(file(task(1, 8, "<Active>false</Active>"))).plan
    assert not plan.activities[0].active


def test_a_summary_is_told_by_the_outline_whether_or_not_the_file_calls_it_one() -> None:
    tasks = task(1) + task(2).replace("<OutlineLevel>1", "<OutlineLevel>2") + task(3)
    rows = read_bytes(file(tasks)).plan.activities
    assert [(row.kind, row.parent) for row in rows] == [(Kind.SUMMARY, ""), (Kind.TASK, "1"), (Kind.TASK, "")]


def week(day: str) -> str:
    days = "".join(f"<WeekDay><DayType>{number}</DayType>{day}</WeekDay>" for number in range(2, 7))
    off = "".join(
        f"<WeekDay><DayType>{number}</DayType><DayWorking>0</DayWorking></WeekDay>" for number in (1, 7)
    )
    return CALENDAR.replace("</Calendar><", f"<WeekDays>{days}{off}</WeekDays></Calendar><")


def test_a_night_shift_in_one_piece_is_cut_at_midnight_and_told() -> None:
    times = "<WorkingTimes><WorkingTime><FromTime>22:00:00</FromTime><ToTime>06:00:00</ToTime></WorkingTime>"
    read = read_bytes(file(task(1, 16), week(f"<DayWorking>1</DayWorking>{times}</WorkingTimes>")))
    row = schedule(read.plan, profile="msproject").rows["1"]
    assert [str(moment(at)) for at in (row.start, row.finish)] == [
        "2026-01-05 22:00:00",
        "2026-01-07 06:00:00",
    ]
    assert {(loss.code, loss.value) for loss in read.losses} == {("shift_over_midnight", "22:00-06:00")}


def test_a_working_day_without_hours_has_the_usual_ones_and_a_wrong_hour_is_named() -> None:
    plan = read_bytes(file(task(1), week("<DayWorking>1</DayWorking>"))).plan
    assert plan.calendars["1"].week[0] == ((480, 720), (780, 1020))
    times = "<WorkingTime><FromTime>08:00</FromTime><ToTime>25:00</ToTime></WorkingTime>"
    with pytest.raises(
        ScheduleFileError, match="bad_shift at calendar UID 1 .Standard., working times of WeekDay 2"
    ):
        read_bytes(file(task(1), week(f"<DayWorking>1</DayWorking><WorkingTimes>{times}</WorkingTimes>")))


@pytest.mark.parametrize(
    ("said", "finish"),
    [
        (
            "<ManualStart>2026-01-07T08:00:00</ManualStart><ManualFinish>2026-01-08T12:00:00</ManualFinish>",
            "08 12:00",
        ),
        ("<ManualStart>2026-01-07T08:00:00</ManualStart>", "07 17:00"),
        ("<Start>2026-01-07T08:00:00</Start>", "07 17:00"),
    ],
)
def test_a_manual_task_keeps_the_dates_the_file_gives_it(said: str, finish: str) -> None:
    plan = read_bytes(file(task(1, 8, f"<Manual>1</Manual>{said}") + task(2, 8, after(1)))).plan
    rows = schedule(plan, profile="msproject").rows
    assert f"{moment(rows['1'].start):%d %H:%M}" == "07 08:00"
    assert f"{moment(rows['1'].finish):%d %H:%M}" == finish


def test_what_is_wrong_with_a_link_or_a_calendar_names_its_task_and_its_calendar() -> None:
    for more, where in (
        (after(9), r"link_to_nothing at row 2, Task UID 2 \(T2\), PredecessorLink"),
        (
            after(1).replace("<Type>1", "<Type>9"),
            r"link_type_unknown at row 2, Task UID 2 \(T2\), PredecessorLink, Type",
        ),
        (
            after(1).replace("<LinkLag>0", "<LinkLag>x"),
            r"bad_number at row 2, Task UID 2 \(T2\), PredecessorLink, LinkLag",
        ),
        (
            after(1).replace("<LinkLag>0", "<LinkLag>1e15"),
            r"too_long at row 2, Task UID 2 \(T2\), PredecessorLink, LinkLag",
        ),
    ):
        with pytest.raises(ScheduleFileError, match=where):
            read_bytes(file(task(1) + task(2, 8, more)))
    exception = "<Exceptions><Exception><Type>1</Type></Exception></Exceptions>"
    with pytest.raises(ScheduleFileError, match=r"exception_without_dates at calendar UID 1 \(Standard\)"):
        read_bytes(file(task(1), CALENDAR.replace("</Calendar><", f"{exception}</Calendar><")))


@pytest.mark.parametrize(
    ("before", "form", "start"),
    [
        (task(1, 40), 19, "2026-01-14 13:00:00"),  # two and a half days of work
        (task(1, 32), 20, "2026-01-09 09:00:00"),  # sixteen hours of the clock from Thursday 17:00 on
        (
            task(1, 48).replace("Format>7", "Format>8"),
            19,
            "2026-01-08 08:00:00",
        ),  # half of two days by the clock
    ],
)
def test_a_lag_that_is_a_share(before: str, form: int, start: str) -> None:
    plan = read_bytes(file(before + task(2, 8, after(1, 1, 50, form)))).plan
    found = schedule(plan, profile="msproject").rows["2"].start
    assert str(moment(found)) == start


def test_a_calendar_without_a_uid_has_a_name_of_its_own_and_is_no_base_of_others() -> None:
    days = "".join(
        f"<WeekDay><DayType>{day}</DayType><DayWorking>0</DayWorking></WeekDay>" for day in range(2, 6)
    )
    nameless = f"<Calendar><Name>Bare</Name><WeekDays>{days}</WeekDays></Calendar>"
    read = read_bytes(file(task(1), CALENDAR.replace("</Calendars>", f"{nameless}</Calendars>")))
    assert [key for key in read.plan.calendars if key != "24h"] == ["1", "calendar 2"]
    assert all(read.plan.calendars["1"].week[:5])
    assert read_bytes(json_of(read.risk).encode()).plan == read.plan


def test_a_plan_that_ends_in_another_age_is_written_and_read_again() -> None:
    late = file(task(1, 40)).replace(b"2026-01-05", b"2299-12-30")
    first = read_bytes(late).plan
    dates = schedule(first, profile="msproject")
    again = read_bytes(mspdi_of(first, dates, Losses())).plan
    assert schedule(again, profile="msproject").finish == dates.finish
