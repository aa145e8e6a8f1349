"""A facts file becomes typed rows; what breaks the format is told with line and field, the rest is read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torap.intake.readers.rows import MODEL_OF, ROW_MODELS, SECTIONS
from torap.intake.readers.yaml_rows import field_name, nearest, read_facts


def found(facts):
    return [(p.line, p.section, p.key, p.field, p.code) for p in facts.problems]


def test_the_good_sample_has_every_section_and_no_fault(good):
    facts = read_facts("good.yaml", good)
    assert facts.problems == []
    assert {row.section for row in facts.rows} == set(SECTIONS)
    assert facts.title.ru == "Малая страна"
    assert len(facts.rows) == sum(facts.counts.values())
    assert {row.invented for row in facts.rows} == {False}


def test_rows_know_file_line_and_key(good):
    row = next(row for row in read_facts("good.yaml", good).rows if row.ident == ("places", "hub"))
    assert row.file == "good.yaml"
    assert good.decode().splitlines()[row.line - 1].strip() == "- code: hub"
    problem = row.problem("any", "points", 0, "lat", severity="warning", value=1)
    assert (problem.field, problem.section, problem.key, problem.severity) == (
        "points[0].lat",
        "places",
        "hub",
        "warning",
    )
    assert "points:" in good.decode().splitlines()[problem.line - 1]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"- a\n- b\n", "no_mapping"),
        (b"title: x\n", "bad_format"),
        (b"format: torap-facts/9\n", "bad_format"),
        (b"format: torap-facts/1\ntitle: [x]\n", "bad_title"),
        (b"format: torap-facts/1\ninvented: maybe\n", "bad_invented"),
        (b"format: torap-facts/1\nclaims: []\nclaims: []\n", "duplicate_key"),
        (b"\x00\x01", "binary_file"),
    ],
)
def test_what_is_no_facts_file_is_refused_whole(content, code):
    facts = read_facts("x.yaml", content)
    assert [p.code for p in facts.problems] == [code]
    assert facts.unreadable
    assert facts.rows == []


def test_a_broken_row_leaves_the_others(sample):
    facts = read_facts("bad_rows.yaml", sample("bad_rows.yaml"))
    assert found(facts) == [
        (29, "claim", "", "", "unknown_section"),
        (4, "publishers", "gov", "class", "not_in_list"),
        (4, "publishers", "gov", "domain", "unknown_field"),
        (7, "sources", "s1", "published", "bad_date"),
        (9, "sources", "s2", "publisher", "field_missing"),
        (9, "sources", "s2", "published", "field_missing"),
        (11, "places", "hub", "type", "field_missing"),
        (12, "places", "hub", "points[0].lat", "out_of_range"),
        (14, "places", "", "", "fields_expected"),
        (15, "links", "", "", "list_expected"),
        (17, "claims", "c1", "", "low_above_high"),
        (18, "claims", "c2", "value", "number_expected"),
        (19, "claims", "c3", "unit", "duplicate_key"),
        (20, "claims", "c4", "", "bad_range"),
        (23, "promises", "p1", "", "as_said_missing"),
        (24, "promises", "p2", "promised", "interval_reversed"),
        (26, "instructions", "I-1", "deadline", "deadline_on"),
    ]
    assert [row.key for row in facts.rows] == ["c5"]
    assert ("claims", "c1") in facts.failed
    assert not facts.unreadable


def test_a_close_name_is_suggested(sample):
    facts = read_facts("bad_rows.yaml", sample("bad_rows.yaml"))
    hints = {
        p.params["name"]: p.params["nearest"] for p in facts.problems if {"name", "nearest"} <= set(p.params)
    }
    assert hints == {"claim": "claims", "domain": "domains"}
    assert nearest("khorgos_hb", ["khorgos_hub", "aktau"]) == "khorgos_hub"
    assert nearest("zzz", ["khorgos_hub"]) == ""


def test_the_invented_flag_reaches_every_row(write):
    facts = read_facts("x.yaml", write(invented=True, regions=[{"code": "KZ-33", "name": "A"}]))
    assert facts.rows[0].invented


def test_a_problem_survives_the_stored_report(sample):
    facts = read_facts("bad_rows.yaml", sample("bad_rows.yaml"))
    for problem in facts.problems:
        stored = json.loads(json.dumps(problem.as_dict()))
        again = type(problem).from_dict(stored)
        assert (again.line, again.code, again.field) == (problem.line, problem.code, problem.field)


def test_references_name_fields_and_sections_that_exist():
    for model in ROW_MODELS:
        for spec, section in model.refs:
            assert spec.split(".")[0].removesuffix("[]") in model.model_fields
            assert section == "subjects" or section in MODEL_OF
        assert set(model.one_text) <= set(model.model_fields)


def test_paths_read_as_people_write_them():
    assert field_name(("points", 2, "lat")) == "points[2].lat"
    assert field_name(()) == ""


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(SECTIONS), st.data())
def test_no_row_whatever_is_in_it_raises(section, data):
    names = [field.alias or name for name, field in MODEL_OF[section].model_fields.items()]
    row = data.draw(st.dictionaries(st.sampled_from(names) | st.text(max_size=6), VALUES, max_size=8))
    content = f"format: torap-facts/1\n{section}: {json.dumps([row, data.draw(VALUES)])}\n".encode()
    facts = read_facts("x.yaml", content)
    assert len(facts.rows) <= 2
    assert all(problem.line >= 1 for problem in facts.problems)


@pytest.mark.parametrize("value", ["[1]", "{a: 1}", "2025-01-01", "1" + "0" * 400, "text", "true"])
def test_a_tolerance_that_is_no_number_is_named(value):
    text = f"format: torap-facts/1\nattributes:\n  - {{code: a, name: A, kind: text, tolerance: {value}}}\n"
    found = read_facts("f.yaml", text.encode())
    assert [problem.field for problem in found.problems] == ["tolerance"]


@pytest.mark.parametrize(
    ("row", "field", "nearest", "known"),
    [
        (
            "{code: a, name: A, type: hub, points: [{latt: 1, lon: 2}]}",
            "points[0].latt",
            "lat",
            "lon",
        ),
        ("{code: a, name: A, type: hub, regoin: KZ-33}", "regoin", "region", "parent"),
    ],
)
def test_an_unknown_field_names_the_nearest_and_all_that_may_stand_there(row, field, nearest, known):
    found = read_facts("a.yaml", f"format: torap-facts/1\nplaces:\n  - {row}\n".encode()).problems
    (problem,) = [one for one in found if one.code == "unknown_field"]
    assert (problem.line, problem.field, problem.code) == (3, field, "unknown_field")
    assert problem.params["nearest"] == nearest
    assert known in problem.params["known"].split(", ")


def test_words_that_may_stand_are_listed_without_marks():
    text = b"format: torap-facts/1\nplaces:\n  - {code: a, name: A, type: hubb}\n"
    (problem,) = read_facts("a.yaml", text).problems
    assert problem.params["expected"].startswith("hub, sez, industrial_park")
    assert problem.params["nearest"] == "hub"
