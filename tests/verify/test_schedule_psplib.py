"""Longest paths of PSPLIB: TORAP_PSPLIB names a folder with its `.sm` files (they are not ours to ship)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Activity, Link, Plan
from torap.engines.schedule.simulate import simulate
from torap.engines.schedule.uncertain import RiskPlan, Settings
from torap.engines.schedule.worktime import ALWAYS
from verify.psplib import Project, read

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


@pytest.mark.skipif(not FOLDER, reason="TORAP_PSPLIB names no folder with PSPLIB's .sm files")
def test_every_longest_path_is_that_of_the_library() -> None:
    paths = sorted(path for path in Path(FOLDER).rglob("*.sm") if path.is_file())
    assert paths, f"no .sm file below {FOLDER}"
    for number, path in enumerate(paths):
        check(read(path), trials=number % 10 == 0)
