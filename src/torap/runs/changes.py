"""The changes of a scenario, applied to a copy of a frozen input. Pure: nothing of the live data is touched.

A change is a mapping with `op` and its own fields:

* delay: `node`, `days` or `months`: the node comes so much later, whatever it waits for
* speed_up: `node`, `days` or `percent`: what it takes by itself (its class, its schedule) is shortened; what
  it waits for still binds
* set_date: `node`, `day`: it is ready by itself on that day; what it waits for still binds
* budget: `node` or `subject`, `percent` more money, `elasticity` (0 to 2): what is left is multiplied by
  (1 + percent/100) ** -elasticity, the elasticity being the user's own supposition
* drop_link: `before`, `after`; add_link: `before`, `after`, `type`, `lag_days`, `why`
* add_risk: `name`, `probability`, `low_days`, `mode_days`, `high_days`, `nodes`
* remove_obstacle: `obstacle`, `days`: how much sooner what it blocks can come, by the user's own supposition

An activity of an attached schedule moves with its schedule only: a risk can be laid on it and a link added,
everything else is refused. What cannot be kept as JSON text, or is no field of its change, is refused too, so
that a change written by anybody in an address is answered in words.
"""

from __future__ import annotations

import copy
import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from torap.common.errors import BadInput
from torap.engines.errors import EngineInputError
from torap.engines.schedule.plan import LinkType, order
from torap.engines.schedule.worktime import DAY
from torap.rules.calendar import add_months

LONGEST_DAYS = 40 * 365
MOST_CHANGES = 200
MOST_NODES = 1_000  # of one risk
LONGEST_TEXT = 400
MOST_PERCENT = 900
MOST_ELASTICITY = 2.0
LOOKED_AT = ("known_on", "links", "nodes", "obstacles", "risks")
ACTIVITY, SCHEDULE = "activity", "schedule"  # kind of a node, origin of a link
Change = Mapping[str, Any]
Content = dict[str, Any]


def applied(content: Mapping[str, Any], changes: Sequence[Change]) -> Content:
    """A copy of a frozen input with the changes made, one after the other.

    BadInput names the change (`change`, counted from one), its field and what is wrong with it; so does a
    link that would close a loop, with the loop. More than two hundred changes are refused.
    """
    if len(changes) > MOST_CHANGES:
        raise BadInput("too_many", field="changes", value=len(changes), limit=MOST_CHANGES)
    found = copy.deepcopy(dict(content))
    rows = {row["key"]: row for row in found["nodes"]}
    for number, change in enumerate(changes, start=1):
        try:
            _do(change)(found, rows, change)
        except BadInput as error:
            raise BadInput(error.code, field=error.field, **{**error.params, "change": number}) from None
    found["changes"] = [dict(one) for one in changes]
    return found


def checked(content: Mapping[str, Any], changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The changes as they are kept, once they have been seen to apply to this input; BadInput otherwise. Of
    the input only what changes look at is read: of a nation's its plans are not among it."""
    applied({key: content[key] for key in LOOKED_AT}, changes)
    return [dict(one) for one in changes]


def _do(change: Change) -> Callable[[Content, dict[str, Any], Change], None]:
    """What a change does, once its fields are known to be fields of it, and plain."""
    name = _text(change, "op")
    if name not in OPERATIONS:
        raise BadInput("unknown_choice", field="op", value=name, allowed=", ".join(OPERATIONS))
    for field, value in change.items():
        if field not in FIELDS[name]:
            raise BadInput("unknown_field", field=str(field)[:40], allowed=", ".join(sorted(FIELDS[name])))
        if field != "nodes" and not isinstance(value, bool | int | float | None):
            _text(change, field)
    return OPERATIONS[name]


def _text(change: Change, field: str) -> str:
    """A field that is words, or is absent: no list, nothing too long, no sign that cannot be stored."""
    return _plain(change.get(field), field)


def _plain(value: Any, field: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadInput("text_expected", field=field)
    if len(value) > LONGEST_TEXT:
        raise BadInput("invalid.max_length", field=field, limit=LONGEST_TEXT)
    if any(sign < " " or "\ud800" <= sign <= "\udfff" for sign in value):
        raise BadInput("bad_characters", field=field)
    return value


def _delay(content: Content, rows: dict[str, Any], change: Change) -> None:
    row = _own_pace(rows, change)
    _shift(row, _days(content, row, change), "months" if change.get("months") is not None else "days")


def _speed_up(content: Content, rows: dict[str, Any], change: Change) -> None:
    row = _own_pace(rows, change)
    if change.get("percent") is not None:
        percent = _number(change, "percent", 0, 100)
        _scale(row, 1.0 - percent / 100.0)
    else:
        days = int(_number(change, "days", 0, LONGEST_DAYS))
        _shift(row, -days, "days")
        row["least_days"] = max(0, int(row["least_days"]) - days)


def _set_date(content: Content, rows: dict[str, Any], change: Change) -> None:
    row = _own_pace(rows, change)
    day = _day(change, "day")
    known = dt.date.fromisoformat(content["known_on"])
    if day <= known:
        raise BadInput("not_after", field="day", day=day, after=known)
    if (last := known + dt.timedelta(days=LONGEST_DAYS)) < day:
        raise BadInput("out_of_range", field="day", value=day, low=known + dt.timedelta(days=1), high=last)
    row["fixed_on"] = day.isoformat()


def _budget(content: Content, rows: dict[str, Any], change: Change) -> None:
    percent = _number(change, "percent", 0, MOST_PERCENT)
    factor = (1.0 + percent / 100.0) ** -_number(change, "elasticity", 0, MOST_ELASTICITY)
    if subject := _text(change, "subject"):
        found = [row for row in rows.values() if row["subject"] == subject and _moves(row)]
        if not found:
            raise BadInput("unknown_reference", field="subject", value=subject, entity="subject")
    else:
        found = [_own_pace(rows, change)]
    for row in found:
        _scale(row, factor)


def _drop_link(content: Content, rows: dict[str, Any], change: Change) -> None:
    ends = (_key(rows, change, "before"), _key(rows, change, "after"))
    left = [link for link in content["links"] if (link["from"], link["to"]) != ends]
    gone = [link for link in content["links"] if (link["from"], link["to"]) == ends]
    if not gone:
        raise BadInput("no_such_link", field="before", before=ends[0], after=ends[1])
    if any(link["origin"] == SCHEDULE for link in gone):
        raise BadInput("link_of_schedule", field="before", value=rows[ends[1]]["names"][0])
    content["links"] = left


def _add_link(content: Content, rows: dict[str, Any], change: Change) -> None:
    before, after = _key(rows, change, "before"), _key(rows, change, "after")
    kind = _text(change, "type") or "FS"
    if kind not in set(LinkType):
        raise BadInput("unknown_choice", field="type", value=kind, allowed=", ".join(LinkType))
    lag = int(_number({"lag_days": 0, **change}, "lag_days", -LONGEST_DAYS, LONGEST_DAYS))
    if before == after:
        raise BadInput("link_to_itself", field="after", name=rows[after]["names"][0])
    if any((link["from"], link["to"]) == (before, after) for link in content["links"]):
        raise BadInput("link_there_already", field="before", name=rows[before]["names"][0])
    content["links"].append(
        {
            "from": before,
            "to": after,
            "type": kind,
            "lag_minutes": lag * DAY,
            "origin": "scenario",
            "why": _text(change, "why"),
        }
    )
    try:
        order(rows, [(link["from"], link["to"]) for link in content["links"] if link["from"] in rows])
    except EngineInputError as error:
        names = [str(rows[key]["names"][0]) for key in error.params["loop"]]
        raise BadInput("closes_loop", field="after", loop=" → ".join([*names, names[0]])) from None


def _add_risk(content: Content, rows: dict[str, Any], change: Change) -> None:
    nodes = _nodes(change)
    for key in nodes:
        _open(rows, {"nodes": key}, "nodes")
    low, mode, high = (
        int(_number(change, name, 0, LONGEST_DAYS)) for name in ("low_days", "mode_days", "high_days")
    )
    if not low <= mode <= high:
        raise BadInput("out_of_order", field="mode_days", low=low, mode=mode, high=high)
    content["risks"].append(
        {
            "id": f"scenario:{len(content['risks']) + 1}",
            "name": _text(change, "name").strip() or f"{len(content['risks']) + 1}",
            "probability": _number(change, "probability", 0, 1),
            "low_days": low,
            "mode_days": mode,
            "high_days": high,
            "nodes": nodes,
        }
    )


def _remove_obstacle(content: Content, rows: dict[str, Any], change: Change) -> None:
    code = _text(change, "obstacle")
    found = next((row for row in content["obstacles"] if row["code"] == code), None)
    if found is None:
        raise BadInput("unknown_reference", field="obstacle", value=code, entity="obstacle")
    days = int(_number(change, "days", 0, LONGEST_DAYS))
    content["obstacles"] = [row for row in content["obstacles"] if row["code"] != code]
    for key in found["blocks"]:
        row = rows.get(key)
        if row is not None and _moves(row):
            _shift(row, -days, "days")


OPERATIONS: dict[str, Callable[[Content, dict[str, Any], Change], None]] = {
    "delay": _delay,
    "speed_up": _speed_up,
    "set_date": _set_date,
    "budget": _budget,
    "drop_link": _drop_link,
    "add_link": _add_link,
    "add_risk": _add_risk,
    "remove_obstacle": _remove_obstacle,
}


# The fields each change may have: one that would be read by nobody is refused, not ignored.
FIELDS: dict[str, frozenset[str]] = {
    "delay": frozenset({"op", "node", "days", "months"}),
    "speed_up": frozenset({"op", "node", "days", "percent"}),
    "set_date": frozenset({"op", "node", "day"}),
    "budget": frozenset({"op", "node", "subject", "percent", "elasticity"}),
    "drop_link": frozenset({"op", "before", "after"}),
    "add_link": frozenset({"op", "before", "after", "type", "lag_days", "why"}),
    "add_risk": frozenset({"op", "name", "probability", "low_days", "mode_days", "high_days", "nodes"}),
    "remove_obstacle": frozenset({"op", "obstacle", "days"}),
}


def _nodes(change: Change) -> list[str]:
    """The keys in `nodes`: a list of words, not an endless one."""
    nodes = change.get("nodes") or []
    if not isinstance(nodes, list | tuple):
        raise BadInput("list_expected", field="nodes")
    if not nodes:
        raise BadInput("missing", field="nodes")
    if len(nodes) > MOST_NODES:
        raise BadInput("too_many", field="nodes", value=len(nodes), limit=MOST_NODES)
    return [_plain(key, "nodes") for key in nodes]


def _key(rows: Mapping[str, Any], change: Change, field: str) -> str:
    key = _text(change, field)
    if key not in rows:
        raise BadInput("unknown_reference", field=field, value=key, entity="node")
    return key


def _open(rows: dict[str, Any], change: Change, field: str) -> dict[str, Any]:
    row: dict[str, Any] = rows[_key(rows, change, field)]
    if row["done_on"]:
        raise BadInput("done_already", field=field, value=row["names"][0], day=row["done_on"])
    return row


def _own_pace(rows: dict[str, Any], change: Change) -> dict[str, Any]:
    """The row of `node`, which has a pace of its own that a change can shift: no activity of a schedule."""
    row = _open(rows, change, "node")
    if row.get("kind") == ACTIVITY:
        raise BadInput("part_of_schedule", field="node", value=row["names"][0])
    return row


def _moves(row: Mapping[str, Any]) -> bool:
    return not row["done_on"] and row.get("kind") != ACTIVITY


def _scale(row: dict[str, Any], factor: float) -> None:
    row["factor"] = round(float(row.get("factor", 1.0)) * factor, 9)
    row["least_days"] = round(int(row["least_days"]) * factor)


def _shift(row: dict[str, Any], days: int, field: str) -> None:
    """Put a node off, or bring it nearer, by so many days; all changes of it together have a limit too."""
    total = int(row.get("shift_days", 0)) + days
    if abs(total) > LONGEST_DAYS:
        raise BadInput("out_of_range", field=field, value=total, low=-LONGEST_DAYS, high=LONGEST_DAYS)
    row["shift_days"] = total


def _days(content: Content, row: Mapping[str, Any], change: Change) -> int:
    """Days of a delay; months are counted by the calendar from the date due (the known day without one)."""
    if change.get("months") is not None:
        months = int(_number(change, "months", 1, LONGEST_DAYS // 31))
        start = dt.date.fromisoformat(row["due"] or content["known_on"])
        return (add_months(start, months) - start).days
    return int(_number(change, "days", 1, LONGEST_DAYS))


def _number(change: Change, field: str, low: float, high: float) -> float:
    told = change.get(field)
    try:
        if isinstance(told, bool):
            raise ValueError
        value = float(told)  # type: ignore[arg-type]
    except OverflowError:
        value = math.inf
    except (TypeError, ValueError):
        raise BadInput("not_a_number", field=field, value="" if told is None else str(told)) from None
    if not low <= value <= high:
        raise BadInput("out_of_range", field=field, value=value, low=low, high=high)
    return value


def _day(change: Change, field: str) -> dt.date:
    try:
        return dt.date.fromisoformat(_text(change, field))
    except ValueError:
        raise BadInput("not_a_day", field=field, value=_text(change, field)) from None
