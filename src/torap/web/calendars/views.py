"""The working calendar: parse the year, ask the registry, render."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from torap.countries import load_calendar_edits, load_profile
from torap.publish.tables import csv_response
from torap.registry.selectors import calendar_edits, work_calendar
from torap.web.calendars import presenters
from torap.web.law.words import law_source
from torap.web.presenters.links import known_link
from torap.web.requests import KnownRequest


def calendar(request: KnownRequest) -> HttpResponse:
    """One year: which days count, why, by which order, known since when."""
    known = request.known
    year = presenters.year_of(request.GET.get("year", ""), known)
    days = work_calendar(known)
    if request.GET.get("format") == "csv":
        return csv_response(f"calendar-{year}", presenters.CSV_HEADER, presenters.csv_rows(days, year))
    carried, profile = load_calendar_edits(settings.COUNTRY), load_profile(settings.COUNTRY)
    special = presenters.special_days(days, year)
    context = {
        "year": year,
        "working": days.working_days_in(year),
        "official": days.is_official(year),
        "source": law_source(carried.official_years.get(year, "")),
        "months": presenters.months(days, year, known.day),
        "weekdays": presenters.weekdays(),
        "special": special,
        "edits": presenters.edit_rows(carried.edits, calendar_edits(known), known, year),
        "years": presenters.year_links(carried.official_years, year, known),
        "count_url": known_link(known, "law_explain", profile.procedures["calendar"]),
    }
    return render(request, "torap/calendars/calendar.html", context)
