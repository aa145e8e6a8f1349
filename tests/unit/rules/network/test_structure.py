"""What waits for what by structure: each rule, and where it draws nothing."""

import pytest

from torap.countries import load_stages
from torap.rules.network.structure import Point, Thing, places_around, places_in, structure

TEMPLATES = load_stages("kz")


def found(points, *things, **more):
    rows = structure(points, {thing.code: thing for thing in things}, TEMPLATES, **more)
    return {(tie.before, tie.after, tie.rule) for tie in rows.ties}


def broken(points, *things):
    rows = structure(points, {thing.code: thing for thing in things}, TEMPLATES)
    return {(tie.before, tie.after) for tie in rows.not_kept}


HUB = Thing(code="hub", kind="place", type="hub", programmes=("network",))
NETWORK = Thing(code="network", kind="programme")


def test_milestones_of_one_thing_follow_its_template():
    points = [Point("s", "hub", "start"), Point("p", "hub", "part"), Point("q", "hub", "part"),
              Point("o", "hub", "open")]  # fmt: skip
    assert found(points, HUB) == {
        ("s", "p", "stages"),
        ("s", "q", "stages"),
        ("p", "o", "stages"),
        ("q", "o", "stages"),
    }


def test_an_order_that_was_not_kept_binds_nobody_and_what_comes_after_still_waits():
    points = [
        Point("c", "hub", "complete", "under_way"),
        Point("o", "hub", "open", "done", done=True),
        Point("k", "hub", "capacity"),
    ]
    assert broken(points, HUB) == {("c", "o")}
    assert found(points, HUB) == {("c", "k", "stages"), ("o", "k", "stages")}


@pytest.mark.parametrize("word", ["under_way", "part_done"])
def test_a_word_of_progress_frees_nobody_from_what_must_be_whole_before(word):
    points = [Point("p", "hub", "part"), Point("c", "hub", "complete", word)]
    assert broken(points, HUB) == set()
    assert found(points, HUB) == {("p", "c", "stages")}


def test_a_word_that_was_taken_back_frees_nobody():
    points = [Point("p", "hub", "part"), Point("c", "hub", "complete", "done", done=False)]
    assert broken(points, HUB) == set()


def test_works_under_way_need_no_start_any_more():
    points = [Point("s", "hub", "start"), Point("c", "hub", "complete", "under_way")]
    assert broken(points, HUB) == {("s", "c")}
    done = [Point("s", "hub", "start", "done", done=True), Point("c", "hub", "complete", "under_way")]
    assert broken(done, HUB) == set()


def test_a_programme_waits_for_the_same_of_its_members_else_for_their_works():
    other = Thing(code="other", kind="place", type="hub", programmes=("network",))
    points = [
        Point("all", "network", "open"),
        Point("o", "hub", "open"),
        Point("c", "hub", "complete"),
        Point("d", "other", "complete"),
        Point("p", "other", "part"),
    ]
    ties = found(points, HUB, NETWORK, other)
    assert {tie for tie in ties if tie[2] == "members"} == {("o", "all", "members"), ("d", "all", "members")}


def test_a_member_without_such_a_milestone_is_spoken_for_by_the_places_in_it():
    port = Thing(code="port", kind="place", type="terminal", place="hub")
    pier = Thing(code="pier", kind="place", type="terminal", place="port")
    points = [
        Point("all", "network", "open"),
        Point("dredged", "hub", "complete"),
        Point("o1", "port", "open"),
        Point("o2", "pier", "open"),
    ]
    ties = found(points, HUB, NETWORK, port, pier)
    assert {("o1", "all", "members"), ("o2", "all", "members")} == {one for one in ties if one[1] == "all"}
    own = found([*points, Point("o", "hub", "open")], HUB, NETWORK, port, pier)
    assert {one for one in own if one[1] == "all"} == {("o", "all", "members")}


def test_the_capacity_of_a_place_waits_for_that_of_the_places_in_it_and_not_of_its_tenants():
    port = Thing(code="port", kind="place", type="terminal", place="hub")
    pier = Thing(code="pier", kind="place", type="terminal", place="port")
    tenant = Thing(code="mill", kind="project", type="investment", place="hub")
    points = [
        Point("all", "hub", "capacity"),
        Point("deep", "pier", "capacity"),
        Point("mill", "mill", "capacity"),
    ]
    assert found(points, HUB, port, pier, tenant) == {("deep", "all", "parts")}


def test_places_that_lie_in_one_another_end_the_search():
    ring = {
        "a": Thing(code="a", kind="place", place="b"),
        "b": Thing(code="b", kind="place", place="a"),
    }
    assert places_around("a", ring) == ["b"]
    assert places_in(ring) == {"b": ["a"], "a": ["b"]}


def test_a_place_opens_after_the_infrastructure_that_builds_it_and_not_after_its_tenants():
    road = Thing(code="road", kind="project", type="infrastructure", place="hub")
    shop = Thing(code="shop", kind="project", type="investment", place="hub")
    points = [Point("o", "hub", "open"), Point("r", "road", "complete"), Point("t", "shop", "complete")]
    assert found(points, HUB, road, shop) == {("r", "o", "builds")}


def test_a_target_waits_for_the_capacity_of_what_its_programme_holds():
    indicator = Thing(code="teu", kind="indicator", programmes=("network",), programme="network")
    points = [Point("t", "teu", "capacity"), Point("k", "hub", "capacity"), Point("o", "hub", "open")]
    ties = found(points, HUB, NETWORK, indicator)
    assert {tie for tie in ties if tie[2] == "indicator"} == {("k", "t", "indicator")}


def test_a_plot_waits_for_what_builds_it_else_for_what_builds_the_nearest_place_around_it():
    plot = Thing(code="plot_1", kind="place", type="plot", place="park")
    other = Thing(code="plot_2", kind="place", type="plot", place="park")
    park = Thing(code="park", kind="place", type="industrial_park", place="hub")
    points = [
        Point("fence", "plot_1", "complete"),
        Point("handed", "plot_1", "open"),
        Point("roads", "hub", "complete"),
        Point("opened", "hub", "open"),
        Point("begun", "park", "start"),
    ]
    things = {one.code: one for one in (HUB, plot, other, park)}
    rows = structure(points, things, TEMPLATES, plots=["plot_1", "plot_2", "plot_3"])
    ground = {(tie.before, tie.after) for tie in rows.ties if tie.rule == "ground"}
    assert ground == {("fence", "plot:plot_1"), ("roads", "plot:plot_2")}
    assert rows.grounds == {
        "plot:plot_1": (("fence",), ("roads",)),
        "plot:plot_2": ((), ("roads",)),
        "plot:plot_3": ((), ()),
    }


def test_what_builds_a_plot_does_not_wait_for_it():
    plot = Thing(code="plot_1", kind="place", type="plot", place="hub")
    road = Thing(code="road", kind="project", type="infrastructure", place="plot_1")
    points = [Point("c", "road", "complete"), Point("s", "road", "start"), Point("o", "plot_1", "open")]
    ties = found(points, HUB, plot, road, plots=["plot_1"])
    assert ("c", "o", "builds") in ties
    assert ("o", "plot:plot_1", "ground") in ties
    assert not {tie for tie in ties if tie[2] == "resident"}


def test_a_plot_is_ready_with_its_networks_and_its_project_starts_then():
    plot = Thing(code="plot_1", kind="place", type="plot", place="hub")
    far = Thing(code="plot_2", kind="place", type="plot", place="hub")
    plant = Thing(code="plant", kind="project", type="investment", place="plot_1")
    points = [Point("s", "plant", "start"), Point("c", "plant", "complete")]
    utilities = [("plot_1", "u1"), ("hub", "u2")]
    ties = found(points, HUB, plot, far, plant, utilities=utilities, plots=["plot_1", "plot_2"])
    assert {tie for tie in ties if tie[2] != "stages"} == {
        ("u1", "plot:plot_1", "networks"),
        ("u2", "plot:plot_2", "networks"),
        ("plot:plot_1", "s", "resident"),
    }


def test_stages_left_are_told_of_what_is_not_done():
    points = [Point("o", "hub", "open"), Point("d", "hub", "design", "done", done=True)]
    left = structure(points, {"hub": HUB}, TEMPLATES).left
    assert "d" not in left
    assert [stage.code for stage in left["o"][0]] == ["land", "conditions", "financing"]
    assert structure([Point("x", "nothing", "open")], {}, TEMPLATES).left == {}
