"""A form sent twice writes once: each form carries a number that is good for one writing.

A double click sends two requests that run at the same time, perhaps on two servers. The number is entered in
a table they share, in the transaction of the writing: the second waits until the first is done, and a refused
writing takes the number back with it.
"""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from torap.common.models import SentForm, User

KEPT = dt.timedelta(days=1)


def new_number() -> str:
    """A number for a fresh form."""
    return secrets.token_hex(12)


def take(user: User, number: str) -> bool:
    """Take the number for writing, in the caller's transaction; False when it was taken before. A form
    without one is not guarded."""
    if not number:
        return True
    try:
        with transaction.atomic():
            SentForm.objects.create(number=f"{user.pk}:{number[:64]}")
    except IntegrityError:
        return False
    return True


def forget_old() -> int:
    """Drop the numbers of forms sent more than a day ago; returns how many there were."""
    return SentForm.objects.filter(sent_at__lt=timezone.now() - KEPT).delete()[0]
