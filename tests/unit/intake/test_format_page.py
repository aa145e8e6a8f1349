"""The page of the format names every section, every field and every word the models accept."""

from __future__ import annotations

import re
import typing
from pathlib import Path

import pytest

from torap.countries import load_ladder
from torap.delivery.services.instructions import closing_grounds, issuers
from torap.intake.readers.rows import MODEL_OF, SECTIONS
from torap.intake.readers.yaml_rows import read_facts
from torap.intake.services import facts_apply
from torap.rules.units import UNITS

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "facts-format.md").read_text(encoding="utf-8")
# Written once for all, or under another name in the file.
ELSEWHERE = {"origin", "low", "high"}


def line_of(section):
    return next(line for line in PAGE.splitlines() if line.startswith(f"| `{section}` |"))


def words(annotation):
    """All words a Literal, however wrapped, accepts."""
    if typing.get_origin(annotation) is typing.Literal:
        yield from (word for word in typing.get_args(annotation) if word)
    for inner in typing.get_args(annotation):
        if not isinstance(inner, str):
            yield from words(inner)


@pytest.mark.parametrize("section", MODEL_OF)
def test_every_field_stands_on_the_page(section):
    line, model = line_of(section), MODEL_OF[section]
    for name, field in model.model_fields.items():
        written = field.alias or name
        if written in ELSEWHERE:
            continue
        assert f"`{written}`" in line, written
        if field.is_required() and name != "url":
            assert f"`{written}`*" in line, written


@pytest.mark.parametrize("section", MODEL_OF)
def test_every_word_stands_on_the_page(section):
    line = line_of(section)
    for name, field in MODEL_OF[section].model_fields.items():
        if name in {"qualifier", "confidence", "state"} and section not in {"claims", "reports"}:
            continue
        missing = [word for word in words(field.annotation) if word not in line]
        assert not missing, (name, missing)


def test_the_example_on_the_page_can_be_read():
    example = re.search(r"```yaml\n(.*?)```", PAGE, re.S).group(1)
    facts = read_facts("page.yaml", example.encode())
    assert facts.problems == []
    assert len(facts.rows) == 5


def examples():
    """All blocks of the chapter of examples as one file."""
    chapter = PAGE.split("## Examples of every kind of row")[1]
    return "".join(re.findall(r"```yaml\n(.*?)```", chapter, re.S)).encode()


def test_there_is_an_example_of_every_kind_of_row():
    assert set(read_facts("examples.yaml", examples()).counts) == set(SECTIONS)


def test_the_examples_load_as_they_stand(system):
    load = facts_apply(by=system, files=[("examples.yaml", examples())])
    # A source may quote an older saying: that is told, and keeps nothing out.
    assert [one["code"] for one in load.report["problems"]] == ["said_before_source"]
    assert load.report["totals"]["refused"] == 0
    assert load.report["totals"]["new"] == load.report["totals"]["in_files"]


def test_every_unit_stands_on_the_page():
    chapter = PAGE.split("## Units")[1].split("## ")[0]
    plain = [name for name, unit in UNITS.items() if not unit.currency]
    assert [name for name in plain if f"`{name}`" not in chapter] == []


def test_every_issuer_ground_and_rung_stands_on_the_page():
    rungs = [rung.code for rung in load_ladder()]
    assert [word for word in (*issuers(), *closing_grounds(), *rungs) if word not in PAGE] == []
