"""The pipeline against closed forms and against a second, plain simulation of its own."""

import datetime as dt
import math

import numpy as np
import pytest
from scipy.stats import gamma, norm

from torap.engines.pipeline.model import (
    Assumption,
    Length,
    Passage,
    Profile,
    RateClass,
    Settings,
    Stage,
)
from torap.engines.pipeline.simulate import simulate_pipeline
from unit.engines.pipeline.cases import BASE, pipeline, project

TRIALS = 60_000
HELD = Settings(trials=TRIALS, seed=11, rates_drawn=False)
AT_ONCE = Length(median_years=1e-6, profile=Profile.EVEN)
NEW_YEARS = [(dt.date(year + 1, 1, 1) - BASE).days / 365.25 for year in range(2026, 2036)]
WAYS = (Stage.ANNOUNCED, Stage.AGREED, Stage.COMMITTED)


def rates(passing, losing=0.0):
    return tuple(Assumption(stage=stage, pass_per_year=passing, lost_per_year=losing) for stage in WAYS)


def done_by(model, settings=HELD):
    """Mean share of one project spent by the end of each year."""
    found = simulate_pipeline(model, settings)
    return found.cumulative.mean / 100.0


def near(got, want):
    error = 4.5 * np.sqrt(np.maximum(np.asarray(want) * (1 - np.asarray(want)), 1e-4) / TRIALS)
    assert (np.abs(got - want) < error).all()


def test_one_stage_of_constant_hazard_is_geometric_by_year():
    p = [1 - math.exp(-0.4 * t) for t in NEW_YEARS]
    near(done_by(pipeline(project(stage=Stage.COMMITTED, length=AT_ONCE), assumptions=rates(0.4))), p)
    yearly = 1 - math.exp(-0.4 * 365.25 / 365.25)
    assert p[9] == pytest.approx(1 - (1 - yearly) ** 10, abs=1e-3)


def test_three_equal_stages_make_an_erlang_time():
    law = gamma(3, scale=1 / 0.8)
    near(
        done_by(pipeline(project(stage=Stage.ANNOUNCED, length=AT_ONCE), assumptions=rates(0.8))),
        law.cdf(NEW_YEARS),
    )


def test_constant_hazard_forgets_how_long_it_lasted():
    row = project(stage=Stage.COMMITTED, length=AT_ONCE, since=dt.date(2010, 1, 1))
    near(done_by(pipeline(row, assumptions=rates(0.4))), [1 - math.exp(-0.4 * t) for t in NEW_YEARS])


def test_losses_compete_in_every_stage_whatever_the_correlation():
    share = (0.5 / 0.7) ** 3
    law = gamma(3, scale=1 / 0.7)
    for pace in (0.0, 0.6):
        model = pipeline(
            project(stage=Stage.ANNOUNCED, length=AT_ONCE), assumptions=rates(0.5, 0.2), pace=pace, fate=pace
        )
        near(done_by(model), share * law.cdf(NEW_YEARS))


def test_rates_drawn_give_the_mixture_of_lomax():
    """An exponential whose rate is a gamma of shape a and time b has P(T > t) = (b / (b + t))^a."""
    watched = RateClass(
        code="all", passages=(Passage(stage=Stage.COMMITTED, passed=2.5, exposure_years=6.0),)
    )
    model = pipeline(project(stage=Stage.COMMITTED, length=AT_ONCE), classes=(watched,), assumptions=())
    lost = 0.5 / 6.0  # half a loss in six years stands in for none seen
    got = done_by(model, Settings(trials=TRIALS, seed=11))
    rng = np.random.default_rng(5)
    passing, losing = rng.gamma(3.0, 1 / 6.0, 400_000), rng.gamma(0.5, 1 / 6.0, 400_000)
    both = passing + losing
    want = [(passing / both * (1 - np.exp(-both * t))).mean() for t in NEW_YEARS]
    near(got, want)
    assert lost > 0
    assured = pipeline(
        project(stage=Stage.COMMITTED, length=AT_ONCE),
        assumptions=(Assumption(stage=Stage.COMMITTED, pass_per_year=0.5, worth=3.0),),
    )
    near(done_by(assured, Settings(trials=TRIALS, seed=12)), [1 - (6 / (6 + t)) ** 3 for t in NEW_YEARS])


def test_hazard_by_time_in_the_stage():
    """0.2 a year in the first two years of a stage, 1.0 after; a project that has waited one year already."""
    passages = (
        Passage(stage=Stage.COMMITTED, passed=199.5, exposure_years=1000.0),
        Passage(stage=Stage.COMMITTED, passed=999.5, exposure_years=1000.0, after_years=2.0),
    )
    row = project(stage=Stage.COMMITTED, length=AT_ONCE, since=BASE - dt.timedelta(days=365.25))
    elapsed = 365 / 365.25
    model = pipeline(row, classes=(RateClass(code="all", passages=passages),), assumptions=())
    lost = 0.5 / 1000
    want = []
    for t in NEW_YEARS:
        first = min(t, 2.0 - elapsed)
        early = 0.2 / (0.2 + lost) * (1 - math.exp(-(0.2 + lost) * first))
        rest = max(t - first, 0.0)
        late = math.exp(-(0.2 + lost) * first) / (1 + lost) * (1 - math.exp(-(1 + lost) * rest))
        want.append(early + late)
    near(done_by(model), want)


def test_length_under_way_is_the_lognormal_given_what_has_passed():
    since = dt.date(2024, 1, 1)
    row = project(since=since, length=Length(median_years=3.0, sigma=0.5, profile=Profile.LATE))
    found = simulate_pipeline(pipeline(row, last_year=2075), HELD)
    elapsed = (BASE - since).days / 365.25
    law = norm(math.log(3.0), 0.5)
    rng = np.random.default_rng(9)
    lengths = np.exp(law.rvs(400_000, random_state=rng))
    lengths = lengths[lengths > elapsed]
    for year in (2026, 2027, 2030):
        x = np.clip(((dt.date(year + 1, 1, 1) - since).days / 365.25) / lengths, 0, 1)
        begun = elapsed / lengths
        want = (4 * x**3 - 3 * x**4) - (4 * begun**3 - 3 * begun**4)
        got = found.cumulative.mean[year - 2026] / 100
        assert got == pytest.approx(want.mean(), abs=0.004)


def test_a_second_plain_simulation_agrees_on_a_mixed_portfolio():
    rows = [
        project("a", 50.0, Stage.ANNOUNCED, length=Length(median_years=2.0, sigma=0.3), place="hub"),
        project(
            "b",
            80.0,
            Stage.COMMITTED,
            length=Length(median_years=3.0, sigma=0.2),
            promised=dt.date(2029, 7, 1),
        ),
        project("c", 30.0, Stage.DISBURSED, length=Length(median_years=2.0), since=dt.date(2025, 1, 1)),
    ]
    rng = np.random.default_rng(21)
    site = rng.integers(0, 4 * 365, TRIALS)
    epoch = (BASE - dt.date(1970, 1, 1)).days
    model = pipeline(*rows, assumptions=rates(1.0, 0.3), ready={"hub": (site + epoch) * 1440}, last_year=2032)
    found = simulate_pipeline(model, HELD)
    plain = np.array([_one_trial(rng, rng.integers(0, 4 * 365)) for _trial in range(15_000)])
    sums = plain.sum(axis=1)
    error = 4.5 * np.sqrt(sums.std(axis=0) ** 2 * (1 / 15_000 + 1 / TRIALS)) + 1e-9
    assert (np.abs(found.yearly.mean - sums.mean(axis=0)) < error).all()
    totals = np.cumsum(sums, axis=1)
    for share, fan in ((10, found.cumulative.p10), (50, found.cumulative.p50), (80, found.cumulative.p80)):
        assert fan == pytest.approx(np.percentile(totals, share, axis=0), abs=1.6)
    # Where few trials lie, a percentile moves far with chance: its share of the plain trials does not.
    for share in (10, 20, 50, 80):
        fan, p = getattr(found.cumulative, f"p{share}"), share / 100
        off = 4.5 * np.sqrt(p * (1 - p) * (1 / 15_000 + 1 / TRIALS))
        assert ((totals < fan - 1e-6).mean(axis=0) < p + off).all()
        assert ((totals <= fan + 1e-6).mean(axis=0) > p - off).all()


def test_in_no_trial_money_flows_before_the_site_is_ready_in_that_very_trial():
    """The same trial, not the same distribution: a site ready in year y of a trial leaves the years before
    it empty in that trial, and the project that needs no site spends in them."""
    rng = np.random.default_rng(5)
    year = rng.integers(2027, 2034, TRIALS)
    ready = np.array([((dt.date(int(y), 1, 1) - dt.date(1970, 1, 1)).days) * 1440 for y in year])
    held = project("held", 60.0, Stage.COMMITTED, place="hub")
    model = pipeline(held, assumptions=rates(0.9), ready={"hub": ready}, last_year=2040)
    found = simulate_pipeline(model, HELD)
    before = found.years[None, :] < year[:, None]
    assert (found.samples[before] == 0.0).all()
    alone = pipeline(project("held", 60.0, Stage.COMMITTED), assumptions=rates(0.9), last_year=2040)
    free = simulate_pipeline(alone, HELD)
    assert free.samples[before].sum() > 0.0
    assert (np.cumsum(found.samples, axis=1) <= np.cumsum(free.samples, axis=1) + 1e-9).all()


def _one_trial(rng, site_day):
    """Three projects day by day in plain words; dollars by project and year 2026 to 2032."""
    out = np.zeros((3, 7))
    start = _passages(rng, 3)
    if start is not None:
        length = 2.0 * math.exp(0.3 * rng.standard_normal()) * 365.25
        begin = max(start, site_day)
        out[0] = _spend(50.0, begin, begin + length)
    start = _passages(rng, 1)
    if start is not None:
        length = 3.0 * math.exp(0.2 * rng.standard_normal()) * 365.25
        out[1] = _spend(80.0, start, max(start + length, (dt.date(2029, 7, 1) - BASE).days))
    out[2] = _spend(30.0, -365, -365 + 2 * 365.25)
    return out


def _passages(rng, stages):
    day = 0.0
    for _stage in range(stages):
        passes, fails = rng.exponential(1 / 1.0), rng.exponential(1 / 0.3)
        if fails < passes:
            return None
        day += passes * 365.25
    return day


def _spend(usd, begin, end):
    marks = []
    for year in range(2026, 2034):
        x = min(max(((dt.date(year, 1, 1) - BASE).days - begin) / (end - begin), 0.0), 1.0)
        marks.append(usd * (3 * x**2 - 2 * x**3))
    return np.diff(marks)
