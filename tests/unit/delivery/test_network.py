"""The delivery network as known on a day: nodes, links said and drawn, states, stages, and its cost."""

import datetime as dt
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone

from torap.delivery import services
from torap.delivery.models import Milestone, Promise
from torap.delivery.selectors import around, milestone_states, network, network_now, nodes_found
from torap.delivery.selectors.network import _activities
from torap.delivery.selectors.network_nodes import limit_days
from torap.ledger.memo import forget
from torap.registry import services as registry
from torap.registry.models import Source, Subject
from torap.rules.known import AsKnown
from torap.rules.obligations.model import Limit, Unit

TODAY = timezone.localdate()
D = dt.date
OPEN = "milestone:aktau_hub-open"


def now(day=TODAY, **more):
    return network_now(AsKnown(day), **more)


def pairs(net):
    return {(link.before, link.after): link.origin for link in net.links}


@pytest.fixture
def milestone(country):
    """`milestone("aktau_hub-start", type="start")`: another milestone of the hub, or of another subject."""

    def add(code, *, type="other", subject="aktau_hub", **more):
        services.milestone_save(
            by=country.by, code=code, subject=subject, name=code, type=type, said=D(2025, 1, 1), **more
        )
        return f"milestone:{code}"

    return add


@pytest.fixture
def link(country):
    def add(before, after, **more):
        return services.link_add(
            **{"by": country.by, "before": before, "after": after, "said": D(2025, 6, 1), **more}
        )

    return add


def test_a_milestone_carries_its_promises_state_and_holder(country, promise, report):
    promise("2023-10-27", "Q2 2025")
    promise("2024-09-01", "end of 2026")
    report("2025-04-28", "under_way")
    node = now().nodes[OPEN]
    assert (node.subject, node.subject_kind, node.subject_type, node.type) == (
        "aktau_hub", "place", "hub", "open",
    )  # fmt: skip
    assert (node.holder, node.name, node.subject_name) == ("min_transport", "Hub open", "Aktau hub")
    assert (node.first.latest, node.current.latest, node.moves) == (D(2025, 6, 30), D(2026, 12, 31), 1)
    assert (node.first_due, node.due, node.heard) == (D(2025, 6, 30), D(2026, 12, 31), D(2025, 4, 28))
    assert (node.said, node.done, node.template) == ("under_way", "", "hub")


def test_done_is_said_until_another_body_accepts_what_shows_it(country, report, verifier):
    report("2025-04-28", "done", done_on=D(2025, 4, 20))
    assert (now().nodes[OPEN].done, now().nodes[OPEN].done_on) == ("said", D(2025, 4, 20))
    evidence = services.evidence_add(
        by=country.by, type="act", shows_on=D(2025, 5, 1), title="Act", given_by="builder",
        milestone=country.milestone, url="https://example.org/act",
    )  # fmt: skip
    assert now().nodes[OPEN].done == "said"
    services.evidence_verify(by=verifier, evidence=evidence.pk, verdict="accepted", organisation="inspection")
    assert (now().nodes[OPEN].done, now().nodes[OPEN].done_on) == ("shown", D(2025, 5, 1))


def test_a_date_promised_after_done_takes_the_word_back(country, report, promise):
    report("2025-04-28", "done")
    promise("2025-05-28", "2027")
    assert now().nodes[OPEN].done == ""


def test_states_are_those_of_the_pages(country, milestone, promise, report):
    """The lean reading and the pages' agree on every milestone, on several days and by both clocks."""
    promise("2023-10-27", "Q2 2025")
    report("2025-04-28", "done")
    milestone("aktau_hub-start", type="start")
    promise("2024-01-01", "2024", milestone="aktau_hub-start")
    for known in (AsKnown(TODAY), AsKnown(D(2024, 6, 1)), AsKnown(D(2022, 1, 1)), AsKnown(TODAY, "recorded")):
        states = {state.code: state for state in milestone_states(known)}
        nodes = {node.code: node for node in network_now(known).nodes.values() if node.kind == "milestone"}
        assert set(nodes) == set(states)
        for code, state in states.items():
            assert nodes[code].due == (state.current.latest if state.current else None)
            assert nodes[code].said == state.said.code.replace("no_word", "")
            assert nodes[code].moves == state.moves


def test_an_instruction_stands_for_its_computed_day(country, instruction):
    instruction()
    node = now().nodes["instruction:I-1"]
    assert node.due == D(2025, 12, 22), "the 20th is a Saturday"
    assert node.holders == ("min_industry", "akimat")
    services.instruction_event_add(
        by=country.by, instruction="I-1", type="closed", happened=D(2025, 12, 1), ground="executed"
    )
    assert now().nodes["instruction:I-1"].done == "said"
    assert "instruction:I-1" not in now(D(2025, 11, 1)).nodes


def test_a_network_and_a_plot_are_nodes_and_the_plot_waits(country):
    registry.place_save(by=country.by, code="plot_1", name="Plot 1", type="plot", parent="aktau_hub")
    for key, day, basis, said in (
        ("u1", D(2027, 1, 1), "promised", D(2025, 1, 1)),
        ("u2", D(2028, 1, 1), "promised", D(2025, 6, 1)),
    ):
        registry.utility_entry_add(
            by=country.by, key=key, place="aktau_hub", kind="gas", move="added", basis=basis, amount=10,
            effective_from=day, source="paper", said=said,
        )  # fmt: skip
    net = now()
    gas = net.nodes["utility:aktau_hub/gas"]
    assert (gas.first.latest, gas.due, gas.moves, gas.done) == (D(2027, 1, 1), D(2027, 1, 1), 0, "")
    more = net.nodes["utility:aktau_hub/gas/2028-01-01"]
    assert (more.first.latest, more.current.latest, more.moves) == (D(2028, 1, 1), D(2028, 1, 1), 0)
    assert ("utility:aktau_hub/gas/2028-01-01", "plot:plot_1") not in pairs(net)
    assert pairs(net)["utility:aktau_hub/gas", "plot:plot_1"] == "template"
    assert now(D(2025, 3, 1)).nodes["utility:aktau_hub/gas"].due == D(2027, 1, 1)
    registry.utility_entry_add(
        by=country.by, key="u3", place="aktau_hub", kind="gas", move="added", basis="evidenced", amount=1,
        effective_from=D(2025, 9, 1), source="paper", said=D(2025, 9, 2),
    )  # fmt: skip
    gas, more = (now().nodes[f"utility:aktau_hub/gas{day}"] for day in ("", "/2028-01-01"))
    assert (gas.done, gas.done_on, more.done) == ("shown", D(2025, 9, 1), "")


def test_what_was_there_before_is_no_promise_kept(country):
    for key, day, basis, said in (
        ("u1", D(2020, 1, 1), "evidenced", D(2020, 2, 1)),
        ("u2", D(2028, 1, 1), "promised", D(2025, 6, 1)),
        ("u3", D(2028, 1, 1), "promised", D(2025, 7, 1)),
    ):
        registry.utility_entry_add(
            by=country.by, key=key, place="aktau_hub", kind="gas", move="added", basis=basis, amount=10,
            effective_from=day, source="paper", said=said,
        )  # fmt: skip
    nodes = {key: node for key, node in now().nodes.items() if node.kind == "utility"}
    assert sorted(nodes) == ["utility:aktau_hub/gas", "utility:aktau_hub/gas/2028-01-01"]
    there, more = (nodes[key] for key in sorted(nodes))
    assert (there.done_on, there.first) == (D(2020, 1, 1), None)
    assert (more.done, more.due) == ("", D(2028, 1, 1))


def test_a_step_of_a_procedure_stands_where_a_link_names_it(country, link):
    link("step:aktau_hub/P04a/4", OPEN)
    node = now().nodes["step:aktau_hub/P04a/4"]
    (stage,) = node.stages
    assert (stage.days.mode, stage.law.article, stage.law.confidence) == (28, "15(2)", "high")
    assert node.subject == "aktau_hub"


def test_structure_is_drawn_until_somebody_says_otherwise(country, milestone, link, promise):
    start = milestone("aktau_hub-start", type="start")
    for code in ("aktau_hub-start", "aktau_hub-open"):
        promise("2025-02-01", "2030", milestone=code)
    assert pairs(now())[start, OPEN] == "template"
    (drawn,) = now().waits_for(OPEN)
    assert (drawn.rule, drawn.lag_days) == ("stages", 134)
    link(start, OPEN, lag=3, why={"en": "The crane", "ru": "Кран", "kk": "Кран"})
    (said,) = now().waits_for(OPEN)
    assert (said.origin, said.lag, said.reason) == ("said", 3, "The crane")
    services.link_drop(by=country.by, before=start, after=OPEN, why="No crane", said=TODAY)
    assert pairs(now()) == {}, "nor is it drawn again"
    assert [one.reason for one in now().left_out] == ["dropped"]
    assert pairs(now(TODAY - dt.timedelta(days=1)))[start, OPEN] == "said", "it stood until then"


def test_a_link_drawn_can_be_dropped_and_said_again(country, milestone, link):
    start = milestone("aktau_hub-start", type="start")
    services.link_drop(by=country.by, before=start, after=OPEN, why="Apart", said=TODAY)
    assert pairs(now()) == {}
    link(start, OPEN, said=TODAY)
    assert pairs(now()) == {(start, OPEN): "said"}


def test_working_days_become_calendar_days(country, milestone, link):
    other = milestone("aktau_hub-other")
    link(other, OPEN, lag=-10, lag_unit="working_day")
    (found,) = now().waits_for(OPEN)
    assert (found.lag, found.lag_days) == (-10, -14)


def test_what_is_invented_stands_apart(country, milestone, link):
    real = milestone("aktau_hub-start", type="start")
    unreal = milestone("aktau_hub-dream", type="complete", invented=True)
    link(real, unreal)
    link(real, OPEN, invented=True)
    net = now()
    assert unreal not in net.nodes
    assert pairs(net)[real, OPEN] == "template", "an invented saying changes nothing real"
    other = now(invented=True)
    assert {real, unreal, OPEN} == set(other.nodes), "with the real things it hangs on"
    assert all(link.invented for link in other.links)


def test_sayings_of_different_days_never_make_a_loop(country, milestone, link, promise):
    """On a day between, two sayings that never stood together would: the older one gives way."""
    a, b = milestone("a"), milestone("b")
    for code in ("a", "b"):
        promise("2025-01-01", "2030", milestone=code)
    link(a, b, said=D(2025, 1, 1))
    services.link_drop(by=country.by, before=a, after=b, why="Other way round", said=D(2025, 9, 1))
    link(b, a, said=D(2025, 2, 1))
    net = now(D(2025, 3, 1))
    assert pairs(net) == {(b, a): "said"}
    assert [one.reason for one in net.left_out] == ["loop"]


def test_it_costs_twelve_queries_whatever_the_day(
    country, milestone, instruction, link, django_assert_max_num_queries
):
    instruction()
    link(milestone("a"), OPEN)
    registry.place_save(
        by=country.by, code="aktau_hub", name="Aktau hub", type="hub", managing_company="builder"
    )
    for known in (AsKnown(TODAY), AsKnown(D(2025, 12, 1)), AsKnown(D(2025, 12, 1), "recorded")):
        with django_assert_max_num_queries(12):
            network_now(known)


def test_it_is_kept_while_nothing_changes(country, promise, django_assert_num_queries):
    known = AsKnown(TODAY)
    network(known)
    with django_assert_num_queries(1):
        network(known)
    promise("2024-09-01", "end of 2026")
    assert network(known).nodes[OPEN].due == D(2026, 12, 31)


def test_fifty_thousand_nodes_are_read_in_as_many_queries(country, django_assert_max_num_queries):
    """The rows are written past the services. A plan that grows with the square would not come to an end."""
    subjects = [Subject(code=f"s{i}", kind="project", name_en=f"Project {i}") for i in range(5000)]
    subjects = Subject.objects.bulk_create(subjects, batch_size=2000)
    types = ("design", "start", "part", "part", "part", "part", "part", "complete", "open", "capacity")
    rows = [
        Milestone(code=f"s{i}-{at}", subject=subject, type=type, name_en=f"{type} {at}")
        for i, subject in enumerate(subjects)
        for at, type in enumerate(types)
    ]
    rows = Milestone.objects.bulk_create(rows, batch_size=2000)
    source = Source.objects.get(code="paper")
    Promise.objects.bulk_create(
        [
            Promise(
                key=f"p{at}", milestone=row, latest=D(2027, 1, 1), as_said="2027", source=source,
                said_from=D(2025, 1, 1), said_to=D(2025, 1, 1),
            )
            for at, row in enumerate(rows)
        ],
        batch_size=2000,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # rows this new are unknown to the planner
    forget()
    with django_assert_max_num_queries(12):
        net = now()
    assert len(net.nodes) >= 50_000
    assert len(net.links) >= 5000 * 13


def test_around_a_milestone_stand_the_links_of_the_whole(country, milestone, link, instruction, promise):
    """For every milestone of a small country with every rule of structure, by both realities."""
    by = country.by
    instruction()
    registry.place_save(by=by, code="plot_1", name="Plot 1", type="plot", parent="aktau_hub")
    registry.project_save(by=by, code="plant", name="Plant", type="investment", place="plot_1")
    registry.project_save(by=by, code="road", name="Road", type="infrastructure", place="aktau_hub")
    registry.programme_save(by=by, code="net", name="Net", members=["aktau_hub", "plant"])
    registry.indicator_save(by=by, code="teu", name="TEU", unit="thousand TEU", programme="net")
    registry.utility_entry_add(
        by=by, key="u1", place="plot_1", kind="gas", move="added", basis="promised", amount=1,
        effective_from=D(2027, 1, 1), source="paper", said=D(2025, 1, 1),
    )  # fmt: skip
    for code, type_, subject in (
        ("hub-start", "start", "aktau_hub"),
        ("hub-capacity", "capacity", "aktau_hub"),
        ("plant-start", "start", "plant"),
        ("plant-open", "open", "plant"),
        ("road-complete", "complete", "road"),
        ("net-open", "open", "net"),
        ("net-capacity", "capacity", "net"),
        ("teu-goal", "capacity", "teu"),
    ):
        milestone(code, type=type_, subject=subject)
    link("instruction:I-1", "milestone:plant-open", said=D(2025, 11, 27))
    link("step:plant/P03a/3a", "milestone:plant-start")
    link("milestone:plant-start", "milestone:teu-goal")
    milestone("dream", type="complete", invented=True)
    for invented in (False, True):
        net = now(invented=invented)
        rules = {one.rule for one in net.links}
        assert invented or rules == {
            "",
            "stages",
            "members",
            "builds",
            "indicator",
            "networks",
            "ground",
            "resident",
        }
        for node in net.nodes.values():
            if node.kind != "milestone":
                continue
            found = around(node.code, node.subject, AsKnown(TODAY), invented=invented)
            assert [one.link for one in found.waits_for] == net.waits_for(node.key)
            assert [one.link for one in found.holds_up] == net.holds_up(node.key)
            assert (found.node.stages, found.node.shortest_days) == (node.stages, node.shortest_days)
    assert around("none", "aktau_hub", AsKnown(TODAY)).node is None


def test_nodes_are_found_by_their_own_name_and_by_that_of_their_thing(country, milestone, instruction):
    instruction()
    start = milestone("aktau_hub-start", type="start")
    unreal = milestone("aktau_hub-dream", type="complete", invented=True)
    known = AsKnown(TODAY)
    assert {node.key for node in nodes_found("Aktau", known)} == {OPEN, start}
    assert [node.key for node in nodes_found(OPEN, known)] == [OPEN]
    assert [node.key for node in nodes_found("concept of a special", known)] == ["instruction:I-1"]
    assert unreal in {node.key for node in nodes_found("Aktau", known, invented=True)}
    assert nodes_found("zzzz", known) == []


def test_limits_of_the_law_become_calendar_days():
    assert limit_days(Limit(value=10, unit=Unit.WORKING_DAYS)) == 14
    assert limit_days(Limit(value=2, unit=Unit.MONTHS)) == 61
    assert limit_days(Limit(value=1, unit=Unit.YEARS)) == 365
    assert limit_days(Limit(value=0, unit=Unit.SAME_DAY)) == 0
    assert limit_days(Limit()) is None


@pytest.mark.django_db
def test_reading_one_network_anew_draws_no_other(country, monkeypatch):
    drawn, reading = [], import_module("torap.delivery.selectors.network")
    draw = reading.shown
    monkeypatch.setattr(reading, "shown", lambda *args, **more: drawn.append(args[2]) or draw(*args, **more))
    for invented in (False, True):
        assert network_now(AsKnown(TODAY), invented=invented).invented is invented
    assert drawn == [False, True]


def test_an_attached_schedule_is_owed_by_who_gave_it_else_by_who_owes_its_milestone():
    row = SimpleNamespace(
        key="quay-1", finish_activity="B", finish_name="Quay", given_by="", milestone="quay-complete",
        said_on=dt.date(2026, 1, 10), invented=False,
    )  # fmt: skip
    nodes = {"milestone:quay-complete": SimpleNamespace(holders=("akimat",))}
    assert _activities([row], nodes)[0].holders == ("akimat",)
    row.given_by = "builder"
    assert _activities([row], nodes)[0].holders == ("builder",)
