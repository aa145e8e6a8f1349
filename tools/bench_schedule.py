"""How fast the trials of a schedule are, beside two open peers, and how time and memory grow: `make bench`.

    python tools/bench_schedule.py                    # everything, some minutes
    python tools/bench_schedule.py --quick            # the same on small networks, to see that it works
    python tools/bench_schedule.py --only peers,growth

Sections: peers, portfolio, growth, change, start, sampling. Rounds of all programs alternate within one run,
since machines differ from minute to minute: a ratio is the median of the rounds' ratios. Nothing is asserted.
Peers live in an environment of their own (`.venv-bench`, made by `make bench`); one that is not there is told
as not available, one that dies or hangs midway as stopped, and the rest goes on.
"""

from __future__ import annotations

import contextlib
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from networks import as_plan, portfolio
from rich.console import Console
from rich.table import Table

from torap.engines.schedule.columns import LINK_TYPES, Columns
from torap.engines.schedule.plan import LinkType
from torap.engines.schedule.simulate import simulate
from torap.engines.schedule.uncertain import RiskResult, Sampling, Settings, Shape
from torap.engines.schedule.worktime import ALWAYS, DAY
from torap.intake.schedules.write_json import json_of

ROOT = Path(__file__).resolve().parent.parent
PEER_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
PEER_PROGRAM = ROOT / "tools" / "bench_peers.py"
PEERS = {"pmcontrols": "pmcontrols 0.2.1", "trueppm": "TruePPM scheduler 0.4.0rc2"}
PEER_LIMIT = 600.0  # seconds that one answer of a peer may take
console = Console(width=150)


@dataclass(frozen=True)
class Sizes:
    """How large each measurement is."""

    projects: int  # of the portfolio, 50 activities each
    trials: int
    common: tuple[int, ...]  # projects of the common subset, which all programs give the same trials
    rounds: int
    growth: tuple[int, ...]  # activities
    seeds: int


FULL = Sizes(
    projects=1000, trials=10_000, common=(20, 200), rounds=5, seeds=40,
    growth=(1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000),
)  # fmt: skip
QUICK = Sizes(projects=40, trials=1_000, common=(4,), rounds=3, growth=(1_000, 2_000, 5_000), seeds=8)


def main(arguments: list[str]) -> None:
    """Measure what is asked for."""
    if arguments[:1] == ["--one"]:
        _one(json.loads(arguments[1]))
        return
    sizes = QUICK if "--quick" in arguments else FULL
    chosen = arguments[arguments.index("--only") + 1].split(",") if "--only" in arguments else list(SECTIONS)
    for name in chosen:
        SECTIONS[name](sizes)


def peers(sizes: Sizes) -> None:
    """The common subset at each size."""
    for projects in sizes.common:
        _peers(sizes, projects)


def _peers(sizes: Sizes, projects: int) -> None:
    """The common subset: finish-to-start links without lag, PERT durations, no calendar, no goal of its own
    but the plan's finish. The peers tell how that is spread, and pmcontrols how often each activity is
    critical: a brief run tells the same. "All told" are also dates of each activity and what moves the plan.
    """
    columns = common(projects)
    activities = len(columns.ids)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.json"
        path.write_text(json.dumps(network_of(columns)), encoding="utf-8")
        others = {name: Peer(name, path) for name in PEERS}
        programs: dict[str, Callable[[int], dict[str, float] | None]] = {
            f"torap{', all told' * (not brief)}, {threads} thread{'s' * (threads > 1)}": _ours(
                columns, Settings(threads=threads, brief=brief)
            )
            for brief in (True, False)
            for threads in (1, 2)
        }
        programs |= {PEERS[name]: peer.run for name, peer in others.items() if peer.there}
        found = _rounds(programs, sizes)
        for peer in others.values():
            peer.stop()
    table = _table(
        f"Common subset: {activities:,} activities, {len(columns.lag):,} FS links, PERT; rounds alternate",
        "program", "seconds", "trials", "million activity-trials/s", "P80, days",
        *(f"× {PEERS[name]}" for name in PEERS),
    )  # fmt: skip
    speed = {
        name: [activities * row["trials"] / row["seconds"] / 1e6 for row in rows]
        for name, rows in found.items()
    }
    for name, rows in found.items():
        if not rows:
            continue
        ratios = [_ratio(speed[name], speed.get(PEERS[peer])) for peer in PEERS]
        table.add_row(
            name,
            f"{statistics.median(row['seconds'] for row in rows):.3f}",
            f"{rows[0]['trials']:,.0f}",
            f"{statistics.median(speed[name]):,.1f}",
            f"{statistics.median(row['p80'] for row in rows):.1f}",
            *ratios,
        )
    for name, peer in others.items():
        if peer.why:
            rounds = len(found.get(PEERS[name], []))
            state = f"stopped in round {rounds + 1}" if peer.there else "not available"
            table.add_row(PEERS[name], state, "", peer.why, "", *["" for _ in PEERS])
    console.print(table)


def _rounds(
    programs: dict[str, Callable[[int], dict[str, float] | None]], sizes: Sizes
) -> dict[str, list[dict[str, float]]]:
    """Answers of each program, one a round after one that warms up; who stops takes no further part."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in programs}
    going = dict(programs)
    for number in range(sizes.rounds + 1):
        for name, run in list(going.items()):
            answer = run(sizes.trials)
            if answer is None:
                del going[name]
            elif number:
                found[name].append(answer)
    return found


def _ratio(own: list[float], other: list[float] | None) -> str:
    """The median of the ratios of the rounds both took part in."""
    if not own or not other:
        return "–"
    return f"{statistics.median(a / b for a, b in zip(own, other, strict=False)):.1f}"


def common(projects: int) -> Columns:
    """A network that every peer understands: whole days, so that all simulate the same."""
    columns = portfolio(projects, 50, drivers=0, risks=0, shapes=(Shape.PERT,))
    pairs = np.unique(np.stack([columns.predecessor, columns.successor], axis=1), axis=0)
    links = len(pairs)
    mode = np.round(columns.spreads.mode / DAY * 3) + 2
    spreads = replace(
        columns.spreads,
        low=(mode - np.ceil(mode / 4)) * DAY,
        mode=mode * DAY,
        high=(mode + np.ceil(mode / 2)) * DAY,
    )
    return replace(
        columns,
        spreads=spreads,
        left=(mode * DAY).astype(np.int64),
        goals=np.zeros(0, columns.goals.dtype),
        predecessor=pairs[:, 0].copy(),
        successor=pairs[:, 1].copy(),
        lag=np.zeros(links, np.int64),
        lag_unit=columns.lag_unit[:links],
        link_type=np.full(links, LINK_TYPES.index(LinkType.FS), np.int8),
        calendar=np.zeros_like(columns.calendar),
        calendars=(ALWAYS,),
        plan_calendar=0,
    )


def network_of(columns: Columns) -> dict[str, Any]:
    """The network as the peers are given it: days."""
    ids, spreads = columns.ids, columns.spreads
    rows = zip(ids, spreads.low // DAY, spreads.mode // DAY, spreads.high // DAY, strict=True)
    pairs = zip(columns.predecessor.tolist(), columns.successor.tolist(), strict=True)
    return {
        "activities": [
            {"id": i, "low": int(low), "mode": int(m), "high": int(high)} for i, low, m, high in rows
        ],
        "links": [[ids[a], ids[b]] for a, b in pairs],
    }


def _ours(columns: Columns, settings: Settings) -> Callable[[int], dict[str, float]]:
    def run(trials: int) -> dict[str, float]:
        begun = time.perf_counter()
        found = simulate(columns, replace(settings, trials=trials))
        seconds = time.perf_counter() - begun
        return {"seconds": seconds, "trials": trials, "p80": _p80(found, columns.start)}

    return run


def _p80(found: RiskResult, start: int) -> float:
    assert found.plan_finish is not None
    return (float(np.quantile(found.plan_finish.finishes, 0.8)) - start) / DAY


class Peer:
    """A peer in a process of its own. `why`: what went wrong with one that is not there, or is no more."""

    def __init__(self, name: str, network: Path) -> None:
        self.there, self.why = False, "not installed in .venv-bench"
        if not PEER_PYTHON.exists():
            return
        command = [str(PEER_PYTHON), str(PEER_PROGRAM), name, str(network)]
        self._said = tempfile.TemporaryFile(mode="w+", encoding="utf-8")  # noqa: SIM115  closed by stop
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said, text=True
        )
        self.why = ""
        self.there = self._answer() is not None

    def run(self, trials: int) -> dict[str, float] | None:
        """One run of so many trials; None when the peer does not answer any more."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{trials}\n")
            self._process.stdin.flush()
        except OSError:
            self._gone()
            return None
        answer = self._answer()
        return None if answer is None else {**answer, "trials": trials}

    def _answer(self) -> dict[str, float] | None:
        """The next line of the peer, who is ended when it takes too long."""
        assert self._process.stdout is not None
        late = threading.Timer(PEER_LIMIT, self._process.kill)
        late.start()
        line = self._process.stdout.readline()
        late.cancel()
        try:
            found: dict[str, float] = json.loads(line)
        except ValueError:
            self._gone()
            return None
        return found

    def _gone(self) -> None:
        """Keep the last words of the peer."""
        self._process.kill()
        self._process.wait()
        self._said.seek(0)
        words = self._said.read().strip().splitlines()
        self.why = words[-1][:60] if words else f"it ended with {self._process.returncode}"

    def stop(self) -> None:
        """End the process."""
        if hasattr(self, "_process"):
            with contextlib.suppress(OSError):
                self._process.communicate()
            self._said.close()


def whole_portfolio(sizes: Sizes) -> None:
    """The portfolio W1 with everything in it, cold and warm, with and without calendars."""
    table = _table(
        f"Portfolio: {sizes.projects:,} × 50 activities, {sizes.trials:,} trials, drivers, risks, all told",
        "what", "threads", "first in a process, s", "warm, s", "million activity-trials/s", "memory, MB",
    )  # fmt: skip
    for calendars in (False, True):
        for threads in (1, 2):
            found = _apart(
                projects=sizes.projects, trials=sizes.trials, calendars=calendars, threads=threads, again=3
            )
            table.add_row(
                "calendar per activity" if calendars else "by the clock",
                str(threads),
                f"{found['first']:.2f}",
                f"{found['warm']:.2f}",
                f"{sizes.projects * 50 * sizes.trials / found['warm'] / 1e6:,.0f}",
                f"{found['mb']:,.0f}",
            )
    console.print(table)


def growth(sizes: Sizes) -> None:
    """From small to large, each in a fresh process."""
    table = _table(
        f"Growth: {sizes.trials:,} trials, 2 threads, calendar per activity",
        "activities", "links", "seconds", "million activity-trials/s", "memory, MB",
    )  # fmt: skip
    for count in sizes.growth:
        found = _apart(projects=count // 50, trials=sizes.trials, calendars=True, threads=2, again=1)
        rate = count * sizes.trials / found["warm"] / 1e6
        table.add_row(
            f"{count:,}",
            f"{found['links']:,.0f}",
            f"{found['warm']:.2f}",
            f"{rate:,.0f}",
            f"{found['mb']:,.0f}",
        )
    console.print(table)


def _apart(**what: Any) -> dict[str, float]:
    """Measure in a fresh process, so that memory and the first run are its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", json.dumps(what)], capture_output=True, text=True, check=True
    )
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def _one(what: dict[str, Any]) -> None:
    columns = portfolio(what["projects"], 50, calendars=what["calendars"])
    settings = Settings(trials=what["trials"], threads=what["threads"])
    times = []
    for _ in range(1 + what["again"]):
        begun = time.perf_counter()
        simulate(columns, settings)
        times.append(time.perf_counter() - begun)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer = {
        "first": times[0],
        "warm": statistics.median(times[1:]),
        "mb": memory,
        "links": len(columns.lag),
    }
    print(json.dumps(answer))


def change(sizes: Sizes) -> None:
    """Something slips in one project: the answer from the result before, beside that from nothing.

    Where the plan's finish moves in any trial, the answer is a run from nothing.
    """
    columns = portfolio(sizes.projects, 50)
    settings = Settings(trials=sizes.trials)
    begun = time.perf_counter()
    before = simulate(columns, settings, keep=True)
    kept = time.perf_counter() - begun
    table = _table(
        f"A change in one project of {sizes.projects:,}, {sizes.trials:,} trials; before it {kept:.2f} s and "
        f"{before.again.bytes / 1e6:,.0f} MB of dates kept",
        "what takes half as long again", "from nothing, s", "from the result before, s",
        "the same: processor seconds", "same answer",
    )  # fmt: skip
    for name, place, count in (
        ("an activity of the middle project", 0.5, 1), ("the middle project", 0.5, 50),
        ("an early project", 0.1, 50), ("a late project", 0.9, 50), ("the last project", 1.0, 50),
    ):  # fmt: skip
        first = min(int(sizes.projects * place), sizes.projects - 1) * 50 + (25 if count == 1 else 0)
        after = _slower(columns, slice(first, first + count))
        whole, again, worked = [], [], []
        for _ in range(max(1, sizes.rounds // 2)):
            fresh = _timed(lambda: simulate(replace(after), settings), whole, [])  # noqa: B023
            quick = _timed(lambda: simulate(replace(after), settings, previous=before), again, worked)  # noqa: B023
        table.add_row(
            name, f"{statistics.median(whole):.2f}", f"{statistics.median(again):.3f}",
            f"{statistics.median(worked):.3f}", "yes" if _same(fresh, quick) else "NO",
        )  # fmt: skip
    console.print(table)


def _slower(columns: Columns, rows: slice) -> Columns:
    """The same network where some activities take half as long again."""
    scale = np.ones(len(columns.ids))
    scale[rows] = 1.5
    spreads = columns.spreads
    slower = replace(spreads, low=spreads.low * scale, mode=spreads.mode * scale, high=spreads.high * scale)
    return replace(columns, left=(columns.left * scale).astype(np.int64), spreads=slower)


def _timed(work: Callable[[], RiskResult], seconds: list[float], worked: list[float]) -> RiskResult:
    begun, used = time.perf_counter(), time.process_time()
    found = work()
    seconds.append(time.perf_counter() - begun)
    worked.append(time.process_time() - used)
    return found


def _same(a: RiskResult, b: RiskResult) -> bool:
    """Bit for bit, effects included."""
    figures = ("start", "finish", "mean_finish", "sd_finish", "critical", "cruciality")
    goals = [*zip(a.goals.values(), b.goals.values(), strict=True), (a.plan_finish, b.plan_finish)]
    return (
        all(np.array_equal(getattr(a, name), getattr(b, name)) for name in figures)
        and all(
            np.array_equal(one.finishes, other.finishes) and one.effects == other.effects
            for one, other in goals
            if one is not None and other is not None
        )
        and a.meets == b.meets
    )


def start(sizes: Sizes) -> None:
    """From the start of the process to the answer: the command line on files."""
    table = _table("Command line, process start to answer", "what", "seconds (median)")
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder) / "portfolio.json"
        large.write_text(json_of(as_plan(portfolio(sizes.projects, 50))), encoding="utf-8")
        small = Path(folder) / "project.json"
        small.write_text(json_of(as_plan(portfolio(1, 50))), encoding="utf-8")
        commands = {
            "torap --help": ["--help"],
            "torap schedule dates, 50 activities": ["schedule", "dates", str(small), "-f", "json"],
            "torap schedule risk, 50 activities, 10,000 trials": [
                "schedule", "risk", str(small)
            ],
            f"torap schedule risk, {sizes.projects * 50:,} activities, {sizes.trials:,} trials": [
                "schedule", "risk", str(large), "--trials", str(sizes.trials)
            ],
        }  # fmt: skip
        for name, words in commands.items():
            times = []
            for _ in range(sizes.rounds):
                begun = time.perf_counter()
                program = "from torap.cli.main import app; app()"
                subprocess.run([sys.executable, "-c", program, *words], capture_output=True, check=True)
                times.append(time.perf_counter() - begun)
            table.add_row(name, f"{statistics.median(times):.2f}")
    console.print(table)


def sampling(sizes: Sizes) -> None:
    """How far P80 of a project is off by each way of sampling, and how many plain trials are as good."""
    columns = portfolio(1, 50, calendars=True)
    found = simulate(columns, Settings(trials=400_000 if sizes is FULL else 40_000, seed=99))
    exact = _p80(found, columns.start)
    table = _table(
        f"P80 of a project of 50 activities, root mean square error over {sizes.seeds} seeds, days",
        "trials", *(str(way) for way in Sampling),
        *(f"plain trials as good as {way}" for way in list(Sampling)[1:]),
    )  # fmt: skip
    for trials in (256, 1024, 4096):
        errors = {}
        for way in Sampling:
            values = [
                _p80(simulate(columns, Settings(trials=trials, seed=seed, sampling=way)), columns.start)
                for seed in range(sizes.seeds)
            ]
            errors[way] = float(np.sqrt(np.mean((np.array(values) - exact) ** 2)))
        as_good = [
            f"{trials * (errors[Sampling.PLAIN] / errors[way]) ** 2:,.0f} "
            f"({(errors[Sampling.PLAIN] / errors[way]) ** 2:.1f} ×)"
            for way in list(Sampling)[1:]
        ]
        table.add_row(f"{trials:,}", *(f"{errors[way]:.3f}" for way in Sampling), *as_good)
    console.print(table)


def _table(title: str, first: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(first)
    for name in columns:
        table.add_column(name, justify="right")
    return table


SECTIONS: dict[str, Callable[[Sizes], None]] = {
    "peers": peers,
    "portfolio": whole_portfolio,
    "growth": growth,
    "change": change,
    "start": start,
    "sampling": sampling,
}

if __name__ == "__main__":
    main(sys.argv[1:])
