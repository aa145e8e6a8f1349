"""How many what-ifs a visitor may compute: each takes the server's processor, and anybody may ask.

A person who signed in is counted by account, anybody else by address. The counts stand in the cache, so they
are of one server; a lost count only lets somebody ask once more.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

MINUTE = 60  # seconds
LONGEST = 120  # seconds after which a what-if that never ended no longer stops the next


@dataclass(frozen=True, slots=True)
class Turn:
    """Whether it is a visitor's turn. `wait`: seconds until it is worth asking again, 0 when it is now.
    `busy`: an earlier what-if of the same visitor is still being computed."""

    wait: int = 0
    busy: bool = False

    @property
    def now(self) -> bool:
        """Whether the what-if may be computed."""
        return not self.wait


def visitor(request: HttpRequest) -> str:
    """Who asks: the account, else the address."""
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return f"address:{request.META.get('REMOTE_ADDR', '')}"


@contextmanager
def turn(request: HttpRequest) -> Iterator[Turn]:
    """One what-if at a time for each visitor, and so many a minute as the settings say."""
    who = visitor(request)
    busy = f"what-if-busy:{who}"
    if not cache.add(busy, True, LONGEST):
        yield Turn(wait=2, busy=True)
        return
    try:
        yield Turn(wait=_counted(who))
    finally:
        cache.delete(busy)


def _counted(who: str) -> int:
    """Count one more; the seconds to wait when it was one too many."""
    now = time.time()
    slot = int(now // MINUTE)
    key = f"what-if:{who}:{slot}"
    cache.add(key, 0, 2 * MINUTE)
    try:
        count = cache.incr(key)
    except ValueError:  # it fell out of the cache in between
        count = 1
    return 0 if count <= settings.WHAT_IFS_PER_MINUTE else max(1, int((slot + 1) * MINUTE - now) + 1)
