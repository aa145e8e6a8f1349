"""The tree of classes, and what one says of a promise that is not reached yet."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from torap.engines.errors import EngineInputError
from torap.engines.reference.classes import (
    Measure,
    chance_by,
    class_for,
    classes_of,
    coordinates,
    days_left,
    draws,
    due_at,
    not_reached,
    share_seen,
)
from torap.engines.reference.observe import Observation, class_path

SAID = dt.date(2024, 1, 1)


def promise(lead, spent, done, type="open", key="p"):
    return Observation(
        key=key,
        said=SAID,
        promised=SAID + dt.timedelta(days=lead),
        until=SAID + dt.timedelta(days=spent),
        done=done,
        path=class_path("milestone", type, "place"),
    )


SOME = [
    promise(100, 80, True),
    promise(200, 200, True),
    promise(300, 400, True, "start"),
    promise(100, 500, False),
    promise(400, 10, False, "part"),
]


def test_each_class_counts_its_own():
    found = classes_of(SOME)
    assert {code: (row.n, row.events, row.censored) for code, row in found.items()} == {
        "all": (5, 3, 2),
        "milestone": (5, 3, 2),
        "milestone.open": (3, 2, 1),
        "milestone.open.place": (3, 2, 1),
        "milestone.part": (1, 0, 1),
        "milestone.part.place": (1, 0, 1),
        "milestone.start": (1, 1, 0),
        "milestone.start.place": (1, 1, 0),
    }
    assert found["milestone.open.place"].parent == "milestone.open"
    assert found["all"].parent == ""
    assert found["milestone.part"].says_something  # through what it leans on


def test_measures_lay_promises_over_one_another():
    days, done = coordinates(SOME, Measure.DAYS)
    assert days.tolist() == [-20, 0, 100, 400, -390]
    assert done.tolist() == [True, True, True, False, False]
    ratio, _ = coordinates([promise(100, 80, True), promise(0, 15, True)], Measure.RATIO)
    assert ratio.tolist() == [0.8, 0.5]  # a lead of no days counts as thirty
    assert (due_at(Measure.DAYS), due_at(Measure.RATIO)) == (0.0, 1.0)


def test_a_path_without_root_and_a_class_with_two_parents_are_refused():
    one = promise(1, 1, True)
    with pytest.raises(EngineInputError, match="path_without_all at x"):
        classes_of(
            [Observation(key="x", said=SAID, promised=SAID, until=SAID, done=True, path=("milestone",))]
        )
    odd = Observation(
        key="x", said=SAID, promised=SAID, until=SAID, done=True, path=("milestone.open", "other", "all")
    )
    with pytest.raises(EngineInputError, match="class_with_two_parents"):
        classes_of([one, odd])


def test_a_class_with_nothing_behind_it_says_nothing():
    found = classes_of([promise(100, 50, False)])
    assert not found["milestone.open"].says_something
    assert class_for(class_path("milestone", "open", "place"), found) is None
    assert class_for(class_path("milestone"), {}) is None


def test_the_narrowest_class_there_is_stands():
    found = classes_of(SOME)
    reference = class_for(class_path("milestone", "status", "project"), found)
    assert reference is not None
    assert reference.code == "milestone"


@pytest.mark.parametrize("measure", list(Measure))
def test_shares_fall_and_the_mixture_lies_between(measure):
    reference = classes_of(SOME)["all"]
    days = np.arange(0, 3000, 7, dtype=float)
    found = not_reached(reference, days, lead_days=200, measure=measure)
    assert (np.diff(found) <= 1e-12).all()
    parts = [not_reached(reference, days, lead_days=200, measure=m) for m in (Measure.DAYS, Measure.RATIO)]
    assert (found <= np.maximum(*parts) + 1e-12).all()
    assert (found >= np.minimum(*parts) - 1e-12).all()


leads, ages = st.integers(0, 2000), st.integers(0, 3000)


@given(leads, ages, st.sampled_from(list(Measure)))
def test_what_is_not_reached_yet_is_reached_later_than_today(lead, age, measure):
    reference = classes_of(SOME)["milestone.open"]
    shares = np.array([0.1, 0.5, 0.8, 0.9])
    left = days_left(reference, shares, lead_days=lead, age_days=age, measure=measure, horizon_days=14_600)
    assert (left >= 1).all()
    assert (np.diff(left) >= 0).all()
    for share, days in zip(shares, left, strict=True):
        if 1 < days < 14_600:
            args = {"lead_days": lead, "age_days": age, "measure": measure}
            assert chance_by(reference, by_days=age + int(days), **args) >= share - 1e-9
            assert chance_by(reference, by_days=age + int(days) - 1, **args) < share + 1e-9


@given(leads, ages, ages, st.sampled_from(list(Measure)))
def test_conditioning_twice_is_conditioning_once(lead, early, late, measure):
    first, second = sorted((early, late))
    reference = classes_of(SOME)["all"]
    by = second + 400
    args = {"lead_days": lead, "measure": measure}
    whole = 1 - chance_by(reference, by_days=by, age_days=first, **args)
    part = 1 - chance_by(reference, by_days=second, age_days=first, **args)
    rest = 1 - chance_by(reference, by_days=by, age_days=second, **args)
    assert whole == pytest.approx(part * rest, abs=1e-9)


def test_a_date_that_has_passed_is_not_held():
    reference = classes_of(SOME)["all"]
    assert chance_by(reference, by_days=100, lead_days=100, age_days=100, measure=Measure.DAYS) == 0.0


@given(
    leads, ages, st.sampled_from([Measure.DAYS, Measure.RATIO]), st.lists(st.floats(0.01, 0.99), min_size=1)
)
def test_turning_the_curve_around_is_looking_day_by_day(lead, age, measure, asked):
    reference = classes_of(SOME)["milestone.start"]
    horizon = 4000
    left = days_left(
        reference, np.array(asked), lead_days=lead, age_days=age, measure=measure, horizon_days=horizon
    )
    ages = np.arange(age, age + horizon + 1, dtype=float)
    shares = not_reached(reference, ages, lead_days=lead, measure=measure)
    reached = 1 - shares / shares[0]
    slow = np.clip(np.searchsorted(reached, np.array(asked) - 1e-9, side="left"), 1, horizon)
    assert np.abs(left - slow).max() <= 1


def test_draws_are_the_middles_of_equal_shares():
    reference = classes_of(SOME)["all"]
    values = draws(reference, count=400, lead_days=100, age_days=0, measure=Measure.DAYS, horizon_days=14_600)
    assert values.size == 400
    chance = chance_by(reference, by_days=100, lead_days=100, age_days=0, measure=Measure.DAYS)
    assert (values <= 100).mean() == pytest.approx(chance, abs=1 / 400)


def test_where_everything_was_reached_sooner_nothing_is_said():
    reference = classes_of([promise(100, 80, True)] * 3)["all"]
    left = days_left(
        reference, np.array([0.5]), lead_days=100, age_days=5000, measure=Measure.DAYS, horizon_days=900
    )
    assert left.tolist() == [900]


def test_the_share_seen_ends_where_the_tail_begins():
    reference = classes_of(SOME)["all"]
    seen = share_seen(reference, lead_days=100, age_days=0, measure=Measure.DAYS)
    assert 0 < seen < 1
    assert share_seen(reference, lead_days=100, age_days=900, measure=Measure.DAYS) == 0.0


@given(
    lead=st.integers(0, 900),
    heard=st.integers(0, 1500),
    fresher=st.integers(0, 400),
    more=st.integers(0, 400),
    measure=st.sampled_from(Measure),
)
def test_the_later_the_last_word_the_later_the_forecast(lead, heard, fresher, more, measure):
    reference = classes_of(SOME)["milestone.open.place"]
    known = heard + fresher + more
    shares = np.linspace(0.05, 0.95, 7)

    def left(age):
        return days_left(
            reference, shares, lead_days=lead, age_days=age, measure=measure, horizon_days=3000,
            silent_days=known - age,
        )  # fmt: skip

    def chance(day, age):
        return chance_by(reference, by_days=day, lead_days=lead, age_days=age, measure=measure)

    assert (left(heard) <= left(heard + fresher)).all()
    assert (left(heard) >= 0).all()
    assert left(heard).max() <= 3000
    for day in (heard + fresher, known, known + 100):
        assert chance(day, heard) >= chance(day, heard + fresher) - 1e-12
    old = days_left(reference, shares, lead_days=lead, age_days=known, measure=measure, horizon_days=3000)
    assert (left(known) == old).all()
    assert (old >= 1).all()


@pytest.mark.parametrize("measure", Measure)
def test_the_share_of_draws_within_the_silence_is_the_chance_by_the_known_day(measure):
    reference = classes_of(SOME)["milestone.open.place"]
    told = {"lead_days": 100, "measure": measure}
    found = draws(reference, count=2000, age_days=50, horizon_days=5000, silent_days=300, **told)
    assert (found == 0).mean() == pytest.approx(
        chance_by(reference, by_days=350, age_days=50, **told), abs=1e-3
    )
    # Beyond the silence the same days as told from the last word.
    whole = draws(reference, count=2000, age_days=50, horizon_days=5300, **told)
    assert (found == np.maximum(whole - 300, 0)).all()
