"""Who may do what: one table of roles and actions, checked inside every service."""

from __future__ import annotations

import copy
from collections.abc import Iterable

from torap.common.errors import NotAllowed
from torap.common.models import Grant, Role, User

ANY = "any"
OWN = "own"

# action -> {role: scope}. "own": only for objects of the organisation the role was granted for.
RIGHTS: dict[str, dict[str, str]] = {
    "record.correct": {Role.COORDINATOR: ANY},
    "registry.edit": {Role.COORDINATOR: ANY, Role.ADMINISTRATOR: ANY},
    "source.add": {
        Role.COORDINATOR: ANY,
        Role.ADMINISTRATOR: ANY,
        Role.BODY_MEMBER: ANY,
        Role.MANAGING_COMPANY: ANY,
        Role.VERIFIER: ANY,
    },
    "claim.add": {Role.COORDINATOR: ANY, Role.BODY_MEMBER: OWN, Role.MANAGING_COMPANY: OWN},
    "utility.add": {Role.COORDINATOR: ANY, Role.BODY_MEMBER: OWN, Role.MANAGING_COMPANY: OWN},
    "money.add": {Role.COORDINATOR: ANY, Role.BODY_MEMBER: OWN, Role.MANAGING_COMPANY: OWN},
    "milestone.add": {Role.COORDINATOR: ANY, Role.BODY_MEMBER: OWN, Role.MANAGING_COMPANY: OWN},
    "promise.add": {Role.COORDINATOR: ANY, Role.BODY_MEMBER: OWN, Role.MANAGING_COMPANY: OWN},
    "report.add": {Role.COORDINATOR: ANY, Role.BODY_MEMBER: OWN, Role.MANAGING_COMPANY: OWN},
    "evidence.add": {
        Role.COORDINATOR: ANY,
        Role.BODY_MEMBER: OWN,
        Role.MANAGING_COMPANY: OWN,
        Role.VERIFIER: OWN,
    },
    "evidence.verify": {Role.VERIFIER: OWN},
    "instruction.add": {Role.COORDINATOR: ANY},
    "instruction.respond": {Role.COORDINATOR: ANY, Role.BODY_MEMBER: OWN},
    "instruction.request_extension": {Role.BODY_MEMBER: OWN},
    "instruction.extend": {Role.COORDINATOR: ANY},
    "instruction.close": {Role.COORDINATOR: ANY},
    "obstacle.add": {Role.COORDINATOR: ANY, Role.BODY_MEMBER: ANY, Role.MANAGING_COMPANY: OWN},
    "obstacle.remove": {Role.COORDINATOR: ANY, Role.BODY_MEMBER: OWN},
    "obstacle.escalate": {Role.COORDINATOR: ANY, Role.ADMINISTRATOR: ANY},
    "link.add": {Role.COORDINATOR: ANY, Role.BODY_MEMBER: OWN, Role.MANAGING_COMPANY: OWN},
    "schedule.attach": {Role.COORDINATOR: ANY, Role.BODY_MEMBER: OWN, Role.MANAGING_COMPANY: OWN},
    "baseline.take": {Role.COORDINATOR: ANY},
    "run.request": {
        Role.COORDINATOR: ANY,
        Role.ADMINISTRATOR: ANY,
        Role.BODY_MEMBER: ANY,
        Role.MANAGING_COMPANY: ANY,
    },
    "run.any": {Role.COORDINATOR: ANY, Role.ADMINISTRATOR: ANY},  # stop what others asked for
    # Whoever may ask for a run may keep what it is of: a scenario touches nothing but itself.
    "scenario.save": {
        Role.COORDINATOR: ANY,
        Role.ADMINISTRATOR: ANY,
        Role.BODY_MEMBER: ANY,
        Role.MANAGING_COMPANY: ANY,
    },
    "scenario.any": {Role.COORDINATOR: ANY},
    "calendar.edit": {Role.COORDINATOR: ANY, Role.ADMINISTRATOR: ANY},
    "facts.load": {Role.COORDINATOR: ANY, Role.ADMINISTRATOR: ANY},
    "ledger.read": {Role.AUDITOR: ANY, Role.COORDINATOR: ANY, Role.ADMINISTRATOR: ANY},
    "user.manage": {Role.ADMINISTRATOR: ANY},
}

SYSTEM_USERNAME = "system"


def system_user() -> User:
    """Return the account under which the system itself works: it cannot sign in."""
    user, made = User.objects.get_or_create(username=SYSTEM_USERNAME, defaults={"is_active": False})
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def may(by: User | None, action: str, *, organisations: Iterable[str] = ()) -> bool:
    """Say whether `by` may do `action` on an object held by `organisations` (codes).

    KeyError for an action that is not in RIGHTS: a typing slip must not pass for a refusal.
    """
    rights = RIGHTS[action]
    if by is None or not by.pk:
        return False
    if by.username == SYSTEM_USERNAME:
        return True
    if not by.is_active:
        return False
    owners = set(organisations)
    for role, organisation in grants_of(by):
        scope = rights.get(role)
        if scope == ANY or (scope == OWN and organisation and organisation in owners):
            return True
    return False


def require(by: User | None, action: str, *, organisations: Iterable[str] = ()) -> None:
    """Raise NotAllowed unless `by` may do `action` on an object held by `organisations`."""
    owners = sorted(set(organisations))
    if not may(by, action, organisations=owners):
        raise NotAllowed("not_allowed", action=action, organisations=", ".join(owners))


def correctable_by(by: User) -> set[str] | None:
    """Names of the people whose records `by` may put right; None stands for everybody's.

    A coordinator puts right what anybody recorded; others what they recorded, or somebody of their own body.
    """
    if may(by, "record.correct"):
        return None
    bodies = {body for _role, body in grants_of(by) if body}
    fellows = Grant.objects.filter(organisation_code__in=bodies) if bodies else Grant.objects.none()
    return {by.username, *fellows.values_list("user__username", flat=True)}


def require_recorder(by: User, recorded_by: str) -> None:
    """Raise NotAllowed unless `by` may put right what `recorded_by` recorded."""
    names = correctable_by(by)
    if names is not None and recorded_by not in names:
        raise NotAllowed("only_recorder_corrects", action="record.correct")


def grants_of(user: User) -> list[tuple[str, str]]:
    """The user's (role, organisation) pairs, read once per user object: a page asks for rights many times."""
    cached: list[tuple[str, str]] | None = getattr(user, "_torap_grants", None)
    if cached is None:
        cached = sorted(user.grants.values_list("role", "organisation_code"))
        user._torap_grants = cached  # type: ignore[attr-defined]
    return cached


def acting_with(user: User, grants: Iterable[tuple[str, str]]) -> User:
    """The same person with other rights for one task that includes them, such as loading facts.

    The ledger still names the person; the stored grants stay as they are.
    """
    acting = copy.copy(user)
    acting._torap_grants = sorted(grants)  # type: ignore[attr-defined]
    return acting
