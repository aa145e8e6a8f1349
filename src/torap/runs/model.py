"""What the runs tell the pages: frozen rows without tables. Days are days; chances and shares are 0 to 1."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from torap.delivery.selectors import Ref

# What stands before a node in the plan of a run (see adapters.plan): `class:KEY` and so on.
PARTS = frozenset({"class", "by", "least", "fixed", "blend"})
PART = "part"  # the kind of a link from a whole to a part of it
SHARES = (10, 20, 50, 80, 90)  # percentiles of a forecast, of 100
UNTOLD = 0.005  # less than half a percent is not told


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What moves a forecast. `what`: driver, risk, activity, owner, branch, link. `kind` of a driver: body,
    contractor, budget, winter, class, thing; of an activity: own (by its class), schedule, least, fixed.
    `low_days`, `high_days`: how many days earlier and later the node ends, on average, in the trials where
    the cause went best and worst; `share` of its variance, none where it cannot be told. Of a link `share` is
    that of the trials in which the node `id` drives; what is `assumed` are `assumed_days` that stages take
    at least of which nobody has told, before the node itself (`least:KEY`) or after the node `id`. A link to
    a part of a whole has the kind `part`; `late`: trials in which the part drives and both break their days.
    """

    id: str
    what: str
    kind: str = ""
    name: str = ""
    low_days: float = 0.0
    high_days: float = 0.0
    share: float | None = None
    assumed_days: int = 0
    late: float = 0.0

    @property
    def node(self) -> str:
        """The node whose own part of the plan moves it, such as `class:KEY`; an activity of a schedule as it
        is; empty for anything else."""
        if self.what not in ("activity", "branch"):
            return ""
        part, _colon, key = self.id.partition(":")
        return key if part in PARTS else self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastLine:
    """One node in one run. Percentiles are empty where basis is none, and beyond the horizon. Of those in
    `beyond` (p50, p80 and so on) only is known that they are not before their day: nobody has seen a promise
    of the kind reached later.

    `due`: the promise in force or the deadline; `first_due`: the first promise. `n`: promises in the
    reference class. `seen`: the share of its outcomes that lie within what was ever seen; percentiles beyond
    rest on the rule for the tail (None: not of a class). `heard_on`: the last day it was heard of as not
    reached; `untold`: the share of trials in which it may have been reached by the known day without anybody
    having said so (None: nothing to foretell). `run`, `known_on`: which run.
    """

    key: str
    kind: str  # milestone, instruction, utility, plot, activity, step, target
    code: str
    name: str
    subject: str
    holder: Ref | None
    region: str
    due: dt.date | None
    first_due: dt.date | None
    said_on: dt.date | None
    done_on: dt.date | None
    p10: dt.date | None
    p20: dt.date | None
    p50: dt.date | None
    p80: dt.date | None
    p90: dt.date | None
    chance: float | None
    chance_first: float | None
    basis: str
    class_code: str
    n: int
    seen: float | None
    heard_on: dt.date | None
    untold: float | None
    causes: tuple[Cause, ...]
    invented: bool
    run: str
    known_on: dt.date
    beyond: tuple[str, ...] = ()
    due_by: str | None = None  # of a plot: whose date its due day is, a node's key; None: not kept
    said: str | None = None  # the newest state as said, "" without word; None: the run did not keep it
    done_by: str | None = None  # "" or said, shown (evidence accepted by another body); None: not kept
    mean_left: float | None = None  # days from the known day, on average; only its differences say something
    made_at: dt.datetime | None = None  # when the run was asked for; None where no run is kept

    def bound(self, share: int) -> bool:
        """Whether of a percentile (of 100) only is known that it is not before its day."""
        return f"p{share}" in self.beyond

    @property
    def by_now(self) -> tuple[str, ...]:
        """Percentiles that may have come already, for all that was said: their day is no date."""
        if not self.maybe_reached:
            return ()
        days = {f"p{share}": self.day(share) for share in SHARES if not self.bound(share)}
        return tuple(name for name, day in days.items() if day is not None and day <= self.known_on)

    def day(self, share: int) -> dt.date | None:
        """The day of a percentile as the run keeps it, whether or not it can be told."""
        day: dt.date | None = getattr(self, f"p{share}")
        return day

    def told(self, share: int) -> dt.date | None:
        """The day of a percentile as far as one can be told; None where it may have come already, and where
        the day it is not before has passed."""
        day = self.day(share)
        if day is None or f"p{share}" in self.by_now:
            return None
        return None if self.bound(share) and day <= self.known_on else day

    def extrapolated(self, share: float) -> bool:
        """Whether a percentile lies beyond what was ever seen of its class."""
        return self.seen is not None and share > self.seen

    @property
    def maybe_reached(self) -> bool:
        """Whether it may well have been reached already, for all that was said."""
        return self.untold is not None and self.untold >= UNTOLD

    def breaks_with(self, parts: Collection[str]) -> float:
        """The share of trials in which it breaks its day because one of these parts of it breaks its own."""
        return sum(one.late for one in self.causes if one.what == "link" and one.id in parts)

    def breaks_itself(self, parts: Collection[str]) -> float:
        """The share of trials in which it breaks its day and none of these parts is counted for that."""
        return max(0.0, 1.0 - (self.chance or 0.0) - self.breaks_with(parts))

    @property
    def assumed_gap(self) -> Cause | None:
        """The time nobody named that holds it up most often; several may in one trial."""
        gaps = [one for one in self.causes if one.what == "assumed" and one.share]
        return max(gaps, key=lambda one: one.share or 0.0, default=None)

    @property
    def assumed_share(self) -> float:
        """The share of trials in which that gap binds; 0 without any."""
        return (self.assumed_gap.share or 0.0) if self.assumed_gap else 0.0

    @property
    def assumed_days(self) -> int:
        """The days of that gap; 0 without any."""
        return self.assumed_gap.assumed_days if self.assumed_gap else 0

    @property
    def late_p50(self) -> int | None:
        """Days from the date due to P50; negative when earlier."""
        return (self.p50 - self.due).days if self.p50 and self.due else None

    @property
    def late_p80(self) -> int | None:
        """Days from the date due to P80; negative when earlier."""
        return (self.p80 - self.due).days if self.p80 and self.due else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastFilters:
    """What to list; empty fields do not narrow. `below`: chance to hold below this."""

    kind: str = ""
    holder: str = ""
    subject: str = ""
    region: str = ""
    basis: str = ""
    open_only: bool = True
    below: float | None = None
    due_to: dt.date | None = None
    words: str = ""
    invented: bool = False
    run: str = ""  # its code; the newest one where empty


# Up to so many nodes the answer is there in a second or two: nobody waits for a queue.
SMALL_NODES = 3_000
# The settings of the national forecast. A run with fewer trials or another seed is an experiment.
TRIALS, SEED, SAMPLING = 10_000, 1, "plain"
ORDERS = ("chance", "due", "p80", "late", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastPage:
    """Part of a list: the rows from `offset`, and how many there are in all; `run` is None without a run."""

    run: RunLine | None
    rows: tuple[ForecastLine, ...]
    total: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """A run: what it was computed from and how far it is. `percent`: 0 to 100. `error`: a code."""

    code: str
    kind: str
    title: str
    known_on: dt.date
    seed: int
    trials: int
    sampling: str
    engine: str
    sha256: str
    nodes: int
    state: str
    percent: float
    error: str
    error_params: Mapping[str, Any]
    by: str
    asked_at: dt.datetime
    finished_at: dt.datetime | None
    seconds: float | None
    scenario: str
    base: str
    invented: bool
    clock: str | None = None  # said or recorded; None: the run did not keep it
    read_seq: int | None = None  # number and hash of the newest event of the state it was read from
    read_hash: str | None = None

    @property
    def done(self) -> bool:
        """Whether its result is there."""
        return self.state == "done"

    @property
    def national(self) -> bool:
        """Whether it was made with the settings of the national forecast, or more trials; others are
        experiments, which no page shows unless asked for, or where there is nothing else."""
        return self.trials >= TRIALS and (self.seed, self.sampling) == (SEED, SAMPLING)

    @property
    def dated(self) -> bool:
        """Whether it has dates that can be looked at: it is done, and no back-test."""
        return self.done and self.kind != "backtest"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPart:
    """A work a target counts on: what it adds once all `nodes` are reached, and the chance that it is there
    by the day (None: none of its days can be told)."""

    nodes: tuple[str, ...]
    adds: float
    chance: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetLine:
    """A target against what the works named for it give. `kind`: sum (of works) or investment (of projects).

    `expected`: the mean over the trials of what is there by the day; `half`, `four`: what there is at least
    in half and in four of five trials; `chance` that it is no less than `aim`; `named`: with every work done.
    `counts`: what is counted, in English, Russian and Kazakh.
    """

    code: str
    kind: str
    subject: str
    name: str
    unit: str
    by: dt.date
    aim: float
    expected: float
    half: float
    chance: float | None
    named: float
    counts: tuple[str, ...] = ("", "", "")
    four: float | None = None
    parts: tuple[TargetPart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetShift:
    """A target before and after a change."""

    before: TargetLine
    after: TargetLine

    @property
    def expected_change(self) -> float:
        """How much more is there by the day, on average over the trials."""
        return round(self.after.expected - self.before.expected, 6)

    @property
    def chance_change(self) -> float | None:
        """How much likelier the target is."""
        if self.before.chance is None or self.after.chance is None:
            return None
        return round(self.after.chance - self.before.chance, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A node in two runs. Days later are positive; None where one of them has no such date.

    `mean_days`: how much later it is on average over the trials, where one run is the other with changes.
    `moved_share`: of how many trials it is reached on another day; None without the trials of both.
    """

    key: str
    before: ForecastLine | None
    after: ForecastLine | None
    p50_days: int | None
    p80_days: int | None
    chance_change: float | None
    mean_days: float | None = None
    moved_share: float | None = None

    @property
    def line(self) -> ForecastLine:
        """The node, as in the later run where it is in it."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def said_differs(self) -> bool:
        """Whether something else was said, promised or shown; what a run did not keep is no difference."""
        if self.before is None or self.after is None:
            return False
        if (self.before.due, self.before.first_due) != (self.after.due, self.after.first_due):
            return True
        pairs = ((self.before.said, self.after.said), (self.before.done_by, self.after.done_by))
        return any(one != other for one, other in pairs if one is not None and other is not None)

    @property
    def foretold_differs(self) -> bool:
        """Whether a date of the forecast differs, or a chance by so much that anybody would see it."""
        likelier = abs(self.chance_change or 0.0) >= UNTOLD
        return bool(self.p50_days or self.p80_days or self.mean_days or likelier)

    @property
    def moved(self) -> bool:
        """Whether anything differs."""
        return self.before is None or self.after is None or self.foretold_differs or self.said_differs


@dataclass(frozen=True, slots=True, kw_only=True)
class RunComparison:
    """Two runs: the nodes that differ, those that move most first, and how many are the same.

    `same_input`: both were computed from the same frozen input. `same_numbers`: with the same seed, trials
    and sampling, so that what differs is the change and not chance.
    """

    a: RunLine
    b: RunLine
    moved: tuple[Shift, ...]
    same: int
    same_input: bool
    same_numbers: bool
    counts: Mapping[str, int] = field(default_factory=dict)  # kind of node -> how many moved
    targets: tuple[TargetShift, ...] = ()  # those that differ


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyStep:
    """One thing a node waits for. `drives`: the share of trials in which it is what its `to` waits for last.

    `depth` 1 stands directly before the node. `chain`: on the way that drives most often, link by link.
    """

    key: str
    to: str
    link: str
    lag_days: float
    depth: int
    drives: float
    chain: bool
    line: ForecastLine | None
    name: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a node is forecast for this date: its line, its own pace (the share of trials in which nothing
    else holds it), and what it waits for."""

    line: ForecastLine
    own: float
    steps: tuple[WhyStep, ...]
    class_line: ClassLine | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BreaksLine:
    """A promise that will not hold. `days_left` to its date; `preventers`: who can still change it: the
    holders of what it waits for, with the share of trials in which theirs holds it up. `with_part`: the part
    of it that stands in the list itself and breaks it in most of the trials that do; it is counted there."""

    line: ForecastLine
    days_left: int
    preventers: tuple[tuple[Ref, float], ...]
    with_part: ForecastLine | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderBreaks:
    """What a body answers for: its promises likely to break, and those of others it holds up."""

    holder: Ref | None
    own: int  # its promises likely to break, wholes that break with a listed part left out
    holds_up: int
    expected: float  # expected number of its promises that break, not counting what a part is counted for
    soonest: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaks:
    """What breaks next: promises not yet due with less than an even chance, soonest first, and by body.
    `total`: how many there are; `rows` may be the first of them."""

    run: RunLine | None
    rows: tuple[BreaksLine, ...]
    total: int
    passed: tuple[ForecastLine, ...]  # the date has passed already
    holders: tuple[HolderBreaks, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """A step of a curve: how far after the promise (in the measure of the class), the share not yet reached,
    its interval, promises still watched."""

    at: float
    share: float
    low: float
    high: float
    at_risk: int
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassLine:
    """A reference class. `n` promises, `events` known to be reached, `censored` not known to be.

    `parent` is the broader class it leans on, `weight` what its own promises weigh at the start (0 to 1).
    `quantiles`: share -> days after the date promised for the median lead of the class; None: beyond the
    horizon; `extrapolated`: shares that lie beyond the last promise known to have been reached: of
    those only is known that they are not before the days told.
    """

    code: str
    kind: str  # milestone, instruction
    type: str
    subject_kind: str
    parent: str
    n: int
    events: int
    censored: int
    weight: float
    measure: str
    lead_days: int
    kept_share: float | None  # share reached by the date promised, by the curve
    quantiles: Mapping[float, float | None]
    extrapolated: tuple[float, ...]
    curve: tuple[CurvePoint, ...]
    own_curve: tuple[CurvePoint, ...]
    invented: bool
    known_on: dt.date
    members: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioLine:
    """A scenario as kept; `changes` are plain mappings (see `runs.changes`)."""

    code: str
    title: str
    note: str
    changes: tuple[Mapping[str, Any], ...]
    owner: str
    invented: bool
    discarded: bool
    made_at: dt.datetime
    runs: tuple[RunLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioAnswer:
    """What a list of changes does: the nodes that move, against the base run; nothing is stored for it."""

    base: RunLine
    changes: tuple[Mapping[str, Any], ...]
    moved: tuple[Shift, ...]
    same: int
    counts: Mapping[str, int]
    seconds: float
    targets: tuple[TargetShift, ...] = ()  # those that move
