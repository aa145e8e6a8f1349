"""Milestones on their template: which waits for which, and the least that lies between."""

from hypothesis import given
from hypothesis import strategies as st

from torap.countries import load_stages
from torap.rules.network.order import least_days, order_pairs, stages_left

TEMPLATES = load_stages("kz").by_code
TYPES = ["design", "start", "part", "complete", "open", "capacity", "status", "other"]
HUB = TEMPLATES["hub"]


def ties(template, types):
    return {(pair.before, pair.after): pair.lag for pair in order_pairs(template, types)}


def test_the_general_order_has_no_durations():
    assert ties(TEMPLATES["general"], TYPES) == {
        ("design", "start"): 0,
        ("start", "part"): 0,
        ("part", "complete"): 0,
        ("complete", "open"): 0,
        ("open", "capacity"): 0,
    }


def test_what_is_missing_is_stepped_over_with_all_that_lies_between():
    """Start to open of a hub: 120 days of construction and 14 of commissioning at least."""
    assert ties(HUB, ["start", "open"]) == {("start", "open"): 134}
    assert ties(HUB, ["open"]) == {}
    assert ties(HUB, ["other", "open"]) == {}


def test_the_decree_of_a_zone_stands_before_its_works_and_not_before_those_of_a_hub():
    assert ("status", "start") in ties(TEMPLATES["zone"], TYPES)
    assert not [pair for pair in ties(HUB, TYPES) if "status" in pair]


def test_least_days_between_two_types():
    assert least_days(HUB, "complete", "capacity") == 44
    assert least_days(HUB, "capacity", "complete") is None
    assert least_days(HUB, "start", "start") is None
    assert least_days(HUB, "other", "open") is None


def test_stages_left_stand_only_where_no_milestone_does():
    alone = stages_left(HUB, ["open"], "open")
    assert [stage.code for stage in alone.stages][:2] == ["concept", "feasibility"]
    # concept 14, feasibility 30, design 45 (land 7), notice 1, construction 120, commissioning 14
    assert alone.shortest_days == 224
    behind_start = stages_left(HUB, ["start", "open"], "open")
    assert [stage.code for stage in behind_start.stages] == ["conditions", "networks"]
    assert behind_start.shortest_days == 3 + 60


def test_what_is_done_or_under_way_leaves_nothing_before_it():
    after_design = stages_left(HUB, ["open", "design"], "open", done=["design"])
    assert [stage.code for stage in after_design.stages] == ["land", "conditions", "financing"]
    assert stages_left(HUB, ["open"], "open", begun=["open"]).stages == ()
    assert stages_left(HUB, ["open", "complete"], "complete", begun=["open"]).shortest_days == 120
    assert stages_left(HUB, ["other"], "other").stages == ()


@given(template=st.sampled_from(sorted(TEMPLATES)), types=st.sets(st.sampled_from(TYPES)))
def test_any_milestones_of_any_template_are_in_an_order_without_loops(template, types):
    pairs = ties(TEMPLATES[template], types)
    assert all(lag >= 0 for lag in pairs.values())
    reach = {before: {after for first, after in pairs if first == before} for before in types}
    for _step in types:
        for before in types:
            reach[before] |= {last for after in reach[before] for last in reach[after]}
    assert not [name for name in types if name in reach[name]]
    for before, after in pairs:  # no tie says what two others say already
        assert not [middle for middle in reach[before] if middle != after and after in reach[middle]]


@given(
    template=st.sampled_from(sorted(TEMPLATES)),
    types=st.sets(st.sampled_from(TYPES), min_size=1),
    data=st.data(),
)
def test_more_known_never_lengthens_what_is_left(template, types, data):
    chosen = data.draw(st.sampled_from(sorted(types)))
    done = data.draw(st.sets(st.sampled_from(sorted(types))))
    plain = stages_left(TEMPLATES[template], types, chosen)
    known = stages_left(TEMPLATES[template], types, chosen, done=done)
    assert known.shortest_days <= plain.shortest_days
    assert {stage.code for stage in known.stages} <= {stage.code for stage in plain.stages}
