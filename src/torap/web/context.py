"""What every page needs: navigation, languages, the day shown, the reader."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils import timezone
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from torap import __version__
from torap.web.presenters.links import known_params
from torap.web.work.menu import user_menu

_NAV = (
    ("situation", gettext_noop("Situation")),
    ("map", gettext_noop("Map")),
    ("instruction_board", gettext_noop("Instructions")),
    ("forecast", gettext_noop("Forecast")),
    ("project_list", gettext_noop("Projects")),
    ("place_list", gettext_noop("Places")),
    ("organisation_list", gettext_noop("Organisations")),
    ("source_list", gettext_noop("Sources")),
)
_MORE = (
    ("contradiction_list", gettext_noop("Contradictions")),
    ("indicator_list", gettext_noop("National figures")),
    ("promise_list", gettext_noop("Promises")),
    ("obstacle_list", gettext_noop("Obstacles")),
    ("law_list", gettext_noop("Law")),
    ("calendar", gettext_noop("Calendar")),
    ("about", gettext_noop("Method")),
)
# Pages that stand below an entry of the menu: it stays marked while one of them is read.
_PARTS = {
    "forecast": (
        "forecast_list",
        "forecast_why",
        "plan",
        "what_if",
        "what_if_answer",
        "scenario_list",
        "scenario",
        "scenario_keep",
        "run_list",
        "run",
        "run_compare",
        "run_asked",
        "score",
        "class_list",
        "reference_class",
    ),
}
_PART_OF = {part: entry for entry, parts in _PARTS.items() for part in parts}
_LANGUAGE_LABELS = {"kk": "Қаз", "ru": "Рус", "en": "Eng"}


def page(request: HttpRequest) -> dict[str, Any]:
    """The context processor of every page."""
    match = getattr(request, "resolver_match", None)
    current = (match.url_name or "") if match else ""
    current = _PART_OF.get(current, current)
    known = getattr(request, "known", None)
    today = timezone.localdate()
    rest = request.GET.copy()
    for name in ("as_of", "clock"):
        rest.pop(name, None)
    return {
        "nav": _links(_NAV, current),
        "more_nav": _links(_MORE, current),
        "language_links": _languages(request),
        "known": known,
        "as_of": known.day if known else today,
        "as_of_is_today": not known or known.day == today,
        "as_of_error": getattr(request, "as_of_error", ""),
        "as_of_query": urlencode(known_params(known)),
        "today": today,
        "query_without_as_of": rest.urlencode(),
        "version": __version__,
        "user_menu": user_menu(request),
    }


def _links(rows: tuple[tuple[str, str], ...], current: str | None) -> list[dict[str, Any]]:
    links = []
    for key, label in rows:
        try:
            url = reverse(key)
        except NoReverseMatch:  # a page that is not there is not offered
            continue
        links.append({"key": key, "label": _(label), "url": url, "current": key == current})
    return links


def _languages(request: HttpRequest) -> list[dict[str, Any]]:
    here = request.get_full_path()
    active = (get_language() or "en")[:2]
    return [
        {
            "code": code,
            "label": _LANGUAGE_LABELS[code],
            "url": translate_url(here, code),
            "current": code == active,
        }
        for code, _name in settings.LANGUAGES
    ]
