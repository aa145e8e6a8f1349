"""Who asked for something or kept it, on pages that anybody may read.

The name of an account is half of a key to it and often the name of a person: only who has that account, and
who may read the ledger, is told it. All others are told the body somebody speaks for, or the role.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from torap.common.models import Grant, Role
from torap.common.permissions import SYSTEM_USERNAME
from torap.registry.selectors import subject_map
from torap.web.work.access import could


def people(names: Iterable[str], reader: Any) -> dict[str, str]:
    """What `reader` is told of these accounts, by the name of the account; the system keeps its name, for
    pages word it. Two queries at most, none for accounts the reader may see."""
    found = {name: name for name in names if name}
    own = {SYSTEM_USERNAME, reader.get_username()}
    others = set() if may_see(reader) else set(found) - own
    return found | (_told(others) if others else {})


def may_see(reader: Any) -> bool:
    """Whether somebody may be told the names of accounts."""
    return could(reader, "ledger.read") or could(reader, "user.manage")


def _told(names: set[str]) -> dict[str, str]:
    bodies: dict[str, set[str]] = defaultdict(set)
    roles: dict[str, set[str]] = defaultdict(set)
    for name, role, body in Grant.objects.filter(user__username__in=names).values_list(
        "user__username", "role", "organisation_code"
    ):
        (bodies if body else roles)[name].add(body or str(Role(role).label))
    subjects = subject_map(code for codes in bodies.values() for code in codes) if bodies else {}
    return {
        name: ", ".join(sorted({subjects[code].name for code in bodies[name] if code in subjects}))
        or ", ".join(sorted(roles[name]))
        or _("somebody who signed in")
        for name in names
    }
