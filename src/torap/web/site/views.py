"""The door into the reader's language, and a sign of life for whoever watches the server."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


def door(request: HttpRequest) -> HttpResponse:
    """Send the reader to the situation in the language the browser asks for."""
    return redirect(reverse("situation"))


def health(request: HttpRequest) -> HttpResponse:
    """Answer that the server runs."""
    return HttpResponse("ok", content_type="text/plain")
