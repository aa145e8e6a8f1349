"""The input of a run as it is frozen: canonical JSON, its hash, and the packed form a column holds.

The same content gives the same bytes and the same hash on any machine, so a run computed again from them
gives the same result. The hash is that of the whole canonical text, however it was put together: a nation's
text is written, hashed and compressed part by part, and its schedules stay text until somebody asks for one.
"""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import hashlib
import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

FORMAT = "torap-run/1"
WRITTEN = "schedules"  # rows of this name are kept as text: they are the bulk of a nation's input
NAMED_BY = "to"
PART = 200  # rows written at once
TEXT_PART = 4 * 65_536  # letters of base 64 read at once; four of them are three bytes
HORIZON_DAYS = 40 * 365  # how far a forecast looks
GZIP = 31  # window bits that ask zlib for the header of gzip
LEVEL = 6  # of zlib: a nation's fifty megabytes in a quarter of the time of 9, for one percent more
_decoder = json.JSONDecoder()


def iso(day: dt.date | None) -> str | None:
    """A day as a frozen input holds it; None for none."""
    return day.isoformat() if day else None


def day_of(text: str | None) -> dt.date | None:
    """A day written in a frozen input; None for none."""
    return dt.date.fromisoformat(text) if text else None


class Rows(Sequence[dict[str, Any]]):
    """Rows kept as canonical text, read again each time one is asked for. A row takes a tenth of the memory
    of its values; its `to` can be looked at without reading it."""

    def __init__(self, rows: Iterable[Mapping[str, Any]] = ()) -> None:
        self.texts: list[bytes] = []
        self.names: list[str] = []
        for row in rows:
            self.add(row, canonical(row))

    def add(self, row: Mapping[str, Any], text: bytes) -> None:
        """One more row, whose canonical text is `text`."""
        self.texts.append(text)
        self.names.append(str(row.get(NAMED_BY, "")))

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [json.loads(text) for text in self.texts[at]]
        return json.loads(self.texts[at])

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Rows):
            return self.texts == other.texts
        return isinstance(other, list) and list(self) == other

    __hash__ = None  # type: ignore[assignment]


def joined(row: Mapping[str, Any], name: str, text: bytes) -> bytes:
    """The canonical form of a row with one value more, whose canonical text is there already."""
    keys = sorted((*row, name))
    return (
        b"{"
        + b",".join(_text(key) + b":" + (text if key == name else _text(row[key])) for key in keys)
        + b"}"
    )


def rows_to(rows: Sequence[Mapping[str, Any]], wanted: Collection[str]) -> list[Mapping[str, Any]]:
    """Those rows whose `to` is wanted; the others are not read."""
    if isinstance(rows, Rows):
        return [rows[at] for at, name in enumerate(rows.names) if name in wanted]
    return [row for row in rows if row[NAMED_BY] in wanted]


def written(content: Mapping[str, Any]) -> Iterator[bytes]:
    """The canonical form in parts."""
    yield b"{"
    for number, key in enumerate(sorted(content)):
        yield (b"," if number else b"") + _text(key) + b":"
        value = content[key]
        if isinstance(value, Rows | list | tuple):
            yield from _listed(value)
        else:
            yield _text(value)
    yield b"}"


def _listed(rows: Sequence[Any]) -> Iterator[bytes]:
    yield b"["
    if isinstance(rows, Rows):
        for number, text in enumerate(rows.texts):
            yield b"," + text if number else text
    else:
        for at in range(0, len(rows), PART):
            yield (b"," if at else b"") + _text(rows[at : at + PART])[1:-1]
    yield b"]"


def _text(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def canonical(content: Mapping[str, Any]) -> bytes:
    """The one way a content is written: keys sorted, no spaces, UTF-8."""
    return b"".join(written(content))


def sha256_of(content: Mapping[str, Any]) -> str:
    """The SHA-256 of the canonical form, in hexadecimal figures."""
    return packed(content, compress=False)[1]


def pack(content: Mapping[str, Any]) -> str:
    """The canonical form, compressed, as text; the same bytes each time."""
    return packed(content)[0]


def packed(content: Mapping[str, Any], *, compress: bool = True) -> tuple[str, str]:
    """The packed form (empty unless `compress`) and the hash, without the whole text in memory."""
    found, small, parts = hashlib.sha256(), zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP), []
    for part in written(content):
        found.update(part)
        if compress:
            parts.append(small.compress(part))
    if not compress:
        return "", found.hexdigest()
    parts.append(small.flush())
    return base64.b64encode(b"".join(parts)).decode("ascii"), found.hexdigest()


def unpacked(text: str) -> Iterator[bytes]:
    """The canonical text of a packed one, part by part: a nation's is never whole in memory."""
    small = zlib.decompressobj(GZIP)
    for at in range(0, len(text), TEXT_PART):
        yield small.decompress(base64.b64decode(text[at : at + TEXT_PART]))
    yield small.flush()


def unpack(text: str) -> dict[str, Any]:
    """The content of a packed text; its schedules as Rows."""
    whole = gzip.decompress(base64.b64decode(text)).decode("utf-8")
    found: dict[str, Any] = {}
    at = 1
    while whole[at] != "}":
        at += whole[at] == ","
        key, at = _decoder.raw_decode(whole, at)
        if key == WRITTEN and whole[at + 1] == "[":
            found[key], at = _rows(whole, at + 1)
        else:
            found[key], at = _decoder.raw_decode(whole, at + 1)
    return found


def value_of(key: str, text: bytes) -> Any:
    """The value of a top-level key from its canonical text; schedules as Rows."""
    if key == WRITTEN and text[:1] == b"[":
        return _rows(text.decode("utf-8"), 0)[0]
    return json.loads(text)


def _rows(whole: str, at: int) -> tuple[Any, int]:
    """The list that begins at `at`, and where it ends; kept as text where all its items are rows."""
    rows, start = Rows(), at
    at += 1
    while whole[at] != "]":
        at += whole[at] == ","
        row, end = _decoder.raw_decode(whole, at)
        if not isinstance(row, dict):
            return _decoder.raw_decode(whole, start)
        rows.add(row, whole[at:end].encode("utf-8"))
        at = end
    return rows, at + 1
