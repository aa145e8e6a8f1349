"""`torap ledger`: the auditor's proof that no recorded event was changed, removed or put in."""

from __future__ import annotations

import importlib
import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console

from torap.cli.manage import start_django

ledger_app = typer.Typer(no_args_is_help=True, help="The append-only record of every change.")

_REASONS = {
    "row_changed": "Event {seq} was changed after it was recorded.",
    "row_missing": "Event {seq} is missing, or was given another number.",
    "row_unreadable": "Event {seq} cannot be read: its text or date was overwritten.",
    "link_broken": "Event {seq} does not follow from the event before it.",
    "tail_cut": "Events from {seq} on were cut off.",
    "head_changed": "The head of the chain does not agree with event {seq}.",
    "anchor_differs": "Event {seq} is not the one of the anchor: the chain was written anew.",
}
_REPAIR = "Restore the database from a backup made before the change, and find out who could write to it."


@ledger_app.callback()
def _ledger() -> None:
    """The append-only record of every change."""


@ledger_app.command("verify")
def ledger_verify(
    anchor: Annotated[
        str,
        typer.Option(
            help="SEQ:HASH printed by an earlier check and kept elsewhere; shows a chain written anew."
        ),
    ] = "",
    output: Annotated[str, typer.Option("--format", help="text or json")] = "text",
) -> None:
    """Check the hash chain from the first event to the last; exit 1 and name the row when it is broken.

    Example: torap ledger verify --anchor 1520:9f2c…
    """
    console, errors = Console(), Console(stderr=True)
    if output not in {"text", "json"}:
        errors.print(f"--format {output}: choose text or json.")
        raise typer.Exit(2)
    try:
        held = _parse_anchor(anchor)
    except ValueError:
        errors.print(f"--anchor {anchor}: write SEQ:HASH as printed by an earlier `torap ledger verify`.")
        raise typer.Exit(2) from None
    result = _services().verify(anchor=held)
    if output == "json":
        console.print_json(json.dumps(asdict(result)))
    elif result.ok:
        console.print(f"The ledger is whole: {result.count} events.")
        console.print(f"Anchor to keep elsewhere: {result.head_seq}:{result.head_hash}", soft_wrap=True)
    else:
        errors.print(_REASONS[result.reason_code].format(seq=result.first_bad_seq))
        errors.print(f"Sound events before it: {result.count}. {_REPAIR}")
    raise typer.Exit(0 if result.ok else 1)


def _services() -> Any:
    """Loaded by name: the module needs Django started, and `torap --help` should not wait for that."""
    start_django()
    return importlib.import_module("torap.ledger.services")


def _parse_anchor(text: str) -> tuple[int, str] | None:
    if not text:
        return None
    seq, _, digest = text.partition(":")
    if len(digest) != 64:
        raise ValueError(text)
    return int(seq), digest.lower()
