"""Primavera P6's convention, with its usual options (retained logic, total float as finish float).

What differs from the textbook: what is not finished starts at the data date at the earliest, and what is done
still passes its logic on from there; of a lag only what had not passed by the data date is left; a finish
milestone stands at the end of a shift, a start milestone at the beginning of one; soft constraints never pull
early dates against the links; "as late as possible" uses up free float only; an expected finish replaces the
remaining duration. Compared with a second program in tests/verify/.
"""

from __future__ import annotations

from typing import NamedTuple

from torap.engines.schedule import primavera_links as links
from torap.engines.schedule.network import Network
from torap.engines.schedule.plan import MILESTONES, Activity, Constraint, Kind, LinkType
from torap.engines.schedule.profiles import Progress
from torap.engines.schedule.worktime import DAY

C = Constraint


class Early(NamedTuple):
    """A start asked for, the finish where it is named, and what asked."""

    start: int
    finish: int | None
    driver: str
    by: str = ""


def passes(net: Network) -> None:
    """Forward and backward; what is to be as late as possible is moved on the way back."""
    for name in net.order:
        _early(net, net.activities[name])
    ends = [net.dates[name].early_finish for name in net.order]
    net.finish = max(ends, default=net.plan.start)
    for name in reversed(net.order):
        row = net.activities[name]
        _late(net, row)
        if row.constraint == C.ALAP and row.actual_finish is None:
            _as_late_as_possible(net, row)


def _early(net: Network, row: Activity) -> None:
    dates = net.dates[row.id]
    if row.actual_start is None:
        asked = _asked(net, row)
        found = _constrained(net, row, asked)
        if asked.by and found.driver == "constraint":
            dates.pushed, dates.pushed_by = net.calendar(row).between(found.start, asked.start), asked.by
        found = _placed(net, row, found)
        finish = found.finish
        if finish is None:
            finish = net.finish_from(row, found.start, row.minutes)
    else:
        found = _of_started(net, row)
        finish = found.finish if found.finish is not None else net.finish_of_left(row, found.start)
    if row.external is not None and row.actual_start is None and row.external[0] > found.start:
        found = _placed(net, row, Early(row.external[0], None, "external"))
        finish = net.finish_of_left(row, found.start)
    expected = _expected_finish(net, row, found.start, finish)
    if expected is not None:
        finish = expected
        net.remaining[row.id] = net.calendar(row).between(found.start, finish)
    dates.early_start, dates.early_finish = found.start, finish
    dates.driver, dates.driven_by = found.driver, found.by


def _asked(net: Network, row: Activity) -> Early:
    """What the links ask of an activity that has not started; without links, its constraint or the data
    date.
    """
    found = _driving(net, row)
    if found is not None:
        if found.start < net.data_date:
            return Early(net.data_date, None, "plan")
        return found
    at = row.constraint_at
    if at is not None and row.constraint == C.START_NOT_BEFORE:
        return Early(max(at, net.data_date), None, "constraint")
    if at is not None and row.constraint == C.FINISH_NOT_BEFORE:
        finish = at if net.calendar(row).touches(at) else links.same_start(net, row, at)
        return Early(net.start_from(row, finish, row.minutes), finish, "constraint")
    return Early(net.data_date, None, "plan")


def drivers(net: Network, row: Activity) -> list[str]:
    """Every predecessor whose link asks for the start as it stands: several may drive alike."""
    if row.actual_finish is not None and net.profile.progress == Progress.ACTUAL:
        return []  # it waits for nothing any more
    start = net.dates[row.id].early_start
    found = []
    for link in net.before[row.id]:
        asked, _ = links.pushed(net, row, link)
        if links.next_start(net, row, asked) == links.next_start(net, row, start):
            found.append(link.predecessor)
    return found


def _driving(net: Network, row: Activity) -> Early | None:
    """The link that asks for the latest start, compared at the next working minute."""
    best: Early | None = None
    best_at = (0, 0)
    for link in net.before[row.id]:
        start, finish = links.pushed(net, row, link)
        at = links.next_start(net, row, start), start
        if best is None or at > best_at:
            best, best_at = Early(start, finish, link.type, link.predecessor), at
    return best


def _constrained(net: Network, row: Activity, found: Early) -> Early:
    at = row.constraint_at
    if at is None:
        return found
    if row.constraint == C.START_NOT_BEFORE:
        return _not_before(net, row, found, at)
    if row.constraint == C.FINISH_NOT_BEFORE:
        start = net.start_from(row, at, row.minutes)
        return Early(start, None, "constraint") if found.start < start else found
    if row.constraint == C.MUST_START:
        return Early(max(at, net.data_date), None, "constraint")
    if row.constraint == C.START_ON:
        return Early(links.next_start(net, row, at), None, "constraint") if found.start < at else found
    if row.constraint == C.MUST_FINISH:
        if at < net.data_date:
            return Early(net.data_date, None, "constraint")
        return Early(net.start_from(row, at, row.minutes), at, "constraint")
    if row.constraint == C.FINISH_ON:
        start = net.start_from(row, at, row.minutes)
        if start > found.start:
            ends = start if row.kind == Kind.FINISH_MILESTONE else links.same_finish(net, row, at)
            return Early(start, ends, "constraint")
    return found


def _not_before(net: Network, row: Activity, found: Early, at: int) -> Early:
    """A date without a time takes the time of day it replaces, where that is working time of the day."""
    if found.start >= at:
        return found
    if at % DAY == 0 and found.start % DAY:
        moved = at + found.start % DAY
        if links.next_start(net, row, moved) // DAY == at // DAY:
            at = moved
    return Early(at, None, "constraint")


def _placed(net: Network, row: Activity, found: Early) -> Early:
    """The start on working time; a finish milestone may stand where a shift ends."""
    if row.kind == Kind.FINISH_MILESTONE:
        if found.start == links.same_finish(net, row, found.start):
            return found
        return found._replace(start=links.next_start(net, row, found.start))
    start = links.next_start(net, row, found.start)
    finish = start if row.kind == Kind.START_MILESTONE else found.finish
    return found._replace(start=start, finish=finish)


def _of_started(net: Network, row: Activity) -> Early:
    """What is left of an activity under way, or the mark that a finished one leaves at the data date."""
    found = _driving(net, row) if net.profile.retained else None
    floor = net.data_date
    if row.actual_finish is not None:
        if net.profile.progress == Progress.ACTUAL:
            found, floor = None, max(floor, row.actual_finish)
        start = max(floor, found.start) if found is not None else floor
        return Early(start, start, "actual")
    floor = max([floor, *(at for at in (row.resumed_at, net.goes_on(row)) if at is not None)])
    start = links.next_start(net, row, floor)
    if found is not None:
        asked = links.next_start(net, row, found.start)
        if asked > start:
            return Early(asked, found.finish, found.driver, found.by)
    if row.actual_start is not None and row.actual_start > start:
        start = links.next_start(net, row, row.actual_start)
    return Early(start, start if not row.left else None, "data_date")


def _expected_finish(net: Network, row: Activity, start: int, finish: int) -> int | None:
    """The expected finish where it takes the place of the computed one."""
    at = row.expected_finish
    if at is None or not net.profile.use_expected_finish or row.actual_finish is not None:
        return None
    if row.constraint == C.ALAP or at < start or at < net.data_date:
        return None
    if any(link.type in {LinkType.FF, LinkType.SF} for link in net.before[row.id]):
        return None
    return at if net.calendar(row).between(finish, at) else None


def _late(net: Network, row: Activity) -> None:
    dates = net.dates[row.id]
    start, finish = _from_successors(net, row)
    if row.actual_finish is None:
        start, finish = _held_back(net, row, start, finish)
        if row.kind != Kind.START_MILESTONE:
            finish = links.same_finish(net, row, finish)
    if start is None:
        start = net.start_of_left(row, finish)
        if row.kind not in MILESTONES and net.left(row):
            start = links.next_start(net, row, start)
    dates.late_start, dates.late_finish = start, finish


def _from_successors(net: Network, row: Activity) -> tuple[int | None, int]:
    """(late start where a link names it, late finish); never later than the end the plan is held to."""
    end = net.plan.must_finish if net.plan.must_finish is not None else net.finish
    pulled = [links.pulled(net, row, link) for link in net.after[row.id] if links.binds_back(net, link)]
    if not pulled:
        if net.profile.open_ends_critical and not net.after[row.id]:
            return None, net.dates[row.id].early_finish
        if (
            net.plan.must_finish is not None
            and row.actual_finish is None
            and not net.calendar(row).touches(end)
        ):
            end = links.same_finish(net, row, end)
        return None, end
    start, finish = min(pulled, key=lambda pair: pair[1])
    if finish > end:
        return None, links.same_finish(net, row, end)
    return (start if row.actual_finish is None else None), finish


def _held_back(net: Network, row: Activity, start: int | None, finish: int) -> tuple[int | None, int]:
    for constraint, at in ((row.constraint, row.constraint_at), (row.second, row.second_at)):
        if at is None:
            continue
        if constraint == C.MUST_FINISH:
            start, finish = start, at
        elif constraint == C.MUST_START and row.actual_start is None:
            finish = net.finish_from(row, at, row.minutes)
        elif constraint in {C.FINISH_ON, C.FINISH_NOT_AFTER} and finish > at:
            start, finish = None, at
        elif constraint in {C.START_ON, C.START_NOT_AFTER} and row.actual_start is None:
            ends = net.finish_from(row, at, row.minutes)
            if finish > ends:
                start = at if start is not None else None
                finish = ends if net.calendar(row).touches(ends) else links.same_finish(net, row, ends)
    if row.external is not None and finish > row.external[1]:
        start, finish = None, row.external[1]
    return start, finish


def _as_late_as_possible(net: Network, row: Activity) -> None:
    """Move early dates as late as what follows allows, taking no float from it."""
    dates = net.dates[row.id]
    found = [links.latest_start_before(net, row, link) for link in net.after[row.id]]
    starts = [at for at in found if at is not None]
    if not net.after[row.id]:
        dates.early_finish = links.same_finish(net, row, net.finish)
        dates.early_start = net.start_of_left(row, dates.early_finish)
        return
    if not starts:
        return
    start = min(starts)
    if row.kind == Kind.FINISH_MILESTONE:
        start = links.same_finish(net, row, start)
    dates.early_start = start
    dates.early_finish = net.finish_of_left(row, start)
