"""Levels of effort last as long as what they hang on, whichever side of the link they stand on."""

from __future__ import annotations

from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Activity, Kind
from unit.engines.schedule.cases import DAY, link, plan, task, text

EFFORT = Activity(id="L", kind=Kind.LEVEL_OF_EFFORT)


def test_from_the_start_of_one_to_the_finish_of_another() -> None:
    links = (link("A FS B"), link("A SS L"), link("B FF L"))
    row = schedule(plan(task("A", 2), task("B", 3), EFFORT, links=links)).rows["L"]
    assert (text(row.start), text(row.finish)) == ("2026-01-05 08:00", "2026-01-09 17:00")
    assert row.driver == "neighbours"


def test_links_out_of_it_count_backwards() -> None:
    links = (link("A FS B"), link("L SS A", DAY), link("L FF B", DAY))
    row = schedule(plan(task("A", 2), task("B", 3), EFFORT, links=links)).rows["L"]
    assert text(row.start) == "2026-01-05 08:00"  # a day before A, but not before the plan
    assert text(row.finish) == "2026-01-08 17:00"


def test_the_earliest_start_and_the_latest_finish_of_several() -> None:
    links = (link("A SS L"), link("B SS L"), link("A FF L"), link("B FF L"))
    late = task("B", 4, remaining=4 * DAY)
    row = schedule(plan(task("A", 1), late, EFFORT, links=links)).rows["L"]
    assert (text(row.early_start), text(row.early_finish)) == ("2026-01-05 08:00", "2026-01-08 17:00")


def test_without_links_it_stands_at_the_data_date_and_drives_nothing() -> None:
    found = schedule(plan(task("A", 2), EFFORT, links=(link("L FS A"),)))
    assert text(found.rows["A"].start) == "2026-01-05 08:00"
    alone = schedule(plan(task("A", 2), EFFORT)).rows["L"]
    assert alone.start == alone.finish
