"""Reads a facts file (format torap-facts/1) into typed rows that know their line.

A row that breaks its model becomes a problem and the rest goes on; only a file that is no facts file at all
is refused whole. Nothing here knows the database or the other rows.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast, get_args

from pydantic import BaseModel, ValidationError

from torap.intake.problems import Problem, UnreadableFile
from torap.intake.readers.nodes import Node, decode, parse
from torap.intake.readers.row_base import Row
from torap.intake.readers.rows import MODEL_OF, SECTIONS
from torap.intake.readers.values import Texts

FORMAT = "torap-facts/1"
HEADER = ("format", "title", "invented")
MAX_KEY = 160

# pydantic's own error types -> our codes (our validators already raise our codes).
_CODES = {
    "missing": "field_missing",
    "extra_forbidden": "unknown_field",
    "literal_error": "not_in_list",
    "string_pattern_mismatch": "bad_form",
    "string_too_long": "text_too_long",
    "string_too_short": "text_empty",
    "too_short": "list_expected",
    "string_type": "text_expected",
    "bool_type": "yes_no_expected",
    "bool_parsing": "yes_no_expected",
    "tuple_type": "list_expected",
    "model_type": "fields_expected",
    "model_attributes_type": "fields_expected",
    "dict_type": "fields_expected",
    "greater_than": "out_of_range",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "float_type": "number_expected",
    "int_type": "number_expected",
    "int_parsing": "number_expected",
    "int_from_float": "number_expected",
}
_OWN = frozenset(
    [
        "text_expected",
        "unknown_field",
        "interval_open",
        "interval_reversed",
        "bad_date",
        "day_expected",
        "number_expected",
        "bad_line",
        "bad_range",
        "low_above_high",
        "as_said_missing",
        "deadline_on",
        "executor_twice",
        "new_deadline_missing",
        "ground_missing",
        "evidence_of_one_thing",
    ]
)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A well-formed row: where it stands and what it says."""

    file: str
    line: int
    section: str
    key: str
    data: Row
    node: Node
    invented: bool

    @property
    def ident(self) -> tuple[str, str]:
        """Section and key: what identifies it over all files."""
        return self.section, self.key

    def problem(self, code: str, *path: str | int, severity: str = "error", **params: Any) -> Problem:
        """A finding about this row, at the line of the field at `path`."""
        return Problem(
            file=self.file,
            line=self.node.line_at(path),
            section=self.section,
            key=self.key,
            field=field_name(path),
            code=code,
            params=params,
            severity=cast(Any, severity),
        )


@dataclass(slots=True)
class FactsFile:
    """One file read: its rows, the rows that failed (by section and key where readable), and the findings."""

    name: str
    sha256: str
    title: Texts | None = None
    invented: bool = False
    rows: list[FileRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    failed: set[tuple[str, str]] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)  # rows written in each section, good or bad

    @property
    def unreadable(self) -> bool:
        """True when nothing of the file could be read."""
        return any(not p.section and p.severity == "error" for p in self.problems)


def read_facts(name: str, content: bytes) -> FactsFile:
    """Read one file. Never raises for what stands in it: every fault is in `problems`."""
    facts = FactsFile(name=name, sha256=hashlib.sha256(content).hexdigest())
    try:
        root = parse(decode(content))
        _header(facts, root)
    except UnreadableFile as error:
        facts.problems.append(Problem(file=name, line=error.line, code=error.code, params=error.params))
        return facts
    for section in SECTIONS:
        if section in root.value:
            _section(facts, section, root.value[section])
    return facts


def field_name(path: Iterable[str | int]) -> str:
    """A path as people write it: points[2].lat."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like `name`, or an empty text when none is close."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def _header(facts: FactsFile, root: Node) -> None:
    """Check format, title and the names of the sections; UnreadableFile when it is no facts file."""
    if not isinstance(root.value, dict):
        raise UnreadableFile("no_mapping", line=root.line)
    if root.repeated:
        name, line = root.repeated[0]
        raise UnreadableFile("duplicate_key", line=line, name=name)
    said = root.value.get("format")
    if said is None or said.value != FORMAT:
        raise UnreadableFile(
            "bad_format",
            line=said.line if said else 1,
            value=str(said.value)[:40] if said else "",
            known=FORMAT,
        )
    if title := root.value.get("title"):
        try:
            facts.title = Texts.model_validate(title.plain())
        except ValidationError as error:
            raise UnreadableFile("bad_title", line=title.line) from error
    if invented := root.value.get("invented"):
        if not isinstance(invented.value, bool):
            raise UnreadableFile("bad_invented", line=invented.line)
        facts.invented = invented.value
    known = (*HEADER, *SECTIONS)
    for name, node in root.value.items():
        if name not in known:
            params = {"name": name, "nearest": nearest(name, known), "known": ", ".join(known)}
            facts.problems.append(
                Problem(file=facts.name, line=node.line, section=name, code="unknown_section", params=params)
            )


def _section(facts: FactsFile, section: str, node: Node) -> None:
    if node.value is None:
        return
    if not isinstance(node.value, list):
        facts.problems.append(Problem(file=facts.name, line=node.line, section=section, code="list_expected"))
        return
    facts.counts[section] = len(node.value)
    for item in node.value:
        _row(facts, section, item)


def _row(facts: FactsFile, section: str, node: Node) -> None:
    key = _raw_key(node)
    problems = [
        _problem(facts, section, key, line, "duplicate_key", name, {"name": name})
        for name, line in node.all_repeated()
    ]
    data: Row | None = None
    if not isinstance(node.value, dict):
        problems.append(_problem(facts, section, key, node.line, "fields_expected", "", {}))
    else:
        try:
            data = MODEL_OF[section].model_validate(node.plain())
        except ValidationError as error:
            for one in error.errors():
                problem = _translated(facts, section, key, node, dict(one))
                if problem not in problems:  # both ends of a value say the same
                    problems.append(problem)
    if data is not None and not problems:
        full = data.key
        if len(full) > MAX_KEY:
            full = f"{full[:90]}~{hashlib.sha256(full.encode()).hexdigest()[:40]}"
        facts.rows.append(FileRow(facts.name, node.line, section, full, data, node, facts.invented))
        return
    facts.problems += problems
    if key:
        facts.failed.add((section, key))


def _raw_key(node: Node) -> str:
    """The code or id of a row that may be broken, for the messages and for what depends on it."""
    if not isinstance(node.value, dict):
        return ""
    for name in ("code", "id"):
        if (inner := node.value.get(name)) is not None and isinstance(inner.value, str):
            return str(inner.value)[:MAX_KEY]
    return ""


def _problem(
    facts: FactsFile, section: str, key: str, line: int, code: str, name: str, params: dict[str, Any]
) -> Problem:
    return Problem(file=facts.name, line=line, section=section, key=key, field=name, code=code, params=params)


def _translated(facts: FactsFile, section: str, key: str, node: Node, error: dict[str, Any]) -> Problem:
    """One of pydantic's errors in our codes, at the line of the value."""
    path = _real_path(node, tuple(error["loc"]))
    kind = error["type"]
    params: dict[str, Any] = {
        k: v for k, v in (error.get("ctx") or {}).items() if k not in ("error", "pattern")
    }
    if kind == "extra_forbidden":
        known = _names_at(MODEL_OF[section], path[:-1])
        name = str(error["loc"][-1])
        params = {"name": name, "nearest": nearest(name, known), "known": ", ".join(known)}
    elif kind == "unknown_field":
        params["nearest"] = nearest(str(params["name"]), str(params["known"]).split(", "))
    elif kind == "literal_error":
        params = {"value": str(error["input"])[:80], **_listed(str(error["input"]), params["expected"])}
    elif kind not in ("missing", "value_error") and not isinstance(error["input"], dict | list):
        params["value"] = str(error["input"])[:80]
    code = kind if kind in _OWN else _CODES.get(kind, "bad_value")
    if code == "bad_value":
        params["reason"] = error["msg"]
    return _problem(facts, section, key, node.line_at(path), code, field_name(path), params)


def _listed(given: str, expected: str) -> dict[str, str]:
    """The words a field takes, without pydantic's quotes and its English "or"; the one most like `given`."""
    allowed = expected.replace(" or ", ", ").replace("'", "").split(", ")
    return {"expected": ", ".join(allowed), "nearest": nearest(given, allowed)}


def _names_at(model: type[BaseModel], path: Iterable[str | int]) -> list[str]:
    """The fields that may stand at `path` of a row: its own, or those of the values within it."""
    for step in path:
        if isinstance(step, int):
            continue
        fields = {one.alias or name: one for name, one in model.model_fields.items()}
        inner = next(_models_in(fields[step].annotation), None) if step in fields else None
        if inner is None:
            return []
        model = inner
    return [one.alias or name for name, one in model.model_fields.items()]


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def _real_path(node: Node, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The path without the steps a union of types adds; `low`/`high` of a claim stand under `value`."""
    kept: list[str | int] = []
    for step in path:
        if isinstance(step, str) and step.startswith(("constrained-", "literal[", "function-")):
            continue
        kept.append(step)
    if kept and kept[0] in ("low", "high") and "value" in node.value:
        inner = node.value["value"].value
        return ("value", *kept) if isinstance(inner, dict) else ("value", *kept[1:])
    return tuple(kept)
