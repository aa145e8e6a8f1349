"""A form sent twice writes once, whichever server it goes through."""

import threading

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from torap.common.models import SentForm
from torap.web.work import once


@pytest.mark.django_db
def test_a_number_is_good_for_one_writing_of_one_person(coordinator, auditor):
    number = once.new_number()
    assert once.take(coordinator, number)
    cache.clear()  # what one process remembers does not decide
    assert not once.take(coordinator, number)
    assert once.take(auditor, number)
    assert once.take(coordinator, "")
    assert once.take(coordinator, "")


@pytest.mark.django_db
def test_a_refused_writing_gives_the_number_back(coordinator):
    number = once.new_number()
    with transaction.atomic():
        assert once.take(coordinator, number)
        transaction.set_rollback(True)
    assert once.take(coordinator, number)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_writes(coordinator):
    """The second waits for the transaction of the first, as two servers on one database do."""
    number, taken, start = once.new_number(), [], threading.Barrier(2)

    def send():
        try:
            start.wait(10)
            with transaction.atomic():
                taken.append(once.take(coordinator, number))
        finally:
            connection.close()

    senders = [threading.Thread(target=send) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(30)
    assert sorted(taken) == [False, True]
    assert SentForm.objects.count() == 1
