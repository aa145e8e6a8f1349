"""`torap ledger verify`: what it prints and how it ends."""

import json

import pytest
from django.db import connection
from typer.testing import CliRunner

from torap.cli.ledger import ledger_app
from torap.common.triggers import drop_append_only_sql
from torap.ledger.services import Draft, record_many, verify
from torap.registry.models import Region
from torap.registry.services import region_save

run = CliRunner().invoke


@pytest.fixture
def three_events(system):
    return record_many([Draft("x.added", f"x:{n}") for n in range(3)], by=system)


def tamper():
    with connection.cursor() as cursor:
        for statement in drop_append_only_sql(connection.vendor, "ledger_event"):
            cursor.execute(statement)
        cursor.execute("UPDATE ledger_event SET actor = 'x' WHERE seq = 2")


def test_whole_ledger_prints_an_anchor_that_is_taken_back(three_events):
    result = run(ledger_app, ["verify"])
    assert result.exit_code == 0
    assert "3 events" in result.stdout
    anchor = f"3:{verify().head_hash}"
    assert anchor in result.stdout
    assert run(ledger_app, ["verify", "--anchor", anchor]).exit_code == 0


def test_broken_ledger_names_the_row_and_exits_1(three_events):
    tamper()
    result = run(ledger_app, ["verify"])
    assert result.exit_code == 1
    assert "Event 2 was changed" in result.stderr
    answer = run(ledger_app, ["verify", "--format", "json"])
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["first_bad_seq"] == 2


def test_foreign_anchor_exits_1(three_events):
    result = run(ledger_app, ["verify", "--anchor", "3:" + "0" * 64])
    assert result.exit_code == 1
    assert "written anew" in result.stderr


@pytest.mark.parametrize("words", [["--anchor", "3"], ["--anchor", "x:" + "0" * 64], ["--format", "xml"]])
def test_wrong_options_say_what_to_write(db, words):
    result = run(ledger_app, ["verify", *words])
    assert result.exit_code == 2
    assert "choose" in result.stderr or "SEQ:HASH" in result.stderr


def test_a_record_altered_past_the_services_is_named_and_exits_1(three_events, system):
    region_save(by=system, code="KZ-33", name="Zhetysu")
    assert "1 records" in run(ledger_app, ["verify"]).stdout
    Region.objects.update(name_en="Elsewhere")
    result = run(ledger_app, ["verify"])
    assert result.exit_code == 1
    assert 'registry_region KZ-33: name_en is "Elsewhere"; event 4 says "Zhetysu".' in result.stderr
    answer = run(ledger_app, ["verify", "--format", "json"])
    assert answer.exit_code == 1
    data = json.loads(answer.stdout)
    assert (data["ok"], data["chain_ok"], data["count"], data["records"]) == (False, True, 4, 1)
    (fault,) = data["faults"]
    assert fault == {
        "code": "record_changed",
        "table": "registry_region",
        "key": "KZ-33",
        "field": "name_en",
        "said": "Zhetysu",
        "found": "Elsewhere",
        "seq": 4,
    }
