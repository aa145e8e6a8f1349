"""The histogram parted at the promised day: what keeps it and what misses it never share a bar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from torap.runs.selectors import Bin, Spread
from torap.web.presenters.forecasts import chance_words


def parted(bins: Sequence[Bin], due: dt.date | None, chance: float | None) -> list[Bin]:
    """The bins with the one that holds the promised day as two, one to the day and one from it. `chance`: the
    share of all trials that end by the day; so the first part gets what the bins before it leave of it."""
    found: list[Bin] = []
    for one in bins:
        if due is None or chance is None or not one.first < due < one.last:
            found.append(one)
            continue
        kept = min(max(chance - sum(row.share for row in found), 0.0), one.share)
        found += [replace(one, last=due, share=kept), replace(one, first=due, share=one.share - kept)]
    return found


def beyond_words(spread: Spread) -> str:
    """How much is not drawn, told apart; empty where all of it is drawn."""
    if spread.beyond <= 0:
        return ""
    return _("%(share)s of the trials end later still or cannot be told: they are not drawn.") % {
        "share": chance_words(spread.beyond)
    }
