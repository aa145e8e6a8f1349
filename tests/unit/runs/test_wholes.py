"""A whole is late because a part of it is: the part is counted, the whole told."""

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from torap.delivery import services as delivery
from torap.delivery.selectors import Ref
from torap.registry import services as registry
from torap.runs.adapters import compute, plan_bases
from torap.runs.adapters.compute import computed, settings_of
from torap.runs.adapters.network import frozen_network
from torap.runs.adapters.plan_parts import end_of_day
from torap.runs.adapters.result import driving_shares, part_breaks
from torap.runs.adapters.wholes import wholes_of, wholes_watched
from torap.runs.model import Cause
from torap.runs.selectors.breaks import _holders, _preventers, with_part
from torap.runs.selectors.reasons import _bare
from unit.runs.conftest import promise
from unit.web.presenters.lines import LINE

D = dt.date
KNOWN = D(2026, 1, 1)
PART, WHOLE, RAIL = "milestone:part", "milestone:whole", "milestone:rail"


def body(code):
    return Ref(kind="organisation", code=code, name=code.title())


def link(before, rule="members", origin="template"):
    return {"from": before, "to": WHOLE, "lag_minutes": 0, "origin": origin, "why": rule}


def trials(*days):
    """Minutes at the end of these days of 2026, one for each trial."""
    return SimpleNamespace(
        finishes=np.array([end_of_day(D(2026, 1, 1) + dt.timedelta(days=d)) for d in days])
    )


def breaks(links, **goals):
    keys = {"part": PART, "whole": WHOLE, "rail": RAIL}
    days = {"part": D(2026, 1, 11), "whole": D(2026, 1, 21), "rail": D(2026, 1, 11)}
    content = {
        "nodes": [{"key": keys[name], "due": days[name].isoformat()} for name in goals],
        "links": links,
    }
    told = SimpleNamespace(basis={}, data_date=end_of_day(KNOWN))
    result = SimpleNamespace(goals={keys[name]: goal for name, goal in goals.items()}, watched={})
    return part_breaks(content, told, result)


def test_a_break_is_the_parts_only_where_it_drives_and_breaks_its_own_day():
    # both kept; the part alone late; both late; the whole late by itself while the part is late
    part, whole = trials(5, 15, 30, 15), trials(8, 15, 30, 40)
    assert breaks([link(PART)], part=part, whole=whole) == {WHOLE: {PART: 0.25}}
    assert breaks([link(PART)], part=trials(5, 5, 9, 10), whole=whole) == {WHOLE: {PART: 0.0}}


def test_several_parts_share_a_trial():
    late = trials(30, 30)
    found = breaks([link(PART), link(RAIL)], part=late, rail=late, whole=late)
    assert found == {WHOLE: {PART: 0.5, RAIL: 0.5}}


@pytest.mark.parametrize("other", [link(RAIL, "stages"), link(RAIL, "members", "said")])
def test_what_is_said_of_links_and_stages_of_one_thing_makes_no_part(other):
    late = trials(30, 30)
    assert breaks([other], rail=late, whole=late) == {}


def line(key, holder="", chance=0.2, *causes):
    return replace(
        LINE, key=key, chance=chance, holder=body(holder) if holder else None, causes=tuple(causes)
    )


def part_of(key, share, late):
    return Cause(id=key, what="link", kind="part", share=share, late=late)


def test_a_whole_that_breaks_with_a_listed_part_is_counted_at_the_part():
    whole = line(WHOLE, "ministry", 0.1, part_of(PART, 0.8, 0.7))
    assert with_part(whole, {PART, WHOLE}) == PART
    assert with_part(whole, {WHOLE}) == "", "a part outside the list is not counted there"
    assert with_part(replace(whole, causes=(part_of(PART, 0.8, 0.3),)), {PART}) == "", "mostly by itself"
    assert whole.breaks_itself({PART}) == pytest.approx(0.2)
    assert whole.breaks_itself(()) == pytest.approx(0.9)


def test_the_sum_over_bodies_counts_no_break_twice():
    lines = [line(PART, "akimat", 0.3), line(WHOLE, "ministry", 0.1, part_of(PART, 0.8, 0.7))]
    rows = {row.holder.code: row for row in _holders(lines, {one.key: one for one in lines})}
    assert (rows["akimat"].own, rows["ministry"].own) == (1, 0)
    assert (rows["akimat"].expected, rows["ministry"].expected) == (0.7, 0.2)


def test_who_holds_up_a_part_can_prevent_the_whole():
    deep = line(RAIL, "rail", 0.2)
    part = line(PART, "akimat", 0.2, part_of(RAIL, 0.5, 0.4))
    whole = line(WHOLE, "ministry", 0.1, part_of(PART, 0.8, 0.7))
    by_key = {one.key: one for one in (deep, part, whole)}
    shares = {ref.code: share for ref, share in _preventers(whole, by_key)}
    assert shares == {
        "rail": pytest.approx(0.4), "akimat": pytest.approx(0.4), "ministry": pytest.approx(0.2)
    }  # fmt: skip
    by_key[PART] = replace(part, holder=None)
    shares = {ref.code: share for ref, share in _preventers(whole, by_key)}
    assert shares == {"rail": pytest.approx(0.4), "ministry": pytest.approx(0.6)}
    said = replace(whole, causes=(Cause(id=PART, what="link", share=0.8),))
    shares = {ref.code: share for ref, share in _preventers(said, {**by_key, PART: part})}
    assert shares["akimat"] == pytest.approx(0.8), "what is only waited for is no part"


def test_a_whole_outside_the_kept_causes_is_told_with_its_part_all_the_same():
    late = trials(30, 30)
    content = {
        "nodes": [
            {"key": PART, "due": "2026-01-11", "done_on": None},
            {"key": WHOLE, "due": "2026-01-21", "done_on": None},
            {"key": RAIL, "due": None, "done_on": None},
        ],
        "links": [link(PART), link(RAIL, "stages")],
        "known_on": KNOWN.isoformat(),
    }
    assert wholes_of(content) == [WHOLE]
    assert wholes_watched(content) == [WHOLE, PART, RAIL]
    assert wholes_watched(content, most=2) == [], "a whole without all it waits for tells nothing"
    told = SimpleNamespace(basis={}, data_date=end_of_day(KNOWN))
    watched = {key: late.finishes for key in (PART, WHOLE, RAIL)}
    result = SimpleNamespace(goals={}, watched=watched)
    assert part_breaks(content, told, result) == {WHOLE: {PART: 0.5}}
    assert driving_shares(content, told, result) == {WHOLE: {PART: 0.5, RAIL: 0.5}}
    told.basis[RAIL] = "done"
    assert part_breaks(content, told, result) == {WHOLE: {PART: 1.0}}, "what is reached holds up nobody"


def test_in_a_large_network_a_whole_has_the_very_shares_of_a_small_one(country, monkeypatch):
    """The hub is built by a project; of the large network no causes are kept at all."""
    registry.project_save(by=country.by, code="yard", name="Yard", type="infrastructure", place="hub")
    delivery.milestone_save(
        by=country.by, code="yard-open", subject="yard", name="Yard open", type="open", holder="builder"
    )
    promise(country.by, "yard-open", "2024-05-01", "2027-01-31")
    content = frozen_network(country.known)
    settings = settings_of(2_000, 1, "plain")
    small = {row["key"]: row for row in computed(content, settings).rows}
    monkeypatch.setattr(plan_bases, "GOALS", 0)
    monkeypatch.setattr(plan_bases, "NEXT_DUE", 0)
    monkeypatch.setattr(compute, "WATCHED", 0)
    large = {row["key"]: row for row in computed(content, settings).rows}
    key = "milestone:hub-open"
    links = [[one for one in rows[key]["drivers"] if one["what"] == "link"] for rows in (small, large)]
    assert links[0] == links[1]
    assert {one["id"] for one in links[1] if one.get("kind") == "part"} == {"milestone:yard-open"}
    assert next(one["late"] for one in links[1] if one.get("kind")) > 0
    assert not [one for one in large[key]["drivers"] if one["what"] not in {"link", "assumed"}]
    assert _bare(large[key]["drivers"])
    assert not _bare(small[key]["drivers"])
