"""A forecast as a run keeps it, to be told."""

import datetime as dt

from torap.runs.selectors import ForecastLine

D = dt.date
LINE = ForecastLine(
    key="milestone:hub-open", kind="milestone", code="hub-open", name="Hub opened", subject="hub",
    holder=None, region="KZ-47", due=D(2026, 12, 31), first_due=D(2025, 6, 30), said_on=D(2025, 1, 1),
    done_on=None, p10=D(2026, 6, 1), p20=D(2026, 9, 1), p50=D(2028, 3, 12), p80=D(2029, 5, 2),
    p90=D(2031, 1, 1), chance=0.12, chance_first=0.0, basis="class", class_code="milestone.open", n=24,
    seen=0.85, heard_on=D(2025, 6, 1), untold=0.0, causes=(), invented=False, run="forecast-2025-11-26",
    known_on=D(2025, 11, 26),
)  # fmt: skip
