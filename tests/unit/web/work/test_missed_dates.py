"""Dates a plan does not keep, in words."""

from dataclasses import replace

import pytest
from django.utils import translation

from torap.engines.schedule.limits import BOUNDS, PLAN_FINISH
from torap.engines.schedule.worktime import DAY
from torap.intake.schedules.missing import MissedLimit
from torap.web.work.missed_dates import LIMITS, missed_words

ROW = MissedLimit(
    id="B",
    place="B (Wall, row 2)",
    constraint="must_start",
    date=8 * 60,
    stands=DAY + 8 * 60,
    hours=8.0,
    days=1.0,
    of_start=True,
    code="driven",
    waits_for="A",
    waits_place="A (Pit, row 1)",
)


def test_every_limit_has_a_name():
    assert set(LIMITS) == {*(str(kind) for kind, bound in BOUNDS.items() if bound.above), PLAN_FINISH}


@pytest.mark.parametrize(
    ("change", "what", "why"),
    [
        ({}, "It starts 2 Jan 1970 08:00 (working days late: 1).", "It waits for A (Pit, row 1)."),
        ({"of_start": False}, "It finishes 2 Jan 1970 08:00", "Shorten what drives it"),
        ({"code": "undriven"}, "It starts", "No link drives it."),
        ({"code": "against_links"}, "Its links ask for a later start (working days: 1).", "held against"),
        ({"code": "plan_driven", "constraint": "plan_finish"}, "the plan must finish 1 Jan", "waits for"),
        (
            {"code": "plan_undriven", "constraint": "plan_finish"},
            "the plan must finish",
            "No link drives it.",
        ),
    ],
)
def test_what_is_told_of_a_missed_date(change, what, why):
    with translation.override("en"):
        told = missed_words(replace(ROW, **change))
    assert told["what"].startswith("B (Wall, row 2): ")
    assert what in told["what"]
    assert why in told["why"]
