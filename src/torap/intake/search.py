"""Makes everything findable anew: the registry's rows, and what stands above it."""

from __future__ import annotations

from torap.common.models import User
from torap.delivery.services import search_rows
from torap.registry.services import search_rebuild


def search_refresh(*, by: User) -> int:
    """Build the search index anew and return how many entries it has."""
    return search_rebuild(by=by, extra=search_rows())
