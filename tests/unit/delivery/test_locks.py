"""Two people writing at once through the services: nobody waits in a circle, and the chain stays whole.

On SQLite the write lock is taken at BEGIN and there is one order by itself; PostgreSQL locks row by row.
"""

import datetime as dt
import threading

import pytest
from django.db import connection, connections
from django.utils import timezone

from torap.common.errors import Conflict
from torap.delivery import services
from torap.delivery.models import Promise, StatusReport
from torap.ledger.services import verify
from torap.registry import services as registry

TODAY = timezone.localdate()
ROUNDS = 12


@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time, by SQLite itself")
@pytest.mark.django_db(transaction=True)
def test_writers_at_once_neither_wait_in_a_circle_nor_fork_the_chain(country, instruction):
    """Each writes the same rows as the other in the opposite order, many times over."""
    by, start, failures = country.by, threading.Barrier(2), []
    instruction()
    services.obstacle_save(by=by, code="ice", text="Ice", blocks="aktau_hub", said=TODAY)

    def rename(name):
        services.milestone_save(by=by, code=country.milestone, subject="aktau_hub", name=name, type="open")
        registry.place_save(
            by=by, code="aktau_hub", name=name, type="hub", region="KZ-47", managing_company="builder"
        )

    def say(name):
        said = {"by": by, "milestone": country.milestone, "source": "paper", "said": dt.date(2025, 1, 1)}
        services.promise_add(**said, as_said="2030", note=name)
        services.report_add(**said, state="under_way", text=name)

    def order(name):
        instruction(received=None, text=name)
        services.obstacle_save(by=by, code="ice", text=name, blocks="aktau_hub", said=TODAY)
        services.instruction_event_add(by=by, instruction="I-1", type="follow_up", happened=TODAY, text=name)

    def work(name, steps):
        try:
            start.wait(10)
            for number in range(ROUNDS):
                for step in steps:
                    step(f"{name} {number}")
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    steps = [rename, say, order]
    workers = [
        threading.Thread(target=work, args=(name, order_of), daemon=True)
        for name, order_of in (("a", steps), ("b", steps[::-1]))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert not any(worker.is_alive() for worker in workers), "waiting in a circle"
    assert failures == []
    assert Promise.objects.count() == StatusReport.objects.count() == 2 * ROUNDS
    assert verify().ok


@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time, by SQLite itself")
@pytest.mark.django_db(transaction=True)
def test_of_two_corrections_at_once_one_stands(country, promise):
    old, start, outcomes = promise("2024-01-01", "2030"), threading.Barrier(2), []

    def work():
        try:
            start.wait(10)
            promise("2024-01-01", "2031", corrects=old.key)
            outcomes.append("done")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, daemon=True) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sorted(outcomes) == ["conflict", "done"]
