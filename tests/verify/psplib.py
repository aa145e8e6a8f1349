"""Reads and writes projects of PSPLIB (`.sm`): durations, successors, and the length of the longest path."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Project:
    """Durations and successors by job; `longest`: the MPM-Time of the header."""

    durations: dict[int, int]
    successors: dict[int, list[int]]
    longest: int


def read(path: Path) -> Project:
    """One file. Its sections are told apart by their headings."""
    text = path.read_text(encoding="ascii")
    header = re.search(r"MPM-Time\s*\n\s*\d+\s+\d+\s+\d+\s+\d+\s+\d+\s+(\d+)", text)
    assert header is not None, path
    before, _, rest = text.partition("PRECEDENCE RELATIONS:")
    relations, _, requests = rest.partition("REQUESTS/DURATIONS:")
    successors, durations = {}, {}
    for numbers in _rows(relations):
        job, _modes, count, *after = numbers
        assert len(after) == count, path
        successors[job] = after
    for numbers in _rows(requests.partition("RESOURCEAVAILABILITIES")[0]):
        durations[numbers[0]] = numbers[2]
    return Project(durations=durations, successors=successors, longest=int(header[1]))


def write(project: Project) -> str:
    """A project as such a file, with one resource that nobody needs."""
    jobs = sorted(project.durations)
    relations = [
        " ".join(map(str, (job, 1, len(project.successors[job]), *project.successors[job]))) for job in jobs
    ]
    return "\n".join([
        "file with basedata            : made for this test",
        "PROJECT INFORMATION:",
        "pronr.  #jobs rel.date duedate tardcost  MPM-Time",
        f"    1  {len(jobs) - 2}  0  {2 * project.longest}  0  {project.longest}",
        "PRECEDENCE RELATIONS:",
        "jobnr.    #modes  #successors   successors",
        *relations,
        "REQUESTS/DURATIONS:",
        "jobnr. mode duration  R 1",
        "-" * 72,
        *(f"{job} 1 {project.durations[job]} 0" for job in jobs),
        "RESOURCEAVAILABILITIES:",
        "  R 1",
        "   12",
        "",
    ])  # fmt: skip


def _rows(text: str) -> list[list[int]]:
    return [
        [int(one) for one in line.split()]
        for line in text.splitlines()
        if re.fullmatch(r"[\s\d]*\d[\s\d]*", line)
    ]
