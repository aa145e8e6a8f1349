"""Results kept while nothing changes: every write adds an event, so the head of the chain names the data.

The key holds the head's hash, not its number: a rolled-back write leaves no trace, and two servers on one
database agree. A page asks for the head once (`one_head`), so that it shows one state of the world.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import wraps
from threading import Lock, RLock
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django.utils.translation import get_language

from torap.ledger.models import Head

P = ParamSpec("P")
R = TypeVar("R")


class _Key(NamedTuple):
    """A question: what is asked (`of`, the selector), at which head, in which language, with what."""

    of: str
    head: str
    language: str | None
    args: tuple[Any, ...]
    named: tuple[tuple[str, Any], ...]


_kept: OrderedDict[_Key, Any] = OrderedDict()
_heads: OrderedDict[str, None] = OrderedDict()  # of what is kept, the one asked of last at the end
_making: dict[_Key, RLock] = {}
_forgets: list[Callable[[], None]] = []
_lock = Lock()
_SIZE = 256
WHOLE = 8  # a whole country's rows are large: of each such selector so many are kept, of the days read last
HEADS = 2  # this one, and the one before for pages that began there or a write taken back
_NOTHING = object()


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


_own: ContextVar[dict[_Key, Any] | None] = ContextVar("torap_own", default=None)


@contextmanager
def apart() -> Iterator[None]:
    """Within it nothing is taken from what others have kept, nor kept for them: for readers of one snapshot
    of the database, which must not meet what was computed outside it."""
    token = _own.set({})
    try:
        yield
    finally:
        _own.reset(token)


def is_apart() -> bool:
    """Whether what is read now must come from the database alone (`apart`)."""
    return _own.get() is not None


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
    changes. Whoever asks the same while it is being computed waits for that.
    """
    return _keeping(function, get_language, _SIZE)


def same_for_all(function: Callable[P, R]) -> Callable[P, R]:
    """The same, once for readers of all languages: for results that hold the rows and codes of a whole
    country, no words. Of each selector the eight asked for last are kept."""
    return _keeping(function, lambda: "", WHOLE)


def _keeping(function: Callable[P, R], language: Callable[[], str | None], most: int) -> Callable[P, R]:
    of = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def kept(*args: P.args, **kwargs: P.kwargs) -> R:
        head = head_hash()
        if not head:
            return function(*args, **kwargs)
        key = _Key(of, head, language(), args, tuple(kwargs.items()))
        own = _own.get()
        if own is not None:
            if key not in own:
                own[key] = function(*args, **kwargs)
            mine: R = own[key]
            return mine
        found = _found(key)
        if found is _NOTHING:
            with _alone(key):
                found = _found(key)  # whoever was first has computed it
                if found is _NOTHING:
                    # What it keeps in turn is of the same head.
                    with nullcontext() if _seen.get() else one_head(head):
                        found = function(*args, **kwargs)
                    _keep(key, found, most)
        result: R = found
        return result

    return kept


def _found(key: _Key) -> Any:
    with _lock:
        if key not in _kept:
            return _NOTHING
        _kept.move_to_end(key)
        return _kept[key]


def _keep(key: _Key, result: Any, most: int) -> None:
    """Keep a result; what is of older heads goes, then what was asked for longest ago."""
    with _lock:
        _kept[key] = result
        _heads[key.head] = None
        _heads.move_to_end(key.head)
        while len(_heads) > HEADS:
            gone, _none = _heads.popitem(last=False)
            for one in [one for one in _kept if one.head == gone]:
                del _kept[one]
        for one in [one for one in _kept if one.of == key.of][:-most]:
            del _kept[one]
        while len(_kept) > _SIZE:
            _kept.popitem(last=False)


@contextmanager
def _alone(key: _Key) -> Iterator[None]:
    """One after the other where several compute the same. Selectors ask one another downwards only, so none
    waits in a circle."""
    with _lock:
        turn = _making.setdefault(key, RLock())
    try:
        with turn:
            yield
    finally:
        with _lock:
            _making.pop(key, None)


def also_forgets(drop: Callable[[], None]) -> None:
    """What else is kept in this process, to be dropped with the rest."""
    _forgets.append(drop)


def forget() -> None:
    """Drop everything kept (tests that write past the services)."""
    with _lock:
        _kept.clear()
        _heads.clear()
    for drop in _forgets:
        drop()
