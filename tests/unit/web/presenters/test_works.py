"""A work of a schedule is told with the milestone it belongs to."""

from dataclasses import replace

import pytest

from torap.delivery import services as delivery
from torap.registry import services as registry
from torap.web.presenters.forecasts import full_name, subject_names
from torap.web.presenters.works import milestone_of, milestones_above
from unit.web.presenters.lines import LINE

WORK = "activity:hub-open:700541dc25eb/6"


@pytest.fixture
def milestone(system):
    registry.place_save(by=system, code="hub", name={"en": "Hub"}, type="hub")
    return delivery.milestone_save(
        by=system, code="hub-open", subject="hub", name={"en": "Hub opened"}, type="open"
    )


def test_the_code_of_the_milestone_stands_in_the_key():
    assert milestone_of(WORK) == "hub-open"


def test_a_work_is_told_with_its_place_and_milestone(milestone, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert milestones_above([WORK, "milestone:hub-open", "activity:gone:1/A"]) == {
            WORK: "Hub: Hub opened"
        }
    line = replace(LINE, key=WORK, kind="activity", code=WORK.partition(":")[2], name="Fit-out", subject="")
    assert full_name(line, subject_names([line])) == "Hub: Hub opened: Fit-out"
    assert full_name(line, {}) == "Fit-out"


def test_without_works_nothing_is_asked(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert milestones_above(["milestone:hub-open"]) == {}
