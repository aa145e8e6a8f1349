"""Microsoft Project's convention, for plans scheduled from their start.

What differs from the textbook: a task that has begun keeps its start and its whole duration runs from
there; a
milestone may stand at the end of a shift; lags pass in the successor's time and for finish links are put on
the
start; "not after", "on" and "must" constraints win over links; a task held "as late as possible" pulls nobody
that follows it; late dates never pass the finish of the plan. Compared with a second program in
tests/verify/.
"""

from __future__ import annotations

from typing import NamedTuple

from torap.engines.schedule.network import Dates, Network
from torap.engines.schedule.plan import Activity, Constraint, Kind, Link, LinkType
from torap.engines.schedule.worktime import WorkTime

C = Constraint
BACKWARD_LIMIT = 100  # sweeps of late dates: as many as manual summaries may follow one another


class Asked(NamedTuple):
    """A start asked for and by what; for SF links the finish they name. `rests`: a milestone stands there
    even where no work can be done.
    """

    start: int
    driver: str
    by: str = ""
    end: int = 0
    rests: bool = False


def passes(net: Network) -> None:
    """Forward, backward, and forward again where something is held as late as possible."""
    for name in net.order:
        early(net, net.activities[name], late_known=False)
    net.finish = max((net.dates[name].early_finish for name in net.order), default=net.begin)
    if net.plan.must_finish is not None:
        net.finish = net.plan.must_finish
    _backward(net)
    if any(row.constraint == C.ALAP for row in net.activities.values()):
        for name in net.order:
            early(net, net.activities[name], late_known=True)


def _backward(net: Network) -> None:
    """Late dates; again where manual summaries wait for one another, until the late starts of what lies below
    one have reached what lies below those before it.
    """
    tied = any(link.successor in net.anchors and link.type == LinkType.FS for link in net.links)
    for _ in range(BACKWARD_LIMIT if tied else 1):
        before = {name: net.dates[name].late_finish for name in net.order}
        for name in reversed(net.order):
            late(net, net.activities[name])
        if not tied or before == {name: net.dates[name].late_finish for name in net.order}:
            return


def _of_anchors(net: Network, link: Link) -> bool:
    return link.type == LinkType.FS and {link.predecessor, link.successor} <= net.anchors.keys()


def aside(net: Network, row: Activity) -> None:
    """Dates of a task made inactive: it waits for its predecessors and moves nothing."""
    aside_links(net, row)
    net.dates[row.id] = Dates()
    early(net, row, late_known=False)
    late(net, row)


def aside_links(net: Network, row: Activity) -> None:
    """Let a task made inactive wait for its predecessors."""
    net.before[row.id] = [link for link in net.into[row.id] if link.predecessor in net.activities]


def early(net: Network, row: Activity, *, late_known: bool) -> None:
    """The earliest start and finish of an activity, and what decides them; once late dates are known, what
    is as late as possible pushes what follows.
    """
    dates = net.dates[row.id]
    fixed = row.manual or row.external
    if fixed is not None:
        dates.early_start, dates.early_finish = fixed
        dates.driver = "manual"
        return
    if row.actual_start is not None:
        _of_started(net, row)
        return
    asked = _from_links(net, row, late_known=late_known)
    free, delayed = _placed(net, row, asked)
    start, finish, held = _constrained(net, row, free)
    if held and not row.milestone:
        start = _next_start(net, row, start)
    dates.early_start = start
    dates.against = max(net.calendar(row).between(start, free), 0)
    dates.pushed, dates.pushed_by = (dates.against, asked.by) if asked.by else (0, "")
    dates.early_finish = net.finish_from(row, start, row.minutes) if finish is None else finish
    named = asked.end if asked.driver == LinkType.SF and not held else None
    if (held or asked.driver == "constraint") and row.constraint in {C.FINISH_NOT_BEFORE, C.FINISH_NOT_AFTER}:
        named = row.constraint_at
    if named is not None and net.calendar(row).between(dates.early_finish, named) == 0:
        dates.early_finish = named  # also where no work can be done
    dates.driver, dates.driven_by = (asked.driver, asked.by)
    if held or delayed:
        dates.driver, dates.driven_by = ("constraint" if held else "levelling"), ""


def _of_started(net: Network, row: Activity) -> None:
    dates = net.dates[row.id]
    start = row.actual_start if row.actual_start is not None else net.begin
    if row.actual_finish is not None:
        finish = row.actual_finish
    else:
        finish = net.finish_from(row, start, net.lasts(row))
        if row.resumed_at is not None and row.left:
            finish = max(finish, net.finish_of_left(row, row.resumed_at))
        if row.constraint == C.FINISH_NOT_BEFORE and row.constraint_at is not None:
            finish = max(finish, row.constraint_at)
    dates.early_start, dates.early_finish, dates.driver = start, finish, "actual"


def _placed(net: Network, row: Activity, asked: Asked) -> tuple[int, bool]:
    """(start in working time after any delay by levelling, whether there was one)."""
    start = asked.start if asked.rests else _next_start(net, row, asked.start)
    if not row.levelling_delay:
        return start, False
    return _next_start(net, row, net.calendar(row).next_start(start) + row.levelling_delay), True


def _from_links(net: Network, row: Activity, *, late_known: bool) -> Asked:
    """What asks for the latest start: a link, or else the constraint, or the start of the plan."""
    links = net.before[row.id]
    floor = max(_held_above(net, row), default=net.begin if net.profile.from_finish else None)
    anchor = net.anchor(row)
    begins = anchor.manual[0] if anchor is not None and anchor.manual is not None else None
    if begins is not None and row.constraint == C.ASAP:
        floor = max(floor or begins, begins)
    if links:
        pushed = [(*_pushed(net, row, link, late_known=late_known), link) for link in links]
        start, end, link = max(_first_only(net, pushed), key=lambda found: found[0])
        if floor is not None and floor > start:
            return Asked(floor, "constraint")
        stands = net.activities[link.predecessor].milestone and link.type == LinkType.FS and not link.lag
        return Asked(start, link.type, link.predecessor, end, row.milestone and stands)
    if row.constraint == C.START_NOT_BEFORE and row.constraint_at is not None:
        at = max(row.constraint_at, floor or row.constraint_at)
        return Asked(at, "constraint", rests=row.milestone)
    if row.constraint == C.FINISH_NOT_BEFORE and row.constraint_at is not None:
        wanted = net.start_from(row, row.constraint_at, row.minutes)
        return Asked(max(wanted, floor or wanted), "constraint")
    start = net.begin if begins is None else begins
    start = max(start, floor or start)
    return Asked(start, "plan" if start == net.begin else "constraint", rests=row.milestone)


def _first_only(net: Network, pushed: list[tuple[int, int, Link]]) -> list[tuple[int, int, Link]]:
    """Of the links out of the start of one summary, the one that asks for the earliest start."""
    first: dict[tuple[str, LinkType], tuple[int, int, Link]] = {}
    others = []
    for found in pushed:
        link = found[2]
        summary = net.first_of.get((link.predecessor, link.successor, link.type))
        if summary is None:
            others.append(found)
            continue
        name = summary, link.type
        if name not in first or found[0] < first[name][0]:
            first[name] = found
    return [*others, *first.values()]


def _held_above(net: Network, row: Activity) -> list[int]:
    """Dates before which the summaries above do not let their tasks begin."""
    return [
        above.constraint_at
        for above in net.above(row)
        if above.constraint == C.START_NOT_BEFORE and above.constraint_at is not None
    ]


def _pushed(net: Network, row: Activity, link: Link, *, late_known: bool) -> tuple[int, int]:
    """(the start a link asks for, the finish that an SF link names)."""
    earlier = net.activities[link.predecessor]
    dates = net.dates[link.predecessor]
    use_late = late_known and net.profile.stands_late(earlier) and row.constraint != C.ALAP
    start = dates.late_start if use_late else dates.early_start
    finish = dates.late_finish if use_late else dates.early_finish
    if link.type == LinkType.FS:
        return net.lag(link, finish), 0
    if link.type == LinkType.SS:
        done = earlier.actual_finish is not None and earlier.actual_start is not None
        return net.lag(link, earlier.actual_start if done and earlier.actual_start is not None else start), 0
    if link.type == LinkType.SF:
        return net.lag(link, net.start_from(row, start, row.minutes)), net.lag(link, start)
    if earlier.actual_finish is not None:
        finish = earlier.actual_finish
    return max(net.lag(link, net.start_of_left(row, finish)), net.begin), 0


def _constrained(net: Network, row: Activity, start: int) -> tuple[int, int | None, bool]:
    """(start, finish where the constraint names it, whether the constraint decided)."""
    at = row.constraint_at
    if at is None:
        return start, None, False
    if net.profile.links_win and _gives_way(net, row, start, at):
        return start, None, False
    if row.constraint in {C.MUST_START, C.START_ON}:
        return at, None, True
    if row.constraint in {C.MUST_FINISH, C.FINISH_ON}:
        return net.start_from(row, at, row.minutes), at, True
    if row.constraint in {C.START_NOT_BEFORE, C.START_NOT_AFTER}:
        wanted = at
    else:
        wanted = net.start_from(row, at, row.minutes)
    below = row.constraint in {C.START_NOT_BEFORE, C.FINISH_NOT_BEFORE}
    if net.profile.from_finish and not below:
        return start, None, False  # it binds late dates, from which the others follow
    held = start < wanted if below else start > wanted
    return (wanted if held else start), None, held


def _gives_way(net: Network, row: Activity, start: int, at: int) -> bool:
    """The constraint asks for an earlier start than what else asks for one, and the file lets that win."""
    if row.constraint in {C.START_NOT_BEFORE, C.FINISH_NOT_BEFORE}:
        return False
    of_start = row.constraint in {C.MUST_START, C.START_ON, C.START_NOT_AFTER}
    return start > (at if of_start else net.start_from(row, at, row.minutes))


def late(net: Network, row: Activity) -> None:
    """The latest start and finish of an activity."""
    dates = net.dates[row.id]
    if row.external is not None:
        dates.late_start, dates.late_finish = row.external
        return
    ended = row.actual_finish
    finish = last_finish(net, row, latest(net, row)) if ended is None else ended
    if row.manual is None:
        dates.late_finish, dates.late_start = finish, net.start_of_left(row, finish)
        return
    # A manual task stands where it stands, also against its links: its float is never below zero.
    dates.late_finish = max(finish, row.manual[1])
    dates.late_start = max(net.start_from(row, dates.late_finish, row.minutes), row.manual[0])


def latest(net: Network, row: Activity) -> int:
    """The latest finish before calendars: what follows, the constraint and the deadline."""
    links = [link for link in net.after[row.id] if still_binds(net, row, link)]
    finish = min([end_of_open(net, row), *(pulled(net, row, link) for link in links)])
    at = row.constraint_at
    if at is not None:
        if row.constraint == C.MUST_START:
            finish = net.finish_from(row, at, row.minutes)
        elif row.constraint in {C.MUST_FINISH, C.FINISH_ON}:
            finish = at
        elif row.constraint == C.START_NOT_AFTER:
            finish = min(finish, net.finish_from(row, at, row.minutes))
        elif row.constraint == C.FINISH_NOT_AFTER:
            finish = min(finish, at)
    for above in net.above(row):
        if above.constraint == C.FINISH_NOT_AFTER and above.constraint_at is not None:
            finish = min(finish, above.constraint_at)
    anchor = net.anchor(row) if row.constraint == C.ASAP else None
    if anchor is not None and anchor.manual is not None and anchor.id in net.linked:
        finish = min(finish, anchor.manual[1])
    if row.manual is not None or anchor is not None:
        finish = min([finish, *_before_next(net, row)])
    return finish if row.deadline is None else min(finish, row.deadline)


def _before_next(net: Network, row: Activity) -> list[int]:
    """By when a task below a manual summary should have ended for the manual summaries that wait for that
    one, and for what lies below them: though the summary itself stands where it stands.
    """
    found = []
    for above in net.above(row):
        for link in net.after[above.id] if above.id in net.anchors else ():
            if _of_anchors(net, link):
                found.append(net.lag(link, _latest_begin(net, net.anchors[link.successor]), back=True))
    return found


def _latest_begin(net: Network, anchor: Activity) -> int:
    """The start of a manual summary, or an earlier late start of something below it, as far as those are
    known; manual summaries below it stand where they stand.
    """
    starts = [] if anchor.manual is None else [anchor.manual[0]]
    for name in net.children.get(anchor.id, ()):
        row = net.everything[name]
        if row.kind == Kind.SUMMARY and row.active:
            starts.append(_latest_begin(net, row))
        elif name in net.dates and net.dates[name].late_start:
            starts.append(net.dates[name].late_start)
    return min(starts, default=net.finish)


def end_of_open(net: Network, row: Activity) -> int:
    """What nothing follows may end with the plan; with several critical paths, only where it does."""
    alone = net.profile.open_ends_critical and not net.after[row.id]
    return net.dates[row.id].early_finish if alone else net.finish


def still_binds(net: Network, row: Activity, link: Link) -> bool:
    """What follows is not finished, and waits for this task and not for an earlier one of its summary."""
    if net.activities[link.successor].actual_finish is not None:
        return False
    summary = net.first_of.get((row.id, link.successor, link.type))
    if summary is None:
        return True
    alike = [
        other.predecessor
        for other in net.before[link.successor]
        if net.first_of.get((other.predecessor, other.successor, other.type)) == summary
    ]
    return net.dates[row.id].early_start == min(net.dates[name].early_start for name in alike)


def pulled(net: Network, row: Activity, link: Link) -> int:
    """The latest finish of `row` that a link to what follows allows; the delay by which levelling holds that
    back is no float of what goes before.
    """
    later = net.activities[link.successor]
    dates = net.dates[link.successor]
    delay = 0 if later.actual_start is not None else later.levelling_delay
    if link.type == LinkType.FS:
        begun = _begun_at(net, row, later, link)
        start = dates.late_start if later.id not in net.anchors else _latest_begin(net, later)
        return net.lag(link, start - delay if begun is None else begun, back=True)
    if link.type == LinkType.FF:
        return net.lag(link, dates.late_finish - delay, back=True)
    if link.type == LinkType.SF:
        if row.manual is not None:
            return dates.late_finish
        return net.lag(link, net.finish_from(row, dates.late_finish - delay, row.minutes), back=True)
    if row.actual_start is not None:
        return net.finish  # its start is past: what hangs on the start pulls no more
    if later.actual_start is not None:
        if not net.after[later.id]:
            return net.finish
        return net.finish_from(row, net.finish_of_done(later, later.actual_start), row.minutes)
    if row.manual is not None:
        return net.finish if net.after[later.id] else dates.late_finish
    start = net.lag(link, net.calendar(row).next_start(dates.late_start - delay), back=True)
    return net.finish_from(row, start, row.minutes)


def _begun_at(net: Network, row: Activity, later: Activity, link: Link) -> int | None:
    """Where something begun holds back what it should have waited for: a summary at its start, a task where
    what is left of it goes on. None for what has not begun, and for milestones.
    """
    if later.actual_start is None:
        return None
    if (row.id, later.id, link.type) in net.into_summary:
        return later.actual_start
    if not later.actual:
        return None
    at = net.finish_of_done(later, later.actual_start)
    return min(_start_in(time, at, milestone=later.milestone) for time in net.times_of_left(later))


def last_finish(net: Network, row: Activity, at: int) -> int:
    """The last instant at which the activity can end; a milestone may stand where a shift begins."""
    if row.milestone and any(time.next_start(at) == at for time in net.times_of(row)):
        return at
    return max(time.same_finish(at) for time in net.times_of(row))


def _next_start(net: Network, row: Activity, at: int) -> int:
    """The next instant the activity can start; a milestone may stand where a shift has just ended."""
    return min(_start_in(time, at, milestone=row.milestone) for time in net.times_of(row))


def _start_in(time: WorkTime, at: int, *, milestone: bool) -> int:
    following = time.next_start(at)
    if milestone and following > at and time.previous_finish(at) == at:
        return at
    return following
