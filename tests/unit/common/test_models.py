"""Names in the reader's language, and the filter by the two clocks."""

import datetime as dt

import pytest
from django.db.models import Q
from django.utils import timezone, translation

from torap.common.known import end_of, known_q
from torap.common.models import User, in_language
from torap.registry.models import Region
from torap.rules.known import AsKnown


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Zhetysu"), ("ru", "Жетысу"), ("kk", "Zhetysu"), ("de", "Zhetysu")]
)
def test_name_follows_the_reader_and_falls_back_to_english(language, name):
    region = Region(code="KZ-33", name_en="Zhetysu", name_ru="Жетысу")
    with translation.override(language):
        assert region.name == str(region) == name


def test_text_is_given_without_any_language():
    with translation.override(None):
        assert in_language("en", "ru", "kk") == "en"


def test_display_name_is_the_full_name_where_there_is_one():
    assert User(username="a", first_name="Aigul", last_name="Seit").display_name == "Aigul Seit"
    assert User(username="a").display_name == "a"


def test_known_by_either_clock():
    day = dt.date(2025, 11, 25)
    assert known_q(AsKnown(day=day)) == Q(said_to__lte=day)
    assert known_q(AsKnown(day=day), "corrected_by__") == Q(corrected_by__said_to__lte=day)
    assert known_q(AsKnown(day=day, clock="recorded")) == Q(recorded_at__lt=end_of(day))


def test_a_day_ends_at_midnight_of_the_country():
    moment = end_of(dt.date(2025, 11, 25))
    assert timezone.localtime(moment).date() == dt.date(2025, 11, 26)
    assert moment.astimezone(dt.UTC) == dt.datetime(2025, 11, 25, 19, 0, tzinfo=dt.UTC)
