"""What is known of projects and their money, as a forecast of investment is frozen: plain values, no tables.

A project's stage is the furthest its money entries name, or its milestones show: begun works mean that money
flows, a finished or opened project that it is done. Where both speak, the further one counts and says so.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings

from torap.countries import load_rates
from torap.countries.pipeline import PipelineProfile, load_pipeline
from torap.delivery.selectors import (
    MilestoneState,
    Progress,
    Value,
    country_states,
    figure_rows,
    national_progress,
)
from torap.engines.pipeline.model import STAGES, WAITING, YEAR_DAYS, Stage
from torap.registry.selectors import StageAmount, money_of, pool_of, project_list, work_calendar
from torap.rules.calendar import WorkCalendar
from torap.rules.known import AsKnown
from torap.rules.money import rate_before
from torap.rules.units import convert

if TYPE_CHECKING:
    from torap.registry.models import Project

ENDED = frozenset({"said_done", "evidence"})  # what the day a milestone was reached rests on
COSTS = (Stage.COMMITTED, Stage.AGREED, Stage.ANNOUNCED)  # the firmest first
SPENT = (Stage.REALISED, Stage.DISBURSED)
PLOT = "plot"
DOLLAR, UNIT = "USD", "bn USD"
YEARS_AHEAD = 5  # of a network without a goal


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A stage that a project was known to have reached, on which day, and what shows it."""

    stage: Stage
    day: dt.date
    basis: str  # money, milestone


@dataclass(slots=True, kw_only=True)
class _Told:
    """Everything known of one project."""

    project: Project
    money: list[StageAmount]
    milestones: list[MilestoneState]
    seen: list[Seen] = field(default_factory=list)


def pipeline_input(known: AsKnown, *, invented: bool = False) -> dict[str, Any] | None:
    """The projects that are `invented` or not, how such projects went on, what is aimed at: plain values.

    None where the country declares nothing of a pipeline, or has no such project.
    """
    profile = load_pipeline(settings.COUNTRY)
    told = _told(known, invented, profile) if profile is not None else []
    if profile is None or not told:
        return None
    years = _aims(known, profile) if not invented else _no_aims(known)
    calendar = work_calendar(known)
    return {
        "known_on": known.day.isoformat(),
        "invented": invented,
        "projects": [_project(one, known, profile, calendar) for one in told],
        "sites": _sites(told, known, profile, invented),
        "passages": _passages(told),
        **_assumed(profile),
        **years,
    }


def _told(known: AsKnown, invented: bool, profile: PipelineProfile) -> list[_Told]:
    projects = [row for row in project_list(known=known) if row.invented == invented]
    money = money_of([row.pk for row in projects], known)
    milestones: dict[int, list[MilestoneState]] = defaultdict(list)
    for state in country_states(known).milestones:
        if state.invented == invented:
            milestones[state.milestone.subject_id].append(state)
    rows = []
    for project in sorted(projects, key=lambda row: row.code):
        amounts = [row for row in money[project.pk] if row.invented == invented]
        own = milestones[project.pk]
        if project.code in profile.also_places and project.place_id is not None:
            own = own + milestones[project.place_id]
        one = _Told(project=project, money=amounts, milestones=own)
        one.seen = sorted(_seen(one, profile), key=lambda row: (row.day, STAGES.index(row.stage)))
        rows.append(one)
    return rows


def _seen(one: _Told, profile: PipelineProfile) -> Iterator[Seen]:
    for row in one.money:
        first = min((row.entry, *row.earlier), key=lambda entry: entry.said_to)
        yield Seen(stage=Stage(row.stage), day=first.said_to, basis="money")
    for state in one.milestones:
        type = state.milestone.type
        if state.slip_basis not in ENDED or state.slip_to is None:
            if state.said.code == "done" and type in profile.begun and state.said.done_on:
                yield Seen(stage=Stage.DISBURSED, day=state.said.done_on, basis="milestone")
            continue
        if type in profile.done:
            yield Seen(stage=Stage.REALISED, day=state.slip_to, basis="milestone")
        elif type in profile.begun:
            yield Seen(stage=Stage.DISBURSED, day=state.slip_to, basis="milestone")


def _project(one: _Told, known: AsKnown, profile: PipelineProfile, calendar: WorkCalendar) -> dict[str, Any]:
    project, now = one.project, furthest(one.seen)
    amount, spent = _amounts(one.money, now)
    said = any(row.stage in (*COSTS, *SPENT) for row in one.money)
    pool = pool_of(project, known, amounts=one.money, calendar=calendar)
    finishing = _finishing(one, profile)
    length = profile.lengths[project.type]
    return {
        "id": project.code,
        "identity": _root(project),
        "amount": amount,
        "no_exchange": amount is None and said,
        "spent": spent,
        "stage": str(now.stage) if now else None,
        "stage_basis": now.basis if now else "",
        "since": now.day.isoformat() if now else None,
        "promised": _promised(finishing),
        "finish": f"milestone:{finishing.code}" if finishing else "",
        "ready": _site_of(one, profile),
        "class": project.type,
        "pools": [pool.code] if pool.code else [],
        "length": {
            "median_years": length.median_years,
            "sigma": length.sigma,
            "profile": str(length.profile),
        },
    }


def furthest(seen: Sequence[Seen]) -> Seen | None:
    """The furthest stage, and the first day it was known at."""
    if not seen:
        return None
    top = max(STAGES.index(row.stage) for row in seen)
    return min((row for row in seen if STAGES.index(row.stage) == top), key=lambda row: row.day)


def _amounts(money: Sequence[StageAmount], now: Seen | None) -> tuple[dict[str, Any] | None, float | None]:
    """The amount of a project and how much of it is out in years nobody named.

    The whole at the firmest stage that names a cost, else what was spent. A done project whose day is known
    from a milestone spent all of it until then: its years are modelled, not unknown.
    """
    cost = next((rows for stage in COSTS if (rows := _of(money, stage))), None)
    out = next((rows for stage in SPENT if (rows := _of(money, stage))), None)
    whole = cost or out
    if whole is None:
        return None, None
    amount = _in_dollars(whole)
    if amount is None or out is None or (now and now.stage == Stage.REALISED and now.basis == "milestone"):
        return amount, None
    spent = _in_dollars(out)
    if spent is None:
        return amount, None
    usd = spent["value"] / spent["per_usd"]
    if usd * amount["per_usd"] > amount["value"]:  # more was spent than was ever named as the cost
        return spent, spent["value"]
    return amount, usd * amount["per_usd"]


def _of(money: Sequence[StageAmount], stage: Stage) -> list[StageAmount]:
    """What counts of one stage: the whole where it was said, else its parts."""
    rows = [row for row in money if row.stage == stage]
    return [row for row in rows if not row.part] or rows


def _in_dollars(rows: Sequence[StageAmount]) -> dict[str, Any] | None:
    """The sum as it was named, with the rate of the day it was said; of two currencies, in dollars."""
    rates = load_rates(settings.COUNTRY)
    parts = []
    for row in rows:
        day = row.entry.said_to
        found = None if row.currency == DOLLAR else rate_before(DOLLAR, row.currency, on=day, rates=rates)
        if row.currency != DOLLAR and found is None:
            return None
        per_usd = Decimal(1)
        if found is not None:
            per_usd = found[1].value if found[1].base == DOLLAR else 1 / found[1].value
        parts.append((row, per_usd, found))
    return _summed(parts)


def _summed(parts: Sequence[tuple[StageAmount, Decimal, Any]]) -> dict[str, Any]:
    first, per_usd, found = parts[0]
    alike = all(row.currency == first.currency and rate == per_usd for row, rate, _found in parts)
    shown: dict[str, Any] = {"rate_rule": "", "rate_on": "", "rate_year": None}
    if found is not None and alike:
        rule, rate = found
        shown = {"rate_rule": rule, "rate_on": rate.on.isoformat() if rate.on else "", "rate_year": rate.year}
    value = sum((row.amount for row, _rate, _f in parts), Decimal(0))
    if not alike:
        value = sum((row.amount / rate for row, rate, _f in parts), Decimal(0))
    return {
        "value": float(value),
        "currency": first.currency if alike else DOLLAR,
        "per_usd": float(per_usd) if alike else 1.0,
        "said_on": max(row.entry.said_to for row, _rate, _f in parts).isoformat(),
        **shown,
    }


def _finishing(one: _Told, profile: PipelineProfile) -> MilestoneState | None:
    """The milestone whose day is the end of spending: complete before open, not yet done."""
    rows = [row for row in one.milestones if row.milestone.type in profile.done]
    order = {"complete": 0, "open": 1}
    return min(rows, key=lambda row: (order.get(row.milestone.type, 2), row.code), default=None)


def _promised(state: MilestoneState | None) -> str | None:
    return state.current.latest.isoformat() if state and state.current else None


def _ready(project: Project) -> str:
    """The site a project waits for: its place, where it does not build that place itself."""
    return project.place.code if project.type == "investment" and project.place is not None else ""


def _sites(
    told: Iterable[_Told], known: AsKnown, profile: PipelineProfile, invented: bool
) -> dict[str, dict[str, Any]]:
    """The places projects wait for: since when they work, or the milestones one of which makes them work. A
    plot is ready as the network says: with its networks."""
    rows = list(told)
    wanted = {one.project.place_id: place for one in rows if (place := _site_of(one, profile))}
    sites: dict[str, dict[str, Any]] = {
        place: {"since": None, "keys": [f"{PLOT}:{place}"]}
        for one in rows
        if (place := _site_of(one, profile)) and one.project.place and one.project.place.type == PLOT
    }
    for state in country_states(known).milestones:
        code = wanted.get(state.milestone.subject_id)
        if code is None or state.invented != invented or state.milestone.type not in profile.done:
            continue
        site = sites.setdefault(code, {"since": None, "keys": []})
        if state.slip_basis in ENDED and state.slip_to is not None:
            since = state.slip_to.isoformat()
            site["since"] = min(site["since"] or since, since)
        else:
            site["keys"].append(f"milestone:{state.code}")
    return dict(sorted(sites.items()))


def _site_of(one: _Told, profile: PipelineProfile) -> str:
    return "" if one.project.code in profile.also_places else _ready(one.project)


def _root(project: Project) -> str:
    seen = {project.pk}
    row = project
    while row.same_as is not None and row.same_as_id not in seen:
        row = row.same_as
        seen.add(row.pk)
    return row.code


def _passages(told: Iterable[_Told]) -> dict[str, list[dict[str, Any]]]:
    """Per type of project: passages seen, and the years watched until something was last heard.

    A stage nobody saw a project in tells nothing of that stage: of a leap over it the whole time is the wait
    in the stage before. Silence after the last word is no waiting: nobody looked. Losses are not recorded.
    """
    sums: dict[str, dict[str, list[float]]] = {}
    for one in told:
        group = sums.setdefault(one.project.type, {})
        for stage, passed, years in _walked(one.seen, _last_heard(one)):
            row = group.setdefault(stage, [0.0, 0.0])
            row[0] += passed
            row[1] += years
    return {
        code: [
            {"stage": str(stage), "passed": rows[stage][0], "exposure_years": round(rows[stage][1], 6)}
            for stage in WAITING
            if stage in rows
        ]
        for code, rows in sorted(sums.items())
    }


def _walked(seen: Sequence[Seen], heard: dt.date) -> Iterator[tuple[Stage, float, float]]:
    """The stages a project was seen in and left, or waits in: (stage, passages, project-years above none).

    What is told on one day of two stages is no wait: it was further already when it was first spoken of.
    """
    at: Seen | None = None
    for row in seen:
        if at is not None and STAGES.index(row.stage) <= STAGES.index(at.stage):
            continue
        if at is not None and at.stage in WAITING and row.day > at.day:
            yield at.stage, 1.0, (row.day - at.day).days / YEAR_DAYS
        at = row
    if at is not None and at.stage in WAITING and heard > at.day:
        yield at.stage, 0.0, (heard - at.day).days / YEAR_DAYS


def _last_heard(one: _Told) -> dt.date:
    days = [entry.said_to for row in one.money for entry in (row.entry, *row.earlier)]
    days += [row.said_to for state in one.milestones for row in (*state.promises, *state.reports)]
    return max(days, default=dt.date.min)


def _assumed(profile: PipelineProfile) -> dict[str, Any]:
    return {
        "assumptions": [
            {
                "stage": str(row.stage),
                "pass_per_year": row.pass_per_year,
                "lost_per_year": row.lost_per_year,
                "worth": row.worth,
            }
            for row in profile.assumptions
        ],
        "worth": profile.worth,
        "pace": profile.pace,
        "fate": profile.fate,
    }


def _aims(known: AsKnown, profile: PipelineProfile) -> dict[str, Any]:
    """Targets of the years, the goal, and what was measured, in billions of dollars."""
    progress = next(
        (row for row in national_progress(figure_rows(known), known) if row.section == profile.section), None
    )
    if progress is None:
        return _no_aims(known)
    first, last = progress.count_from or progress.from_year, progress.to_year
    targets = [
        [row.year, *ends] for row in progress.years if (ends := _ends(row.target)) and row.year >= first
    ]
    measured = {
        str(row.year): (ends[0] + ends[1]) / 2 for row in progress.years if (ends := _ends(row.observed))
    }
    return {
        "first_year": min(first, known.day.year),
        "last_year": max(last, known.day.year),
        "targets": targets,
        "goal": _goal(progress, first),
        "measured": measured,
        "measured_code": progress.indicator.code,
        "target_code": progress.target.code if progress.target else progress.indicator.code,
    }


def _goal(progress: Progress, first: int) -> dict[str, Any] | None:
    ends = _ends(progress.goal)
    if ends is None or progress.goal_year is None:
        return None
    return {"value": ends[0], "from_year": first, "by_year": progress.goal_year}


def _no_aims(known: AsKnown) -> dict[str, Any]:
    return {
        "first_year": known.day.year - 2,
        "last_year": known.day.year + YEARS_AHEAD,
        "targets": [],
        "goal": None,
        "measured": {},
        "measured_code": "",
        "target_code": "",
    }


def _ends(value: Value | None) -> tuple[float, float] | None:
    """Both ends of a figure in billions of dollars; where one end only was said, both are that."""
    if value is None:
        return None
    low = value.low if value.low is not None else value.high
    high = value.high if value.high is not None else value.low
    if low is None or high is None:
        return None
    return float(convert(low, value.unit, UNIT)), float(convert(high, value.unit, UNIT))


def node_keys(frozen: Mapping[str, Any]) -> tuple[str, ...]:
    """The milestones a pipeline would like every trial of: those that end a project with an amount, and those
    that make its site work.
    """
    rows = [row for row in frozen["projects"] if row["amount"] and row["stage"] != str(Stage.REALISED)]
    sites = [frozen["sites"].get(row["ready"]) for row in rows if row["ready"]]
    keys = {row["finish"] for row in rows if row["finish"]}
    return tuple(sorted(keys | {key for site in sites if site and not site["since"] for key in site["keys"]}))
