"""YAML as a tree that knows the line of every value.

The usual loaders lose line numbers, build whatever a tag asks for, follow aliases without end and recurse
as deep as the file says. Facts files come from many hands and from an upload form, so the tree is built here
from parser events: no tags, no anchors, no aliases, limits on size, depth and count, and numbers kept exactly
as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from torap.intake.problems import UnreadableFile

MAX_BYTES = 8_000_000
MAX_DEPTH = 16
MAX_NODES = 400_000
MAX_TEXT = 20_000  # characters of one value

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)?\.[0-9]+([eE][-+]?[0-9]{1,2})?|[-+]?[0-9]+[eE][-+]?[0-9]{1,2}")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
# How a workbook, a PDF, an archive, a picture or a database begins.
_MAGIC = (
    b"PK\x03\x04",
    b"%PDF",
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"SQLite",
)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# A value of the tree: None, bool, int, Decimal, str, a list of nodes, or a dict of names to nodes.
Value = Any


@dataclass(slots=True)
class Node:
    """A value and the line (from 1) it starts on; `repeated` names keys written twice in a mapping."""

    line: int
    value: Value
    repeated: list[tuple[str, int]] = field(default_factory=list)

    def plain(self) -> Any:
        """The value without line numbers."""
        if isinstance(self.value, dict):
            return {name: node.plain() for name, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def line_at(self, path: tuple[str | int, ...]) -> int:
        """The line of the value at `path`, or of the nearest thing around it that exists."""
        node = self
        for step in path:
            inner = dict(enumerate(node.value)) if isinstance(node.value, list) else node.value
            if not isinstance(inner, dict) or step not in inner:
                break
            node = inner[step]
        return node.line

    def all_repeated(self) -> Iterator[tuple[str, int]]:
        """Every key written twice in this value or inside it, with its line."""
        yield from self.repeated
        inner = self.value
        for child in inner.values() if isinstance(inner, dict) else inner if isinstance(inner, list) else ():
            yield from child.all_repeated()


def decode(content: bytes) -> str:
    """Return the text of a file; UnreadableFile when it is too large, binary or not UTF-8."""
    if len(content) > MAX_BYTES:
        raise UnreadableFile("file_too_large", limit=round(MAX_BYTES / 1e6))
    if content.startswith(_MAGIC):
        raise UnreadableFile("binary_file")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile("not_utf8", encoding="UTF-16")
    if (at := content.find(b"\x00")) >= 0:
        raise UnreadableFile("binary_file", line=content.count(b"\n", 0, at) + 1)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableFile("not_utf8", line=line, encoding="?") from error


def parse(text: str) -> Node:
    """Return the tree of a YAML text with one document; UnreadableFile names the line at fault."""
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise _broken(error, text) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1 if isinstance(error.position, int) else 1
        raise UnreadableFile("bad_character", line=line, character=f"U+{int(error.character):04X}") from error
    if builder.root is None:
        raise UnreadableFile("empty_file")
    return builder.root


class _Builder:
    """Turns parser events into nodes with a stack of its own: depth is checked, not run into."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        # For every open mapping: the key (and its line) that waits for its value.
        self._names: list[tuple[str, int] | None] = []
        self._count = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent | yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._start(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._open.pop()
            self._names.pop()
        elif isinstance(event, yaml.AliasEvent):
            raise UnreadableFile("alias", line=_line(event), name=event.anchor)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise UnreadableFile("many_documents", line=_line(event))

    def _start(self, event: Any) -> None:
        line = _line(event)
        self._count += 1
        if event.anchor is not None:
            raise UnreadableFile("alias", line=line, name=event.anchor)
        if event.tag is not None:
            raise UnreadableFile("tag", line=line, name=event.tag)
        if self._count > MAX_NODES:
            raise UnreadableFile("too_many_values", line=line, limit=MAX_NODES)
        if self._open and isinstance(self._open[-1].value, dict) and self._names[-1] is None:
            # Field names are words, whatever they look like: `no:` stays `no`, `2025:` stays `2025`.
            if not isinstance(event, yaml.ScalarEvent):
                raise UnreadableFile("bad_key", line=line)
            self._names[-1] = (event.value, line)
        elif isinstance(event, yaml.ScalarEvent):
            self._place(Node(line, _scalar(event, line)))
        else:
            node = Node(line, {} if isinstance(event, yaml.MappingStartEvent) else [])
            self._place(node)
            self._open.append(node)
            self._names.append(None)
            if len(self._open) > MAX_DEPTH:
                raise UnreadableFile("too_deep", line=line, limit=MAX_DEPTH)

    def _place(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif waiting := self._names[-1]:
            name, at = waiting
            self._names[-1] = None
            if name in parent.value:
                parent.repeated.append((name, at))
            parent.value[name] = node


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 1


def _scalar(event: yaml.ScalarEvent, line: int) -> Value:
    """A quoted value is text; a plain one may be empty, true, false or a number. Dates stay text here."""
    text: str = event.value
    if len(text) > MAX_TEXT:
        raise UnreadableFile("text_too_long", line=line, characters=len(text), limit=MAX_TEXT)
    if not event.implicit[0]:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if len(text) <= 40 and _INT.fullmatch(text):
        return int(text)
    if len(text) <= 40 and _DECIMAL.fullmatch(text):
        return Decimal(text)
    return text


def _broken(error: yaml.MarkedYAMLError, text: str) -> UnreadableFile:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    lines = text.splitlines()
    shown = lines[line - 1] if 0 < line <= len(lines) else ""
    if "\t" in shown[: len(shown) - len(shown.lstrip())]:
        return UnreadableFile("tab", line=line)
    reason = (error.problem or error.context or "").replace("\n", " ")
    return UnreadableFile("bad_yaml", line=line, reason=reason[:200])
