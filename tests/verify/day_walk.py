"""A second program for deadlines: it walks day by day over lists written here and knows no engine."""

import datetime as dt

OFF_TEXT = """
2024-01-01 2024-01-02 2024-03-08 2024-03-21 2024-03-22 2024-03-25 2024-05-01 2024-05-07 2024-05-08
2024-05-09 2024-07-08 2024-08-30 2024-10-25 2024-12-16
2025-01-01 2025-01-02 2025-01-03 2025-01-07 2025-03-10 2025-03-21 2025-03-24 2025-03-25 2025-05-01
2025-05-07 2025-05-09 2025-06-06 2025-07-07 2025-09-01 2025-10-27 2025-12-16
2026-01-01 2026-01-02 2026-01-07 2026-03-09 2026-03-23 2026-03-24 2026-03-25 2026-05-01 2026-05-07
2026-05-11 2026-05-27 2026-07-06 2026-10-26 2026-12-16
"""
OFF = {dt.date.fromisoformat(day) for day in OFF_TEXT.split()}
WORKED = {dt.date(2024, 5, 4), dt.date(2025, 1, 5)}
MONTHS = {"mo": 1, "y": 12}


def works(day):
    return day in WORKED or (day.isoweekday() not in (6, 7) and day not in OFF)


def months_later(day, months):
    """The same day number so many months later, or the last day of a shorter month."""
    first = dt.date(day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1, 1)
    found = first
    for number in range(1, day.day):
        next_day = first + dt.timedelta(days=number)
        if next_day.month != first.month:
            break
        found = next_day
    return found


def walk(start, value, unit):
    """The last day of a term; the start is never counted; the end must be a working day."""
    day, left = start, value
    if unit in MONTHS:
        day, left = months_later(start, value * MONTHS[unit]), 0
    while left > 0:
        day = day + dt.timedelta(days=1)
        if unit == "cd" or works(day):
            left -= 1
    while not works(day):
        day = day + dt.timedelta(days=1)
    return day


def walk_back(end, value):
    """The working day so many working days before a day."""
    day = end
    while value > 0:
        day = day - dt.timedelta(days=1)
        if works(day):
            value -= 1
    return day
