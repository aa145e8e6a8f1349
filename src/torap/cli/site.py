"""`torap up`, `seed`, `serve`, `settings`: from nothing to pages in the browser with one command."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Annotated, Any

import typer

from torap.cli.brief import brief_command
from torap.cli.facts import load_country
from torap.cli.jobs import start_daily, start_working
from torap.cli.telling import err, migrate, out, rooms, told
from torap.cli.warming import start_warming, warm_first
from torap.conf import env

SECRET = frozenset({"TORAP_SECRET_KEY", "TORAP_DATABASE_URL"})
THREADS = 8
# What a form may weigh beside its file: a larger request is refused before it is stored.
TOLD = 16  # times the limit: up to so much is taken, on disk, so that the refusal is a page that says why


@told
def up() -> None:
    """Make the database, load the country's facts, print the situation and serve the pages.

    The forecast of the day is computed while the pages are served already.

    Running it again keeps the data and starts in seconds. Stop with Ctrl-C.

    Example: torap up
    """
    _listen(env.text("TORAP_HOST"), _port()).close()  # else minutes of loading end at a port that is taken
    _prepare()
    brief_command()
    _print_first_steps()
    _serve()


@told
def seed() -> None:
    """Make or update the database, load the country's facts, forecast today and back-test; serve nothing.

    Example: torap seed
    """
    _prepare()
    with out.status("Computing the forecast of the day, and how forecasts would have stood up"):
        rooms().runs_jobs.forecast_today()
        rooms().runs_jobs.backtest_today()
    _print_first_steps()


@told
def serve() -> None:
    """Serve the pages on TORAP_HOST and TORAP_PORT.

    What `torap jobs run` does once is done at the start and then daily; runs that wait are computed.

    Example: TORAP_PORT=8080 torap serve
    """
    _serve()


def settings(
    output: Annotated[str, typer.Option("--format", help="text or json")] = "text",
) -> None:
    """List the environment variables Torap reads, what they are set to, and what they do.

    Example: torap settings
    """
    if output == "json":
        rows = [
            {"name": s.name, "value": _shown(s.name), "default": s.default, "meaning": s.meaning}
            for s in env.SETTINGS
        ]
        out.print_json(json.dumps(rows, ensure_ascii=False))
        return
    if output != "text":
        err.print(f"--format {output}: choose text or json.")
        raise typer.Exit(2)
    for one in env.SETTINGS:
        out.print(f"{one.name} = {_shown(one.name)}", markup=False, soft_wrap=True)
        out.print(f"    {one.meaning} Default: {one.default or 'empty'}.", markup=False, soft_wrap=True)


def _shown(name: str) -> str:
    """The value in force; a secret only as set or not."""
    if name in SECRET:
        return "(set)" if os.environ.get(name) else "(not set)"
    return str(env.text(name))


def _prepare() -> None:
    with out.status("Making the database"):
        migrate()
    load_country()


def _print_first_steps() -> None:
    if not rooms().people.has_administrator():
        out.print(
            "Nobody can sign in yet. Make the first administrator with: torap admin create NAME",
            soft_wrap=True,
        )


def _serve() -> None:
    host, port = env.text("TORAP_HOST"), _port()
    env.home().mkdir(parents=True, exist_ok=True)
    # Built pages are served from the package; the folder for collected ones only has to be there.
    Path(rooms().settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    application = rooms().get_wsgi_application()
    server = _server(application, host, port)
    warm_first(application)
    shown = f"[{host}]" if ":" in host else host
    out.print(f"Torap serves http://{shown}:{port} – stop with Ctrl-C.", markup=False)
    beside = [start_daily(), start_working(), start_warming(application)]
    try:
        server.run()
    except KeyboardInterrupt:
        server.close()
    finally:
        for _, stop in beside:
            stop.set()  # what runs now ends with the process; nothing new is begun


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens, or one sentence why it cannot and exit code 2."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        err.print(
            f"Cannot listen on {host} port {port}: {error.strerror or error}. Set TORAP_PORT to a free port, "
            "or stop what holds this one.",
            soft_wrap=True,
        )
        raise typer.Exit(2) from None


def _server(application: Any, host: str, port: int) -> Any:
    """A server that listens already."""
    listening = _listen(host, port)
    room = rooms().settings.REQUEST_LIMIT * TOLD
    return rooms().create_server(
        application, sockets=[listening], threads=THREADS, ident="torap", max_request_body_size=room
    )


def _port() -> int:
    given = str(env.text("TORAP_PORT"))
    if not given.isdigit() or not 0 < int(given) < 65536:
        err.print(f"TORAP_PORT is “{given}”: give a number from 1 to 65535.")
        raise typer.Exit(2)
    return int(given)
