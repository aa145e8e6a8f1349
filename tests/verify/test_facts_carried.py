"""Nothing of the collected material is lost on the way: every sourced entry arrives, every quarrel shows.

The counts per part were taken from the collection by hand; a row that leaves a facts file shows here.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from importlib.resources import files

import pytest
import yaml
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from torap.common.permissions import system_user
from torap.delivery.selectors import instruction_states
from torap.intake.country import country_files
from torap.intake.services import facts_apply
from torap.registry.selectors import SubjectContradiction, contradiction_list
from torap.rules.known import AsKnown

pytestmark = pytest.mark.django_db

ENTRIES = {
    "network": 13,
    "hubs": 400,
    "links": 26,
    "investment_projects": 31,
    "instructions": 17,
    "national": 138,
    "user_complaints": 11,
}
QUARRELS = [
    ("dostyk_moiynty", "lead_time", "computed"),
    ("checkpoints", "checkpoints", "conflict"),
    ("ndip", "pool_threshold_usd", "computed"),
    ("nip_2029", "investment_usd", "computed"),
    ("transit_rail", "value", "conflict"),
    # Both figures came from one publisher within a week, so the later one counts as restating the first.
    ("transit_all", "value", "restated"),
]
LATER = "2026-04-sez-alatau.yaml"


def origins() -> set[str]:
    """Paths of the collection that some row carries or leaves out with a reason."""
    documents = [yaml.safe_load(content) for _name, content in country_files("kz")]
    rows = [
        row for document in documents for part in document.values() if isinstance(part, list) for row in part
    ]
    named = [row.get("origin", []) for row in rows]
    return {path for paths in named for path in ([paths] if isinstance(paths, str) else paths)}


def test_every_sourced_entry_of_the_collection_arrives() -> None:
    parts = Counter(path.split(".")[0].split("[")[0] for path in origins())
    assert {part: parts[part] for part in ENTRIES} == ENTRIES
    assert sum(ENTRIES.values()) == 636


@pytest.fixture(scope="module")
def contradictions(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> list[SubjectContradiction]:
    """All contradictions of the country's facts; nothing stays in the database."""
    with django_db_blocker.unblock(), transaction.atomic():
        facts_apply(by=system_user(), files=country_files("kz"))
        found = contradiction_list(AsKnown(dt.date(2025, 12, 31)))
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize(("subject", "attribute", "kind"), QUARRELS)
def test_recorded_quarrel_is_computed(
    subject: str, attribute: str, kind: str, contradictions: list[SubjectContradiction]
) -> None:
    found = {(row.subject.code, row.figure.attribute.code, row.contradiction.kind) for row in contradictions}
    assert (subject, attribute, kind) in found


def test_later_file_moves_the_instruction_it_speaks_of() -> None:
    later = files("torap.countries") / "kz" / "facts-later" / LATER
    load = facts_apply(by=system_user(), files=[*country_files("kz"), (LATER, later.read_bytes())])
    assert load.report["totals"]["refused"] == 0
    said = {
        day: instruction_states(AsKnown(day), codes=["I-2025-11-25-1"])[0].said.code
        for day in (dt.date(2025, 12, 31), dt.date(2026, 4, 22))
    }
    assert said == {dt.date(2025, 12, 31): "no_word", dt.date(2026, 4, 22): "part_done"}
