"""Every reason the engine can give has a sentence, and sentences are filled with words, not with codes."""

import ast
import datetime as dt
import re
from pathlib import Path

import pytest
from django.utils import translation

from torap.countries import load_calendar_edits, load_procedures, load_rates
from torap.rules.calendar import build_calendar
from torap.rules.obligations.engine import evaluate
from torap.rules.obligations.model import Event, Reason
from torap.web.law import sentences
from torap.web.law.sentences import SENTENCES, kind_of, reason_lines, sentence

SOURCE = Path(sentences.__file__).resolve().parents[2]
FILES = [
    *sorted((SOURCE / "rules" / "obligations").glob("*.py")),
    *sorted((SOURCE / "rules" / "decisions").glob("*.py")),
    SOURCE / "delivery" / "selectors" / "control.py",
]
# Codes built from a part that stands in a law file or follows from a verdict, spelled out.
BUILT = {
    "extension_request_{value}": {"extension_request_in_time", "extension_request_late"},
    "co_executor_{value}": {"co_executor_agreed_by_default", "co_executor_not_agreed_by_silence"},
    "note_{note}": set(),
    "silence_{row.silence}": set(),
}
VARIANTS = {
    "cost_compared": ("above", "equal", "below"),
    "share_compared": ("at_most", "at_least"),
    "received_outside_working_time": ("", "hours_not_stated"),
}


def _strings(node):
    """Every text a code may be, of a constant, a conditional or an f-string."""
    if isinstance(node, ast.Constant):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _strings(node.body)
        yield from _strings(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(
            part.value if isinstance(part, ast.Constant) else f"{{{ast.unparse(part.value)}}}"
            for part in node.values
        )


def engine_codes():
    """The codes of all reasons made in the engine's files, with names followed within their function."""
    found = set()
    for path in FILES:
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                found |= _codes_of(function)
    built = (BUILT[code] for code in found if "{" in code)
    return {code for code in found if "{" not in code}.union(*built)


def _codes_of(function):
    named, found = {}, set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for name, value in _pairs(target, node.value):
                    named.setdefault(name, set()).update(_strings(value))
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reason":
            code = next(word.value for word in node.keywords if word.arg == "code")
            found |= set(_strings(code)) or named.get(getattr(code, "id", ""), set())
    return found


def _pairs(target, value):
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for name, item in zip(target.elts, value.elts, strict=True):
            yield from _pairs(name, item)


def law_codes():
    """Notes, meanings of silence and case codes named in the law files."""
    found = set()
    for procedure in load_procedures().values():
        for edition in procedure.editions:
            for row in edition.obligations:
                found |= {f"note_{note}" for note in row.notes}
                found |= {f"silence_{row.silence}"} if row.silence else set()
                found |= {variant.code for variant in row.variants if variant.code}
    return found


def keys(code):
    parts = VARIANTS.get(code)
    return {code} if parts is None else {f"{code}.{part}" if part else code for part in parts}


def test_every_code_of_the_engine_has_a_sentence():
    codes = engine_codes() | law_codes()
    assert len(codes) > 90
    wanted = set().union(*(keys(code) for code in codes))
    assert sorted(wanted - set(SENTENCES)) == []


def test_no_sentence_is_for_a_code_nobody_gives():
    known = set().union(*(keys(code) for code in engine_codes() | law_codes()))
    beside = {"not_in_law", "receipt_assumed"}  # said by this file itself, and by an instruction's clock
    assert sorted(set(SENTENCES) - known - beside) == []


def test_how_a_reason_is_drawn_is_named_for_codes_that_exist():
    known = {key.split(".")[0] for key in SENTENCES}
    assert known >= sentences.SKIPPED | sentences.RESULTS | sentences.WARNINGS
    assert kind_of("skipped_day") == "skipped"
    assert kind_of("limit") == "rule"


def _evaluations():
    calendar = build_calendar(load_calendar_edits(), known_on=dt.date(2026, 6, 1))
    for procedure in load_procedures().values():
        for edition in procedure.editions:
            start = max(edition.valid_from or dt.date.min, dt.date(2026, 1, 12))
            start = min(start, edition.valid_to or dt.date.max)
            events = [
                Event(name=name, on=start + dt.timedelta(days=3 * place))
                for place, name in enumerate(edition.events)
            ]
            for chosen in ([], events[:1], events[:3], events):
                yield evaluate(edition, chosen, calendar, known_on=dt.date(2026, 6, 1), rates=load_rates())


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_every_reason_of_every_procedure_reads_as_words(language):
    seen = set()
    with translation.override(language):
        for found in _evaluations():
            reasons = [reason for clock in found.clocks for reason in clock.reasons]
            reasons += [reason for finding in found.findings for reason in finding.reasons]
            reasons += found.notes
            for line in reason_lines(reasons, found.edition):
                seen.add(line["code"])
                assert line["text"]
                assert "%(" not in line["text"]
                assert "_" not in re.sub(r"https?://\S+", "", line["text"]), line
    assert len(seen) > 35


def test_days_are_written_as_the_reader_writes_them():
    reason = Reason(
        code="skipped_day",
        params={"reason": "shifted_holiday:nauryz", "source": "S45", "title": ""},
        day=dt.date(2025, 3, 24),
    )
    with translation.override("en"):
        assert sentence(reason) == "24 Mar 2025 is not counted: day off for Nauryz, which fell on a weekend."
    with translation.override("ru"):
        assert "24 мар" in sentence(reason)
        assert "Наурыз" in sentence(reason)


def test_a_code_without_a_sentence_is_shown_not_hidden():
    assert sentence(Reason(code="something_new")) == "something new"


def test_a_rule_no_act_gives_says_so():
    reason = Reason(code="trigger_day_not_counted", params={"in_law": False}, day=dt.date(2026, 3, 3))
    with translation.override("en"):
        assert sentence(reason).endswith("it is the default of this system.")


def test_percent_and_money_are_readable():
    with translation.override("en"):
        text = sentence(Reason(code="share_of_cost", params={"pct": 10}))
        assert text == "10 % of the cost."
