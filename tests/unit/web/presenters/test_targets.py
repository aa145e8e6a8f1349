"""Targets that move, in words and in figures."""

import datetime as dt

from django.utils import translation

from torap.rules.known import AsKnown
from torap.runs.selectors import TargetLine, TargetShift
from torap.web.presenters import targets
from torap.web.presenters.targets import (
    CSV_HEADER,
    LIST_HEADER,
    csv_rows,
    target_shift_rows,
    targets_for,
)

KNOWN = AsKnown(dt.date(2026, 11, 28))


def line(expected, chance, code="hubs", kind="sum", **more):
    return TargetLine(
        code=code,
        kind=kind,
        subject="network",
        name="Hubs",
        unit="hubs",
        by=dt.date(2030, 12, 31),
        aim=5.0,
        expected=expected,
        half=2.0,
        chance=chance,
        named=5.0,
        **more,
    )


def test_a_row_tells_what_is_expected_before_and_after():
    counts = ("Hubs that are open", "Открытые хабы", "Ашық хабтар")
    shift = TargetShift(before=line(1.76, 0.2, counts=counts), after=line(1.51, 0.1, counts=counts))
    with translation.override("ru"):
        assert target_shift_rows([shift], KNOWN)[0]["counts"] == "Открытые хабы"
    with translation.override("en"):
        (row,) = target_shift_rows([shift], KNOWN)
    assert row["name"] == "Hubs"
    assert row["tone"] == "late"
    assert row["change"].startswith("\N{MINUS SIGN}0.25")
    assert row["chance"] == "20 % → 10 %"
    assert row["by"] == "31 Dec 2030"


def test_money_is_told_by_its_year_and_a_small_difference_is_not_nothing():
    rows = [
        TargetShift(
            before=line(0.1, 0.0, code="investment:2027", kind="investment"),
            after=line(0.10034, 0.0, code="investment:2027", kind="investment"),
        ),
        TargetShift(
            before=line(1.0, None, code="investment:sum", kind="investment"),
            after=line(1.2, None, code="investment:sum", kind="investment"),
        ),
    ]
    with translation.override("en"):
        year, whole = target_shift_rows(rows, KNOWN)
    assert year["name"] == "Hubs, 2030"
    assert year["change"] == "+0.00034"
    assert whole["name"] == "Hubs, sum by 2030"
    assert (year["tone"], whole["chance"]) == ("better", "")
    assert year["chance"] == "< 1 %, no change", "that no trial reached it does not say that nothing can"


def test_what_all_works_bring_is_said_once_at_the_sum(monkeypatch):
    lines = [line(1.0, 0.1, code=f"investment:{year}", kind="investment") for year in (2027, 2028)]
    told(monkeypatch, [*lines, line(2.0, 0.1, code="investment:sum", kind="investment"), line(1.0, 0.1)])
    found = [dict(zip(LIST_HEADER, row, strict=True)) for row in targets_for(KNOWN).csv]
    assert [row["with_every_work_named"] for row in found] == [None, None, 5.0, 5.0]


def test_a_download_has_a_column_for_each_figure():
    (row,) = csv_rows([TargetShift(before=line(1.0, 0.2), after=line(2.0, 0.3))])
    told = dict(zip(CSV_HEADER, row, strict=True))
    assert (told["expected_before"], told["expected_after"], told["chance_after"]) == (1.0, 2.0, 0.3)


def told(monkeypatch, lines, since=None):
    monkeypatch.setattr(targets, "target_list", lambda _known: tuple(lines))
    monkeypatch.setattr(targets, "target_shifts_since", lambda _known: since)


def test_a_target_is_told_with_its_forecast_and_its_shift(monkeypatch):
    now, before = line(1.51, 0.1, four=1.0), line(1.76, 0.2)
    told(monkeypatch, [now], (dt.date(2026, 10, 1), (TargetShift(before=before, after=now),)))
    with translation.override("en"):
        found = targets_for(KNOWN)
    (row,) = found.rows
    assert (found.since, row["expected"], row["half"], row["four"]) == ("1 Oct 2026", "1.51", "2", "1")
    assert (row["change"], row["tone"], row["chance"], row["named"]) == (
        "\N{MINUS SIGN}0.25",
        "late",
        "10 %",
        "5",
    )
    values = dict(zip(LIST_HEADER, found.csv[0], strict=True))
    assert (values["expected"], values["expected_before"], values["before_known_on"]) == (
        1.51, 1.76, dt.date(2026, 10, 1),
    )  # fmt: skip


def test_only_the_targets_asked_for_and_no_shift_without_an_older_run(monkeypatch):
    told(monkeypatch, [line(0.0, None), line(3.0, 0.5, code="other", kind="sum")])
    assert targets_for(KNOWN, {"elsewhere"}).rows == []
    with translation.override("en"):
        found = targets_for(KNOWN, {"network"})
    assert (found.since, found.rows[0]["change"], found.rows[0]["chance"]) == ("", "", "")
    assert found.csv[0][-1] is None


def test_a_target_that_stands_still_says_so(monkeypatch):
    one = line(1.5, 0.1)
    told(monkeypatch, [one], (dt.date(2026, 10, 1), (TargetShift(before=one, after=one),)))
    with translation.override("en"):
        (row,) = targets_for(KNOWN).rows
    assert (row["change"], row["tone"]) == ("no shift", "same")


def test_a_chance_counted_in_trials_is_told_as_the_page_of_the_goal_tells_it():
    with translation.override("en"):
        assert targets._target(line(0.1, 0.0), None, KNOWN)["chance"] == "< 1 %"
        assert targets._target(line(0.1, None), None, KNOWN)["chance"] == ""
        assert targets._target(line(0.1, 0.3), None, KNOWN)["chance"] == "30 %"


def test_what_all_named_works_bring_stands_at_the_sum_and_not_at_each_year():
    with translation.override("en"):
        year = targets._target(line(0.1, 0.0, code="investment:2027", kind="investment"), None, KNOWN)
        whole = targets._target(line(0.1, 0.0, code="investment:sum", kind="investment"), None, KNOWN)
    assert (year["named"], whole["named"]) == ("", "5")
