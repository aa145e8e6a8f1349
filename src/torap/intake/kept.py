"""Which tables of intake the ledger speaks of, and the accounts, which are taken in here.

Passwords and times of sign-in are in no event. Rows as last loaded are too many for an event each: the
event of a load holds one digest for each section.
"""

from __future__ import annotations

import hashlib
from itertools import groupby

from django.db.models import Q

from torap.common.models import Grant, User
from torap.common.permissions import SYSTEM_USERNAME
from torap.intake.check import UNSTORED
from torap.intake.models import FactsLoad, LoadedRow
from torap.ledger.chain import canonical, plain
from torap.ledger.records import Kept, Tally, keep, keep_tally

NOT_RECORDED = frozenset({"password", "last_login", "date_joined"})


def loaded_rows_digests() -> dict[str, str]:
    """For each section the SHA-256 over its rows as last loaded."""
    names = ("kind", "key", "record_key", "version", "fingerprint", "data", "origin", "file_name", "load_id")
    rows = LoadedRow.objects.order_by("kind", "key").values_list(*names)
    digests = {}
    # Sorted here: databases order letters each in their own way.
    for section, group in groupby(sorted(rows.iterator(), key=lambda row: row[:2]), key=lambda row: row[0]):
        digest = hashlib.sha256()
        for row in group:
            digest.update(canonical(plain(row)).encode("ascii"))
        digests[section] = digest.hexdigest()
    return digests


keep(
    # Publishers and what was left out have no table of their own: the loaded row is all there is of them.
    Kept(
        model=LoadedRow,
        key=("kind", "key"),
        kinds=("fact.added", "fact.changed"),
        only=Q(kind__in=UNSTORED),
    ),
    Kept(model=FactsLoad, key=("id",), kinds=("facts.loaded",), digests=frozenset({"report"})),
    Kept(
        model=User,
        key=("username",),
        kinds=("user.added", "user.changed"),
        left_out=NOT_RECORDED,
        only=~Q(username=SYSTEM_USERNAME),
    ),
    Kept(
        model=Grant,
        key=("user", "role", "organisation_code"),
        kinds=("grant.given",),
        gone=("grant.taken",),
    ),
)
keep_tally(Tally(table="intake_loadedrow", kind="facts.loaded", name="rows", found=loaded_rows_digests))
