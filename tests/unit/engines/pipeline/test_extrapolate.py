"""From above: the measured years alone."""

import numpy as np
import pytest
from scipy.stats import t

from torap.engines.errors import EngineInputError
from torap.engines.pipeline.extrapolate import extrapolate
from torap.engines.pipeline.model import Goal, Settings, YearTarget

MEASURED = {2020: 17.2, 2021: 23.7, 2022: 28.0}
SOME = Settings(trials=40_000, seed=3)


def test_a_coming_year_follows_the_t_of_its_degrees():
    found = extrapolate(MEASURED, first_year=2026, last_year=2029, settings=SOME)
    logs = np.log(list(MEASURED.values()))
    law = t(2, loc=logs.mean(), scale=logs.std(ddof=1) * np.sqrt(1 + 1 / 3))
    assert found.n == 3
    for share, got in ((0.1, found.p10), (0.2, found.p20), (0.5, found.p50), (0.8, found.p80)):
        assert got == pytest.approx(np.full(4, np.exp(law.ppf(share))), rel=0.03)


def test_measured_years_stand_as_they_are():
    found = extrapolate(
        MEASURED,
        first_year=2020,
        last_year=2023,
        settings=SOME,
        goal=Goal(usd=1.0, from_year=2021, by_year=2022),
    )
    assert found.p10[:3].tolist() == found.p80[:3].tolist() == [17.2, 23.7, 28.0]
    assert found.goal == 1.0
    assert found.goal_p50 == pytest.approx([23.7, 51.7])
    assert found.goal_years.tolist() == [2021, 2022]


def test_chances_are_of_years_not_measured():
    targets = tuple(YearTarget(year=year, low_usd=25.0, high_usd=27.0) for year in (2022, 2025))
    found = extrapolate(MEASURED, first_year=2020, last_year=2029, settings=SOME, targets=targets)
    ((year, low, high),) = [(row.year, row.low, row.high) for row in found.chances]
    assert year == 2025
    assert 0 < high < low < 1


def test_too_few_years_say_nothing():
    assert extrapolate({2020: 1.0, 2021: 2.0}, first_year=2026, last_year=2026, settings=SOME) is None


@pytest.mark.parametrize(
    ("measured", "first", "code", "where"),
    [({2020: 0.0, 2021: 1.0}, 2026, "not_positive", "2020"), (MEASURED, 2030, "years_out_of_range", "years")],
)
def test_bad_years_are_named(measured, first, code, where):
    with pytest.raises(EngineInputError) as caught:
        extrapolate(measured, first_year=first, last_year=2029, settings=SOME)
    assert (caught.value.code, caught.value.where) == (code, where)
