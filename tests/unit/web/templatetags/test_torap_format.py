"""Filters of templates: absent values give nothing, never a zero."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.utils import translation

LOAD = "{% load torap_ui torap_format torap_links %}"
NBSP = "\N{NO-BREAK SPACE}"


def shown(text, **context):
    with translation.override("en"):
        return Template(LOAD + text).render(Context(context))


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        ("{{ v|quantity:'bn USD' }}", {"v": 28}, f"28{NBSP}bn USD"),
        ("{{ v|quantity:'bn USD' }}", {"v": None}, ""),
        ("{{ v|quantity:'bn USD' }}", {"v": 0}, f"0{NBSP}bn USD"),
        ("{{ v|money:'KZT' }}", {"v": 17_000_000_000}, f"17{NBSP}bn tenge"),
        ("{{ v|money:'KZT' }}", {"v": None}, ""),
        ("{{ 'bn KZT'|unit }}", {}, "bn tenge"),
        ("{{ v|age }}", {"v": 5}, "5 days ago"),
        ("{{ v|age }}", {"v": None}, ""),
        ("{{ v|age:today }}", {"v": dt.date(2025, 11, 1), "today": dt.date(2025, 11, 26)}, "25 days ago"),
        ("{{ v|period }}", {"v": (dt.date(2025, 4, 1), dt.date(2025, 6, 30))}, "Q2 2025"),
        ("{{ v|period }}", {"v": {"earliest": dt.date(2017, 1, 1), "latest": dt.date(2017, 12, 31)}}, "2017"),
        ("{{ v|period }}", {"v": None}, ""),
        ("{{ v|slip }}", {"v": 132}, "+11 years"),
        ("{{ 'road'|mode_words }}", {}, "road"),
        ("{{ 'ferry'|mode_words }}", {}, "ferry"),
        ("{{ v|shortened:12 }}", {"v": "then start building"}, f"then start{NBSP}…"),
    ],
)
def test_filters(text, context, expected):
    assert shown(text, **context) == expected
