"""Every refusal names its row."""

import datetime as dt
import math

import numpy as np
import pytest

from torap.engines.errors import EngineInputError
from torap.engines.pipeline.checking import check
from torap.engines.pipeline.model import (
    Amount,
    Assumption,
    Goal,
    Length,
    Passage,
    RateClass,
    Settings,
    Stage,
    YearTarget,
)
from unit.engines.pipeline.cases import SETTINGS, pipeline, project

SAMPLES = np.zeros(SETTINGS.trials, dtype=np.int64)
ANNOUNCED = Passage(stage=Stage.ANNOUNCED, passed=1, exposure_years=1)


def test_check_accepts_a_sound_model():
    check(
        pipeline(project(), ready={"hub": SAMPLES}, goal=Goal(usd=1, from_year=2026, by_year=2029)), SETTINGS
    )


@pytest.mark.parametrize(
    ("model", "code", "where"),
    [
        (pipeline(first_year=2030, last_year=2026), "years_out_of_range", "years"),
        (pipeline(last_year=2100), "years_out_of_range", "years"),
        (pipeline(pace=1.1), "correlation_out_of_range", "pace"),
        (pipeline(fate=-0.1), "correlation_out_of_range", "fate"),
        (pipeline(worth=0.0), "not_positive", "worth"),
        (pipeline(project("a"), project("a")), "project_twice", "a"),
        (pipeline(project(usd=0.0)), "not_positive", "a"),
        (pipeline(project(usd=math.nan)), "not_positive", "a"),
        (pipeline(project(amount=Amount(value=1.0, per_usd=0.0))), "not_positive", "a"),
        (pipeline(project(spent=-1.0)), "spent_negative", "a"),
        (pipeline(project(spent=101.0)), "spent_above_amount", "a"),
        (pipeline(project(length=Length(median_years=0.0))), "not_positive", "a"),
        (pipeline(project(length=Length(median_years=1.0, sigma=-1.0))), "negative", "a"),
        (pipeline(project(since=dt.date(2026, 1, 2))), "stage_in_the_future", "a"),
        (pipeline(project(rate_class="other")), "class_unknown", "a"),
        (pipeline(classes=(RateClass(code="x", parent="y"),)), "class_unknown", "x"),
        (pipeline(classes=(RateClass(code="x"), RateClass(code="x"))), "class_twice", "x"),
        (
            pipeline(classes=(RateClass(code="x", parent="y"), RateClass(code="y", parent="x"))),
            "class_loop",
            "x",
        ),
        (
            pipeline(classes=(RateClass(code="x", passages=(ANNOUNCED, ANNOUNCED)),)),
            "passage_twice",
            "x/announced/0",
        ),
        (
            pipeline(classes=(RateClass(code="x", passages=(Passage(stage=Stage.AGREED, passed=-1),)),)),
            "negative",
            "x/agreed",
        ),
        (
            pipeline(classes=(RateClass(code="x", passages=(Passage(stage=Stage.AGREED, lost=1),)),)),
            "passages_without_time",
            "x/agreed",
        ),
        (pipeline(assumptions=(Assumption(stage=Stage.AGREED, worth=0.0),)), "not_positive", "agreed"),
        (pipeline(assumptions=(Assumption(stage=Stage.AGREED, lost_per_year=-1),)), "negative", "agreed"),
        (pipeline(assumptions=(Assumption(stage=Stage.AGREED),) * 2), "assumption_twice", "agreed"),
        (pipeline(ready={"hub": SAMPLES[:3]}), "samples_of_other_trials", "hub"),
        (pipeline(finishes={"a": SAMPLES / 2}), "samples_not_whole", "a"),
        (pipeline(targets=(YearTarget(year=2026, low_usd=2, high_usd=1),)), "target_out_of_range", "2026"),
        (pipeline(targets=(YearTarget(year=2026, low_usd=1, high_usd=1),) * 2), "target_twice", "2026"),
        (pipeline(goal=Goal(usd=1, from_year=2025, by_year=2029)), "goal_outside_years", "goal"),
        (pipeline(goal=Goal(usd=0, from_year=2026, by_year=2029)), "not_positive", "goal"),
    ],
)
def test_check_names_the_row(model, code, where):
    with pytest.raises(EngineInputError) as caught:
        check(model, SETTINGS)
    assert (caught.value.code, caught.value.where) == (code, where)


@pytest.mark.parametrize("trials", [0, 1_000_001])
def test_check_refuses_trials(trials):
    with pytest.raises(EngineInputError, match="trials_out_of_range"):
        check(pipeline(), Settings(trials=trials))
