"""When money flows, and into which years."""

import datetime as dt

import numpy as np
import pytest

from torap.engines.pipeline.model import Assumption, Length, Profile, Settings, Stage
from torap.engines.pipeline.simulate import simulate_pipeline
from torap.engines.pipeline.spending import spent_share
from unit.engines.pipeline.cases import BASE, SETTINGS, pipeline, project

ONE = Settings(trials=1, seed=1, rates_drawn=False)
EVEN = Length(median_years=2.0, profile=Profile.EVEN)


def minutes(day):
    return np.full(1, (day - dt.date(1970, 1, 1)).days * 1440, dtype=np.int64)


def years(row, **fields):
    """The single trial of one project, by year from 2026."""
    return simulate_pipeline(pipeline(row, **fields), ONE).samples[0]


@pytest.mark.parametrize("profile", list(Profile))
def test_spent_share_runs_from_nothing_to_all(profile):
    x = np.linspace(0, 1, 101)
    share = spent_share(x, profile)
    assert (share[0], share[-1]) == (0.0, 1.0)
    assert (np.diff(share) >= 0).all()


def test_spent_share_puts_money_early_or_late():
    half = np.array([0.5])
    shares = [spent_share(half, profile)[0] for profile in (Profile.EARLY, Profile.S_CURVE, Profile.LATE)]
    assert shares == [0.6875, 0.5, 0.3125]


def test_even_spending_falls_into_its_years():
    found = years(project(length=EVEN))
    assert found[:3] == pytest.approx([100 * 365 / 730.5, 100 * 365 / 730.5, 100 * 0.5 / 730.5])


def test_spending_waits_for_the_site():
    row = project(stage=Stage.COMMITTED, place="hub", length=EVEN)
    found = years(row, ready={"hub": minutes(dt.date(2028, 1, 1))})
    assert found[:2].tolist() == [0, 0]
    assert found[2] == pytest.approx(100 * 366 / 730.5)


def test_spending_that_has_begun_waits_for_no_site():
    found = years(project(place="hub"), ready={"hub": minutes(dt.date(2030, 1, 1))})
    assert found[0] > 99


def test_promised_day_stretches_the_spending_and_the_trials_stand_above_it():
    assert years(project(promised=dt.date(2030, 1, 1)))[:4] == pytest.approx([25, 25, 25, 25], rel=0.01)
    row = project(promised=dt.date(2030, 1, 1), finish="a")
    assert years(row, finishes={"a": minutes(dt.date(2028, 1, 1))})[:2] == pytest.approx([50, 50], rel=0.01)


def test_spending_under_way_is_longer_than_it_has_lasted():
    row = project(since=dt.date(2020, 1, 1), length=Length(median_years=1.0, sigma=0.3, profile=Profile.EVEN))
    result = simulate_pipeline(pipeline(row, first_year=2020), SETTINGS)
    assert (result.samples[:, :6].sum(axis=1) < 100).all()
    assert result.samples.sum(axis=1) == pytest.approx(np.full(SETTINGS.trials, 100.0))


def test_known_spending_leaves_only_the_rest_for_the_years_ahead():
    row = project(since=dt.date(2025, 1, 1), length=EVEN, spent=80.0)
    result = simulate_pipeline(pipeline(row, first_year=2024), ONE)
    assert result.samples[0, :2].tolist() == [0, 0]
    assert result.samples.sum() == pytest.approx(20.0)
    assert result.unknown.undated == ("a",)
    assert result.unknown.undated_usd == 80.0


def test_all_spent_brings_nothing_to_any_year():
    assert years(project(spent=100.0)).sum() == 0


def test_done_project_spent_until_its_day():
    row = project(stage=Stage.REALISED, since=dt.date(2025, 7, 1))
    result = simulate_pipeline(pipeline(row, first_year=2024), ONE)
    assert result.samples[0].sum() == pytest.approx(100)
    assert result.samples[0, 1] == pytest.approx(100 * 181 / 365.25)


def test_what_a_finished_project_did_not_spend_is_left_over_and_not_lost():
    row = project(stage=Stage.REALISED, since=dt.date(2025, 7, 1), spent=80.0)
    (one,) = simulate_pipeline(pipeline(row), ONE).contributions
    assert (one.unspent, one.dropped, one.never, one.spent_undated) == (20.0, 0.0, 0.0, 80.0)


def test_lost_while_spending_keeps_what_was_spent():
    lost = Assumption(stage=Stage.DISBURSED, lost_per_year=1.0)
    result = simulate_pipeline(pipeline(project(length=EVEN), assumptions=(lost,)), SETTINGS)
    (one,) = result.contributions
    # mean share spent of an even two years under a hazard of one: (1 - exp(-2)) / 2
    assert one.years.sum() == pytest.approx(100 * (1 - np.exp(-2.0)) / 2, rel=0.03)
    assert one.dropped == pytest.approx(100 - one.years.sum())


def test_a_project_lost_before_it_spends_brings_nothing():
    assumed = (Assumption(stage=Stage.COMMITTED, pass_per_year=1.0, lost_per_year=3.0),)
    result = simulate_pipeline(pipeline(project(stage=Stage.COMMITTED), assumptions=assumed), SETTINGS)
    assert result.contributions[0].starts == pytest.approx(0.25, abs=0.02)
    assert BASE.year == result.years[0]
