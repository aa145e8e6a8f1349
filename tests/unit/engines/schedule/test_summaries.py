"""What lies below a summary, and how many links one of them may stand for."""

from __future__ import annotations

import pytest

from torap.engines.errors import EngineInputError
from torap.engines.schedule.columns import columns_of
from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Activity, Kind, Plan
from torap.engines.schedule.program import program_of
from torap.engines.schedule.summaries import leaves_of, spread
from torap.engines.schedule.uncertain import RiskPlan
from unit.engines.schedule.cases import link, plan, task

CHILDREN = {"S": ["A", "T", "X"], "T": ["B", "C"]}


def leaves(name: str) -> list[str]:
    return leaves_of(CHILDREN, {"A", "B", "C", "D"}, name)


def test_leaves_in_order_without_what_does_not_work() -> None:
    assert leaves("S") == ["A", "B", "C"]
    assert leaves("D") == ["D"]
    assert leaves("X") == []


def test_links_of_summaries_are_spread() -> None:
    made = spread([("D", "A"), ("D", "T"), ("T", "D")], CHILDREN.__contains__, leaves, str)
    assert list(made) == [(0, "D", "A"), (1, "D", "B"), (1, "D", "C"), (2, "B", "D"), (2, "C", "D")]


def large(count: int) -> Plan:
    """Two summaries of `count` activities and one link between them."""
    rows = [Activity(id=name, kind=Kind.SUMMARY) for name in ("S", "T")]
    rows += [task(f"{top}{i}", parent=top) for top in ("S", "T") for i in range(count)]
    return plan(*rows, links=(link("S FS T"),))


@pytest.mark.parametrize("made", [schedule, lambda plan: program_of(columns_of(RiskPlan(plan=plan)))])
def test_too_many_links_are_refused_alike_by_the_passes_and_the_trials(made: object) -> None:
    with pytest.raises(EngineInputError) as refused:
        made(large(2_300))  # type: ignore[operator]
    assert (refused.value.code, refused.value.where) == ("links_too_many", "S -> T")
