"""How the commands that need tables speak: Django started late, errors as one sentence with the repair.

Exit codes: 0 done, 1 done in part or a check failed, 2 nothing was done.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import typer
from rich.console import Console

from torap.common.errors import ApplicationError
from torap.common.sentences import Values
from torap.conf import env

P = ParamSpec("P")
R = TypeVar("R")

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

_SENTENCES = {
    "not_allowed": "{by} may not do this ({action}). Ask an administrator for the role.",
    "not_found": "There is no such {entity}: {name}.",
    "file_twice": "Two files are called {name}: rename one, the names tell the rows apart.",
    "files_changed": "The files changed while you looked at them. Run the command again.",
    "not_a_country_code": "“{value}” is no country code: set TORAP_COUNTRY to two small letters, like kz.",
    "weak_password": "The password is too weak. {reason}",
    "name_taken": "There is an account called {value} already. Choose another name.",
    "bad_value": "{field}: {reason}",
    "unknown_role": "There is no role “{value}”. Roles: {allowed}.",
    "body_missing": "The role {role} is held for one body: add --organisation CODE.",
    "body_not_expected": "The role {role} is held for all bodies: leave --organisation out.",
    "regions_missing": "The regions {value} are not there: load the country's own facts first, torap seed.",
    "no_invented_network": "The country {value} has no invented network.",
    "unknown_reference": "There is no {entity} “{value}”. Look its code up, or load its facts first.",
}


def told(command: Callable[P, R]) -> Callable[P, R]:
    """Turn an ApplicationError into one sentence on the error stream and exit code 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ApplicationError as error:
            err.print(f"[red]{sentence(error)}[/red]", soft_wrap=True)
            raise typer.Exit(2) from None

    return run


def sentence(error: ApplicationError) -> str:
    """What is wrong and how to repair it; the bare code with its values where no sentence is known."""
    params = Values({"field": error.field, "by": "This account", **error.params}, missing="")
    params.setdefault("name", ", ".join(str(value) for key, value in error.params.items() if key != "entity"))
    pattern = _SENTENCES.get(error.code)
    if pattern is None:
        return f"{error.code.replace('_', ' ')} {error.field} {dict(error.params) or ''}".strip()
    return pattern.format_map(params)


def open_rooms() -> Any:
    """The modules that need Django, with Django started; see `cli.rooms` for why this import stands here.

    ModuleNotFoundError where the packages of the extra `web` are not installed.
    """
    from torap.cli import rooms as opened  # noqa: PLC0415

    return opened


def rooms() -> Any:
    """As `open_rooms`; what is not installed is told with the repair, and the command ends with code 2."""
    try:
        return open_rooms()
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith("torap"):
            raise
        err.print(f"This command needs the package {error.name}: install torap with its extra, torap[web].")
        raise typer.Exit(2) from None


def database_there() -> bool:
    """False when no database was ever made where the settings point; looks without making one."""
    return env.database_there()


def tables_ready() -> bool:
    """False when the database has not been made, or is older than the program."""
    if not database_there():
        return False
    opened = rooms()
    executor = opened.MigrationExecutor(opened.connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def need_tables() -> None:
    """End with code 2 and the repair when the tables are not ready."""
    if not database_there():
        err.print(
            f"There is no database in {env.home()}. Run `torap seed` (or `torap up`) to make one there, or "
            "point TORAP_HOME or TORAP_DATABASE_URL to the one you mean.",
            markup=False,
            soft_wrap=True,
        )
        raise typer.Exit(2)
    if not tables_ready():
        err.print("The database is not ready for this version. Run `torap seed` (or `torap up`) first.")
        raise typer.Exit(2)


def migrate() -> None:
    """Make or update the tables."""
    env.home().mkdir(parents=True, exist_ok=True)
    rooms().call_command("migrate", verbosity=0, interactive=False)
