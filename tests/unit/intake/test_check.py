"""Rows are checked against each other: references, units, periods, dates, ids; a bad one falls alone."""

from __future__ import annotations

import datetime as dt
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torap.intake.check import check_files, fingerprint
from torap.intake.known import AttributeFact, Known
from torap.intake.readers.values import Interval
from torap.intake.readers.yaml_rows import read_facts

TODAY = dt.date(2026, 6, 1)


@pytest.fixture
def check(write):
    """Checks sections given as keywords, or several files given as dicts."""

    def run(*files, known=None, **sections):
        contents = [write(**one) for one in (files or (sections,))]
        read = [read_facts(f"{number}.yaml", content) for number, content in enumerate(contents)]
        return check_files(read, known or Known(), today=TODAY)

    return run


def codes(checked, key=None):
    return [p.code for p in checked.problems if key is None or p.key == key]


def claim(**fields):
    return {
        "id": "c",
        "subject": "hub",
        "attribute": "area",
        "value": 5,
        "unit": "ha",
        "source": "s1",
    } | fields


def one(check, base, section, row):
    """The findings about one row added to sound ones."""
    checked = check(**base | {section: [row]})
    assert {p.section for p in checked.problems} <= {section}
    return [(p.field, p.code) for p in checked.problems]


def test_the_good_sample_is_sound(good):
    checked = check_files([read_facts("good.yaml", good)], Known(), today=TODAY)
    assert checked.problems == []
    assert checked.refused == 0
    assert len(checked.rows) == 40


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"unit": "km2"}, []),
        ({"value": {"low": 1, "high": 2}}, []),
        ({"value": None}, [("value", "number_missing")]),
        ({"text": "five"}, [("text", "value_and_text")]),
        ({"unit": "km"}, [("unit", "unit_not_convertible")]),
        ({"unit": "hectars"}, [("unit", "unknown_unit")]),
        ({"unit": ""}, [("unit", "unit_missing")]),
        ({"subject": "hob"}, [("subject", "unknown_reference")]),
        ({"attribute": "areas"}, [("attribute", "unknown_reference")]),
        ({"source": "s9"}, [("source", "unknown_reference")]),
        ({"corrects": "c"}, [("corrects", "refers_to_itself")]),
        ({"corrects": "gone"}, [("corrects", "unknown_reference")]),
        ({"attribute": "cost", "unit": "mn USD"}, []),
        ({"attribute": "cost", "unit": "ha"}, [("unit", "unit_not_money")]),
        ({"attribute": "status", "value": None, "unit": "", "text": "built"}, []),
        ({"attribute": "status", "unit": ""}, [("text", "text_missing"), ("value", "value_and_text")]),
        ({"said": "2025-11-26"}, []),
        ({"said": "2025-11-25"}, [("said", "said_before_source")]),
        ({"said": "2025-12-01"}, [("said", "said_after_source")]),
        ({"said": "2025-12-01", "derived": True}, []),
        ({"said": "2027"}, [("said", "in_future")]),
    ],
)
def test_claims(check, base, change, expected):
    assert one(check, base, "claims", claim(**change)) == expected


def test_a_warning_keeps_no_row_out(check, base):
    checked = check(**base, claims=[claim(said="2025-11-01")])
    assert [p.severity for p in checked.problems] == ["warning"]
    assert checked.refused == 0
    assert not checked.errors


def test_the_unit_of_an_indicator_counts_where_the_attribute_has_none(check, base):
    base["attributes"].append({"code": "value", "name": "Value", "kind": "number"})
    base["indicators"] = [{"code": "teu", "name": "Containers", "unit": "TEU"}]
    assert one(check, base, "claims", claim(subject="teu", attribute="value", unit="thousand TEU")) == []
    wrong = claim(subject="teu", attribute="value", unit="ha")
    assert one(check, base, "claims", wrong) == [("unit", "unit_not_convertible")]


@pytest.mark.parametrize(
    ("section", "row", "expected"),
    [
        ("indicators", {"code": "i", "name": "I", "unit": "TUE"}, [("unit", "unknown_unit")]),
        ("sources", {"id": "s", "publisher": "gov", "published": "2024"}, [("url", "source_unnamed")]),
        (
            "sources",
            {"id": "s", "publisher": "gov", "published": "2027", "title": "T"},
            [("published", "in_future")],
        ),
        (
            "sources",
            {"id": "s", "publisher": "gov", "published": "2024", "url": "https://other.example/x"},
            [("url", "domain_of_another")],
        ),
        (
            "sources",
            {"id": "s", "publisher": "gov", "published": "2024", "url": "https://sub.gov.example/x"},
            [],
        ),
        (
            "calendar_edits",
            {
                "day": "2026-08-30",
                "working": True,
                "known_from": "2026-07-01",
                "kind": "edit",
                "title": "T",
                "source_title": "S",
            },
            [("known_from", "in_future")],
        ),
    ],
)
def test_other_sections(check, base, section, row, expected):
    rows = [*base.pop(section, []), row]
    checked = check(**base, **{section: rows})
    assert [(p.field, p.code) for p in checked.problems] == expected


MILESTONE = {"code": "m", "subject": "hub", "name": "Open", "type": "open"}


@pytest.mark.parametrize(
    ("promised", "latest"),
    [
        ("Q2 2026", dt.date(2026, 6, 30)),
        ("by 2030", dt.date(2030, 12, 31)),
        ("2027", dt.date(2027, 12, 31)),
        ({"to": "2027-03"}, dt.date(2027, 3, 31)),
    ],
)
def test_promises_are_read_as_periods(check, base, promised, latest):
    row = {"id": "p", "milestone": "m", "promised": promised, "as_said": "as said", "source": "s1"}
    checked = check(**base, milestones=[MILESTONE], promises=[row])
    assert checked.problems == []
    resolved = next(r.resolved for r in checked.rows if r.section == "promises")
    assert resolved["latest"] == latest
    assert resolved["said"] == Interval(start=dt.date(2025, 11, 26), end=dt.date(2025, 11, 26))


@pytest.mark.parametrize("promised", ["2019", {"to": "2025-03"}])
def test_a_period_that_had_ended_is_no_promise(check, base, promised):
    row = {"id": "p", "milestone": "m", "promised": promised, "as_said": "as said", "source": "s1"}
    assert codes(check(**base, milestones=[MILESTONE], promises=[row])) == ["promised_past"]


def test_a_period_that_cannot_be_read_is_told(check, base):
    row = {"id": "p", "milestone": "m", "promised": "when it rains", "source": "s1"}
    checked = check(**base, milestones=[MILESTONE], promises=[row])
    assert codes(checked) == ["bad_period"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"state": "done", "done_on": "2025-11"}, []),
        ({"state": "under_way", "done_on": "2025-11"}, ["done_on_without_done"]),
        ({"state": "done", "done_on": "2026-02"}, ["done_after_said"]),
    ],
)
def test_reports_tell_the_past(check, base, change, expected):
    row = {"id": "r", "milestone": "m", "source": "s1"} | change
    assert codes(check(**base, milestones=[MILESTONE], reports=[row])) == expected


def test_without_a_source_an_event_was_known_when_it_happened(check, base):
    body = {"code": "body", "name": "Body", "type": "ministry"}
    order = {
        "code": "I-1",
        "text": "Do",
        "issuer": "minister",
        "given": "2025-11-25",
        "deadline": {"kind": "none"},
        "source": "s1",
    }
    event = {"id": "e", "instruction": "I-1", "type": "received", "happened": "2025-11-27"}
    checked = check(**base, organisations=[body], instructions=[order], instruction_events=[event])
    assert checked.problems == []
    assert next(r for r in checked.rows if r.key == "e").resolved["said"].start == dt.date(2025, 11, 27)
    late = event | {"happened": "2026-12-01"}
    assert "in_future" in codes(check(**base, instructions=[order], instruction_events=[late]))


def test_an_unknown_name_gets_the_nearest_one(check, base):
    checked = check(**base, claims=[claim(subject="hubb")])
    assert checked.problems[0].params["nearest"] == "hub"


def test_what_leans_on_a_bad_row_falls_with_it_and_nothing_else(check, base):
    base["places"].append({"code": "other", "name": "Other", "type": "hub", "parent": "nowhere"})
    checked = check(
        **base,
        milestones=[MILESTONE | {"code": "bad", "subject": "other"}, MILESTONE],
        promises=[
            {"id": "p1", "milestone": "bad", "promised": "2027", "source": "s1"},
            {"id": "p2", "milestone": "m", "promised": "2027", "source": "s1"},
        ],
        claims=[claim(subject="other"), claim(id="c2")],
    )
    assert {p.key: p.code for p in checked.problems} == {
        "other": "unknown_reference",
        "bad": "depends_on_failed",
        "p1": "depends_on_failed",
        "c": "depends_on_failed",
    }
    assert {"m", "p2", "c2", "hub"} <= {row.key for row in checked.rows}
    assert checked.refused == 4


def test_rows_of_a_row_that_could_not_be_read_say_so(check, base):
    base["places"] = [{"code": "hub", "name": "Hub", "type": "castle"}]
    checked = check(**base, claims=[claim()])
    assert {p.key: p.code for p in checked.problems} == {"hub": "not_in_list", "c": "depends_on_failed"}


def test_what_the_database_holds_does_not_fall(check, base):
    base["places"] = [{"code": "hub", "name": "Hub", "type": "castle"}]
    checked = check(**base, claims=[claim()], known=Known(codes={"places": frozenset({"hub"})}))
    assert {p.key: p.code for p in checked.problems} == {"hub": "not_in_list"}
    assert "c" in {row.key for row in checked.rows}


def test_rows_lean_on_the_database(check):
    known = Known(
        codes={
            "places": frozenset({"hub"}),
            "sources": frozenset({"s1"}),
            "attributes": frozenset({"area"}),
        },
        attributes={"area": AttributeFact(kind="number", unit="ha")},
        published={"s1": Interval.model_validate("2025-11")},
    )
    checked = check(claims=[claim(), claim(id="c2", unit="km")], known=known)
    assert codes(checked) == ["unit_not_convertible"]
    assert checked.rows[0].resolved["said"].end == dt.date(2025, 11, 30)


def test_an_id_stands_once_over_all_files(check, base):
    checked = check(base | {"claims": [claim()]}, {"claims": [claim(value=6)]})
    assert [(p.file, p.code, p.params["first"].split(":")[0]) for p in checked.problems] == [
        ("1.yaml", "duplicate_id", "0.yaml")
    ]
    assert sum(row.key == "c" for row in checked.rows) == 1


def test_kinds_of_subject_share_their_codes(check, base):
    checked = check(**base, links=[{"code": "hub", "name": "Line", "type": "rail"}])
    assert [(p.section, p.code, p.params["other"]) for p in checked.problems] == [
        ("links", "duplicate_id", "places")
    ]


def test_rows_in_a_circle_are_refused_and_what_needs_them(check, base):
    ring = [
        {"code": "a", "name": "A", "type": "hub", "parent": "b"},
        {"code": "b", "name": "B", "type": "hub", "parent": "a"},
        {"code": "c", "name": "C", "type": "hub", "parent": "b"},
    ]
    base["places"] += ring
    checked = check(**base)
    assert {p.key: p.code for p in checked.problems} == {
        "a": "circular_reference",
        "b": "circular_reference",
        "c": "depends_on_failed",
    }
    assert checked.problems[0].params["names"] == "a, b"


def test_a_programme_and_its_indicator_are_no_circle(check, base):
    base["programmes"] = [{"code": "plan", "name": "Plan", "members": ["teu", "hub"]}]
    base["indicators"] = [{"code": "teu", "name": "Containers", "unit": "TEU", "programme": "plan"}]
    checked = check(**base)
    assert checked.problems == []
    keys = [row.key for row in checked.rows]
    assert keys.index("plan") < keys.index("teu")


def test_three_languages_in_a_field_of_one_are_told(check, base):
    base["sources"][0]["title"] = {"en": "Title", "ru": "Название"}
    checked = check(**base)
    assert [(p.field, p.code, p.severity) for p in checked.problems] == [
        ("title", "one_language_kept", "warning")
    ]


def test_a_row_that_says_the_same_has_the_same_fingerprint(check, base):
    first = check(**base, claims=[claim(value=5, note="x")])
    same = check(**base, claims=[claim(value=5.0, note={"en": "x"}, scope="", origin=["a[1]"])])
    other = check(**base, claims=[claim(value=6, note="x")])

    def of(checked):
        return next(row.fingerprint for row in checked.rows if row.key == "c")

    assert of(first) == of(same) != of(other)
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})


def test_a_newer_date_of_the_source_changes_what_rests_on_it(check, base):
    before = check(**base, claims=[claim()])
    base["sources"][0]["published"] = "2025-12-01"
    after = check(**base, claims=[claim()])
    assert before.rows[-1].fingerprint != after.rows[-1].fingerprint


def test_a_long_chain_is_quick(check, base):
    base["places"] += [
        {"code": f"p{n}", "name": "P", "type": "plot", "parent": f"p{n + 1}"} for n in range(2000)
    ]
    checked = check(**base)
    assert checked.refused == 2000
    base["places"].append({"code": "p2000", "name": "P", "type": "plot"})
    assert check(**base).refused == 0


@given(st.integers(min_value=0, max_value=10**6), st.integers(min_value=1, max_value=4))
def test_neither_order_nor_files_matter(seed, parts):
    rows = {
        "publishers": [{"id": "gov", "name": "Gov", "class": "official"}],
        "sources": [{"id": "s1", "title": "S", "publisher": "gov", "published": "2025-11-26"}],
        "attributes": [{"code": "area", "name": "Area", "kind": "number", "unit": "ha"}],
        "places": [
            {"code": "hub", "name": "Hub", "type": "hub"},
            {"code": "part", "name": "Part", "type": "plot", "parent": "hub"},
            {"code": "lost", "name": "Lost", "type": "plot", "parent": "nowhere"},
        ],
        "claims": [claim(), claim(id="c2", subject="part", corrects=None), claim(id="c3", subject="lost")],
    }
    shuffled = random.Random(seed)
    flat = [(section, row) for section, some in rows.items() for row in some]
    shuffled.shuffle(flat)
    files = [{} for _ in range(parts)]
    for section, row in flat:
        shuffled.choice(files).setdefault(section, []).append(row)
    contents = [
        "\n".join(["format: torap-facts/1", *(f"{name}: {json.dumps(some)}" for name, some in one.items())])
        for one in files
    ]
    read = [read_facts(f"{n}.yaml", text.encode()) for n, text in enumerate(contents)]
    checked = check_files(read, Known(), today=TODAY)
    assert {row.key for row in checked.rows} == {"gov", "s1", "area", "hub", "part", "c", "c2"}
    assert sorted((p.key, p.code) for p in checked.problems) == [
        ("c3", "depends_on_failed"),
        ("lost", "unknown_reference"),
    ]
    keys = [row.key for row in checked.rows]
    assert keys.index("hub") < keys.index("part") < keys.index("c2")


def test_an_invented_file_moves_no_calendar(check):
    edit = {
        "day": "2026-05-04",
        "working": False,
        "known_from": "2026-04-01",
        "kind": "holiday",
        "title": "T",
        "source_title": "S",
    }
    (found,) = check({"invented": True, "calendar_edits": [edit]}).problems
    assert (found.code, found.file, found.line, found.field) == ("invented_calendar", "0.yaml", 3, "day")
    assert check({"calendar_edits": [edit]}).problems == []
