"""Forecasts: parse the address, ask the runs, render."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from torap.common.errors import NotFound
from torap.publish.tables import csv_response, download
from torap.registry.selectors import organisation_list, region_list, subject_get
from torap.rules.known import AsKnown
from torap.runs.selectors import breaks_next, causes_at_hand, forecast_list, gantt, newest_run, run_made
from torap.web.forecast import activities, detail, plans
from torap.web.forecast import breaks as breaking
from torap.web.forecast import every as listing
from torap.web.forecast import expected as expecting
from torap.web.presenters.earlier import against_now
from torap.web.presenters.forecast_tabs import forecast_tabs
from torap.web.presenters.forecasts import ForecastWords, words_of
from torap.web.presenters.links import known_link, subject_link
from torap.web.presenters.percentiles import percentile_reasons
from torap.web.presenters.unknown_values import known_query
from torap.web.requests import KnownRequest, ready
from torap.web.runs.presenters import run_row

DOWNLOADED = 100_000


def breaks(request: KnownRequest) -> HttpResponse:
    """What breaks next, grouped by who can prevent it."""
    known, invented = request.known, request.GET.get("invented") == "1"
    found = breaks_next(known, invented=invented, limit=None)
    unknown = breaking.unknown(request.GET, region_list())
    wanted = breaking.asked(known_query(request.GET, unknown), unknown)
    rows = breaking.chosen(found.rows, wanted, known.day)
    bodies = expecting.expected_rows((row.line for row in rows), known)
    kind = request.GET.get("format")
    if kind and request.GET.get("part") == "bodies":
        lines = expecting.csv_rows(bodies)
        file = download(kind, "expected-by-body", expecting.CSV_HEADER, lines)
        if file is not None:
            return file
    elif kind:
        lines = breaking.csv_rows(breaking.break_rows(rows, known))
        file = download(kind, "what-breaks-next", breaking.CSV_HEADER, lines)
        if file is not None:
            return file
    shown = Paginator(rows, listing.PAGE_SIZE).get_page(request.GET.get("page"))
    part = breaking.with_earlier(breaking.break_rows(shown.object_list, known), known)
    context: dict[str, Any] = {
        "run": found.run,
        "unknown": unknown,
        "tabs": forecast_tabs("forecast", known, invented=invented),
        "headline": breaking.headline(rows, wanted),
        "wholes": breaking.wholes_words(rows),
        "call": breaking.first_call(rows, known, part),
        "wanted": wanted,
        "options": breaking.options(found.rows, region_list(), wanted),
        "rows": part,
        "page": shown,
        "total": len(rows),
        "groups": breaking.groups(part, found.holders) if wanted.sort == "body" else [],
        "passed": breaking.passed_lines(found, known, invented=invented),
        "other": other_network(known, invented=invented),
        "chart": expecting.expected_chart(bodies, found.holders, breaking.holder_note),
        "bodies": bodies,
        "reasons": percentile_reasons(),
        "invented": invented,
        "invented_present": invented,
    }
    return render(request, "torap/forecast/breaks.html", context)


def other_network(known: AsKnown, *, invented: bool) -> str:
    """The address of the other network, the invented one or the real one; empty where it has no run."""
    if newest_run(known, invented=not invented) is None:
        return ""
    return known_link(known, "forecast", invented=None if invented else "1")


def every(request: KnownRequest) -> HttpResponse:
    """Every date of the newest run, or of the run asked for, with its forecast."""
    known, kind = request.known, request.GET.get("format")
    bodies, regions = organisation_list(known=known), region_list()
    unknown = listing.unknown(request.GET, bodies, regions)
    query = known_query(request.GET, unknown)
    wanted, sort = listing.filters(query), listing.order(query)
    if kind in ("csv", "json"):
        found = forecast_list(known, wanted, sort, limit=DOWNLOADED)
        file = download(kind, "forecast", listing.CSV_HEADER, listing.csv_rows(found.rows))
        assert file is not None
        return file
    number = listing.page_number(request.GET)
    found = forecast_list(known, wanted, sort, (number - 1) * listing.PAGE_SIZE, listing.PAGE_SIZE)
    shown = Paginator(range(found.total), listing.PAGE_SIZE).get_page(number)
    invented = found.run.invented if wanted.run and found.run else wanted.invented
    context = {
        "run": found.run,
        "tabs": forecast_tabs("forecast_list", known, invented=invented),
        "of_run": run_row(found.run, known) if wanted.run and found.run else None,
        "newest_url": known_link(known, "forecast_list", invented="1" if invented else None),
        "unknown": unknown,
        "none_of_kind": listing.none_of_kind(wanted.kind),
        "rows": words_of(found.rows, known),
        "total": found.total,
        "page": shown,
        "wanted": wanted,
        "options": listing.options(wanted, sort, bodies, regions),
        "narrowed": any((wanted.kind, wanted.holder, wanted.region, wanted.basis, wanted.words)),
        "reasons": percentile_reasons(),
        "invented": invented,
        "invented_present": invented,
    }
    return render(request, "torap/forecast/every.html", context)


def why_page(request: KnownRequest, kind: str, code: str) -> HttpResponse:
    """Why one date is forecast as it is: a part of its page, a page of its own, or with `format` a file."""
    known = request.known
    words = detail.foretold(kind, code, known)
    part = request.headers.get("HX-Request") == "true"
    if words is None or not detail.dated(words):
        if request.GET.get("format"):
            raise NotFound("not_found", field="code", entity="forecast", value=f"{kind}:{code}")
        return _nothing_to_explain(request, words and against_now(words, known), part=part)
    if not causes_at_hand(run_made(words.line.run), [words.key]):
        return _being_computed(request, against_now(words, known), part=part)
    if request.GET.get("format") == "causes":
        return csv_response(f"causes-{code}", detail.CAUSES_HEADER, detail.causes_rows(words, known))
    if request.GET.get("format") == "spread":
        return csv_response(f"spread-{code}", detail.SPREAD_HEADER, detail.spread_rows(words))
    context = detail.explained(words, known) | {
        "causes_csv": known_link(known, "forecast_why", kind, code, format="causes"),
        "spread_csv": known_link(known, "forecast_why", kind, code, format="spread"),
        "what_if_url": detail.what_if_link(words, known),
        "crumbs": [(_("Forecast"), known_link(known, "forecast")), (words.name, words.href)],
        "invented_present": words.invented,
    }
    return render(request, f"torap/forecast/{'why' if part else 'why_page'}.html", context)


def _being_computed(request: KnownRequest, words: ForecastWords, *, part: bool) -> HttpResponse:
    """Of a large network it takes seconds to find what moves a date: said, and shown when it is there."""
    context = {
        "words": words,
        "again": request.get_full_path(),
        "crumbs": [(_("Forecast"), known_link(request.known, "forecast")), (words.name, words.href)],
        "invented_present": words.invented,
    }
    return render(request, f"torap/forecast/{'why_wait' if part else 'why_wait_page'}.html", context)


def _nothing_to_explain(request: KnownRequest, words: ForecastWords | None, *, part: bool) -> HttpResponse:
    """A date that is reached, has nothing to go by, or whose forecast is still to come: said in words."""
    crumbs = [(_("Forecast"), known_link(request.known, "forecast"))]
    context = {
        "words": words,
        "crumbs": [*crumbs, (words.name, words.href)] if words else crumbs,
        "invented_present": bool(words and words.invented),
    }
    return render(request, f"torap/forecast/{'why_none' if part else 'why_none_page'}.html", context)


def plan(request: KnownRequest, code: str) -> HttpResponse:
    """The plan of a place or project: bars with their doubt, the baseline, the driving chain."""
    known = request.known
    subject = subject_get(code)
    run = newest_run(known, invented=subject.invented)
    found = gantt(run.code, code, wait=bool(request.GET.get("format"))) if run else None
    if request.GET.get("part") == "ready":
        return ready(there=found is None or found.causes)
    found = plans.in_force(found, known) if found else None
    key = request.GET.get("schedule", "")
    if found is not None and key:
        works = activities.csv_rows(found, key, known)
        file = download(request.GET.get("format"), f"works-{code}", activities.CSV_HEADER, works)
        if file is not None:
            return file
    if found is not None:
        file = download(request.GET.get("format"), f"plan-{code}", plans.CSV_HEADER, plans.csv_rows(found))
        if file is not None:
            return file
    *driving, end = plans.ending(found) or (None,) if found else (None,)
    below = activities.works_below(found, code, known) if found else {}
    context = {
        "subject": subject,
        "run": run,
        "crumbs": [
            (_("Forecast"), known_link(known, "forecast")),
            (subject.name, subject_link(known, subject.kind, code)),
        ],
        "rows": plans.plan_rows(found, known, below) if found else [],
        "chart": plans.plan_chart(found, known, invented=subject.invented, below=below) if found else None,
        "end": end,
        "waiting": bool(found and not found.causes),
        "again": request.get_full_path(),
        "driving": driving,
        "reasons": percentile_reasons(),
        "invented_present": subject.invented,
    }
    return render(request, "torap/forecast/plan.html", context)
