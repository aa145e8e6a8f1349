"""What a page of a class says of its interval is what the engine computes."""

import dataclasses
import datetime as dt

import pytest
from django.utils.translation import override

from torap.engines.reference.curve import CONFIDENCE
from torap.runs.selectors import ClassLine
from torap.web.scores.classes import curve_chart, quantile_words, sentence

ONE = ClassLine(
    code="all", kind="milestone", type="", subject_kind="", parent="", n=1, events=0, censored=1, weight=1.0,
    measure="days", lead_days=0, kept_share=None, quantiles={}, extrapolated=(), curve=(), own_curve=(),
    invented=False, known_on=dt.date(2026, 1, 1),
)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_interval_is_called_by_the_level_of_the_engine(language):
    with override(language):
        chart = curve_chart(ONE, None)
    assert chart["level"] == round(CONFIDENCE * 100) == 80
    assert "80" in chart["labels"]["interval"]
    assert "95" not in chart["labels"]["interval"]


def of(**changes):
    return dataclasses.replace(ONE, **changes)


@pytest.mark.parametrize(
    ("days", "beyond", "words"),
    [
        (306.0, True, "at least 10 months later"),
        (306.0, False, "10 months later"),
        (0.2, True, "not before the day"),
        (-31.0, True, "at most 31 days earlier"),
        (None, True, "beyond the horizon"),
    ],
)
def test_how_late_is_told_as_a_bound_beyond_what_was_seen(days, beyond, words):
    one = of(quantiles={0.5: days}, extrapolated=(0.5,) if beyond else ())
    assert quantile_words(one, 0.5) == words


def test_the_same_bound_is_not_told_twice():
    both = of(kept_share=0.28, quantiles={0.5: 306.0, 0.8: 306.0}, extrapolated=(0.5, 0.8))
    assert sentence(both).endswith("reached at least 10 months later; of four of five no more is known.")
    one = of(kept_share=0.28, quantiles={0.5: 100.0, 0.8: 306.0}, extrapolated=(0.8,))
    assert sentence(one).endswith("Half are reached 3 months later, four of five at least 10 months later.")
