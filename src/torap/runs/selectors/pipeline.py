"""Investment by year: what the newest run says of it, or, where none carries it, a small one made at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from torap.countries.pipeline import load_pipeline
from torap.delivery.selectors import sections
from torap.ledger.memo import while_unchanged
from torap.rules.known import AsKnown
from torap.runs.adapters.pipeline import pipeline_output
from torap.runs.adapters.pipeline_input import pipeline_input
from torap.runs.frozen import day_of, unpack
from torap.runs.models import RunResult
from torap.runs.selectors.classes import run_content
from torap.runs.selectors.runs import newest_run

AT_ONCE_PROJECTS = 200
AT_ONCE_TRIALS = 4_000
SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A quantity by year [bn USD]; a percentile is the value not exceeded in so many trials of a hundred: P20
    is what there is at least in four of five. `p20` is empty of runs that did not keep it."""

    years: tuple[int, ...]
    p10: tuple[float, ...]
    p50: tuple[float, ...]
    p80: tuple[float, ...]
    mean: tuple[float, ...] = ()  # empty where there is none
    p20: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """How likely a year brings the lower and the upper end of its target."""

    year: int
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one project brings, by year and elsewhere [bn USD, means]. `stage_basis`: money or milestone;
    `rate_rule`, `rate_on`, `rate_year`: the rate its amount was turned into dollars by. `basis`: what going
    on rests on: observed, assumed, empty where nothing has to be waited for. `undated`: spent in years nobody
    named; `unspent`: left over of a project that is finished.
    """

    code: str
    stage: str
    stage_basis: str
    since: dt.date | None
    amount: float
    value: float
    currency: str
    rate_rule: str
    rate_on: dt.date | None
    rate_year: int | None
    years: tuple[float, ...]
    starts: float
    undated: float
    unspent: float
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassRate:
    """How fast projects of a type leave a stage, per year; `n` passages in `watched` project-years."""

    type: str
    stage: str
    mean: float
    low: float
    high: float
    n: int
    watched: float
    assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """From the projects. `named`: amounts of all that are counted; `unknown`: codes by what nobody said."""

    yearly: Span
    cumulative: Span
    chances: tuple[Chance, ...]
    goal: float | None
    named: float
    projects: int
    parts: tuple[Part, ...]
    rates: tuple[PassRate, ...]
    unknown: Mapping[str, tuple[str, ...]]
    undated: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """From the `n` measured years alone; `sums`: since the first year of the goal."""

    yearly: Span
    sums: Span
    chances: tuple[Chance, ...]
    goal: float | None
    n: int
    measured: Mapping[int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineView:
    """Investment against its target. `run`: code of the run, empty when it was made at once. `recorded`:
    without the declared assumptions. `targets`: year -> both ends.
    """

    run: str
    known_on: dt.date
    trials: int
    invented: bool
    measured_code: str
    target_code: str
    targets: Mapping[int, tuple[float, float]]
    goal_value: float | None
    goal_from: int | None
    goal_year: int | None
    below: Below
    recorded: Below
    above: Above | None
    no_exchange: tuple[str, ...]


def pipeline_view(known: AsKnown, *, invented: bool = False) -> PipelineView | None:
    """Investment by year as the newest run of that day knows it; None where nothing can be said.

    A run without it, or none: made at once for up to 200 projects, without what the trials of the network say
    of sites. At most four queries beside those of the facts.
    """
    return _view(known, invented)


def pipeline_codes() -> frozenset[str]:
    """Codes of the indicators a pipeline speaks of: what is aimed at, and what is measured. No query."""
    profile = load_pipeline(settings.COUNTRY)
    rows = sections(settings.COUNTRY) if profile is not None else ()
    wanted = [row for row in rows if profile is not None and row.section == profile.section]
    return frozenset(code for row in wanted for code in (row.target, row.observed))


@while_unchanged
def _view(known: AsKnown, invented: bool) -> PipelineView | None:
    run = newest_run(known, invented=invented)
    if run is not None:
        frozen = run_content(run.code, run.sha256).get("pipeline")
        packed = RunResult.objects.values_list("content", flat=True).get(run__code=run.code)
        answer = unpack(packed).get("pipeline")
        if frozen and answer:
            return view_of(frozen, answer, run=run.code)
    frozen = pipeline_input(known, invented=invented)
    if frozen is None or len(frozen["projects"]) > AT_ONCE_PROJECTS:
        return None
    return view_of(frozen, pipeline_output(frozen, trials=AT_ONCE_TRIALS, seed=SEED))


def view_of(frozen: Mapping[str, Any], answer: Mapping[str, Any], *, run: str = "") -> PipelineView:
    """The frozen input and the answer of a pipeline as the pages are told."""
    goal = frozen["goal"] or {}
    return PipelineView(
        run=run,
        known_on=dt.date.fromisoformat(frozen["known_on"]),
        trials=answer["trials"],
        invented=bool(frozen["invented"]),
        measured_code=frozen["measured_code"],
        target_code=frozen["target_code"],
        targets={year: (low, high) for year, low, high in frozen["targets"]},
        goal_value=goal.get("value"),
        goal_from=goal.get("from_year"),
        goal_year=goal.get("by_year"),
        below=_below(answer["below"], frozen),
        recorded=_below(answer["recorded"], frozen),
        above=_above(answer["above"]) if answer["above"] else None,
        no_exchange=tuple(answer["no_exchange"]),
    )


def _below(row: Mapping[str, Any], frozen: Mapping[str, Any]) -> Below:
    projects = {one["id"]: one for one in frozen["projects"]}
    unknown = dict(row["unknown"])
    undated = unknown.pop("undated_sum")
    parts = [_part(one, projects[one["id"]]) for one in row["counted"]]
    return Below(
        yearly=_span(row["years"], row["yearly"]),
        cumulative=_span(row["years"], row["cumulative"]),
        chances=_chances(row["chances"]),
        goal=row["goal"],
        named=row["named"],
        projects=row["projects"],
        parts=tuple(sorted(parts, key=lambda part: (-sum(part.years), -part.amount, part.code))),
        rates=tuple(_rate(one) for one in row["rates"] if one["passes"] and one["passes"]["mean"] > 0),
        unknown={name: tuple(codes) for name, codes in unknown.items()},
        undated=undated,
    )


def _part(row: Mapping[str, Any], project: Mapping[str, Any]) -> Part:
    amount = project["amount"]
    return Part(
        code=row["id"],
        stage=row["stage"],
        stage_basis=project["stage_basis"],
        since=day_of(project["since"]),
        amount=row["amount"],
        value=amount["value"],
        currency=amount["currency"],
        rate_rule=amount["rate_rule"],
        rate_on=day_of(amount["rate_on"]),
        rate_year=amount["rate_year"],
        years=tuple(row["years"]),
        starts=row["starts"],
        undated=row["undated"],
        unspent=row.get("unspent", 0.0),
        basis=row["basis"],
    )


def _rate(row: Mapping[str, Any]) -> PassRate:
    rate = row["passes"]
    return PassRate(
        type=row["class"],
        stage=row["stage"],
        mean=rate["mean"],
        low=rate["low"],
        high=rate["high"],
        n=int(rate["n"]),
        watched=rate["exposure_years"],
        assumed=rate["basis"] == "assumed",
    )


def _above(row: Mapping[str, Any]) -> Above:
    sums = {name: row[f"goal_{name}"] for name in ("p10", "p50", "p80")}
    sums["p20"] = row.get("goal_p20", ())
    return Above(
        yearly=_span(row["years"], row),
        sums=_span(row["goal_years"], sums),
        chances=_chances(row["chances"]),
        goal=row["goal"],
        n=row["n"],
        measured={int(year): value for year, value in row["measured"].items()},
    )


def _span(years: list[int], rows: Mapping[str, Any]) -> Span:
    return Span(
        years=tuple(years),
        p10=tuple(rows["p10"]),
        p20=tuple(rows.get("p20", ())),
        p50=tuple(rows["p50"]),
        p80=tuple(rows["p80"]),
        mean=tuple(rows.get("mean", ())),
    )


def _chances(rows: list[Mapping[str, Any]]) -> tuple[Chance, ...]:
    return tuple(Chance(year=row["year"], low=row["low"], high=row["high"]) for row in rows)
