"""Errors of the domain rules: one small tree, so that an edge (command line, HTTP) handles them in one place.

Every error has a stable `code`, the parameters that caused it, and an English `message` that ends with the
repair.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar


class RulesError(Exception):
    """A rule could not be applied to the given input."""

    code: ClassVar[str] = "rules_error"

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.message = message
        self.params = params


class UnknownProcedure(RulesError):
    """No procedure of this code in the country's law."""

    code = "unknown_procedure"


class UnknownEvent(RulesError):
    """The procedure edition does not know this event."""

    code = "unknown_event"


class UnknownParameter(RulesError):
    """The procedure edition does not take this parameter."""

    code = "unknown_parameter"


class BadValue(RulesError):
    """A value cannot be read, or contradicts another one."""

    code = "bad_value"


class NoEdition(RulesError):
    """No edition of the procedure was in force on the day that matters."""

    code = "no_edition"


class OutOfRange(RulesError):
    """A day lies outside the years a calendar was built for."""

    code = "out_of_range"


class NotKnown(RulesError):
    """The figure asked for stands in no source we could read; it is not guessed."""

    code = "not_known"


class BadLawFile(RulesError):
    """A law or calendar file breaks its format; the message names file, record, field and repair."""

    code = "bad_law_file"


def nearest(given: str, names: Mapping[str, str]) -> str:
    """The repair for a mistyped name: " Did you mean 'filed'?", or nothing when none is like it.

    `names`: every spelling that is understood, with the name it stands for.
    """
    like = difflib.get_close_matches(given, names, n=1, cutoff=0.6)
    return f" Did you mean '{names[like[0]]}'?" if like else ""


def listed(names: Iterable[object]) -> str:
    """The allowed names as one readable line, for the repair part of a message."""
    return ", ".join(sorted(str(name) for name in names)) or "none"
