"""The type of a request that has passed the middleware: it knows on which day the world is looked at."""

from __future__ import annotations

from django.http import HttpRequest

from torap.rules.known import AsKnown


class KnownRequest(HttpRequest):
    """A request with the day asked for; `as_of_error`: see `common.known.day_asked`."""

    known: AsKnown
    as_of_error: str
