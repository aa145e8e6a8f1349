"""How many promises of the list are to be expected to break, by body: chart, table, file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from torap.rules.known import AsKnown
from torap.runs.selectors import ForecastLine, HolderBreaks
from torap.web.presenters.links import known_link

CHARTED = 10
CSV_HEADER = ("body", "name", "promises", "expected_broken", "run")


def expected_rows(lines: Iterable[ForecastLine], known: AsKnown) -> list[dict[str, Any]]:
    """Each body with its promises among `lines` and how many of them break on average over the trials: the
    sum of one less the chance, where a whole is not counted for a part of it among `lines`. What nobody was
    named for is a row of its own."""
    own: dict[str, list[ForecastLine]] = defaultdict(list)
    listed: set[str] = set()
    for line in lines:
        own[line.holder.code if line.holder else ""].append(line)
        listed.add(line.key)
    rows = [_row(code, found, known, listed) for code, found in own.items()]
    return sorted(rows, key=lambda row: (-row["expected"], row["code"]))


def _row(code: str, lines: Sequence[ForecastLine], known: AsKnown, listed: Collection[str]) -> dict[str, Any]:
    holder = lines[0].holder
    return {
        "code": code,
        "name": holder.name if holder else _("Nobody was named"),
        "href": known_link(known, "organisation", code) if holder else "",
        "count": len(lines),
        "expected": sum(line.breaks_itself(listed) for line in lines),
        "run": lines[0].run,
    }


def expected_chart(
    rows: Sequence[Mapping[str, Any]], holders: Iterable[HolderBreaks], note: Any
) -> dict[str, Any]:
    """The bodies as the browser draws them. `note`: what else is told of a body, of its `HolderBreaks`."""
    by_code = {row.holder.code: row for row in holders if row.holder}
    return {
        "rows": [
            {
                "name": row["name"],
                "value": round(row["expected"], 1),
                "href": row["href"],
                "note": note(by_code.get(row["code"])),
            }
            for row in rows[:CHARTED]
        ],
        "labels": {"value": _("to be expected")},
    }


def csv_rows(rows: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
    """All of it as rows of a download."""
    return [[row["code"], row["name"], row["count"], round(row["expected"], 4), row["run"]] for row in rows]
