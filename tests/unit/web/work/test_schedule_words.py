"""What is told of a schedule before it is attached."""

from django.utils import translation

from torap.engines.schedule.quality import Check
from torap.web.work.schedule_words import NAMED, check_words


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
