"""Every finding the reader or the checks can make has a sentence and a repair."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

import torap.intake
from torap.common import refusals
from torap.intake.problems import Problem
from torap.intake.readers.yaml_rows import _CODES, _OWN
from torap.intake.sentences import REFUSED, SENTENCES, message, repair

ROOM = Path(torap.intake.__file__).parent
RAISERS = {"problem", "error", "warn", "UnreadableFile"}


def codes_in_the_code():
    """First argument of every call that makes a finding."""
    found = set(_CODES.values()) | _OWN
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in RAISERS and node.args and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
            found |= {
                k.value.value for k in node.keywords if k.arg == "code" and isinstance(k.value, ast.Constant)
            }
    return {code for code in found if isinstance(code, str) and re.fullmatch(r"[a-z0-9_]+", code)}


def test_every_code_has_a_sentence_and_a_repair():
    """Its own, or that of a form that is refused for the same."""
    told = SENTENCES.keys() | refusals.SENTENCES.keys()
    assert not codes_in_the_code() - told - {"error", "warning", REFUSED}


def test_no_sentence_without_a_code():
    assert SENTENCES.keys() - codes_in_the_code() <= {"bad_value", "duplicate_key", "fields_expected"}


def test_a_sentence_never_fails_for_what_it_misses():
    for code in SENTENCES.keys() | (codes_in_the_code() & refusals.SENTENCES.keys()):
        problem = Problem(file="a.yaml", line=1, code=code)
        assert message(problem)
        assert repair(problem)
        assert "%(" not in message(problem) + repair(problem)


def test_a_close_name_comes_first():
    params = {"value": "hubb", "target": "subjects", "nearest": "hub"}
    problem = Problem(file="a.yaml", line=1, code="unknown_reference", params=params)
    assert "hubb" in message(problem)
    assert repair(problem).startswith("Did you mean “hub”?")


def test_no_sentence_stands_in_both_tables():
    shared = SENTENCES.keys() & refusals.SENTENCES.keys()
    assert not [code for code in shared if SENTENCES[code] == refusals.SENTENCES[code]]


def test_an_unknown_code_is_still_told():
    assert "strange" in message(Problem(file="a", line=1, code="strange"))


@pytest.mark.parametrize("code", ["balance_negative", "invalid.max_length", "day_edited_already"])
@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_what_a_service_refused_is_told_in_its_own_words(code, language):
    params = {"refusal": code, "value": "12", "missing": "2", "on": "2026-03-01", "day": "2026-03-01"}
    problem = Problem(file="a.yaml", line=1, code=REFUSED, params=params)
    with translation.override(language):
        assert message(problem) != f"Refused: {code}."
        assert code not in message(problem)
        assert repair(problem)
