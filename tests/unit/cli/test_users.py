"""`torap admin` and `torap user`: no default account, no weak password, no password on the command line."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from torap.cli.main import app
from torap.common.models import User
from torap.registry.services import organisation_save

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse 77 staple"


def run(*arguments, **options):
    return CliRunner().invoke(app, arguments, **options)


def test_the_first_administrator_by_standard_input():
    result = run("admin", "create", "aigul", "--password-stdin", input=f"{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    user = User.objects.get(username="aigul")
    assert user.check_password(PASSWORD)
    assert list(user.grants.values_list("role", flat=True)) == ["administrator"]
    assert PASSWORD not in result.output


def test_the_password_is_asked_twice():
    result = run("admin", "create", "aigul", input=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    other = run("admin", "create", "dana", input=f"{PASSWORD}\nanother\n{PASSWORD}\n{PASSWORD}\n")
    assert "do not match" in other.output
    assert User.objects.get(username="dana").check_password(PASSWORD)


def test_an_empty_input_is_told():
    result = run("admin", "create", "aigul", "--password-stdin", input="")
    assert result.exit_code == 2
    assert "holds no password" in result.stderr


def test_a_weak_password_is_told():
    result = run("admin", "create", "aigul", "--password-stdin", input="12345\n")
    assert result.exit_code == 2
    assert "too weak" in result.stderr
    assert not User.objects.filter(username="aigul").exists()


def test_a_member_of_a_body(system):
    organisation_save(by=system, code="akimat", name="Akimat", type="akimat")
    made = run(
        *["user", "create", "daniyar", "--role", "body_member"],
        *["--organisation", "akimat", "--password-stdin"],
        input=f"{PASSWORD}\n",
    )
    assert made.exit_code == 0, made.output
    listed = run("user", "list")
    assert "body_member (akimat)" in listed.output
    (person,) = json.loads(run("user", "list", "--format", "json").output)
    assert person["roles"] == [["body_member", "akimat"]]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("--role king", "no role “king”"),
        ("--role body_member", "add --organisation CODE"),
        ("--role body_member --organisation nowhere", "no organisation “nowhere”"),
        ("--role auditor --organisation akimat", "leave --organisation out"),
    ],
)
def test_a_wrong_role_is_told_with_the_repair(arguments, told):
    command = f"user create daniyar {arguments} --password-stdin".split()
    result = run(*command, input=f"{PASSWORD}\n")
    assert result.exit_code == 2
    assert told in result.stderr.replace("\n", " ")


def test_a_name_that_is_taken_is_told():
    for _ in range(2):
        result = run("admin", "create", "aigul", "--password-stdin", input=f"{PASSWORD}\n")
    assert result.exit_code == 2
    assert "already" in result.stderr


def test_without_accounts_the_list_says_how_to_make_one():
    result = run("user", "list")
    assert "torap admin create NAME" in result.output
    assert run("user", "list", "--format", "xml").exit_code == 2
