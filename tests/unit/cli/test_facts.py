"""`torap facts`: what would change is shown first, what is refused is told with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from torap.cli.main import app
from torap.intake.models import FactsLoad, LoadedRow
from torap.intake.readers.nodes import MAX_BYTES
from torap.ledger.models import Event
from torap.registry.selectors import place_get, search

SAMPLES = Path(__file__).parents[1] / "intake" / "samples"
GOOD = SAMPLES / "good.yaml"

pytestmark = pytest.mark.django_db


def run(*arguments, **options):
    return CliRunner().invoke(app, ["facts", *map(str, arguments)], **options)


@pytest.fixture
def edited(tmp_path):
    def make(old, new):
        path = tmp_path / "good.yaml"
        path.write_text(GOOD.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        return path

    return make


def test_check_of_a_sound_file_writes_nothing():
    result = run("check", GOOD)
    assert result.exit_code == 0
    assert "All rows are sound." in result.output
    assert not LoadedRow.objects.exists()
    assert not Event.objects.exists()


def test_check_names_file_line_field_and_repair():
    result = run("check", SAMPLES / "bad_rows.yaml")
    assert result.exit_code == 1
    assert "bad_rows.yaml:4 publishers gov domain" in result.stderr
    assert "Did you mean “domains”?" in result.stderr
    assert "bad_rows.yaml:7 sources s1 published" in result.stderr


def test_check_alone_forgets_the_database(coordinator, tmp_path):
    run("load", GOOD, "--yes")
    later = tmp_path / "later.yaml"
    later.write_text(
        "format: torap-facts/1\nclaims:\n"
        "  - {id: n, subject: hub, attribute: area, value: 1, unit: ha, source: gov-2025-11}\n"
    )
    assert run("check", later).exit_code == 0
    alone = run("check", "--alone", later)
    assert alone.exit_code == 1
    assert "found neither" in alone.stderr


def test_load_shows_asks_and_loads():
    result = run("load", GOOD, input="y\n")
    assert result.exit_code == 0, result.output
    assert "Loaded: 40 new" in result.output
    assert place_get("hub").code == "hub"
    assert search("хаб")


def test_no_is_no():
    result = run("load", GOOD, input="n\n")
    assert result.exit_code == 2
    assert "Nothing was loaded." in result.stderr
    assert not FactsLoad.objects.exists()


def test_a_dry_run_stops():
    result = run("load", GOOD, "--dry-run")
    assert result.exit_code == 0
    assert not FactsLoad.objects.exists()


def test_the_second_time_there_is_nothing_to_load():
    run("load", GOOD, "--yes")
    events = Event.objects.count()
    result = run("load", GOOD, "--yes")
    assert result.exit_code == 0
    assert "Nothing to load" in result.output
    assert Event.objects.count() == events


def test_differences_are_shown_field_by_field(edited):
    run("load", GOOD, "--yes")
    result = run("load", edited("value: 42,", "value: 43,"), "--dry-run")
    assert "claims teu.2024 (corrected)" in result.output
    assert "low: 42 → 43" in result.output


def test_a_row_gone_from_the_file_is_told(edited):
    run("load", GOOD, "--yes")
    line = next(line for line in GOOD.read_text(encoding="utf-8").splitlines() if "teu.2024" in line)
    result = run("load", edited(line, ""), "--yes")
    assert "No longer in good.yaml: claims teu.2024" in result.output


def test_refused_rows_make_the_exit_code_one_and_the_rest_is_loaded(edited):
    result = run("load", edited("type: hub\n", "type: castle\n"), "--yes")
    assert result.exit_code == 1
    assert "everything else was loaded" in result.stderr
    assert LoadedRow.objects.filter(kind="links").exists()
    assert not LoadedRow.objects.filter(kind="places").exists()
    assert result.stderr.count("places hub type") == 1  # told once, not again after loading


def test_a_huge_file_is_not_read_whole(tmp_path):
    path = tmp_path / "huge.yaml"
    with path.open("wb") as stream:
        stream.truncate(MAX_BYTES * 25)
    result = run("check", path)
    assert result.exit_code == 1
    assert "huge.yaml:1" in result.stderr
    assert "larger than 8 MB" in result.stderr


def test_two_files_of_one_name_are_refused(tmp_path):
    other = tmp_path / "good.yaml"
    other.write_bytes(GOOD.read_bytes())
    result = run("load", GOOD, other, "--yes")
    assert result.exit_code == 2
    assert "Two files are called good.yaml" in result.stderr


def test_a_file_that_is_not_there_is_told():
    assert run("check", "nowhere.yaml").exit_code == 2


def test_rows_can_be_loaded_in_the_name_of_a_person(coordinator, nobody):
    assert run("load", GOOD, "--yes", "--by", "coordinator").exit_code == 0
    assert Event.objects.last().actor == "coordinator"
    refused = run("load", SAMPLES / "bad_rows.yaml", GOOD, "--yes", "--by", "nobody")
    assert refused.exit_code in {1, 2}
    unknown = run("country", "--by", "ghost")
    assert unknown.exit_code == 2
    assert "no such account: ghost" in unknown.stderr


def test_somebody_without_the_right_loads_nothing(nobody):
    result = run("load", GOOD, "--yes", "--by", "nobody")
    assert result.exit_code == 2
    assert "may not do this" in result.stderr
    assert not LoadedRow.objects.exists()


def test_the_report_counts_what_is_carried():
    run("load", GOOD, "--yes")
    text = run("report")
    assert text.exit_code == 0
    assert "40 rows, corrected 0 times" in text.output
    assert "left out hubs[0].facts[9]: Repeats another entry" in text.output
    report = json.loads(run("report", "--format", "json").output)
    assert report["carried"]["origins_carried"] == 3
    assert report["loads"][0]["report"]["totals"]["new"] == 40
    assert run("report", "--format", "xml").exit_code == 2


def test_the_report_of_an_empty_database():
    assert "0 rows" in run("report").output
