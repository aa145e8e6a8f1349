"""A plan as bars: what is told of each percentile, and what of those beyond anything seen."""

import dataclasses
import datetime as dt

import pytest
from django.utils.translation import override

from torap.rules.known import AsKnown
from torap.runs.selectors import Gantt, GanttRow
from torap.web.forecast import plans

D = dt.date
KNOWN = AsKnown(D(2026, 11, 29))
ROW = GanttRow(
    key="milestone:hub-open", name="Hub opened", kind="milestone", start=None, first_due=D(2025, 6, 30),
    due=D(2026, 12, 31), done_on=None, p10=D(2026, 1, 1), p50=D(2027, 11, 2), p80=D(2027, 11, 2), chance=0.12,
    basis="class", holder=None, after=(), driving=False, beyond=("p10", "p50", "p80"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def of(**changes):
    return Gantt(run=None, known_on=D(2026, 11, 29), rows=(dataclasses.replace(ROW, **changes),))


def test_a_day_beyond_what_was_seen_is_only_not_before_and_nothing_once_it_has_passed():
    (row,) = plans.plan_rows(of(), KNOWN)
    assert (row["p10"], row["p50"]) == ("cannot be told", "not before 2 Nov 2027")
    (told,) = plans.plan_rows(of(beyond=()), KNOWN)
    assert told["p50"] == "2 Nov 2027"


def test_the_drawing_gets_days_told_and_days_not_before_apart():
    (bar,) = plans.plan_chart(of(beyond=("p80",)), KNOWN, invented=False)["rows"]
    assert (bar["p50"], bar["p80"], bar["not_before"]) == ("2027-11-02", None, {"p80": "2027-11-02"})
    assert (bar["p50_label"], bar["p80_label"]) == ("2 Nov 2027", "not before 2 Nov 2027")
    (bare,) = plans.plan_chart(
        of(p10=None, p50=None, p80=None, beyond=(), basis="none"), KNOWN, invented=False
    )["rows"]
    assert (bare["p50"], bare["not_before"], bare["note"]) == (None, {}, "no forecast")
    assert "p50_label" not in bare


def test_networks_of_a_place_are_told_apart_by_what_they_carry():
    gas = of(key="utility:hub/gas", name="Hub", kind="utility")
    more = of(key="utility:hub/gas/2027-12-31", name="Hub", kind="utility")
    assert plans.plan_rows(gas, KNOWN)[0]["name"] == "Hub: network: gas"
    assert plans.plan_chart(gas, KNOWN, invented=False)["rows"][0]["name"] == "Hub: network: gas"
    told = dict(zip(plans.CSV_HEADER, plans.csv_rows(more)[0], strict=True))
    assert told["name"] == "Hub: network: gas, 2027-12-31"
    assert plans.bar_name(ROW) == "Hub opened"


def test_a_day_that_may_have_come_already_is_no_day():
    found = of(beyond=("p80",), p50=D(2026, 11, 29), by_now=("p10", "p50"))
    (row,) = plans.plan_rows(found, KNOWN)
    assert (row["p10"], row["p50"], row["p80"]) == ("by now?", "by now?", "not before 2 Nov 2027")
    (bar,) = plans.plan_chart(found, KNOWN, invented=False)["rows"]
    assert bar["p50_label"] == "by now?"
    told = dict(zip(plans.CSV_HEADER, plans.csv_rows(found)[0], strict=True))
    assert (told["p10"], told["p50"], told["p80"]) == (None, None, D(2027, 11, 2))
    assert (told["not_before"], told["by_now"]) == (["p80"], ["p10", "p50"])
    passed = dict(zip(plans.CSV_HEADER, plans.csv_rows(of())[0], strict=True))
    assert (passed["p10"], passed["p50"]) == (None, D(2027, 11, 2)), "not before a day that has passed"


def chain_of(*waits):
    """A plan of bars that are all forecast for the same day: each waits for some, with their shares."""
    rows = [  # fmt: skip
        dataclasses.replace(
            ROW,
            key=f"milestone:{name}",
            name=name,
            driving=True,
            after=tuple((f"milestone:{one}", share) for one, share in before),
        )
        for name, before in waits
    ]
    return Gantt(run=None, known_on=D(2026, 11, 29), rows=tuple(rows))


def test_what_drives_the_end_is_named_in_the_order_it_has_to_come_though_days_are_the_same():
    found = chain_of(
        ("built", [("launch", 0.6)]), ("launch", []), ("open", [("built", 0.6), ("launch", 0.0)])
    )
    assert [row.name for row in plans.ending(found)] == ["launch", "built", "open"]
    assert [row.name for row in plans.ending(chain_of(("alone", [("elsewhere", 0.4)])))] == ["alone"]
    assert plans.ending(of()) == []


def test_a_day_that_has_passed_can_be_held_no_more_and_is_told_so():
    found = of(due=D(2025, 12, 31))
    (bar,) = plans.plan_chart(found, KNOWN, invented=False)["rows"]
    assert (bar["chance"], bar["note"]) == ("", "may have been kept without anybody saying so: 12 of 100")
    (row,) = plans.plan_rows(found, KNOWN)
    assert (row["chance"], row["earlier"]) == ("", bar["note"])
    assert plans.plan_rows(of(due=D(2025, 12, 31), chance=0.0), KNOWN)[0]["earlier"] == "its day has passed"
    assert plans.plan_rows(of(), KNOWN)[0]["chance"] == "12 %"
    assert plans.plan_rows(of(due=D(2025, 12, 31), chance=None), KNOWN)[0]["earlier"] == ""


def test_what_is_said_to_be_done_is_told_apart_from_what_evidence_shows():
    said, shown = (of(done_on=D(2025, 5, 1), basis="done", shown=one) for one in (False, True))
    assert plans.plan_chart(said, KNOWN, invented=False)["rows"][0]["status"] == "done_said"
    assert plans.plan_chart(shown, KNOWN, invented=False)["rows"][0]["status"] == "done_verified"
    assert plans.plan_rows(said, KNOWN)[0]["done_words"] == "said to be done"
    assert plans.plan_rows(shown, KNOWN)[0]["done_words"] == "done, verified"
