"""`known_url` reads the day from the context of the page, or from its request in an included part."""

import datetime as dt
from types import SimpleNamespace

from django.template import Context, Template
from django.utils import translation

from torap.rules.known import AsKnown

THEN = AsKnown(day=dt.date(2025, 11, 26))


def shown(text, **context):
    with translation.override("en"):
        return Template("{% load torap_links %}" + text).render(Context(context, autoescape=False))


def test_known_url_keeps_the_day_of_the_context():
    assert shown("{% known_url 'place' 'aktau' %}", known=THEN) == "/en/places/aktau/?as_of=2025-11-26"


def test_known_url_falls_back_to_the_request():
    request = SimpleNamespace(known=THEN)
    assert shown("{% known_url 'promise_list' status='late' %}", request=request).endswith(
        "?status=late&as_of=2025-11-26"
    )


def test_subject_url_takes_objects_and_mappings():
    place = SimpleNamespace(kind="place", code="aktau")
    assert shown("{% subject_url s %}", s=place) == "/en/places/aktau/"
    assert shown("{% subject_url s %}", s={"kind": "project", "code": "x"}) == "/en/projects/x/"
