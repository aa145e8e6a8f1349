"""The forecast beside a date: one compact cell, the same on every page, and the bar of a chance."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from torap.common.known import known_q
from torap.delivery.models import Promise
from torap.rules.known import AsKnown
from torap.runs.selectors import RunLine, coming_run
from torap.web.presenters.forecasts import Forecasts, ForecastWords
from torap.web.presenters.links import known_link
from torap.web.presenters.replays import made_words
from torap.web.runs.failures import failure
from torap.web.runs.presenters import run_row
from torap.web.work.access import could

register = template.Library()


@register.inclusion_tag("torap/forecast/cell.html")
def forecast_cell(forecasts: Forecasts, kind: str, code: str) -> dict[str, Any]:
    """P50, P80 and the chance to hold of one node, with its class and n one click away."""
    return {"found": forecasts.get(f"{kind}:{code}"), "absent": forecasts.absent}


@register.inclusion_tag("torap/forecast/line.html")
def forecast_line(forecasts: Forecasts, key: str) -> dict[str, Any]:
    """The same in the line of a list; nothing of what has no forecast, or is done."""
    return {"found": forecasts.get(key)}


@register.inclusion_tag("torap/forecast/cell.html")
def forecast_words_cell(words: ForecastWords) -> dict[str, Any]:
    """The same for words already at hand."""
    return {"found": words}


@register.inclusion_tag("torap/runs/now.html", takes_context=True)
def compute_now(context: Any, invented: bool = False) -> dict[str, Any]:
    """A button that computes the forecast at once, of what is real or of what is invented, for those who may,
    on pages of today."""
    request = context["request"]
    today = request.known == AsKnown(timezone.localdate())
    return {"may": today and could(request.user, "run.request"), "invented": invented}


@register.inclusion_tag("torap/forecast/state.html", takes_context=True)
def forecast_state(context: Any, invented: bool = False, compact: bool = False) -> dict[str, Any]:
    """Why there is no forecast: it is being computed, could not be, or none was asked for."""
    known = context["known"]
    found = coming_run(known, invented=bool(invented))
    today = known.day == timezone.localdate()
    return {
        "row": run_row(found, known) if found else None,
        "failure": failure(found) if found else None,
        "again": known_link(known, "run", found.code, part="progress") if found else "",
        "today": today,
        "here": context["request"].get_full_path(),
        "runs_url": known_link(known, "run_list"),
        "ready_url": known_link(known, "run_list", part="ready", invented="1" if invented else None),
        "command": "" if found or today else run_command(known, invented=bool(invented)),
        "compact": compact,
    }


def run_command(known: AsKnown, *, invented: bool) -> str:
    """What makes the forecast of a day; empty by the auditors' clock, which shows no run made later, and of a
    day on which nothing was promised yet. One query."""
    if known.clock == "recorded" or not Promise.objects.filter(known_q(known)).exists():
        return ""
    return f"torap forecast run --as-of {known.day.isoformat()}" + (" --invented" if invented else "")


@register.simple_tag
def run_made(run: RunLine) -> str:
    """From what a run was computed, and when where that was later."""
    return made_words(run.known_on, run.asked_at)


@register.simple_tag
def forecast_sort(forecasts: Forecasts, kind: str, code: str) -> str:
    """What a column of forecasts is sorted by: the chance; empty where there is none."""
    found = forecasts.get(f"{kind}:{code}")
    return "" if found is None or found.share is None else f"{found.share:.4f}"


@register.simple_tag
def chance_bar(share: float | None, mark: str = "unknown") -> SafeString:
    """A bar as long as the chance; the words beside it say the same, so it is decoration."""
    if share is None:
        return SafeString("")
    return format_html(
        '<svg class="chance chance--{}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="100" height="6"/><rect width="{}" height="6"/></svg>',
        mark,
        f"{max(share, 0.01) * 100:.1f}",
    )
