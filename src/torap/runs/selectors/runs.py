"""Runs: which there are, how far they are, which one a page shows, and two of them side by side."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Case, Q, QuerySet, Value, When

from torap.common.errors import NotFound
from torap.common.known import end_of
from torap.ledger.memo import while_unchanged
from torap.rules.known import AsKnown
from torap.runs.frozen import unpacked
from torap.runs.model import SAMPLING, SEED, TRIALS, ForecastLine, RunLine, Shift
from torap.runs.models import Run, RunKind, State
from torap.runs.selectors.lines import run_line


def _runs() -> QuerySet[Run]:
    return Run.objects.select_related("progress", "result", "scenario", "base").defer(
        "content", "result__content", "base__content"
    )


def run_list(
    known: AsKnown | None = None, *, kind: str = "", scenario: str = "", limit: int = 50
) -> list[RunLine]:
    """Runs, the newest first; with `known` those that a page of that day may show. One query."""
    rows = _runs().order_by("-recorded_at", "-pk")
    if kind:
        rows = rows.filter(kind=kind)
    if scenario:
        rows = rows.filter(scenario__code=scenario)
    if known is not None:
        rows = rows.filter(shown_on(known))
    return [run_line(row) for row in rows[:limit]]


def run_get(code: str, known: AsKnown | None = None) -> RunLine:
    """One run; with `known` one that a page of that day may show; NotFound otherwise. Never kept: how far it
    is changes without an event."""
    return run_line(run_row(code, known))


@while_unchanged
def run_made(code: str) -> RunLine:
    """One run for who reads what it foretold: of one that is done nothing changes any more. NotFound
    otherwise. One query."""
    return run_get(code)


def run_row(code: str, known: AsKnown | None = None) -> Run:
    """The row of a run; NotFound otherwise."""
    rows = _runs() if known is None else runs_shown(known)
    found = rows.filter(code=code).first()
    if found is None:
        raise NotFound("not_found", field="code", entity="run", value=code)
    return found


def run_input(code: str, known: AsKnown | None = None) -> Iterator[bytes]:
    """The frozen input of a run as canonical JSON, part by part: its SHA-256 is that of the run. NotFound for
    a run that a page of that day may not show. Two queries."""
    found = run_row(code, known)
    return unpacked(Run.objects.values_list("content", flat=True).get(pk=found.pk))


@while_unchanged
def newest_run(known: AsKnown, *, invented: bool = False, kind: str = RunKind.FORECAST) -> RunLine | None:
    """The run pages of that day show (see `pictured`) of those that are done. One query."""
    rows = _runs().filter(shown_on(known), kind=kind, invented=invented, result__isnull=False)
    found = pictured(rows).first()
    return run_line(found) if found else None


def pictured(rows: QuerySet[Run]) -> QuerySet[Run]:
    """The run that pages show first: of those with the settings of the nation the newest of the newest day;
    experiments with other settings (see `RunLine.national`) only after all of them."""
    least = Q(kind=RunKind.BACKTEST) | Q(trials__gte=TRIALS)  # a back-test makes fewer of each day
    national = When(least, seed=SEED, sampling=SAMPLING, then=Value(0))
    return rows.order_by(Case(national, default=Value(1)), "-known_on", "-pk")


def coming_run(known: AsKnown, *, invented: bool = False, kind: str = RunKind.FORECAST) -> RunLine | None:
    """The newest run that has given nothing yet: it waits, is being computed, or failed; not one that
    somebody stopped. One query."""
    rows = _runs().filter(shown_on(known), kind=kind, invented=invented, result__isnull=True)
    rows = rows.exclude(progress__state=State.STOPPED)
    found = rows.order_by("-known_on", "-pk").first()
    return run_line(found) if found else None


def runs_shown(known: AsKnown) -> QuerySet[Run]:
    """Runs that a page of that day may show, with how far they are."""
    return _runs().filter(shown_on(known))


def shown_on(known: AsKnown) -> Q:
    """The runs a page of that day may show: those that know no later day, and by the auditors' clock were
    made by then."""
    shown = Q(known_on__lte=known.day)
    return shown & Q(recorded_at__lt=end_of(known.day)) if known.clock == "recorded" else shown


def shifts_between(
    before: dict[str, ForecastLine], after: dict[str, ForecastLine], *, averages: bool = True
) -> list[Shift]:
    """Every node of either set, those that move most first.

    `averages` only where one set is that of the other with changes made: the same trials, so the average says
    what the changes do. Of two inputs it would say how their tails differ, of which nothing was seen.
    """
    rows = [_shift(key, before.get(key), after.get(key), averages) for key in sorted({*before, *after})]
    return sorted(rows, key=_weight)


def _shift(key: str, before: ForecastLine | None, after: ForecastLine | None, averages: bool) -> Shift:
    days: dict[str, int | None] = {"p50": None, "p80": None}
    chance = mean = None
    if before and after:
        for share in (50, 80):
            old, new = before.told(share), after.told(share)
            days[f"p{share}"] = (new - old).days if old and new else None
        if before.chance is not None and after.chance is not None:
            chance = round(after.chance - before.chance, 6)
        if averages and before.mean_left is not None and after.mean_left is not None:
            mean = round(after.mean_left - before.mean_left, 2)
    return Shift(
        key=key,
        before=before,
        after=after,
        p50_days=days["p50"],
        p80_days=days["p80"],
        chance_change=chance,
        mean_days=mean,
    )


def _weight(row: Shift) -> tuple[float, float, float, float, str]:
    return (
        -abs(row.chance_change or 0.0),
        -abs(row.mean_days or 0.0),
        -abs(row.p50_days or 0),
        -abs(row.p80_days or 0),
        row.key,
    )
