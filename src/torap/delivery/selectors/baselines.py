"""Baselines: what is frozen in one, and what changed between two of them or since."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from torap.common.errors import Conflict, NotFound
from torap.common.known import stored_before
from torap.delivery.models import Baseline, Milestone
from torap.delivery.selectors.milestones import milestone_states
from torap.rules.intervals import months_between
from torap.rules.known import AsKnown, Clock

FORMAT = "torap-baseline/2"


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineChange:
    """One milestone in two sets: `kind` is same, moved, added or gone; `months` later (earlier when
    negative)."""

    code: str
    name: str
    kind: str
    before: dt.date | None
    after: dt.date | None
    months: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineComparison:
    """Two sets of promises side by side. `until` is None when compared with the promises in force.

    `clock` is the one both sets were read by: like is compared with like.
    """

    since: Baseline
    until: Baseline | None
    clock: Clock
    rows: tuple[BaselineChange, ...]
    intact: bool

    def of_kind(self, kind: str) -> tuple[BaselineChange, ...]:
        """The rows of one kind."""
        return tuple(row for row in self.rows if row.kind == kind)


def baseline_list(known: AsKnown) -> list[Baseline]:
    """Baselines of that day or earlier, newest first; by the auditors' clock those stored by then."""
    by_clock = {"said": Q(taken_on__lte=known.day), "recorded": Q(recorded_at__lt=stored_before(known))}
    return list(Baseline.objects.filter(by_clock[known.clock]).order_by("-taken_on", "-pk"))


def baseline_get(code: str) -> Baseline:
    """One baseline; NotFound otherwise."""
    found = Baseline.objects.filter(code=code).first()
    if found is None:
        raise NotFound("not_found", field="code", entity="baseline", value=code)
    return found


def baseline_content(known: AsKnown) -> dict[str, Any]:
    """The promise in force of every real milestone that has one, with its statuses, by either clock."""
    rows = {
        state.code: {
            "promise": state.current.key,
            "earliest": state.current.earliest.isoformat() if state.current.earliest else None,
            "latest": state.current.latest.isoformat(),
            "as_said": state.current.as_said,
            "said": state.said.code,
            "evidenced": state.evidenced.code,
        }
        for state in milestone_states(known)
        if state.current is not None and not state.invented
    }
    return {
        "format": FORMAT,
        "as_known_on": known.day.isoformat(),
        "clock": known.clock,
        "milestones": rows,
    }


def clock_of(baseline: Baseline) -> Clock:
    """By which clock a baseline was frozen; the first format knew only when things were said."""
    return "recorded" if baseline.content.get("clock") == "recorded" else "said"


def content_sha256(content: Mapping[str, Any]) -> str:
    """The hash by which a baseline is known: of its content in one canonical spelling."""
    spelled = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()


def baseline_compare(code: str, known: AsKnown, *, other: str | None = None) -> BaselineComparison:
    """What moved between a baseline and another one, or the promises in force as known on that day.

    The promises in force are read by the clock of the baseline; Conflict when two baselines differ in theirs.
    """
    since = baseline_get(code)
    until = baseline_get(other) if other else None
    clock = clock_of(since)
    if until is not None and clock_of(until) != clock:
        raise Conflict("clocks_differ", field="against", value=until.code)
    before = _latest(since.content)
    after = _latest(until.content if until else baseline_content(AsKnown(known.day, clock)))
    names = {row.code: row.name for row in Milestone.objects.filter(code__in=before.keys() | after.keys())}
    rows = [
        _change(key, names.get(key, key), before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
    ]
    intact = all(content_sha256(row.content) == row.sha256 for row in (since, until) if row is not None)
    return BaselineComparison(since=since, until=until, clock=clock, rows=tuple(rows), intact=intact)


def _latest(content: Mapping[str, Any]) -> dict[str, dt.date]:
    return {code: dt.date.fromisoformat(row["latest"]) for code, row in content["milestones"].items()}


def _change(code: str, name: str, before: dt.date | None, after: dt.date | None) -> BaselineChange:
    if before is None or after is None:
        kind, months = ("added" if before is None else "gone"), None
    else:
        kind, months = ("same" if before == after else "moved"), months_between(before, after)
    return BaselineChange(code=code, name=name, kind=kind, before=before, after=after, months=months)
