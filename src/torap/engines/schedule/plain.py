"""The plain convention: what every textbook does, in whole minutes, and what the Monte Carlo does in each
trial.

Early dates: an activity starts when all that binds it allows, at the next working minute; late dates: the
same backwards from the finish of the plan. Constraints bind early dates from below and late dates from above;
"on" and "must" do both. Nothing that is not finished lies before the data date; without one, what is left of
work under way follows what is done of it. What this convention does not
use (expected finishes, delays by levelling, dates of manual tasks and of other projects, "as late as
possible") stands in `unused` and is told.
"""

from __future__ import annotations

from torap.engines.schedule.network import Network
from torap.engines.schedule.plan import Activity, Constraint, Link, LinkType
from torap.engines.schedule.profiles import HELD, Holds

C = Constraint
EARLY_START = {C.START_NOT_BEFORE, C.START_ON, C.MUST_START}
EARLY_FINISH = {C.FINISH_NOT_BEFORE, C.FINISH_ON, C.MUST_FINISH}
LATE_START = {C.START_NOT_AFTER, C.START_ON, C.MUST_START}
LATE_FINISH = {C.FINISH_NOT_AFTER, C.FINISH_ON, C.MUST_FINISH}


def passes(net: Network) -> None:
    """Fill the early and late dates of every activity."""
    for name in net.order:
        early(net, net.activities[name])
    net.finish = max((net.dates[name].early_finish for name in net.order), default=net.plan.start)
    for name in reversed(net.order):
        late(net, net.activities[name])


def early(net: Network, row: Activity) -> None:
    """The earliest start and finish of what is left of an activity, and what decides it."""
    dates = net.dates[row.id]
    if row.actual_finish is not None:
        dates.early_start, dates.early_finish = row.actual_finish, row.actual_finish
        dates.driver = "actual"
        return
    start, driver, by = _bound_from_below(net, row)
    held = min(_held_starts(net, row), default=start)
    if held < start:
        dates.pushed, dates.pushed_by = (net.calendar(row).between(held, start), by) if by else (0, "")
        start, driver, by = held, "constraint", ""
    dates.early_start = start if row.milestone else net.calendar(row).next_start(start)
    dates.early_finish = net.finish_of_left(row, dates.early_start)
    dates.driver, dates.driven_by = driver, by


def _bound_from_below(net: Network, row: Activity) -> tuple[int, str, str]:
    """The latest of all that holds the start back: (instant, rule, id of the predecessor)."""
    found = [(_lowest(net), "plan", "")]
    if row.actual_start is not None:
        found.append((row.actual_start, "actual", ""))
        if row.resumed_at is not None:
            found.append((row.resumed_at, "resume", ""))
        going = net.goes_on(row)
        if going is not None:
            found.append((going, "actual", ""))
    if row.actual_start is None or net.profile.retained:
        found += [(_pushed(net, row, link), link.type, link.predecessor) for link in net.before[row.id]]
    if row.actual_start is None:
        found += [(at, "constraint", "") for at in _constraint_starts(net, row)]
    return max(found, key=lambda item: item[0])


def _lowest(net: Network) -> int:
    """Nothing that is open starts earlier."""
    since = net.plan.data_date if net.plan.data_date is not None else net.plan.start
    return max(since, net.plan.start)


def _pushed(net: Network, row: Activity, link: Link) -> int:
    """The earliest start of what is left that a link allows."""
    other = net.dates[link.predecessor]
    started = net.activities[link.predecessor].actual_start
    if link.type in {LinkType.FS, LinkType.FF}:
        at = net.lag(link, other.early_finish)
    else:
        at = net.lag(link, other.early_start if started is None else started)
    if link.type in {LinkType.FS, LinkType.SS}:
        return at
    return net.start_of_left(row, at)


def _constraint_starts(net: Network, row: Activity) -> list[int]:
    starts = []
    for constraint, at in ((row.constraint, row.constraint_at), (row.second, row.second_at)):
        if at is None:
            continue
        if constraint in EARLY_START:
            starts.append(at)
        elif constraint in EARLY_FINISH:
            starts.append(net.start_of_left(row, at))
    return starts


def _held_starts(net: Network, row: Activity) -> list[int]:
    """Starts beyond which no link can push, by constraints that win over links."""
    starts: list[int] = []
    if row.actual_start is not None or net.profile.holds == Holds.NONE:
        return starts
    for constraint, at in ((row.constraint, row.constraint_at), (row.second, row.second_at)):
        if at is not None and constraint in HELD[net.profile.holds]:
            starts.append(max(at, _lowest(net)) if constraint in LATE_START else net.start_of_left(row, at))
    return starts


def late(net: Network, row: Activity) -> None:
    """The latest finish and start that delay neither the plan nor a limit."""
    dates = net.dates[row.id]
    if row.actual_finish is not None:
        dates.late_start, dates.late_finish = dates.early_start, dates.early_finish
        return
    ends = [net.plan.must_finish if net.plan.must_finish is not None else net.finish]
    ends += [_pulled(net, row, link) for link in net.after[row.id] if _open(net, link)]
    ends += _constraint_ends(net, row)
    if row.deadline is not None:
        ends.append(row.deadline)
    finish = min(ends)
    dates.late_finish = finish if row.milestone else net.calendar(row).previous_finish(finish)
    dates.late_start = net.start_of_left(row, dates.late_finish)


def _open(net: Network, link: Link) -> bool:
    """A link still binds when its successor is not finished, and not started where its start is bound."""
    later = net.activities[link.successor]
    if later.actual_finish is not None:
        return False
    return later.actual_start is None or net.profile.retained


def _pulled(net: Network, row: Activity, link: Link) -> int:
    """The latest finish that a link allows."""
    other = net.dates[link.successor]
    at = other.late_start if link.type in {LinkType.FS, LinkType.SS} else other.late_finish
    at = net.lag(link, at, back=True)
    if link.type in {LinkType.FS, LinkType.FF}:
        return at
    if row.actual_start is not None:
        return net.finish  # it has started: nothing that follows its start can pull it any more
    return net.finish_of_left(row, at)


def _constraint_ends(net: Network, row: Activity) -> list[int]:
    ends = []
    for constraint, at in ((row.constraint, row.constraint_at), (row.second, row.second_at)):
        if at is None:
            continue
        if constraint in LATE_FINISH:
            ends.append(at)
        elif constraint in LATE_START and row.actual_start is None:
            ends.append(net.finish_of_left(row, at))
    return ends
