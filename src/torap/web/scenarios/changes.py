"""Changes in words, and in the address of a page: a what-if can be sent to a colleague as a link."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeGuard

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torap.web import formats
from torap.web.presenters.forecasts import of_hundred

MOST = 40  # changes in an address; more are for the command line
LONGEST = 60_000  # signs of an address
MOST_NODES = 1_000  # dates whose names are looked up
LARGEST = 1e12  # a number beyond is a slip of somebody's, and no page has room for it
LONGEST_KEY = 200
SHORT = 40  # signs shown of what should be a number
NOTHING = "\\u0000"  # no database takes this sign


def read_changes(text: str) -> list[dict[str, Any]]:
    """The changes written in an address; none for what is no list of mappings, is nested too deep, or holds
    a sign that cannot be stored. Whether they can be made is the runs' to say."""
    if not text or len(text) > LONGEST or NOTHING in text:
        return []
    try:
        found = json.loads(text)
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            return []
        write_changes(found).encode("utf-8")
    except (ValueError, RecursionError):
        return []
    return found[:MOST]


def unreadable(text: str) -> bool:
    """Whether an address holds changes that cannot be read."""
    return bool(text.strip()) and text.strip() != "[]" and not read_changes(text)


def write_changes(changes: Sequence[Mapping[str, Any]]) -> str:
    """Changes as they stand in an address; empty for none."""
    return json.dumps(list(changes), ensure_ascii=False, separators=(",", ":")) if changes else ""


def nodes_of(changes: Iterable[Mapping[str, Any]]) -> list[str]:
    """Keys of the dates that changes name, each once, in their order."""
    found: dict[str, None] = {}
    for one in changes:
        for name in ("node", "after", "before"):
            if isinstance(one.get(name), str):
                found[one[name]] = None
        nodes = one.get("nodes")
        if isinstance(nodes, list):
            found |= dict.fromkeys(key for key in nodes if isinstance(key, str))
    return list(found)[:MOST_NODES]


def change_words(change: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """A change in a sentence. `names`: of dates by key, of obstacles by code."""
    told = _WORDS.get(str(change.get("op", "")))
    return told(change, names) if told else str(change.get("op", ""))[:SHORT]


def name_of(key: Any, names: Mapping[str, str]) -> str:
    """The name of a date; its key where it has none."""
    return names.get(str(key), str(key)[:LONGEST_KEY])


def _delay(change: Mapping[str, Any], names: Mapping[str, str]) -> str:
    values = {"name": name_of(change.get("node"), names), "time": _time(change)}
    return _("%(name)s: %(time)s later") % values


def _speed_up(change: Mapping[str, Any], names: Mapping[str, str]) -> str:
    name = name_of(change.get("node"), names)
    if change.get("percent") is not None:
        values = {"name": name, "percent": _number(change.get("percent"))}
        return _("%(name)s: what is left takes %(percent)s %% less time") % values
    return _("%(name)s: %(time)s shorter") % {"name": name, "time": _time(change)}


def _set_date(change: Mapping[str, Any], names: Mapping[str, str]) -> str:
    try:
        day = formats.day(dt.date.fromisoformat(str(change.get("day", ""))))
    except ValueError:
        day = str(change.get("day", ""))[:SHORT]
    return _("%(name)s: ready by itself on %(day)s") % {
        "name": name_of(change.get("node"), names),
        "day": day,
    }


def _budget(change: Mapping[str, Any], names: Mapping[str, str]) -> str:
    values = {
        "name": name_of(change.get("node") or change.get("subject"), names),
        "percent": _number(change.get("percent")),
        "elasticity": _number(change.get("elasticity")),
    }
    return _("%(name)s: %(percent)s %% more money (elasticity %(elasticity)s)") % values


def _drop_link(change: Mapping[str, Any], names: Mapping[str, str]) -> str:
    values = {"name": name_of(change.get("after"), names), "before": name_of(change.get("before"), names)}
    return _("%(name)s: no longer waits for %(before)s") % values


def _add_link(change: Mapping[str, Any], names: Mapping[str, str]) -> str:
    values = {"name": name_of(change.get("after"), names), "before": name_of(change.get("before"), names)}
    return _("%(name)s: also waits for %(before)s") % values


def _add_risk(change: Mapping[str, Any], names: Mapping[str, str]) -> str:
    nodes = change.get("nodes")
    keys = nodes if isinstance(nodes, list) else []
    probability = change.get("probability")
    values = {
        "name": ", ".join(name_of(key, names) for key in keys),
        "risk": str(change.get("name", ""))[:LONGEST_KEY],
        "chance": of_hundred(probability) if _is_number(probability) and 0 <= probability <= 1 else "…",
        "low": _number(change.get("low_days")),
        "high": _number(change.get("high_days")),
    }
    return _("%(name)s: in %(chance)s of 100 cases “%(risk)s” costs %(low)s to %(high)s days") % values


def _remove_obstacle(change: Mapping[str, Any], names: Mapping[str, str]) -> str:
    values = {"name": name_of(change.get("obstacle"), names), "time": _time(change)}
    return _("Obstacle removed: %(name)s; what it blocks comes %(time)s sooner") % values


_WORDS = {
    "delay": _delay,
    "speed_up": _speed_up,
    "set_date": _set_date,
    "budget": _budget,
    "drop_link": _drop_link,
    "add_link": _add_link,
    "add_risk": _add_risk,
    "remove_obstacle": _remove_obstacle,
}


def _time(change: Mapping[str, Any]) -> str:
    months, days = change.get("months"), change.get("days")
    if _is_number(months) and isinstance(months, int):
        return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}
    if _is_number(days) and isinstance(days, int):
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    return _number(months if months is not None else days)


def _number(value: Any) -> str:
    """A number as pages write it; of anything else its beginning, for the refusal beside it to speak of."""
    return formats.number(value) if _is_number(value) else f"{value}"[:SHORT]


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST
