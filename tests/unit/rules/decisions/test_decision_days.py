"""Decisions about days and years: counts on the calendar, regimes, targets, caps of extensions."""

import datetime as dt

import pytest

from torap.countries import load_calendar_edits, load_procedure
from torap.rules.calendar import build_calendar
from torap.rules.errors import BadValue
from torap.rules.obligations.editions import edition_for
from torap.rules.obligations.engine import evaluate
from torap.rules.obligations.model import Event

TODAY = dt.date(2026, 11, 21)
CALENDAR = build_calendar(load_calendar_edits(), known_on=TODAY)


def ask(pid, *events, edition=None, **params):
    rows = [Event(name=name, on=dt.date.fromisoformat(day)) for name, day in events]
    found = evaluate(
        edition or load_procedure(pid).editions[-1], rows, CALENDAR, known_on=TODAY, params=params
    )
    return {row.code: row.value for row in found.findings}, found


def test_count_on_the_calendar():
    findings, _ = ask("P09", **{"from": "2026-03-02", "to": "2026-03-31", "working_days": "10"})
    assert findings == {"date": dt.date(2026, 3, 17), "working_days_between": 17}
    assert ask("P09", **{"from": "2026-01-31", "months": "1"})[0]["date"] == dt.date(2026, 3, 2)
    assert ask("P09", year="2026")[0]["working_days_in_year"] == 247
    assert ask("P09")[0]["date"] is None


@pytest.mark.parametrize(
    ("day", "act", "rules"),
    [
        ("2026-06-30", "Law 2001-07-16 No. 242", "Rules 2015-11-30 No. 750"),
        ("2026-07-01", "Construction Code 253-VIII", "Rules 2015-11-30 No. 750"),
        ("2026-08-03", "Construction Code 253-VIII", "Rules 2015-11-30 No. 750"),
        ("2026-08-04", "Construction Code 253-VIII", "Rules of 2026-05-29"),
    ],
)
def test_construction_regime_by_day(day, act, rules):
    edition = edition_for(load_procedure("P06e"), dt.date.fromisoformat(day))
    findings, _ = ask("P06e", ("started", day), edition=edition)
    assert (findings["act"], findings["permitting_rules"]) == (act, rules)
    assert ask("P06e", date=day)[0]["act"] == act


def test_targets_of_the_real_zone_and_their_sum():
    for year in (2026, 2031, 2036, 2041, 2046, 2051):
        findings, _ = ask("P04g", year=str(year))
        parts = findings["target:investment_foreign_bn_kzt"] + findings["target:investment_domestic_bn_kzt"]
        assert parts == findings["target:investment_total_bn_kzt"]
    assert ask("P04g", year="2031")[0]["target:jobs"] == 2800
    assert ask("P04g", year="2030")[0] == {"target": None}


def test_end_of_the_zone_counts_from_its_last_day():
    found = ask("P04g")[1]
    assert found.clock("announce_end").due == dt.date(2051, 9, 30)
    assert found.clock("report_end").due == dt.date(2052, 1, 31)


def test_extension_of_a_request_is_capped_at_two_months():
    base = [("received", "2026-03-02"), ("extended", "2026-03-20")]
    findings, found = ask("P08b", *base, extended_to="2026-05-25")
    assert found.clock("6").original_due == dt.date(2026, 3, 27)
    assert found.clock("7").due == dt.date(2026, 5, 28)
    assert found.clock("8").due == dt.date(2026, 3, 30)
    assert (findings["extension"], found.clock("6").due) == ("extension_within_cap", dt.date(2026, 5, 25))
    assert ask("P08b", *base, extended_to="2026-06-15")[0]["extension"] == "extension_over_cap"


def test_days_of_a_count_may_be_events():
    assert ask("P09", ("from", "2026-03-02"), working_days="10")[0]["date"] == dt.date(2026, 3, 17)
    with pytest.raises(BadValue, match="give it once"):
        ask("P09", ("from", "2026-03-02"), **{"from": "2026-03-03"})


def test_count_that_ends_before_it_starts_is_refused():
    with pytest.raises(BadValue, match="swap"):
        ask("P09", **{"from": "2026-03-02", "to": "2026-03-01"})
