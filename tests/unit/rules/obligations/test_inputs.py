"""Names and values a person types: synonyms are understood, the rest is refused with what is taken."""

import datetime as dt
from decimal import Decimal

import pytest

from torap.countries import load_procedure, load_procedures
from torap.rules.errors import BadValue, UnknownEvent, UnknownParameter
from torap.rules.obligations.inputs import event_name, event_specs, param_specs, read_moment, typed_params

P03A = load_procedure("P03a").editions[0]
P08 = load_procedure("P08").editions[0]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("filed", "filed"),
        ("Application", "filed"),
        ("register-entry", "registered"),
        ("receipt_of_copy", "copy_received"),
        ("done_3a", "contract_signed"),
        ("suspended", "paused"),
        ("Date of filing", "filed"),
    ],
)
def test_event_names_and_synonyms(given, name):
    assert event_name(P03A, given) == name


def test_unknown_event_lists_what_is_known():
    with pytest.raises(UnknownEvent, match="contract_signed") as caught:
        event_name(P03A, "flown")
    assert "filed" in caught.value.params["allowed"]


def test_values_are_typed():
    found = typed_params(
        P08, {"deadline": "2025-12-20", "type": "Very-Urgent", "operational": "yes", "issuer": "pm"}
    )
    assert found["deadline"] == dt.date(2025, 12, 20)
    assert (found["type"], found["operational"], found["issuer"]) == ("very_urgent", True, "prime_minister")
    assert found["reporting"] == "none"
    assert typed_params(P03A, {"cost": "60_000_000_000"})["cost_kzt"] == Decimal(60_000_000_000)
    two = typed_params(P08, {"extended_to": "2026-01-30,2026-02-10"})["extended_to"]
    assert two == (dt.date(2026, 1, 30), dt.date(2026, 2, 10))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("deadline", "20.12.2025", "YYYY-MM-DD"),
        ("type", "medium-rare", "very_urgent"),
        ("operational", "perhaps", "true or false"),
        ("extended_to", "soon", "YYYY-MM-DD"),
    ],
)
def test_bad_values_name_the_repair(name, value, words):
    with pytest.raises(BadValue, match=words):
        typed_params(P08, {name: value})


@pytest.mark.parametrize("value", ["lots", "1,5", "NaN", ""])
def test_bad_sums_are_refused(value):
    with pytest.raises(BadValue, match="digits"):
        typed_params(P03A, {"cost_kzt": value})


def test_unknown_parameter_lists_what_is_taken():
    with pytest.raises(UnknownParameter, match="cost_kzt"):
        typed_params(P03A, {"price": "1"})


def test_no_name_stands_for_two_events_or_parameters():
    for procedure in load_procedures().values():
        for edition in procedure.editions:
            for specs in (event_specs(edition), param_specs(edition)):
                names = [name for spec in specs.values() for name in (spec.name, *spec.also)]
                assert len(names) == len(set(names)), (edition.procedure, names)


@pytest.mark.parametrize(
    ("pid", "name", "value", "words"),
    [
        ("P05a", "year", "2026.5", "whole numbers.*2000 to 2060"),
        ("P05a", "year", "99999", "2000 to 2060"),
        ("P03a", "year", "0", "2000 to 2060"),
        ("P09", "working_days", "1.5", "whole numbers"),
        ("P09", "months", "-1", "negative"),
        ("P06c", "power_kw", "1e999", "outside"),
        ("P05a", "state_share_pct", "150", "0 to 100"),
        ("P03a", "cost_kzt", "-5", "may not be negative"),
        ("P03a", "cost_kzt", "1e30", "outside"),
        ("P09", "from", "20260302", "YYYY-MM-DD"),
        ("P09", "from", "2026-W10-1", "YYYY-MM-DD"),
    ],
)
def test_numbers_and_days_out_of_range_name_what_is_allowed(pid, name, value, words):
    with pytest.raises(BadValue, match=words):
        typed_params(load_procedure(pid).editions[-1], {name: value})


def test_one_parameter_under_two_names_is_refused():
    with pytest.raises(BadValue, match="cost_kzt and as cost"):
        typed_params(P03A, {"cost_kzt": "1", "cost": "2"})


def test_sums_may_be_grouped_with_commas():
    assert typed_params(P03A, {"cost": "60,000,000,000"})["cost_kzt"] == 60_000_000_000


@pytest.mark.parametrize(
    ("given", "meant"),
    [("aplication", "filed"), ("contract_singed", "contract_signed"), ("refusel", "refused")],
)
def test_a_mistyped_event_is_answered_with_the_nearest(given, meant):
    with pytest.raises(UnknownEvent, match=f"Did you mean '{meant}'"):
        event_name(P03A, given)


def test_a_mistyped_parameter_and_choice_are_answered_with_the_nearest():
    with pytest.raises(UnknownParameter, match="Did you mean 'issuer'"):
        typed_params(P08, {"isuer": "president"})
    with pytest.raises(BadValue, match="Did you mean 'prime_minister'"):
        typed_params(P08, {"issuer": "prime minster"})
    with pytest.raises(UnknownParameter) as caught:
        typed_params(P08, {"zzz": "1"})
    assert "Did you mean" not in caught.value.message


@pytest.mark.parametrize("text", ["2026-03-02T18:30", "2026-03-02 18:30", "2026-03-02T18:30:00"])
def test_a_moment_may_have_a_space_or_seconds(text):
    assert read_moment(text) == (dt.date(2026, 3, 2), dt.time(18, 30))


@pytest.mark.parametrize("text", ["2026-03-02T18", "2026-03-02T18:30+05:00", "2026-03-02T25:00", "2026-3-2"])
def test_other_moments_are_refused(text):
    with pytest.raises(ValueError, match=r"."):
        read_moment(text)


def test_no_name_of_an_event_or_parameter_stands_for_two():
    for procedure in load_procedures().values():
        for edition in procedure.editions:
            for specs in (event_specs(edition), param_specs(edition)):
                names = [name for spec in specs.values() for name in {spec.name, *spec.also}]
                assert len(names) == len(set(names)), (procedure.id, edition.id)
