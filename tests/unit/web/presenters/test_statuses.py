"""Every code of the rules has its words and a mark that can be drawn."""

import ast
import inspect

import pytest
from django.utils import translation

from torap.delivery.selectors import instructions
from torap.rules import claims
from torap.rules import statuses as rules
from torap.web.presenters import statuses
from torap.web.presenters.spans import span_words
from torap.web.templatetags.torap_ui import STATUS_LABELS


def _schedule_codes(module):
    """Literal codes given to ScheduleStatus(code=...), both arms of a condition."""
    found = set()
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ScheduleStatus":
            code = next(keyword.value for keyword in node.keywords if keyword.arg == "code")
            words = (n.value for n in ast.walk(code) if isinstance(n, ast.Constant))
            found |= {word for word in words if isinstance(word, str)}
    return found


def test_every_schedule_code_of_milestones_has_words():
    codes = _schedule_codes(rules)
    assert "late" in codes
    assert codes <= set(statuses.SCHEDULE), codes - set(statuses.SCHEDULE)


def test_every_schedule_code_of_instructions_has_words():
    codes = _schedule_codes(instructions)
    assert codes <= set(statuses.INSTRUCTION_SCHEDULE), codes - set(statuses.INSTRUCTION_SCHEDULE)


def test_every_said_state_has_words():
    assert set(statuses.SAID) == set(rules.PROGRESS) | {rules.NO_WORD}


def test_every_reason_of_the_choice_has_words():
    assert {"only_claim", "newer_period", *claims._STEPS} == set(statuses.CHOICE_REASONS)


@pytest.mark.parametrize(
    "table", [statuses.SAID, statuses.EVIDENCED, statuses.SCHEDULE, statuses.INSTRUCTION_SCHEDULE]
)
def test_marks_can_be_drawn(table):
    assert {mark for mark, _words in table.values()} <= set(STATUS_LABELS)


def test_notes_say_how_far_from_the_first_promise():
    with translation.override("en"):
        assert statuses.schedule_note("late", 143) == "first date passed 5 months ago"
        assert statuses.schedule_note("done_late", 143) == "later by 5 months"
        assert statuses.schedule_note("done_on_time", -1) == "earlier by 1 day"
        assert statuses.schedule_note("done_on_time", 0) == ""
        assert statuses.schedule_note("on_first_promise", -30) == "30 days left"
        assert statuses.schedule_note("no_promise", None) == ""


def test_a_shift_is_told_in_the_months_it_is_counted_in_elsewhere():
    with translation.override("en"):
        assert statuses.schedule_note("done_late", 525, 18) == "later by 18 months"
        assert statuses.schedule_note("done_on_time", -92, -3) == "earlier by 3 months"
        assert statuses.schedule_note("done_late", 40, 2) == "later by 40 days"
        assert statuses.schedule_note("done_late", 4018, 132) == "later by 11 years"


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "0 days"), (1, "1 day"), (59, "59 days"), (60, "2 months"), (700, "23 months"), (731, "2 years")],
)
def test_spans_are_said_in_the_largest_unit(days, words):
    with translation.override("en"):
        assert span_words(days) == words


def test_the_worst_mark_stands_for_a_place():
    assert statuses.worst_mark(["done_verified", "moved", "late"]) == "late"
    assert statuses.worst_mark([]) == "unknown"


def test_what_is_said_to_be_done_is_marked_so_and_not_late():
    assert statuses.held_mark("prove", "2025-01-01") == "done_said"
    assert statuses.held_mark("reach", "2025-01-01") == "no_evidence"
    assert statuses.held_mark("remove", None) == "unknown"
