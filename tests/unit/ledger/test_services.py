"""The chain: it holds, it does not fork, and it names the row somebody touched."""

import datetime as dt
import hashlib
import threading
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from torap.common.models import User
from torap.common.triggers import drop_append_only_sql
from torap.ledger.chain import GENESIS, canonical, link_hash, plain
from torap.ledger.models import Event, Head
from torap.ledger.selectors import unknown_yet
from torap.ledger.services import Draft, record, record_many, revise, verify
from torap.rules.known import AsKnown

FIELDS = ("at", "actor", "kind", "target", "before", "after", "previous_hash", "hash", "seq")
NEW_VALUES = {
    "at": "2001-01-01 00:00:00+00:00",
    "actor": "somebody",
    "kind": "claim.removed",
    "target": "claim:other",
    "before": '{"v": "9"}',
    "after": '{"v": "9"}',
    "previous_hash": "f" * 64,
    "hash": "f" * 64,
    "seq": 999,
}


@pytest.fixture
def six_events(coordinator):
    return record_many(
        [Draft("claim.added", f"claim:c{n}", {"v": str(n)}, {"v": str(n + 1)}) for n in range(6)],
        by=coordinator,
    )


def unguard():
    with connection.cursor() as cursor:
        for statement in drop_append_only_sql(connection.vendor, "ledger_event"):
            cursor.execute(statement)


def sql(statement, params=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def test_record_keeps_who_what_and_when(coordinator):
    event = record(
        "claim.added",
        by=coordinator,
        target="claim:x.1",
        after={
            "low": Decimal("1.500"),
            "on": dt.date(2025, 11, 25),
            "at": dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
        },
    )
    event.refresh_from_db()
    assert (event.seq, event.actor, event.kind, event.target) == (
        1,
        "coordinator",
        "claim.added",
        "claim:x.1",
    )
    assert event.before is None
    assert event.after == {"low": "1.5", "on": "2025-11-25", "at": "2025-01-01T00:00:00.000000+00:00"}
    assert event.previous_hash == GENESIS


def test_chain_of_single_and_many_records_holds(coordinator, six_events):
    record("place.added", by=coordinator, target="place:p")
    result = verify()
    assert (result.ok, result.count, result.head_seq) == (True, 7, 7)
    assert result.head_hash == Event.objects.get(seq=7).hash


def test_empty_chain_is_whole(db):
    assert verify().ok


def test_record_many_of_nothing_writes_nothing(coordinator):
    assert record_many([], by=coordinator) == []
    assert not Head.objects.exists()


def test_event_of_a_failed_transaction_leaves_no_gap(coordinator):
    record("a.b", by=coordinator, target="a:1")
    with transaction.atomic():
        record("a.b", by=coordinator, target="a:2")
        transaction.set_rollback(True)
    record("a.b", by=coordinator, target="a:3")
    assert verify().ok
    assert list(Event.objects.values_list("seq", "target")) == [(1, "a:1"), (2, "a:3")]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("seq", range(1, 7))
def test_tampering_with_any_field_of_any_row_names_that_row(six_events, field, seq):
    unguard()
    sql(f"UPDATE ledger_event SET {field} = %s WHERE seq = %s", [NEW_VALUES[field], seq])
    result = verify()
    assert not result.ok
    assert result.first_bad_seq == seq


@pytest.mark.parametrize("seq", range(1, 7))
def test_removed_row_is_named(six_events, seq):
    unguard()
    sql("DELETE FROM ledger_event WHERE seq = %s", [seq])
    result = verify()
    assert (result.ok, result.first_bad_seq) == (False, seq)
    assert result.reason_code == ("tail_cut" if seq == 6 else "row_missing")


def test_cut_tail_is_found(six_events):
    unguard()
    sql("DELETE FROM ledger_event WHERE seq > 2")
    result = verify()
    assert (result.reason_code, result.first_bad_seq, result.count) == ("tail_cut", 3, 2)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL itself refuses text that is no JSON")
@pytest.mark.parametrize(("field", "value"), [("after", "no json"), ("at", "no date")])
def test_unreadable_row_is_named(six_events, field, value):
    unguard()
    sql("PRAGMA ignore_check_constraints = ON")
    sql(f"UPDATE ledger_event SET {field} = %s WHERE seq = 4", [value])
    sql("PRAGMA ignore_check_constraints = OFF")
    assert verify().first_bad_seq == 4


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"hash": "0" * 64}, "head_changed"),
        ({"seq": 4}, "head_changed"),
        ({"seq": 8}, "tail_cut"),
    ],
)
def test_changed_head_is_found(six_events, change, reason):
    Head.objects.update(**change)
    assert verify().reason_code == reason


def test_removed_head_is_found(six_events):
    Head.objects.all().delete()
    assert verify().reason_code == "head_changed"


def test_chain_written_anew_is_found_by_an_anchor_kept_elsewhere(coordinator, six_events):
    anchor = (verify().head_seq, verify().head_hash)
    unguard()
    sql("DELETE FROM ledger_event")
    Head.objects.all().delete()
    record_many([Draft("claim.added", f"claim:d{n}") for n in range(7)], by=coordinator)
    assert verify().ok
    assert verify(anchor=anchor).reason_code == "anchor_differs"


def test_anchor_beyond_the_end_is_a_cut_tail(six_events):
    assert verify(anchor=(9, "0" * 64)).reason_code == "tail_cut"


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
    | st.floats()
    | st.decimals(allow_nan=False, allow_infinity=False, places=3)
    | st.dates()
    | st.datetimes(timezones=st.just(dt.UTC)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abcщ", max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    states=st.lists(st.dictionaries(st.text("abщ", max_size=4), values, max_size=3), min_size=1, max_size=4)
)
def test_whatever_is_recorded_can_be_verified_after_a_round_trip(system, states):
    with transaction.atomic():
        record_many([Draft("x.changed", "x:1", before=state, after=state) for state in states], by=system)
        assert verify().ok
        transaction.set_rollback(True)


def test_canonical_form_does_not_depend_on_the_order_of_keys():
    assert canonical(plain({"b": 1, "a": {"d": 2, "c": Decimal("1.10")}})) == '{"a":{"c":"1.1","d":2},"b":1}'


def test_hash_is_pinned():
    """Frozen: a change of the canonical form would break every ledger in use."""
    body = (
        '{"actor":"aigul","after":{"low":"2.5","text":"\\u049a\\u043e\\u0440\\u0493\\u0430\\u0441"},'
        '"at":"2025-11-25T05:00:00.000000+00:00","before":null,"kind":"claim.added","previous_hash":"'
        + "0" * 64
        + '","seq":1,"target":"claim:x"}'
    )
    digest = link_hash(
        seq=1,
        at=dt.datetime(2025, 11, 25, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=5))),
        actor="aigul",
        kind="claim.added",
        target="claim:x",
        before=None,
        after=plain({"low": Decimal("2.50"), "text": "Қорғас"}),
        previous_hash=GENESIS,
    )
    assert digest == hashlib.sha256(body.encode("ascii")).hexdigest()


@pytest.mark.parametrize("value", [object(), b"x"])
def test_ledger_refuses_what_it_cannot_keep(value):
    with pytest.raises(TypeError):
        plain({"x": value})


def test_ledger_refuses_a_moment_without_a_zone():
    with pytest.raises(ValueError, match="time zone"):
        plain({"x": dt.datetime(2025, 1, 1)})  # noqa: DTZ001


@pytest.mark.django_db(transaction=True)
def test_two_workers_recording_at_once_do_not_fork_the_chain():
    user = User.objects.create_user("worker")
    start, failures = threading.Barrier(2), []

    def work(name):
        try:
            start.wait(10)
            for n in range(15):
                record("x.added", by=user, target=f"x:{name}.{n}")
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, args=(name,)) for name in "ab"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert failures == []
    result = verify()
    assert (result.ok, result.count) == (True, 30)
    assert Event.objects.values("previous_hash").distinct().count() == 30


def test_a_target_is_named_whole(coordinator):
    """The longest key there is has 200 letters."""
    target = "claim:" + "k" * 200
    assert record("claim.added", by=coordinator, target=target).target == target
    assert Event.objects.get().target == target
    with pytest.raises(ValueError, match="too long"):
        record("claim.added", by=coordinator, target="claim:" + "k" * 400)


# -- what fields were before --


def changed(by, day, before, after, target="milestone:m"):
    revise(by=by, target=target, before={"holder": before}, after={"holder": after}, said_to=day)


def test_a_changed_field_is_taken_back_for_an_earlier_day(coordinator):
    changed(coordinator, dt.date(2026, 2, 1), "first", "second")
    changed(coordinator, dt.date(2026, 3, 1), "second", "third")
    changed(coordinator, dt.date(2026, 3, 1), "x", "y", target="milestone:other")
    found = {
        day: unknown_yet(AsKnown(day), "milestone", ["m"]).get("m", {}).get("holder")
        for day in (dt.date(2026, 1, 31), dt.date(2026, 2, 1), dt.date(2026, 2, 28), dt.date(2026, 3, 1))
    }
    assert list(found.values()) == ["first", "second", "second", None]
    assert set(unknown_yet(AsKnown(dt.date(2026, 2, 1)), "milestone", ["m", "other", "no"])) == {"m", "other"}


def test_auditors_see_it_as_it_was_stored(coordinator):
    """Recorded today, whatever day it was said on."""
    changed(coordinator, dt.date(2026, 2, 1), "first", "second")
    assert unknown_yet(AsKnown(dt.date(2026, 3, 1), "recorded"), "milestone", ["m", "n"]) == {
        "m": {"holder": "first"}
    }
    assert unknown_yet(AsKnown(dt.date(2026, 3, 1)), "milestone", ["m", "n"]) == {}


def test_a_change_without_a_day_or_with_an_earlier_one_counts_from_today(coordinator):
    """Else a word said late could reach back over one that was known before it."""
    today = timezone.localdate()
    yesterday = AsKnown(today - dt.timedelta(days=1))
    changed(coordinator, dt.date(2026, 3, 1), "first", "second")
    changed(coordinator, dt.date(2026, 2, 1), "second", "third")
    assert unknown_yet(yesterday, "milestone", ["m", "n"]) == {"m": {"holder": "second"}}
    changed(coordinator, None, "first", "second", target="milestone:n")
    assert unknown_yet(yesterday, "milestone", ["m", "n"])["n"] == {"holder": "first"}


def test_nothing_is_asked_for_today(coordinator, django_assert_num_queries):
    changed(coordinator, None, "first", "second")
    with django_assert_num_queries(0):
        assert unknown_yet(AsKnown(timezone.localdate()), "milestone", ["m", "n"]) == {}
