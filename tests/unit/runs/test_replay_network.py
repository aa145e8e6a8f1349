"""The network replayed as of past days: it knows nothing later, it is frozen, and says of how few."""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import timezone

from torap.engines.reference.observe import Observation
from torap.engines.schedule.uncertain import Settings
from torap.rules.known import AsKnown
from torap.runs import replay_network as replaying
from torap.runs import selectors
from torap.runs.adapters.network import frozen_network, frozen_upstream
from torap.runs.backtest import USED, _thaw, backtest, frozen_histories
from torap.runs.frozen import sha256_of, unpack
from torap.runs.models import Run
from torap.runs.replay import Case, replay
from torap.runs.replay_network import days_chosen, judged_row, replayed
from torap.runs.services import run_request
from unit.runs.conftest import DAY, promise

KNOWN = AsKnown(DAY)
SAID = dt.date(2025, 3, 1)


@pytest.fixture
def later(country):
    """The country with a promise made after others were kept: of the opening, which waits for the hall."""
    promise(country.by, "hub-open", "2025-03-01", "2027-09-30")
    return country


def test_the_network_of_a_day_is_the_run_of_that_day(later):
    content = frozen_histories(KNOWN)
    (of_day,) = [one for one in content["networks"] if one["known_on"] == SAID.isoformat()]
    whole = frozen_network(AsKnown(SAID))
    keys = {row["key"] for row in of_day["nodes"]}
    assert {"milestone:hub-open", "milestone:hub-hall"} <= keys
    assert "milestone:hub-full" not in keys  # nothing of that day waits for it
    assert of_day["nodes"] == [row for row in whole["nodes"] if row["key"] in keys]
    assert all(row["said_on"] is None or row["said_on"] <= "2025-03-01" for row in of_day["nodes"])
    assert content["days_left_out"] == 0


def test_what_was_said_later_changes_no_network_of_an_earlier_day(later):
    before = {one["known_on"]: one for one in frozen_histories(KNOWN)["networks"]}
    promise(later.by, "hub-hall", "2025-12-01", "2029-12-31")
    after = {one["known_on"]: one for one in frozen_histories(KNOWN)["networks"]}
    assert {day: sha256_of(one) for day, one in before.items()} == {
        day: sha256_of(after[day]) for day in before
    }
    assert set(after) - set(before) == {"2025-12-01"}


def test_it_is_told_beside_the_class_with_its_n(later):
    run = run_request(by=later.by, kind="backtest", known_on=DAY, trials=500, seed=7)
    table = selectors.backtest_table(KNOWN)
    found = table.network
    assert (found.trials, found.seed, found.days_left_out) == (500, 7, 0)
    assert found.row("class").n == found.row("network").n == table.whole.n
    assert found.row("network.waiting").n >= 1
    opening = next(one for one in found.cases if one["key"] == "hub-open" and one["said"] == "2025-03-01")
    alone = next(one for one in table.cases if one["key"] == "hub-open" and one["said"] == "2025-03-01")
    assert opening["waits"] is True
    assert opening["quantiles"]["0.5"] >= alone["quantiles"]["0.5"]
    assert opening["chance"] <= alone["chance"] + 0.05
    again = backtest(unpack(Run.objects.get(code=run.code).content), settings=Settings(trials=500, seed=7))
    assert again["network"]["rows"] == backtest_rows(run.code)


def backtest_rows(code):
    """What the run kept of its networks."""
    return unpack(Run.objects.select_related("result").get(code=code).result.content)["network"]["rows"]


def test_the_same_ledger_freezes_the_same_input(later):
    assert sha256_of(frozen_histories(KNOWN)) == sha256_of(frozen_histories(KNOWN))


def test_by_the_auditors_clock_no_day_is_replayed(later):
    content = frozen_histories(AsKnown(timezone.localdate(), "recorded"))
    assert content["networks"] == []
    assert content["days_left_out"] > 0
    found = backtest(content)["network"]
    assert found["days"] == 0
    assert [row["n"] for row in found["rows"]] == [0] * 9


def test_an_older_input_without_networks_gives_none(later):
    content = {name: value for name, value in frozen_histories(KNOWN).items() if name != "networks"}
    assert backtest(content)["network"] is None


def test_only_what_both_told_is_scored(later):
    content = frozen_histories(KNOWN)
    histories = [_thaw(row) for row in content["histories"]]
    cases = replay(histories, DAY, USED)
    told = []
    found = replayed(content["networks"], cases, Settings(trials=100), told.append)
    assert {one.case.outcome.key for one in found} == {
        case.outcome.key for case in cases if case.judged is not None
    }
    assert told[-1] == 1.0
    silent = [replace(case, judged=None) for case in cases]
    assert replayed(content["networks"], silent, Settings(trials=100)) == []


def test_no_more_trials_than_there_is_time_for(later, monkeypatch):
    asked = []
    monkeypatch.setattr(
        replaying, "computed", lambda content, settings, **_more: asked.append(settings.trials) or EMPTY
    )
    content = frozen_histories(KNOWN)
    cases = replay([_thaw(row) for row in content["histories"]], DAY, USED)
    replayed(content["networks"], cases, Settings(trials=50_000))
    assert set(asked) == {replaying.TRIALS}


class EMPTY:
    """A result of nothing."""

    rows = ()


@pytest.mark.parametrize(
    ("days", "size", "chosen"),
    [
        (5, 10, [0, 1, 2, 3, 4]),
        (5, 10_000, [0, 2, 4]),
        (5, 1_000_000, [4]),
        (0, 10, []),
    ],
)
def test_days_are_spread_evenly_over_what_there_is_time_for(days, size, chosen):
    assert days_chosen(list(range(days)), size) == chosen
    assert len(days_chosen(list(range(500)), 1)) == replaying.MOST_DAYS


def test_a_row_is_judged_by_the_day_it_was_said():
    outcome = Observation(
        key="p",
        said=SAID,
        promised=dt.date(2025, 12, 31),
        until=dt.date(2026, 1, 10),
        done=True,
        path=("all",),
    )
    case = Case(
        key="m", said=SAID, promised=outcome.promised, class_code="all", class_n=3, class_events=2, holder="",
        judged=None, outcome=outcome,
    )  # fmt: skip
    row = {
        "p10": SAID + dt.timedelta(days=10), "p50": SAID + dt.timedelta(days=400), "p80": None,
        "beyond": ["p50", "p90"], "chance": 0.25,
    }  # fmt: skip
    judged = judged_row(row, case)
    assert judged.quantiles == {0.1: 10.0, 0.5: 400.0, 0.8: float(replaying.HORIZON_DAYS)}
    assert judged.bounds == {0.5}
    assert (judged.chance, judged.due_days, judged.outcome_days, judged.held) == (0.25, 305.0, 315.0, False)


def test_of_a_day_before_anything_was_said_nothing_is_frozen(country):
    assert frozen_upstream(AsKnown(dt.date(2000, 1, 1)), {"milestone:hub-open"})["nodes"] == []
