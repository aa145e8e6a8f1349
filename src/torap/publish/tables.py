"""Tables as files: every list of the pages can be taken away and opened in a spreadsheet.

Cells that a spreadsheet would run as a formula are made harmless here, in the one place all downloads pass.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import Enum

from django.http import HttpResponse, JsonResponse, StreamingHttpResponse

from torap.publish.cells import harmless

CONTENT_TYPE = "text/csv; charset=utf-8"
BOM = "\ufeff"  # without it spreadsheets take Cyrillic for another encoding
_UNSAFE_IN_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A table as the download `torap-<name>.csv`: UTF-8 with a byte order mark, ISO dates, plain numbers."""
    response = HttpResponse(csv_text(header, rows), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{file_name(name)}"'
    return response


def json_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The same table as `torap-<name>.json`: a list of objects, one a row; what is not known is null."""
    table = [dict(zip(header, row, strict=True)) for row in rows]
    response = JsonResponse(table, safe=False, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{file_name(name)[:-4]}.json"'
    return response


def download(
    kind: str | None, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponse | None:
    """A table as the file asked for, `csv` or `json`; None for any other word: the page is meant."""
    answers = {"csv": csv_response, "json": json_response}
    return answers[kind](name, header, rows) if kind in answers else None


def csv_stream(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """As `csv_response`, sent row by row: for tables that may be longer than memory should hold."""
    response = StreamingHttpResponse(_lines(header, rows), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{file_name(name)}"'
    return response


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV text by RFC 4180, byte order mark first.

    ValueError for a row that is longer or shorter than the header: a shifted column is a wrong figure.
    """
    return "".join(_lines(header, rows))


def _lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    out.write(BOM)
    for row in _all(header, rows):
        writer.writerow([cell(value) for value in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def _all(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    yield header
    for row in rows:
        if len(row) != len(header):
            raise ValueError(f"row of {len(row)} cells under a header of {len(header)}: {row!r}")
        yield row


def cell(value: object) -> str:
    """One value as text: an absent one is empty (never zero), dates are ISO, lists are joined by `; `."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return cell(value.value)
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return harmless("; ".join(cell(item) for item in value))
    return harmless(str(value))


def file_name(name: str) -> str:
    """A file name that is safe in a header and on every system."""
    return f"torap-{_UNSAFE_IN_NAME.sub('-', name).strip('-.') or 'table'}.csv"


def _decimal(value: Decimal) -> str:
    """Digits without an exponent and without zeros that carry no meaning: 240000.000000 is 240000."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
