"""Reference classes as a run saw them: promises, curve with its interval, quantiles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from torap.common.errors import NotFound
from torap.engines.reference.classes import (
    Measure,
    ReferenceClass,
    days_left,
    not_reached,
    seen_until,
    share_seen,
)
from torap.engines.reference.curve import Curve
from torap.ledger.memo import while_unchanged
from torap.rules.known import AsKnown
from torap.runs.adapters.observed import thaw_classes
from torap.runs.leafing import Leaves
from torap.runs.model import ClassLine, CurvePoint
from torap.runs.models import Run
from torap.runs.selectors import later
from torap.runs.selectors.runs import newest_run, run_made

SHARES = (0.1, 0.2, 0.5, 0.8, 0.9)


@while_unchanged
def class_list(known: AsKnown, *, invented: bool = False) -> tuple[ClassLine, ...]:
    """Every class of the newest run, the broadest first; without their curves, which have thousands of steps
    in a nation. Two queries."""
    run = newest_run(known, invented=invented)
    if run is None:
        return ()
    content = run_content(run.code, run.sha256)
    classes = thaw_classes(content["classes"])
    rows = [class_line(one, content, curves=False) for one in classes.values()]
    return tuple(sorted(rows, key=lambda row: (row.code != "all", row.code.count("."), row.code)))


@while_unchanged
def class_get(code: str, known: AsKnown, *, invented: bool = False) -> ClassLine:
    """One class of the newest run, with its curves and its promises; NotFound without one. Two queries."""
    run = newest_run(known, invented=invented)
    content = run_content(run.code, run.sha256) if run else {"classes": []}
    found = thaw_classes(content["classes"]).get(code)
    if found is None:
        raise NotFound("not_found", field="code", entity="class", value=code)
    return class_line(found, content)


def run_content(code: str, sha256: str = "") -> Mapping[str, Any]:
    """The frozen input of a run; nobody changes it. What of it is asked for is read once, whatever is
    recorded later. `sha256`: of the run, where it is known."""
    found: Mapping[str, Any] = later.made(
        ("content", sha256 or run_made(code).sha256), partial(_content, code)
    )
    return found


def _content(code: str) -> Mapping[str, Any]:
    return Leaves(Run.objects.values_list("content", flat=True).get(code=code))


def class_line(reference: ReferenceClass, content: Mapping[str, Any], *, curves: bool = True) -> ClassLine:
    """A class as the pages are told, its curves only where they are wanted; quantiles are for the median lead
    time of the class, when said."""
    assumed = content["assumptions"]
    measure, horizon = Measure(assumed["measure"]), int(content["horizon_days"])
    shown = Measure.DAYS if measure is Measure.MIXTURE else measure
    left = days_left(
        reference,
        np.array(SHARES),
        lead_days=reference.lead_days,
        age_days=0,
        measure=measure,
        horizon_days=horizon,
    )
    end = seen_until(reference, lead_days=reference.lead_days, measure=measure)
    seen = share_seen(reference, lead_days=reference.lead_days, age_days=0, measure=measure)
    said = reference.says_something
    kept = not_reached(
        reference,
        np.array([float(reference.lead_days)]),
        lead_days=reference.lead_days,
        measure=measure,
    )
    parts = reference.code.split(".")
    return ClassLine(
        code=reference.code,
        kind=parts[0] if parts[0] != "all" else "",
        type=parts[1] if len(parts) > 1 else "",
        subject_kind=parts[2] if len(parts) > 2 else "",
        parent=reference.parent,
        n=reference.n,
        events=reference.events,
        censored=reference.censored,
        weight=_weight(reference, float(assumed["prior_weight"])),
        measure=str(measure),
        lead_days=reference.lead_days,
        kept_share=round(1.0 - float(kept[0]), 6) if said else None,
        quantiles={
            share: float(min(days, end) - reference.lead_days) if said and days < horizon else None
            for share, days in zip(SHARES, left, strict=True)
        },
        extrapolated=tuple(share for share in SHARES if said and share > seen),
        curve=points(reference.curves[shown]) if curves else (),
        own_curve=points(reference.own[shown]) if curves else (),
        invented=bool(content["invented"]),
        known_on=dt.date.fromisoformat(content["known_on"]),
        members=tuple(row for row in content.get("observed", ()) if reference.code in row["path"]),
    )


def points(curve: Curve) -> tuple[CurvePoint, ...]:
    """A curve step by step."""
    columns = (curve.at, curve.share, curve.low, curve.high, curve.at_risk, curve.events)
    return tuple(
        CurvePoint(
            at=float(at),
            share=float(share),
            low=float(low),
            high=float(high),
            at_risk=int(risk),
            events=int(n),
        )
        for at, share, low, high, risk, n in zip(*columns, strict=True)
    )


def _weight(reference: ReferenceClass, prior: float) -> float:
    return 1.0 if not reference.parent else round(reference.n / (reference.n + prior), 6)
