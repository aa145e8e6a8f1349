"""Taking in people: accounts and the roles they are given. Passwords are checked here and never recorded.

There is no default account: the first administrator is made on the command line, others by an administrator.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from torap.common.errors import BadInput, Conflict, NotFound
from torap.common.models import Grant, Role, User
from torap.common.permissions import SYSTEM_USERNAME, require
from torap.ledger.records import state_of
from torap.ledger.services import lock_head, record
from torap.registry.selectors import subject_map

# These roles speak for one body; the others are held for all.
FOR_A_BODY = frozenset({Role.BODY_MEMBER, Role.MANAGING_COMPANY, Role.VERIFIER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account with the roles it holds, each with the body it is for (empty: all)."""

    username: str
    full_name: str
    active: bool
    roles: tuple[tuple[str, str], ...]


def user_create(
    *,
    by: User,
    username: str,
    password: str,
    roles: Iterable[tuple[str, str]] = (),
    first_name: str = "",
    last_name: str = "",
    language: str = "",
) -> User:
    """Make an account. `roles`: (role, code of the body or empty). BadInput says why a password is weak."""
    require(by, "user.manage")
    user = User(username=username.strip(), first_name=first_name, last_name=last_name, language=language)
    _check_name(user)
    _check_password(password, user)
    wanted = [_role(role, body) for role, body in roles]
    with transaction.atomic():
        lock_head()
        reserved = user.username.casefold() == SYSTEM_USERNAME
        if reserved or User.objects.filter(username__iexact=user.username).exists():
            raise Conflict("name_taken", field="username", value=user.username)
        user.set_password(password)
        user.save()
        record("user.added", by=by, target=f"user:{user.username}", after=state_of(user))
        for role, body in wanted:
            _give(user, role, body, by)
    return user


def user_password_set(*, by: User, username: str, password: str) -> User:
    """Give an account a new password; the ledger notes that, not the password."""
    if by.username != username:
        require(by, "user.manage")
    user = _user(username)
    _check_password(password, user)
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        record("user.password_set", by=by, target=f"user:{user.username}")
    return user


def user_active_set(*, by: User, username: str, active: bool) -> User:
    """Let an account sign in, or no longer. The last administrator cannot be shut out."""
    require(by, "user.manage")
    with transaction.atomic():
        lock_head()
        user = _user(username)
        if user.is_active == active:
            return user
        if not active:
            _keep_one_administrator(user, by)
        user.is_active = active
        user.save(update_fields=["is_active"])
        before, after = {"is_active": not active}, {"is_active": active}
        record("user.changed", by=by, target=f"user:{username}", before=before, after=after)
    return user


def grant_give(*, by: User, username: str, role: str, organisation: str = "") -> Grant:
    """Give an account a role, for one body (code) where it speaks for one. Twice is as once."""
    require(by, "user.manage")
    name, body = _role(role, organisation)
    with transaction.atomic():
        lock_head()
        return _give(_user(username), name, body, by)


def grant_take(*, by: User, username: str, role: str, organisation: str = "") -> None:
    """Take a role away. The last administrator keeps it."""
    require(by, "user.manage")
    with transaction.atomic():
        lock_head()
        user = _user(username)
        grant = user.grants.filter(role=role, organisation_code=organisation).first()
        if grant is None:
            raise NotFound("not_found", entity="grant", role=role, organisation=organisation)
        if role == Role.ADMINISTRATOR:
            _keep_one_administrator(user, by)
        before = state_of(grant)
        grant.delete()
        record("grant.taken", by=by, target=f"user:{username}", before=before)


def user_list() -> list[Person]:
    """All accounts with their roles, by name; the system's own is left out."""
    users = User.objects.exclude(username=SYSTEM_USERNAME).prefetch_related("grants").order_by("username")
    return [
        Person(
            username=user.username,
            full_name=user.get_full_name(),
            active=user.is_active,
            roles=tuple(sorted((grant.role, grant.organisation_code) for grant in user.grants.all())),
        )
        for user in users
    ]


def has_administrator() -> bool:
    """True when somebody can sign in and manage accounts."""
    return Grant.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True).exists()


def _user(username: str) -> User:
    user = User.objects.filter(username=username).exclude(username=SYSTEM_USERNAME).first()
    if user is None:
        raise NotFound("not_found", entity="user", username=username)
    return user


def _check_name(user: User) -> None:
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError as error:
        field = next(iter(error.error_dict))
        raise BadInput("bad_value", field=field, reason=" ".join(error.messages)) from error


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise BadInput("weak_password", field="password", reason=" ".join(error.messages)) from error


def _role(role: str, body: str) -> tuple[str, str]:
    if role not in Role.values:
        raise BadInput("unknown_role", field="role", value=role, allowed=", ".join(Role.values))
    if role in FOR_A_BODY and not body:
        raise BadInput("body_missing", field="organisation", role=role)
    if role not in FOR_A_BODY and body:
        raise BadInput("body_not_expected", field="organisation", role=role)
    if body:
        found = subject_map([body]).get(body)
        if found is None or found.kind != "organisation":
            raise BadInput("unknown_reference", field="organisation", value=body, entity="organisation")
    return role, body


def _give(user: User, role: str, body: str, by: User) -> Grant:
    grant, made = Grant.objects.get_or_create(user=user, role=role, organisation_code=body)
    if made:
        record("grant.given", by=by, target=f"user:{user.username}", after=state_of(grant))
    return grant


def _keep_one_administrator(user: User, by: User) -> None:
    """Nobody may lock the last administrator out of the pages; the command line still can make another."""
    others = Grant.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True).exclude(user=user)
    is_one = user.grants.filter(role=Role.ADMINISTRATOR).exists()
    if is_one and user.is_active and not others.exists():
        raise Conflict("last_administrator", field="username", value=user.username)
