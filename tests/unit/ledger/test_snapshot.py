"""What is read within one state of the ledger is of that state, whatever others write meanwhile."""

import threading

import pytest
from django.db import connection, connections

from torap.common.permissions import system_user
from torap.ledger.memo import while_unchanged
from torap.ledger.models import Event
from torap.ledger.selectors import head_now
from torap.ledger.services import record
from torap.ledger.snapshot import one_state


def elsewhere(work):
    """Do it in another thread, on a connection of its own."""
    found = []

    def run():
        try:
            found.append(work())
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    assert found, "it waited for the reader"
    return found[0]


@pytest.mark.django_db(transaction=True)
def test_others_write_meanwhile_and_the_reader_sees_nothing_of_it():
    by = system_user()
    record("test.first", by=by, target="thing:a", after={"n": 1})
    asked = []

    @while_unchanged
    def kept():
        asked.append(Event.objects.count())
        return asked[-1]

    assert kept() == 1
    with one_state() as head:
        assert head == head_now()
        elsewhere(lambda: record("test.second", by=by, target="thing:a", after={"n": 2}))
        assert head_now() == head
        assert (Event.objects.count(), kept(), kept()) == (1, 1, 1)
    assert asked == [1, 1], "once for the pages, once for the reader of the snapshot"
    assert head_now()[0] == head[0] + 1
    assert kept() == 2
    record("test.third", by=by, target="thing:a", after={"n": 3})  # the connection writes as before
    if connection.vendor == "sqlite":
        assert connection.transaction_mode == connection.settings_dict["OPTIONS"]["transaction_mode"]


@pytest.mark.django_db
def test_within_another_transaction_it_is_of_that_one():
    by = system_user()
    with one_state() as head:
        assert head == (0, "")
    record("test.first", by=by, target="thing:a", after={"n": 1})
    with one_state() as head:
        assert head == head_now()
