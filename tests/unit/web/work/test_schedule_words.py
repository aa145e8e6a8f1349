"""What is told of a schedule before it is attached."""

import pytest
from django.utils import translation

from torap.engines.errors import EngineInputError
from torap.engines.schedule.quality import Check
from torap.intake.schedules import ScheduleFileError
from torap.web.work import schedule_words
from torap.web.work.schedule_words import NAMED, check_words, place_words, refusal


def test_a_failed_check_names_its_activities_by_id_and_name():
    names = {"A10": "Dredging", "A20": ""}
    row = Check(
        code="logic", failed=3, of=4, value=0.75, limit=0.05, passed=False, names=("A10", "A20", "A10 → A20")
    )
    with translation.override("en"):
        told = check_words(row, names)
    assert told["names"] == "A10 Dredging; A20; A10 → A20"
    assert told["told"] == "3 of 4"


def test_a_failed_check_names_the_first_and_how_many_more():
    many = tuple(f"A{k}" for k in range(NAMED + 2))
    row = Check(code="logic", failed=10, of=10, value=1.0, limit=0.05, passed=False, names=many)
    with translation.override("en"):
        assert check_words(row, {})["names"].endswith("A7 and 2 more")


@pytest.fixture
def other_language(monkeypatch):
    """A language that writes the number first, so that what is not translated is seen."""
    monkeypatch.setattr(
        schedule_words, "PLACES", {one: f"%(number)s-{one[0].upper()}" for one in schedule_words.PLACES}
    )
    monkeypatch.setattr(schedule_words, "WHOLE", "P")
    monkeypatch.setattr(
        schedule_words, "ROWS", {one: f"%(name)s-{one[0].upper()}" for one in schedule_words.ROWS}
    )


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("row 2, activity B, duration", "2-R, B-A, duration"),
        (
            "2 (Wall, row 2) -> 1 (Pit, row 1) -> 2 (Wall, row 2)",
            "2 (Wall, 2-R) -> 1 (Pit, 1-R) -> 2 (Wall, 2-R)",
        ),
        ("row 1, calendar site, week", "1-R, site-C, week"),
        ("line 16, column 69", "16-L, 69-C"),
        ("plan.json, line 15", "plan.json, 15-L"),
        ("line 7, table TASK", "7-L, table TASK"),
        ("row 3, Task UID 3 (Pave row 2), Duration", "3-R, Task UID 3 (Pave row 2), Duration"),
        ("links[6], from", "links[6], from"),
        ("plan, start", "P, start"),
        ("plan.json, line 3", "plan.json, 3-L"),
    ],
)
def test_a_place_in_a_file_is_told_in_the_language_of_the_reader(other_language, where, told):
    assert place_words(where) == told


def test_a_refusal_tells_its_place_and_who_works_by_a_calendar_without_time(other_language):
    error = ScheduleFileError("broken_xml", where="line 16, column 69")
    assert refusal(error).startswith("16-L, 69-C: ")
    error = EngineInputError("no_working_time", where="site", activity="A (Pit, row 1)")
    assert refusal(error).endswith(" The activity A (Pit, 1-R) works by it.")
