"""`torap admin` and `torap user`: accounts from the command line. No account has a password nobody chose."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from torap.cli.telling import err, need_tables, out, rooms, told

admin_app = typer.Typer(no_args_is_help=True, help="Administrators.")
user_app = typer.Typer(no_args_is_help=True, help="Accounts and their roles.")

Name = Annotated[str, typer.Argument(help="The name to sign in with.")]
FromInput = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input instead of asking twice."),
]


@admin_app.callback()
def _admin() -> None:
    """Administrators."""


@user_app.callback()
def _user() -> None:
    """Accounts and their roles."""


@admin_app.command("create")
@told
def admin_create(name: Name, password_stdin: FromInput = False) -> None:
    """Make an administrator, who then manages accounts on the pages. The password is asked twice.

    Example: torap admin create aigul
    """
    need_tables()
    _create(name, [("administrator", "")], password_stdin)


@user_app.command("create")
@told
def user_create(
    name: Name,
    role: Annotated[
        str,
        typer.Option(
            help="coordinator, body_member, managing_company, verifier, auditor or administrator.",
        ),
    ],
    organisation: Annotated[
        str, typer.Option(help="Code of the body, for body_member, managing_company and verifier.")
    ] = "",
    password_stdin: FromInput = False,
) -> None:
    """Make an account with one role.

    Example: torap user create daniyar --role body_member --organisation akimat_zhetysu
    """
    need_tables()
    _create(name, [(role, organisation)], password_stdin)


@user_app.command("list")
@told
def user_list(output: Annotated[str, typer.Option("--format", help="text or json")] = "text") -> None:
    """List accounts and their roles.

    Example: torap user list
    """
    if output not in {"text", "json"}:
        err.print(f"--format {output}: choose text or json.")
        raise typer.Exit(2)
    need_tables()
    people = rooms().people.user_list()
    if output == "json":
        out.print_json(json.dumps([asdict(person) for person in people], ensure_ascii=False))
        return
    if not people:
        out.print("No accounts yet. Make the first with: torap admin create NAME")
        return
    table = Table("name", "full name", "may sign in", "roles", box=None, pad_edge=False)
    for person in people:
        roles = ", ".join(f"{role} ({body})" if body else role for role, body in person.roles)
        table.add_row(person.username, person.full_name, "yes" if person.active else "no", roles or "none")
    out.print(table)


def _create(name: str, roles: list[tuple[str, str]], from_input: bool) -> None:
    password = _password(from_input)
    by = rooms().system_user()
    user = rooms().people.user_create(by=by, username=name, password=password, roles=roles)
    out.print(f"{user.username} can sign in now.")


def _password(from_input: bool) -> str:
    """From standard input (its first line), or asked twice without showing it."""
    if from_input:
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            err.print("Standard input holds no password. Pipe it in, for example from a password store.")
            raise typer.Exit(2)
        return password
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt="The same again"))
