"""The situation: one selector, many short lists."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from torap.delivery.selectors import country_states, situation
from torap.publish.tables import csv_response
from torap.runs.selectors import breaks_next, pipeline_view
from torap.web.forecast.breaks import break_rows, with_earlier
from torap.web.presenters import pipeline
from torap.web.presenters.earlier import forecasts_now
from torap.web.presenters.links import known_link
from torap.web.requests import KnownRequest
from torap.web.situation import national, presenters, today


def situation_page(request: KnownRequest) -> HttpResponse:
    """What is late, what falls due, what moved, whose turn it is, on the day asked for."""
    known = request.known
    found = situation(known)
    if request.GET.get("format") == "csv":
        return csv_response("situation", presenters.CSV_HEADER, presenters.csv_rows(found))
    breaking = breaks_next(known)
    breaks = with_earlier(break_rows(breaking.rows, known), known, country_states(known))
    named = today.with_signs(breaks[: presenters.SHOWN], found)
    forecasts = forecasts_now({f"milestone:{row.code}": row.current for row in found.coming}, known)
    investment = found.section("investment")
    context: dict[str, Any] = {
        "situation": found,
        "empty": found.headline.code == "empty",
        "headline": presenters.headline(found),
        "lead": presenters.lead(found),
        "today": today.today_lines(found, known, breaks),
        "kpis": presenters.kpis(found, known),
        "overdue": presenters.overdue_lines(found, known),
        "overdue_total": len(found.overdue.instructions),
        "passed": presenters.passed_lines(found, known),
        "passed_total": len(found.overdue.promises),
        "due": presenters.due_lines(found, known),
        "due_total": len(found.due_30.instructions) + len(found.due_30.promises),
        "coming": today.coming_lines(found, known, forecasts, named),
        "breaks": named,
        "breaks_total": sum(row.own for row in breaking.holders),
        "turns": presenters.turn_lines(found, known),
        "slipped": presenters.slipped_lines(found, known),
        "slip_chart": presenters.slip_chart(found, known),
        "conflicts": presenters.conflict_lines(found, known),
        "blocked": presenters.blocked_lines(found, known),
        "investment": national.investment(investment, known) if investment else None,
        "pipeline": pipeline.tile(pipeline_view(known), known) if investment else None,
        "progress": national.progress_cards(found, known),
        "map_url": known_link(known, "map_data"),
    }
    return render(request, "torap/situation/situation.html", context)
