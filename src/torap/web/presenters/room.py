"""The room a drawing of rows takes before it is drawn: its height wide and narrow, and its legend.

What draws comes later than the page, so what stands below would move. The rules are those of the drawings
(`frontend/src/charts/`: `gantt.js`, `rows.js`, `layout.js`); where the two differ by a line the page moves by
a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

LINE, ROW = 14, 26  # px: a line of a name, a row
PLAN_AXIS, SLIP_AXIS = 56, 52  # px: what stands above and below the rows
WIDE_LETTERS, NARROW_LETTERS = 48, 38  # of a line of a name: beside the drawing, above a row on a phone
WIDE_LINES, NARROW_LINES = 2, 3
PERCENTILES = ("p10", "p50", "p80")
Bar = Mapping[str, Any]


def plan_room(chart: Mapping[str, Any]) -> dict[str, Any]:
    """Heights [px], the legend, (kind of swatch, words), and the words of the buttons that open works, of a
    plan as `plan_chart` gives it."""
    rows = [row for row in chart["rows"] if not row.get("under")]
    picks = [str(group["words"]) for group in chart.get("groups", ())]
    legend = plan_legend(rows, chart["labels"])
    return _room(rows, PLAN_AXIS, between=4) | {"legend": legend, "picks": picks}


def slip_room(chart: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a drawing of how far promises slipped."""
    labels = chart["labels"]
    legend = [(kind, labels[name]) for kind, name in (("first-dot", "first"), ("last-dot", "last"))]
    return _room(chart["rows"], SLIP_AXIS) | {"legend": legend}


def _room(rows: Sequence[Bar], axis: int, between: int = 0) -> dict[str, Any]:
    names = [str(row["name"]) for row in rows]
    beside = max(ROW, _deep(names, WIDE_LETTERS, WIDE_LINES) * LINE + 10) + between
    above = _deep(names, NARROW_LETTERS, NARROW_LINES) * LINE + 26 + between
    return {"wide": len(rows) * beside + axis, "narrow": len(rows) * above + axis}


def plan_legend(rows: Sequence[Bar], labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """What the drawing explains: only what stands in it."""
    bands = [row for row in rows if not row["done"] and (_told(row) or row["not_before"])]
    entries = (
        ("first-due", any(row["first"] for row in rows), "first"),
        ("due", any(row["due"] and row["due"] != row["first"] for row in rows), "due"),
        ("band", any(_told(row) for row in bands), "band"),
        ("middle", bool(bands), "p50"),
        ("open", any(not row["p80"] for row in bands), "open"),
        ("driving", any(row["driving"] for row in rows), "driving"),
        ("task", any(row["start"] and row["finish"] for row in rows), "task"),
        ("done", any(row["done"] for row in rows), "done"),
        ("today", True, "today"),
    )
    return [(kind, labels[name]) for kind, there, name in entries if there and labels.get(name)]


def _told(row: Bar) -> bool:
    return any(row[name] for name in PERCENTILES)


def _deep(names: Iterable[str], letters: int, most: int) -> int:
    """In how many lines the longest name stands."""
    return max((min(_lines(name, letters), most) for name in names), default=1)


def _lines(words: str, letters: int) -> int:
    """Into how many lines of `letters` words fall; a longer word keeps a line of its own."""
    count, room = 0, -1
    for word in words.split():
        if count and len(word) + 1 <= room:
            room -= len(word) + 1
        else:
            count, room = count + 1, letters - len(word)
    return max(count, 1)
