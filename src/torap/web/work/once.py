"""A form sent twice writes once: each form carries a number that is good for one writing.

A double click sends two requests that run at the same time, so the number is taken in one indivisible step.
"""

from __future__ import annotations

import secrets

from django.core.cache import cache

from torap.common.models import User

KEPT_SECONDS = 24 * 60 * 60


def new_number() -> str:
    """A number for a fresh form."""
    return secrets.token_hex(12)


def take(user: User, number: str) -> bool:
    """Take the number for writing; False when it was taken before. A form without one is not guarded."""
    return not number or cache.add(_key(user, number), True, KEPT_SECONDS)


def give_back(user: User, number: str) -> None:
    """The writing was refused: the corrected form may be sent with the same number."""
    if number:
        cache.delete(_key(user, number))


def _key(user: User, number: str) -> str:
    return f"torap-form:{user.pk}:{number[:64]}"
