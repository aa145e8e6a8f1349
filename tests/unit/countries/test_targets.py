"""Which works add up to a target: the file is read whole, and names only what the facts hold."""

import re
from importlib.resources import files

import pytest

from torap.countries import targets
from torap.countries.targets import load_targets
from torap.rules.errors import BadLawFile
from torap.rules.units import unit


def facts():
    folder = files("torap.countries") / "kz" / "facts"
    return "\n".join(item.read_text("utf-8") for item in folder.iterdir() if item.name.endswith(".yaml"))


def test_targets_name_claims_milestones_and_units_that_are_there():
    text = facts()
    found = load_targets("kz")
    assert {one.code for one in found} == {"titr_containers_2030", "hubs_open_2030", "checkpoints_2027"}
    for one in found:
        assert unit(one.unit)
        assert all(one.counts)
        figures = [one.aim, *([one.base] if one.base else []), *(part.adds for part in one.parts)]
        for key in {key for figure in figures for key in (figure.claim, figure.less) if key}:
            assert re.search(rf"id: {re.escape(key)}[,\s]", text), key
        for key in {node for part in one.parts for node in part.nodes}:
            assert re.search(rf"code: {re.escape(key.removeprefix('milestone:'))}[,\s]", text), key


def test_a_file_that_cannot_be_read_names_itself(monkeypatch):
    monkeypatch.setattr(targets, "load_yaml", lambda *_parts: {"targets": [{"code": "x"}]})
    load_targets.cache_clear()
    with pytest.raises(BadLawFile, match=r"targets\.yaml"):
        load_targets("kz")
    load_targets.cache_clear()


def test_a_country_without_targets_has_none(monkeypatch):
    monkeypatch.setattr(targets, "FILE", "no-targets.yaml")
    load_targets.cache_clear()
    assert load_targets("kz") == ()
    load_targets.cache_clear()
