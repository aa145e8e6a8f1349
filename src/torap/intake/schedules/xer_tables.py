"""A Primavera XER file as tables: lines of `%T` table, `%F` fields, `%R` row, separated by tabs.

A field may hold line breaks and tabs of its own only in notes. A row of a table that is read, with more cells
than fields or cut before a cell that decides dates, is an error that names its line; empty cells at its end
may be missing, since some editors take them away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from torap.intake.schedules.losses import ScheduleFileError

Table = list[Mapping[str, str]]
# Without these a row names nothing.
NEEDED = {
    "PROJECT": ("proj_id",),
    "CALENDAR": ("clndr_id",),
    "TASK": ("task_id", "proj_id"),
    "TASKPRED": ("task_id", "pred_task_id"),
    "RSRC": ("rsrc_id",),
    "TASKRSRC": ("task_id",),
}
# A row must not end before these, where its table has them.
DECIDES = {
    "PROJECT": ("plan_start_date",),
    "CALENDAR": ("clndr_data",),
    "TASK": (
        "clndr_id", "wbs_id", "status_code", "task_type", "task_code", "task_name", "target_drtn_hr_cnt",
        "remain_drtn_hr_cnt",
    ),
    "TASKPRED": ("pred_type", "lag_hr_cnt"),
}  # fmt: skip


@dataclass(slots=True)
class XerTables:
    """Rows of every table by the table's name; each row carries the line it stood on as `#line`."""

    tables: dict[str, Table] = field(default_factory=dict)
    version: str = ""

    def rows(self, name: str) -> Table:
        """Rows of a table; none when the file has no such table."""
        return self.tables.get(name, [])


def parse_xer(text: str) -> XerTables:
    """The tables of a file. ScheduleFileError when it is no XER file or a row does not fit its table."""
    lines = iter(enumerate(text.split("\n"), 1))
    number, first = next(lines)
    if not first.startswith("ERMHDR"):
        raise ScheduleFileError("not_xer", where=f"line {number}")
    found = XerTables(version=(first.split("\t") + [""])[1].strip())
    name, fields = "", list[str]()
    rows: Table = []
    for number, line in lines:
        cells = line.rstrip("\r").split("\t")
        if cells[0] == "%T":
            name, fields = (cells + [""])[1].strip(), []
            rows = found.tables.setdefault(name, [])
        elif cells[0] == "%F":
            fields = [cell.strip() for cell in cells[1:]]
            _check_fields(name, fields, number)
        elif cells[0] == "%R":
            rows.append(_row(name, fields, cells[1:], number))
        elif cells[0] == "%E":
            return found
    raise ScheduleFileError("xer_cut_off", where=f"line {number}")


def _check_fields(name: str, fields: list[str], number: int) -> None:
    for field_name in NEEDED.get(name, ()):
        if field_name not in fields:
            params = {"value": field_name}
            raise ScheduleFileError("xer_field_missing", where=f"line {number}, table {name}", params=params)


def _row(name: str, fields: list[str], cells: list[str], number: int) -> Mapping[str, str]:
    if not fields:
        raise ScheduleFileError("xer_row_without_fields", where=f"line {number}")
    if name in NEEDED and any(cell.strip() for cell in cells[len(fields) :]):
        params = {"value": str(len(cells) - len(fields))}
        raise ScheduleFileError("xer_row_too_long", where=f"line {number}, table {name}", params=params)
    row = dict(zip(fields, cells, strict=False))
    for field_name in DECIDES.get(name, ()):
        if field_name in fields[len(cells) :]:
            params = {"value": field_name}
            raise ScheduleFileError("xer_cell_missing", where=f"line {number}, table {name}", params=params)
    for field_name in NEEDED.get(name, ()):
        if not row.get(field_name, "").strip():
            params = {"value": field_name}
            raise ScheduleFileError("xer_cell_missing", where=f"line {number}, table {name}", params=params)
    row["#line"] = str(number)
    return row


def calendar_nodes(text: str) -> Iterator[tuple[int, str, str]]:
    """The nested list of a calendar's data as (depth, name, arguments), in the order written.

    A node reads `(0||name(arguments)(children))`; control characters between the nodes mean nothing.
    """
    depth = 0
    i, end = 0, len(text)
    while i < end:
        letter = text[i]
        if letter == "(":
            depth += 1
            if text.startswith("0||", i + 1) or text[i + 1 : i + 2].isdigit():
                bar = text.find("||", i)
                opened = text.find("(", bar)
                closed = text.find(")", opened)
                if min(bar, opened, closed) < 0:
                    return
                yield depth, text[bar + 2 : opened].strip(), text[opened + 1 : closed]
                i = closed
        elif letter == ")":
            depth -= 1
        i += 1
