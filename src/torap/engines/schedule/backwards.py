"""Microsoft Project's convention for plans scheduled from their finish: dates are counted back from it.

Everything stands as late as the finish of the plan, what follows and its constraint allow; the plan begins
with the earliest of these starts. What is to be as soon as possible stands at its early dates from there on,
and pulls what goes before it. "Not before" and "must" win over the links, as "not after" and "must" do in a
plan from its start; a deadline moves nothing. The mirror image of `microsoft`, as Microsoft documents it
(no public file with such a plan was found to measure it by).
"""

from __future__ import annotations

from typing import NamedTuple

from torap.engines.schedule.microsoft import aside_links, early, last_finish, pulled, still_binds
from torap.engines.schedule.network import Dates, Network
from torap.engines.schedule.plan import Activity, Constraint, Link

C = Constraint


class Pulled(NamedTuple):
    """A latest finish and what asks for it."""

    finish: int
    driver: str
    by: str = ""


def applies(net: Network) -> bool:
    """The plan is one of Microsoft Project's that is scheduled from its finish."""
    return net.profile.from_finish and net.profile.hard_limits and net.profile.name == "msproject"


def passes(net: Network) -> None:
    """Backward, forward, and backward again where something is to be as soon as possible."""
    net.finish = net.plan.must_finish if net.plan.must_finish is not None else net.plan.start
    against = {name: _late(net, net.activities[name], early_known=False) for name in reversed(net.order)}
    net.begin = min((_first(net, net.activities[name]) for name in net.order), default=net.plan.start)
    for name in net.order:
        early(net, net.activities[name], late_known=False)
    if any(row.constraint == C.ASAP for row in net.activities.values()):
        for name in reversed(net.order):
            against[name] = _late(net, net.activities[name], early_known=True)
    for name, minutes in against.items():
        net.dates[name].against = minutes
        _tell(net, net.activities[name])


def aside(net: Network, row: Activity) -> None:
    """Dates of a task made inactive: it is pulled by what follows it and moves nothing."""
    aside_links(net, row)
    net.after[row.id] = [
        link for link in net.plan.links if link.predecessor == row.id and link.successor in net.activities
    ]
    net.dates[row.id] = Dates()
    _late(net, row, early_known=True)
    early(net, row, late_known=False)
    _tell(net, row)


def _first(net: Network, row: Activity) -> int:
    dates = net.dates[row.id]
    return dates.late_start if row.actual_start is None else min(row.actual_start, dates.late_start)


def _late(net: Network, row: Activity, *, early_known: bool) -> int:
    """Fill the latest dates; the working minutes by which a constraint puts them behind what the links
    ask.
    """
    dates = net.dates[row.id]
    fixed = row.manual or row.external
    if fixed is not None:
        dates.late_start, dates.late_finish = fixed
        return 0
    if row.actual_finish is not None:
        dates.late_start = dates.late_finish = row.actual_finish
        return 0
    found = last_finish(net, row, _asked(net, row, early_known=early_known).finish)
    held = _constrained(net, row, found)
    dates.late_finish = last_finish(net, row, held)
    dates.late_start = net.start_of_left(row, dates.late_finish)
    return max(net.calendar(row).between(found, dates.late_finish), 0)


def _asked(net: Network, row: Activity, *, early_known: bool) -> Pulled:
    """The earliest of the latest finishes that the plan and what follows ask."""
    found = [Pulled(net.finish, "plan")]
    for link in net.after[row.id]:
        if still_binds(net, row, link):
            found.append(Pulled(_by(net, row, link, early_known=early_known), link.type, link.successor))
    for above in net.above(row):
        if above.constraint == C.FINISH_NOT_AFTER and above.constraint_at is not None:
            found.append(Pulled(above.constraint_at, "constraint"))
    return min(found, key=lambda one: one.finish)


def _by(net: Network, row: Activity, link: Link, *, early_known: bool) -> int:
    """The latest finish a link allows: by the dates at which its successor stands."""
    later = net.activities[link.successor]
    soon = early_known and later.constraint == C.ASAP and row.constraint != C.ASAP
    if not soon or later.actual_start is not None:
        return pulled(net, row, link)
    dates = net.dates[later.id]
    kept = dates.late_start, dates.late_finish
    dates.late_start, dates.late_finish = dates.early_start, dates.early_finish
    found = pulled(net, row, link)
    dates.late_start, dates.late_finish = kept
    return found


def _constrained(net: Network, row: Activity, finish: int) -> int:
    """The latest finish with the constraint, which wins over links unless the file lets them win."""
    at = row.constraint_at
    if at is None or row.actual_start is not None:
        return finish
    of_start = row.constraint in {C.START_NOT_BEFORE, C.START_NOT_AFTER, C.START_ON, C.MUST_START}
    wanted = net.finish_from(row, at, row.minutes) if of_start else at
    if row.constraint in {C.START_NOT_AFTER, C.FINISH_NOT_AFTER} or net.profile.links_win:
        above = row.constraint not in {C.START_NOT_BEFORE, C.FINISH_NOT_BEFORE}
        return min(finish, wanted) if above else finish
    if row.constraint in {C.START_NOT_BEFORE, C.FINISH_NOT_BEFORE}:
        return max(finish, wanted)
    return wanted


def _tell(net: Network, row: Activity) -> None:
    """What decides the date of something that stands late is what follows it, or a date."""
    if not net.profile.stands_late(row):
        return
    dates = net.dates[row.id]
    found = _asked(net, row, early_known=True)
    if net.calendar(row).between(found.finish, dates.late_finish):
        found = Pulled(dates.late_finish, "constraint")
    dates.driver, dates.driven_by = str(found.driver), found.by


__all__ = ["applies", "aside", "passes"]
