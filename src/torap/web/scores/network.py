"""What the network would have said on past days: rows beside the class alone, and how little they rest on."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from torap.runs.selectors import FEW, NetworkScore
from torap.web import formats
from torap.web.scores.score import bin_cells, calibration_chart, score_cells
from torap.web.scores.verdict import gap_words, ways_words

WAYS: dict[str, Any] = {
    "class": gettext_lazy("the class alone, as above"),
    "alone": gettext_lazy("the class a run of that day held, alone"),
    "network": gettext_lazy("the network"),
}
PARTS: dict[str, Any] = {
    "": gettext_lazy("Every promise both told something of"),
    "waiting": gettext_lazy("Of these, promises that waited for something else"),
    "staged": gettext_lazy("Of the others, held back by stages nobody has told of"),
}


def network_part(found: NetworkScore) -> dict[str, Any]:
    """The section of the page: sentences, a table for each part, the plot."""
    return {
        "rows": [_rows(found, name) for name in PARTS],
        "sentence": _replayed(found),
        "verdict": ways_words(found),
        "gap": gap_words(found.calibration),
        "waiting": _known_of(found, "waiting"),
        "staged": _known_of(found, "staged"),
        "chart": calibration_chart(found.calibration, live=False),
        "bins": [bin_cells(one) for one in found.calibration if one.n],
        "cases": bool(found.cases),
    }


def group_of(way: str, part: str) -> str:
    """The name of a group: `network`, `network.waiting`."""
    return f"{way}.{part}" if part else way


def _rows(found: NetworkScore, part: str) -> dict[str, Any]:
    return {
        "name": str(PARTS[part]),
        "id": part or "all",
        "rows": [score_cells(found.row(group_of(way, part)), str(words)) for way, words in WAYS.items()],
    }


def _replayed(found: NetworkScore) -> str:
    """What was replayed, or why nothing was: of a day by the auditors' clock no network is, and only then is
    none though there were days."""
    if found.days_left_out and not found.days:
        return _(
            "Asked by the day recorded, no network of a past day is replayed: that day says when facts were "
            "stored here, and many are stored together."
        )
    days = ngettext(
        "The network as known on %(days)s day on which something was promised, simulated with %(trials)s "
        "trials of seed %(seed)s.",
        "The network as known on each of %(days)s days on which something was promised, simulated with "
        "%(trials)s trials of seed %(seed)s.",
        found.days,
    ) % {
        "days": formats.number(found.days, 0),
        "trials": formats.number(found.trials, 0),
        "seed": found.seed,
    }
    if found.days_left_out:
        left = ngettext(
            "%(days)s day is left out: it would take too long.",
            "%(days)s days are left out: they would take too long.",
            found.days_left_out,
        )
        days += " " + left % {"days": formats.number(found.days_left_out, 0)}
    return days


def _known_of(found: NetworkScore, part: str) -> str:
    """Of how many of a part the end is known, and that it is too few where it is."""
    row = found.row(group_of("network", part))
    counted = {"n": formats.number(row.n, 0), "known": formats.number(row.brier_n, 0)}
    words = {
        "waiting": (
            _("%(n)s promises waited for something else; of none is it known yet whether its date held."),
            _("%(n)s promises waited for something else; of %(known)s it is known whether the date held."),
        ),
        "staged": (
            _("%(n)s others were held back by stages nobody has told of; none has come out yet."),
            _("%(n)s others were held back by stages nobody has told of; of %(known)s the end is known."),
        ),
    }[part]
    told = words[bool(row.brier_n)] % counted
    if row.brier_n < FEW:
        told += " " + _("n = %(known)s: too few to say what this adds.") % counted
    return told
