"""Links of the network: who may say and drop them, what is refused, and that no loop can ever be written."""

import datetime as dt
import threading

import pytest
from django.db import connection, connections
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from torap.common.errors import BadInput, Conflict, NotAllowed, NotFound
from torap.common.models import Role
from torap.delivery import services
from torap.delivery.models import DeliveryLink
from torap.delivery.selectors import network_now
from torap.ledger.selectors import events_of
from torap.ledger.services import verify
from torap.registry import services as registry
from torap.rules.known import AsKnown
from torap.rules.network.loops import any_loop

TODAY = timezone.localdate()
OPEN = "milestone:aktau_hub-open"
ROLES = [
    (Role.COORDINATOR, "", True),
    (Role.BODY_MEMBER, "min_transport", True),
    (Role.MANAGING_COMPANY, "min_transport", True),
    (Role.BODY_MEMBER, "min_industry", False),
    (Role.BODY_MEMBER, "builder", False),
    (Role.VERIFIER, "min_transport", False),
    (Role.AUDITOR, "", False),
    (Role.ADMINISTRATOR, "", False),
    ("", "", False),
]


@pytest.fixture
def nodes(country):
    """Five milestones without a place in any order: a to e."""
    for code in "abcde":
        services.milestone_save(
            by=country.by, code=code, subject="aktau_hub", name=code.upper(), type="other"
        )
    return [f"milestone:{code}" for code in "abcde"]


@pytest.fixture
def add(country):
    def link(before, after, **more):
        return services.link_add(**{"by": country.by, "before": before, "after": after, "said": TODAY} | more)

    return link


def links(**more):
    return {(link.before, link.after) for link in network_now(AsKnown(TODAY), **more).links}


@pytest.mark.parametrize(("role", "body", "allowed"), ROLES)
def test_the_coordinator_and_the_holder_of_what_waits_may_say_and_drop(
    person, nodes, add, role, body, allowed
):
    user = person("somebody", role, organisation=body)
    drop = {"before": nodes[1], "after": OPEN, "why": "Not so", "said": TODAY}
    if allowed:
        add(nodes[0], OPEN, by=user)
        add(nodes[1], OPEN)
        services.link_drop(by=user, **drop)
        assert links() == {(nodes[0], OPEN)}
        return
    add(nodes[1], OPEN)
    with pytest.raises(NotAllowed):
        add(nodes[0], OPEN, by=user)
    with pytest.raises(NotAllowed):
        services.link_drop(by=user, **drop)
    assert links() == {(nodes[1], OPEN)}


def test_the_holder_of_what_comes_first_may_not_speak_for_what_waits(person, country, nodes, add):
    user = person("builder", Role.BODY_MEMBER, organisation="min_transport")
    services.milestone_save(
        by=country.by, code="works", subject="aktau_hub", name="Works", type="other", holder="builder"
    )
    with pytest.raises(NotAllowed):
        add(OPEN, "milestone:works", by=user)


def test_a_thing_without_a_holder_is_spoken_for_by_those_answerable_for_its_subject(person, nodes, add):
    add(nodes[0], nodes[1], by=person("b", Role.MANAGING_COMPANY, organisation="builder"))
    add(nodes[1], nodes[2], by=person("a", Role.BODY_MEMBER, organisation="akimat"))
    with pytest.raises(NotAllowed):
        add(nodes[2], nodes[3], by=person("m", Role.BODY_MEMBER, organisation="min_transport"))


def test_what_is_written_stands_in_the_history_of_what_waits(nodes, add, country):
    why = {"en": "x", "ru": "у", "kk": "з"}
    row = add(nodes[0], OPEN, type="SS", lag=-3, lag_unit="working_day", why=why, source="paper", key="k1")
    services.link_drop(by=country.by, before=nodes[0], after=OPEN, why="No", said=TODAY)
    kinds = [event.kind for event in events_of(OPEN)]
    assert kinds[-2:] == ["delivery_link.added", "delivery_link.dropped"]
    assert (row.key, row.type, row.lag, row.source.code, row.recorded_by) == (
        "k1",
        "SS",
        -3,
        "paper",
        "coordinator",
    )
    assert row.dropped_by.why_en == "No"
    assert verify().ok


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"before": "milestone:nothing"}, "unknown_node", "before"),
        ({"after": "milestone:nothing"}, "unknown_node", "after"),
        ({"before": "utility:aktau_hub/gas"}, "unknown_node", "before"),
        ({"before": "plot:aktau_hub"}, "unknown_node", "before"),
        ({"before": "step:aktau_hub/P04a/99"}, "unknown_node", "before"),
        ({"before": "step:nowhere/P04a/4"}, "unknown_node", "before"),
        ({"before": "step:aktau_hub/P99/4"}, "unknown_node", "before"),
        ({"before": "step:aktau_hub"}, "unknown_node", "before"),
        ({"before": "aktau_hub"}, "unknown_node", "before"),
        ({"before": OPEN}, "link_to_itself", "before"),
        ({"type": "XX"}, "unknown_choice", "type"),
        ({"lag": 4000}, "out_of_range", "lag"),
        ({"lag_unit": "hour"}, "unknown_choice", "lag_unit"),
        ({"source": "nothing"}, "unknown_reference", "source"),
        ({"said": TODAY + dt.timedelta(days=1)}, "in_the_future", "said"),
        ({"why": {"ru": "без"}}, "english_missing", "why"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(nodes, add, change, code, field):
    before = DeliveryLink.objects.count()
    with pytest.raises(BadInput) as caught:
        add(**{"before": nodes[0], "after": OPEN} | change)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert DeliveryLink.objects.count() == before


def test_a_link_is_said_once(nodes, add):
    add(nodes[0], OPEN)
    with pytest.raises(Conflict) as caught:
        add(nodes[0], OPEN, type="SS")
    assert caught.value.code == "link_there_already"


def test_what_does_not_stand_cannot_be_dropped(nodes, country):
    with pytest.raises(NotFound) as caught:
        services.link_drop(by=country.by, before=nodes[0], after=OPEN, why="No", said=TODAY)
    assert caught.value.code == "no_such_link"
    with pytest.raises(BadInput):
        services.link_drop(by=country.by, before="milestone:none", after=OPEN, why="No", said=TODAY)


def test_why_it_does_not_hold_must_be_told(nodes, add, country):
    add(nodes[0], OPEN)
    with pytest.raises(BadInput, match="english_missing"):
        services.link_drop(by=country.by, before=nodes[0], after=OPEN, why="", said=TODAY)


def test_a_loop_is_named_node_by_node_across_links_of_structure(nodes, add, country):
    """Start → open is drawn by structure; open → A is said; A → start would close the loop."""
    services.milestone_save(by=country.by, code="start", subject="aktau_hub", name="Start", type="start")
    add(OPEN, nodes[0])
    with pytest.raises(BadInput) as caught:
        add(nodes[0], "milestone:start")
    assert caught.value.code == "closes_loop"
    assert caught.value.params["loop"] == (
        "Aktau hub: A → Aktau hub: Start → Aktau hub: Hub open → Aktau hub: A"
    )
    services.link_drop(by=country.by, before="milestone:start", after=OPEN, why="Apart", said=TODAY)
    add(nodes[0], "milestone:start")


def test_an_invented_source_drops_nothing_real(nodes, add, country):
    registry.source_add(
        by=country.by, code="tale", publisher="A tale", source_class="press", title="A tale", invented=True,
        published=TODAY,
    )  # fmt: skip
    add(nodes[0], OPEN)
    with pytest.raises(Conflict):
        services.link_drop(by=country.by, before=nodes[0], after=OPEN, why="No", said=TODAY, source="tale")
    assert add(nodes[1], OPEN, source="tale").invented, "what rests on something invented is invented"


def test_many_are_added_together_or_none(nodes, country):
    rows = [{"before": nodes[at], "after": nodes[at + 1], "said": TODAY} for at in range(4)]
    with pytest.raises(BadInput):
        services.link_add_many(
            by=country.by, rows=[*rows, {"before": nodes[4], "after": nodes[0], "said": TODAY}]
        )
    assert links() == set()
    assert len(services.link_add_many(by=country.by, rows=rows)) == 4
    assert services.link_add_many(by=country.by, rows=[]) == []


PAIRS = st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde"))
STEPS = st.lists(st.tuples(st.sampled_from(["add", "add", "drop"]), PAIRS), max_size=14)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_sequence_of_saying_and_dropping_leaves_a_loop(nodes, country, steps):
    model = set(links())
    for step, (first, last) in steps:
        before, after = f"milestone:{first}", f"milestone:{last}"
        if step == "add":
            closes = any_loop([*model, (before, after)]) if before != after else [before]
            try:
                services.link_add(by=country.by, before=before, after=after, said=TODAY)
                assert not closes
                model.add((before, after))
            except (BadInput, Conflict):
                assert closes or (before, after) in model
        else:
            try:
                services.link_drop(by=country.by, before=before, after=after, why="No", said=TODAY)
                model.remove((before, after))
            except NotFound:
                assert (before, after) not in model
    net = network_now(AsKnown(TODAY))
    assert {(link.before, link.after) for link in net.links} == model
    assert not any_loop(model)
    assert not [one for one in net.left_out if one.reason == "loop"]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time, by SQLite itself")
@pytest.mark.django_db(transaction=True)
def test_two_halves_of_a_loop_written_at_once_leave_one(nodes, country):
    start, told = threading.Barrier(2), []

    def work(before, after):
        try:
            start.wait(10)
            services.link_add(by=country.by, before=before, after=after, said=TODAY)
            told.append("")
        except BadInput as error:
            told.append(error.code)
        finally:
            connections.close_all()

    pairs = [(nodes[0], nodes[1]), (nodes[1], nodes[0])]
    workers = [threading.Thread(target=work, args=pair, daemon=True) for pair in pairs]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sorted(told) == ["", "closes_loop"]
    assert len(links()) == 1
