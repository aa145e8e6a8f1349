"""Every refusal of the services has a sentence: the codes are read from the source, not from memory."""

import ast
import datetime as dt
from pathlib import Path

import pytest
from django.utils import translation

from torap.common import refusals
from torap.common.errors import BadInput, Conflict, NotFound
from torap.common.refusals import has_words
from torap.web.presenters import errors
from torap.web.presenters.errors import error_words, who_may_words

ROOMS = ("common", "ledger", "registry", "delivery", "intake", "publish", "web")
CLASSES = {"ApplicationError", "NotAllowed", "NotFound", "BadInput", "Conflict"}
SOURCE = Path(errors.__file__).resolve().parents[2]


def raised_codes():
    """Codes of all application errors made in the rooms, and where."""
    for room in ROOMS:
        for path in sorted((SOURCE / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                is_call = isinstance(node, ast.Call) and getattr(node.func, "id", "") in CLASSES
                if is_call and node.args:
                    yield from ((code, path) for code in _codes(node.args[0]))


def _codes(node):
    if isinstance(node, ast.Constant):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        first = node.values[0]
        assert isinstance(first, ast.Constant), "a code begins with a word one can find"
        yield f"{first.value}*"
    elif isinstance(node, ast.IfExp):
        yield from _codes(node.body)
        yield from _codes(node.orelse)


def capacity_codes():
    """A shortage of capacity reaches the page under the code of the rule."""
    tree = ast.parse((SOURCE / "rules" / "capacity.py").read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "code" and isinstance(node.value, ast.Constant):
            yield node.value.value


def test_every_code_raised_has_a_sentence():
    found = dict(raised_codes())
    assert len(found) > 60
    plain = {code for code in found if not code.endswith("*")} | set(capacity_codes())
    assert sorted(code for code in plain if not has_words(code)) == []
    built = {code for code in found if code.endswith("*")}
    assert built <= {"no_*", "invalid.*"}, "a new family of codes needs its sentences"


@pytest.mark.parametrize("code", [*refusals.SENTENCES, *(f"invalid.{name}" for name in refusals.INVALID)])
@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_sentences_never_fail_for_a_missing_value(code, language):
    with translation.override(language):
        words = error_words(BadInput(code, field="x"))
    assert words.text
    assert words.repair
    assert "%(" not in words.text + words.repair


def test_values_are_shown_as_the_reader_writes_them():
    with translation.override("en"):
        words = error_words(
            BadInput("not_later", field="new_deadline", day=dt.date(2025, 12, 1), due=dt.date(2025, 12, 20))
        )
        assert words.text == "1 Dec 2025 is not later than 20 Dec 2025."
        assert words.field == "new_deadline"
        assert error_words(BadInput("negative", value=-1500)).text == "−1,500 is below zero."


def test_what_is_not_found_is_named():
    with translation.override("en"):
        assert error_words(NotFound("no_place", value="atlantis")).text == "“atlantis” is not known here."


def test_an_unknown_code_is_named_not_hidden():
    with translation.override("en"):
        assert error_words(Conflict("100%_new")).text == "Refused: 100%_new."


def test_who_may_do_what_was_refused():
    with translation.override("en"):
        words = who_may_words("schedule.attach")
        assert words.startswith("Who may: Coordinator; of the body concerned: ")
        assert "Member of a body" in words
        assert who_may_words("instruction.add") == "Who may: Coordinator."
        assert who_may_words("nothing") == ""


def test_a_day_that_was_given_as_it_is_stored_is_told_as_pages_write_days():
    told = error_words(BadInput("done_already", field="node", value="Gate", day="2025-07-03")).text
    assert told == "“Gate” was reached on 3 Jul 2025."
    assert "soon" in error_words(BadInput("done_already", field="node", value="Gate", day="soon")).text
