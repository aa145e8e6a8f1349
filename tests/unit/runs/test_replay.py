"""A promise replayed knows nothing that was said after its day, whatever the history."""

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torap.engines.reference.classes import Measure
from torap.engines.reference.observe import class_path
from torap.rules.statuses import PromiseFact, ReportFact
from torap.runs import backtest as backtesting
from torap.runs import replay as replaying
from torap.runs.backtest import TRIED, backtest, class_of, name_of
from torap.runs.replay import Choice, History, as_known, at_its_word, observed_on, replay

FIRST = dt.date(2020, 1, 1)
USED = Choice(every=False, measure=Measure.DAYS, weight=10.0)
days = st.integers(0, 2000).map(lambda number: FIRST + dt.timedelta(days=number))


def promise(said, latest, key="p"):
    return PromiseFact(key=key, latest=latest, said_from=said, said_to=said)


def done(day, key="r"):
    return ReportFact(key=key, state="done", said_from=day, said_to=day, done_from=day, done_to=day)


def history(key, promises, reports=()):
    return History(
        key=key, path=class_path("milestone", "open", "place"), holder="b", promises=promises, reports=reports
    )


@st.composite
def histories(draw):
    found = []
    for number in range(draw(st.integers(1, 6))):
        said = draw(st.lists(days, min_size=1, max_size=3, unique=True))
        promises = tuple(
            promise(day, day + dt.timedelta(days=draw(st.integers(1, 900))), f"{number}.{at}")
            for at, day in enumerate(sorted(said))
        )
        reports = (done(draw(days)),) if draw(st.booleans()) else ()
        found.append(history(f"m{number}", promises, reports))
    return found


def cut(one, day):
    """The history without what was said after `day`."""
    return replace(
        one,
        promises=tuple(row for row in one.promises if row.said_to <= day),
        reports=tuple(row for row in one.reports if row.said_to <= day),
    )


@given(histories(), days)
def test_what_was_said_later_reaches_no_earlier_day(rows, day):
    whole = observed_on(rows, day, every=True)
    assert whole == observed_on([cut(one, day) for one in rows], day, every=True)
    assert all(one.until <= max(day, one.until) and one.said <= day for one in whole)


@given(histories())
def test_a_forecast_of_a_day_is_the_same_whatever_comes_after(rows):
    today = FIRST + dt.timedelta(days=4000)
    cases = replay(rows, today, USED)
    for case in cases[:3]:
        early = [cut(one, case.said) for one in rows]
        again = next(one for one in replay(early, case.said, USED) if one.outcome.key == case.outcome.key)
        if case.judged is None:
            assert again.judged is None
        else:
            assert again.judged is not None
            assert again.judged.quantiles == case.judged.quantiles
            assert again.judged.chance == case.judged.chance


def test_of_two_dates_of_one_day_the_stricter_is_replayed():
    rows = [
        history("m", (promise(FIRST, dt.date(2022, 1, 1), "a"), promise(FIRST, dt.date(2021, 1, 1), "b")))
    ]
    (case,) = replay(rows, dt.date(2023, 1, 1), USED)
    assert case.promised == dt.date(2021, 1, 1)
    assert case.judged is None  # nothing had been reached


def test_evidence_counts_from_the_day_it_was_known():
    one = replace(
        history("m", (promise(FIRST, dt.date(2021, 1, 1)),)),
        shown=((dt.date(2021, 6, 1), dt.date(2021, 2, 1)),),
    )
    assert as_known(one, dt.date(2021, 5, 1)).done is None
    assert as_known(one, dt.date(2021, 6, 1)).done == dt.date(2021, 2, 1)


def test_hindsight_knows_what_the_day_did_not():
    rows = [
        history(f"m{n}", (promise(FIRST, dt.date(2021, 1, 1), str(n)),), (done(dt.date(2021, 1, 1)),))
        for n in range(3)
    ]
    today = dt.date(2022, 1, 1)
    assert all(case.judged is None for case in replay(rows, today, USED))
    told = replay(rows, today, USED, hindsight=True)
    assert all(case.judged is not None and case.judged.held for case in told)
    word = at_its_word(told[0].judged)
    assert (word.chance, set(word.quantiles.values())) == (1.0, {366.0})


def test_a_report_of_nothing_is_empty_and_names_are_short():
    content = {"known_on": "2026-01-01", "histories": []}
    found = backtest(content)
    assert (found["cases"], found["whole"]["n"], found["whole"]["brier"]) == (0, 0, None)
    assert name_of(USED) == "days.first.10"
    assert class_of("milestone.open.place") == "milestone.open"
    assert class_of("all") == "all"


@pytest.mark.parametrize("every", [True, False])
def test_first_promises_or_every_one(every):
    rows = [
        history(
            "m",
            (
                promise(FIRST, dt.date(2021, 1, 1), "a"),
                promise(dt.date(2021, 2, 1), dt.date(2022, 1, 1), "b"),
            ),
        )
    ]
    assert len(observed_on(rows, dt.date(2023, 1, 1), every=every)) == 1 + every


@given(histories())
@settings(max_examples=15, deadline=None)
def test_several_choices_are_replayed_as_each_alone_and_a_day_is_worked_out_once(rows):
    today = dt.date(2026, 1, 15)
    alone = [replay(rows, today, choice) for choice in TRIED]
    asked = []
    original = replaying.observed_on

    def counted(histories, day, *, every):
        asked.append((day, every))
        return original(histories, day, every=every)

    told = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replaying, "observed_on", counted)
        assert replaying.replays(rows, today, TRIED, told.append) == alone
    assert len(asked) == len(set(asked)), "no day is worked out twice"
    assert told[-1] == 1.0
    assert told == sorted(told)


def test_evidence_counts_from_the_day_of_the_country_it_was_verified_on():
    late = dt.datetime(2025, 3, 1, 20, 30, tzinfo=dt.UTC)  # 2 March in Astana
    state = SimpleNamespace(
        code="m",
        milestone=SimpleNamespace(type="open"),
        subject=SimpleNamespace(kind="place"),
        holder=None,
        promises=(),
        reports=(),
        evidence=(
            SimpleNamespace(
                verdict="accepted",
                evidence=SimpleNamespace(shows_on=dt.date(2025, 2, 1)),
                verifications=(SimpleNamespace(recorded_at=late),),
            ),
        ),
    )
    assert backtesting._freeze(state)["shown"] == [["2025-03-02", "2025-02-01"]]
