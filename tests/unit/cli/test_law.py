"""`torap law …` as a user types it: text, JSON, errors with their repair and code 2."""

import datetime as dt
import json

import pytest
from typer.testing import CliRunner

from torap.cli.law_text import SENTENCES, sentence, shown
from torap.cli.main import app
from torap.countries import load_holders, load_procedures
from torap.rules.obligations.model import Reason


def law(*words):
    return CliRunner().invoke(app, ["law", *words])


def law_json(*words):
    result = law(*words, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_list_names_all_procedures():
    assert len(law_json("list")["procedures"]) == 35
    text = law("list").stdout
    assert "P08 " in text
    assert "Control of Government instructions" in text


@pytest.mark.parametrize("pid", sorted(load_procedures()))
def test_every_procedure_shows_and_explains(pid):
    shown_data = law_json("show", pid)
    explained = law_json("explain", pid)
    steps = [row["step"] for row in shown_data["editions"][-1]["steps"]]
    assert [row["step"] for row in explained["obligations"]] == steps
    assert law("show", pid).exit_code == 0
    assert pid in law("explain", pid).stdout


@pytest.mark.parametrize("pid", sorted(load_procedures()))
def test_every_event_of_every_procedure_is_taken_and_every_reason_has_a_sentence(pid):
    events = [row["name"] for row in law_json("show", pid)["editions"][-1]["events"]]
    words = [word for name in events if name != "resumed" for word in ("--event", f"{name}=2026-09-02")]
    answer = law_json("explain", pid, *words)
    codes = {why["code"] for row in answer["obligations"] + answer["findings"] for why in row["why"]}
    assert codes <= set(SENTENCES) | {"limit"}
    assert all("{" not in why["text"] for row in answer["obligations"] for why in row["why"])


def test_json_shape():
    answer = law_json("explain", "P03a", "--event", "filed=2026-03-02", "--known-on", "2026-03-20")
    assert (answer["procedure"], answer["known_on"]) == ("P03a", "2026-03-20")
    row = next(row for row in answer["obligations"] if row["id"] == "P03a.3a")
    assert row["step"] == "3a"
    assert (row["holder"], row["due"], row["state"]) == ("managing_company", "2026-03-17", "overdue")
    assert (row["confidence"], row["basis"]["article"], row["basis"]["number"]) == (
        "high",
        "18(10)",
        "242-VI",
    )
    assert {"code", "text"} <= set(row["why"][0])
    assert answer["held_by"]["holder"] == "managing_company"
    assert answer["days_by_holder"] == {"managing_company": 18}
    unknown = next(row for row in answer["obligations"] if row["step"] == "1")
    assert unknown["due"] is None
    assert "limit_not_known" in [why["code"] for why in unknown["why"]]


@pytest.mark.parametrize(
    ("power", "band"), [("1", "1"), ("200", "1"), ("200.5", "2"), ("750", "2"), ("1000", "2"), ("1001", "3")]
)
def test_electricity_by_power(power, band):
    rows = law_json("explain", "P06c", "--event", "filed=2026-03-02", "--set", f"power_kw={power}")[
        "obligations"
    ]
    assert [row["step"] for row in rows if row["due"]] == [band]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["explain", "P99"], "P03a"),
        (["explain", "P03a", "--event", "flown=2026-03-02"], "contract_signed"),
        (["explain", "P03a", "--event", "filed"], "name=YYYY-MM-DD"),
        (["explain", "P03a", "--event", "filed=02.03.2026"], "YYYY-MM-DD"),
        (["explain", "P03a", "--event", "filed=2026-02-30"], "YYYY-MM-DD"),
        (["explain", "P08", "--set", "type=rapid"], "very_urgent"),
        (["explain", "P08", "--set", "mood=good"], "deadline"),
        (["explain", "P08", "--set", "type"], "name=value"),
        (["explain", "P08", "--set", "type=urgent", "--set", "type=long"], "twice"),
        (["explain", "P03a", "--known-on", "soon"], "YYYY-MM-DD"),
        (["explain", "P05a", "--event", "applied=2025-06-01"], "2026-01-01"),
        (["explain", "P03a", "--event", "filed=2099-01-01"], "2000 to 2060"),
        (["calendar", "1990"], "2000 to 2060"),
        (["calendar", "0"], "2000 to 2060"),
        (["explain", "P09", "--set", "from=9990-12-31", "--set", "years=60"], "2000 to 2060"),
        (["explain", "P09", "--set", "from=0001-01-01", "--set", "to=9999-12-31"], "2000 to 2060"),
        (["explain", "P04g", "--set", "valid_until=0001-01-01"], "2000 to 2060"),
        (["explain", "P03a", "--event", "filed=20260302"], "YYYY-MM-DD"),
        (["explain", "P03a", "--event", "filed=2026-03-02T10:00:00Z"], "YYYY-MM-DDTHH:MM"),
        (["explain", "P03a", "--event", "filed=2026-03-02", "--event", "lodged=2026-03-05"], "given twice"),
        (["explain", "P03a", "--event", "filed=2018-03-02"], "2019-04-03"),
        (["explain", "P09", "--set", "from=2059-01-01", "--set", "working_days=9000"], "2000 to 2060"),
        (["explain", "P03a", "--known-on", "0001-01-01"], "2019-04-03"),
        (["pool", "--cost", "1", "--year", "0"], "2000 to 2060"),
        (["pool", "--cost", "much", "--year", "2026"], "digits"),
    ],
)
def test_errors_name_the_repair_and_end_with_two(words, told):
    result = law(*words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""


def test_calendar_of_2026_as_known_on_two_days():
    now = law_json("calendar", "2026", "--known-on", "2026-11-21")
    then = law_json("calendar", "2026", "--known-on", "2026-03-01")
    assert (now["working_days"], then["working_days"], sum(now["months"])) == (247, 246, 247)
    assert "2026-08-31" in [row["day"] for row in then["days"] if not row["working"]]
    assert "no official list" in law("calendar", "2027").stdout
    assert "247 working days" in law("calendar", "2026").stdout


def test_pool_command():
    assert law_json("pool", "--cost", "600000000", "--year", "2025")["findings"][0]["value"] == "national"
    assert "regional" in law("pool", "--cost", "600000000", "--year", "2026").stdout
    assert "not known" in law("pool", "--cost", "600000000", "--year", "2024").stdout


def test_moves_of_the_change_of_march_2026():
    words = [
        "moves",
        "P03a",
        "--event",
        "filed=2026-08-24",
        "--before",
        "2026-03-17",
        "--after",
        "2026-03-18",
    ]
    moves = {row["id"]: row for row in law_json(*words)["moves"]}
    assert (moves["P03a.3a"]["from"], moves["P03a.3a"]["to"]) == ("2026-09-08", "2026-09-07")
    assert moves["P03a.3a"]["why"][0]["day"] == "2026-08-31"
    assert "2026-08-31" in law(*words).stdout
    none = law(
        "moves", "P03a", "--event", "filed=2026-03-10", "--before", "2026-03-17", "--after", "2026-03-18"
    )
    assert none.stdout == "No clock moves.\n"


def test_every_holder_has_a_name_in_three_languages():
    names = load_holders()
    for procedure in load_procedures().values():
        for edition in procedure.editions:
            for row in edition.obligations:
                for code in (row.holder, row.creditor or row.holder):
                    assert set(names[code]) == {"en", "ru", "kk"}


def test_sentences_of_unknown_codes_and_values():
    assert sentence(Reason(code="something_new")) == "something new"
    assert shown((dt.date(2026, 1, 2), None)) == "2026-01-02, …"
    assert shown(((7, 25), (1, 25))) == "07-25, 01-25"
    assert shown(True) == "yes"


def test_words_of_numbers_and_missing_things():
    def texts(*words):
        answer = law_json("explain", *words)
        return [why["text"] for row in answer["obligations"] + answer["findings"] for why in row["why"]]

    equal = texts("P05a", "--set", "kind=tourism", "--set", "cost_kzt=865000000", "--set", "year=2026")
    assert any("is equal to the line" in text for text in equal)
    one = texts("P08", "--event", "received=2026-02-02", "--set", "deadline=2026-02-03")
    assert "1 working day is under the minimum of 2." in one
    missing = texts("P08", "--event", "received=2026-04-20", "--set", "operational=true")
    assert "Starts with 'signed', which has not come: give signed." in missing
    bare = texts("P03a", "--event", "filed=2026-03-02")
    assert "The limit depends on cost_kzt; give one of them." in bare
