"""A year of the calendar: the right days off, the reasons, and what was known when."""

import datetime as dt

import pytest
from django.utils import translation

from torap.countries import load_calendar_edits
from torap.rules.calendar import build_calendar
from torap.rules.known import AsKnown
from torap.web.calendars import presenters

EDITS = load_calendar_edits()


def year(number, known_on=dt.date(2026, 6, 1)):
    return build_calendar(EDITS, known_on=known_on), number


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(("number", "working"), [(2024, 249), (2025, 246), (2026, 247)])
def test_the_months_sum_to_the_year(number, working):
    days, _ = year(number)
    months = presenters.months(days, number, dt.date(2025, 12, 31))
    assert sum(month["working"] for month in months) == working == days.working_days_in(number)
    cells = [cell for month in months for week in month["weeks"] for cell in week if cell]
    assert len(cells) == (366 if number % 4 == 0 else 365)
    assert all(len(week) == 7 for month in months for week in month["weeks"])


def test_each_kind_of_day_is_drawn_as_what_it_is():
    days, _ = year(2025)
    kinds = {
        cell["day"]: cell["kind"]
        for month in presenters.months(days, 2025, dt.date(2025, 12, 31))
        for week in month["weeks"]
        for cell in week
        if cell
    }
    assert kinds[dt.date(2025, 1, 3)] == "moved"
    assert kinds[dt.date(2025, 1, 5)] == "worked"
    assert kinds[dt.date(2025, 3, 21)] == "holiday"
    assert kinds[dt.date(2025, 3, 22)] == "weekend"
    assert kinds[dt.date(2025, 3, 26)] == ""


def test_a_holiday_withdrawn_later_was_a_holiday_before():
    before, after = AsKnown(dt.date(2026, 3, 1)), AsKnown(dt.date(2026, 4, 1))
    assert presenters.edit_rows(EDITS.edits, [], before, 2026) == []
    row = presenters.edit_rows(EDITS.edits, [], after, 2026)[0]
    assert (row["day"], row["working"], row["known_from"]) == (
        dt.date(2026, 8, 31),
        True,
        dt.date(2026, 3, 18),
    )
    assert row["source"]


@pytest.mark.parametrize(
    ("raw", "number"), [("2026", 2026), ("", 2025), ("soon", 2025), ("1", 2000), ("9999", 2060)]
)
def test_the_year_asked_for_stays_within_the_calendar(raw, number):
    assert presenters.year_of(raw, AsKnown(dt.date(2025, 12, 31))) == number


def test_the_download_has_every_day():
    days, _ = year(2026)
    rows = presenters.csv_rows(days, 2026)
    assert len(rows) == 365
    assert sum(1 for row in rows if row[1]) == 247


def test_tabs_lead_to_the_year_after_the_last_list():
    links = presenters.year_links(EDITS.official_years, 2026, AsKnown(dt.date(2026, 6, 1)))
    assert [link["label"] for link in links] == ["2024", "2025", "2026", "2027"]
