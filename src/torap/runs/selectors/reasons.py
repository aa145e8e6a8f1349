"""Why a node is forecast for its date: what it waits for, how often each thing drives it, what moves it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from torap.common.errors import NotFound
from torap.common.models import in_language
from torap.engines.schedule.worktime import DAY
from torap.ledger.memo import while_unchanged
from torap.runs.adapters.observed import thaw_classes
from torap.runs.adapters.plan_bases import GOALS
from torap.runs.model import ClassLine, ForecastLine, Why, WhyStep
from torap.runs.model_plan import Gantt, GanttRow
from torap.runs.models import Basis, Forecast
from torap.runs.selectors.classes import class_line, run_content
from torap.runs.selectors.lines import forecast_lines
from torap.runs.selectors.near import causes_at_hand, near
from torap.runs.selectors.runs import run_made

DEEPEST = 6
Links = dict[str, list[dict[str, Any]]]


@while_unchanged
def links_into(run: str) -> Links:
    """The links of a run's network by the node they lead into."""
    found: Links = defaultdict(list)
    for link in run_content(run)["links"]:
        found[link["to"]].append(link)
    return dict(found)


@while_unchanged
def why(run: str, key: str) -> Why:
    """The chain behind one forecast, nearest first; NotFound where the run has no such node. At most six
    queries."""
    into = links_into(run)
    steps = _upstream(into, key)
    lines = lines_of(run, {key, *(link["from"] for link, _depth in steps)}, moved=(key,))
    line = lines.get(key)
    if line is None:
        raise NotFound("not_found", field="key", entity="forecast", value=key)
    chain = driving_chain(key, lines)
    return Why(
        line=line,
        own=own_share(line),
        steps=tuple(_step(link, depth, lines, chain) for link, depth in steps),
        class_line=_class_of(run, line),
    )


def gantt(run: str, subject: str, *, wait: bool = True) -> Gantt:
    """The bars of one subject (code) and of what they wait for elsewhere, in the order of their dates. At
    most six queries. `wait` says whether to wait for what drives them where that takes seconds (`causes`
    is false when it is left out)."""
    if not wait:
        wait = causes_at_hand(run_made(run), open_keys(run, subject))
    return _gantt(run, subject, wait)


def open_keys(run: str, subject: str) -> frozenset[str]:
    """The nodes of a subject whose day is foretold in a run. One query."""
    rest = {Basis.DONE, Basis.NONE}
    return frozenset(key for key, basis in _own(run, subject).items() if basis not in rest)


@while_unchanged
def _own(run: str, subject: str) -> dict[str, str]:
    """What the forecast of each node of a subject rests on."""
    return dict(Forecast.objects.filter(run__code=run, subject=subject).values_list("key", "basis"))


@while_unchanged
def _gantt(run: str, subject: str, causes: bool) -> Gantt:
    found, keys = run_made(run), set(_own(run, subject))
    into = links_into(run)
    outside = {link["from"] for key in keys for link in into.get(key, ())} - keys
    lines = lines_of(run, keys | outside, moved=open_keys(run, subject) if causes else ())
    own = {key: lines[key] for key in keys}
    last = max(own.values(), key=_last, default=None)
    chain = driving_chain(last.key, lines) if last else []
    bars = [_bar(line, into, set(chain)) for line in sorted(lines.values(), key=_order)]
    return Gantt(run=found, rows=tuple(bars), known_on=found.known_on, causes=causes)


def lines_of(run: str, keys: set[str], *, moved: Collection[str] = ()) -> dict[str, ForecastLine]:
    """Forecasts of these nodes in a run. Three queries.

    Of a large network a run keeps no causes: those of the nodes `moved` and of what they wait for are
    computed, with the numbers of the run.
    """
    found = run_made(run)
    rows = list(Forecast.objects.filter(run__code=run, key__in=sorted(keys)))
    bare = {row.key for row in rows if row.basis not in {Basis.DONE, Basis.NONE} and _bare(row.drivers)}
    if bare & set(moved) and found.nodes > GOALS:
        causes = near(found, moved).causes
        for row in rows:
            row.drivers = (causes.get(row.key) if row.key in bare else None) or row.drivers
    return {line.key: line for line in forecast_lines(rows, found)}


def _bare(drivers: list[dict[str, Any]]) -> bool:
    """Whether of what moves a node at most its links are kept: of a whole they are for the sums."""
    return all(one["what"] in {"link", "assumed"} for one in drivers)


def driving_chain(key: str, lines: dict[str, ForecastLine]) -> list[str]:
    """From a node back along what drives it most often, as long as something else drives it at all."""
    chain = [key]
    while (line := lines.get(chain[-1])) is not None:
        links = [one for one in line.causes if one.what == "link" and one.share]
        best = max(links, key=lambda one: (one.share or 0.0, one.id), default=None)
        if best is None or best.id in chain:
            break
        chain.append(best.id)
    return chain


def own_share(line: ForecastLine) -> float:
    """The share of trials in which a node's own pace is what holds it up."""
    return max(0.0, round(1.0 - sum(one.share or 0.0 for one in line.causes if one.what == "link"), 6))


def _upstream(into: Links, key: str) -> list[tuple[dict[str, Any], int]]:
    found: list[tuple[dict[str, Any], int]] = []
    seen, front = {key}, [key]
    for depth in range(1, DEEPEST + 1):
        after: list[str] = []
        for node in front:
            for link in into.get(node, ()):
                found.append((link, depth))
                if link["from"] not in seen:
                    seen.add(link["from"])
                    after.append(link["from"])
        front = after
    return found


def _step(link: dict[str, Any], depth: int, lines: dict[str, ForecastLine], chain: list[str]) -> WhyStep:
    line, to = lines.get(link["from"]), lines.get(link["to"])
    share = next(
        (one.share for one in (to.causes if to else ()) if one.what == "link" and one.id == link["from"]), 0.0
    )
    ends = (link["to"], link["from"])
    return WhyStep(
        key=link["from"],
        to=link["to"],
        link=link["type"],
        lag_days=link["lag_minutes"] / DAY,
        depth=depth,
        drives=share or 0.0,
        chain=ends in zip(chain, chain[1:], strict=False),
        line=line,
        name=line.name if line else link["from"],
        why=in_language(*link["whys"]) if "whys" in link else link.get("why", ""),
    )


def _class_of(run: str, line: ForecastLine) -> ClassLine | None:
    content = run_content(run)
    classes = thaw_classes(content["classes"])
    found = classes.get(line.class_code)
    return class_line(found, content) if found else None


def _last(line: ForecastLine) -> tuple[dt.date, str]:
    return line.p80 or line.p50 or line.due or dt.date.min, line.key


def _order(line: ForecastLine) -> tuple[dt.date, str]:
    return line.done_on or line.p50 or line.due or dt.date.max, line.key


def _bar(line: ForecastLine, into: Links, chain: set[str]) -> GanttRow:
    shares = {one.id: one.share or 0.0 for one in line.causes if one.what == "link"}
    return GanttRow(
        key=line.key,
        name=line.name,
        kind=line.kind,
        start=line.said_on,
        first_due=line.first_due,
        due=line.due,
        done_on=line.done_on,
        p10=line.p10,
        p50=line.p50,
        p80=line.p80,
        chance=line.chance,
        basis=line.basis,
        holder=line.holder,
        after=tuple((link["from"], shares.get(link["from"], 0.0)) for link in into.get(line.key, ())),
        driving=line.key in chain,
        beyond=line.beyond,
        by_now=line.by_now,
        shown=line.done_by == "shown",
    )
