"""The whole answer: sums, fans, chances, and what nobody said."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torap.engines.errors import EngineInputError
from torap.engines.pipeline.model import (
    Amount,
    Assumption,
    Basis,
    Goal,
    Length,
    Passage,
    RateClass,
    Settings,
    Stage,
    YearTarget,
)
from torap.engines.pipeline.simulate import simulate_pipeline
from unit.engines.pipeline.cases import BASE, SETTINGS, pipeline, project

SLOW = tuple(
    Assumption(stage=stage, pass_per_year=0.5, lost_per_year=0.2)
    for stage in (Stage.ANNOUNCED, Stage.AGREED, Stage.COMMITTED)
)
SPREAD = Length(median_years=3.0, sigma=0.4)


def test_unknown_is_counted_and_in_no_sum():
    rows = (
        project("none", None),
        project("nowhere", 5.0, None),
        project("said", 7.0, Stage.ANNOUNCED, since=None),
        project("flows", 9.0),
    )
    found = simulate_pipeline(pipeline(*rows), SETTINGS)
    assert found.unknown.no_amount == ("none",)
    assert found.unknown.no_stage == ("nowhere",)
    assert found.unknown.no_since == ("said",)
    assert found.unknown.only_announced == ("said",)
    assert found.unknown.no_site == ("said",)
    assert set(found.unknown.no_promise) == {"none", "nowhere", "said", "flows"}
    assert (found.projects, found.named_usd) == (4, 16.0)


def test_without_rates_waiting_projects_cannot_be_told():
    found = simulate_pipeline(pipeline(project(stage=Stage.AGREED), project("b"), assumptions=()), SETTINGS)
    assert found.unknown.no_rate == ("a",)
    assert [one.project.id for one in found.contributions] == ["b"]


def test_the_basis_of_each_project_is_told():
    watched = RateClass(
        code="all", passages=tuple(Passage(stage=s, passed=3, exposure_years=2) for s in list(Stage)[1:3])
    )
    rows = (project("far"), project("near", stage=Stage.AGREED), project("said", stage=Stage.ANNOUNCED))
    found = simulate_pipeline(pipeline(*rows, classes=(watched,), assumptions=SLOW), SETTINGS)
    assert [one.basis for one in found.contributions] == [None, Basis.OBSERVED, Basis.ASSUMED]


@given(
    stage=st.sampled_from(list(Stage)),
    sigma=st.floats(0, 1.5),
    back=st.integers(0, 3000),
    spent=st.one_of(st.none(), st.floats(0, 100)),
    promised=st.one_of(st.none(), st.dates(dt.date(2020, 1, 1), dt.date(2050, 1, 1))),
    lost=st.floats(0, 1),
)
@settings(max_examples=60, deadline=None)
def test_every_dollar_is_somewhere(stage, sigma, back, spent, promised, lost):
    row = project(
        stage=stage,
        length=Length(median_years=2.0, sigma=sigma),
        since=BASE - dt.timedelta(days=back),
        spent=spent,
        promised=promised,
    )
    assumed = (*SLOW, Assumption(stage=Stage.DISBURSED, lost_per_year=lost))
    found = simulate_pipeline(pipeline(row, assumptions=assumed), Settings(trials=200, seed=3))
    (one,) = found.contributions
    parts = (one.years.sum(), one.earlier, one.later, one.dropped, one.never, one.unspent, one.spent_undated)
    assert sum(parts) == pytest.approx(100.0)
    assert min(parts) >= -1e-9
    assert (found.samples >= -1e-9).all()


def test_fans_are_ordered_and_the_sum_grows():
    rows = [project(f"p{i}", 10.0 + i, Stage.ANNOUNCED, length=SPREAD) for i in range(20)]
    found = simulate_pipeline(pipeline(*rows, assumptions=SLOW), Settings(trials=2000, seed=1))
    assert (found.yearly.p10 <= found.yearly.p20).all()
    assert (found.yearly.p20 <= found.yearly.p50).all()
    assert (found.yearly.p50 <= found.yearly.p80).all()
    assert (np.diff(found.cumulative.p50) >= 0).all()
    assert found.cumulative.mean == pytest.approx(np.cumsum(found.yearly.mean))
    assert found.yearly.mean == pytest.approx(sum(one.years for one in found.contributions))


def test_chances_of_targets_and_of_the_goal():
    targets = (YearTarget(year=2026, low_usd=50, high_usd=150), YearTarget(year=2040, low_usd=1, high_usd=1))
    model = pipeline(project(), targets=targets, goal=Goal(usd=99, from_year=2026, by_year=2028))
    found = simulate_pipeline(model, SETTINGS)
    assert [(row.year, row.low, row.high) for row in found.chances] == [(2026, 1.0, 0.0)]
    assert found.goal == 1.0
    assert found.goal_fan.p50.shape == (3,)
    assert simulate_pipeline(pipeline(project()), SETTINGS).goal is None


def test_pools_sum_to_the_whole_with_common_projects_once():
    rows = (
        project("a", 10.0, pools=("national",)),
        project("b", 20.0, pools=("regional", "national")),
        project("c", 30.0),
    )
    found = simulate_pipeline(pipeline(*rows), SETTINGS)
    assert set(found.by_pool) == {(), ("national",), ("national", "regional")}
    assert sum(found.by_pool.values()) == pytest.approx(found.yearly.mean)


def test_a_changed_project_leaves_the_numbers_of_others_alone():
    one, two = (project(code, stage=Stage.ANNOUNCED, length=SPREAD) for code in "ab")
    base = simulate_pipeline(pipeline(one, two, assumptions=SLOW), SETTINGS)
    other = project("b", stage=Stage.AGREED, length=SPREAD)
    moved = simulate_pipeline(pipeline(other, one, assumptions=SLOW), SETTINGS)
    alone = simulate_pipeline(pipeline(other, assumptions=SLOW), SETTINGS)
    only = simulate_pipeline(pipeline(one, assumptions=SLOW), SETTINGS)
    assert np.allclose(moved.samples - alone.samples, only.samples)
    assert np.allclose(
        base.samples - only.samples, simulate_pipeline(pipeline(two, assumptions=SLOW), SETTINGS).samples
    )


def test_rates_in_dollars_restated_give_the_same_tenge():
    dollars = project("a", amount=Amount(value=100.0, currency="USD"), stage=Stage.ANNOUNCED, length=SPREAD)
    results = []
    for rate in (450.0, 525.11):
        tenge = project(
            "a",
            amount=Amount(value=45_000.0, currency="KZT", per_usd=rate),
            stage=Stage.ANNOUNCED,
            length=SPREAD,
        )
        results.append(simulate_pipeline(pipeline(tenge, assumptions=SLOW), SETTINGS))
    same, restated = results
    assert same.contributions[0].native == pytest.approx(restated.contributions[0].native)
    assert same.samples == pytest.approx(
        simulate_pipeline(pipeline(dollars, assumptions=SLOW), SETTINGS).samples
    )
    assert restated.samples == pytest.approx(same.samples * 450.0 / 525.11)


def test_correlation_widens_the_sum_and_leaves_the_mean():
    rows = [project(f"p{i}", 10.0, Stage.ANNOUNCED) for i in range(40)]
    some = Settings(trials=8000, seed=5, rates_drawn=False)
    apart = simulate_pipeline(pipeline(*rows, assumptions=SLOW), some)
    tied = simulate_pipeline(pipeline(*rows, assumptions=SLOW, pace=0.4, fate=0.4), some)
    ends = [found.samples.sum(axis=1) for found in (apart, tied)]
    assert ends[1].std() > 2 * ends[0].std()
    assert ends[1].mean() == pytest.approx(ends[0].mean(), rel=0.03)


def test_drawn_rates_widen_the_sum():
    rows = [project(f"p{i}", 10.0, Stage.ANNOUNCED) for i in range(40)]
    model = pipeline(*rows, assumptions=SLOW)
    held, drawn = (
        simulate_pipeline(model, Settings(trials=4000, seed=5, rates_drawn=drawn)).samples.sum(axis=1).std()
        for drawn in (False, True)
    )
    assert drawn > 2 * held


def test_bad_input_is_refused_before_anything_is_drawn():
    with pytest.raises(EngineInputError, match="project_twice"):
        simulate_pipeline(pipeline(project(), project()), SETTINGS)
