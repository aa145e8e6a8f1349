"""Longest paths of networks in PSPLIB's format.

The library's own files are not ours to ship: TORAP_PSPLIB names a folder with its `.sm` files. Networks of
the same make (a source, a sink, up to three successors, jobs of one to ten) are made here in any case; their
longest path is told by a linear program, which knows nothing of passes, and for small ones by walking every
path there is.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog

from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Activity, Link, Plan
from torap.engines.schedule.simulate import simulate
from torap.engines.schedule.uncertain import RiskPlan, Settings
from torap.engines.schedule.worktime import ALWAYS
from verify.psplib import Project, read, write

FOLDER = os.environ.get("TORAP_PSPLIB", "")
SAMPLE = """file with basedata            : made for this test
projects                      :  1
PROJECT INFORMATION:
pronr.  #jobs rel.date duedate tardcost  MPM-Time
    1      3      0       11       26        9
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        1          1           4
   3        1          1           5
   4        1          1           5
   5        1          0
REQUESTS/DURATIONS:
jobnr. mode duration  R 1
------------------------------------------------------------------------
  1      1     0       0
  2      1     4       3
  3      1     8       1
  4      1     5       2
  5      1     0       0
RESOURCEAVAILABILITIES:
  R 1
   12
"""


def plan_of(project: Project) -> Plan:
    """A plan by the clock: one unit of the file is a minute."""
    return Plan(
        start=0,
        activities=tuple(Activity(id=str(job), minutes=time) for job, time in project.durations.items()),
        links=tuple(
            Link(predecessor=str(job), successor=str(later))
            for job, after in project.successors.items()
            for later in after
        ),
        calendars={ALWAYS.id: ALWAYS},
        calendar=ALWAYS.id,
    )


def check(project: Project, *, trials: bool) -> None:
    plan = plan_of(project)
    for profile in ("torap", "msproject", "p6"):
        assert schedule(plan, profile=profile).finish == project.longest
    if trials:
        found = simulate(RiskPlan(plan=plan), Settings(trials=3, threads=1)).plan_finish
        assert found is not None
        assert set(found.finishes.tolist()) == {project.longest}


def test_a_file_of_that_format(tmp_path: Path) -> None:
    path = tmp_path / "sample.sm"
    path.write_text(SAMPLE, encoding="ascii")
    project = read(path)
    assert (project.durations[4], project.successors[1], project.longest) == (5, [2, 3], 9)
    check(project, trials=True)


def made(jobs: int, seed: int) -> Project:
    """A network of `jobs` jobs between a source and a sink; its longest path by a linear program."""
    rng = random.Random(f"{jobs} {seed}")
    last = jobs + 2
    successors: dict[int, list[int]] = {job: [] for job in range(1, last + 1)}
    for job in range(2, last):
        nearest = range(job + 1, min(job + 2 + jobs // 5, last))
        successors[job] = sorted(rng.sample(nearest, min(len(nearest), rng.randint(1, 3)))) or [last]
    entered = {later for after in successors.values() for later in after}
    successors[1] = [job for job in range(2, last) if job not in entered or rng.random() < 0.05]
    durations = {job: 0 if job in {1, last} else rng.randint(1, 10) for job in successors}
    return Project(durations=durations, successors=successors, longest=by_program(durations, successors))


def by_program(durations: dict[int, int], successors: dict[int, list[int]]) -> int:
    """The earliest finish: the least value of the last start, when no job starts before another's end."""
    pairs = [(job, later) for job, after in successors.items() for later in after]
    waits = np.zeros((len(pairs), len(durations)))
    for row, (job, later) in zip(waits, pairs, strict=True):
        row[job - 1], row[later - 1] = 1, -1
    cost = np.zeros(len(durations))
    cost[-1] = 1
    found = linprog(
        cost, A_ub=waits, b_ub=[-durations[job] for job, _ in pairs], bounds=(0, None), method="highs"
    )
    assert found.success
    return round(found.fun)


def walked(
    project: Project, job: int, length: int = 0, path: tuple[int, ...] = ()
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """(length, jobs) of every path from `job` to the sink."""
    length, path = length + project.durations[job], (*path, job)
    if not project.successors[job]:
        yield length, path
    for later in project.successors[job]:
        yield from walked(project, later, length, path)


@pytest.mark.parametrize("jobs", [30, 60, 90, 120])
def test_longest_paths_are_those_of_a_linear_program(tmp_path: Path, jobs: int) -> None:
    path = tmp_path / "made.sm"
    for seed in range(25):
        project = made(jobs, seed)
        path.write_text(write(project), encoding="ascii")
        assert read(path) == project
        check(project, trials=seed == 0)


def test_what_is_critical_lies_on_a_longest_path() -> None:
    for seed in range(60):
        project = made(12, seed)
        paths = list(walked(project, 1))
        longest = max(length for length, _ in paths)
        assert longest == project.longest
        through = {job: max(length for length, path in paths if job in path) for job in project.durations}
        for profile in ("torap", "msproject", "p6"):
            rows = schedule(plan_of(project), profile=profile).rows
            slack = {job: rows[str(job)].total_float for job in project.durations}
            assert slack == {job: longest - length for job, length in through.items()}
            assert all(rows[str(job)].critical == (length == longest) for job, length in through.items())


@pytest.mark.skipif(not FOLDER, reason="TORAP_PSPLIB names no folder with PSPLIB's .sm files")
def test_every_longest_path_is_that_of_the_library() -> None:
    paths = sorted(path for path in Path(FOLDER).rglob("*.sm") if path.is_file())
    assert paths, f"no .sm file below {FOLDER}"
    for number, path in enumerate(paths):
        check(read(path), trials=number % 10 == 0)
