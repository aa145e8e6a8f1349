"""Two runs side by side: what differs, dates and targets."""

from __future__ import annotations

from torap.rules.known import AsKnown
from torap.runs.model import RunComparison, RunLine
from torap.runs.selectors.runs import run_get, run_lines, shifts_between
from torap.runs.selectors.targets import moved_counts, runs_told, target_shifts, targets_of


def _changed(first: RunLine, second: RunLine) -> bool:
    """Whether one is the other with changes made, or both are changes of one base, with the same numbers."""
    return bool({first.base, first.code} & {second.base, second.code} - {""})


def run_compare(a: str, b: str, known: AsKnown | None = None) -> RunComparison:
    """Run `b` against run `a`, nodes that move most first; with `known` NotFound for one that a page of that
    day may not show. Constant queries."""
    first, second = run_get(a, known), run_get(b, known)
    shifts = shifts_between(run_lines(first), run_lines(second), averages=_changed(first, second))
    moved = tuple(row for row in shifts if row.moved)
    told = runs_told([a, b])
    targets = target_shifts(*(targets_of(*told[run.code]) for run in (first, second)))
    numbers = [(run.seed, run.trials, run.sampling) for run in (first, second)]
    return RunComparison(
        a=first,
        b=second,
        moved=moved,
        same=len(shifts) - len(moved),
        same_input=first.sha256 == second.sha256,
        same_numbers=numbers[0] == numbers[1],
        counts=moved_counts(moved, targets),
        targets=targets,
    )
