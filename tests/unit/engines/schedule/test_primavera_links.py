"""What a link asks in Primavera's convention, by how far its ends have come; by hand, both directions."""

from __future__ import annotations

from typing import Any

import pytest

from torap.engines.schedule import primavera_links as links
from torap.engines.schedule.network import Network
from torap.engines.schedule.plan import Activity, Link
from torap.engines.schedule.primavera import passes
from torap.engines.schedule.profiles import Progress, profile_of
from unit.engines.schedule.cases import DAY, at, link, milestone, plan, task, text

DATA_DATE = at("2026-01-12 08:00")  # the second Monday
MONDAY, FRIDAY = at("2026-01-05 08:00"), at("2026-01-09 17:00")


def begun(name: str, days: float, done: float, start: int = MONDAY) -> Activity:
    return task(
        name, days, actual_start=start, actual=round(done * DAY), remaining=round((days - done) * DAY)
    )


def done(name: str, start: int = MONDAY, finish: int = FRIDAY) -> Activity:
    return task(name, 5, actual_start=start, actual_finish=finish, actual=5 * DAY, remaining=0)


def net(*rows: Activity, tie: Link, **options: Any) -> Network:
    made = plan(*rows, links=(tie,), data_date=DATA_DATE, options=options)
    found = Network(made, profile_of(made, "p6"))
    passes(found)
    return found


def asked(*rows: Activity, words: str, lag: int = 0, **options: Any) -> str:
    """The start a link asks of its successor."""
    tie = link(words, lag)
    found = net(*rows, tie=tie, **options)
    return text(links.pushed(found, found.activities[tie.successor], tie)[0])


@pytest.mark.parametrize(
    ("before", "words", "lag", "starts"),
    [
        (task("A", 2), "A FS B", 0, "2026-01-13 17:00"),
        (task("A", 2), "A FS B", DAY, "2026-01-14 17:00"),
        (task("A", 2), "A FS B", -5 * DAY, "2026-01-12 08:00"),  # a lead never reaches behind the data date
        (done("A"), "A FS B", 0, "2026-01-12 08:00"),
        (done("A"), "A FS B", DAY, "2026-01-12 17:00"),
        (done("A", finish=at("2026-01-08 17:00")), "A FS B", DAY, "2026-01-12 08:00"),  # it passed on Friday
        (begun("A", 5, 2), "A SS B", 3 * DAY, "2026-01-12 17:00"),  # two of three days are worked
        (begun("A", 5, 3), "A SS B", 3 * DAY, "2026-01-12 08:00"),
        (begun("A", 5, 0, at("2026-01-09 08:00")), "A SS B", 2 * DAY, "2026-01-12 08:00"),
        (done("A"), "A SS B", 8 * DAY, "2026-01-14 17:00"),  # from its actual start
        (task("A", 3), "A FF B", 0, "2026-01-14 08:00"),
        (done("A"), "A FF B", 2 * DAY, "2026-01-13 08:00"),
        # B takes a day before the finish that an SF link names; the data date holds it by itself.
        (task("A", 3), "A SF B", 2 * DAY, "2026-01-12 17:00"),
        (begun("A", 5, 2), "A SF B", 0, "2026-01-09 08:00"),
    ],
)
def test_what_a_link_asks_by_the_state_of_its_predecessor(
    before: Activity, words: str, lag: int, starts: str
) -> None:
    assert asked(before, task("B", 1), words=words, lag=lag) == starts


def test_a_lag_may_run_from_the_actual_start() -> None:
    begins = begun("A", 5, 1, at("2026-01-08 08:00"))
    assert asked(begins, task("B"), words="A SS B", lag=3 * DAY) == "2026-01-13 17:00"
    assert asked(begins, task("B"), words="A SS B", lag=3 * DAY, lag_from_actual=True) == "2026-01-12 17:00"


@pytest.mark.parametrize(
    ("words", "lag", "latest"),
    [
        ("A FS B", 0, "2026-01-14 08:00"),  # the same point of working time as Tuesday 17:00
        ("A FS B", DAY, "2026-01-13 08:00"),
        ("A FF B", 0, "2026-01-14 17:00"),
    ],
)
def test_what_a_link_leaves_of_late_dates(words: str, lag: int, latest: str) -> None:
    tie = link(words, lag)
    rows = task("A", 1), task("B", 1, deadline=at("2026-01-14 17:00"))
    found = net(*rows, tie=tie)
    found.dates["B"].late_start, found.dates["B"].late_finish = at("2026-01-14 08:00"), at("2026-01-14 17:00")
    assert text(links.pulled(found, found.activities["A"], tie)[1]) == latest


def test_under_override_only_finish_links_of_what_is_open_bind_back() -> None:
    def binds(words: str, later: Activity, rule: Progress) -> bool:
        tie = link(words)
        return links.binds_back(net(task("A", 2), later, tie=tie, progress=rule), tie)

    open_work, over = begun("B", 3, 1), done("B")
    assert not binds("A FS B", open_work, Progress.OVERRIDE)
    assert binds("A FF B", open_work, Progress.OVERRIDE)
    assert not binds("A FF B", over, Progress.OVERRIDE)
    assert binds("A FS B", task("B"), Progress.OVERRIDE)
    assert binds("A FS B", open_work, Progress.RETAINED_LOGIC)
    assert binds("A FS B", open_work, Progress.ACTUAL)
    assert not binds("A FF B", over, Progress.ACTUAL)
    assert binds("A FF B", over, Progress.RETAINED_LOGIC)


def test_what_has_nothing_left_is_complete_and_a_milestone_only_when_finished() -> None:
    assert links.complete(done("A"))
    assert links.complete(begun("A", 2, 2))
    assert not links.complete(begun("A", 2, 1))
    assert not links.complete(milestone("M"))


def test_two_ends_of_the_same_working_time() -> None:
    tie = link("A FS B")
    found = net(task("A"), task("B"), tie=tie)
    row = found.activities["A"]
    friday, monday = at("2026-01-09 17:00"), at("2026-01-12 08:00")
    assert links.same_finish(found, row, monday) == friday
    assert links.same_start(found, row, friday) == monday
    assert links.next_start(found, row, friday) == monday
    assert links.next_start(found, done("C"), friday) == friday  # what is done is not moved


def test_the_latest_start_that_takes_no_float_from_what_follows() -> None:
    def latest(words: str, lag: int = 0) -> str | None:
        tie = link(words, lag)
        found = net(task("A", 1), task("B", 2), tie=tie)
        found.dates["B"].early_start, found.dates["B"].early_finish = (
            at("2026-01-19 08:00"),
            at("2026-01-20 17:00"),
        )
        at_latest = links.latest_start_before(found, found.activities["A"], tie)
        return None if at_latest is None else text(at_latest)

    assert latest("A FS B") == "2026-01-16 08:00"
    assert latest("A FS B", 2 * DAY) == "2026-01-14 08:00"
    assert latest("A SS B") == "2026-01-19 08:00"
    assert latest("A FF B") == "2026-01-20 08:00"
    assert latest("A SF B") is None
