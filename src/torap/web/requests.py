"""The type of a request that has passed the middleware: it knows on which day the world is looked at."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from torap.rules.known import AsKnown


class KnownRequest(HttpRequest):
    """A request with the day asked for; `as_of_error`: see `common.known.day_asked`."""

    known: AsKnown
    as_of_error: str


def ready(*, there: bool) -> HttpResponse:
    """The answer to a page that waits: nothing yet, or that it is to be shown anew. The whole page, since
    drawings need their figures."""
    answer = HttpResponse(status=200 if there else 204)
    if there:
        answer.headers["HX-Refresh"] = "true"
    return answer
