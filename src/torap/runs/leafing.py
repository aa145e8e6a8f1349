"""A frozen input read by the page: of a nation's fifty megabytes a screen asks for a few.

The packed text is unpacked only as far as it has been asked for; where its top-level values lie is found
without reading them (brackets and commas outside strings, a million bytes at a time), and a value is read
when it is wanted. Keys are sorted, so what comes early costs nothing of what comes late.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from threading import RLock
from typing import Any

import numpy as np

from torap.runs.frozen import unpacked, value_of

Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Span = tuple[int, int]
BACKSLASH = ord("\\")
OPEN, CLOSE, COMMA, QUOTE = 1, -1, 2, 3
MARKS = np.zeros(256, dtype=np.int8)  # what a byte may mean where it stands outside a string
MARKS[[ord("{"), ord("[")]] = OPEN
MARKS[[ord("}"), ord("]")]] = CLOSE
MARKS[ord(",")] = COMMA
MARKS[ord('"')] = QUOTE


class Leaves(Mapping[str, Any]):
    """The content of a packed text: the same keys and values as `frozen.unpack` gives. Several threads may
    read one; nobody changes what it gives."""

    def __init__(self, packed: str) -> None:
        self._parts = unpacked(packed)
        self._text = bytearray()
        self._scan = Scan()
        self._spans: dict[str, Span] = {}
        self._read: dict[str, Any] = {}
        self._lock = RLock()

    def __getitem__(self, key: str) -> Any:
        with self._lock:
            if key not in self._read:
                if not self._found(key):
                    raise KeyError(key)
                start, end = self._spans[key]
                self._read[key] = value_of(key, bytes(self._text[start:end]))
            return self._read[key]

    def __contains__(self, key: object) -> bool:
        with self._lock:
            return isinstance(key, str) and self._found(key)

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            for part in self._parts:
                self._take(part)
            return iter(list(self._spans))

    def __len__(self) -> int:
        return sum(1 for _key in self)

    def _found(self, key: str) -> bool:
        """Whether there is such a key: unpacks until its value is whole, or a later key shows that there is
        none."""
        while key not in self._spans and not (self._spans and next(reversed(self._spans)) > key):
            part = next(self._parts, None)
            if part is None:
                break
            self._take(part)
        return key in self._spans

    def _take(self, part: bytes) -> None:
        self._text += part
        for start, end in self._scan.members(part):
            colon = self._text.index(b'":', start) + 1
            self._spans[json.loads(self._text[start:colon])] = (colon + 1, end)


class Scan:
    """Where the members of one object lie in its canonical text, which comes part by part."""

    def __init__(self) -> None:
        self._seen = 0  # bytes
        self._depth = 0
        self._quotes = 0  # so far, odd within a string
        self._slashes = 0  # at the end of what was seen
        self._start = 1  # of the member that is open

    def members(self, part: bytes) -> list[Span]:
        """The members `"key":value` that end in this part, as places in the whole text."""
        row: Bytes = np.frombuffer(part, dtype=np.uint8)
        marks = MARKS[row]
        if self._slashes or BACKSLASH in part:
            marks[self._escaped(row)] = 0
        at = np.flatnonzero(marks)
        does = marks[at]
        quotes = np.cumsum(does == QUOTE) + self._quotes
        outside = quotes % 2 == 0
        depth = np.cumsum(np.where(outside & (np.abs(does) == OPEN), does, 0), dtype=np.int64) + self._depth
        ends = outside & (((does == COMMA) & (depth == 1)) | ((does == CLOSE) & (depth == 0)))
        found = []
        for end in (at[ends] + self._seen).tolist():
            if end > self._start:  # an empty object has no member
                found.append((self._start, end))
            self._start = end + 1
        if len(at):
            self._depth, self._quotes = int(depth[-1]), int(quotes[-1])
        self._seen += len(part)
        return found

    def _escaped(self, row: Bytes) -> np.ndarray[Any, Any]:
        """The places of what stands after an odd number of backslashes."""
        before, size = self._slashes, len(row)
        slashes = np.flatnonzero(row == BACKSLASH)
        first = slashes[np.diff(slashes, prepend=-2) != 1]
        last = slashes[np.diff(slashes, append=size + 2) != 1]
        many = last - first + 1
        if len(first) and first[0] == 0:
            many[0] += before
        after = last[many % 2 == 1] + 1
        if before % 2 and (not len(first) or first[0]):
            after = np.append(after, 0)
        if size:
            self._slashes = int(many[-1]) if len(last) and last[-1] == size - 1 else 0
        return after[after < size]
