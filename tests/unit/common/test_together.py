"""Several questions in one round trip: the answers are those each would have had alone."""

import datetime as dt

import pytest
from django.db.models import Count, Exists, OuterRef, Prefetch, Value

from torap.common.models import Grant, Role, User
from torap.common.together import together
from torap.ledger.models import Event
from torap.ledger.services import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(person):
    """Three who may sign in, one without a role, and what was recorded by one of them."""
    found = [person("zarina", Role.VERIFIER, organisation="b"), person("aigul", Role.AUDITOR)]
    person("bolat")
    record("tested.once", by=found[0], target="test:1", after={"day": dt.date(2026, 1, 2), "text": "“é”"})
    record("tested.twice", by=found[0], target="test:2", before={"n": 1}, after={"n": 2})
    return found


def values(rows):
    names = [field.attname for field in rows[0]._meta.concrete_fields] if rows else []
    return [[getattr(row, name) for name in names] for row in rows]


def test_rows_are_those_of_each_question_alone(people, django_assert_num_queries):
    questions = (
        Event.objects.filter(kind__startswith="tested").order_by("-seq"),
        User.objects.order_by("username"),
        Grant.objects.select_related("user").order_by("organisation_code"),
    )
    with django_assert_num_queries(1):
        events, users, grants = together(*questions)
        assert [grant.user.username for grant in grants] == ["aigul", "zarina"]
    for found, question in zip((events, users, grants), questions, strict=True):
        assert values(found) == values(list(question))
        assert all(type(row) is question.model for row in found)
    assert events[1].after == {"day": "2026-01-02", "text": "“é”"}
    assert isinstance(events[0].at, dt.datetime)
    assert events[0].at.tzinfo is not None
    assert users[0].is_active is True


def test_marks_counts_and_tuples_come_as_asked(people):
    granted = Exists(Grant.objects.filter(user=OuterRef("pk")))
    marked = User.objects.annotate(granted=granted, never=Value(False), many=Count("grants"))
    flat = Event.objects.filter(kind="tested.twice").values_list("seq", "after", "at")
    users, rows = together(marked.order_by("username"), flat)
    told = {one.username: (one.granted, one.never, one.many) for one in users}
    assert (
        told.items()
        >= {
            "aigul": (True, False, 1),
            "bolat": (False, False, 0),
        }.items()
    )
    assert rows == list(flat)
    assert isinstance(rows[0], tuple)


def test_what_cannot_fit_is_not_asked(people, django_assert_num_queries):
    none, some = User.objects.filter(pk__in=[]), User.objects.filter(username="bolat")
    with django_assert_num_queries(0):
        assert together(none) == [[]]
        assert together() == []
    with django_assert_num_queries(1):
        assert [[one.username for one in rows] for rows in together(none, some)] == [[], ["bolat"]]
    with django_assert_num_queries(1):
        bolat, nobody = together(some, User.objects.filter(username="nobody at all"))
    assert ([one.username for one in bolat], nobody) == (["bolat"], [])


def test_what_is_fetched_beside_costs_one_query_more(people, django_assert_num_queries):
    with_grants = User.objects.prefetch_related(Prefetch("grants", to_attr="held")).order_by("username")
    with django_assert_num_queries(2):
        users, _events = together(with_grants, Event.objects.all())
    assert {one.username: len(one.held) for one in users}["zarina"] == 1


def test_orders_have_what_is_empty_last(people):
    User.objects.filter(username="bolat").update(last_login=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    up, down = together(User.objects.order_by("last_login"), User.objects.order_by("-last_login", "username"))
    assert up[0].username == down[0].username == "bolat"
    assert [one.username for one in down[1:]] == sorted(one.username for one in down[1:])
