"""The errors of the applications: each says which input is wrong and what to do about it."""

from __future__ import annotations

from typing import Any


class ApplicationError(Exception):
    """A request that cannot be carried out.

    `code` is stable and has its sentence in the pages; `params` fill it; `field` names the input at fault.
    """

    def __init__(self, code: str, *, field: str = "", **params: Any) -> None:
        self.code = code
        self.field = field
        self.params = params
        super().__init__(f"{code} {params}" if params else code)


class NotAllowed(ApplicationError):
    """The person may not do this; `params` name the action and the organisations concerned."""


class NotFound(ApplicationError):
    """There is no such record; `params` name what was looked for."""


class BadInput(ApplicationError):
    """A value is missing, malformed or contradicts another; `field` and `params` say which, and the mend."""


class Conflict(ApplicationError):
    """The record is already there, or changed meanwhile."""
