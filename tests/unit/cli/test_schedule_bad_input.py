"""Bad schedule files: one sentence with place and repair, exit code 2, nothing half done, for each command.

Each row changes one thing of a good sample. The samples are one plan in three formats.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from torap.cli import schedule_risk
from torap.cli.main import app
from torap.cli.schedule_text import engine_sentence, file_sentence, loss_sentence
from torap.engines.errors import EngineInputError
from torap.engines.schedule.dates import schedule
from torap.intake.schedules.files import read_bytes
from torap.intake.schedules.losses import ScheduleFileError

SAMPLES = Path(__file__).parent / "samples"
GOOD = {kind: (SAMPLES / f"hub.{kind}").read_text("utf-8") for kind in ("json", "xml", "xer")}
COMMANDS = (("dates",), ("risk", "--trials", "20"))
runner = CliRunner()

BAD = [
    # json
    ("json", '"from": "A", "to": "B"', '"from": "B", "to": "B"', "these activities wait for one another: B"),
    (
        "json",
        '"to": "B"},',
        '"to": "B"}, {"from": "M", "to": "A"},',
        "-> M (Stage open, row 5) -> A (Dredging, row 1)",
    ),
    ("json", '"from": "A", "to": "B"', '"from": "Z", "to": "B"', "links[0], from: the link Z -> B names"),
    ("json", '"duration": "30d"', '"duration": "-30d"', "row 1, activity A, duration: a duration cannot be"),
    ("json", '"duration": "30d"', '"duration": NaN', "'NaN' is no number"),
    ("json", '"duration": "30d"', '"duration": 1e999', "row 1, activity A, duration: 'inf' is no duration"),
    ("json", '"duration": "30d"', '"duration": 99999999999', "row 1, activity A, duration"),
    ("json", '"duration": "30d"', f'"duration": {"9" * 5000}', "is no number"),
    ("json", '"id": "B"', '"id": "A"', "row 2, activity A: the id 'A' is given twice"),
    ("json", '"id": "B"', '"id": "B", "id": "C"', "the field 'id' is given twice"),
    ("json", '"id": "B"', '"id": ["B"]', "activities[1], id: a text is expected"),
    ("json", "Quay wall", "Quay \\u0000 wall", "row 2, activity B, name: the text holds U+0000"),
    ("json", "Quay wall", "Quay \\ud800 wall", "row 2, activity B, name: the text holds U+D800"),
    ("json", '"date": "2026-02-02T08:00"}', '"date": "20260-02-02"}', "row 2, activity B, constraint, date"),
    ("json", '"date": "2026-02-02T08:00"}', '"date": "9999-02-02"}', "outside the years 1900 to 2299"),
    (
        "json",
        '"constraint": {"type": "start_not_before", "date": "2026-02-02T08:00"}',
        '"constraint": {"type": "start_not_before", "date": "2026-12-02T08:00"}, '
        '"second_constraint": {"type": "finish_not_after", "date": "2026-06-02T08:00"}',
        "row 2, activity B, second_constraint: the two constraints contradict one another",
    ),
    (
        "json",
        '"id": "B"',
        '"id": "B", "parent": "A"',
        "row 2, activity B, parent: the activity 'A' is no summary",
    ),
    ("json", '"id": "B"', '"id": "B", "parent": "Z"', "row 2, activity B, parent: there is no summary 'Z'"),
    ("json", '"week": {', '"week": {}, "week": {', "the field 'week' is given twice"),
    (
        "json",
        '"exceptions": [',
        '"exceptions": [{"date": "2026-01-06", "hours": ["12:00-13:00", "12:30-14:00"]}, ',
        "exceptions[0]: the working times",
    ),
    ("json", '"probability": "25%"', '"probability": 25', "row 1, risk ice, probability: 25 is not between"),
    ("json", '"low": "90%"', '"low": "190%"', "row 1, activity A, uncertainty: low, mode and high must rise"),
    ("json", '"rail": 0.3', '"rail": 0.4', "row 1, branch route, ways: the probabilities"),
    ("json", '"goals": ["M"]', '"goals": ["N"]', "plan, goals: 'N' is no activity"),
    ("json", '"goals": ["M"]\n}', "", "the JSON is broken"),
    ("json", GOOD["json"], "[" * 100_000, "nested too deeply"),
    ("json", GOOD["json"], "", "the file is empty"),
    # Microsoft Project XML
    (
        "xml",
        "<PredecessorUID>1</PredecessorUID>",
        "<PredecessorUID>4</PredecessorUID>",
        "these activities wait for one another",
    ),
    (
        "xml",
        "<PredecessorUID>1</PredecessorUID>",
        "<PredecessorUID>9</PredecessorUID>",
        "Task UID 2 (Quay wall), PredecessorLink: the link 9 -> 2 names an activity that is not in the file",
    ),
    ("xml", "PT240H0M0S", "-PT240H0M0S", "Task UID 1 (Dredging), Duration: a duration cannot be below zero"),
    ("xml", "PT240H0M0S", "PT999999999H0M0S", "Task UID 1 (Dredging), Duration"),
    (
        "xml",
        "<LinkLag>48000</LinkLag>",
        "<LinkLag>1e300</LinkLag>",
        "LinkLag: '1e300' is longer than a schedule can be",
    ),
    ("xml", "2026-09-30T17:00:00", "0001-09-30T17:00:00", "Task UID 4 (Stage open), Deadline"),
    ("xml", "<UID>2</UID><ID>", "<UID>1</UID><ID>", "task 2 (Quay wall), UID: the id '1' is given twice"),
    (
        "xml",
        "<DayWorking>1</DayWorking>",
        "<DayWorking>0</DayWorking>",
        "calendar Site has no working time",
    ),
    ("xml", "<Title>", "<Title", "the XML is broken"),
    ("xml", "<Tasks>", "<Tasks>" + "<a>" * 500, "nested too deeply"),
    (
        "xml",
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
        '<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        "the XML defines entities",
    ),
    (
        "xml",
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
        '<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        "the XML defines entities or refers to other files",
    ),
    ("xml", 'encoding="UTF-8"', 'encoding="klingon"', "the encoding 'klingon'"),
    ("xml", GOOD["xml"], "<html/>", "no Microsoft Project file"),
    ("xml", GOOD["xml"][-60:], "", "the XML is broken"),
    # Primavera XER
    (
        "xer",
        "\tPR_FS\t0\n%R\t2",
        "\tPR_FS\t0\n%R\t9\t10\t13\t1\t1\tPR_FS\t0\n%R\t2",
        "these activities wait for",
    ),
    ("xer", "%R\t1\t11\t10\t1", "%R\t1\t11\t99\t1", "line 16, A110, pred_task_id: the link 99 -> A110 names"),
    (
        "xer",
        "\t240\t240\t",
        "\t-240\t-240\t",
        "line 10, A100 (Dredging), target_drtn_hr_cnt: a duration cannot be below zero (-240)",
    ),
    (
        "xer",
        "\t240\t240\t",
        "\tmany\t240\t",
        "line 10, A100 (Dredging), target_drtn_hr_cnt: 'many' is no number",
    ),
    (
        "xer",
        "\t240\t240\t",
        "\tNaN\t240\t",
        "line 10, A100 (Dredging), target_drtn_hr_cnt: 'NaN' is no number",
    ),
    ("xer", "\t240\t240\t", "\t1e99\t240\t", "line 10, A100 (Dredging), target_drtn_hr_cnt"),
    ("xer", "2026-02-02 08:00", "02-FEB-26", "line 11, A110 (Quay wall), cstr_date: '02-FEB-26' is no date"),
    ("xer", "2026-02-02 08:00", "0026-02-02 08:00", "outside the years"),
    ("xer", "%E\n", "", "cut off"),
    ("xer", GOOD["xer"][600:], "", "cut off"),
    ("xer", "task_id\tproj_id\tclndr_id", "task\tproj_id\tclndr_id", "has no field task_id"),
    ("xer", "%R\t13\t1\t5", "%R\t\t1\t5", "line 13, table TASK: the row has no task_id"),
    ("xer", "(s|08:00|f|12:00)", "(s|08h|f|12h)", "is no working time"),
    ("xer", "ERMHDR", "HDR", "this is no schedule that can be read"),
    ("xer", "Quay wall", "Quay\0wall", "line 11: the text holds a zero byte"),
]


def refused(path: Path, words: str) -> None:
    """Every command refuses the file with these words, with code 2 and without a traceback."""
    for command, *options in COMMANDS:
        result = runner.invoke(app, ["schedule", command, str(path), *options])
        assert result.exit_code == 2, (command, result.output)
        assert result.stdout == ""
        assert result.stderr.startswith("torap schedule: ")
        assert result.stderr.count("\n") == 1
        assert words in result.stderr, (command, result.stderr)


@pytest.mark.parametrize("kind", ["json", "xml", "xer"])
@pytest.mark.parametrize("command", COMMANDS)
def test_good_samples_are_read(kind: str, command: tuple[str, ...]) -> None:
    path = SAMPLES / f"hub.{kind}"
    result = runner.invoke(app, ["schedule", command[0], str(path), *command[1:], "--format", "json"])
    assert result.exit_code == 0, result.output
    assert "Traceback" not in result.stderr
    json.loads(result.stdout)


@pytest.mark.parametrize(("kind", "old", "new", "words"), BAD)
def test_bad_files_are_refused(tmp_path: Path, kind: str, old: str, new: str, words: str) -> None:
    assert old in GOOD[kind]
    path = tmp_path / f"bad.{kind}"
    path.write_bytes(GOOD[kind].replace(old, new).encode())
    refused(path, words)


@pytest.mark.parametrize(("old", "new", "words"), [row[1:] for row in BAD if row[0] == "json"])
def test_large_files_are_refused_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, words: str
) -> None:
    monkeypatch.setattr(schedule_risk, "LARGE", 0)
    test_bad_files_are_refused(tmp_path, "json", old, new, words)


@pytest.mark.parametrize("kind", ["json", "xml", "xer"])
def test_a_file_that_is_converted_is_there_whole_or_not_at_all(tmp_path: Path, kind: str) -> None:
    bad, out = tmp_path / "bad", tmp_path / "out.json"
    bad.write_bytes(GOOD[kind][: len(GOOD[kind]) // 2].encode())
    assert runner.invoke(app, ["schedule", "convert", str(bad), str(out)]).exit_code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad"]


def cyrillic(kind: str) -> str:
    return GOOD[kind].replace("Quay wall", "Причальная стенка")


READABLE = [
    ("json", "utf-8-sig"), ("json", "utf-16"), ("json", "utf-16-le"), ("json", "utf-16-be"),
    ("xml", "utf-16"), ("xml", "cp1251"), ("xml", "koi8-r"), ("xml", "utf-8-sig"),
    ("xer", "cp1251"), ("xer", "utf-16"), ("xer", "utf-8-sig"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "encoding"), READABLE)
def test_encodings_that_can_be_told_are_read(kind: str, encoding: str) -> None:
    text = cyrillic(kind)
    if kind == "xml" and encoding != "utf-8-sig":
        text = text.replace("UTF-8", {"cp1251": "windows-1251"}.get(encoding, encoding))
    found = read_bytes(text.encode(encoding))
    assert found.plan.activities[1].name == "Причальная стенка"
    guessed = [row.value for row in found.losses if row.code == "encoding_guessed"]
    assert guessed == (["cp1251"] if (kind, encoding) == ("xer", "cp1251") else [])


def test_western_letters_of_an_older_file_are_told_from_cyrillic_ones() -> None:
    text = GOOD["xer"].replace("Quay wall", "Décapage à Öland")
    assert read_bytes(text.encode("cp1252")).plan.activities[1].name == "Décapage à Öland"


@pytest.mark.parametrize(
    ("kind", "text", "encoding", "words"),
    [
        ("json", cyrillic("json"), "cp1251", "bad.json, line 17: byte 712 (0xCF) does not fit UTF-8"),
        (
            "xml",
            cyrillic("xml").replace(' encoding="UTF-8"', ""),
            "cp1251",
            "(0xCF) does not fit UTF-8; save the file as UTF-8, or declare the encoding",
        ),
        ("xml", cyrillic("xml"), "cp1251", "(0xCF) does not fit UTF-8"),
        ("xml", cyrillic("xml").replace("UTF-8", "ascii"), "utf-8", "does not fit ASCII"),
    ],
)
def test_wrong_encodings_name_the_byte(
    tmp_path: Path, kind: str, text: str, encoding: str, words: str
) -> None:
    path = tmp_path / f"bad.{kind}"
    path.write_bytes(text.encode(encoding))
    refused(path, words)


def test_a_folder_a_missing_file_and_a_name_that_is_none(tmp_path: Path) -> None:
    refused(tmp_path, "cannot be opened")
    refused(tmp_path / "none.json", "cannot be opened")
    refused(tmp_path / ("a" * 400), "cannot be opened")


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.xer"
    with path.open("wb") as file:
        file.truncate(200 * 2**20)
    refused(path, "200 MB, more than the 128 MB")


def test_names_of_a_file_are_shown_as_they_are(tmp_path: Path) -> None:
    """What looks like markup or an escape of a terminal is text."""
    path = tmp_path / "plan.xer"
    path.write_text(GOOD["xer"].replace("Quay wall", "[/red] \x1b[31mQuay"), encoding="utf-8")
    for command, *options in (*COMMANDS, ("check",), ("why", "A110")):
        result = runner.invoke(app, ["schedule", command, str(path), *options])
        assert result.exit_code in {0, 1}, result.output
        assert "\x1b[31m" not in result.output
    assert "[/red] ?[31mQuay" in runner.invoke(app, ["schedule", "why", str(path), "A110"]).stdout


def test_contradictions_of_another_program_are_told_and_computed(tmp_path: Path) -> None:
    path = tmp_path / "plan.xer"
    held = "CS_MSOA\t2026-02-02 08:00\tCS_MEOB\t2026-01-20 17:00"
    path.write_text(GOOD["xer"].replace("CS_MSOA\t2026-02-02 08:00\t\t", held), encoding="utf-8")
    result = runner.invoke(app, ["schedule", "dates", str(path)])
    assert result.exit_code == 0
    assert "Note: no date keeps both constraints (start_not_before 2026-02-02" in result.stderr
    assert "at A110" in result.stderr


def test_a_constraint_before_the_data_date_is_told(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    text = GOOD["json"].replace('"start": "2', '"data_date": "2026-03-02T08:00", "start": "2', 1)
    path.write_text(text.replace('"start_not_before"', '"must_start"'), encoding="utf-8")
    result = runner.invoke(app, ["schedule", "dates", str(path)])
    assert result.exit_code == 0
    assert "must_start 2026-02-02 08:00 is not kept. It starts" in result.stderr


def survives(data: bytes) -> None:
    """Whatever is in a file: a plan, or an error with a sentence."""
    said = ""
    try:
        found = read_bytes(data, name="fuzz")
        schedule(found.plan, profile=found.profile)
    except ScheduleFileError as error:
        said = file_sentence(error)
    except EngineInputError as error:
        said = engine_sentence(error)
    else:
        said = " ".join(loss_sentence(row) for row in found.losses) or "fine"
    assert said.isprintable()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(GOOD)), st.data())
def test_no_change_of_a_good_file_gives_a_traceback(kind: str, data: st.DataObject) -> None:
    """Cut, repeat, or put something else at random places."""
    text = GOOD[kind].encode()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        until = min(len(text), at + data.draw(st.sampled_from([0, 1, 1, 2, 5, 20, 200])))
        more = data.draw(
            st.sampled_from([b"", b"0", b"-", b"9" * 30, b"1e400", b"null", b"\t", b"\n", b"<", b'"', b"A"])
            | st.binary(max_size=4)
            | st.just(text[at : at + 40])
        )
        text = text[:at] + more + text[until:]
    survives(text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["A", "B", "5d", "90%", "-1d", "2026-01-05", "24h", "site", 0.5]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)  # fmt: skip


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_value_in_place_of_another_gives_a_traceback(data: st.DataObject) -> None:
    """Any value, or none, at any place of a good JSON plan."""
    plan = json.loads(GOOD["json"])
    for _ in range(data.draw(st.integers(1, 3))):
        node = plan
        while True:
            keys = list(node) if isinstance(node, dict) else range(len(node))
            key = data.draw(st.sampled_from(list(keys)))
            if not isinstance(node[key], dict | list) or not node[key] or data.draw(st.booleans()):
                break
            node = node[key]
        if data.draw(st.integers(0, 5)):
            node[key] = data.draw(VALUES)
        else:
            del node[key]
        if not plan:
            break
    survives(json.dumps(plan).encode())
