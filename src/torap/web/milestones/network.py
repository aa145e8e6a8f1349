"""What a milestone waits for and holds up, the stages before it, and the schedules below it, as a page shows
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from torap.common.permissions import may
from torap.delivery.models import DeliveryLink
from torap.delivery.selectors import Around, Attached, MilestoneState, Neighbour
from torap.registry.selectors import source_map
from torap.rules.known import AsKnown
from torap.rules.network.stages import Stage
from torap.web import formats
from torap.web.forecast.activities import planned_days
from torap.web.presenters.links import known_link
from torap.web.presenters.nodes import node_line
from torap.web.presenters.sources import source_chip
from torap.web.work import access
from torap.web.work.schedule_words import format_words, profile_words, told

RULES: dict[str, Any] = {
    "stages": gettext_lazy("by the order of its stages"),
    "members": gettext_lazy("a programme waits for its members"),
    "parts": gettext_lazy("the capacity of a place counts on the places in it"),
    "builds": gettext_lazy("a place opens after the infrastructure that builds it"),
    "indicator": gettext_lazy("a target waits for the capacity it counts on"),
    "networks": gettext_lazy("a plot is ready when its networks are"),
    "ground": gettext_lazy("a plot is ready when it is built, or the place around it is"),
    "resident": gettext_lazy("a project starts when its plot is ready"),
}
LEFT_OUT: dict[str, Any] = {
    "not_kept": gettext_lazy("the order was not kept: this is under way or done, that is not"),
    "dropped": gettext_lazy("somebody said that it does not hold"),
    "loop": gettext_lazy("it would close a loop"),
}


def network_context(near: Around, known: AsKnown, user: Any, state: MilestoneState) -> dict[str, Any]:
    """The lists of a milestone's page. Links can be dropped by whoever may, and only today."""
    rows = (*near.waits_for, *near.holds_up)
    sources = source_map({one.link.source for one in rows if one.link.source})
    today = known.day == timezone.localdate() and known.clock == "said"
    allowed = today and may_link(user, state)
    return {
        "waits": [_line(one, known, sources, state.code if allowed else "") for one in near.waits_for],
        "holds": [_line(one, known, sources, "") for one in near.holds_up],
        "left_out": [
            {**node_line(node, known), "why": str(LEFT_OUT[one.reason])} for one, node in near.left_out
        ],
        "stages": [_stage(stage, known) for stage in near.node.stages] if near.node else [],
        "shortest": _days(near.node.shortest_days) if near.node and near.node.shortest_days else "",
    }


def may_link(user: Any, state: MilestoneState) -> bool:
    """Whether this person may say and drop what the milestone waits for."""
    if user is None or not user.is_authenticated or not access.could(user, "link.add"):
        return False
    return may(user, "link.add", organisations=access.holders_of_milestone(state.milestone))


def _line(one: Neighbour, known: AsKnown, sources: Mapping[str, Any], own: str) -> dict[str, Any]:
    link = one.link
    source = sources.get(link.source)
    drop = ""
    if own and link.origin != "schedule":
        drop = known_link(None, "work_link_drop", own, **{"from": link.before})
    return {
        **node_line(one.node, known),
        "origin": link.origin,
        "rule": str(RULES.get(link.rule, "")),
        "how": how_words(link.type, link.lag, link.lag_unit),
        "why": link.reason,
        "source": source_chip(known, source) if source else None,
        "said_on": link.said_on,
        "drop": drop,
    }


def how_words(type: str, lag: int, unit: str) -> str:
    """How one waits for another, where it is not simply "after it is finished"."""
    words = "" if type == DeliveryLink.Type.FS else str(DeliveryLink.Type(type).label)
    if not lag:
        return words
    days = _working_days(abs(lag)) if unit == DeliveryLink.LagUnit.WORKING_DAY else _days(abs(lag))
    told = _("%(days)s later at the earliest") if lag > 0 else _("up to %(days)s earlier")
    return ", ".join(part for part in (words, told % {"days": days}) if part)


def _days(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": formats.number(count)}


def _working_days(count: int) -> str:
    return ngettext("%(count)s working day", "%(count)s working days", count) % {
        "count": formats.number(count)
    }


def _stage(stage: Stage, known: AsKnown) -> dict[str, Any]:
    language = (get_language() or "en")[:2]
    days = stage.days
    return {
        "name": stage.names.get(language) or stage.names["en"],
        "days": f"{formats.number(days.low)}–{formats.number(days.mode)}–{formats.number(days.high)}"
        if days
        else "",
        "assumed": stage.basis == "assumed",
        "why": stage.why.get(language) or stage.why["en"],
        "law": stage.law,
        "law_href": known_link(known, "law", stage.law.procedure) if stage.law else "",
    }


def schedule_lines(rows: Iterable[Attached], invented: bool) -> list[dict[str, Any]]:
    """The schedules of a milestone, the one that counts first, with the day it gives; those of the other
    reality are left out. Queries as `planned_days`."""
    found = [row for row in rows if row.invented == invented]
    days = planned_days(found)
    return [
        {
            "name": row.name or row.file_name,
            "current": row.current,
            "format": format_words(row.format),
            "profile": profile_words(row.profile),
            "finish": " · ".join(part for part in (row.finish_activity, row.finish_name) if part),
            "planned": days.get(row.key),
            "activities": row.activities,
            "data_date": row.data_date,
            "said_on": row.said_on,
            "given_by": row.given_by,
            "sha256": row.sha256,
            "file_name": row.file_name,
            "href": reverse("schedule_file", args=[row.key]),
            **told(row.losses),
            "assumed": row.assumed,
            "invented": row.invented,
        }
        for row in found
    ]
