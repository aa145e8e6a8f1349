"""The score in words: an interval that is right, and few cases never sold for many."""

from dataclasses import replace

import pytest

from torap.runs.selectors import CalibrationBin, ScoreRow
from torap.web.scores import classes, score
from unit.web.scores.test_cases import table

ROW = ScoreRow(
    group="all", n=65, nodes=30, reached=7, pinball={0.5: 134.0}, pinball_n=7, pinball_least={}, brier=0.265,
    brier_n=11, held=4, coverage=1.0, coverage_n=7,
)  # fmt: skip


def test_wilson_is_that_of_the_textbook():
    low, high = score.wilson(7, 7)
    assert low == pytest.approx(0.6457, abs=1e-4)
    assert high == pytest.approx(1.0)
    low, high = score.wilson(15, 50)
    assert (low, high) == (pytest.approx(0.1910, abs=1e-4), pytest.approx(0.4375, abs=1e-4))
    assert score.wilson(0, 0) == (0.0, 1.0)


def test_few_cases_are_called_few():
    assert "So few cases prove little" in score.smallness(ROW)
    assert "65\N{NO-BREAK SPACE}%" in score.smallness(ROW)
    assert "P80 held in 100\N{NO-BREAK SPACE}% of the 7 cases" in score.coverage_words(ROW)


def test_calibration_leaves_out_what_is_empty():
    bins = [
        CalibrationBin(low=0.0, high=0.2, said=0.1, came=0.0, n=4),
        CalibrationBin(low=0.2, high=0.4, said=None, came=None, n=0),
    ]
    chart = score.calibration_chart(bins, live=False)
    assert [point["n"] for point in chart["points"]] == [4]
    assert chart["points"][0]["low"] == 0.0


def test_nothing_judged_is_said():
    assert score.headline(None, None) == "No forecast has been judged yet"


def test_the_heading_is_short_and_the_sentence_says_what_it_means():
    whole = replace(table(), whole=replace(ROW, brier=None, brier_n=0))
    assert (
        score.headline(whole, None)
        == score.headline(None, whole)
        == "P80 held in 100\N{NO-BREAK SPACE}%, n = 7"
    )
    early = replace(whole, whole=replace(whole.whole, coverage=None, coverage_n=0, early=0.25, early_n=8))
    assert score.headline(early, whole) == "Before the bound of P80: 25\N{NO-BREAK SPACE}%, n = 8"
    none = replace(whole, whole=replace(whole.whole, coverage=None, coverage_n=0))
    assert score.headline(none, whole) == "P80 held in 100\N{NO-BREAK SPACE}%, n = 7"


@pytest.mark.parametrize(
    ("days", "words"),
    [(None, "beyond the horizon"), (0.2, "on the day"), (400, "13 months later"), (-60, "2 months earlier")],
)
def test_how_much_later(days, words):
    assert classes.later_words(days) == words


def test_groups_without_any_figure_stand_in_one_line_beside_others():
    told = score.score_cells(ROW, "told")
    bare = replace(ROW, coverage=None, brier=None, pinball={})
    silent = [score.score_cells(replace(bare, n=n), f"silent {n}") for n in (3, 2)]
    assert not told["silent"]
    assert score.last_silent([told, *silent])["name"] == "silent 2"
    assert score.last_silent([told]) is None
    assert score.last_silent(silent) is None, "a table of nothing but them would be empty"
