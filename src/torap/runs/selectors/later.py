"""What takes seconds is made beside the pages: asked for by many, made once, kept as long as it is used.

Keys name frozen things (hash of the input, seed, trials), so what is kept is never out of date.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any

from django.db import connections

KEPT = 24
MOST = {"content": 3}  # the frozen input of a nation takes hundreds of megabytes
_pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="torap-later")
_kept: OrderedDict[Hashable, Future[Any]] = OrderedDict()
_lock = Lock()


def made(key: Hashable, make: Callable[[], Any]) -> Any:
    """What `make` gives, from before where it was made already; whoever asks meanwhile waits for it. What
    failed is made anew the next time, and raises here."""
    with _lock:
        found = _usable(key)
        mine = found is None
        if found is None:
            found = _kept[key] = Future()
            _trim()
        _kept.move_to_end(key)
    if mine:
        _fill(found, make)
    return found.result()


def at_hand(key: Hashable, make: Callable[[], Any]) -> bool:
    """Whether it is made; if not, it is begun in the background, one thing at a time. True also of what
    failed: whoever asks for it is told why."""
    with _lock:
        found = _kept.get(key)
        if found is None:
            found = _kept[key] = Future()
            _trim()
            _pool.submit(_beside, found, make)
        return found.done()


def forget_made() -> None:
    """Drop what is kept (tests, and to measure a cold answer)."""
    with _lock:
        _kept.clear()


def _beside(found: Future[Any], make: Callable[[], Any]) -> None:
    try:
        _fill(found, make)
    finally:
        connections.close_all()  # of this thread


def _fill(found: Future[Any], make: Callable[[], Any]) -> None:
    try:
        found.set_result(make())
    except BaseException as error:
        found.set_exception(error)


def _usable(key: Hashable) -> Future[Any] | None:
    """What is kept or being made; None where nothing is, or it failed before."""
    found = _kept.get(key)
    return None if found is not None and found.done() and found.exception() else found


def _trim() -> None:
    """Let go what was not asked for longest: of each kind (the first part of a key) more than is kept."""
    counts: dict[Any, int] = {}
    for key in reversed(list(_kept)):
        kind = key[0] if isinstance(key, tuple) else ""
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] > MOST.get(kind, KEPT) and _kept[key].done():
            del _kept[key]
