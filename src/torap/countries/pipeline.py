"""What a country's forecast of investment assumes: `countries/<cc>/pipeline.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from torap.countries import DEFAULT, country_path, load_yaml
from torap.engines.pipeline.model import Assumption, Length, Profile, Stage
from torap.rules.errors import BadLawFile

FILE = "pipeline.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineProfile:
    """Assumptions and names. `lengths`: by type of project; `begun`, `done`: types of milestone;
    `also_places`: projects whose dates are kept at their place.
    """

    section: str
    assumptions: tuple[Assumption, ...]
    worth: float
    pace: float
    fate: float
    lengths: Mapping[str, Length]
    begun: frozenset[str]
    done: frozenset[str]
    also_places: frozenset[str]


@lru_cache(maxsize=8)
def load_pipeline(code: str = DEFAULT) -> PipelineProfile | None:
    """The country's assumptions; None where it has no such file. `BadLawFile` for one that cannot be read."""
    if not country_path(code).joinpath(FILE).is_file():
        return None
    try:
        return _parsed(load_yaml(code, FILE))
    except (KeyError, TypeError, ValueError) as error:
        raise BadLawFile(f"{FILE}: {error!r}; compare it with the one of Kazakhstan.", file=FILE) from error


def _parsed(data: Mapping[str, Any]) -> PipelineProfile:
    return PipelineProfile(
        section=data["section"],
        assumptions=tuple(_assumption(row) for row in data["assumptions"]),
        worth=float(data["worth"]),
        pace=float(data["pace"]),
        fate=float(data["fate"]),
        lengths={kind: _length(row) for kind, row in data["lengths"].items()},
        begun=frozenset(data["begun"]),
        done=frozenset(data["done"]),
        also_places=frozenset(data["also_places"]),
    )


def _assumption(row: Mapping[str, Any]) -> Assumption:
    return Assumption(
        stage=Stage(row["stage"]),
        pass_per_year=float(row.get("pass_per_year", 0.0)),
        lost_per_year=float(row.get("lost_per_year", 0.0)),
        worth=float(row["worth"]),
    )


def _length(row: Mapping[str, Any]) -> Length:
    return Length(
        median_years=float(row["median_years"]), sigma=float(row["sigma"]), profile=Profile(row["profile"])
    )
