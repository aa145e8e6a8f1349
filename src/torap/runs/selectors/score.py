"""How kept forecasts stood up, from the log alone; and the back-test as a run kept it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone

from torap.common.errors import NotFound
from torap.delivery.selectors import Node, network
from torap.engines.reference.score import Judged, Score, calibration, score_of
from torap.ledger.memo import while_unchanged
from torap.rules.known import AsKnown
from torap.runs.backtest import class_of
from torap.runs.frozen import HORIZON_DAYS, unpack
from torap.runs.model_score import CalibrationBin, NetworkScore, ScoreRow, ScoreTable
from torap.runs.models import Basis, Forecast, Run, RunKind, RunResult
from torap.runs.selectors.runs import newest_run, run_get, shown_on

COLUMNS = (
    "key",
    "run__known_on",
    "run__recorded_at",
    "heard_on",
    "due",
    "p10",
    "p50",
    "p80",
    "chance",
    "class_code",
    "holder",
    "beyond",
)
ALL = "all"
KEPT_WITHIN = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A forecast that was kept, judged by what is known now."""

    judged: Judged
    class_code: str
    holder: str
    run: dt.date


@while_unchanged
def score_table(known: AsKnown, *, invented: bool = False) -> ScoreTable:
    """The score of every forecast kept by done runs up to the day, judged by what is known on it.

    Recomputable: a function of the forecasts' rows and of the ledger. A forecast counts when something was
    heard of its node since, and when it was kept on the day it speaks from: a run made later for an earlier
    day is a replay, and replays are the back-test's. Two queries beside the network's.
    """
    nodes = network(known, invented=invented).nodes
    kept = [one for row in _rows(known, invented) if (one := _judge(row, nodes)) is not None]
    judged = [one.judged for one in kept]
    return ScoreTable(
        whole=_row(ALL, score_of(judged)),
        classes=_grouped(kept, lambda one: class_of(one.class_code)),
        holders=_grouped(kept, lambda one: one.holder),
        baselines=(),
        calibration=tuple(_bin(asdict(one)) for one in calibration(judged)),
        known_on=known.day,
        runs=len({one.run for one in kept}),
    )


def _rows(known: AsKnown, invented: bool) -> Iterable[tuple[Any, ...]]:
    runs = Run.objects.filter(shown_on(known), kind=RunKind.FORECAST, result__isnull=False, invented=invented)
    rows = Forecast.objects.filter(run__in=runs, invented=invented)
    found = rows.exclude(basis__in=[Basis.DONE, Basis.NONE]).order_by("run__known_on", "run_id", "key")
    return found.values_list(*COLUMNS).iterator(chunk_size=5000)


def _judge(row: tuple[Any, ...], nodes: Mapping[str, Node]) -> _Kept | None:
    """A forecast against what was heard of its node after the day it knew; None where nothing was.

    What turns out to have been reached in the silence before that day counts too: percentiles on the day
    itself said "by now", and cost nothing then.
    """
    key, made, kept, heard, due, p10, p50, p80, chance, class_code, holder, beyond = row
    node = nodes.get(key)
    if node is None or timezone.localdate(kept) > made + KEPT_WITHIN:
        return None
    ended = node.done_on if node.done else node.heard
    if ended is None or (not node.done and ended <= made) or (node.done and ended < (heard or made)):
        return None
    came = float((ended - made).days)
    days = {share: _days(day, made, came) for share, day in ((0.1, p10), (0.5, p50), (0.8, p80))}
    return _Kept(
        judged=Judged(
            quantiles=days,
            chance=chance,
            due_days=float((due - made).days) if due else None,
            outcome_days=came,
            done=bool(node.done),
            node=key,
            bounds=frozenset(int(name[1:]) / 100 for name in beyond or ()),
        ),
        class_code=class_code,
        holder=holder,
        run=made,
    )


def _days(day: dt.date | None, made: dt.date, came: float) -> float:
    """Days from the day a forecast was made; what lay beyond the horizon counts as the horizon, "by now" as
    the day it `came` where that was before."""
    if day is None:
        return float(HORIZON_DAYS)
    days = float((day - made).days)
    return min(days, came) if days <= 0 else days


def _grouped(kept: Iterable[_Kept], name: Callable[[_Kept], str]) -> tuple[ScoreRow, ...]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in kept:
        groups[name(one)].append(one.judged)
    return tuple(_row(group, score_of(rows)) for group, rows in sorted(groups.items()))


def _row(group: str, score: Score) -> ScoreRow:
    return ScoreRow(
        group=group,
        n=score.n,
        nodes=score.nodes,
        reached=score.reached,
        pinball=dict(score.pinball),
        pinball_n=score.pinball_n,
        pinball_least=dict(score.pinball_least),
        brier=score.brier,
        brier_n=score.brier_n,
        held=score.held,
        coverage=score.coverage,
        coverage_n=score.coverage_n,
        told=dict(score.told),
        early=score.early,
        early_n=score.early_n,
    )


@while_unchanged
def backtest_table(known: AsKnown, *, run: str = "", invented: bool = False) -> ScoreTable | None:
    """The back-test of a run (code), or the newest one that page of that day may show; None without one.
    Three queries."""
    found = run_get(run, known) if run else newest_run(known, invented=invented, kind=RunKind.BACKTEST)
    if found is None:
        return None
    packed = RunResult.objects.filter(run__code=found.code).values_list("content", flat=True).first()
    if packed is None or found.kind != RunKind.BACKTEST:
        raise NotFound("not_found", field="run", entity="backtest", value=found.code)
    report = unpack(packed)
    return ScoreTable(
        whole=_kept_row(report["whole"]),
        classes=tuple(_kept_row(row) for row in report["classes"]),
        holders=tuple(_kept_row(row) for row in report["holders"]),
        baselines=tuple(_kept_row(row) for row in report["baselines"]),
        choices=tuple(_kept_row(row) for row in report["tried"]),
        calibration=tuple(_bin(row) for row in report["calibration"]),
        known_on=found.known_on,
        runs=1,
        run=found.code,
        untold=report["untold"],
        cases=tuple(report["list"]),
        network=_network_score(report.get("network")),
    )


def _network_score(found: Mapping[str, Any] | None) -> NetworkScore | None:
    if found is None:
        return None
    return NetworkScore(
        rows=tuple(_kept_row(row) for row in found["rows"]),
        calibration=tuple(_bin(row) for row in found["calibration"]),
        days=found["days"],
        days_left_out=found["days_left_out"],
        trials=found["trials"],
        seed=found["seed"],
        cases=tuple(found["list"]),
    )


def _kept_row(row: Mapping[str, Any]) -> ScoreRow:
    values = dict(row)
    for name in ("pinball", "pinball_least", "told"):
        values[name] = {float(share): value for share, value in row.get(name, {}).items()}
    return ScoreRow(**values)


def _bin(row: Mapping[str, Any]) -> CalibrationBin:
    return CalibrationBin(**row)
