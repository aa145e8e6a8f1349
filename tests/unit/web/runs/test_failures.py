"""Every code the pipeline of investment refuses under has a sentence: codes are read from the source."""

import ast
import datetime as dt
from pathlib import Path

import pytest
from django.utils import translation

from torap.engines import pipeline
from torap.runs.selectors import RunLine
from torap.web.runs.failures import PIPELINE, failure

NOW = dt.datetime(2026, 1, 15, tzinfo=dt.UTC)


def codes():
    """First words of every EngineInputError of the engine, and of the check that a name is given once."""
    for path in sorted(Path(pipeline.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "EngineInputError":
                assert node.args
                if isinstance(node.args[0], ast.Constant):
                    yield node.args[0].value
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_once":
                yield node.args[1].value


def run(error, /, **params):
    return RunLine(
        code="forecast-2026-01-15",
        kind="forecast",
        title="",
        known_on=NOW.date(),
        seed=1,
        trials=500,
        sampling="plain",
        engine="",
        sha256="",
        nodes=1,
        state="failed",
        percent=0.0,
        error=error,
        error_params=params,
        by="system",
        asked_at=NOW,
        finished_at=None,
        seconds=None,
        scenario="",
        base="",
        invented=False,
    )


def test_every_code_of_the_pipeline_has_a_sentence_and_no_sentence_is_left_over():
    assert set(codes()) == set(PIPELINE)


@pytest.mark.parametrize("code", sorted(PIPELINE))
@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_a_sentence_names_the_input_at_fault(code, language):
    params = dict.fromkeys(("first", "last", "low", "high", "since", "spent", "amount"), "7")
    with translation.override(language):
        words = failure(run(code, where="mill", value="8", field="worth", **params))
    assert "%(" not in words.text
    assert words.field == "mill"
    outside_years = {"goal_outside_years", "trials_out_of_range", "years_out_of_range"}
    assert ("mill" in words.text) or code in outside_years


def test_a_refusal_of_the_schedule_engine_and_one_of_the_services_keep_their_words():
    with translation.override("en"):
        assert "mill" in failure(run("duration_negative", where="mill")).text
        assert failure(run("crashed", error="KeyError")).text == "The computation broke off (KeyError)."
        assert failure(run("")) is None
