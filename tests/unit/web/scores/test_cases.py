"""The cases of the back-test as a file, and plain words where figures flatter."""

from dataclasses import replace

import pytest

from torap.runs.selectors import CalibrationBin, ScoreRow, ScoreTable
from torap.web.scores import cases, plain_words

ROW = ScoreRow(
    group="all", n=65, nodes=30, reached=7, pinball={0.5: 134.0}, pinball_n=7, pinball_least={}, brier=0.265,
    brier_n=11, held=4, coverage=1.0, coverage_n=7,
)  # fmt: skip
CASE = {
    "key": "hub-open", "said": "2024-01-01", "promised": "2024-12-31", "class": "milestone.open", "n": 12,
    "events": 5, "holder": "min", "until": "2025-06-01", "done": True, "chance": 0.4,
    "quantiles": {"0.1": 100, "0.5": 400, "0.8": 600}, "held": False,
}  # fmt: skip


def table(**changes):
    return ScoreTable(
        whole=ROW, classes=(), holders=(), baselines=(), calibration=(), known_on=None, runs=1, run="b1",
        cases=(CASE | changes,),
    )  # fmt: skip


def row_of(**changes):
    return dict(zip(cases.CASES_HEADER, cases.case_rows(table(**changes))[0], strict=True))


def test_a_case_holds_all_that_its_figures_need():
    row = row_of()
    assert (row["p50"].isoformat(), row["p80"].isoformat()) == ("2025-02-04", "2025-08-23")
    assert row["p90"] is None
    assert row["p80_held"] is True
    assert row["squared_error"] == pytest.approx(0.16)
    assert row["run"] == "b1"


@pytest.mark.parametrize(
    ("changes", "held"),
    [
        ({"until": "2026-01-01"}, False),
        ({"done": False}, None),
        ({"done": False, "until": "2025-09-01"}, False),
        ({"bounds": ["0.8"]}, None),
        ({"quantiles": {}}, None),
    ],
)
def test_p80_is_judged_only_where_it_is_known(changes, held):
    assert row_of(**changes)["p80_held"] is held


def test_an_error_needs_a_chance_and_an_end():
    assert row_of(held=None)["squared_error"] is None
    assert row_of(chance=None)["squared_error"] is None


def test_the_marks_of_the_plot():
    bins = [
        CalibrationBin(low=0.0, high=0.2, said=0.1, came=0.25, n=4),
        CalibrationBin(low=0.2, high=0.4, said=None, came=None, n=0),
    ]
    rows = cases.point_rows("backtest", bins)
    assert [row[:6] for row in rows] == [["backtest", 0.0, 0.2, 0.1, 0.25, 4]]
    assert 0 < rows[0][6] < 0.25 < rows[0][7] < 1


@pytest.mark.parametrize(
    ("brier", "held", "words"),
    [
        (0.265, 4, "No better than tossing a coin, which gets 0.25."),
        (0.25, 4, "No better than tossing a coin"),
        (0.24, 4, "Better than a coin (0.25), no better than telling everybody"),
        (0.1, 4, "Better than a coin (0.25) and than telling everybody the share that held (0.23)."),
        (None, 0, ""),
    ],
)
def test_a_brier_score_in_plain_words(brier, held, words):
    found = plain_words.brier_words(replace(ROW, brier=brier, held=held))
    assert found.startswith(words)
    assert bool(found) is bool(words)


def test_coverage_says_that_it_flatters():
    assert "58 forecasts are not" in plain_words.leaning_words(ROW)
    assert plain_words.leaning_words(replace(ROW, n=7)) == ""
    assert plain_words.leaning_words(replace(ROW, coverage_n=0)) == ""


def test_different_numbers_of_cases_are_explained():
    assert "decided for 7" in plain_words.counts_words(ROW)
    assert "kept for 11" in plain_words.counts_words(ROW)
    assert plain_words.counts_words(replace(ROW, brier_n=7)) == ""
