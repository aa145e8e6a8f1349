"""The input of a run as it is frozen: canonical JSON, its hash, and the packed form a column holds.

The same content gives the same bytes and the same hash on any machine, so a run computed again from them
gives the same result.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping
from typing import Any

FORMAT = "torap-run/1"


def canonical(content: Mapping[str, Any]) -> bytes:
    """The one way a content is written: keys sorted, no spaces, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def sha256_of(content: Mapping[str, Any]) -> str:
    """The SHA-256 of the canonical form, in hexadecimal figures."""
    return hashlib.sha256(canonical(content)).hexdigest()


def pack(content: Mapping[str, Any]) -> str:
    """The canonical form, compressed, as text; the same bytes each time."""
    return base64.b64encode(gzip.compress(canonical(content), mtime=0)).decode("ascii")


def unpack(text: str) -> dict[str, Any]:
    """The content of a packed text."""
    found: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(text)))
    return found
