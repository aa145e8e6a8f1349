"""The invented network: the same from the same seed, whole, and never later than its last day."""

import datetime as dt
import json
import re

import pytest

from torap.countries.invention.course import courses, sites
from torap.countries.invention.facts import facts_files
from torap.countries.invention.links import cross_links, givers
from torap.countries.invention.luck import Luck
from torap.countries.invention.schedules import schedule_files
from torap.countries.invention.shape import Size, load_shape
from torap.engines.errors import EngineInputError
from torap.engines.schedule.dates import schedule
from torap.engines.schedule.worktime import moment
from torap.intake.schedules.files import read_bytes

SMALL = load_shape(Size(projects=30, activities=12, links=100))


def rows(files, section):
    """All rows of a section over all files."""
    found = []
    for _name, content in files:
        inside = False
        for line in content.decode().splitlines():
            inside = line == f"{section}:" if not line.startswith(" ") else inside
            if inside and line.startswith("  - "):
                found.append(json.loads(line[4:]))
    return found


def test_luck_is_a_function_of_its_words():
    luck = Luck(7)
    assert luck.share("a", 1) == Luck(7).share("a", 1)
    assert len({luck.share("a", 1), luck.share("a", 2), Luck(8).share("a", 1)}) == 3
    assert {luck.whole(1, 3, "w", n) for n in range(60)} == {1, 2, 3}
    assert {luck.pick("ab", n) for n in range(40)} == {"a", "b"}
    assert all(2 <= luck.between(2, 5, n) <= 5 for n in range(40))
    shares = [luck.share("even", n) for n in range(2000)]
    assert 0.47 < sum(shares) / 2000 < 0.53
    assert sorted(luck.about(3.0, 0.5, n) for n in range(2001))[1000] == pytest.approx(3.0, rel=0.1)
    assert not luck.chance(0.0, "never")


@pytest.mark.parametrize(
    "size", [{"projects": 0}, {"projects": 5001}, {"activities": 4}, {"activities": 501}, {"links": -1}]
)
def test_size_names_its_limits(size):
    with pytest.raises(EngineInputError) as refused:
        Size(**size)
    assert (refused.value.code, refused.value.where) == ("size_out_of_range", next(iter(size)))
    assert refused.value.params["low"] in {0, 1, 5}


def test_the_same_seed_gives_the_same_files_and_another_others():
    again = load_shape(Size(projects=30, activities=12, links=100))
    assert facts_files(SMALL) == facts_files(again)
    assert list(schedule_files(SMALL, dict(givers(SMALL)))) == list(
        schedule_files(again, dict(givers(again)))
    )
    assert cross_links(SMALL) == cross_links(again)
    assert facts_files(SMALL) != facts_files(load_shape(Size(projects=30, seed=2)))


def test_every_file_says_that_it_is_invented_and_every_name_that_it_is_an_example():
    files = facts_files(SMALL)
    assert all("\ninvented: true\n" in content.decode() for _name, content in files)
    assert all(len(content) < 8_000_000 for _name, content in facts_files(load_shape(Size())))
    for section in ("projects", "places", "organisations", "programmes"):
        for row in rows(files, section):
            assert row["name"]["en"].startswith("Example "), row
            assert row["name"]["ru"].startswith("Пример "), row
            assert row["name"]["kk"].startswith("Мысал "), row
            assert row["code"].startswith("inv-")


def test_nothing_is_said_after_the_last_day():
    days = re.findall(
        rb'"(?:published|happened|given)": "(\d{4}-\d{2}-\d{2})"', b"".join(c for _n, c in facts_files(SMALL))
    )
    assert max(days).decode() <= SMALL.as_of.isoformat()
    assert SMALL.told(dt.date(2024, 2, 3)) == dt.date(2024, 2, 29)
    assert SMALL.told(SMALL.as_of) == SMALL.as_of


def test_promises_move_and_fall_short():
    goals = [goal for one in courses(SMALL) for goal in one.goals]
    moved = [goal for goal in goals if len(goal.promises) > 1]
    assert len(moved) > len(goals) / 3
    for goal in goals:
        said = [one.said for one in goal.promises]
        assert said == sorted(set(said))
        assert all(one.promised > one.said for one in goal.promises)
    late = [goal for goal in goals if goal.promises and goal.promises[0].promised < goal.reached]
    assert len(late) > len(goals) / 2
    assert set(sites(SMALL, courses(SMALL))) == {one.place for one in courses(SMALL)}


def test_money_comes_stage_after_stage():
    order = ["announced", "agreed", "committed", "disbursed", "realised"]
    by_project = {}
    for row in rows(facts_files(SMALL), "money"):
        by_project.setdefault(row["project"], []).append(row["stage"])
    assert all(stages == order[: len(stages)] for stages in by_project.values())
    assert {len(stages) for stages in by_project.values()} >= {3, 4, 5} or len(by_project) < 30
    assert "inv-0020" not in by_project


def test_links_run_forwards_and_none_stands_twice():
    links = cross_links(SMALL)
    assert len(links) == 100
    assert len({(link.before, link.after) for link in links}) == 100
    codes = {row["code"] for row in rows(facts_files(SMALL), "milestones")}
    for link in links:
        assert {link.before, link.after} <= codes
        if not link.before.startswith("inv-place"):
            assert link.before.rsplit("-", 1)[0] < link.after.rsplit("-", 1)[0]
    assert cross_links(load_shape(Size(projects=1, links=5)))[0].before.startswith("inv-place")


def test_schedules_can_be_read_and_end_where_they_should():
    files = list(schedule_files(SMALL, dict(givers(SMALL))))
    assert {row.body for row in files} <= {row["code"] for row in rows(facts_files(SMALL), "organisations")}
    reached = {one.goal("complete").code: one.goal("complete").reached for one in courses(SMALL)}
    for row in files:
        read = read_bytes(row.content, name=row.name)
        assert len(read.plan.activities) == 12
        assert not read.losses
        end = moment(schedule(read.plan, profile="torap").finish).date()
        if reached[row.milestone] < SMALL.as_of:
            assert end <= SMALL.as_of
        else:
            assert end > SMALL.as_of - dt.timedelta(days=5)
