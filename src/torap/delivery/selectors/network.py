"""The delivery network as known on a day: everything that is to come, and what waits for what.

Nothing of it is stored but what somebody said of links and schedules; the rest is computed from the same rows
the pages read. Twelve queries at most, however large the country.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils import timezone

from torap.common.errors import NotFound
from torap.countries import load_stages
from torap.delivery.models import AttachedSchedule
from torap.delivery.plans import risk_of
from torap.delivery.selectors.network_model import (
    ACTIVITY,
    INSTRUCTION,
    MILESTONE,
    PLOT,
    SCHEDULE,
    STEP,
    TEMPLATE,
    UTILITY,
    Attached,
    LeftOut,
    Network,
    NetworkLink,
    Node,
)
from torap.delivery.selectors.network_nodes import (
    instruction_node,
    is_plot,
    milestone_node,
    plot_nodes,
    step_node,
    utility_nodes,
)
from torap.delivery.selectors.network_plots import dated_plots, ready_plots
from torap.delivery.selectors.network_rows import (
    LinkRow,
    Scope,
    body_ids,
    instruction_rows,
    link_rows,
    milestone_rows,
    plot_instructions,
    schedule_rows,
)
from torap.engines.schedule.plan import Plan
from torap.engines.schedule.uncertain import RiskPlan
from torap.ledger.chain import sha256_of
from torap.ledger.memo import same_for_all
from torap.ledger.selectors import unknown_yet_of
from torap.registry.selectors import SubjectFact, network_words, subject_facts
from torap.rules.calendar import WorkCalendar
from torap.rules.known import AsKnown
from torap.rules.network.loops import any_loop
from torap.rules.network.structure import (
    Point,
    Structure,
    Thing,
    Tie,
    places_around,
    places_in,
    structure,
    template_of,
)

_DATED = ("milestone", "instruction", "place", "project")
NOT_KEPT, DROPPED, LOOP = "not_kept", "dropped", "loop"

PLANS_READ = 100  # plans of attached schedules read at once


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkParts:
    """What was read, before it is decided what is shown."""

    nodes: dict[str, Node]
    structure: Structure
    links: Sequence[LinkRow]
    schedules: Sequence[Attached]
    calendar: WorkCalendar | None


@same_for_all
def network(known: AsKnown, *, invented: bool = False) -> Network:
    """The network of what is real; with `invented` that of what is invented, with the real things it hangs
    on.
    """
    return network_now(known, invented=invented)


def network_now(known: AsKnown, *, invented: bool = False) -> Network:
    """The same, read anew: for whoever is about to write."""
    return shown(network_parts(known), known, invented)


def networks_now(known: AsKnown) -> tuple[Network, Network]:
    """The network of what is real and that of what is invented, read once."""
    parts = network_parts(known)
    return shown(parts, known, False), shown(parts, known, True)


def node_of_step(key: str) -> Node | None:
    """The node of a procedure's step of a subject known today; None when the key names none."""
    today = timezone.localdate()
    return step_node(key, subject_facts(AsKnown(today)), today)


def shown(parts: NetworkParts, known: AsKnown, invented: bool, *, whole: bool = True) -> Network:
    """The network of what is real, or of what is invented, from what was read. Whether a plot waits for
    nothing any more only the `whole` can say."""
    schedules = [row for row in parts.schedules if row.current and row.invented == invented]
    nodes = parts.nodes | {node.key: node for node in _activities(schedules, parts.nodes)}
    said = [link for link in _said(parts.links) if link.invented == invented]
    drawn, left_out = _drawn(parts, said, invented)
    wanted = (*said, *drawn, *_of_schedules(schedules))
    links, loops = _without_loops([one for one in wanted if one.before in nodes and one.after in nodes])
    nodes |= ready_plots(nodes, links, known.day) if whole else {}
    reached = {key for link in links for key in (link.before, link.after)} if invented else set()
    kept = {key: node for key, node in sorted(nodes.items()) if node.invented == invented or key in reached}
    return Network(
        known=known,
        invented=invented,
        nodes=kept,
        links=tuple(sorted(links, key=lambda link: (link.after, link.before, link.origin, link.key))),
        schedules=tuple(schedules),
        left_out=(*left_out, *(LeftOut(link=link, reason=LOOP) for link in loops)),
        calendar=parts.calendar,
    )


def schedule_list(milestone: str, known: AsKnown) -> list[Attached]:
    """All schedules ever attached to a milestone (code) by the day, newest first. One query."""
    return schedule_rows(known, milestone=milestone)


def schedules_below(milestones: Collection[str], known: AsKnown, *, invented: bool) -> list[Attached]:
    """The schedules in force below some milestones (codes), newest first: real ones, or invented ones. One
    query, none for no milestones."""
    rows = schedule_rows(known, milestones=milestones) if milestones else []
    return [row for row in rows if row.current and row.invented == invented]


def schedule_get(key: str, known: AsKnown) -> AttachedSchedule:
    """One attached schedule as stored; NotFound when it was not known by the day."""
    row = AttachedSchedule.objects.select_related("milestone__subject").filter(key=key).first()
    if row is None or key not in {one.key for one in schedule_rows(known, milestone=row.milestone.code)}:
        raise NotFound("not_found", field="key", entity="schedule", value=key)
    return row


def schedule_plans(keys: Iterable[str]) -> dict[str, Plan]:
    """The plans of attached schedules by key, as they were read from their files. One query.

    NotFound when what is stored is not what was attached: its hash differs.
    """
    return {key: risk.plan for key, risk in schedule_risks(keys).items()}


def schedule_risks(keys: Iterable[str]) -> dict[str, RiskPlan]:
    """The same with what is uncertain about each plan; nothing is where its file said nothing."""
    return {key: risk_of(content) for key, content in schedule_contents(keys)}


def schedule_contents(keys: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The plans of attached schedules as they are kept (`torap.delivery.plans` reads them), in the order of
    the keys, some at a time: a nation's plans need not be in memory together. One query for a hundred.

    NotFound when what is stored is not what was attached: its hash differs.
    """
    for key, content, sha256 in _stored(keys):
        _unchanged(key, sha256_of(content), sha256)
        yield key, content


def schedule_texts(keys: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The same as canonical JSON in UTF-8. Where all letters are plain the text that is handed out is the one
    whose hash is taken, so that nothing is written twice."""
    for key, content, sha256 in _stored(keys):
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        written = text.encode("utf-8")
        _unchanged(key, hashlib.sha256(written).hexdigest() if text.isascii() else sha256_of(content), sha256)
        yield key, written


def _stored(keys: Iterable[str]) -> Iterator[tuple[str, dict[str, Any], str]]:
    wanted = list(dict.fromkeys(keys))
    columns = ("key", "content", "content_sha256")
    for at in range(0, len(wanted), PLANS_READ):
        part = wanted[at : at + PLANS_READ]
        rows = {row[0]: row for row in AttachedSchedule.objects.filter(key__in=part).values_list(*columns)}
        yield from (rows[key] for key in part if key in rows)


def _unchanged(key: str, found: str, sha256: str) -> None:
    if found != sha256:
        raise NotFound("schedule_changed", field="key", entity="schedule", value=key)


def network_parts(known: AsKnown, *, around: Node | None = None) -> NetworkParts:
    """Everything a network is made of; with `around` only what can be tied to that milestone."""
    before = unknown_yet_of(known, _DATED)
    subjects = subject_facts(known, before=before)
    links = link_rows(known, key=around.key if around else "")
    scope = _scope(around, subjects, links) if around else None
    asked = _asked_of(subjects, scope)
    if scope is not None:
        scope = replace(scope, instructions=scope.instructions.union(*map(_codes, asked.values())))
    milestones, evidence = milestone_rows(known, before["milestone"], scope)
    rows = [
        milestone_node(row, subjects, _template(subjects.get(row.subject)), known.day) for row in milestones
    ]
    bodies = body_ids(subjects.values())
    instructions, calendar = instruction_rows(known, before["instruction"], bodies, scope)
    for row, executors, events in instructions:
        assert calendar is not None
        rows.append(instruction_node(row, executors, events, evidence, calendar, known.day))
    words = network_words(known, places=scope.networks if scope else None)
    rows += [*utility_nodes(words, subjects, known), *plot_nodes(subjects)]
    nodes = {row.key: row for row in rows}
    for key in {key for link in links for key in (link.before, link.after)}:
        if key.startswith(f"{STEP}:") and (step := step_node(key, subjects, known.day)) is not None:
            nodes[key] = step
    found = structure_of(nodes.values(), subjects)
    _mark_stages(nodes, found)
    nodes |= dated_plots(nodes, found.grounds, _asked(nodes, links, asked))
    attached = schedule_rows(known, milestone=around.code if around else "")
    schedules = [row for row in attached if f"{MILESTONE}:{row.milestone}" in nodes]
    _hear(nodes, schedules)
    return NetworkParts(
        nodes=nodes, structure=found, links=links, schedules=schedules, calendar=calendar
    )  # fmt: skip


def _hear(nodes: dict[str, Node], schedules: Iterable[Attached]) -> None:
    """A schedule is a word about its milestone, of the day it speaks of: on that it was not reached yet, or
    it says when it was.
    """
    for row in schedules:
        key, day = f"{MILESTONE}:{row.milestone}", min(row.said_on, row.data_date or row.said_on)
        node = nodes[key]
        if row.invented == node.invented and (node.heard is None or day > node.heard):
            nodes[key] = replace(node, heard=day)


def _scope(around: Node, subjects: Mapping[str, SubjectFact], links: Sequence[LinkRow]) -> Scope:
    """What structure can tie to a milestone of a subject, and what was said of the milestone.

    Its programmes and their indicators, its members, the projects at it, the place it stands at, and the
    places around and in it and in its members.
    """
    own = subjects.get(around.subject)
    near = {around.subject}
    if own is not None:
        near |= {own.place, own.programme, *own.programmes}
        near |= {fact.code for fact in subjects.values() if _tied(own, fact)}
        near |= _nested(own, subjects)
    ends: dict[str, set[str]] = defaultdict(set)
    for key in {key for link in links for key in (link.before, link.after)}:
        kind, _colon, code = key.partition(":")
        ends[kind].add(code)
    return Scope(
        subjects=frozenset(near - {""}),
        milestones=frozenset({around.code, *ends[MILESTONE]}),
        instructions=frozenset(ends["instruction"]),
        networks=frozenset(code.partition("/")[0] for code in ends[UTILITY]),
    )


def _tied(own: SubjectFact, fact: SubjectFact) -> bool:
    """Whether a rule of structure may speak of both: a member or a project of it, the programme, its other
    members where one of the two is an indicator."""
    theirs, ours = {*fact.programmes, fact.programme} - {""}, {*own.programmes, own.programme} - {""}
    if own.code in theirs or fact.place == own.code:
        return True
    return "indicator" in {own.kind, fact.kind} and bool(theirs & ours)


def _nested(own: SubjectFact, subjects: Mapping[str, SubjectFact]) -> set[str]:
    """The places around a thing with their programmes, the places in it, and those in its members."""
    things = {code: thing_of(fact) for code, fact in subjects.items()}
    inside = places_in(things)
    around = places_around(own.code, things)
    found = {*around, *inside.get(own.code, ())}
    for code in around:
        found |= {*subjects[code].programmes} if code in subjects else set()
    for fact in subjects.values():
        if own.code in fact.programmes:
            found |= {*inside.get(fact.code, ())}
    return found


def structure_of(nodes: Iterable[Node], subjects: Mapping[str, SubjectFact]) -> Structure:
    """The ties of structure among nodes, real and invented ones apart."""
    apart: dict[bool, list[Node]] = {False: [], True: []}
    for node in nodes:
        apart[node.invented].append(node)
    parts = [
        structure(
            [
                Point(node.key, node.subject, node.type, node.said, bool(node.done))
                for node in rows
                if node.kind == MILESTONE
            ],
            {code: thing_of(fact) for code, fact in subjects.items() if fact.invented <= invented},
            load_stages(settings.COUNTRY),
            utilities=[
                (node.subject, node.key)
                for node in rows
                if node.kind == UTILITY and node.code == f"{node.subject}/{node.type}"
            ],
            plots=[node.subject for node in rows if node.kind == PLOT],
        )
        for invented, rows in apart.items()
        if rows
    ]
    return Structure(
        ties=tuple(tie for part in parts for tie in part.ties),
        not_kept=tuple(tie for part in parts for tie in part.not_kept),
        left={key: value for part in parts for key, value in part.left.items()},
        grounds={key: value for part in parts for key, value in part.grounds.items()},
    )


def _asked_of(subjects: Mapping[str, SubjectFact], scope: Scope | None) -> dict[str, list[str]]:
    """The instructions that speak of plots, of all or of those in a part of the country: keys by the key of
    the plot. One query where there are plots."""
    plots = [
        fact.code
        for fact in subjects.values()
        if is_plot(fact) and (scope is None or fact.code in scope.subjects)
    ]
    return plot_instructions(plots) if plots else {}


def _codes(keys: Iterable[str]) -> frozenset[str]:
    return frozenset(key.partition(":")[2] for key in keys)


def _asked(
    nodes: Mapping[str, Node], links: Sequence[LinkRow], asked: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """The instructions that speak of plots (`asked`) or are said to be tied to them, by the key of the
    plot."""
    found = {plot: list(keys) for plot, keys in asked.items() if plot in nodes}
    gone = {row.drops for row in links if row.drops is not None}
    for row in links:
        for plot, other in ((row.before, row.after), (row.after, row.before)):
            tied = plot.startswith(f"{PLOT}:") and other.startswith(f"{INSTRUCTION}:")
            if tied and row.added and row.id not in gone:
                found.setdefault(plot, []).append(other)
    return found


def _template(fact: SubjectFact | None) -> str:
    thing = thing_of(fact) if fact else None
    return template_of(load_stages(settings.COUNTRY), thing).code


def thing_of(fact: SubjectFact) -> Thing:
    """A subject as the rules of structure read it."""
    return Thing(
        code=fact.code,
        kind=fact.kind,
        type=fact.type,
        place=fact.place,
        programmes=fact.programmes,
        programme=fact.programme,
    )


def _mark_stages(nodes: dict[str, Node], found: Structure) -> None:
    for key, (stages, days) in found.left.items():
        nodes[key] = replace(nodes[key], stages=stages, shortest_days=days)


def _said(rows: Sequence[LinkRow]) -> list[NetworkLink]:
    """The links said and not taken back."""
    gone = {row.drops for row in rows if row.drops is not None}
    return [
        NetworkLink(
            before=row.before,
            after=row.after,
            type=row.type,
            lag=row.lag,
            lag_unit=row.lag_unit,
            why=row.why,
            key=row.key,
            source=row.source,
            said_on=row.said_on,
            invented=row.invented,
        )
        for row in rows
        if row.added and row.id not in gone
    ]


def _drawn(
    parts: NetworkParts, said: Sequence[NetworkLink], invented: bool
) -> tuple[list[NetworkLink], list[LeftOut]]:
    """The links of structure that hold, and those left out with the reason.

    What is said between two stands instead of what would be drawn; where somebody said that a link does not
    hold, none is drawn.
    """
    spoken = {(link.before, link.after) for link in said}
    dropped = {(row.before, row.after) for row in parts.links if not row.added and row.invented == invented}
    drawn, left_out = [], []
    for tie in parts.structure.ties:
        if (tie.before, tie.after) in spoken or not _is_of(tie, parts.nodes, invented):
            continue
        link = _of_tie(tie, invented)
        if (tie.before, tie.after) in dropped:
            left_out.append(LeftOut(link=link, reason=DROPPED))
        else:
            drawn.append(link)
    for tie in parts.structure.not_kept:
        if _is_of(tie, parts.nodes, invented):
            left_out.append(LeftOut(link=_of_tie(tie, invented), reason=NOT_KEPT))
    return drawn, left_out


def _is_of(tie: Tie, nodes: Mapping[str, Node], invented: bool) -> bool:
    return (nodes[tie.before].invented or nodes[tie.after].invented) == invented


def _of_tie(tie: Tie, invented: bool) -> NetworkLink:
    return NetworkLink(
        before=tie.before, after=tie.after, lag=tie.lag, origin=TEMPLATE, rule=tie.rule, invented=invented
    )


def _of_schedules(schedules: Iterable[Attached]) -> list[NetworkLink]:
    return [
        NetworkLink(
            before=f"{ACTIVITY}:{row.key}/{row.finish_activity}",
            after=f"milestone:{row.milestone}",
            origin=SCHEDULE,
            type="FF",
            key=row.key,
            said_on=row.said_on,
            invented=row.invented,
        )
        for row in schedules
    ]


def _activities(schedules: Iterable[Attached], nodes: Mapping[str, Node]) -> list[Node]:
    """The activities that stand for milestones, owed by who gave the schedule, else by who owes the
    milestone."""
    return [
        Node(
            key=f"{ACTIVITY}:{row.key}/{row.finish_activity}",
            kind=ACTIVITY,
            code=f"{row.key}/{row.finish_activity}",
            names=(row.finish_name or row.finish_activity, "", ""),
            holders=(row.given_by,) if row.given_by else nodes[f"{MILESTONE}:{row.milestone}"].holders,
            heard=row.said_on,
            invented=row.invented,
        )
        for row in schedules
    ]


def _without_loops(links: list[NetworkLink]) -> tuple[list[NetworkLink], list[NetworkLink]]:
    """The links without those that would close a loop: of a loop one that was drawn goes first, else the one
    said longest ago. Services refuse loops; one can still come of sayings of different days.
    """
    removed: list[NetworkLink] = []
    while loop := any_loop((link.before, link.after) for link in links):
        steps = set(zip(loop, [*loop[1:], loop[0]], strict=True))
        around = [link for link in links if (link.before, link.after) in steps]
        worst = min(around, key=lambda link: (link.origin != TEMPLATE, str(link.said_on or ""), link.key))
        links = [link for link in links if link is not worst]
        removed.append(worst)
    return links, removed
