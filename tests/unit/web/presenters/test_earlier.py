"""A chance stands only beside the promise it is the chance of."""

import dataclasses
import datetime as dt
from types import SimpleNamespace

import pytest
from django.utils import translation

from torap.rules.known import AsKnown
from torap.runs.model_plan import GanttRow
from torap.runs.selectors import Spread
from torap.web.forecast import detail, plans
from torap.web.presenters import earlier, forecasts
from unit.web.presenters import lines

D = dt.date
KNOWN = AsKnown(D(2025, 12, 15))
LINE = dataclasses.replace(
    lines.LINE, key="milestone:hub-complete", code="hub-complete", name="Hub complete", due=D(2025, 12, 31)
)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def words(**changes):
    return forecasts.forecast_words(dataclasses.replace(LINE, **changes), KNOWN)


def test_a_forecast_of_the_day_in_force_is_told_as_it_is():
    found = words()
    assert earlier.against(found, LINE.due) is found
    done = words(basis="done", done_on=D(2025, 11, 1))
    assert earlier.against(done, D(2026, 12, 31)) is done
    undated = words(due=None, chance=None)
    assert earlier.against(undated, D(2026, 12, 31)) is undated, "it never had a chance to keep a day"


def test_what_could_not_be_foretold_says_when_the_run_did_not_know_the_day():
    nothing = words(basis="none", due=None, chance=None)
    found = earlier.against(nothing, D(2026, 12, 31))
    assert found.sentence.startswith(nothing.sentence)
    assert found.sentence.endswith(
        "The run did not know the day in force now, 31 Dec 2026; the next one does."
    )
    assert earlier.against(nothing, None) is nothing


@pytest.mark.parametrize("due", [D(2026, 12, 31), None])
def test_a_chance_of_an_earlier_promise_is_told_as_that(due):
    found = earlier.against(words(), due)
    assert (found.chance, found.share, found.mark) == ("", None, "unknown")
    assert found.earlier == "no chance: computed for another day, 31 Dec 2025"
    assert "12 of 100 keep the promised day" not in found.sentence
    assert "another day was in force, 31 Dec 2025: 12 of 100 keep that one" in found.sentence
    assert found.sentence.startswith("Half of the trials end by the end of March 2028")
    silent = earlier.against(words(chance=None), due)
    assert silent.sentence.endswith("It was computed when another day was in force, 31 Dec 2025.")


def test_a_promise_that_will_break_says_when_it_is_no_longer_the_one_in_force():
    assert earlier.replaced(LINE, {}) == ""
    assert earlier.replaced(LINE, {LINE.key: LINE.due}) == ""
    assert earlier.replaced(LINE, {LINE.key: D(2026, 12, 31)}).endswith("now 31 Dec 2026 is in force")
    assert earlier.replaced(LINE, {LINE.key: None}).endswith("none is in force now")


def test_the_days_of_milestones_are_those_of_their_present_promises():
    rows = [
        SimpleNamespace(code="a", current_latest=D(2026, 1, 1)),
        SimpleNamespace(code="b", current_latest=None),
    ]
    assert earlier.milestone_dues(rows) == {"milestone:a": D(2026, 1, 1), "milestone:b": None}


def test_a_drawing_says_that_its_promise_is_an_earlier_one():
    spread = Spread(key=LINE.key, run="r", bins=(), beyond=1.0)
    now, then = words(), earlier.against(words(), D(2026, 12, 31))
    assert detail.spread_chart(spread, now)["labels"]["due"] == "promised"
    assert detail.spread_chart(spread, then)["labels"]["due"] == "promised when the run was made"


def test_a_plan_has_the_days_in_force_and_no_chance_of_another():
    bar = GanttRow(
        key=LINE.key, name="Hub", kind="milestone", start=None, first_due=None, due=LINE.due, done_on=None,
        p10=None, p50=None, p80=None, chance=0.5, basis="class", holder=None, after=(), driving=False,
    )  # fmt: skip
    kept, moved = plans._in_force(bar, LINE.due), plans._in_force(bar, D(2026, 12, 31))
    assert kept is bar
    assert (moved.due, moved.known_due, moved.chance) == (D(2026, 12, 31), LINE.due, None)
    reached = dataclasses.replace(bar, basis="done")
    assert plans._in_force(reached, D(2026, 12, 31)) is reached


def test_what_a_page_has_read_already_is_not_read_again():
    milestone = SimpleNamespace(code="hub-complete", current=SimpleNamespace(latest=D(2027, 1, 1)))
    duty = SimpleNamespace(code="order-1", control=SimpleNamespace(due=None))
    states = SimpleNamespace(milestones=(milestone,), instructions=(duty,))
    order = dataclasses.replace(LINE, key="instruction:order-1", kind="instruction")
    found = earlier.present_dues([LINE, order], KNOWN, states)
    assert found == {LINE.key: D(2027, 1, 1), "instruction:order-1": None}
    of_the_day = dataclasses.replace(LINE, known_on=KNOWN.day)
    assert earlier.present_dues([of_the_day], KNOWN) == {}
