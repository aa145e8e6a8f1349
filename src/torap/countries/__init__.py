"""The doors to a country's data: profile, law, calendar edits, rates. Everything tied to a country is a file
below here.

Files are read once per process. A procedure is read alone, so that one answer does not load the whole law.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

import yaml

from torap.rules.calendar import CalendarEdits, parse_edits
from torap.rules.errors import BadLawFile, UnknownProcedure, listed, nearest
from torap.rules.escalation import Rung, parse_ladder
from torap.rules.money import Rates, parse_rates
from torap.rules.network.stages import Templates, parse_templates
from torap.rules.obligations.model import Procedure
from torap.rules.obligations.parse import parse_procedure
from torap.rules.profile import CountryProfile, parse_profile

DEFAULT = "kz"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def country_path(code: str = DEFAULT) -> Traversable:
    """Directory of a country's files; `code` is the ISO 3166 code in any case."""
    path = files("torap.countries").joinpath(code.lower())
    if not path.is_dir():
        raise BadLawFile(f"No country '{code}'; add a directory under torap/countries.", country=code)
    return path


def load_yaml(code: str, *parts: str) -> Any:
    """One YAML file of a country, read anew."""
    path = country_path(code).joinpath(*parts)
    try:
        return yaml.load(path.read_bytes(), Loader=_LOADER)
    except yaml.YAMLError as error:
        name = "/".join(parts)
        raise BadLawFile(f"{name}: not readable YAML: {error}", file=name) from error


@lru_cache(maxsize=8)
def load_profile(code: str = DEFAULT) -> CountryProfile:
    """Currency, time, issuers, and which procedure answers which question."""
    return parse_profile(load_yaml(code, "profile.yaml"), where="profile.yaml")


@lru_cache(maxsize=8)
def procedure_ids(code: str = DEFAULT) -> tuple[str, ...]:
    """Codes of the procedures of a country, in reading order."""
    folder = country_path(code).joinpath("law", "procedures")
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".yaml")))


@lru_cache(maxsize=256)
def load_procedure(pid: str, code: str = DEFAULT) -> Procedure:
    """One procedure by its code, in any case. `UnknownProcedure` lists the codes there are."""
    known = {name.lower(): name for name in procedure_ids(code)}
    name = known.get(pid.strip().lower())
    if name is None:
        raise UnknownProcedure(
            f"No procedure '{pid}'.{nearest(pid.strip().lower(), known)} "
            f"There are: {listed(procedure_ids(code))}.",
            procedure=pid,
            country=code,
        )
    file = f"{name}.yaml"
    procedure = parse_procedure(load_yaml(code, "law", "procedures", file), where=file)
    if procedure.id != name:
        raise BadLawFile(f"{file}: id is {procedure.id}; make it {name} or rename the file.", file=file)
    return procedure


def load_procedures(code: str = DEFAULT) -> Mapping[str, Procedure]:
    """All procedures of a country by code."""
    return MappingProxyType({pid: load_procedure(pid, code) for pid in procedure_ids(code)})


@lru_cache(maxsize=8)
def load_calendar_edits(code: str = DEFAULT) -> CalendarEdits:
    """Official edits of the working calendar."""
    return parse_edits(load_yaml(code, "calendar.yaml"), where="calendar.yaml")


@lru_cache(maxsize=8)
def load_rates(code: str = DEFAULT) -> Rates:
    """Exchange rates and MCI values."""
    return parse_rates(load_yaml(code, "rates.yaml"), where="rates.yaml")


@lru_cache(maxsize=8)
def load_ladder(code: str = DEFAULT) -> tuple[Rung, ...]:
    """The ladder of obstacles: the product's own default, not law."""
    return parse_ladder(load_yaml(code, "law", "escalation.yaml"), where="law/escalation.yaml")


@lru_cache(maxsize=8)
def load_stages(code: str = DEFAULT) -> Templates:
    """The templates of stages by kind of thing."""
    return parse_templates(load_yaml(code, "stages.yaml"), where="stages.yaml")


@lru_cache(maxsize=8)
def load_sources(code: str = DEFAULT) -> Mapping[str, Mapping[str, str]]:
    """Sources of the law tables by id: title and address."""
    return MappingProxyType(load_yaml(code, "law", "sources.yaml")["sources"])


@lru_cache(maxsize=8)
def load_holders(code: str = DEFAULT) -> Mapping[str, Mapping[str, str]]:
    """Names of the holders and creditors of obligations by code and language."""
    return MappingProxyType(load_yaml(code, "law", "holders.yaml")["holders"])


@lru_cache(maxsize=8)
def load_said_names(code: str = DEFAULT) -> frozenset[str]:
    """Proper names in the facts, written alike in every language. Empty where there is no such file."""
    if not country_path(code).joinpath("said.yaml").is_file():
        return frozenset()
    return frozenset(load_yaml(code, "said.yaml")["names"])


@lru_cache(maxsize=8)
def load_said(code: str = DEFAULT) -> Mapping[str, Mapping[str, str]]:
    """Short strings of the facts by their English text: `ru` and `kk`. Empty where there is no such file."""
    if not country_path(code).joinpath("said.yaml").is_file():
        return MappingProxyType({})
    return MappingProxyType(load_yaml(code, "said.yaml")["texts"])
