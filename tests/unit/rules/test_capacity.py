"""Free capacity over time, by plain examples; the database's side is tested with the service."""

import datetime as dt
from decimal import Decimal

import pytest

from torap.rules.capacity import CapacityMove, first_shortage, steps

START = dt.date(2025, 1, 1)


def move(kind, amount, day=0, evidenced=True):
    return CapacityMove(
        day=START + dt.timedelta(days=day), move=kind, amount=Decimal(amount), evidenced=evidenced
    )


def test_steps_sum_moves_of_one_day():
    rows = steps([move("taken", 3, 1), move("added", 10), move("reserved", 2, 1), move("released", 1, 2)])
    assert [(row.added, row.held, row.free) for row in rows] == [(10, 0, 10), (10, 5, 5), (10, 4, 6)]


def test_nothing_moves_nothing_is_short():
    assert steps([]) == []
    assert first_shortage([]) is None


@pytest.mark.parametrize(
    ("moves", "code", "day", "basis"),
    [
        ([move("taken", 1)], "balance_negative", 0, "evidenced"),
        ([move("added", 1, 2), move("taken", 1, 1)], "balance_negative", 1, "evidenced"),
        ([move("added", 5, 0, False), move("taken", 1, 1)], "balance_negative", 1, "evidenced"),
        ([move("added", 5), move("reserved", 6, 3, False)], "balance_negative", 3, "all"),
        ([move("added", 5), move("released", 1, 4)], "released_more_than_held", 4, "evidenced"),
    ],
)
def test_first_shortage_names_day_and_ledger(moves, code, day, basis):
    found = first_shortage(moves)
    assert (found.code, found.basis) == (code, basis)
    assert found.day == START + dt.timedelta(days=day)
