"""Splits, contours, delays, overtime and shared calendars of Microsoft Project's assignments, by hand."""

from __future__ import annotations

import pytest

from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Activity
from torap.engines.schedule.worktime import moment
from torap.intake.schedules.files import read_bytes
from unit.intake.schedules.test_mspdi import CALENDAR, file, task

FLAT = (
    "<WorkingTimes><WorkingTime><FromTime>08:00:00</FromTime><ToTime>12:00:00</ToTime></WorkingTime>"
    "</WorkingTimes>"
)
MORNINGS = (
    CALENDAR.removesuffix("</Calendars>")
    + "<Calendar><UID>2</UID><Name>Mornings</Name><BaseCalendarUID>1</BaseCalendarUID><WeekDays>"
    + "".join(
        f"<WeekDay><DayType>{day}</DayType><DayWorking>1</DayWorking>{FLAT}</WeekDay>" for day in range(2, 7)
    )
    + "</WeekDays></Calendar>"
    + "<Calendar><UID>3</UID><Name>No Tuesdays</Name><BaseCalendarUID>1</BaseCalendarUID><WeekDays>"
    + "<WeekDay><DayType>3</DayType><DayWorking>0</DayWorking></WeekDay></WeekDays></Calendar></Calendars>"
)
NOBODY = "-65535"


def work_driven(uid: int, hours: int, more: str = "") -> str:
    """A task whose duration its resources decide."""
    return task(uid, hours, more).replace("<Type>1</Type>", "<Type>0</Type>")


def assigned(more: str, *, resource: str = "5", work: int = 16, units: str = "1") -> str:
    return (
        f"<Assignment><UID>1</UID><TaskUID>1</TaskUID><ResourceUID>{resource}</ResourceUID>"
        f"<Work>PT{work}H0M0S</Work><Units>{units}</Units>{more}</Assignment>"
    )


def period(day: int, hours: int, *, kind: int = 1, until: str = "") -> str:
    """Work of the day of January 2026, from eight to eight or `until`."""
    ends = f"2026-01-{day + 1:02}T08:00:00" if not until else f"2026-01-{day:02}T{until}:00"
    return (
        f"<TimephasedData><Type>{kind}</Type><UID>1</UID><Start>2026-01-{day:02}T08:00:00</Start>"
        f"<Finish>{ends}</Finish><Unit>2</Unit><Value>PT{hours}H0M0S</Value></TimephasedData>"
    )


def read(
    tasks: str, assignments: str, *, calendar: int = 1, calendars: str = MORNINGS
) -> tuple[Activity, str]:
    """The first task of a file, and when it ends."""
    who = f"<Resource><UID>5</UID><Type>1</Type><CalendarUID>{calendar}</CalendarUID></Resource>"
    resource = f"<Resources>{who}</Resources>"
    plan = read_bytes(file(tasks, calendars, f"{resource}<Assignments>{assignments}</Assignments>")).plan
    found = schedule(plan, profile="msproject")
    return plan.activities[0], f"{moment(found.rows['1'].finish):%d %H:%M}"


def test_a_split_moves_with_its_task() -> None:
    # Monday and Tuesday, two days of nothing, then Friday: three days of work over five.
    split = period(5, 8) + period(6, 8) + period(7, 0) + period(8, 0) + period(9, 8, until="17:00")
    row, ends = read(task(1, 24), assigned(split, resource=NOBODY, work=0))
    assert (row.minutes, row.parts[0].minutes, ends) == (3 * 480, 5 * 480, "09 17:00")
    held = "<ConstraintType>4</ConstraintType><ConstraintDate>2026-01-06T08:00:00</ConstraintDate>"
    assert read(task(1, 24, held), assigned(split, resource=NOBODY, work=0))[1] == "12 17:00"


def test_a_task_worked_through_has_no_parts_of_its_own() -> None:
    whole = period(5, 8) + period(6, 8, until="17:00")
    row, ends = read(task(1, 16), assigned(whole, resource=NOBODY, work=0))
    assert (row.parts, ends) == ((), "06 17:00")


@pytest.mark.parametrize(("contour", "days"), [(0, 3), (1, 5), (2, 5), (3, 6), (4, 6), (5, 6), (6, 6)])
def test_a_contour_without_periods_stretches_by_its_own_average(contour: int, days: int) -> None:
    row, _ = read(work_driven(1, 24), assigned(f"<WorkContour>{contour}</WorkContour>", work=24))
    assert row.parts[0].minutes == days * 480


def test_a_turtle_fills_seven_tenths() -> None:
    row, _ = read(work_driven(1, 20), assigned("<WorkContour>7</WorkContour>", work=14))
    assert row.parts[0].minutes == 20 * 60


def test_periods_tell_the_length_of_a_contour() -> None:
    shape = "<WorkContour>8</WorkContour>" + period(5, 2) + period(6, 8) + period(7, 6, until="12:00")
    row, ends = read(work_driven(1, 20), assigned(shape))
    assert (row.parts[0].minutes, ends) == (20 * 60, "07 12:00")


def test_work_done_and_work_left_are_told_apart() -> None:
    shape = period(5, 8, kind=2) + period(6, 8, until="17:00") + "<ActualWork>PT8H0M0S</ActualWork>"
    part = read(work_driven(1, 16), assigned(shape))[0].parts[0]
    assert (part.minutes, part.actual, part.remaining) == (960, 480, 480)


def test_overtime_takes_no_time() -> None:
    row, ends = read(work_driven(1, 8), assigned("<OvertimeWork>PT8H0M0S</OvertimeWork>"))
    assert (row.parts[0].minutes, ends) == (480, "05 17:00")


def test_a_minute_lost_to_units_is_found_in_the_duration() -> None:
    assert read(work_driven(1, 8), assigned("", work=3, units="0.3747"))[0].parts[0].minutes == 480


def test_a_resource_that_comes_later_begins_later() -> None:
    first = assigned(period(5, 8, until="17:00"), work=8)
    second = assigned(period(6, 8) + period(7, 8, until="17:00"))
    row, ends = read(work_driven(1, 24), first + second)
    assert [part.offset for part in row.parts] == [0, 480]
    assert ends == "07 17:00"


def test_work_put_off_behind_the_start_of_a_begun_task_ends_later() -> None:
    # Begun on Monday, but the resource only comes on Wednesday, for two days.
    begun = "<ActualStart>2026-01-05T08:00:00</ActualStart><ActualDuration>PT1H0M0S</ActualDuration>"
    late = assigned(period(7, 8) + period(8, 8, until="17:00"))
    row, ends = read(work_driven(1, 16, begun), late)
    assert (row.parts[0].offset, ends) == (2 * 480, "08 17:00")
    row, ends = read(work_driven(1, 16), late)
    assert (row.parts[0].offset, ends) == (0, "06 17:00")  # nothing has happened: the work moves with it
    # A first minute without work is no delay where the work lasts as long as the task.
    whole = assigned(
        period(5, 8).replace("T08:00:00</Start>", "T08:01:00</Start>") + period(6, 8, until="17:00")
    )
    assert read(work_driven(1, 16, begun), whole)[0].parts[0].offset == 0


def test_work_lies_where_task_and_resource_both_work() -> None:
    own = "<CalendarUID>3</CalendarUID>"
    row, ends = read(work_driven(1, 8, own), assigned("", work=8), calendar=2)
    assert (row.parts[0].calendar, ends) == ("3&2", "07 12:00")  # Monday and Wednesday morning
    ignored = own + "<IgnoreResourceCalendar>1</IgnoreResourceCalendar>"
    assert read(work_driven(1, 8, ignored), assigned("", work=8), calendar=2)[1] == "05 17:00"
    assert read(work_driven(1, 8), assigned("", work=8), calendar=2)[1] == "06 12:00"


def test_calendars_with_nothing_in_common_leave_the_task_its_own() -> None:
    nights = MORNINGS.replace("08:00:00", "18:00:00").replace("12:00:00", "22:00:00")
    own = "<CalendarUID>3</CalendarUID>"
    row, _ = read(work_driven(1, 8, own), assigned("", work=8), calendar=2, calendars=nights)
    assert row.parts[0].calendar == "3"


def test_no_units_is_no_work() -> None:
    assert read(work_driven(1, 8), assigned("", units="0"))[0].parts == ()


def test_amounts_of_material_are_no_time() -> None:
    much = assigned("<OvertimeWork>PT0H0M0S</OvertimeWork>", resource="6").replace("PT16H", "PT4948049H")
    row, ends = read(work_driven(1, 8), much)
    assert (row.parts, ends) == ((), "05 17:00")


def test_what_is_left_of_an_assignment_that_does_not_say_it() -> None:
    done = "<ActualWork>PT16H0M0S</ActualWork><ActualFinish>2026-01-06T17:00:00</ActualFinish>"
    row, _ = read(work_driven(1, 24), assigned(done) + assigned("", work=24))
    assert [(part.minutes, part.actual, part.remaining) for part in row.parts] == [
        (960, 960, 0),
        (1440, 0, 1440),
    ]
