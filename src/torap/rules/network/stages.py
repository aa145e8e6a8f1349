"""Templates of stages: what a thing of a kind passes through before it works, and how long that takes.

A stage has a beginning and an end; the milestones people promise mark one of its two ends or a part of it.
Durations are calendar days. Where no source gives one the stage says `assumed`: its spread is a supposition,
and only its shortest end is ever used, as the least time in which something later can come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from torap.rules.errors import BadLawFile, listed
from torap.rules.obligations.model import CONFIDENCES

LONGEST_LAG = 3660  # days between two things: ten years; more is a slip of the pen
LANGUAGES = ("en", "ru", "kk")
LINK_TYPES = ("FS", "SS", "FF", "SF")
BASES = ("law", "source", "assumed")
MILESTONE_TYPES = ("design", "start", "part", "complete", "open", "capacity", "status", "other")
HOLDERS = (
    "government", "ministry", "akimat", "state_body", "national_company", "managing_company", "investor",
    "other",
)  # fmt: skip
TEMPLATE_FIELDS = {"code", "name", "applies", "stages"}
STAGE_FIELDS = {"code", "name", "holder", "starts", "parts", "ends", "days", "basis", "law", "why", "after"}
LAW_FIELDS = {"procedure", "steps", "act", "article", "confidence"}
AFTER_FIELDS = {"stage", "type", "lag"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """How long a stage takes: shortest, most likely, longest, in calendar days."""

    low: int
    mode: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LawBasis:
    """The limits a duration rests on: a procedure, its steps, the act and article, how far it was read."""

    procedure: str
    steps: tuple[str, ...]
    act: str
    article: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """What a stage waits for: another stage, by a type of link and a lag in calendar days."""

    stage: str
    type: str = "FS"
    lag: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage. `starts`, `parts`, `ends`: the type of milestone that marks its beginning, a part, its end.

    `days=None`: nothing is supposed about its length. `basis`: law, source, or assumed. `why` says, in the
    languages of the pages, what the figures rest on.
    """

    code: str
    names: Mapping[str, str]
    holder: str
    basis: str
    why: Mapping[str, str]
    days: Days | None = None
    starts: str = ""
    parts: str = ""
    ends: str = ""
    law: LawBasis | None = None
    after: tuple[After, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Template:
    """The stages of a kind, each after those it waits for. `applies`: kinds of subject, such as place:hub.

    One is told from another by identity: files are read once per process.
    """

    code: str
    names: Mapping[str, str]
    applies: tuple[str, ...]
    stages: tuple[Stage, ...]

    def stage(self, code: str) -> Stage:
        """The stage of this code; the parser has checked the references."""
        return next(row for row in self.stages if row.code == code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """All templates of a country by code, and which of them a kind of subject follows."""

    by_code: Mapping[str, Template] = field(default_factory=dict)
    of_kind: Mapping[str, str] = field(default_factory=dict)
    default: str = ""

    def of(self, kind: str, type: str) -> Template:
        """The template of a subject: by its kind and type, else the general one."""
        code = self.of_kind.get(f"{kind}:{type}") or self.of_kind.get(kind) or self.default
        return self.by_code[code]


def parse_templates(data: Mapping[str, Any], *, where: str) -> Templates:
    """Templates from their YAML form. `BadLawFile` names the file, the row, the field and the repair."""
    rows = data.get("templates") if isinstance(data, Mapping) else None
    if not isinstance(rows, list) or not rows:
        raise _bad(where, "no templates", "list at least one under 'templates'")
    default = data.get("default")
    unknown = sorted(set(data) - {"templates", "default"})
    if unknown:
        raise _bad(where, f"unknown {listed(unknown)}", "give default and templates only")
    found: dict[str, Template] = {}
    kinds: dict[str, str] = {}
    for number, row in enumerate(rows, start=1):
        template = _template(row, f"{where}: template {_code_of(row, number)}")
        if template.code in found:
            raise _bad(f"{where}: template {template.code}", "stands twice", "keep one")
        found[template.code] = template
        for kind in template.applies:
            if kind in kinds:
                here = f"{where}: template {template.code}"
                raise _bad(here, f"{kind} follows {kinds[kind]} already", "let one template apply to it")
            kinds[kind] = template.code
    if default not in found:
        raise _bad(where, f"default {default!r} is no template", f"name one of {listed(found)}")
    return Templates(by_code=MappingProxyType(found), of_kind=MappingProxyType(kinds), default=str(default))


def _template(row: Any, where: str) -> Template:
    _fields(row, TEMPLATE_FIELDS, {"code", "name", "stages"}, where)
    stages: list[Stage] = []
    for number, one in enumerate(_rows(row["stages"], f"{where}: stages"), start=1):
        stages.append(_stage(one, f"{where}: stage {_code_of(one, number)}", [s.code for s in stages]))
    marks = [mark for stage in stages for mark in (stage.starts, stage.parts, stage.ends) if mark]
    for mark in marks:
        if marks.count(mark) > 1:
            raise _bad(where, f"milestones of type {mark} stand at two places", "let one stage name the type")
    return Template(
        code=str(row["code"]),
        names=_texts(row["name"], f"{where}: name"),
        applies=tuple(str(kind) for kind in row.get("applies") or ()),
        stages=tuple(stages),
    )


def _stage(row: Any, where: str, earlier: list[str]) -> Stage:
    _fields(row, STAGE_FIELDS, {"code", "name", "holder", "basis", "why"}, where)
    if str(row["code"]) in earlier:
        raise _bad(where, "stands twice", "give it a code of its own")
    for name in ("starts", "parts", "ends"):
        if row.get(name):
            _one_of(str(row[name]), MILESTONE_TYPES, f"{where}: {name}")
    basis = _one_of(str(row["basis"]), BASES, f"{where}: basis")
    law = _law(row["law"], f"{where}: law") if row.get("law") else None
    if (basis == "law") != (law is not None):
        raise _bad(where, f"basis {basis} {'without' if law is None else 'with'} law", "let them agree")
    return Stage(
        code=str(row["code"]),
        names=_texts(row["name"], f"{where}: name"),
        holder=_one_of(str(row["holder"]), HOLDERS, f"{where}: holder"),
        basis=basis,
        why=_texts(row["why"], f"{where}: why"),
        days=_days(row["days"], f"{where}: days") if row.get("days") is not None else None,
        starts=str(row.get("starts") or ""),
        parts=str(row.get("parts") or ""),
        ends=str(row.get("ends") or ""),
        law=law,
        after=tuple(_after(one, f"{where}: after", earlier) for one in row.get("after") or ()),
    )


def _days(row: Any, where: str) -> Days:
    _fields(row, {"low", "mode", "high"}, {"low", "mode", "high"}, where)
    values = [row[name] for name in ("low", "mode", "high")]
    if any(isinstance(value, bool) or not isinstance(value, int) or value < 0 for value in values):
        raise _bad(where, f"{values} are not whole days", "give whole numbers from zero")
    if not values[0] <= values[1] <= values[2]:
        raise _bad(where, f"{values} are out of order", "low ≤ mode ≤ high")
    return Days(low=values[0], mode=values[1], high=values[2])


def _law(row: Any, where: str) -> LawBasis:
    _fields(row, LAW_FIELDS, LAW_FIELDS, where)
    return LawBasis(
        procedure=str(row["procedure"]),
        steps=tuple(str(step) for step in row["steps"]),
        act=str(row["act"]),
        article=str(row["article"]),
        confidence=_one_of(str(row["confidence"]), CONFIDENCES, f"{where}: confidence"),
    )


def _after(row: Any, where: str, earlier: list[str]) -> After:
    """What a stage waits for stands above it in the file, so no template can hold a loop."""
    row = {"stage": row} if isinstance(row, str) else row
    _fields(row, AFTER_FIELDS, {"stage"}, where)
    lag = row.get("lag", 0)
    if isinstance(lag, bool) or not isinstance(lag, int):
        raise _bad(where, f"lag {lag!r} is not whole days", "give a whole number")
    return After(
        stage=_one_of(str(row["stage"]), earlier, f"{where}: stage"),
        type=_one_of(str(row.get("type", "FS")), LINK_TYPES, f"{where}: type"),
        lag=lag,
    )


def _texts(row: Any, where: str) -> Mapping[str, str]:
    _fields(row, set(LANGUAGES), set(LANGUAGES), where)
    return MappingProxyType({language: str(row[language]) for language in LANGUAGES})


def _rows(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise _bad(where, "is no list", "list at least one row")
    return value


def _fields(row: Any, allowed: set[str], needed: set[str], where: str) -> None:
    if not isinstance(row, Mapping):
        raise _bad(where, "is no mapping", f"give {listed(allowed)}")
    unknown, missing = set(row) - allowed, needed - set(row)
    if unknown or missing:
        raise _bad(where, f"missing {listed(missing)}; unknown {listed(unknown)}", f"give {listed(allowed)}")


def _one_of(value: str, allowed: Iterable[str], where: str) -> str:
    known = list(allowed)
    if value not in known:
        raise _bad(where, f"{value!r} is not known here", f"give one of {listed(known)}")
    return value


def _code_of(row: Any, number: int) -> str:
    return str(row["code"]) if isinstance(row, Mapping) and row.get("code") else f"no. {number}"


def _bad(where: str, what: str, repair: str) -> BadLawFile:
    return BadLawFile(f"{where}: {what}; {repair}.", file=where.partition(":")[0], where=where)
