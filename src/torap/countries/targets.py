"""Which works add up to a target, and what each adds: `countries/<cc>/targets.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from torap.countries import DEFAULT, country_path, load_yaml
from torap.rules.errors import BadLawFile

FILE = "targets.yaml"
Words = tuple[str, str, str]  # English, Russian, Kazakh


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure of a target: that of a claim (key), without that of `less`; or `number`. `per_year`: the claim
    counts what moves in a year and is read as a yearly capacity."""

    claim: str = ""
    less: str = ""
    number: float | None = None
    per_year: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPart:
    """What is added once all `nodes` (keys of the network) are reached."""

    nodes: tuple[str, ...]
    adds: Figure
    why: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRule:
    """A target of a subject (code). `milestone`: the one whose date it is for; without one it is for the last
    day the claim of its aim speaks of."""

    code: str
    subject: str
    unit: str
    counts: Words
    aim: Figure
    base: Figure | None
    milestone: str
    parts: tuple[TargetPart, ...]


@lru_cache(maxsize=8)
def load_targets(code: str = DEFAULT) -> tuple[TargetRule, ...]:
    """The country's targets; none where it has no such file. `BadLawFile` for one that cannot be read."""
    if not country_path(code).joinpath(FILE).is_file():
        return ()
    try:
        return tuple(_rule(row) for row in load_yaml(code, FILE)["targets"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadLawFile(f"{FILE}: {error!r}; compare it with the one of Kazakhstan.", file=FILE) from error


def _rule(row: Mapping[str, Any]) -> TargetRule:
    return TargetRule(
        code=row["code"],
        subject=row["subject"],
        unit=row["unit"],
        counts=_words(row["counts"]),
        aim=_figure(row["aim"]),
        base=_figure(row["base"]) if "base" in row else None,
        milestone=row.get("milestone", ""),
        parts=tuple(
            TargetPart(
                nodes=tuple(part["nodes"]), adds=_figure(part["adds"]), why=_words(part.get("why") or {})
            )
            for part in row["parts"]
        ),
    )


def _figure(value: Any) -> Figure:
    if isinstance(value, Mapping):
        return Figure(
            claim=value["claim"], less=value.get("less", ""), per_year=bool(value.get("per_year", False))
        )
    return Figure(number=float(value))


def _words(row: Mapping[str, str]) -> Words:
    return row.get("en", ""), row.get("ru", ""), row.get("kk", "")
