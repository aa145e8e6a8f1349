"""How each invented project truly goes, and what was promised of it on the way."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from torap.countries.invention.shape import Shape

YEAR_DAYS = 365.25
SHORTEST_DAYS = 30
MOVES_AT_MOST = 8
FIRST_YEAR = 2016


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A date promised on a day; the day may be long past."""

    said: dt.date
    promised: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A milestone of a project: when it is truly reached, what was promised."""

    code: str
    type: str
    name: dict[str, str]
    reached: dt.date
    promises: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One project over its life."""

    number: int
    code: str
    place: int
    kind: dict[str, Any]
    announced: dt.date
    length_days: float
    cost_usd: float
    ministry: int
    contractor: int
    goals: tuple[Goal, ...]

    def at(self, share: float) -> dt.date:
        """The day on which a share of its true length has passed."""
        return self.announced + dt.timedelta(days=round(share * self.length_days))

    def goal(self, type: str) -> Goal:
        """The milestone of a type."""
        return next(one for one in self.goals if one.type == type)


def courses(shape: Shape) -> list[Course]:
    """All projects, the earliest announced first, so that what is linked forwards never closes a loop."""
    return [_course(shape, number) for number in range(1, shape.size.projects + 1)]


def sites(shape: Shape, made: list[Course]) -> dict[int, Goal]:
    """When the networks of each place with a project work, shortly before its first works begin."""
    row, found = shape.words["site"], {}
    for one in made:
        if one.place not in found:
            code = f"inv-place-{one.place:03d}"
            reached = one.goal("start").reached - dt.timedelta(days=row["days_before"])
            found[one.place] = _reached(shape, code, row, one.announced, max(reached, one.announced))
    return found


def _course(shape: Shape, number: int) -> Course:
    luck, words = shape.luck, shape.words
    code = f"inv-{number:04d}"
    first, last = dt.date(FIRST_YEAR, 1, 15), shape.as_of - dt.timedelta(days=120)
    announced = first + (last - first) * ((number - luck.share(code, "when")) / shape.size.projects)
    true = words["true_length_years"]
    length = max(luck.about(true["median"], true["spread"], code, "length") * YEAR_DAYS, SHORTEST_DAYS)
    cost = words["cost_mn_usd"]
    return Course(
        number=number,
        code=code,
        place=luck.whole(1, shape.place_count, code, "place"),
        kind=luck.pick(words["projects"], code, "kind"),
        announced=announced,
        length_days=length,
        cost_usd=round(luck.about(cost["median"], cost["spread"], code, "cost"), 1) * 1e6,
        ministry=luck.whole(1, shape.ministry_count, code, "ministry"),
        contractor=luck.whole(1, shape.contractor_count, code, "contractor"),
        goals=tuple(_goal(shape, code, row, announced, length) for row in words["milestones"]),
    )


def _goal(shape: Shape, code: str, row: dict[str, Any], announced: dt.date, length: float) -> Goal:
    return _reached(shape, code, row, announced, announced + dt.timedelta(days=round(row["share"] * length)))


def _reached(shape: Shape, code: str, row: dict[str, Any], announced: dt.date, reached: dt.date) -> Goal:
    name = f"{code}-{row['type']}"
    return Goal(
        code=name,
        type=row["type"],
        name=row["name"],
        reached=reached,
        promises=tuple(_promises(shape, name, row, announced, reached)),
    )


def _promises(
    shape: Shape, name: str, row: dict[str, Any], announced: dt.date, reached: dt.date
) -> list[Said]:
    """What was promised until it was reached, or until the day nothing more was said.

    Each promise falls short of the truth by the optimism of its kind; when it comes near undone the next one
    is made.
    """
    luck, found = shape.luck, []
    said = shape.told(announced + dt.timedelta(days=luck.whole(1, 60, name, "first")))
    for move in range(MOVES_AT_MOST):
        if said > shape.as_of or (move and said >= reached):
            break
        left = max((reached - said).days, SHORTEST_DAYS)
        short = luck.about(row["optimism"], row["spread"], name, "short", move)
        promised = said + dt.timedelta(days=max(round(left * min(short, 1.4)), SHORTEST_DAYS))
        found.append(Said(said=said, promised=promised))
        said = promised - dt.timedelta(days=luck.whole(0, 45, name, "again", move))
        said = shape.told(max(said, found[-1].said + dt.timedelta(days=SHORTEST_DAYS)))
    return found
