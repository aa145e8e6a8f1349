"""A second simulation of a plan, written from the definitions, sharing no code with ours.

Durations are drawn by NumPy and inverse distributions in float64; working time is a flag per minute;
the passes go through all trials at once, link by link.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

MINUTES = 1440


class Clock:
    """Working time as one flag per minute from `first` on; all instants are arrays."""

    def __init__(self, spec, first, days):
        flags = np.zeros(days * MINUTES, bool)
        for day in range(days):
            at = first // MINUTES + day
            shifts = spec.exceptions.get(at, spec.week[(at + 3) % 7])
            for start, end in shifts:
                flags[day * MINUTES + start : day * MINUTES + end] = True
        self.first = first
        self.done = np.concatenate([[0], np.cumsum(flags)])

    def worked(self, at):
        return self.done[at - self.first]

    def _begins(self, work):
        """The last minute before which just `work` is done."""
        return np.searchsorted(self.done, work, "right") - 1 + self.first

    def _ends(self, work):
        """The first minute before which `work` is done."""
        return np.searchsorted(self.done, work, "left") + self.first

    def move(self, at, work):
        """`at` and `work` minutes on; backwards when it is negative; nowhere when it is zero."""
        target = self.worked(at) + work
        return np.where(work == 0, at, np.where(work > 0, self._ends(target), self._begins(target)))

    def start(self, at):
        return self._begins(self.worked(at))

    def finish(self, at):
        return self._ends(self.worked(at))


@dataclass
class Outcome:
    """By activity: early finish, late finish, whether critical, in each trial; and the finish of the plan."""

    start: dict
    finish: dict
    critical: dict
    plan: np.ndarray


def outcome(risk, trials, seed, days=700):
    """Simulate a plan without progress, summaries or levels of effort."""
    plan = risk.plan
    rng = np.random.default_rng(seed)
    durations, absent = _draw(risk, trials, rng)
    first = plan.start // MINUTES * MINUTES - 100 * MINUTES
    clocks = {key: Clock(spec, first, days) for key, spec in plan.calendars.items()}
    rows = {row.id: row for row in plan.activities}
    clock = {key: clocks[row.calendar or plan.calendar] for key, row in rows.items()}
    order = _order(plan)
    links = [(link, ~(absent[link.predecessor] | absent[link.successor])) for link in plan.links]

    def lagged(link, at, sign):
        amount = np.full(trials, link.lag)
        if link.unit == "percent":
            amount = np.rint(durations[link.predecessor] * link.lag / 10_000).astype(int)
        return (
            at + sign * amount if link.unit == "elapsed" else clock[link.predecessor].move(at, sign * amount)
        )

    start, finish = {}, {}
    for key in order:
        row, work = rows[key], durations[key]
        at = np.full(trials, plan.start)
        for link, binds in links:
            if link.successor != key:
                continue
            pushed = lagged(link, (finish if link.type[0] == "F" else start)[link.predecessor], 1)
            if link.type[1] == "F":
                pushed = clock[key].move(pushed, -work)
            at = np.where(binds, np.maximum(at, pushed), at)
        for kind, when in ((row.constraint, row.constraint_at), (row.second, row.second_at)):
            if kind == "start_not_before":
                at = np.maximum(at, when)
            elif kind == "finish_not_before":
                at = np.maximum(at, clock[key].move(np.full(trials, when), -work))
        start[key] = at if row.minutes == 0 else clock[key].start(at)
        finish[key] = clock[key].move(start[key], work)
    end = np.maximum.reduce([finish[key] for key in order])
    critical = _critical(plan, rows, order[::-1], links, durations, clock, lagged, finish, end)
    return Outcome(start, finish, critical, end)


def _critical(plan, rows, order, links, durations, clock, lagged, finish, end):
    """Backward from the finish of the plan and the deadlines: critical is what has no time to spare."""
    late_start, late_finish, critical = {}, {}, {}
    for key in order:
        row, work = rows[key], durations[key]
        at = end.copy()
        for link, binds in links:
            if link.predecessor != key:
                continue
            later = late_start if link.type[1] == "S" else late_finish
            pulled = lagged(link, later[link.successor], -1)
            if link.type[0] == "S":
                pulled = clock[key].move(pulled, work)
            at = np.where(binds, np.minimum(at, pulled), at)
        if row.deadline is not None:
            at = np.minimum(at, row.deadline)
        late_finish[key] = at if row.minutes == 0 else clock[key].finish(at)
        late_start[key] = clock[key].move(late_finish[key], -work)
        critical[key] = clock[key].worked(late_finish[key]) <= clock[key].worked(finish[key])
    return critical


def _order(plan):
    left = [row.id for row in plan.activities]
    found = []
    while left:
        key = next(
            one
            for one in left
            if all(link.predecessor in found for link in plan.links if link.successor == one)
        )
        left.remove(key)
        found.append(key)
    return found


def _draw(risk, trials, rng):
    """Durations in minutes of every activity in every trial, and where its branch took another way."""
    absent = {row.id: np.zeros(trials, bool) for row in risk.plan.activities}
    for branch in risk.branches:
        names = list(branch.ways)
        taken = rng.choice(len(names), size=trials, p=[branch.ways[name] for name in names])
        for key, way in branch.activities.items():
            absent[key] = taken != names.index(way)
    factors = {driver.id: rng.standard_normal(trials) for driver in risk.drivers}
    happened = {}
    for event in risk.risks:
        impact = quantile(event.impact, rng.random(trials))
        happened[event.id] = np.where(rng.random(trials) < event.probability, impact, 0.0)
    durations = {}
    for row in risk.plan.activities:
        spread = risk.durations.get(row.id)
        if spread is None:
            drawn = np.full(trials, float(row.minutes))
        else:
            loads = {driver.id: driver.loads[row.id] for driver in risk.drivers if row.id in driver.loads}
            own = np.sqrt(1 - sum(load**2 for load in loads.values()))
            normal = own * rng.standard_normal(trials)
            for key, load in loads.items():
                normal = normal + load * factors[key]
            drawn = quantile(spread, special.ndtr(normal))
        more = np.zeros(trials)
        for event in risk.risks:
            if row.id in event.activities:
                hit = happened[event.id]
                more = more + (drawn * hit / 10_000 if event.relative else hit)
        total = np.maximum(drawn + more, 0)
        durations[row.id] = np.where(absent[row.id], 0, np.rint(total)).astype(int)
    return durations, absent


def quantile(spread, u):
    """The inverse distribution of a spread."""
    low, mode, high = spread.low, spread.mode, spread.high
    if spread.shape == "empirical":
        values = np.sort(np.array(spread.values, float))
        return values[np.minimum((u * len(values)).astype(int), len(values) - 1)]
    if spread.shape == "lognormal":
        return spread.median * np.exp(spread.spread * special.ndtri(u))
    if low == high:
        return np.full(u.shape, float(low))
    if spread.shape == "uniform":
        return low + (high - low) * u
    if spread.shape == "pert":
        alpha = 1 + 4 * (mode - low) / (high - low)
        return low + (high - low) * special.betaincinv(alpha, 6 - alpha, u)
    share = (mode - low) / (high - low)
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    return np.where(u < share, rising, falling)
