"""Targets that several works add up to: the arithmetic of the trials, and a run from ledger to answer."""

import datetime as dt

import numpy as np
import pytest

from torap.countries.targets import Figure, TargetPart, TargetRule
from torap.registry import services as registry
from torap.runs import selectors
from torap.runs.adapters import targets
from torap.runs.adapters.plan_parts import end_of_day
from torap.runs.adapters.targets import target_nodes, target_rows
from torap.runs.services import run_request

BY = dt.date(2027, 12, 31)
END = end_of_day(BY)


def frozen(*parts, aim=5.0, base=1.0):
    rows = [{"nodes": list(nodes), "adds": adds, "why": ["", "", ""]} for nodes, adds in parts]
    return {"code": "t", "aim": aim, "base": base, "by": BY.isoformat(), "parts": rows}


def test_a_part_is_there_once_all_its_nodes_are_reached_by_the_day():
    finishes = {"a": np.array([END, END, END + 1, END - 9]), "b": np.array([END, END + 1, END, END])}
    (row,) = target_rows([frozen((("a", "b"), 4.0))], finishes, 4)
    assert row["expected"] == 1.0 + 4.0 * 2 / 4
    assert row["chance"] == 0.5
    assert row["named"] == 5.0
    assert row["parts"] == [{"nodes": ["a", "b"], "adds": 4.0, "chance": 0.5}]
    assert (row["half"], row["four"]) == (5.0, 1.0)


def test_the_expected_sum_is_what_each_adds_as_often_as_it_is_reached():
    rng = np.random.Generator(np.random.PCG64(3))
    finishes = {name: END + rng.integers(-500, 500, 2_000) for name in "abc"}
    adds = dict(zip("abc", (2.0, 3.0, 7.0), strict=True))
    (row,) = target_rows([frozen(*(((name,), adds[name]) for name in "abc"))], finishes, 2_000)
    chances = {name: float((finishes[name] <= END).mean()) for name in "abc"}
    assert row["expected"] == pytest.approx(1.0 + sum(adds[name] * chances[name] for name in "abc"), abs=1e-5)
    assert row["four"] <= row["half"] <= row["named"]


def test_what_cannot_be_told_adds_nothing_and_has_no_chance():
    (row,) = target_rows([frozen((("a",), 4.0), (("gone",), 2.0))], {"a": np.array([END])}, 1)
    assert [part["chance"] for part in row["parts"]] == [1.0, None]
    assert (row["expected"], row["named"]) == (5.0, 7.0)
    assert target_nodes([frozen((("a",), 4.0), (("gone", "b"), 2.0))]) == {"a", "gone", "b"}


RULES = (
    TargetRule(
        code="hall_and_more",
        subject="hub",
        unit="projects",
        counts=("Halls", "Залы", "Залдар"),
        aim=Figure(claim="aim"),
        base=Figure(number=1.0),
        milestone="hub-full",
        parts=(
            TargetPart(nodes=("milestone:hub-hall",), adds=Figure(claim="aim", less="now"), why=("", "", "")),
            TargetPart(nodes=("milestone:moon",), adds=Figure(number=9.0), why=("", "", "")),
        ),
    ),
    TargetRule(
        code="nobody_named_it",
        subject="hub",
        unit="projects",
        counts=("x", "x", "x"),
        aim=Figure(claim="none"),
        base=None,
        milestone="hub-full",
        parts=(),
    ),
)


@pytest.fixture
def aimed(country, monkeypatch):
    """The hub with two claims, and two targets of which nobody named the second."""
    by = country.by
    registry.attribute_save(by=by, code="halls", name="Halls", kind="number", unit="projects")
    for key, value in (("aim", 3), ("now", 1)):
        registry.claim_add(
            by=by, key=key, subject="hub", attribute="halls", value=value, unit="projects",
            source="paper", said=dt.date(2025, 1, 1), scope=key,
        )  # fmt: skip
    monkeypatch.setattr(targets, "load_targets", lambda _country: RULES)
    return country


@pytest.mark.django_db
def test_a_run_tells_its_targets_and_a_what_if_moves_them(aimed):
    run = run_request(by=aimed.by, known_on=aimed.day, trials=500, seed=7)
    (line,) = selectors.target_list(aimed.known)
    assert (line.code, line.aim, line.named, line.by) == ("hall_and_more", 3.0, 3.0, dt.date(2028, 12, 31))
    assert len(line.parts) == 1, "a part of the network nobody knows of is left out"
    chance = line.parts[0].chance
    assert line.expected == pytest.approx(1.0 + 2.0 * chance, abs=1e-5)
    assert line.chance == chance
    late = [{"op": "delay", "node": "milestone:hub-hall", "days": 3_000}]
    answer = selectors.scenario_answer(run.code, late)
    (moved,) = answer.targets
    assert moved.after.chance == 0.0
    assert moved.expected_change == pytest.approx(-2.0 * chance, abs=1e-5)
    assert answer.counts["target"] == 1
    still = selectors.scenario_answer(run.code, [{"op": "delay", "node": "milestone:hub-full", "days": 9}])
    assert still.targets == ()


@pytest.mark.django_db
def test_targets_are_compared_with_a_run_of_a_month_before(aimed):
    assert selectors.target_shifts_since(aimed.known) is None
    run_request(by=aimed.by, known_on=aimed.day, trials=500, seed=7)
    assert selectors.target_shifts_since(aimed.known) is None
    before = aimed.day - dt.timedelta(days=40)
    run_request(by=aimed.by, known_on=before, trials=500, seed=7)
    day, (shift,) = selectors.target_shifts_since(aimed.known)
    assert day == before
    assert shift.after == selectors.target_list(aimed.known)[0]
    assert shift.before.code == shift.after.code
    assert shift.before.expected != shift.after.expected


@pytest.mark.django_db
def test_a_run_is_not_compared_with_itself_however_old(aimed):
    run_request(by=aimed.by, known_on=aimed.day - dt.timedelta(days=40), trials=500, seed=7)
    assert selectors.target_list(aimed.known)
    assert selectors.target_shifts_since(aimed.known) is None


@pytest.mark.django_db
def test_shifts_are_counted_trial_by_trial(aimed):
    run = run_request(by=aimed.by, known_on=aimed.day, trials=500, seed=7)
    answer = selectors.scenario_answer(run.code, [{"op": "delay", "node": "milestone:hub-hall", "days": 30}])
    moved = {row.key: row for row in answer.moved}
    assert moved["milestone:hub-hall"].mean_days == 30.0
    assert moved["milestone:hub-hall"].moved_share == 1.0
    waits = moved["milestone:hub-open"]
    assert 0 < waits.mean_days <= 30
    assert 0 < waits.moved_share <= 1
