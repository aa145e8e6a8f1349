"""Obstacles: their age, what they block, and a ladder that is climbed exactly once per rung."""

import datetime as dt
import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from torap.common.errors import BadInput, Conflict, NotAllowed
from torap.common.models import Role
from torap.delivery import jobs, selectors, services
from torap.delivery.models import ObstacleEvent
from torap.ledger.models import Event
from torap.registry.selectors import search
from torap.rules.known import AsKnown

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def obstacle(country):
    def add(code="no-gas", *, days=0, **more):
        values = {
            "by": country.by,
            "code": code,
            "text": "No gas at the site",
            "blocks": "aktau_hub",
            "holder": "akimat",
            "said": TODAY - dt.timedelta(days=days),
        }
        return services.obstacle_save(**(values | more))

    return add


def state(code="no-gas", day=TODAY):
    return selectors.obstacle_get(code, AsKnown(day))


def test_age_and_what_is_blocked(country, obstacle, promise):
    promise("2024-01-01", "2030")
    obstacle(days=12)
    found = state()
    assert (found.open, found.days_open, found.rung) == (True, 12, "")
    assert found.blocked == ("aktau_hub-open",)
    assert found.rungs_due == ("responsible_body", "deputy_head")


def test_rungs_are_climbed_once_however_often_it_runs(obstacle, system):
    obstacle(days=25)
    assert jobs.escalate_obstacles() == 3
    assert jobs.escalate_obstacles() == 0
    assert list(ObstacleEvent.objects.order_by("pk").values_list("rung", flat=True)) == [
        "responsible_body",
        "deputy_head",
        "first_head",
    ]
    assert (state().rung, state().rungs_due) == ("first_head", ())
    assert Event.objects.filter(kind="obstacle.escalated").count() == 3


def test_a_second_worker_that_read_before_adds_nothing(obstacle, system, monkeypatch):
    """Both workers read that three rungs are due; the one that writes second finds them there."""
    obstacle(days=25)
    stale = selectors.obstacle_states(AsKnown(TODAY), open_only=True)
    assert len(services.obstacle_escalate_all(by=system)) == 3
    monkeypatch.setattr("torap.delivery.services.obstacles.obstacle_states", lambda *a, **k: stale)
    assert services.obstacle_escalate_all(by=system) == []
    assert ObstacleEvent.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_climb_each_rung_once(obstacle, system):
    obstacle(days=25)
    counts, start = [], threading.Barrier(2)

    def work():
        try:
            start.wait(timeout=10)
            counts.append(len(services.obstacle_escalate_all(by=system)))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=30)
    assert sum(counts) == ObstacleEvent.objects.count() == 3
    assert Event.objects.filter(kind="obstacle.escalated").count() == 3


def test_the_table_holds_a_rung_once(obstacle, system):
    row = obstacle(days=1)
    services.obstacle_escalate_all(by=system)
    values = {"obstacle": row, "type": "escalated", "rung": "responsible_body", "happened_on": TODAY}
    with pytest.raises(DatabaseError), transaction.atomic():
        ObstacleEvent.objects.create(**values, said_from=TODAY, said_to=TODAY)


def test_removed_is_not_escalated(country, obstacle, member, system):
    obstacle(days=40)
    services.obstacle_remove(by=member("akimat"), obstacle="no-gas", note="Connected")
    assert services.obstacle_escalate_all(by=system) == []
    found = state()
    assert (found.open, found.removed_on) == (False, TODAY)
    assert selectors.obstacle_states(AsKnown(TODAY), open_only=True) == []
    with pytest.raises(Conflict):
        services.obstacle_remove(by=country.by, obstacle="no-gas")


def test_told_events_count_as_rungs(country, obstacle):
    obstacle(days=12)
    told = {"by": country.by, "obstacle": "no-gas", "type": "escalated", "happened_on": TODAY}
    services.obstacle_event_add(**told, rung="deputy_head", source="paper")
    assert state().rungs_due == ("responsible_body",)
    with pytest.raises(Conflict):
        services.obstacle_event_add(**told, rung="deputy_head")
    with pytest.raises(BadInput):
        services.obstacle_event_add(**told)


def test_save_refusals(country, obstacle):
    for more, field in (
        ({"blocks": "nowhere"}, "blocks"),
        ({"text": ""}, "text"),
        ({"holder": "nobody"}, "holder"),
        ({"said": dt.date(2100, 1, 1)}, "said"),
    ):
        with pytest.raises(BadInput) as caught:
            obstacle(**more)
        assert caught.value.field == field


@pytest.mark.parametrize("who", ["verifier", "auditor", "nobody"])
def test_who_may_not(request, obstacle, who):
    obstacle()
    by = request.getfixturevalue(who)
    for write in (
        lambda: obstacle("other", by=by),
        lambda: services.obstacle_remove(by=by, obstacle="no-gas"),
        lambda: services.obstacle_escalate_all(by=by),
    ):
        with pytest.raises(NotAllowed):
            write()


def test_only_the_holder_removes(obstacle, member):
    obstacle()
    with pytest.raises(NotAllowed):
        services.obstacle_remove(by=member("min_industry"), obstacle="no-gas")


def test_queries_do_not_grow(obstacle, promise, django_assert_max_num_queries):
    promise("2024-01-01", "2030")
    for number in range(6):
        obstacle(f"o{number}", days=number)
    with django_assert_max_num_queries(6):
        found = selectors.obstacle_states(AsKnown(TODAY))
        assert [row.obstacle.holder.name for row in found]
    assert [row.days_open for row in found] == [5, 4, 3, 2, 1, 0]


def test_a_rung_is_one_of_the_ladder(country, obstacle):
    obstacle(days=12)
    told = {"by": country.by, "obstacle": "no-gas", "type": "escalated", "happened_on": TODAY}
    with pytest.raises(BadInput) as caught:
        services.obstacle_event_add(**told, rung="the_moon")
    assert (caught.value.code, caught.value.field) == ("unknown_choice", "rung")
    assert not ObstacleEvent.objects.exists()


@pytest.mark.parametrize("verb", ["remove", "event_add"])
def test_nothing_happens_tomorrow(country, obstacle, verb):
    obstacle()
    values = {"by": country.by, "obstacle": "no-gas", "happened_on": TODAY + dt.timedelta(days=1)}
    if verb == "event_add":
        values |= {"type": "escalated", "rung": "deputy_head"}
    with pytest.raises(BadInput) as caught:
        getattr(services, f"obstacle_{verb}")(**values, said=TODAY)
    assert (caught.value.code, caught.value.field) == ("in_the_future", "happened_on")


def test_what_stands_is_changed_by_who_recorded_it(country, obstacle, member):
    obstacle("own", by=member("builder"))
    for by in (
        member("min_industry"),
        member("akimat"),
    ):  # anybody may name one; nobody writes over another's
        with pytest.raises(NotAllowed, match="only_recorder_corrects"):
            obstacle("own", by=by, holder="min_industry")
    obstacle("own", by=member("builder", Role.MANAGING_COMPANY), text="No gas at all")
    obstacle("own", text="No gas, says the coordinator")


def test_an_earlier_day_shows_who_had_to_remove_it(country, obstacle):
    obstacle(days=12)
    obstacle(days=3, holder="min_industry")
    then, now = (state(day=TODAY - dt.timedelta(days=days)) for days in (4, 3))
    assert (then.obstacle.holder.code, now.obstacle.holder.code) == ("akimat", "min_industry")
    assert now.days_open == 9  # told of again, it was still known from the first day
    with pytest.raises(BadInput, match="stays_where_it_is"):
        obstacle(blocks="akimat")


def test_an_obstacle_is_found_at_once(obstacle):
    obstacle(text={"en": "No gas at the site", "ru": "Нет газа на площадке"})
    assert [(hit.kind, hit.code) for hit in search("нет газа")] == [("obstacle", "no-gas")]
