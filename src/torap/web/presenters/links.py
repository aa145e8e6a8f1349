"""Addresses of pages that keep the day (and the clock) the reader looks at the country on.

The address is the only carrier of that day, so every internal link must be made here or by `{% known_url %}`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils import timezone
from django.utils.translation import get_language

from torap.rules.known import AsKnown

# Kind of a subject -> name of its page.
SUBJECT_PAGES: dict[str, str] = {
    "place": "place",
    "link": "link",
    "project": "project",
    "programme": "programme",
    "indicator": "indicator",
    "organisation": "organisation",
}


def known_params(known: AsKnown | None) -> dict[str, str]:
    """The query parameters that carry `known`; empty when it is simply today by the readers' clock."""
    if known is None:
        return {}
    params = {}
    if known.day != timezone.localdate():
        params["as_of"] = known.day.isoformat()
    if known.clock != "said":
        params["clock"] = known.clock
    return params


def known_link(known: AsKnown | None, name: str, *args: Any, **query: Any) -> str:
    """Address of the page `name`, keeping the day; `query` adds parameters (None and "" leave one out)."""
    params = {key: value for key, value in query.items() if value not in (None, "")} | known_params(known)
    address = _address((get_language(), get_script_prefix(), get_urlconf()), name, args)
    return f"{address}?{urlencode(params, doseq=True)}" if params else address


@lru_cache(maxsize=16384)
def _address(_where: tuple[str | None, str, str | None], name: str, args: tuple[Any, ...]) -> str:
    """Addresses differ by language, by the path the site is served below and by the routes of the thread, and
    never change while the program runs; a list asks for hundreds."""
    return reverse(name, args=args)


def subject_link(known: AsKnown | None, kind: str, code: str) -> str:
    """Address of the page of a subject of this kind; of the redirecting page for a kind without one."""
    return known_link(known, SUBJECT_PAGES.get(kind, "subject"), code)
