"""Two runs side by side: what differs, dates and targets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from torap.common.errors import BadInput, NotFound
from torap.ledger.memo import while_unchanged
from torap.rules.known import AsKnown
from torap.runs.model import ForecastLine, RunComparison, RunLine
from torap.runs.models import Forecast, Run
from torap.runs.selectors.lines import forecast_line, holders_of
from torap.runs.selectors.runs import run_get, run_made, shifts_between
from torap.runs.selectors.targets import moved_counts, runs_told, target_shifts, targets_of

# Where all of these are the same in both runs, nothing of a date moves (`Shift.moved`).
TOLD = (
    "p50", "p80", "beyond", "untold", "chance", "mean_left", "due", "first_due", "said", "done_by", "basis",
)  # fmt: skip
ASKED_BY_KEY = 500  # more dates than this are not asked for one by one


def run_compare(a: str, b: str, known: AsKnown | None = None) -> RunComparison:
    """Run `b` against run `a`, nodes that move most first. Constant queries.

    NotFound for one that has no dates (it is not done, or replays the past), with `known` also for one that a
    page of that day may not show; BadInput where one of them is invented and the other is not.
    """
    first, second = run_get(a, known), run_get(b, known)
    for run in (first, second):
        if not run.dated:
            raise NotFound("not_found", field="code", entity="run", value=run.code)
    if first.invented != second.invented:
        raise BadInput("invented_mixed", field="b", value=second.code)
    return _compared(a, b)


@while_unchanged
def _compared(a: str, b: str) -> RunComparison:
    """Of two runs that are done, which nothing changes any more."""
    first, second = run_made(a), run_made(b)
    nodes, keys = _differing(first, second)
    lines = _lines(first, second, keys)
    shifts = shifts_between(lines[first.code], lines[second.code], averages=_changed(first, second))
    moved = tuple(row for row in shifts if row.moved)
    told = runs_told([first.code, second.code])
    targets = target_shifts(*(targets_of(*told[run.code]) for run in (first, second)))
    numbers = [(run.seed, run.trials, run.sampling) for run in (first, second)]
    return RunComparison(
        a=first,
        b=second,
        moved=moved,
        same=nodes - len(moved),
        same_input=first.sha256 == second.sha256,
        same_numbers=numbers[0] == numbers[1],
        counts=moved_counts(moved, targets),
        targets=targets,
    )


def _changed(first: RunLine, second: RunLine) -> bool:
    """Whether one is the other with changes made, or both are changes of one base, with the same numbers."""
    return bool({first.base, first.code} & {second.base, second.code} - {""})


def _differing(first: RunLine, second: RunLine) -> tuple[int, set[str]]:
    """How many nodes either run knows, and the keys of those of which not the same is told. One query: of a
    nation most dates stand still, and to make a line of each takes a second."""
    rows = Forecast.objects.filter(run__code__in={first.code, second.code})
    told: dict[str, dict[str, tuple[object, ...]]] = defaultdict(dict)
    for run, key, *values in rows.values_list("run__code", "key", *TOLD):
        told[run][key] = tuple(tuple(one) if isinstance(one, list) else one for one in values)
    before, after = told[first.code], told[second.code]
    keys = before.keys() | after.keys()
    return len(keys), {key for key in keys if before.get(key) != after.get(key)}


def _lines(first: RunLine, second: RunLine, keys: Collection[str]) -> dict[str, dict[str, ForecastLine]]:
    """The forecasts of these nodes by run and key. Three queries, none without keys."""
    runs = {run.code: run for run in (first, second)}
    lines: dict[str, dict[str, ForecastLine]] = {code: {} for code in runs}
    if not keys:
        return lines
    codes = dict(Run.objects.filter(code__in=runs).values_list("pk", "code"))
    rows = Forecast.objects.filter(run__in=list(codes))
    if len(keys) <= ASKED_BY_KEY:
        rows = rows.filter(key__in=keys)
    found = [row for row in rows if row.key in keys]
    holders = holders_of(row.holder for row in found)
    for row in found:
        run = runs[codes[row.run_id]]
        lines[run.code][row.key] = forecast_line(row, holders, run)
    return lines
