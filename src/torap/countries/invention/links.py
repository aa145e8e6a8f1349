"""What of one invented project waits for another: links of milestones, always forwards, so never a loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from torap.countries.invention.course import Course, courses, sites
from torap.countries.invention.shape import Shape

TRIES = 20
NEAR = 60  # how many projects further on a link reaches at most
PAIRS = (
    ("complete", "open"),
    ("design", "start"),
    ("open", "open"),
    ("complete", "complete"),
    ("start", "complete"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossLink:
    """A milestone that comes first and one of another project that waits for it; days of lag."""

    before: str
    after: str
    lag: int


def cross_links(shape: Shape) -> list[CrossLink]:
    """Investors wait for the networks of their place; with these as many links as the size asks for, or as
    many as fit. Each pair of milestones once.

    A link runs from a place to its projects, or from a project to one announced later: no loop can close.
    """
    made = courses(shape)
    found = {(link.before, link.after): link for link in _site_links(shape, made)}
    for number in range(max(shape.size.links - len(found), 0)):
        for attempt in range(TRIES):
            link = _link(shape, made, number, attempt)
            if link is not None and (link.before, link.after) not in found:
                found[link.before, link.after] = link
                break
    return list(found.values())


def _site_links(shape: Shape, made: list[Course]) -> Iterator[CrossLink]:
    goals = sites(shape, made)
    for one in made:
        site, start = goals[one.place], one.goal("start")
        if one.kind["type"] == "investment" and site.promises and start.promises:
            yield CrossLink(before=site.code, after=start.code, lag=0)


def _link(shape: Shape, made: list[Course], number: int, attempt: int) -> CrossLink | None:
    luck = shape.luck
    if len(made) < 2:
        return None
    first = luck.whole(0, len(made) - 2, "link", number, attempt)
    second = min(first + luck.whole(1, NEAR, "far", number, attempt), len(made) - 1)
    before, after = luck.pick(PAIRS, "pair", number, attempt)
    goals = (made[first].goal(before), made[second].goal(after))
    if not all(goal.promises for goal in goals):
        return None
    lag = luck.whole(0, 60, "lag", number) if luck.chance(0.25, "lagged", number) else 0
    return CrossLink(before=goals[0].code, after=goals[1].code, lag=lag)


def givers(shape: Shape) -> Iterator[tuple[int, str]]:
    """Each project with the body that gives its schedule: its contractor."""
    for one in courses(shape):
        yield one.number, f"inv-contractor-{one.contractor:03d}"
