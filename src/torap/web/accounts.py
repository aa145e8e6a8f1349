"""Sign-in policy: accounts are made by an administrator, never by a visitor."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):
    """No public sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Visitors cannot make accounts."""
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing beyond the library's own rate limit: a failed attempt names no account."""
        super().authentication_failed(request, **credentials)
