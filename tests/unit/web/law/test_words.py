"""Words of limits, conditions and values, and the names a country gives to its codes."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from torap.countries import load_calendar_edits, load_procedures
from torap.rules.obligations.inputs import GENERIC_EVENTS, GENERIC_PARAMS
from torap.rules.obligations.model import Limit, Unit
from torap.web.law import words
from torap.web.law.presenters import finding_label


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        (Limit(value=1, unit=Unit.WORKING_DAYS), "1 working day"),
        (Limit(value=15, unit=Unit.WORKING_DAYS), "15 working days"),
        (Limit(value=3, unit=Unit.MONTHS, form="not_less_than"), "at least 3 months"),
        (Limit(value=3, unit=Unit.WORKING_DAYS, before=True), "3 working days before"),
        (Limit(value=3, unit=Unit.YEARS, form="every"), "every 3 years"),
        (Limit(value=0, unit=Unit.SAME_DAY), "the same day"),
        (Limit(dates=((7, 25), (1, 25))), "on fixed dates: 25 Jul, 25 Jan"),
        (Limit(date_param="deadline"), "the day given"),
        (Limit(), ""),
    ],
)
def test_limits(limit, text):
    assert words.limit_words(limit) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "…"),
        (True, "yes"),
        (dt.date(2025, 12, 20), "20 Dec 2025"),
        (Decimal("600000000"), "600,000,000"),
        ("very_urgent", "very urgent"),
        ((dt.date(2026, 1, 5), None), "5 Jan 2026, …"),
        ([(7, 25)], "25 Jul"),
    ],
)
def test_values(value, text):
    assert words.shown(value) == text


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ("given", "given"),
        (True, "yes"),
        ({"le": 15}, "≤ 15"),
        ({"not": "forcing"}, "not reminder"),
        ([True, "unset"], "yes or not given"),
        ({"gt": 200, "le": 1000}, "> 200, ≤ 1,000"),
    ],
)
def test_conditions(spec, text):
    assert words.condition_words(spec) == text


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_every_code_of_the_country_has_a_name(language):
    with translation.override(language):
        table = words._table("kz")
        for procedure in load_procedures().values():
            for edition in procedure.editions:
                for spec in edition.params.values():
                    assert set(spec.choices) <= set(table["choices"]), spec.name
                assert {str(row["item"]) for row in edition.unknown} <= set(table["unknown"])
                for row in edition.obligations:
                    assert "_" not in words.holder_words(row.holder)
    carried = load_calendar_edits()
    kinds = {edit.kind.partition(":")[2] for edit in carried.edits} - {""}
    assert kinds | set(carried.seed_names.values()) <= set(table["days"])


def test_findings_of_law_files_have_labels():
    for procedure in load_procedures().values():
        for edition in procedure.editions:
            for spec in edition.decisions:
                codes = [*spec.get("subjects", {}), *spec.get("values", {})]
                codes += [spec["code"]] if "code" in spec else []
                for code in codes:
                    assert code in words._table("kz")["findings"]
                    assert finding_label(code) == finding_label(f"target:{code}")


def test_a_name_nobody_gave_is_the_code_spelled_out():
    assert words.choice_words("brand_new") == "brand new"
    assert words.holder_words("brand_new") == "brand new"
    assert words.day_kind("edit", "Day of mourning") == "Day of mourning"
    assert words.law_source("no such source") is None


def test_what_every_procedure_takes_is_named_without_names_of_the_command_line():
    common = {spec.name for spec in (*GENERIC_EVENTS, *GENERIC_PARAMS)}
    assert set(words.COMMON) == common
    assert words.event_title("extended", None) == "the term is extended"
    assert words.param_title("extended_to", None) == "new day of each extension, in their order"


@pytest.mark.parametrize(
    ("language", "reference", "shown"),
    [
        ("en", "p.176-184", "p.176-184"),
        ("ru", "p.163, p.168", "п. 163, п. 168"),
        ("kk", "p.176", "176-т."),
        ("ru", "art. 282-1(1),(3)", "ст. 282-1(1),(3)"),
        ("kk", "art. 282-3(2)", "282-3(2)-бап"),
        ("ru", "293(1)", "293(1)"),
        ("kk", "Code 282-3(4)", "Кодекс, 282-3(4)-бап"),
    ],
)
def test_a_reference_to_an_article_is_written_as_the_language_does(language, reference, shown):
    with translation.override(language):
        assert words.article_words(reference) == shown
