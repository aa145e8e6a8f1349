"""What every request passes through: security headers, the day the world is looked at, errors as pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from torap.common.errors import ApplicationError, NotAllowed, NotFound
from torap.common.known import day_asked
from torap.ledger.memo import one_head
from torap.rules.known import AsKnown, Clock

Handler = Callable[[HttpRequest], HttpResponse]
TOO_LARGE = 413
MEGABYTE = 2**20

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; worker-src 'self'; "
    "object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'"
)


class HeadersMiddleware:
    """Adds the content security policy: no request leaves the machine that serves the page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        return response


class BodyLimitMiddleware:
    """Refuses a request longer than a form with its largest file by the length it declares: nothing of it is
    read, and the page says how large a file may be."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """The refusal, in the reader's language; None for what may be read."""
        told = request.META.get("CONTENT_LENGTH") or ""
        size = int(told) if told.isascii() and told.isdigit() else 0
        if size <= settings.REQUEST_LIMIT:
            return None
        sizes = {"sent": size / MEGABYTE, "limit": settings.DATA_UPLOAD_MAX_MEMORY_SIZE / MEGABYTE}
        return render(request, "torap/pages/too_large.html", sizes, status=TOO_LARGE)


class AsKnownMiddleware:
    """Puts `request.known` (AsKnown) from ?as_of=YYYY-MM-DD (and ?clock=recorded), else today.

    The address is the only carrier, so a link shared between two people shows both the same country;
    `as_of_error` says what is wrong with a day that is none or has not come; today is shown then.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        day, error = day_asked(request.GET.get("as_of", ""), timezone.localdate())
        clock: Clock = "recorded" if request.GET.get("clock") == "recorded" else "said"
        request.known = AsKnown(day=day, clock=clock)  # type: ignore[attr-defined]
        request.as_of_error = error  # type: ignore[attr-defined]
        with one_head():
            return self.get_response(request)


class ErrorsMiddleware:
    """Turns the errors of the applications into pages that say what to do: here and nowhere else."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Render an ApplicationError; let anything else reach the 500 page."""
        if not isinstance(exception, ApplicationError):
            return None
        status = 403 if isinstance(exception, NotAllowed) else 404 if isinstance(exception, NotFound) else 400
        return render(
            request, "torap/pages/error.html", {"error": exception, "status": status}, status=status
        )
