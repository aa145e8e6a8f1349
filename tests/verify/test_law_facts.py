"""Every step of the 35 procedures against a table written independently of the law files."""

import pytest

from torap.countries import load_procedure, load_procedures, load_sources
from verify.law_table import PROCEDURES, SPECIAL, rows


def test_all_procedures_are_there_and_no_other():
    assert sorted(load_procedures()) == sorted(PROCEDURES)
    assert len(PROCEDURES) == 35


@pytest.mark.parametrize(("pid", "step", "value", "unit", "form", "event", "article", "confidence"), rows())
def test_step_agrees_with_the_table(pid, step, value, unit, form, event, article, confidence):
    row = load_procedure(pid).editions[-1].obligation(step)
    assert (row.limit.value, row.limit.unit) == (value, unit)
    assert row.limit.form == (form or "within")
    assert not row.limit.before
    assert (row.trigger.event if row.trigger else None) == event
    assert row.confidence == confidence
    if article is None:
        assert row.article is None
    else:
        assert article in row.article


def test_the_table_leaves_no_step_out():
    known = {(pid, step) for pid, step, *_rest in rows()} | SPECIAL
    carried = {
        (pid, row.step)
        for pid, procedure in load_procedures().items()
        for edition in procedure.editions
        for row in edition.obligations
        if pid != "P08"
    }
    assert carried == known


def test_fixed_dates_of_half_year_reports():
    assert load_procedure("P05c").editions[0].obligation("5").limit.dates == ((7, 25), (1, 25))


def test_every_source_named_is_known():
    sources = load_sources()
    for pid, procedure in load_procedures().items():
        for edition in procedure.editions:
            named = {act.source for act in edition.acts} | {fact.get("source", "") for fact in edition.facts}
            assert named - {""} <= set(sources), pid


def test_every_procedure_says_what_is_not_known_or_has_steps_or_facts():
    for procedure in load_procedures().values():
        for edition in procedure.editions:
            assert edition.acts
            assert edition.obligations or edition.facts or edition.unknown


P08_STEPS = {
    ("lead", "very_urgent"): (3, "wd"),
    ("lead", "urgent"): (10, "wd"),
    ("co_executors", "very_urgent"): (1, "wd"),
    ("co_executors", "urgent"): (3, "wd"),
    ("co_executors", "medium"): (10, "wd"),
    ("co_executors", "long"): (20, "wd"),
}


def test_instruction_terms_by_type():
    edition = load_procedure("P08").editions[0]
    for (step, control), (value, unit) in P08_STEPS.items():
        key = "type" if step == "lead" else "control"
        found = next(v for v in edition.obligation(step).variants if v.when == {key: control})
        assert (found.limit.value, found.limit.unit) == (value, unit)
