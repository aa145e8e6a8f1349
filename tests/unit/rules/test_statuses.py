"""The three statuses: table tests, the histories of the field, and two properties that must never break."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torap.rules.statuses import (
    PROGRESS,
    VERIFIED_DONE,
    EvidenceFact,
    PromiseFact,
    ReportFact,
    SaidStatus,
    VerdictFact,
    evidence_status,
    find_conflicts,
    order_promises,
    said_status,
    standing,
    verdict_of,
)

DAY = dt.date(2025, 11, 26)
NOTHING = evidence_status([])


def d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def promise(said: str, latest: str, *, earliest: str | None = None, key: str = "", **more) -> PromiseFact:
    return PromiseFact(
        key=key or f"{said}>{latest}",
        said_from=d(said),
        said_to=d(said),
        latest=d(latest),
        earliest=d(earliest) if earliest else None,
        **more,
    )


def report(said: str, state: str, *, done: str | None = None, key: str = "") -> ReportFact:
    on = d(done) if done else None
    return ReportFact(
        key=key or f"{said}:{state}",
        state=state,
        said_from=d(said),
        said_to=d(said),
        done_from=on,
        done_to=on,
    )


def evidence(
    shows: str, *verdicts: tuple[bool, str], given_by: str = "builder", key: str = "e"
) -> EvidenceFact:
    start = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    found = tuple(
        VerdictFact(accepted=yes, organisation=body, at=start + dt.timedelta(days=n))
        for n, (yes, body) in enumerate(verdicts)
    )
    return EvidenceFact(key=key, shows_on=d(shows), given_by=given_by, verdicts=found)


ACCEPTED = evidence_status([evidence("2025-09-30", (True, "inspection"))])


# -- said --


def test_said_status_without_any_word() -> None:
    assert said_status([], DAY) == SaidStatus(code="no_word")


def test_said_status_is_the_newest_by_the_day_it_was_said() -> None:
    said = said_status([report("2025-07-01", "done"), report("2025-10-01", "under_way")], DAY)
    assert (said.code, said.said_on, said.done_on, said.age_days) == ("under_way", d("2025-10-01"), None, 56)


def test_said_status_of_one_day_takes_the_less_advanced() -> None:
    rows = [report("2025-10-01", "done"), report("2025-10-01", "part_done")]
    assert said_status(rows, DAY).code == said_status(rows[::-1], DAY).code == "part_done"


def test_said_done_without_a_day_is_dated_by_its_saying() -> None:
    assert said_status([report("2025-07-03", "done")], DAY).done_on == d("2025-07-03")


# -- evidence --


@pytest.mark.parametrize(
    ("verdicts", "given_by", "expected"),
    [
        ((), "builder", "offered"),
        (((True, "inspection"),), "builder", "accepted"),
        (((False, "inspection"),), "builder", "rejected"),
        (((True, "inspection"), (False, "audit")), "builder", "rejected"),
        (((False, "inspection"), (True, "audit")), "builder", "accepted"),
        (((True, "builder"),), "builder", "offered"),
        (((False, "inspection"), (True, "builder")), "builder", "rejected"),
        (((True, "inspection"),), "", "offered"),
    ],
)
def test_verdict_newest_of_another_body_counts(verdicts, given_by, expected) -> None:
    assert verdict_of(evidence("2025-09-30", *verdicts, given_by=given_by)) == expected


def test_evidence_status_counts_each_piece_and_takes_the_earliest_accepted_day() -> None:
    status = evidence_status(
        [
            evidence("2025-10-05", (True, "inspection")),
            evidence("2025-09-30", (True, "inspection")),
            evidence("2025-08-01"),
            evidence("2025-07-01", (False, "inspection")),
        ]
    )
    assert (status.code, status.accepted, status.offered, status.rejected) == ("accepted", 2, 1, 1)
    assert status.shown_on == d("2025-09-30")


def test_evidence_status_flags_a_file_used_twice() -> None:
    twice = replace(evidence("2025-09-30", key="a"), same_file_as=("b",))
    assert evidence_status([twice, evidence("2025-09-30", key="c")]).reused == ("a",)


def test_evidence_none_is_not_rejected() -> None:
    assert NOTHING.code == "none"
    assert evidence_status([evidence("2025-09-30", (False, "x"))]).code == "rejected"


# -- against the first promise --


@pytest.mark.parametrize(
    ("promises", "reports", "shown", "code", "days", "passed"),
    [
        ([("2024-01-01", "2025-12-31")], [], None, "on_first_promise", -35, False),
        ([("2024-01-01", "2025-12-31"), ("2025-01-01", "2026-12-31")], [], None, "moved", -35, False),
        ([("2024-01-01", "2026-12-31"), ("2025-01-01", "2026-06-30")], [], None, "earlier", -400, False),
        ([("2022-01-01", "2025-06-30"), ("2025-01-01", "2026-12-31")], [], None, "late", 149, False),
        ([("2022-01-01", "2025-06-30")], [], None, "late", 149, True),
        (
            [("2022-01-01", "2025-10-31")],
            [("2025-10-01", "done", "2025-09-30")],
            None,
            "done_said",
            -31,
            True,
        ),
        ([("2022-01-01", "2025-10-31")], [], "2025-09-30", "done_on_time", -31, False),
        (
            [("2022-01-01", "2025-06-30")],
            [("2025-10-01", "done", None)],
            "2025-09-30",
            "done_late",
            92,
            False,
        ),
        ([], [], None, "no_promise", None, False),
        ([], [("2025-10-01", "done", None)], None, "done_said", None, False),
        ([], [], "2025-09-30", "done_no_promise", None, False),
    ],
)
def test_schedule_against_the_first_promise(promises, reports, shown, code, days, passed) -> None:
    said = said_status([report(on, state, done=done) for on, state, done in reports], DAY)
    shown_by = ACCEPTED if shown else NOTHING
    found = standing([promise(said_on, latest) for said_on, latest in promises], said, shown_by, DAY)
    assert (found.schedule.code, found.schedule.days, found.passed) == (code, days, passed)


def test_promise_due_today_is_not_late() -> None:
    found = standing([promise("2024-01-01", "2025-11-26")], said_status([], DAY), NOTHING, DAY)
    assert (found.schedule.code, found.passed) == ("on_first_promise", False)


def test_said_done_never_takes_a_promise_off_the_late() -> None:
    said = said_status([report("2025-06-20", "done", done="2025-06-15")], DAY)
    found = standing([promise("2022-01-01", "2025-06-30")], said, NOTHING, DAY)
    assert found.passed
    assert found.schedule.code not in VERIFIED_DONE


def test_done_is_taken_back_by_a_later_promise() -> None:
    said = said_status([report("2023-10-02", "done", done="2023-09-29")], DAY)
    found = standing(
        [promise("2022-10-19", "2025-06-30"), promise("2024-01-01", "2030-12-31")], said, NOTHING, DAY
    )
    assert (found.schedule.code, found.slip_basis, found.slip_months) == ("late", "promise", 66)


def test_horizons_are_no_yardstick() -> None:
    rows = [
        promise("2022-09-01", "2025-12-31", yardstick=False),
        promise("2023-12-01", "2026-12-31"),
        promise("2025-11-25", "2030-12-31"),
    ]
    found = standing(rows, said_status([], DAY), NOTHING, DAY)
    assert found.first == rows[1]
    assert (found.slip_months, found.moves) == (48, 1)


@pytest.mark.parametrize(
    ("promises", "done", "months"),
    [
        (
            [("2015-09-04", "2017-12-31"), ("2024-09-01", "2028-08-31"), ("2025-11-12", "2028-12-31")],
            None,
            132,
        ),
        ([("2022-09-09", "2025-12-31"), ("2025-06-01", "2027-03-31")], None, 15),
        (
            [("2024-02-19", "2027-06-30"), ("2025-03-13", "2027-06-30"), ("2025-11-25", "2026-12-31")],
            None,
            -6,
        ),
        (
            [("2023-10-27", "2025-06-30"), ("2024-05-30", "2025-12-31"), ("2025-11-26", "2026-12-31")],
            None,
            18,
        ),
        ([("2025-10-30", "2030-12-31"), ("2025-12-09", "2027-12-31")], None, -36),
        ([("2024-02-20", "2024-08-31")], "2025-07-03", 11),
        ([("2022-11-01", "2025-12-31")], "2025-09-30", -3),
        ([("2024-07-13", "2024-12-31")], "2024-12-20", 0),
        ([("2023-06-13", "2023-12-31")], None, None),
    ],
)
def test_slip_of_known_histories(promises, done, months) -> None:
    said = said_status([report("2025-10-01", "done", done=done)] if done else [], DAY)
    found = standing([promise(on, latest) for on, latest in promises], said, NOTHING, dt.date(2025, 12, 31))
    assert found.slip_months == months
    assert found.slip_basis == ("" if months is None else "said_done" if done else "promise")


def test_moves_count_only_changes() -> None:
    rows = [
        promise("2024-02-19", "2027-06-30"),
        promise("2025-03-13", "2027-06-30"),
        promise("2025-11-25", "2026-12-31"),
    ]
    assert standing(rows, said_status([], DAY), NOTHING, DAY).moves == 1


def test_two_dates_of_one_day_are_a_conflict_and_no_move() -> None:
    rows = [
        promise("2025-11-25", "2026-06-30", earliest="2026-01-01", speaker="Minister A"),
        promise("2025-11-25", "2027-06-30", earliest="2027-01-01", speaker="Minister B"),
    ]
    found = standing(rows, said_status([], DAY), NOTHING, DAY)
    assert (found.moves, found.slip_months, found.current) == (0, None, rows[0])
    (conflict,) = find_conflicts(rows, [])
    assert (conflict.kind, conflict.members) == ("promise_conflict", (rows[0].key, rows[1].key))
    assert (conflict.low, conflict.high, conflict.days) == (d("2026-06-30"), d("2027-06-30"), 365)


# -- conflicts --


@pytest.mark.parametrize(
    ("second", "found"),
    [
        (promise("2025-09-15", "2028-12-31", earliest="2028-01-01", speaker="B"), True),
        (
            promise("2025-10-15", "2028-12-31", earliest="2028-01-01", speaker="B"),
            False,
        ),  # 76 days later: a change
        (
            promise("2025-09-15", "2028-12-31", earliest="2028-01-01", speaker=" a "),
            False,
        ),  # the same speaker
        (promise("2025-09-15", "2028-12-31", speaker="B"), True),  # "by 2028": its last year
        (promise("2025-09-15", "2028-12-31", earliest="2028-01-01", speaker="B", yardstick=False), False),
    ],
)
def test_promise_conflict_needs_two_speakers_sixty_days_and_no_overlap(second, found) -> None:
    first = promise("2025-07-31", "2027-12-31", earliest="2027-01-01", speaker="A")
    assert bool(find_conflicts([first, second], [])) is found


def test_status_conflict_when_done_is_taken_back() -> None:
    rows = [
        report("2023-10-02", "done"),
        report("2025-11-25", "under_way"),
        report("2022-10-01", "under_way"),
    ]
    (conflict,) = find_conflicts([], rows)
    assert (conflict.kind, conflict.members) == ("status_conflict", (rows[0].key, rows[1].key))


def test_status_conflict_when_a_day_is_promised_after_done() -> None:
    (conflict,) = find_conflicts([promise("2024-01-01", "2030-12-31")], [report("2023-10-02", "done")])
    assert conflict.kind == "status_conflict"


def test_no_status_conflict_when_work_was_reported_before() -> None:
    assert find_conflicts([], [report("2023-01-01", "under_way"), report("2023-10-02", "done")]) == ()


def test_done_date_conflict_of_two_openings() -> None:
    rows = [report("2023-10-02", "done", done="2023-09-29"), report("2025-04-30", "done", done="2025-04-28")]
    (conflict,) = find_conflicts([], rows)
    assert (conflict.kind, conflict.low, conflict.high) == (
        "done_date_conflict",
        d("2023-09-29"),
        d("2025-04-28"),
    )


def test_conflicts_that_hang_together_are_one() -> None:
    rows = [
        promise("2025-09-01", f"{year}-12-31", earliest=f"{year}-01-01", speaker=f"speaker {year}")
        for year in (2026, 2027, 2028)
    ]
    (conflict,) = find_conflicts(rows, [])
    assert len(conflict.members) == 3


# -- properties --

days = st.dates(d("2015-01-01"), d("2032-12-31"))


@st.composite
def promises_drawn(draw) -> PromiseFact:
    said = draw(st.sampled_from([d("2024-01-01"), d("2024-06-01"), d("2025-01-01")]))
    latest = draw(days)
    return PromiseFact(
        key=draw(st.text("abcdef", min_size=1, max_size=6)),
        said_from=said,
        said_to=said,
        latest=latest,
        earliest=draw(st.sampled_from([None, latest])),
        speaker=draw(st.sampled_from(["A", "B"])),
        yardstick=draw(st.booleans()),
    )


@st.composite
def reports_drawn(draw) -> ReportFact:
    said = draw(st.dates(d("2020-01-01"), DAY))
    return ReportFact(
        key=draw(st.text("ghijk", min_size=1, max_size=6)),
        state=draw(st.sampled_from(sorted(PROGRESS))),
        said_from=said,
        said_to=said,
    )


some_promises = st.lists(promises_drawn(), max_size=6, unique_by=lambda p: p.key)
some_reports = st.lists(reports_drawn(), max_size=5, unique_by=lambda r: r.key)
some_evidence = st.sampled_from([NOTHING, ACCEPTED, evidence_status([evidence("2025-01-01")])])


@given(some_promises, some_reports, some_evidence, st.dates(d("2020-01-01"), DAY))
def test_done_said_without_evidence_never_changes_what_is_done(promises, reports, shown, said_on) -> None:
    """One more "done", whatever came before, makes nothing done and takes nothing off what is overdue."""
    more = [*reports, ReportFact(key="zz", state="done", said_from=said_on, said_to=said_on)]
    before = standing(promises, said_status(reports, DAY), shown, DAY)
    after = standing(promises, said_status(more, DAY), shown, DAY)
    assert (before.schedule.code in VERIFIED_DONE) == (after.schedule.code in VERIFIED_DONE)
    assert before.passed == after.passed
    assert (before.first, before.current, before.moves) == (after.first, after.current, after.moves)
    if shown.code == "accepted":
        assert before.schedule == after.schedule


@given(some_promises, some_reports, some_evidence, st.data())
def test_order_of_storing_changes_nothing(promises, reports, shown, data) -> None:
    shuffled = data.draw(st.permutations(promises))
    mixed = data.draw(st.permutations(reports))
    said = said_status(reports, DAY)
    assert said == said_status(mixed, DAY)
    assert standing(promises, said, shown, DAY) == standing(shuffled, said, shown, DAY)
    assert order_promises(promises) == order_promises(shuffled)
    assert find_conflicts(promises, reports) == find_conflicts(shuffled, mixed)


def test_the_age_of_a_word_counts_from_its_earliest_day():
    report = ReportFact(key="r", state="under_way", said_from=d("2025-11-01"), said_to=d("2025-11-20"))
    found = said_status([report], DAY)
    assert (found.said_from, found.said_on, found.age_days) == (report.said_from, report.said_to, 25)
