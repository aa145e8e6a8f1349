"""Links of the delivery network in facts files: read, checked against what they name, written, refused."""

import pytest
from django.utils import timezone

from torap.delivery.models import DeliveryLink
from torap.delivery.selectors import network_now
from torap.intake.readers.row_links import named_by
from torap.intake.readers.yaml_rows import read_facts
from torap.intake.selectors import load_problems
from torap.intake.services import facts_apply, facts_trial
from torap.rules.known import AsKnown

NOW = AsKnown(timezone.localdate())
MILESTONES = [{"code": code, "subject": "hub", "name": code, "type": "other"} for code in "abcd"]


def link(name, before, after, **more):
    ends = {"from": f"milestone:{before}", "to": f"milestone:{after}"}
    return {"id": name, "source": "s1"} | ends | more


def pairs():
    return {(one.before[-1], one.after[-1]): one for one in network_now(NOW).links}


@pytest.fixture
def load(write, base, coordinator):
    """Load the small country with some links; returns the load."""

    def run(links=(), dropped=(), *, name="a.yaml", **more):
        rows = base | {
            "milestones": MILESTONES,
            "delivery_links": list(links),
            "dropped_links": list(dropped),
        }
        return facts_apply(by=coordinator, files=[(name, write(**rows | more))])

    return run


def test_links_are_written_with_all_they_say(load):
    load(
        [
            link(
                "l1",
                "a",
                "b",
                type="SS",
                lag=-2,
                lag_in="working_day",
                why={"en": "Why", "ru": "По", "kk": "Не"},
            )
        ]
    )
    found = pairs()["a", "b"]
    assert (found.type, found.lag, found.lag_unit, found.why) == (
        "SS",
        -2,
        "working_day",
        ("Why", "По", "Не"),
    )
    assert (found.key, found.source) == ("l1", "s1")


def test_a_dropped_link_is_taken_back_and_both_rows_stay(load):
    load([link("l1", "a", "b")], [link("d1", "a", "b", why="Not so")])
    assert pairs() == {}
    assert DeliveryLink.objects.count() == 2


def test_a_loop_is_refused_alone_and_the_rest_is_loaded(load):
    report = load([link("l1", "a", "b"), link("l2", "b", "a"), link("l3", "b", "c")])
    (problem,) = load_problems(report)
    assert (problem.key, problem.code, problem.params["refusal"], problem.field) == (
        "l2", "refused", "closes_loop", "from",
    )  # fmt: skip
    assert set(pairs()) == {("a", "b"), ("b", "c")}


def test_the_same_again_changes_nothing_and_another_saying_is_refused(load, write, base, coordinator):
    load([link("l1", "a", "b")])
    again = load([link("l1", "a", "b")], name="b.yaml")
    assert again.report["totals"]["new"] == 0
    changed = load([link("l1", "a", "b", lag=3)])
    assert [problem.code for problem in load_problems(changed)] == ["append_only_changed"]


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        (link("x", "a", "nothing"), "unknown_reference", "to"),
        (link("x", "a", "a"), "link_to_itself", "to"),
        (link("x", "a", "b", lag=9999), "out_of_range", "lag"),
        (link("x", "a", "b", type="AB"), "not_in_list", "type"),
        (link("x", "a", "b") | {"from": "a"}, "bad_form", "from"),
        (link("x", "a", "b") | {"from": "utility:nowhere/gas"}, "unknown_reference", "from"),
        (link("x", "a", "b") | {"from": "instruction:I-9"}, "unknown_reference", "from"),
        (link("x", "a", "b") | {"from": "step:nowhere/P04a/4"}, "unknown_reference", "from"),
        (link("x", "a", "b", said="2026-01-01"), "said_after_source", "said"),
        ({"id": "x", "source": "s1", "to": "milestone:a"}, "field_missing", "from"),
    ],
)
def test_a_bad_row_is_told_with_its_field(load, row, code, field):
    (problem,) = load_problems(load([row]))
    assert (problem.code, problem.field) == (code, field)
    assert not DeliveryLink.objects.exists()


def test_a_link_falls_with_the_milestone_it_names(load):
    report = load(
        [link("l1", "a", "bad")],
        milestones=[*MILESTONES, {"code": "bad", "subject": "hub", "name": "Bad", "type": "castle"}],
    )
    assert [problem.code for problem in load_problems(report)] == ["not_in_list", "depends_on_failed"]


def test_a_trial_writes_nothing(write, base, coordinator):
    content = write(**base | {"milestones": MILESTONES, "delivery_links": [link("l1", "a", "b")]})
    trial = facts_trial(by=coordinator, files=[("a.yaml", content)])
    assert trial.preview.total("refused") == 0
    assert not DeliveryLink.objects.exists()


def test_an_invented_file_writes_invented_links(load, write, coordinator):
    load()
    rows = {"delivery_links": [link("i1", "c", "d") | {"source": "s1"}]}
    facts_apply(by=coordinator, files=[("b.yaml", write(**rows, invented=True))])
    assert pairs() == {}
    assert len(network_now(NOW, invented=True).links) == 1


def test_keys_name_rows_of_other_sections():
    assert named_by("milestone:x-1") == ("milestones", "x-1")
    assert named_by("utility:hub/gas") == ("places", "hub")
    assert named_by("step:hub/P04a/5a") == ("subjects", "hub")
    facts = read_facts("a.yaml", b"format: torap-facts/1\ndelivery_links: 5\n")
    assert [problem.code for problem in facts.problems] == ["list_expected"]
