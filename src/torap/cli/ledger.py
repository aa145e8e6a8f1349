"""`torap ledger`: the auditor's proof that no event and no record was changed, removed or put in."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from torap.cli.telling import err, need_tables, out, rooms, told

ledger_app = typer.Typer(no_args_is_help=True, help="The append-only record of every change.")

SHOWN_FAULTS = 50
_REASONS = {
    "row_changed": "Event {seq} was changed after it was recorded.",
    "row_missing": "Event {seq} is missing, or was given another number.",
    "row_unreadable": "Event {seq} cannot be read: its text or date was overwritten.",
    "link_broken": "Event {seq} does not follow from the event before it.",
    "tail_cut": "Events from {seq} on were cut off.",
    "head_changed": "The head of the chain does not agree with event {seq}.",
    "anchor_differs": "Event {seq} is not the one of the anchor: the chain was written anew.",
}
_FAULTS = {
    "record_changed": "{table} {key}: {field} is {found}; event {seq} says {said}.",
    "record_missing": "{table} {key}: the row is gone; event {seq} speaks of it.",
    "record_unknown": "{table} {key}: no event speaks of this row; it was added past the services.",
    "guard_missing": "{table}: its guard is off; the database would no longer refuse to change its rows.",
    "record_unreadable": "{table} {key}: the row cannot be read: a value was overwritten.",
}
_REPAIR = "Restore the database from a backup made before the change, and find out who could write to it."


@ledger_app.callback()
def _ledger() -> None:
    """The append-only record of every change."""


@ledger_app.command("verify")
@told
def ledger_verify(
    anchor: Annotated[
        str,
        typer.Option(
            help="SEQ:HASH printed by an earlier check and kept elsewhere; shows a chain written anew."
        ),
    ] = "",
    output: Annotated[str, typer.Option("--format", help="text or json")] = "text",
) -> None:
    """Check the hash chain from the first event to the last, and every record against its last event.

    Exit code 1 when anything differs: the event, or the table, key and field of the record, is named.

    Example: torap ledger verify --anchor 1520:9f2c…
    """
    if output not in {"text", "json"}:
        err.print(f"--format {output}: choose text or json.")
        raise typer.Exit(2)
    try:
        held = _parse_anchor(anchor)
    except ValueError:
        err.print(f"--anchor {anchor}: write SEQ:HASH as printed by an earlier `torap ledger verify`.")
        raise typer.Exit(2) from None
    need_tables()
    found = _prove(held)
    if output == "json":
        out.print_json(json.dumps(_as_json(found), ensure_ascii=False))
    else:
        _tell(found)
    raise typer.Exit(0 if found.ok else 1)


def _prove(anchor: tuple[int, str] | None) -> Any:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        tasks = {name: bar.add_task(words, total=None) for name, words in _STEPS.items()}

        def progress(step: str, done: int, total: int) -> None:
            bar.update(tasks[step], completed=done, total=total)

        return rooms().proof.prove(anchor=anchor, progress=progress)


_STEPS = {"events": "Events", "tables": "Tables"}


def _as_json(found: Any) -> dict[str, Any]:
    """The chain's fields as before, and the records beside them; `ok` is for both."""
    faults = [asdict(fault) for fault in found.faults]
    return {
        **asdict(found.chain),
        "ok": found.ok,
        "chain_ok": found.chain.ok,
        "records": found.records,
        "faults": faults,
    }


def _tell(found: Any) -> None:
    chain = found.chain
    if chain.ok:
        out.print(f"The chain is whole: {chain.count} events.")
    else:
        err.print(_REASONS[chain.reason_code].format(seq=chain.first_bad_seq))
        err.print(f"Sound events before it: {chain.count}.")
    for fault in found.faults[:SHOWN_FAULTS]:
        values = {**asdict(fault), "said": _value(fault.said), "found": _value(fault.found)}
        err.print(_FAULTS[fault.code].format(**values), markup=False, soft_wrap=True)
    if len(found.faults) > SHOWN_FAULTS:
        err.print(f"… and {len(found.faults) - SHOWN_FAULTS} more; --format json lists them all.")
    if found.ok:
        out.print(f"All {found.records} records are what the ledger last said of them.")
        out.print(f"Anchor to keep elsewhere: {chain.head_seq}:{chain.head_hash}", soft_wrap=True)
    else:
        err.print(_REPAIR)


def _value(value: Any) -> str:
    """A value of a record, short enough for a line."""
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:119]}…"


def _parse_anchor(text: str) -> tuple[int, str] | None:
    if not text:
        return None
    seq, _, digest = text.partition(":")
    if len(digest) != 64:
        raise ValueError(text)
    return int(seq), digest.lower()
