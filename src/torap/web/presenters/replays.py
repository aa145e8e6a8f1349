"""Whether a forecast was made on the day it speaks from, or later from what was known then."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from torap.web import formats


def replayed(known_on: dt.date, made_at: dt.datetime | None) -> bool:
    """Whether a run was computed on a later day than it knows."""
    return made_at is not None and timezone.localdate(made_at) > known_on


def made_words(known_on: dt.date, made_at: dt.datetime | None) -> str:
    """From what a forecast was computed, and when where that was later: a replay never passes for a forecast
    of its day."""
    if made_at is None or not replayed(known_on, made_at):
        return _("Forecast as known on %(day)s") % {"day": formats.day(known_on)}
    return _("Computed on %(made)s from what was known on %(day)s") % {
        "made": formats.day(timezone.localdate(made_at)),
        "day": formats.day(known_on),
    }


def moment(at: dt.datetime) -> str:
    """A day with its hour, as the reader's clock has it."""
    here = timezone.localtime(at)
    return f"{formats.day(here.date())}, {here:%H:%M}"
