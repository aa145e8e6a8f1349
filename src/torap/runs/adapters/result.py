"""From what the trials gave to rows of forecasts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from torap.engines.schedule.uncertain import SHARES, DriverEffect, RiskResult
from torap.engines.schedule.worktime import DAY
from torap.runs.adapters.plan import Told
from torap.runs.adapters.plan_parts import day_at, end_of_day
from torap.runs.adapters.silence import Silence, heard_on, least_left
from torap.runs.adapters.wholes import is_part, links_in
from torap.runs.frozen import day_of
from torap.runs.model import PART

PERCENTILES = ("p10", "p20", "p50", "p80", "p90")
CAUSES_KEPT = 8
STAGES = "stages"  # the rule of links between milestones of one thing; their lags are the least of its stages
FIGURES = 6
COARSE = 1 / 32  # of the range between P10 and P90: what percentiles read from a histogram may differ by


def forecast_rows(
    content: Mapping[str, Any], told: Told, result: RiskResult | None, bounds: RiskResult | None = None
) -> list[dict[str, Any]]:
    """One row for each node of a frozen input, by key: the columns of a forecast. Without a result nothing
    is open. `bounds`: the trials in which what only a tail gives comes as early as it can; a percentile that
    is sooner in them rests on the rule for the tail, and only that it is not before that day is told."""
    if result is None:
        return [_blank(node, told.basis[node["key"]]) for node in content["nodes"]]
    at = {name: number for number, name in enumerate(result.ids)}
    known = dt.date.fromisoformat(content["known_on"])
    horizon = told.data_date + int(content["horizon_days"]) * DAY
    driving, wholes = driving_shares(content, told, result), part_breaks(content, told, result)
    parts = {(link["to"], link["from"]) for link in content["links"] if is_part(link)}
    gaps = _stage_lags(content)
    rows = []
    for node in content["nodes"]:
        key = node["key"]
        row = _blank(node, told.basis[key] if key in at or told.basis[key] == "done" else "none")
        if row["basis"] not in {"none", "done"}:
            row |= _found(key, at[key], result, horizon)
            row["mean_left"] = round((float(result.mean_finish[at[key]]) - told.data_date) / DAY, 2)
            if bounds is not None:
                row |= _bounded(key, at[key], result, bounds, horizon)
            row |= _untold(told.silent.get(key), row, result)
            row["heard_on"] = heard_on(node, known) if node["heard"] or node["said_on"] else None
            own = driving.get(key, {})
            assumed = [*gaps.get(key, ()), *_least(node, known, told.data_date, result)]
            row["drivers"] = [*_links(key, own, parts, wholes), *_gaps(assumed, own), *_effects(key, result)]
        rows.append(row)
    return rows


def _blank(node: Mapping[str, Any], basis: str) -> dict[str, Any]:
    return {
        "key": node["key"],
        "kind": node["kind"],
        "code": node["code"],
        "name_en": node["names"][0],
        "name_ru": node["names"][1],
        "name_kk": node["names"][2],
        "subject": node["subject"],
        "region": node["region"],
        "holder": node["holder"],
        "due": day_of(node["due"]),
        "first_due": day_of(node["first_due"]),
        "due_by": node.get("due_by"),
        "said_on": day_of(node["said_on"]),
        "done_on": day_of(node["done_on"]),
        "said": node.get("said"),
        "done_by": node.get("done_by"),
        "basis": basis,
        "class_code": node["class"],
        "class_n": node["class_n"],
        "seen": node["seen"],
        "invented": node["invented"],
        "heard_on": None,
        "untold": None,
        "chance": None,
        "chance_first": None,
        "drivers": [],
        "beyond": [],
        "mean_left": None,
        **dict.fromkeys(PERCENTILES),
    }


def _found(key: str, where: int, result: RiskResult, horizon: int) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name in PERCENTILES:
        minute = int(result.finish[where, SHARES.index(int(name[1:]))])
        row[name] = day_at(minute) if minute < horizon else None
    row["chance"] = _figure(result.meets.get(key))
    row["chance_first"] = _figure(result.meets.get(f"first:{key}", result.meets.get(key)))
    return row


def _bounded(key: str, where: int, result: RiskResult, bounds: RiskResult, horizon: int) -> dict[str, Any]:
    """The percentiles that rest on the rule for a tail, as the days before which they are not."""
    exact = key in result.watched and key in bounds.watched
    told, least = result.finish[where], bounds.finish[where]
    spread = int(told[SHARES.index(90)]) - int(told[SHARES.index(10)])
    near = 0 if exact else int(spread * COARSE)
    row: dict[str, Any] = {"beyond": []}
    for name in PERCENTILES:
        at = SHARES.index(int(name[1:]))
        minute = int(least[at])
        if minute < int(told[at]) - near:
            row["beyond"].append(name)
            row[name] = day_at(minute) if minute < horizon else None
    return row


def _untold(silence: Silence | None, row: Mapping[str, Any], result: RiskResult) -> dict[str, Any]:
    """The share of trials in which a node may have been reached already, and the chances to have held dates
    that lie before the known day: not above that share, however well its own kind did."""
    if silence is None:
        return {"untold": 0.0}
    untold = result.meets[silence.by] or 0.0
    found: dict[str, Any] = {"untold": _rounded(untold)}
    for name, due, passed in (
        ("chance", row["due"], silence.chance),
        ("chance_first", row["first_due"], silence.chance_first),
    ):
        if passed is not None:
            found[name] = _rounded(min(passed, untold))
        elif due is None and silence.by == row["key"]:
            found[name] = None
    return found


def driving_shares(content: Mapping[str, Any], told: Told, result: RiskResult) -> dict[str, dict[str, float]]:
    """For each node whose trials are kept: the share of trials in which each thing it waits for is what it
    waits for last. What it takes by itself has the rest; of several at once each has its part."""
    return {
        key: {
            link["from"]: _rounded(float(share))
            for link, share in zip(links, driven.mean(axis=1), strict=True)
            if share
        }
        for key, links, driven in _driven(content, told, result)
    }


def part_breaks(content: Mapping[str, Any], told: Told, result: RiskResult) -> dict[str, dict[str, float]]:
    """For each whole with a day still to come whose trials are kept: the share of trials in which a part of
    it breaks its own day, is what the whole waits for last, and the whole breaks its day; by part. What is
    said of links makes no part: only the structure of things does."""
    missed: dict[str, np.ndarray[Any, Any]] = {}
    kept = kept_trials(result)
    for row in content["nodes"]:
        due, finishes = day_of(row["due"]), kept.get(row["key"])
        if due is not None and finishes is not None and end_of_day(due) >= told.data_date:
            missed[row["key"]] = finishes > end_of_day(due)
    found: dict[str, dict[str, float]] = {}
    for key, links, driven in _driven(content, told, result):
        for link, share in zip(links, driven, strict=True):
            part = link["from"]
            if is_part(link) and key in missed and part in missed:
                late = float((share * missed[key] * missed[part]).mean())
                found.setdefault(key, {})[part] = _rounded(late)
    return found


def kept_trials(result: RiskResult) -> dict[str, np.ndarray[Any, Any]]:
    """The minute at which each node ended, by trial, of the nodes whose trials are kept."""
    return {**result.watched, **{key: goal.finishes for key, goal in result.goals.items()}}


def _driven(
    content: Mapping[str, Any], told: Told, result: RiskResult
) -> Iterator[tuple[str, list[Mapping[str, Any]], np.ndarray[Any, Any]]]:
    """Each goal, and each whole whose trials are kept with all it waits for, with the links that lead to it
    and what each drives: float64 (links, trials), 1 where it alone is what the node waits for last, a part of
    it where several are."""
    into, kept = links_in(content), kept_trials(result)
    still_open = {key for key in kept if told.basis.get(key) not in {"none", "done"}}
    wholes = {link["to"] for link in content["links"] if is_part(link)} - set(result.goals)
    shift = {row["key"]: max(0, int(row.get("shift_days", 0))) * DAY for row in content["nodes"]}
    for key in (*result.goals, *sorted(wholes & still_open)):
        there = result.goals if key in result.goals else kept
        links = [link for link in into.get(key, ()) if link["from"] in there and link["from"] in still_open]
        if not links or key not in still_open:
            continue
        ready = kept[key].astype(np.int64) - shift.get(key, 0)
        ends = [kept[link["from"]].astype(np.int64) + int(link["lag_minutes"]) for link in links]
        last = np.array([end >= ready for end in ends])
        yield key, links, last / np.maximum(last.sum(axis=0), 1)


def _stage_lags(content: Mapping[str, Any]) -> dict[str, list[tuple[str, int, None]]]:
    """By node the links that carry the least time of stages nobody has told of, and how many days."""
    found: dict[str, list[tuple[str, int, None]]] = defaultdict(list)
    for link in content["links"]:
        days = int(link["lag_minutes"]) // DAY
        if link["why"] == STAGES and days > 0:
            found[link["to"]].append((link["from"], days, None))
    return found


def _least(
    node: Mapping[str, Any], known: dt.date, data_date: int, result: RiskResult
) -> list[tuple[str, int, float]]:
    """The least time of a node's missing stages, and the share of trials in which nothing else is later."""
    key, days = node["key"], least_left(node, known)
    goal = result.goals.get(key)
    if goal is None or not days or node.get("fixed_on"):
        return []
    shift = max(0, int(node.get("shift_days", 0)))
    share = float((goal.finishes == data_date + (days + shift) * DAY).mean())
    return [(f"least:{key}", days, share)]


def _gaps(
    assumed: Iterable[tuple[str, int, float | None]], driving: Mapping[str, float]
) -> list[dict[str, Any]]:
    """What a date hangs on that nobody said: days of stages, with the share of trials in which they bind."""
    rows = []
    for name, days, own in assumed:
        share = driving.get(name, 0.0) if own is None else own
        if share:
            rows.append({"id": name, "what": "assumed", "days": days, "share": _rounded(share)})
    return rows


def _links(
    key: str,
    driving: Mapping[str, float],
    parts: Collection[tuple[str, str]],
    wholes: Mapping[str, Mapping[str, float]],
) -> list[dict[str, Any]]:
    rows = []
    for before, share in sorted(driving.items(), key=lambda pair: (-pair[1], pair[0])):
        row: dict[str, Any] = {"id": before, "what": "link", "share": share}
        if (key, before) in parts:
            row |= {"kind": PART, "late": wholes.get(key, {}).get(before, 0.0)}
        rows.append(row)
    return rows


def _effects(key: str, result: RiskResult) -> list[dict[str, Any]]:
    """What moves a node most; its own pace goes under the name of its class."""
    goal = result.goals.get(key)
    if goal is None:
        return []
    ordered = sorted(goal.effects, key=lambda one: (one.low_minutes - one.high_minutes, one.id))
    return [_effect(one) for one in ordered[:CAUSES_KEPT]]


def _effect(one: DriverEffect) -> dict[str, Any]:
    kind, _, name = one.id.partition(":")
    row: dict[str, Any] = {
        "id": one.id,
        "what": one.what,
        "low": round(one.low_minutes / DAY, 2),
        "high": round(one.high_minutes / DAY, 2),
        "share": None if one.share is None else _rounded(one.share),
    }
    return row | ({"kind": kind, "name": name} if one.what == "driver" else {})


def _rounded(value: float) -> float:
    return round(float(value), FIGURES)


def _figure(value: float | None) -> float | None:
    return None if value is None else _rounded(value)
