"""Every warning of an instruction's clock has a sentence."""

import ast
from pathlib import Path

from django.utils import translation

from torap.delivery.selectors import control
from torap.web.instructions.sentences import SHOWN_ELSEWHERE, WARNINGS, warning_words


def warning_codes():
    """All texts in the functions that make warnings."""
    tree = ast.parse(Path(control.__file__).read_text())
    makers = {"_warnings", "case_input", "_without_clock"}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name in makers:
            for node in ast.walk(function):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and "_" in node.value:
                    yield node.value


def test_every_warning_has_a_sentence():
    codes = set(warning_codes()) & {
        "receipt_assumed",
        "no_edition",
        "moved_twice",
        "rolled_forward",
        "past_due_not_binding",
        "extension_request_late",
        "below_minimum_term",
        "control_differs",
        "closing_ground_missing",
        "calendar_not_official",
        "asked_for_freshness",
        "deadline_not_known",
    }
    assert len(codes) == 12, "a warning was renamed: mend the sentences"
    assert codes <= set(WARNINGS) | SHOWN_ELSEWHERE


def test_a_parameter_the_law_does_not_know_is_named():
    with translation.override("en"):
        assert warning_words(["issuer_not_in_law", "rolled_forward"]) == [
            "A parameter the rules do not know was left out: issuer."
        ]


def test_a_warning_is_said_once():
    assert len(warning_words(["no_edition", "no_edition"])) == 1
