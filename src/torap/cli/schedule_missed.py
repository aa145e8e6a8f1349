"""Limits that the dates of a schedule do not keep, as English sentences and as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import typer

from torap.cli.schedule_text import shown
from torap.engines.schedule.worktime import moment
from torap.intake.schedules.missing import MissedLimit

SHOWN = 12  # limits the text tells; JSON tells all
MISSED: Mapping[str, str] = {
    "driven": "{place}: {constraint} {date} is not kept. It {does} {stands}, {days} d ({hours} h of work) "
    "later, because it waits for {waits_place}. Shorten what drives it, loosen that link, or move the date.",
    "undriven": "{place}: {constraint} {date} is not kept. It {does} {stands}, {days} d ({hours} h of "
    "work) later, though no link drives it. Begin it earlier, shorten it, or move the date.",
    "against_links": "{place}: {constraint} {date} is kept against its links. {waits_place} asks for a start "
    "{days} d ({hours} h of work) later. Shorten what drives that, loosen the link, or move the date.",
    "plan_driven": "the plan must finish {date} and does not. {place} finishes {stands}, {days} d "
    "({hours} h of work) later, because it waits for {waits_place}. Shorten what drives it, or move the "
    "date.",
    "plan_undriven": "the plan must finish {date} and does not. {place} finishes {stands}, {days} d "
    "({hours} h of work) later, though no link drives it. Begin it earlier, shorten it, or move the date.",
}


def missed_sentence(one: MissedLimit) -> str:
    """One limit: which activity, by how much, because of what, and what can be done."""
    words = MISSED[one.code].format(
        place=one.place,
        constraint=one.constraint,
        date=_said(one.date),
        does="starts" if one.of_start else "finishes",
        stands=_said(one.stands),
        days=f"{one.days:g}",
        hours=f"{one.hours:g}",
        waits_place=one.waits_place,
    )
    return shown(f"Missed: {words}")


def tell_missed(rows: Sequence[MissedLimit]) -> None:
    """Say on the error stream which limits are missed, the worst first."""
    for one in rows[:SHOWN]:
        typer.echo(missed_sentence(one), err=True)
    if len(rows) > SHOWN:
        more = f"and {len(rows) - SHOWN} more: `torap schedule check --format json` tells all."
        typer.echo(f"Missed: {more}", err=True)


def missed_json(one: MissedLimit) -> dict[str, Any]:
    """A missed limit as plain data."""
    return {
        "id": one.id,
        "place": one.place,
        "constraint": one.constraint,
        "date": moment(one.date).isoformat(timespec="minutes"),
        "stands": moment(one.stands).isoformat(timespec="minutes"),
        "late_h": one.hours,
        "late_days": one.days,
        "against_links": one.code == "against_links",
        "waits_for": one.waits_for or None,
    }


def _said(at: int) -> str:
    return f"{moment(at):%Y-%m-%d %H:%M}"


__all__ = ["MISSED", "missed_json", "missed_sentence", "tell_missed"]
