"""Baselines: what is frozen in one, and what changed between two of them or since."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torap.common.errors import NotFound
from torap.delivery.models import Baseline, Milestone
from torap.delivery.selectors.milestones import milestone_states
from torap.rules.intervals import months_between
from torap.rules.known import AsKnown

FORMAT = "torap-baseline/1"


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
    """Two sets of promises side by side. `until` is None when compared with the promises in force."""

    since: Baseline
    until: Baseline | None
    rows: tuple[BaselineChange, ...]
    intact: bool

    def of_kind(self, kind: str) -> tuple[BaselineChange, ...]:
        """The rows of one kind."""
        return tuple(row for row in self.rows if row.kind == kind)


def baseline_list(known: AsKnown) -> list[Baseline]:
    """Baselines taken by that day, newest first."""
    return list(Baseline.objects.filter(taken_on__lte=known.day).order_by("-taken_on", "-pk"))


def baseline_get(code: str) -> Baseline:
    """One baseline; NotFound otherwise."""
    found = Baseline.objects.filter(code=code).first()
    if found is None:
        raise NotFound("not_found", field="code", entity="baseline", value=code)
    return found


def baseline_content(known: AsKnown) -> dict[str, Any]:
    """The promise in force of every milestone that has one, with the statuses of the day."""
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
        if state.current is not None and not state.milestone.invented
    }
    return {"format": FORMAT, "as_known_on": known.day.isoformat(), "milestones": rows}


def content_sha256(content: Mapping[str, Any]) -> str:
    """The hash by which a baseline is known: of its content in one canonical spelling."""
    spelled = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()


def baseline_compare(code: str, known: AsKnown, *, other: str | None = None) -> BaselineComparison:
    """What moved between a baseline and another one, or the promises in force as known on that day."""
    since = baseline_get(code)
    until = baseline_get(other) if other else None
    before = _latest(since.content)
    after = _latest(until.content if until else baseline_content(known))
    names = {row.code: row.name for row in Milestone.objects.filter(code__in=before.keys() | after.keys())}
    rows = [
        _change(key, names.get(key, key), before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
    ]
    intact = all(content_sha256(row.content) == row.sha256 for row in (since, until) if row is not None)
    return BaselineComparison(since=since, until=until, rows=tuple(rows), intact=intact)


def _latest(content: Mapping[str, Any]) -> dict[str, dt.date]:
    return {code: dt.date.fromisoformat(row["latest"]) for code, row in content["milestones"].items()}


def _change(code: str, name: str, before: dt.date | None, after: dt.date | None) -> BaselineChange:
    if before is None or after is None:
        kind, months = ("added" if before is None else "gone"), None
    else:
        kind, months = ("same" if before == after else "moved"), months_between(before, after)
    return BaselineChange(code=code, name=name, kind=kind, before=before, after=after, months=months)
