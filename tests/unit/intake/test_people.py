"""Accounts: only administrators make them, passwords are checked and never recorded, one always stays."""

from __future__ import annotations

import json

import pytest

from torap.common.errors import BadInput, Conflict, NotAllowed, NotFound
from torap.common.models import Grant, Role, User
from torap.common.permissions import may
from torap.intake.people import (
    grant_give,
    grant_take,
    has_administrator,
    user_active_set,
    user_create,
    user_list,
    user_password_set,
)
from torap.ledger.models import Event
from torap.registry.services import organisation_save

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse 77 staple"


@pytest.fixture
def body(system):
    return organisation_save(by=system, code="akimat", name="Akimat", type="akimat").code


def test_an_account_signs_in_and_holds_its_roles(administrator, body):
    user = user_create(
        by=administrator,
        username="daniyar",
        password=PASSWORD,
        roles=[(Role.BODY_MEMBER, body), (Role.VERIFIER, body)],
        first_name="Daniyar",
    )
    assert user.check_password(PASSWORD)
    assert may(User.objects.get(username="daniyar"), "evidence.verify", organisations=[body])
    assert may(User.objects.get(username="daniyar"), "promise.add", organisations=[body])
    person = next(p for p in user_list() if p.username == "daniyar")
    assert person.roles == ((Role.BODY_MEMBER, body), (Role.VERIFIER, body))
    assert person.full_name == "Daniyar"


def test_the_ledger_knows_of_it_and_not_the_password(administrator, body):
    user_create(by=administrator, username="a", password=PASSWORD, roles=[(Role.BODY_MEMBER, body)])
    user_password_set(by=administrator, username="a", password=f"{PASSWORD} 2")
    events = Event.objects.filter(target="user:a")
    assert [e.kind for e in events] == ["user.added", "grant.given", "user.password_set"]
    assert PASSWORD not in json.dumps([[e.before, e.after] for e in events])


@pytest.mark.parametrize("password", ["", "short1!", "12345678901", "password123", "daniyar123"])
def test_a_weak_password_is_refused(administrator, password):
    with pytest.raises(BadInput, match="weak_password") as caught:
        user_create(by=administrator, username="daniyar", password=password)
    assert caught.value.field == "password"
    assert caught.value.params["reason"]
    assert not User.objects.filter(username="daniyar").exists()


@pytest.mark.parametrize("username", ["", "a b", "x" * 151, "a\nb"])
def test_a_bad_name_is_refused(administrator, username):
    with pytest.raises(BadInput) as caught:
        user_create(by=administrator, username=username, password=PASSWORD)
    assert caught.value.field == "username"


def test_names_differ_in_more_than_their_case(administrator):
    user_create(by=administrator, username="aigul", password=PASSWORD)
    with pytest.raises(Conflict, match="name_taken"):
        user_create(by=administrator, username="Aigul", password=PASSWORD)


@pytest.mark.parametrize(
    ("role", "organisation", "code"),
    [
        ("king", "", "unknown_role"),
        (Role.BODY_MEMBER, "", "body_missing"),
        (Role.VERIFIER, "", "body_missing"),
        (Role.AUDITOR, "akimat", "body_not_expected"),
        (Role.BODY_MEMBER, "nowhere", "unknown_reference"),
        (Role.BODY_MEMBER, "hub", "unknown_reference"),
    ],
)
def test_a_role_that_makes_no_sense_is_refused(administrator, body, role, organisation, code):
    with pytest.raises(BadInput, match=code):
        user_create(by=administrator, username="a", password=PASSWORD, roles=[(role, organisation)])
    assert not User.objects.filter(username="a").exists()


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.VERIFIER, Role.AUDITOR, ""])
def test_only_administrators_manage_accounts(person, role):
    by = person("somebody", role)
    person("other")
    for attempt in (
        lambda: user_create(by=by, username="a", password=PASSWORD),
        lambda: user_password_set(by=by, username="other", password=PASSWORD),
        lambda: user_active_set(by=by, username="other", active=False),
        lambda: grant_give(by=by, username="somebody", role=Role.ADMINISTRATOR),
        lambda: grant_take(by=by, username="other", role=Role.VERIFIER),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_everybody_may_change_their_own_password(nobody):
    user_password_set(by=nobody, username=nobody.username, password=PASSWORD)
    nobody.refresh_from_db()
    assert nobody.check_password(PASSWORD)


def test_giving_a_role_twice_is_once(administrator, nobody):
    for _ in range(2):
        grant_give(by=administrator, username="nobody", role=Role.AUDITOR)
    assert Grant.objects.filter(user=nobody).count() == 1
    assert Event.objects.filter(kind="grant.given").count() == 1
    grant_take(by=administrator, username="nobody", role=Role.AUDITOR)
    assert not Grant.objects.filter(user=nobody).exists()
    with pytest.raises(NotFound):
        grant_take(by=administrator, username="nobody", role=Role.AUDITOR)


def test_the_last_administrator_stays(administrator, system):
    with pytest.raises(Conflict, match="last_administrator"):
        grant_take(by=system, username=administrator.username, role=Role.ADMINISTRATOR)
    with pytest.raises(Conflict, match="last_administrator"):
        user_active_set(by=administrator, username=administrator.username, active=False)
    user_create(by=system, username="second", password=PASSWORD, roles=[(Role.ADMINISTRATOR, "")])
    user_active_set(by=administrator, username="second", active=False)
    user_active_set(by=administrator, username="second", active=True)
    user_active_set(by=system, username=administrator.username, active=False)
    assert has_administrator()
    assert not may(User.objects.get(username=administrator.username), "user.manage")


def test_the_systems_own_account_is_out_of_reach(administrator, system):
    assert system.username not in {p.username for p in user_list()}
    with pytest.raises(NotFound):
        user_password_set(by=administrator, username=system.username, password=PASSWORD)


def test_without_accounts_there_is_no_administrator(db):
    assert not has_administrator()
    assert user_list() == []
