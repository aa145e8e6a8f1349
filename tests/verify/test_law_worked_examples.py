"""The worked examples: the answers a lawyer computed, through the command line as a user would ask."""

import json

import pytest
from typer.testing import CliRunner

from torap.cli.main import app

EXAMPLES = [
    (
        "E1",
        "P03a --event filed=2026-03-02",
        {"3a": "2026-03-17", "3b": "2026-03-17", "4": "2026-03-18", "5": "2026-03-30", "6": "2026-03-31"},
    ),
    ("E2b", "P04c --event conclusion=2025-12-30", {"4a": "2026-01-09", "4b": "2026-01-06"}),
    (
        "E5",
        "P08 --event received=2025-11-26 --set deadline=2025-12-20",
        {"lead": "2025-12-22", "co_executors": "2025-12-12", "report": "2025-12-19"},
    ),
    ("E7 very urgent", "P08 --event received=2026-05-06 --set type=very_urgent", {"lead": "2026-05-13"}),
    ("E7 urgent", "P08 --event received=2026-05-06 --set type=urgent", {"lead": "2026-05-22"}),
    ("E9", "P08 --event signed=2026-04-17 --set issuer=pm --set operational=true", {"lead": "2026-05-04"}),
    (
        "E13",
        "P06a --event filed=2026-05-05",
        {"2": "2026-05-06", "3": "2026-05-08", "4": "2026-05-18", "overall": "2026-05-29"},
    ),
]
DECISIONS = [
    ("E4 2025", "P01 --set cost_kzt=600000000 --set year=2025", "pool", "national"),
    ("E4 2026", "P01 --event registered=2026-05-05 --set cost_kzt=600000000", "pool", "regional"),
    ("E4b", "P01 --set cost_kzt=100000000 --set contract=true --set year=2026", "pool", "national"),
    ("E17 60 bn", "P03a --set cost_kzt=60000000000 --set year=2026", "security_term_years", 2),
    ("E17 70 bn", "P03a --set cost_kzt=70000000000 --set year=2026", "security_term_years", 3),
    ("E17 line", "P03a --set cost_kzt=64875000000 --set year=2026", "security_term_years", 2),
    (
        "E19",
        "P05a --set kind=new_production --set cost_kzt=8650000000 --set year=2026",
        "eligibility",
        "eligible",
    ),
    (
        "E19 less",
        "P05a --set kind=new_production --set cost_kzt=8649999999 --set year=2026",
        "eligibility",
        "not_eligible",
    ),
    ("E5 control", "P08 --event received=2025-11-26 --set deadline=2025-12-20", "control", "SHORT"),
    ("E5 term", "P08 --event received=2025-11-26 --set deadline=2025-12-20", "term_working_days", 17),
    (
        "E5 nominal",
        "P08 --event received=2025-11-26 --set deadline=2025-12-20",
        "nominal_deadline",
        "2025-12-20",
    ),
    ("E9 nominal", "P08 --event signed=2026-04-17 --set operational=true", "nominal_deadline", "2026-05-01"),
]


def ask(text):
    result = CliRunner().invoke(app, ["law", "explain", *text.split(), "--format", "json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize(("name", "asked", "expected"), EXAMPLES, ids=[row[0] for row in EXAMPLES])
def test_worked_example(name, asked, expected):
    due = {row["step"]: row["due"] for row in ask(asked)["obligations"]}
    assert {step: due[step] for step in expected} == expected


@pytest.mark.parametrize(("name", "asked", "code", "value"), DECISIONS, ids=[row[0] for row in DECISIONS])
def test_worked_decision(name, asked, code, value):
    found = {row["code"]: row["value"] for row in ask(asked)["findings"]}
    assert found[code] == value


def test_e1_names_the_day_a_weekends_only_count_would_miss():
    steps = {row["step"]: row for row in ask("P03a --event filed=2026-03-02")["obligations"]}
    skipped = {
        why["day"]: why["params"]["reason"] for why in steps["3a"]["why"] if why["code"] == "skipped_day"
    }
    assert skipped["2026-03-09"] == "shifted_holiday:womens_day"
    assert set(skipped) == {"2026-03-07", "2026-03-08", "2026-03-09", "2026-03-14", "2026-03-15"}


def test_e5_flags_the_unit_that_is_not_stated():
    steps = {
        row["step"]: row
        for row in ask("P08 --event received=2025-11-26 --set deadline=2025-12-20")["obligations"]
    }
    assert "unit_not_stated" in {why["code"] for why in steps["report"]["why"]}
    assert steps["lead"]["nominal"] == "2025-12-20"


def test_as_known_on_first_march_differs_from_today():
    asked = "P03a --event filed=2026-08-24"
    now = {row["step"]: row["due"] for row in ask(f"{asked} --known-on 2026-11-21")["obligations"]}
    then = {row["step"]: row["due"] for row in ask(f"{asked} --known-on 2026-03-01")["obligations"]}
    assert (then["3a"], now["3a"]) == ("2026-09-08", "2026-09-07")
