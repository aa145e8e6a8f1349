"""The `torap` command: one small tree of sub-commands, each in its own file.

Nothing here starts Django or loads a sub-command: one that needs tables does so itself, when it runs, and
`torap --help` stays quick.
"""

from __future__ import annotations

import typer

from torap.cli.tree import Place, group_of

PLACES = {
    "up": Place(
        "torap.cli.site",
        "up",
        "Make the database, load the country's facts, print the situation and serve the pages.",
    ),
    "seed": Place(
        "torap.cli.site",
        "seed",
        "Make or update the database, load the country's facts, forecast today and back-test; serve nothing.",
    ),
    "serve": Place("torap.cli.site", "serve", "Serve the pages on TORAP_HOST and TORAP_PORT."),
    "brief": Place(
        "torap.cli.brief",
        "brief_command",
        "Say what is late, what falls due, what moved, whose turn it is, and what is not known.",
    ),
    "settings": Place(
        "torap.cli.site",
        "settings",
        "List the environment variables Torap reads, what they are set to, and what they do.",
    ),
    "facts": Place(
        "torap.cli.facts", "facts_app", "Facts files (format torap-facts/1): check, load, report."
    ),
    "invented": Place(
        "torap.cli.invented",
        "invented_app",
        "The invented national network: labelled so everywhere, in no real total.",
    ),
    "forecast": Place("torap.cli.forecast", "forecast_app", "Dates as distributions, and their score."),
    "jobs": Place("torap.cli.jobs", "jobs_app", "Work that runs by the clock."),
    "law": Place("torap.cli.law", "law_app", "Procedures, deadlines and working days, with every reason."),
    "ledger": Place("torap.cli.ledger", "ledger_app", "The append-only record of every change."),
    "schedule": Place("torap.cli.schedule", "schedule_app", "Dates, quality and risk of a schedule file."),
    "admin": Place("torap.cli.users", "admin_app", "Administrators."),
    "user": Place("torap.cli.users", "user_app", "Accounts and their roles."),
}

app = typer.Typer(
    cls=group_of(PLACES), help="Hubs, instructions, investors and cargo as one graph.", no_args_is_help=True
)


@app.callback()
def main() -> None:
    """Torap at the command line."""
