"""What a page of a class says of its interval is what the engine computes."""

import datetime as dt

import pytest
from django.utils.translation import override

from torap.engines.reference.curve import CONFIDENCE
from torap.runs.selectors import ClassLine
from torap.web.scores.classes import curve_chart

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
