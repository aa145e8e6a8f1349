"""Runs one peer on the network it is given, as often as it is told: a process of `bench_schedule`.

Only the standard library and the peer are imported, since it lives in an environment of its own. Usage:
`python bench_peers.py PEER NETWORK.json`; each line on the input asks for one run of so many trials, the
answer is one line of JSON with the seconds it took and its P80 in days.
"""

from __future__ import annotations

import datetime as dt
import importlib
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Runner = Callable[[int, int], float]


def pmcontrols(network: dict[str, Any]) -> Runner:
    """Finish-to-start networks with PERT durations."""
    module = importlib.import_module("pmcontrols")
    before: dict[str, list[str]] = {row["id"]: [] for row in network["activities"]}
    for first, later in network["links"]:
        before[later].append(first)
    rows = [
        {
            "id": row["id"],
            "predecessors": before[row["id"]],
            "a": row["low"],
            "m": row["mode"],
            "b": row["high"],
        }
        for row in network["activities"]
    ]
    return lambda trials, seed: float(module.pert(rows, n_sim=trials, seed=seed).stats["mc_p80"])


def trueppm(network: dict[str, Any]) -> Runner:
    """The same network on a calendar that always works, in whole days."""
    module = importlib.import_module("trueppm_scheduler")
    start = dt.date(2026, 1, 1)

    def days(number: int) -> dt.timedelta:
        return dt.timedelta(days=number)

    project = module.Project(
        id="bench",
        name="bench",
        start_date=start,
        calendar=module.Calendar(working_days=0b1111111),
        tasks=[
            module.Task(
                id=row["id"],
                name=row["id"],
                duration=days(row["low"]),
                optimistic_duration=days(row["low"]),
                most_likely_duration=days(row["mode"]),
                pessimistic_duration=days(row["high"]),
            )
            for row in network["activities"]
        ],
        dependencies=[module.Dependency(first, later) for first, later in network["links"]],
    )

    def run(trials: int, seed: int) -> float:
        return float((module.monte_carlo(project, runs=trials, seed=seed).p80 - start).days + 1)

    return run


PEERS = {"pmcontrols": pmcontrols, "trueppm": trueppm}


def main(arguments: list[str]) -> None:
    """Say what is there, then answer until the input ends."""
    name, path = arguments
    run = PEERS[name](json.loads(Path(path).read_text(encoding="utf-8")))
    print(json.dumps({"ready": True}), flush=True)
    for number, line in enumerate(sys.stdin):
        begun = time.perf_counter()
        p80 = run(int(line), number)
        seconds = time.perf_counter() - begun
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "p80": p80, "mb": memory}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
