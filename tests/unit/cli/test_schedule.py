"""`torap schedule`: answers, refusals and exit codes, without a database."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from torap.cli.main import app
from torap.cli.schedule_missed import SHOWN
from torap.cli.schedule_text import CHECKS, ENGINE, FILE, LOSS, NOTES

PLAN = {
    "start": "2026-01-05T08:00",
    "activities": [
        {"id": "A", "name": "Earth works", "duration": "5d"},
        {"id": "B", "name": "Piles", "duration": "2d"},
        {"id": "M", "type": "finish_milestone"},
    ],
    "links": [{"from": "A", "to": "B"}, {"from": "B", "to": "M"}],
}
runner = CliRunner()


def run(tmp_path: Path, *words: str, data: object = PLAN, code: int = 0) -> tuple[str, str]:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    result = runner.invoke(app, ["schedule", words[0], str(path), *words[1:]])
    assert result.exit_code == code, result.output
    return result.stdout, result.stderr


def test_dates_as_json(tmp_path: Path) -> None:
    rows = json.loads(run(tmp_path, "dates", "--format", "json")[0])
    assert rows[1] == {
        "id": "B",
        "name": "Piles",
        "start": "2026-01-12T08:00",
        "finish": "2026-01-13T17:00",
        "total_float_h": 0.0,
        "critical": True,
    }


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_dates_checks_and_reasons_as_csv(tmp_path: Path) -> None:
    rows = rows_of(run(tmp_path, "dates", "-f", "csv")[0])
    assert list(rows[0]) == ["id", "name", "start", "finish", "total_float_h", "critical"]
    assert rows[1] == {
        "id": "B",
        "name": "Piles",
        "start": "2026-01-12T08:00",
        "finish": "2026-01-13T17:00",
        "total_float_h": "0.0",
        "critical": "true",
    }
    assert [row["driver"] for row in rows_of(run(tmp_path, "why", "M", "-f", "csv")[0])] == [
        "FS",
        "FS",
        "plan",
    ]
    late = {**PLAN, "links": [{"from": "A", "to": "B", "lag": "-1d"}, {"from": "B", "to": "M"}]}
    checks = {row["check"]: row for row in rows_of(run(tmp_path, "check", "-f", "csv", data=late, code=1)[0])}
    assert checks["leads"]["activities"] == "A -> B"
    assert (checks["leads"]["passed"], checks["path_length_index"]["passed"]) == ("false", "")
    formula = {**PLAN, "activities": [{"id": "A", "name": "=1+1"}], "links": []}
    assert rows_of(run(tmp_path, "dates", "-f", "csv", data=formula)[0])[0]["name"] == "'=1+1"


@pytest.mark.parametrize("output", ["text", "json", "csv"])
@pytest.mark.parametrize("command", ["dates", "check"])
def test_a_limit_that_is_missed_is_told(tmp_path: Path, command: str, output: str) -> None:
    held = {"type": "must_finish", "date": "2026-01-08T17:00"}
    rows = [PLAN["activities"][0], {**PLAN["activities"][1], "constraint": held}, PLAN["activities"][2]]
    shown, said = run(
        tmp_path, command, "-f", output, data={**PLAN, "activities": rows}, code=int(command == "check")
    )
    sentence = (
        "Missed: B (Piles, row 2): must_finish 2026-01-08 17:00 is not kept. It finishes 2026-01-13 17:00, "
        "3 d (24 h of work) later, because it waits for A (Earth works, row 1)."
    )
    if (command, output) == ("check", "json"):
        (missed,) = json.loads(shown)["missed"]
        assert (missed["place"], missed["late_days"], missed["waits_for"]) == ("B (Piles, row 2)", 3.0, "A")
    else:
        assert sentence in said


def test_many_limits_are_told_by_the_worst(tmp_path: Path) -> None:
    held = {"type": "finish_not_after", "date": "2026-01-05T17:00"}
    rows = [{"id": f"A{i}", "duration": "1d", "constraint": held} for i in range(SHOWN + 2)]
    links = [{"from": f"A{i}", "to": f"A{i + 1}"} for i in range(SHOWN + 1)]
    _, said = run(tmp_path, "dates", data={"start": PLAN["start"], "activities": rows, "links": links})
    assert said.startswith(f"Missed: A{SHOWN + 1} (row {SHOWN + 2})")
    assert said.count("is not kept") == SHOWN
    assert "and 1 more:" in said


def test_an_impossible_constraint_is_refused_with_the_earliest_date(tmp_path: Path) -> None:
    held = {"type": "must_finish", "date": "2026-01-08T17:00"}
    rows = [{**PLAN["activities"][0], "constraint": held}, *PLAN["activities"][1:]]
    _, said = run(tmp_path, "dates", data={**PLAN, "activities": rows}, code=2)
    assert "row 1, activity A, constraint: must_finish 2026-01-08 17:00 cannot be kept" in said
    assert "takes 40 h of work, so 2026-01-09 17:00 is the earliest date" in said
    # A plan that says it follows the convention of a program is dated as that program dates it.
    shown, said = run(tmp_path, "dates", data={**PLAN, "activities": rows, "convention": "msproject"})
    assert "2026-01-08 17:00" in shown


def test_dates_as_a_table(tmp_path: Path) -> None:
    shown, _ = run(tmp_path, "dates", "--profile", "p6")
    assert "2026-01-12 08:00" in shown
    assert "(p6)" in shown


def test_why_a_date(tmp_path: Path) -> None:
    chain = json.loads(run(tmp_path, "dates", "--why", "M", "-f", "json")[0])
    assert [(row["id"], row["driver"]) for row in chain] == [("M", "FS"), ("B", "FS"), ("A", "plan")]
    assert "activity Z" in run(tmp_path, "dates", "--why", "Z", code=2)[1]


def test_check_ends_with_one_where_a_check_fails(tmp_path: Path) -> None:
    run(tmp_path, "check")
    lead = {**PLAN, "links": [{"from": "A", "to": "B", "lag": "-1d"}, {"from": "B", "to": "M"}]}
    shown, _ = run(tmp_path, "check", data=lead, code=1)
    assert "FAIL Links with a lead (negative lag): 1 of 2" in shown
    found = json.loads(run(tmp_path, "check", "-f", "json", data=lead, code=1)[0])
    assert next(row for row in found["checks"] if row["check"] == "leads")["activities"] == ["A -> B"]


def test_written_for_microsoft_project_and_read_again(tmp_path: Path) -> None:
    other = tmp_path / "plan.xml"
    run(tmp_path, "dates", "--write", str(other))
    again = runner.invoke(app, ["schedule", "dates", str(other), "--format", "json"])
    assert [row["start"] for row in json.loads(again.stdout)][1] == "2026-01-12T08:00"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"links": [{"from": "A", "to": "B"}, {"from": "B", "to": "A"}]},
            "these activities wait for one another",
        ),
        (
            {"activities": [{"id": "A", "duration": "-1d"}]},
            "activity A, duration: a duration cannot be below zero",
        ),
        ({"links": [{"from": "A", "to": "Q"}]}, "the link A -> Q names an activity that is not in the file"),
    ],
)
def test_mistakes_are_told_with_place_and_repair(
    tmp_path: Path, change: dict[str, object], words: str
) -> None:
    _, told = run(tmp_path, "dates", "--format", "json", data={**PLAN, **change}, code=2)
    assert words in told
    assert told.startswith("torap schedule: ")


def test_what_is_wrong_in_a_file_names_it_once_and_an_option_alone(tmp_path: Path) -> None:
    looped = {**PLAN, "links": [{"from": "A", "to": "B"}, {"from": "B", "to": "A"}]}
    assert run(tmp_path, "dates", data=looped, code=2)[1].startswith("torap schedule: plan.json: ")
    assert run(tmp_path, "dates", data={"start": "soon"}, code=2)[1].startswith("torap schedule: plan.json: ")
    assert run(tmp_path, "risk", "--trials", "0", code=2)[1].startswith("torap schedule: --trials: ")
    gone = runner.invoke(app, ["schedule", "dates", str(tmp_path / "none.xml")]).stderr
    assert gone.count("none.xml") == 1


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    result = runner.invoke(app, ["schedule", "dates", str(tmp_path / "none.xml")])
    assert result.exit_code == 2
    assert "cannot be opened" in result.stderr


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    with path.open("wb") as file:
        file.truncate(200 * 2**20)
    result = runner.invoke(app, ["schedule", "dates", str(path)])
    assert result.exit_code == 2
    assert "200 MB" in result.stderr


def test_every_code_of_reader_and_engine_has_a_sentence() -> None:
    """Codes are found in the source, so that a new one cannot go without words."""
    source = Path(__file__).parents[3] / "src" / "torap"
    files = [
        *(source / "engines" / "schedule").rglob("*.py"),
        *(source / "intake" / "schedules").rglob("*.py"),
    ]
    text = "\n".join(path.read_text("utf-8") for path in files)
    for pattern, known in (
        (r'ScheduleFileError\(\s*"(\w+)"', FILE),
        (r'EngineInputError\(\s*"(\w+)"', ENGINE),
        (r'losses\.add\(\s*"(\w+)"', {**LOSS, **NOTES}),
    ):
        assert set(re.findall(pattern, text)) <= set(known)
    assert len(CHECKS) == 14


def test_examples_of_the_format_run(tmp_path: Path) -> None:
    page = Path(__file__).parents[3] / "docs" / "reference" / "schedule-format.md"
    examples = re.findall(r"```json\n(.*?)```", page.read_text("utf-8"), re.S)
    assert len(examples) == 2
    for example in examples:
        rows = json.loads(run(tmp_path, "dates", "-f", "json", data=json.loads(example))[0])
        assert rows[-1]["name"] == "Stage open"
    shown, _ = run(tmp_path, "risk", "--trials", "50", data=json.loads(examples[1]))
    assert "M Stage open: P10" in shown


def test_why_and_convert(tmp_path: Path) -> None:
    chain = json.loads(run(tmp_path, "why", "M", "-f", "json")[0])
    assert [(row["id"], row["driver"]) for row in chain] == [("M", "FS"), ("B", "FS"), ("A", "plan")]
    assert chain[1]["start"] == "2026-01-12T08:00"
    assert "activity Z" in run(tmp_path, "why", "Z", code=2)[1]
    out = tmp_path / "out.xml"
    _, told = run(tmp_path, "convert", str(out))
    assert "Left out: ids: tasks are numbered" in told
    back = tmp_path / "back.json"
    again = runner.invoke(app, ["schedule", "convert", str(out), str(back)])
    assert again.exit_code == 0
    assert json.loads(back.read_text("utf-8"))["convention"] == "msproject"
    dates = runner.invoke(app, ["schedule", "dates", str(back), "-f", "json"])
    assert [row["finish"] for row in json.loads(dates.stdout)] == [
        "2026-01-09T17:00",
        "2026-01-13T17:00",
        "2026-01-13T17:00",
    ]
    assert "cannot be written" in run(tmp_path, "convert", str(tmp_path / "out.xer"), code=2)[1]
    assert "cannot be written" in run(tmp_path, "convert", str(tmp_path / "no" / "out.xml"), code=2)[1]


def test_a_file_of_one_project_has_no_other(tmp_path: Path) -> None:
    for command in ("dates", "check", "risk"):
        _, said = run(tmp_path, command, "--project", "X", code=2)
        assert "--project: there is no project 'X'; the file holds one only" in said
    run(tmp_path, "dates", "--project", "Site", data={**PLAN, "name": "Site"})


def test_no_command_writes_over_the_schedule_it_reads(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    (tmp_path / "same.xml").symlink_to(path)
    for words in (("convert", str(path)), ("dates", "--write", str(tmp_path / "same.xml"))):
        assert "this is the schedule itself" in run(tmp_path, *words, code=2)[1]
    assert json.loads(path.read_text("utf-8")) == PLAN


@pytest.mark.parametrize(("begins", "said"), [("d0cf11e0a1b11ae1", ".mpp"), ("504b0304", "archive")])
def test_files_of_programs_are_told_how_to_be_saved(tmp_path: Path, begins: str, said: str) -> None:
    path = tmp_path / "plan.mpp"
    path.write_bytes(bytes.fromhex(begins) + bytes(40))
    result = runner.invoke(app, ["schedule", "dates", str(path)])
    assert result.exit_code == 2
    assert said in result.stderr
    assert "choose File, Save As, XML" in result.stderr
