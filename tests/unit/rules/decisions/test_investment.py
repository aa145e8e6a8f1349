"""Decisions by cost and share: pools, security, eligibility, caps; an unknown index gives no answer."""

import datetime as dt
from decimal import Decimal

import pytest

from torap.countries import load_calendar_edits, load_procedure, load_rates
from torap.rules.calendar import build_calendar
from torap.rules.errors import BadValue
from torap.rules.obligations.engine import evaluate
from torap.rules.obligations.model import Event

TODAY = dt.date(2026, 11, 21)
CALENDAR = build_calendar(load_calendar_edits(), known_on=TODAY)


def ask(pid, *events, **params):
    rows = [Event(name=name, on=dt.date.fromisoformat(day)) for name, day in events]
    edition = load_procedure(pid).editions[-1]
    found = evaluate(edition, rows, CALENDAR, known_on=TODAY, params=params, rates=load_rates())
    return {row.code: row for row in found.findings}, found


@pytest.mark.parametrize(
    ("params", "value"),
    [
        ({"cost": "589800000", "year": "2025"}, "regional"),
        ({"cost": "589800001", "year": "2025"}, "national"),
        ({"cost": "648750000", "year": "2026"}, "regional"),
        ({"cost": "648750001", "year": "2026"}, "national"),
        ({"cost": "1", "contract": "true", "year": "2024"}, "national"),
        ({"cost": "600000000", "year": "2024"}, None),
        ({"year": "2026"}, None),
    ],
)
def test_pool(params, value):
    assert ask("P01", **params)[0]["pool"].value == value


def test_pool_of_an_unknown_index_shows_that_the_line_is_not_known():
    found, _evaluation = ask("P01", cost="600000000", year="2024")
    assert found["pool_threshold_kzt"].value is None
    assert {reason.code for reason in found["pool"].reasons} >= {"mci_not_known"}


def test_pool_under_the_rules_nobody_read_is_not_known():
    """The line of 150,000 MCI was read in the rules in force since 19 January 2025, not in those before."""
    first = load_procedure("P01").editions[0]
    params = {"cost": "600000000", "contract": "true"}
    event = [Event(name="registered", on=dt.date(2024, 9, 2))]
    answer = evaluate(first, event, CALENDAR, known_on=TODAY, params=params, rates=load_rates())
    found = {row.code: row for row in answer.findings}
    assert (found["pool"].value, found["pool_threshold_kzt"].value) == (None, None)
    assert [reason.code for reason in found["pool"].reasons][0] == "limit_not_known"


def test_pool_takes_the_year_of_registration_and_flags_the_exact_line():
    findings, _ = ask("P01", ("registered", "2025-06-02"), cost="600000000")
    assert findings["pool"].value == "national"
    exact = ask("P01", cost="648750000", year="2026")[0]["pool"]
    assert "boundary_is_our_reading" in [reason.code for reason in exact.reasons]


def test_security_at_filing_and_term_of_the_rest():
    findings, found = ask("P03a", ("registered", "2026-03-30"), cost="64875000001")
    assert findings["security_at_filing_kzt"].value == Decimal("6487500000.1")
    assert findings["security_term_years"].value == 3
    assert found.clock("security").due == dt.date(2029, 3, 30)
    free, _ = ask("P03a", cost="1000", eaeu_border="true", year="2026")
    assert free["security_at_filing_kzt"].value == 0
    unknown, found = ask("P03a", ("registered", "2024-03-29"), cost="64875000001")
    assert unknown["security_term_years"].value is None
    assert found.clock("security").due is None


@pytest.mark.parametrize(
    ("kind", "mci"),
    [
        ("tourism", 200_000),
        ("food_or_light", 1_000_000),
        ("new_production", 2_000_000),
        ("expansion", 5_000_000),
    ],
)
def test_agreement_on_investments_at_the_line_and_one_tenge_below(kind, mci):
    line = mci * 4325
    assert ask("P05a", kind=kind, cost=str(line), year="2026")[0]["eligibility"].value == "eligible"
    assert ask("P05a", kind=kind, cost=str(line - 1), year="2026")[0]["eligibility"].value == "not_eligible"


def test_agreement_on_investments_hotels_and_exclusions():
    base = {"kind": "hotel", "cost": "4325000000", "year": "2026"}
    good = {"stars": "4", "chain_hotels": "1000", "chain_countries": "10", "in_major_city": "false"}
    assert ask("P05a", **base, **good)[0]["eligibility"].value == "eligible"
    for name, bad in {
        "stars": "2",
        "chain_hotels": "999",
        "chain_countries": "9",
        "in_major_city": "true",
    }.items():
        assert ask("P05a", **base, **{**good, name: bad})[0]["eligibility"].value == "not_eligible"
    open_ = ask("P05a", **base)[0]["eligibility"]
    assert sum(reason.code == "hotel_condition_open" for reason in open_.reasons) == 4
    plant = {"kind": "new_production", "cost": "9000000000", "year": "2026"}
    assert ask("P05a", **plant, exclusion="special_tax_regime")[0]["eligibility"].value == "not_eligible"
    assert ask("P05a", **plant, state_share_pct="27")[0]["eligibility"].value == "not_eligible"
    assert ask("P05a", **plant, state_share_pct="27", machinery="true")[0]["eligibility"].value == "eligible"
    assert ask("P05a")[0]["eligibility"].value is None


def test_agreement_on_obligations():
    full = {"cost": "324375000000", "year": "2026"}
    assert ask("P05b", **full)[0]["eligibility"].value is None
    assert ask("P05b", **full, first_four_years_kzt="162187500000")[0]["eligibility"].value == "eligible"
    assert ask("P05b", **full, first_four_years_kzt="162187499999")[0]["eligibility"].value == "not_eligible"
    less = ask("P05b", cost="324374999999", year="2026", first_four_years_kzt="324374999999")[0]
    assert less["eligibility"].value == "not_eligible"
    assert less["training_spend_per_year_kzt"].value == 86_500_000


def test_caps_shares_and_deposit():
    assert ask("P05c", fixed_investment_kzt="1000")[0]["grant_cap_kzt"].value == 300
    assert ask("P03e", auxiliary_area_ha="50", total_area_ha="100")[0]["auxiliary_area_share"].value == "met"
    assert (
        ask("P03e", auxiliary_area_ha="51", total_area_ha="100")[0]["auxiliary_area_share"].value == "not_met"
    )
    assert ask("P03f", state_share_pct="26")[0]["state_share_cap"].value == "met"
    assert (
        ask("P03c", business_members="4", council_members="9")[0]["council_business_share"].value == "not_met"
    )
    assert ask("P03c", council_members="9")[0]["council_business_share"].value is None
    assert ask("P07a", year="2025")[0]["deposit_kzt"].value == 78_640
    assert ask("P07a", year="2026")[0]["deposit_kzt"].value == 86_500


def test_hotel_is_conditional_until_its_conditions_are_given():
    base = {"kind": "hotel", "cost": "4325000000", "year": "2026"}
    rest = {"in_major_city": "false", "stars": "4", "chain_hotels": "1000", "chain_countries": "10"}
    assert ask("P05a", **base)[0]["eligibility"].value == "conditional"
    assert ask("P05a", **base, stars="2")[0]["eligibility"].value == "not_eligible"
    assert ask("P05a", **base, **rest)[0]["eligibility"].value == "eligible"


def test_security_takes_the_year_in_which_the_status_is_expected():
    found, _all = ask("P03a", ("filed", "2025-12-20"), cost="60000000000")
    term = found["security_term_years"]
    assert (term.value, term.reasons[0].code) == (2, "year_projected")
    assert term.reasons[0].day.year == 2026
    given, _all = ask("P03a", ("filed", "2025-12-20"), cost="60000000000", year="2025")
    assert given["security_term_years"].value == 3


@pytest.mark.parametrize(
    ("pid", "params"),
    [
        ("P03e", {"auxiliary_area_ha": "5", "total_area_ha": "0"}),
        ("P03e", {"auxiliary_area_ha": "11", "total_area_ha": "10"}),
        ("P03c", {"business_members": "4", "council_members": "0"}),
    ],
)
def test_share_of_nothing_or_more_than_all_is_refused(pid, params):
    with pytest.raises(BadValue):
        ask(pid, **params)


def test_percentages_are_rounded_but_never_over_the_line():
    share = ask("P03c", business_members="4", council_members="9")[0]["council_business_share"]
    assert share.reasons[0].params["percent"] == Decimal("44.44")
    edge = ask("P03e", auxiliary_area_ha="50.001", total_area_ha="100")[0]["auxiliary_area_share"]
    assert (edge.value, edge.reasons[0].params["percent"]) == ("not_met", Decimal("50.0010"))
