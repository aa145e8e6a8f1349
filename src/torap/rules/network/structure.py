"""What waits for what by the structure of things, without anybody saying so. Each rule has a code.

`stages`: milestones of one thing in the order of its template. `members`: a programme's milestone waits for
those of its members, or of the places in a member that has none itself. `parts`: the capacity of a place
waits for that of the places in it. `builds`: the opening of a place waits for the infrastructure projects
that build it.
`indicator`: a target waits for the capacity of what its programme holds. `networks`: a plot is ready when
its networks are. `ground`: and when it is built, or the place around it is. `resident`: a project on a plot
starts when the plot is ready, unless it is what builds it.

A link is left out where its order was visibly not kept: the later thing is said or shown to be done while
the earlier is not. A word of progress frees nobody from what must be whole before: a hub can be partly done
while its first part is not. Only what comes before works (a design, their start) is behind what is under way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from torap.rules.network.order import least_days, order_pairs, stages_left
from torap.rules.network.stages import Stage, Template, Templates

STAGES, MEMBERS, PARTS, BUILDS, INDICATOR, NETWORKS, GROUND, RESIDENT = (
    "stages", "members", "parts", "builds", "indicator", "networks", "ground", "resident",
)  # fmt: skip
_PROGRESS = frozenset({"under_way", "part_done"})
# A milestone of a programme waits, at each member, for those of the first of these types the member has.
_OF_MEMBER: Mapping[str, tuple[str, ...]] = {
    "complete": ("complete",),
    "open": ("open", "complete"),
    "capacity": ("capacity", "open", "complete"),
}
_FIRST = ("start", "complete", "open", "capacity")
_BUILT = ("complete", "open")  # the first of these that a place has says that it is built


@dataclass(frozen=True, slots=True)
class Point:
    """A milestone as the rules see it. `said`: its newest state as said; `done`: said or shown to be done."""

    key: str
    subject: str
    type: str
    said: str = ""
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A subject: its kind and type, the place it stands at (or lies in), the programmes it belongs to.

    `programme`: of an indicator, the programme it measures.
    """

    code: str
    kind: str
    type: str = ""
    place: str = ""
    programmes: tuple[str, ...] = ()
    programme: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """`after` waits for `before` by a rule; `lag` in calendar days."""

    before: str
    after: str
    rule: str
    lag: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """The ties, those left out because their order was not kept, and the stages left before milestones.

    `grounds`: key of a plot -> the milestones that say it is built, and those that say it of the nearest
    place around it that has any.
    """

    ties: tuple[Tie, ...] = ()
    not_kept: tuple[Tie, ...] = ()
    left: Mapping[str, tuple[tuple[Stage, ...], int]] = field(default_factory=dict)
    grounds: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)


def structure(
    points: Sequence[Point],
    things: Mapping[str, Thing],
    templates: Templates,
    *,
    utilities: Iterable[tuple[str, str]] = (),
    plots: Iterable[str] = (),
) -> Structure:
    """All ties among `points`, `utilities` (place, key of the network) and `plots` (codes), and what stages
    are left.

    Things are given by code; a point of a thing that is not among them follows the general template.
    """
    own: dict[str, dict[str, list[Point]]] = defaultdict(lambda: defaultdict(list))
    for point in points:
        own[point.subject][point.type].append(point)
    said = {point.key: point for point in points}
    grounds = {f"plot:{code}": _grounds(code, own, things) for code in plots}
    wanted = [
        *_same_thing(own, things, templates),
        *_members(own, things),
        *_parts(own, things),
        *_builders(own, things),
        *_indicators(own, things),
        *_plots(own, things, utilities, grounds),
    ]
    ties: list[Tie] = []
    not_kept: list[Tie] = []
    for tie in dict.fromkeys(wanted):
        (not_kept if _order_broken(said.get(tie.before), said.get(tie.after)) else ties).append(tie)
    left = _left(own, things, templates)
    return Structure(ties=tuple(ties), not_kept=tuple(not_kept), left=left, grounds=grounds)


def template_of(templates: Templates, thing: Thing | None) -> Template:
    """The template a thing follows."""
    return templates.of(thing.kind, thing.type) if thing else templates.by_code[templates.default]


def _same_thing(
    own: Mapping[str, Mapping[str, list[Point]]], things: Mapping[str, Thing], templates: Templates
) -> Iterable[Tie]:
    for subject, by_type in own.items():
        if len(by_type) < 2:
            continue
        template = template_of(templates, things.get(subject))
        later: dict[str, list[str]] = defaultdict(list)
        for pair in order_pairs(template, by_type.keys()):
            later[pair.before].append(pair.after)
        for type in list(later):
            for before in by_type[type]:
                yield from _after(before, later, by_type, template)


def _after(
    before: Point, later: Mapping[str, list[str]], by_type: Mapping[str, list[Point]], template: Template
) -> Iterable[Tie]:
    """The ties from one milestone to those that come next; past one whose order was not kept, to those after
    it."""
    todo, seen = list(later.get(before.type, ())), set()
    while todo:
        type = todo.pop()
        if type in seen:
            continue
        seen.add(type)
        lag = least_days(template, before.type, type) or 0
        for after in by_type[type]:
            yield Tie(before.key, after.key, STAGES, lag)
        if any(_order_broken(before, after) for after in by_type[type]):
            todo += later.get(type, ())


def _left(
    own: Mapping[str, Mapping[str, list[Point]]], things: Mapping[str, Thing], templates: Templates
) -> dict[str, tuple[tuple[Stage, ...], int]]:
    found: dict[str, tuple[tuple[Stage, ...], int]] = {}
    for subject, by_type in own.items():
        template = template_of(templates, things.get(subject))
        done = [name for name, rows in by_type.items() if any(row.done for row in rows)]
        under_way = [name for name, rows in by_type.items() if any(row.said in _PROGRESS for row in rows)]
        for name, rows in by_type.items():
            left = stages_left(template, by_type.keys(), name, done=done, begun=under_way)
            if left.stages:
                found.update((row.key, (left.stages, left.shortest_days)) for row in rows if not row.done)
    return found


def _members(own: Mapping[str, Mapping[str, list[Point]]], things: Mapping[str, Thing]) -> Iterable[Tie]:
    inside = places_in(things)
    for thing in things.values():
        if thing.kind == "indicator":
            continue
        whose = (thing.code, *(code for code in inside.get(thing.code, ()) if code in own))
        if not any(code in own for code in whose):
            continue
        for programme in thing.programmes:
            for type, taken in _OF_MEMBER.items():
                for after in own.get(programme, {}).get(type, ()):
                    for before in _of_member(own, whose, taken):
                        yield Tie(before.key, after.key, MEMBERS)


def _of_member(
    own: Mapping[str, Mapping[str, list[Point]]], whose: Sequence[str], types: Iterable[str]
) -> Sequence[Point]:
    """The milestones of the first of these types that a member has, or else the places in it have."""
    for type in types:
        first, *rest = (own.get(code, {}).get(type, []) for code in whose)
        found = first or [point for rows in rest for point in rows]
        if found:
            return found
    return ()


def _parts(own: Mapping[str, Mapping[str, list[Point]]], things: Mapping[str, Thing]) -> Iterable[Tie]:
    for place, codes in places_in(things).items():
        for after in own.get(place, {}).get("capacity", ()):
            for code in codes:
                for before in own.get(code, {}).get("capacity", ()):
                    yield Tie(before.key, after.key, PARTS)


def places_around(code: str, things: Mapping[str, Thing]) -> list[str]:
    """The places a place lies in, the nearest first; a ring of places ends where it began."""
    found: list[str] = []
    at = code
    while at in things and (around := things[at].place) and around not in {*found, code}:
        found.append(around)
        at = around
    return found


def places_in(things: Mapping[str, Thing]) -> dict[str, list[str]]:
    """Place -> the places in it, however deep."""
    found: dict[str, list[str]] = defaultdict(list)
    for thing in things.values():
        if thing.kind == "place" and thing.place:
            for around in places_around(thing.code, things):
                found[around].append(thing.code)
    return dict(found)


def _builders(own: Mapping[str, Mapping[str, list[Point]]], things: Mapping[str, Thing]) -> Iterable[Tie]:
    for thing in things.values():
        if thing.kind != "project" or thing.type != "infrastructure" or thing.code not in own:
            continue
        for after in own.get(thing.place, {}).get("open", ()):
            for before in _first_of(own[thing.code], ("open", "complete")):
                yield Tie(before.key, after.key, BUILDS)


def _indicators(own: Mapping[str, Mapping[str, list[Point]]], things: Mapping[str, Thing]) -> Iterable[Tie]:
    holds: dict[str, list[Point]] = defaultdict(list)
    for thing in things.values():
        if thing.kind != "indicator" and thing.code in own:
            for programme in thing.programmes:
                holds[programme] += own[thing.code].get("capacity", ())
    for thing in things.values():
        if thing.kind != "indicator" or thing.code not in own:
            continue
        for programme in {thing.programme, *thing.programmes} - {""}:
            for rows in own[thing.code].values():
                for after in rows:
                    for before in holds.get(programme, ()):
                        yield Tie(before.key, after.key, INDICATOR)


def _plots(
    own: Mapping[str, Mapping[str, list[Point]]],
    things: Mapping[str, Thing],
    utilities: Iterable[tuple[str, str]],
    grounds: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]],
) -> Iterable[Tie]:
    plots = {key.partition(":")[2]: key for key in grounds}
    networks: dict[str, list[str]] = defaultdict(list)
    for place, key in utilities:
        networks[place].append(key)
    for code, key in plots.items():
        around = things[code].place if code in things else ""
        for network in networks.get(code) or networks.get(around) or ():
            yield Tie(network, key, NETWORKS)
        built, around_built = grounds[key]
        for milestone in built or around_built:
            yield Tie(milestone, key, GROUND)
    for thing in things.values():
        builder = thing.type == "infrastructure"
        if thing.kind == "project" and not builder and thing.place in plots and thing.code in own:
            for after in _first_of(own[thing.code], _FIRST):
                yield Tie(plots[thing.place], after.key, RESIDENT)


def _grounds(
    code: str, own: Mapping[str, Mapping[str, list[Point]]], things: Mapping[str, Thing]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The milestones that say a plot is built, and those that say it of the nearest place around it that has
    any."""
    built = tuple(point.key for point in _first_of(own.get(code, {}), _BUILT))
    for around in places_around(code, things):
        found = tuple(point.key for point in _first_of(own.get(around, {}), _BUILT))
        if found:
            return built, found
    return built, ()


def _first_of(by_type: Mapping[str, list[Point]], types: Iterable[str]) -> Sequence[Point]:
    """The milestones of the first of these types that the thing has."""
    return next((by_type[name] for name in types if by_type.get(name)), ())


def _order_broken(before: Point | None, after: Point | None) -> bool:
    if before is None or after is None or before.done:
        return False
    return after.done or (before.type in {"start", "design"} and after.said in _PROGRESS)
