"""The files a country brings along: its own facts, loaded on first start."""

from __future__ import annotations

import re
from importlib.resources import files

from torap.common.errors import BadInput, NotFound
from torap.intake.preview import NamedFile


def country_files(country: str) -> list[NamedFile]:
    """Name and content of every facts file of a country (ISO 3166-1, lower case), ordered by name."""
    if not re.fullmatch(r"[a-z]{2}", country):
        raise BadInput("not_a_country_code", field="country", value=country)
    folder = files("torap.countries") / country / "facts"
    if not folder.is_dir():
        raise NotFound("not_found", entity="country_facts", country=country)
    found = [item for item in folder.iterdir() if item.name.endswith((".yaml", ".yml"))]
    return [(item.name, item.read_bytes()) for item in sorted(found, key=lambda item: item.name)]
