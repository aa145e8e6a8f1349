"""A replay never passes for a forecast of its day."""

import datetime as dt

from django.utils import timezone

from torap.web.presenters.replays import made_words, moment, replayed

DAY = dt.date(2025, 11, 26)


def at(day, hour=12):
    return dt.datetime(day.year, day.month, day.day, hour, tzinfo=timezone.get_current_timezone())


def test_made_on_its_day_or_later():
    assert not replayed(DAY, at(DAY, 23))
    assert not replayed(DAY, None)
    assert replayed(DAY, at(DAY + dt.timedelta(days=1), 0))


def test_words_of_both():
    assert made_words(DAY, at(DAY)) == "Forecast as known on 26 Nov 2025"
    later = made_words(DAY, at(dt.date(2026, 11, 29)))
    assert later == "Computed on 29 Nov 2026 from what was known on 26 Nov 2025"


def test_a_moment_has_its_hour():
    assert moment(at(DAY, 9)) == "26 Nov 2025, 09:00"
