"""The ledger of a network's capacity: never below zero, under any sequence of entries."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from torap.common.errors import BadInput, Conflict, NotAllowed
from torap.ledger.selectors import events_of
from torap.registry.models import UtilityEntry
from torap.registry.selectors import utility_balance
from torap.registry.services import utility_entry_add
from torap.rules.known import AsKnown

START = dt.date(2025, 1, 1)
LAST = AsKnown(day=dt.date(2030, 1, 1))


@pytest.fixture
def add(country, source, coordinator):
    """`add("added", 10, day=3)`: an entry of the hub's electricity, so many days after the start."""
    source(on=START)
    made = []

    def make(move, amount, *, day=0, basis="evidenced", by=coordinator, **more):
        made.append(move)
        given = {
            "key": f"u{len(made)}",
            "place": "khorgos_hub",
            "kind": "electricity",
            "source": "official-1",
        }
        return utility_entry_add(
            by=by,
            move=move,
            amount=amount,
            basis=basis,
            effective_from=START + dt.timedelta(days=day),
            **{**given, **more},
        )

    return make


def test_balance_adds_up(add, country):
    add("added", 10)
    add("reserved", 4, day=1)
    add("taken", 5, day=2)
    add("released", 3, day=3)
    add("added", 20, day=400, basis="promised")
    (row,) = utility_balance(country["hub"].pk, AsKnown(day=START + dt.timedelta(days=3)))
    assert (row.kind, row.unit) == ("electricity", "MW")
    assert (row.evidenced, row.held, row.free, row.promised) == (10, 6, 4, None)
    assert [(step.day, step.free) for step in row.coming] == [(START + dt.timedelta(days=400), Decimal(24))]


def test_network_only_promised_has_no_capacity_known_not_zero(add, country):
    add("added", 10, day=400, basis="promised")
    (row,) = utility_balance(country["hub"].pk, AsKnown(day=START + dt.timedelta(days=3)))
    assert (row.evidenced, row.held, row.free, row.promised) == (None, None, None, None)
    assert [step.free for step in row.coming] == [10]
    (row,) = utility_balance(country["hub"].pk, AsKnown(day=START + dt.timedelta(days=500)))
    assert (row.evidenced, row.held, row.free, row.promised) == (None, None, None, 10)


def test_network_without_entries_is_unknown_not_zero(add, country):
    assert utility_balance(country["hub"].pk, LAST) == []


def test_more_cannot_be_held_than_was_added(add):
    add("added", 10)
    add("reserved", 6, day=5)
    with pytest.raises(BadInput) as caught:
        add("taken", 5, day=1)
    assert (caught.value.code, caught.value.field) == ("balance_negative", "amount")
    assert caught.value.params["on"] == START + dt.timedelta(days=5)
    assert caught.value.params["missing"] == 1
    assert UtilityEntry.objects.count() == 2


def test_capacity_is_not_there_before_its_day(add):
    add("added", 10, day=5)
    with pytest.raises(BadInput):
        add("taken", 1, day=4)
    add("taken", 1, day=5)


def test_promised_capacity_can_be_reserved_as_promised_only(add):
    add("added", 10, basis="promised")
    with pytest.raises(BadInput) as caught:
        add("taken", 1, day=1)
    assert caught.value.params["basis"] == "evidenced"
    add("reserved", 10, day=1, basis="promised")
    with pytest.raises(BadInput):
        add("reserved", 1, day=1, basis="promised")


def test_no_more_is_released_than_was_held(add):
    add("added", 10)
    add("taken", 2)
    with pytest.raises(BadInput) as caught:
        add("released", 3, day=1)
    assert caught.value.code == "released_more_than_held"


def test_invented_capacity_does_not_cover_real_demand(add):
    add("added", 10, invented=True)
    with pytest.raises(BadInput):
        add("taken", 1, day=1)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "steam"}, "kind"),
        ({"move": "lost"}, "move"),
        ({"amount": 0}, "amount"),
        ({"amount": -2}, "amount"),
        ({"basis": "forecast"}, "basis"),
        ({"place": "dry_port"}, "place"),
    ],
)
def test_entry_names_the_field_at_fault(add, fields, field):
    with pytest.raises(BadInput) as caught:
        add(**{"move": "added", "amount": 1, **fields})
    assert caught.value.field == field


def test_entry_is_recorded_and_its_key_is_taken_once(add, nobody, member):
    add("added", 10, key="k")
    assert events_of("utility:k")[0].after["amount"] == "10"
    with pytest.raises(Conflict):
        add("added", 10, key="k")
    with pytest.raises(NotAllowed):
        add("added", 1, by=nobody)
    add("added", 1, by=member("khorgos_company", role="managing_company"))


moves = st.tuples(
    st.sampled_from(["added", "reserved", "taken", "released"]),
    st.integers(1, 9),
    st.integers(0, 6),
    st.sampled_from(["promised", "evidenced"]),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=st.lists(moves, max_size=9))
def test_balance_is_never_negative_under_any_sequence(add, country, sequence):
    with transaction.atomic():
        accepted = []
        for move, amount, day, basis in sequence:
            try:
                add(move, amount, day=day, basis=basis)
                accepted.append((move, amount, day, basis))
            except BadInput:
                continue
        for only in ({"evidenced"}, {"evidenced", "promised"}):
            for day in range(8):
                sums = dict.fromkeys(["added", "reserved", "taken", "released"], 0)
                for move, amount, since, basis in accepted:
                    if since <= day and basis in only:
                        sums[move] += amount
                held = sums["reserved"] + sums["taken"] - sums["released"]
                assert 0 <= held <= sums["added"]
        transaction.set_rollback(True)
