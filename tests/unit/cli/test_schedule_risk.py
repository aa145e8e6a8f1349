"""`torap schedule risk`: its three answers, what is assumed, what is refused, and what is loaded."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from torap.cli import schedule_risk, schedule_trials
from torap.cli.main import app
from torap.engines.schedule.uncertain import SHARES

SAMPLES = Path(__file__).parent / "samples"
runner = CliRunner()


def run(kind: str, *options: str, code: int = 0) -> tuple[str, str]:
    words = ["schedule", "risk", str(SAMPLES / f"hub.{kind}"), "--trials", "400", *options]
    result = runner.invoke(app, words)
    assert result.exit_code == code, result.output
    return result.stdout, result.stderr


def test_the_json_answer_has_every_documented_field() -> None:
    found = json.loads(run("json", "--seed", "7", "-f", "json")[0])
    page = (Path(__file__).parents[3] / "docs" / "reference" / "schedule-format.md").read_text("utf-8")
    for name in [*found, *found["activities"][0], *found["goals"][0], *found["goals"][0]["effects"][0]]:
        assert f"`{name}`" in page or name in {f"p{share}" for share in SHARES}, name
    assert (found["trials"], found["seed"], found["sampling"], found["assumed"]) == (400, 7, "plain", None)
    assert found["planned_finish"] == "2026-07-13T17:00"
    assert [row["id"] for row in found["activities"]] == ["A", "B", "C", "D", "M"]
    assert [row["id"] for row in found["deadlines"]] == ["M"]
    assert 0 < found["deadlines"][0]["chance"] <= 1
    goal = found["goals"][0]
    assert goal["p10"] <= goal["p50"] <= goal["p80"]
    assert sum(goal["histogram"]["counts"]) == 400
    assert len(goal["histogram"]["edges"]) == len(goal["histogram"]["counts"]) + 1
    assert {"driver", "risk", "owner", "branch", "activity"} >= {row["what"] for row in goal["effects"]}
    critical = {row["id"]: row["critical"] for row in found["activities"]}
    assert critical["M"] == 1.0


@pytest.mark.parametrize("sampling", ["plain", "latin", "sobol"])
def test_the_same_seed_gives_the_same_answer_on_any_number_of_threads(sampling: str) -> None:
    options = ("--sampling", sampling, "-f", "json", "--seed", "3")
    one = run("json", *options, "--threads", "1")[0]
    assert one == run("json", *options, "--threads", "2")[0]
    assert one != run("json", "--sampling", sampling, "-f", "json", "--seed", "4")[0]


def test_the_answer_for_people() -> None:
    shown, _ = run("json")
    assert "400 trials (plain), seed 1" in shown
    assert "Finish of the plan without uncertainty: 2026-07-13 17:00" in shown
    assert "M Stage open: P10 2026-" in shown
    assert "█" in shown
    assert "driver winter" in shown
    assert "Deadlines" in shown
    assert "Quay wall" in shown


def test_a_line_per_activity() -> None:
    rows = list(csv.DictReader(io.StringIO(run("json", "-f", "csv")[0])))
    assert [row["id"] for row in rows] == ["A", "B", "C", "D", "M", ""]
    assert rows[4]["deadline"] == "2026-09-30T17:00"
    assert rows[5]["name"] == "finish of the plan"
    assert rows[5]["start_p50"] == rows[5]["critical"] == ""
    assert rows[5]["finish_p50"] == rows[4]["finish_p50"]
    assert rows[0]["chance"] == ""
    assert rows[0]["finish_p10"] <= rows[0]["finish_p80"]


def test_a_brief_answer_tells_the_same_of_less() -> None:
    full, brief = (json.loads(run("json", "-f", "json", *more)[0]) for more in ((), ("--brief",)))
    assert (full["brief"], brief["brief"]) == (False, True)
    assert brief["deadlines"] == full["deadlines"]
    for told, wanted in zip(brief["goals"], full["goals"], strict=True):
        assert told == wanted | {"effects": []}
    left_out = {"start", "finish", "mean_finish", "sd_finish_h", "cruciality"}
    for row, wanted in zip(brief["activities"], full["activities"], strict=True):
        assert row == {name: value for name, value in wanted.items() if name not in left_out}
    rows = list(csv.DictReader(io.StringIO(run("json", "-f", "csv", "--brief")[0])))
    assert rows[0]["finish_p50"] == rows[0]["sd_finish_h"] == ""
    goal, finish = full["goals"][0], full["finish"]
    for row, wanted in ((rows[4], goal), (rows[5], finish)):
        assert (row["finish_p80"], row["mean_finish"]) == (wanted["p80"], wanted["mean"])
    assert "start_p50" not in rows[0]
    shown, _ = run("json", "--brief")
    assert "M Stage open: P10 2026-" in shown
    assert "finish P10" not in shown
    assert "What moves it" not in shown


def test_an_assumed_spread_is_told() -> None:
    shown, _ = run("xer", "--spread", "90,100,130", "--goal", "A130")
    assert "Assumed, not from the file: pert 90 %, 100 %, 130 % of the duration of 3 activities." in shown
    assert "The file was made by the p6 convention" in shown
    found = json.loads(run("xml", "--spread", "90,100,130", "--spread-shape", "triangular", "-f", "json")[0])
    assert found["assumed"] == {"spread": [90.0, 100.0, 130.0], "shape": "triangular", "activities": 3}


def test_a_plan_without_uncertainty_is_told() -> None:
    shown, told = run("xer")
    assert "Nothing in this plan is uncertain" in told
    assert "P10 2026-07-03 17:00, P50 2026-07-03 17:00, P80 2026-07-03 17:00" in shown


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--trials", "0"), "--trials: 0 is not between 1 and 10000000"),
        (("--threads", "-1"), "--threads: -1 is not between 0 and 1024"),
        (("--seed", "-5"), "--seed: -5 is not between"),
        (("--spread", "130,100,90"), "--spread: '130,100,90' is no spread"),
        (("--goal", "Z"), "there is no activity Z"),
    ],
)
def test_what_cannot_be_asked_is_told(options: tuple[str, str], words: str) -> None:
    shown, told = run("json", *options, code=2)
    assert shown == ""
    assert words in told


def test_a_bar_appears_only_when_it_takes_long(capsys: pytest.CaptureFixture[str]) -> None:
    bar = schedule_trials.Bar(show=True)
    bar(0.5)
    bar.stop()
    assert not bar._timer.is_alive()
    hidden = schedule_trials.Bar(show=False)
    hidden.stop()
    assert "trials" not in capsys.readouterr().err


def test_cells_of_a_spreadsheet_are_no_formulas(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    text = (SAMPLES / "hub.json").read_text("utf-8").replace('"Quay wall"', '"=1+1"')
    path.write_text(text, encoding="utf-8")
    result = runner.invoke(app, ["schedule", "risk", str(path), "--trials", "5", "-f", "csv"])
    assert ",=1+1," not in result.stdout
    assert "'=1+1" in result.stdout


def test_neither_django_nor_compiled_loops_are_loaded_before_they_are_needed() -> None:
    """`risk` runs without Django, the other commands without the compiler of the engine's loops."""
    program = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from torap.cli.main import app\n"
        "assert 'numba' not in sys.modules and 'scipy' not in sys.modules\n"
        f"path = {str(SAMPLES / 'hub.json')!r}\n"
        "result = CliRunner().invoke(app, ['schedule', 'risk', path, '--trials', '5'])\n"
        "assert result.exit_code == 0, result.output\n"
        "assert 'numba' in sys.modules and 'scipy.stats' not in sys.modules\n"
        "assert 'django' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("output", ["json", "csv", "text"])
def test_a_large_file_is_answered_like_a_small_one(monkeypatch: pytest.MonkeyPatch, output: str) -> None:
    careful = run("json", "--goal", "C", "-f", output)
    monkeypatch.setattr(schedule_risk, "LARGE", 0)
    monkeypatch.setattr(schedule_risk, "read_fields", lambda fields: pytest.fail("was read carefully"))
    quick = run("json", "--goal", "C", "-f", output)
    if output == "text":  # its first line says how long it took
        careful, quick = ((shown.partition("\n")[2], told) for shown, told in (careful, quick))
    assert quick == careful


def test_a_large_file_with_assumed_spreads_is_read_carefully(monkeypatch: pytest.MonkeyPatch) -> None:
    careful = run("json", "--spread", "90,100,130", "-f", "json")
    monkeypatch.setattr(schedule_risk, "LARGE", 0)
    assert run("json", "--spread", "90,100,130", "-f", "json") == careful


def test_a_large_file_with_a_goal_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule_risk, "LARGE", 0)
    assert "Nobody" in run("json", "--goal", "Nobody", code=2)[1]


def hard(tmp_path: Path, honoured: int) -> Path:
    """Task 2 must start on a Tuesday, while task 1 before it takes five days."""
    path = tmp_path / "hard.xml"
    path.write_text(
        '<Project xmlns="http://schemas.microsoft.com/project"><StartDate>2026-01-05T08:00:00</StartDate>'
        f"<HonorConstraints>{honoured}</HonorConstraints><Tasks>"
        "<Task><UID>1</UID><Duration>PT40H0M0S</Duration></Task>"
        "<Task><UID>2</UID><Duration>PT8H0M0S</Duration><ConstraintType>2</ConstraintType>"
        "<ConstraintDate>2026-01-06T08:00:00</ConstraintDate>"
        "<PredecessorLink><PredecessorUID>1</PredecessorUID><Type>1</Type></PredecessorLink></Task>"
        "</Tasks></Project>",
        "utf-8",
    )
    return path


def test_constraints_that_win_over_links_win_in_the_trials_too(tmp_path: Path) -> None:
    starts = []
    for honoured in (1, 0):
        words = ["schedule", "risk", str(hard(tmp_path, honoured)), "--trials", "100", "-f", "json"]
        found = json.loads(runner.invoke(app, [*words, "--spread", "90,100,130"]).stdout)
        assert not [row for row in found["losses"] if row["code"] == "trials_differ"]
        starts.append(found["activities"][1]["start"])
    assert set(starts[0].values()) == {"2026-01-06T08:00"}
    assert starts[1]["p10"] > "2026-01-09"


def test_limits_that_the_dates_do_not_keep_are_told(tmp_path: Path) -> None:
    for honoured in (1, 0):
        words = ["schedule", "risk", str(hard(tmp_path, honoured)), "--trials", "100", "-f", "json"]
        result = runner.invoke(app, words)
        (missed,) = json.loads(result.stdout)["missed"]
        assert (missed["id"], missed["place"], missed["waits_for"]) == ("2", "2 (row 2)", "1")
        assert (missed["late_h"], missed["late_days"]) == (32.0, 4.0)
        assert missed["against_links"] == (honoured == 1)
        text = runner.invoke(app, words[:-2]).stderr
        assert "1 (row 1)" in text[text.index("Missed: 2 (row 2): must_start 2026-01-06 08:00") :]


@pytest.mark.parametrize("large", [False, True])
def test_limits_of_a_large_file_are_told_alike(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, large: bool
) -> None:
    monkeypatch.setattr(schedule_risk, "LARGE", 1 if large else 1 << 30)
    held = {"type": "finish_not_after", "date": "2026-01-08T17:00"}
    rows = [{"id": "A", "duration": "5d"}, {"id": "B", "duration": "2d", "constraint": held}]
    data = {"start": "2026-01-05T08:00", "activities": rows, "links": [{"from": "A", "to": "B"}]}
    path = tmp_path / "plan.json"
    for options, late in (({}, 24.0), ({"holds": "all"}, 32.0 - 8.0)):
        path.write_text(json.dumps({**data, "options": options}), encoding="utf-8")
        told = json.loads(
            runner.invoke(app, ["schedule", "risk", str(path), "--trials", "10", "-f", "json"]).stdout
        )
        assert [(row["id"], row["late_h"], row["waits_for"]) for row in told["missed"]] == [("B", late, "A")]
    del rows[1]["constraint"]
    path.write_text(json.dumps(data), encoding="utf-8")
    told = json.loads(
        runner.invoke(app, ["schedule", "risk", str(path), "--trials", "10", "-f", "json"]).stdout
    )
    assert told["missed"] == []


def test_dates_that_the_convention_of_the_file_puts_elsewhere_are_told(tmp_path: Path) -> None:
    path = hard(tmp_path, 1)
    late = path.read_text("utf-8").replace("<ConstraintType>2", "<ConstraintType>1")
    path.write_text(
        late.replace("</Tasks>", "<Task><UID>3</UID><Duration>PT80H0M0S</Duration></Task></Tasks>")
    )
    words = ["schedule", "risk", str(path), "--trials", "100"]
    result = runner.invoke(app, words)
    assert "the convention of the file (msproject) gives other dates than these trials" in result.stderr
    assert "at 2." in result.stderr
    told = json.loads(runner.invoke(app, [*words, "-f", "json"]).stdout)["losses"]
    assert [row["where"] for row in told if row["code"] == "trials_differ"] == ["2"]


def test_trials_of_work_under_way_end_when_the_file_ends_it(tmp_path: Path) -> None:
    """Without a status date what is left goes on after what is done, and waits for nothing."""
    begun = (
        "<ActualStart>2026-01-06T08:00:00</ActualStart><ActualDuration>PT24H0M0S</ActualDuration>"
        "<RemainingDuration>PT16H0M0S</RemainingDuration>"
        "<PredecessorLink><PredecessorUID>2</PredecessorUID><Type>1</Type></PredecessorLink>"
    )
    path = tmp_path / "begun.xml"
    path.write_text(
        '<Project xmlns="http://schemas.microsoft.com/project"><StartDate>2026-01-05T08:00:00</StartDate>'
        f"<Tasks><Task><UID>1</UID><Duration>PT40H0M0S</Duration>{begun}</Task>"
        "<Task><UID>2</UID><Duration>PT64H0M0S</Duration></Task></Tasks></Project>"
    )
    told = json.loads(runner.invoke(app, ["schedule", "risk", str(path), "-n", "10", "-f", "json"]).stdout)
    assert [row["planned_finish"] for row in told["activities"]] == ["2026-01-12T17:00", "2026-01-14T17:00"]
    assert told["finish_by_convention"] == told["planned_finish"] == "2026-01-14T17:00"
    assert not [row for row in told["losses"] if row["code"] == "trials_differ"]


def test_by_how_much_the_convention_of_the_file_differs_is_told(tmp_path: Path) -> None:
    text = hard(tmp_path, 1).read_text("utf-8")
    path = tmp_path / "status.xml"
    begun = "<ActualStart>2026-01-05T08:00:00</ActualStart></Task>"
    text = text.replace("<Tasks>", "<StatusDate>2026-01-12T08:00:00</StatusDate><Tasks>")
    path.write_text(
        text.replace("<Duration>PT40H0M0S</Duration></Task>", f"<Duration>PT40H0M0S</Duration>{begun}")
    )
    words = ["schedule", "risk", str(path), "--trials", "10"]
    told = json.loads(runner.invoke(app, [*words, "-f", "json"]).stdout)
    (note,) = [row for row in told["losses"] if row["code"] == "trials_differ"]
    assert (note["where"], note["days"]) == ("1", 7.0)
    assert (told["planned_finish"], told["finish_by_convention"]) == ("2026-01-16T17:00", "2026-01-09T17:00")
    shown = runner.invoke(app, words)
    assert "by up to 7 days by the clock, at 1" in shown.stderr
    assert "By the msproject convention it would be: 2026-01-09 17:00" in shown.stdout


@pytest.mark.parametrize("large", [False, True])
def test_a_large_file_that_names_a_convention_is_run_by_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, large: bool
) -> None:
    monkeypatch.setattr(schedule_risk, "LARGE", 1 if large else 1 << 30)
    rows = [{"id": "A", "duration": "5d"}, {"id": "B", "duration": "2d", "calendar": "long"}]
    data = {
        "start": "2026-01-05T08:00", "convention": "msproject", "activities": rows,
        "calendars": [
            {"id": "usual"}, {"id": "long", "week": {day: ["00:00-24:00"] for day in ("mon", "sat", "sun")}},
        ],
        "links": [{"from": "A", "to": "B", "lag": "24h"}],
    }  # fmt: skip
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    words = ["schedule", "risk", str(path), "--trials", "10", "-f", "json"]
    told = json.loads(runner.invoke(app, words).stdout)
    assert told["activities"][1]["planned_start"] == "2026-01-11T00:00"  # the lag passes in the time of B
