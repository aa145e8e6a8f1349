"""A file is text in UTF-8, of a sensible size and depth, without tricks; every value knows its line."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torap.intake.problems import UnreadableFile
from torap.intake.readers import nodes
from torap.intake.readers.nodes import MAX_BYTES, MAX_DEPTH, decode, parse


def fault(content: bytes) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        parse(decode(content))
    return caught.value


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"x" * (MAX_BYTES + 1), "file_too_large", 1),
        (b"PK\x03\x04rest", "binary_file", 1),
        (b"%PDF-1.7", "binary_file", 1),
        (b"a: 1\nb: \x00\n", "binary_file", 2),
        ("a: ж".encode("utf-16"), "not_utf8", 1),
        ("a: 1\nb: Қорғас".encode("cp1251", "replace") + b"\xff", "not_utf8", 2),
        (b"a: 1\nb:\n\t- c\n", "tab", 3),
        (b"a: [1, 2\nb: 3\n", "bad_yaml", 2),
        (b"a: 'open\n", "bad_yaml", 2),
        (b"a: \x07\n", "bad_character", 1),
        (b"a: &x [1]\nb: *x\n", "alias", 1),
        (b"a: 1\nb: *x\n", "alias", 2),
        (b"a: !!python/object/apply:os.system ['true']\n", "tag", 1),
        (b"a: 1\n---\nb: 2\n", "many_documents", 2),
        (b"? [1, 2]\n: 3\n", "bad_key", 1),
        (b"", "empty_file", 1),
        (b"# only a comment\n", "empty_file", 1),
        (b"a: " + b"[" * (MAX_DEPTH + 2), "too_deep", 1),
        (b"a: " + b"x" * 20_001, "text_too_long", 1),
    ],
)
def test_a_hostile_file_is_refused_with_its_line(content, code, line):
    error = fault(content)
    assert (error.code, error.line) == (code, line)


def test_a_bomb_of_aliases_is_refused_at_once():
    lines = ["a: &a [x, x]"] + [
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]" for i in range(20)
    ]
    assert fault("\n".join(lines).encode()).code == "alias"


def test_deep_nesting_is_refused_without_deep_recursion():
    started = time.process_time()
    assert fault(b"[" * 1_000_000).code == "too_deep"
    assert fault(b"{a: " * 200_000).code == "too_deep"
    assert time.process_time() - started < 5


def test_many_values_are_refused(monkeypatch):
    monkeypatch.setattr(nodes, "MAX_NODES", 100)
    assert fault(b"a: [" + b"1, " * 200 + b"1]").code == "too_many_values"


def test_a_byte_order_mark_is_no_fault():
    assert parse(decode(b"\xef\xbb\xbfa: 1\n")).plain() == {"a": 1}


def test_values_are_read_as_written():
    text = """
    no: NO
    yes: yes
    day: 2025-11-26
    month: 2025-07
    year: 2025
    exact: 0.10
    big: 1500000000
    small: -3
    sci: 1.5e3
    octal: 010
    quoted: "12"
    truth: true
    nothing: null
    empty:
    list: [1, a]
    """
    assert parse(text).plain() == {
        "no": "NO",
        "yes": "yes",
        "day": "2025-11-26",
        "month": "2025-07",
        "year": 2025,
        "exact": Decimal("0.10"),
        "big": 1_500_000_000,
        "small": -3,
        "sci": Decimal("1.5e3"),
        "octal": "010",
        "quoted": "12",
        "truth": True,
        "nothing": None,
        "empty": None,
        "list": [1, "a"],
    }


def test_field_names_stay_words():
    assert set(parse("no: 1\ntrue: 2\n1: 3\n2025-01-01: 4\n").value) == {"no", "true", "1", "2025-01-01"}


def test_every_value_knows_its_line():
    root = parse("a:\n  - b: 1\n    c:\n      d: 2\n  - x\n")
    assert root.line_at(("a", 0, "b")) == 2
    assert root.line_at(("a", 0, "c", "d")) == 4
    assert root.line_at(("a", 1)) == 5
    # what is not there is told at the nearest thing around it
    assert root.line_at(("a", 0, "missing")) == 2
    assert root.line_at(("a", 7)) == 2
    assert root.line_at(("a", "word")) == 2


def test_a_key_written_twice_is_noted_however_deep():
    root = parse("a: {b: 1, b: 2}\nc: [{d: 1, e: 2, d: 3}]\n")
    assert list(root.all_repeated()) == [("b", 1), ("d", 2)]


def refusal_line(run):
    """The line of the refusal, or 1 when there was none; any other error goes through."""
    try:
        run()
    except UnreadableFile as error:
        return error.line
    return 1


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(content):
    assert refusal_line(lambda: parse(decode(content))) >= 1


@given(st.text(max_size=200))
def test_no_text_raises_anything_else(text):
    assert refusal_line(lambda: parse(text)) >= 1
