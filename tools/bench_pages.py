"""How long the server takes for each page on the real facts, and how many queries it makes: `make bench`.

Budget on this data: every page within 150 ms and 15 queries. Printed, never asserted: machines differ.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time

os.environ.setdefault("TORAP_HOME", tempfile.mkdtemp(prefix="torap-bench-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torap.conf.settings")

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402
from typer.testing import CliRunner  # noqa: E402

from torap.cli.main import app  # noqa: E402

PAGES = (
    "",
    "map/",
    "map/data.json",
    "instructions/",
    "instructions/I-2025-11-25-1/",
    "projects/",
    "places/",
    "places/aktau_container_hub/",
    "places/khorgos_hub/",
    "bodies/",
    "bodies/min_trade/",
    "contradictions/",
    "sources/",
    "search/?q=актау",
    "figures/",
    "figures/fdi_gross_inflow/",
    "promises/",
    "obstacles/",
    "law/",
    "law/P08/",
    "calendar/",
    "about/",
)
ROUNDS = 7


def main() -> None:
    """Load the country's facts into a fresh database and time each page."""
    result = CliRunner().invoke(app, ["seed"])
    if result.exit_code:
        sys.exit(result.output)
    table = Table(title=f"Pages on the real facts, {connection.vendor}, {ROUNDS} rounds warm")
    for column in ("page", "status", "queries", "median ms", "worst ms", "kB"):
        table.add_column(column, justify="left" if column == "page" else "right")
    client = Client(headers={"host": "localhost"})
    for page in PAGES:
        url = f"/ru/{page}"
        client.get(url)
        times = []
        for _ in range(ROUNDS):
            with CaptureQueriesContext(connection) as queries:
                start = time.perf_counter()
                answer = client.get(url)
                times.append((time.perf_counter() - start) * 1000)
        row = (
            answer.status_code,
            len(queries),
            statistics.median(times),
            max(times),
            len(answer.content) / 1024,
        )
        table.add_row(url, *(f"{value:.0f}" for value in row))
    Console().print(table)


if __name__ == "__main__":
    main()
