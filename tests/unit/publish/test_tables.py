"""Downloads: spreadsheets must not run what people typed, and nothing unknown may turn into zero."""

import csv
import datetime as dt
import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torap.publish import cells, tables


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_what_begins_like_a_formula_is_made_harmless(text):
    assert tables.cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-3", "+12.5", "-0,7", "12%", "a=b", "Ақтау", ""])
def test_numbers_and_words_stay_as_they_are(text):
    assert tables.cell(text) == text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (0, "0"),
        (-5, "-5"),
        (True, "true"),
        (False, "false"),
        (Decimal("240000.000000"), "240000"),
        (Decimal("1E+6"), "1000000"),
        (Decimal("-0.50"), "-0.5"),
        (dt.date(2025, 12, 20), "2025-12-20"),
        (["a", None, 2], "a; ; 2"),
        (["=a"], "'=a"),
    ],
)
def test_values_are_plain(value, shown):
    assert tables.cell(value) == shown


def test_response_names_the_file_and_carries_a_byte_order_mark():
    response = tables.csv_response("promises of/Ақтау", ("code", "name"), [("a", "Ақтау, «порт»")])
    assert response["Content-Disposition"] == 'attachment; filename="torap-promises-of.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows == [["code", "name"], ["a", "Ақтау, «порт»"]]


def test_file_name_without_letters_still_is_a_name():
    assert tables.file_name("…") == "torap-table.csv"


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="row of 1 cells"):
        tables.csv_text(("a", "b"), [("x",)])


@given(st.text())
def test_no_cell_begins_like_a_formula_unless_it_is_a_number(text):
    shown = tables.cell(text)
    assert not shown.startswith(cells.FORMULA_SIGNS) or cells.harmless(shown) == shown
    assert shown.endswith(text)


def test_the_same_table_is_a_list_of_objects_in_json():
    answer = tables.json_response("dates", ("key", "day"), [("a", dt.date(2026, 1, 2)), ("b", None)])
    assert answer["Content-Disposition"] == 'attachment; filename="torap-dates.json"'
    assert json.loads(answer.content) == [{"key": "a", "day": "2026-01-02"}, {"key": "b", "day": None}]


def test_a_file_is_given_only_where_one_is_asked_for():
    for kind, start in (("csv", b"\xef\xbb\xbfkey"), ("json", b"[")):
        answer = tables.download(kind, "dates", ("key",), [("a",)])
        assert answer is not None
        assert answer.content.startswith(start)
    assert tables.download(None, "dates", ("key",), []) is None
    assert tables.download("xml", "dates", ("key",), []) is None
