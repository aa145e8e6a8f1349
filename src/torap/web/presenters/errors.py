"""A refusal of the applications in the reader's language, its days and numbers as the pages write them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from torap.common.errors import ApplicationError
from torap.common.models import Role
from torap.common.permissions import ANY, RIGHTS
from torap.common.refusals import pair
from torap.common.sentences import Values
from torap.web import formats


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """A refusal in words: what is wrong, what to do, and the input at fault."""

    text: str
    repair: str
    field: str


def error_words(error: ApplicationError) -> ErrorWords:
    """The sentences of a refusal; a code without its own is named, never hidden."""
    text, repair = pair(error.code)
    params = Values({name: _shown(_day(name, value)) for name, value in error.params.items()})
    return ErrorWords(str(text) % params, str(repair) % params, error.field)


def who_may_words(action: str) -> str:
    """Which roles may do something, with those that may only for their own body; empty for what is no
    action."""
    rights = RIGHTS.get(action, {})
    anywhere = [str(Role(role).label) for role, scope in rights.items() if scope == ANY]
    own = [str(Role(role).label) for role, scope in rights.items() if scope != ANY]
    parts = [", ".join(anywhere)]
    if own:
        parts.append(_("of the body concerned: %(roles)s") % {"roles": ", ".join(own)})
    told = "; ".join(part for part in parts if part)
    return _("Who may: %(roles)s.") % {"roles": told} if told else ""


def _day(name: str, value: Any) -> Any:
    """The day that a refusal names, read where it was given as it is stored."""
    if name != "day" or not isinstance(value, str):
        return value
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return value


def _shown(value: Any) -> str:
    if isinstance(value, dt.date):
        return formats.day(value)
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float | Decimal):
        return formats.number(value)
    return str(value)
