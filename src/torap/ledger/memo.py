"""Results kept while nothing changes: every write adds an event, so the head of the chain names the data.

The key holds the head's hash, not its number: a rolled-back write leaves no trace, and two servers on one
database agree. A page asks for the head once (`one_head`), so that it shows one state of the world.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from django.utils.translation import get_language

from torap.ledger.models import Head

P = ParamSpec("P")
R = TypeVar("R")

_kept: OrderedDict[Hashable, Any] = OrderedDict()
_lock = Lock()
_SIZE = 256


class _Seen:
    """What one page has seen of the head; after it wrote something itself it looks every time."""

    def __init__(self, hash: str | None) -> None:
        self.hash = hash
        self.wrote = False


_seen: ContextVar[_Seen | None] = ContextVar("torap_head", default=None)


@contextmanager
def one_head(hash: str | None = None) -> Iterator[None]:
    """Within it the head is read once (not at all when its `hash` is given), unless something is recorded
    within it."""
    token = _seen.set(_Seen(hash))
    try:
        yield
    finally:
        _seen.reset(token)


def moved() -> None:
    """Something was recorded here: what was seen of the head no longer stands, even if it is rolled back."""
    seen = _seen.get()
    if seen is not None:
        seen.wrote = True


def head_hash() -> str:
    """The hash of the newest event; empty while nothing was ever recorded. One query."""
    seen = _seen.get()
    if seen is not None and seen.hash is not None and not seen.wrote:
        return seen.hash
    found = Head.objects.values_list("hash", flat=True).first() or ""
    if seen is not None:
        seen.hash = found
    return found


def while_unchanged(function: Callable[P, R]) -> Callable[P, R]:
    """Keep the result of a selector, per reader's language, until the next event.

    For selectors that read only what services write, whose arguments are hashable and whose result nobody
    changes.
    """
    return _keeping(function, get_language)


def same_for_all(function: Callable[P, R]) -> Callable[P, R]:
    """The same, once for readers of all languages: for results that hold rows and codes, no words."""
    return _keeping(function, lambda: "")


def _keeping(function: Callable[P, R], language: Callable[[], str | None]) -> Callable[P, R]:
    @wraps(function)
    def kept(*args: P.args, **kwargs: P.kwargs) -> R:
        head = head_hash()
        if not head:
            return function(*args, **kwargs)
        key = (function.__module__, function.__qualname__, head, language(), args, tuple(kwargs.items()))
        with _lock:
            if key in _kept:
                _kept.move_to_end(key)
                found: R = _kept[key]
                return found
        with nullcontext() if _seen.get() else one_head(head):  # what it keeps in turn is of the same head
            result = function(*args, **kwargs)
        with _lock:
            _kept[key] = result
            while len(_kept) > _SIZE:
                _kept.popitem(last=False)
        return result

    return kept


def forget() -> None:
    """Drop everything kept (tests that write past the services)."""
    with _lock:
        _kept.clear()
