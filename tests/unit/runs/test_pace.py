"""A schedule that goes faster: only what is left of it, and every value that may be drawn."""

from torap.engines.schedule.plan import Activity, Part, Plan
from torap.engines.schedule.uncertain import RiskPlan, Shape, Spread
from torap.runs.adapters.pace import paced


def test_what_is_left_is_scaled_and_what_is_done_is_not():
    plan = Plan(
        start=0,
        activities=(
            Activity(id="new", minutes=100, parts=(Part(calendar="c", minutes=60, remaining=60),)),
            Activity(id="begun", minutes=100, remaining=40, actual_start=5),
            Activity(id="over", minutes=100, actual_start=5, actual_finish=50),
        ),
    )
    spread = Spread(shape=Shape.TRIANGULAR, low=10, mode=20, high=40, values=(2, 4))
    risk = RiskPlan(plan=plan, durations={"new": spread})
    found = paced(risk, 0.5)
    new, begun, over = found.plan.activities
    assert (new.minutes, new.left, new.parts[0].minutes, new.parts[0].remaining) == (50, 50, 30, 30)
    assert (begun.minutes, begun.left) == (100, 20)
    assert over == plan.activities[2]
    drawn = found.durations["new"]
    assert (drawn.low, drawn.mode, drawn.high, drawn.values) == (5, 10, 20, (1, 2))
    assert paced(risk, 1.0) is risk
