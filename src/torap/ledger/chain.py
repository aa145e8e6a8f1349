"""How an event becomes text and its hash: one canonical form, the same on every database and for ever."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

GENESIS = "0" * 64


def plain(value: Any) -> Any:
    """`value` in JSON's own types; what has a fraction or a date becomes text, so no database may round it.

    Datetimes are in UTC; a datetime without a zone is refused (ValueError): it would not say when.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value.is_finite() else str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dt.datetime):
        return utc_text(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    raise TypeError(
        f"the ledger cannot keep a {type(value).__name__}; pass text, numbers, dates, lists, mappings"
    )


def utc_text(moment: dt.datetime) -> str:
    """`moment` in UTC to the microsecond, ISO 8601."""
    if moment.tzinfo is None:
        raise ValueError("a moment in the ledger needs a time zone")
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces; `value` is already plain."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def link_hash(
    *,
    seq: int,
    at: dt.datetime,
    actor: str,
    kind: str,
    target: str,
    before: Any,
    after: Any,
    previous_hash: str,
) -> str:
    """SHA-256, in hexadecimal, over all fields of an event, the hash of the one before among them."""
    body = {
        "actor": actor,
        "after": after,
        "at": utc_text(at),
        "before": before,
        "kind": kind,
        "previous_hash": previous_hash,
        "seq": seq,
        "target": target,
    }
    return hashlib.sha256(canonical(body).encode("ascii")).hexdigest()


def sha256_of(value: Any) -> str:
    """SHA-256, in hexadecimal, over the canonical form of a plain value."""
    return hashlib.sha256(canonical(value).encode("ascii")).hexdigest()
