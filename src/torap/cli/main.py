"""The `torap` command: one small tree of sub-commands, each in its own file.

Nothing here starts Django: a command that needs tables does so itself, and `torap --help` stays quick.
"""

from __future__ import annotations

import typer

from torap.cli.brief import brief_command
from torap.cli.facts import facts_app
from torap.cli.forecast import forecast_app
from torap.cli.invented import invented_app
from torap.cli.jobs import jobs_app
from torap.cli.law import law_app
from torap.cli.ledger import ledger_app
from torap.cli.schedule import schedule_app
from torap.cli.site import seed, serve, settings, up
from torap.cli.users import admin_app, user_app

app = typer.Typer(help="Hubs, instructions, investors and cargo as one graph.", no_args_is_help=True)
app.command("up")(up)
app.command("seed")(seed)
app.command("serve")(serve)
app.command("brief")(brief_command)
app.command("settings")(settings)
app.add_typer(facts_app, name="facts")
app.add_typer(invented_app, name="invented")
app.add_typer(forecast_app, name="forecast")
app.add_typer(jobs_app, name="jobs")
app.add_typer(law_app, name="law")
app.add_typer(ledger_app, name="ledger")
app.add_typer(schedule_app, name="schedule")
app.add_typer(admin_app, name="admin")
app.add_typer(user_app, name="user")


@app.callback()
def main() -> None:
    """Torap at the command line."""
