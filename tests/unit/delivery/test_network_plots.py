"""When a plot is due and when it is ready: by its own milestone, an instruction, the place around it."""

import datetime as dt

import pytest
from django.utils import timezone

from torap.delivery import services
from torap.delivery.selectors import instructions_of_plots, network_now
from torap.delivery.selectors.network import network_parts
from torap.delivery.selectors.network_model import NetworkLink, Node
from torap.delivery.selectors.network_plots import dated_plots, ready_plots
from torap.registry import services as registry
from torap.rules.known import AsKnown

D = dt.date
TODAY = timezone.localdate()
PLOT = "plot:plot_1"


def node(key, **more):
    kind, _colon, code = key.partition(":")
    return Node(**{"key": key, "kind": kind, "code": code, "names": (code, "", ""), **more})


def due(key, day, **more):
    return node(key, due=day, first_due=more.pop("first_due", day), **more)


OWN, ASKED, AROUND = "milestone:fence", "instruction:I-1", "milestone:park"
NODES = {
    PLOT: node(PLOT),
    OWN: due(OWN, D(2027, 6, 1), first_due=D(2026, 1, 1)),
    ASKED: due(ASKED, D(2026, 3, 1)),
    AROUND: due(AROUND, D(2028, 1, 1)),
}


@pytest.mark.parametrize(
    ("own", "asked", "around", "by", "day"),
    [
        ((OWN,), (ASKED,), (AROUND,), OWN, D(2027, 6, 1)),
        ((), (ASKED,), (AROUND,), ASKED, D(2026, 3, 1)),
        ((), (), (AROUND,), AROUND, D(2028, 1, 1)),
        ((), ("instruction:none",), (AROUND, OWN), AROUND, D(2028, 1, 1)),  # the last of several
    ],
)
def test_the_nearest_word_dates_a_plot(own, asked, around, by, day):
    found = dated_plots(NODES, {PLOT: (own, around)}, {PLOT: list(asked)})[PLOT]
    assert (found.due_by, found.due) == (by, day)


def test_the_first_promise_is_that_of_the_same_thing():
    found = dated_plots(NODES, {PLOT: ((OWN,), ())}, {})[PLOT]
    assert (found.first_due, found.current, found.first) == (D(2026, 1, 1), None, None)


def test_without_a_promise_there_is_no_date():
    undated = NODES | {OWN: node(OWN)}
    assert dated_plots(undated, {PLOT: ((OWN,), ())}, {}) == {}
    assert dated_plots(NODES, {PLOT: ((), ())}, {}) == {}
    assert dated_plots(NODES, {"plot:gone": ((OWN,), ())}, {}) == {}


def test_what_is_invented_dates_nothing_real():
    nodes = NODES | {OWN: due(OWN, D(2027, 6, 1), invented=True)}
    assert dated_plots(nodes, {PLOT: ((OWN,), (AROUND,))}, {})[PLOT].due_by == AROUND


def test_a_plot_is_ready_when_all_it_waits_for_is():
    links = [NetworkLink(before=key, after=PLOT) for key in (OWN, ASKED)]
    said = node(OWN, done="said", done_on=D(2025, 1, 1))
    shown = node(ASKED, done="shown", done_on=D(2025, 2, 1))
    assert ready_plots(NODES | {OWN: said}, links, TODAY) == {}
    (found,) = ready_plots(NODES | {OWN: said, ASKED: shown}, links, TODAY).values()
    assert (found.done, found.done_on) == ("said", D(2025, 2, 1))
    every = {key: node(key, done="shown", done_on=D(2025, 2, 1)) for key in (OWN, ASKED)}
    assert ready_plots(NODES | every, links, TODAY)[PLOT].done == "shown"
    assert ready_plots(NODES, [], TODAY) == {}
    assert ready_plots(NODES | {OWN: said}, [NetworkLink(before=OWN, after=AROUND)], TODAY) == {}


@pytest.mark.parametrize(
    ("link", "since"),
    [
        ({"lag": 30}, D(2025, 1, 31)),
        ({"lag": 30, "lag_unit": "working_day"}, D(2025, 2, 12)),
        ({"lag": -10}, D(2024, 12, 22)),
        ({"lag": 400}, None),
        ({"type": "FF"}, None),
        ({"type": "SS"}, None),
        ({"type": "SF"}, None),
    ],
)
def test_a_lag_runs_before_a_plot_is_ready_and_only_an_end_makes_it_so(link, since):
    nodes = NODES | {OWN: node(OWN, done="shown", done_on=D(2025, 1, 1))}
    found = ready_plots(nodes, [NetworkLink(before=OWN, after=PLOT, **link)], D(2025, 6, 1))
    assert {key: one.done_on for key, one in found.items()} == ({PLOT: since} if since else {})


def test_one_link_that_follows_no_end_keeps_a_plot_waiting():
    nodes = NODES | {key: node(key, done="shown", done_on=D(2025, 1, 1)) for key in (OWN, ASKED)}
    links = [NetworkLink(before=OWN, after=PLOT), NetworkLink(before=ASKED, after=PLOT, type="SS")]
    assert ready_plots(nodes, links, TODAY) == {}


def test_what_is_said_to_be_reached_this_month_is_reached_by_the_known_day():
    nodes = NODES | {OWN: node(OWN, done="said", done_on=D(2025, 6, 30))}
    found = ready_plots(nodes, [NetworkLink(before=OWN, after=PLOT)], D(2025, 6, 10))
    assert found[PLOT].done_on == D(2025, 6, 10)


@pytest.fixture
def plot(country, promise):
    """A plot in the hub, whose opening is promised."""
    registry.place_save(by=country.by, code="plot_1", name="Plot 1", type="plot", parent="aktau_hub")
    promise("2023-10-27", "end of 2026")
    return country.by


def now():
    return network_now(AsKnown(TODAY))


@pytest.mark.django_db
def test_a_plot_has_the_date_of_the_place_around_then_of_an_instruction_then_its_own(
    plot, instruction, django_assert_max_num_queries
):
    assert now().nodes[PLOT].due_by == "milestone:aktau_hub-open"
    instruction(subjects=["plot_1"])
    found = now().nodes[PLOT]
    assert (found.due_by, found.due) == ("instruction:I-1", D(2025, 12, 22))
    services.milestone_save(by=plot, code="plot_1-complete", subject="plot_1", name="Built", type="complete")
    services.promise_add(
        by=plot, milestone="plot_1-complete", as_said="2027-05-31", source="paper", said=D(2025, 1, 1)
    )
    with django_assert_max_num_queries(13):
        net = now()
    assert (net.nodes[PLOT].due_by, net.nodes[PLOT].due) == ("milestone:plot_1-complete", D(2027, 5, 31))
    assert {link.before for link in net.waits_for(PLOT)} == {"milestone:plot_1-complete"}


@pytest.mark.django_db
def test_an_instruction_tied_by_a_link_dates_a_plot_until_the_link_is_dropped(plot, instruction):
    instruction()
    ends = {"before": "instruction:I-1", "after": PLOT}
    services.link_add(by=plot, **ends, said=D(2025, 11, 27), source="paper")
    assert now().nodes[PLOT].due_by == "instruction:I-1"
    services.link_drop(by=plot, **ends, why="It does not", said=D(2025, 11, 28), source="paper")
    assert now().nodes[PLOT].due_by == "milestone:aktau_hub-open"


@pytest.mark.django_db
def test_a_plot_is_ready_once_the_hub_is_shown_to_be(plot, report):
    report("2026-10-01", "done", done_on=D(2026, 9, 30))
    found = now().nodes[PLOT]
    assert (found.done, found.done_on) == ("said", D(2026, 9, 30))


@pytest.mark.django_db
def test_a_plot_waits_out_the_lag_of_what_is_done(plot, report):
    report("2025-11-01", "done", done_on=D(2025, 10, 30))
    ends = {"before": "milestone:aktau_hub-open", "after": PLOT}
    services.link_add(by=plot, **ends, lag=3000, said=D(2025, 11, 27), source="paper")
    assert now().nodes[PLOT].done == ""


@pytest.mark.django_db
def test_the_part_around_a_milestone_dates_a_plot_as_the_whole_does(plot, instruction):
    instruction(subjects=["plot_1"])
    known = AsKnown(TODAY)
    centre = now().nodes["milestone:aktau_hub-open"]
    assert network_parts(known, around=centre).nodes[PLOT] == network_parts(known).nodes[PLOT]
    assert network_parts(known, around=centre).nodes[PLOT].due_by == "instruction:I-1"


@pytest.mark.django_db
def test_who_answers_for_a_plot_knows_what_was_ordered_of_it(plot, instruction):
    instruction(subjects=["plot_1"], executors=[("min_industry", "lead")])
    known = AsKnown(TODAY)

    def told(*bodies):
        return [row.code for row in instructions_of_plots(frozenset(bodies), known)]

    assert told("builder") == ["I-1"], "who manages the place around it"
    assert told("akimat") == ["I-1"], "the akimat of the region"
    assert told() == told("min_transport") == [], "whoever does not answer for it is told nothing"
    assert told("min_industry") == told("akimat", "min_industry") == [], "an executor has it among its turns"
    assert instructions_of_plots(frozenset({"akimat"}), AsKnown(D(2025, 11, 1))) == []
