"""Values of a sentence: what a sentence names and nobody gave never makes it fail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Values(dict[str, Any]):
    """Values for `%` and `format_map`; a name that is missing reads `missing`."""

    def __init__(self, values: Mapping[str, Any], *, missing: str = "…") -> None:
        super().__init__(values)
        self.missing = missing

    def __missing__(self, name: str) -> str:
        return self.missing


__all__ = ["Values"]
