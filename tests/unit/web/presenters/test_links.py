"""Links keep the day the reader looks at."""

import datetime as dt

import pytest
from django.test.utils import override_script_prefix
from django.urls import NoReverseMatch, set_urlconf
from django.utils import timezone, translation

from torap.rules.known import AsKnown
from torap.web.presenters import links

THEN = AsKnown(day=dt.date(2025, 11, 26))


def test_today_needs_no_parameter():
    today = AsKnown(day=timezone.localdate())
    with translation.override("en"):
        assert links.known_link(today, "place", "aktau") == "/en/places/aktau/"
        assert links.known_link(None, "place", "aktau") == "/en/places/aktau/"


def test_another_day_and_clock_are_kept():
    with translation.override("ru"):
        assert links.known_link(THEN, "place", "aktau") == "/ru/places/aktau/?as_of=2025-11-26"
        recorded = AsKnown(day=THEN.day, clock="recorded")
        assert links.known_link(recorded, "place", "aktau").endswith("?as_of=2025-11-26&clock=recorded")


def test_own_parameters_stand_before_the_day_and_empty_ones_fall_away():
    with translation.override("en"):
        link = links.known_link(THEN, "promise_list", status="late", page=None, q="")
    assert link == "/en/promises/?status=late&as_of=2025-11-26"


def test_subjects_lead_to_the_page_of_their_kind():
    with translation.override("en"):
        assert links.subject_link(None, "indicator", "fdi").startswith("/en/figures/fdi/")
        assert links.subject_link(None, "something", "x") == "/en/s/x/"


def test_each_path_the_site_is_served_below_has_its_own_addresses():
    with translation.override("en"):
        assert links.known_link(None, "place", "aktau") == "/en/places/aktau/"
        with override_script_prefix("/torap/"):
            assert links.known_link(None, "place", "aktau") == "/torap/en/places/aktau/"
        assert links.known_link(None, "place", "aktau") == "/en/places/aktau/"


def test_addresses_follow_the_routes_of_the_thread():
    with translation.override("en"):
        assert links.known_link(None, "place", "aktau") == "/en/places/aktau/"
        try:
            set_urlconf("torap.web.urls")
            assert links.known_link(None, "place", "aktau") == "/places/aktau/"
            with pytest.raises(NoReverseMatch):
                links.known_link(None, "nowhere")
        finally:
            set_urlconf(None)
