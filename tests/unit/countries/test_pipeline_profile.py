"""What the forecast of investment assumes is declared in the country's files."""

import pytest

from torap.countries import pipeline
from torap.countries.pipeline import load_pipeline
from torap.engines.pipeline.model import Stage
from torap.rules.errors import BadLawFile


def test_kazakhstan_declares_every_stage_that_is_waited_in():
    found = load_pipeline("kz")
    assert {row.stage for row in found.assumptions} == set(Stage) - {Stage.REALISED}
    assert {"infrastructure", "investment"} <= set(found.lengths)
    assert all(row.worth == 1 for row in found.assumptions)


def test_a_broken_file_is_named(monkeypatch):
    monkeypatch.setattr(pipeline, "load_yaml", lambda *_parts: {"section": "x"})
    load_pipeline.cache_clear()
    with pytest.raises(BadLawFile, match=r"pipeline\.yaml"):
        load_pipeline("kz")
    load_pipeline.cache_clear()
