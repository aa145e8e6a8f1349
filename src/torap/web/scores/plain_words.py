"""What the figures of the score mean, in plain words beside them, where they flatter or say little."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torap.runs.selectors import ScoreRow
from torap.web import formats

COIN = 0.5**2  # what saying "one half" of everything costs, whatever comes


def brier_words(row: ScoreRow) -> str:
    """Whether the chances told more than a coin, and more than the share that held alone."""
    if row.brier is None or not row.brier_n:
        return ""
    share = row.held / row.brier_n
    alone = share * (1.0 - share)
    values = {"coin": _figure(COIN), "alone": _figure(alone)}
    if row.brier >= COIN:
        return _("No better than tossing a coin, which gets %(coin)s.") % values
    if row.brier >= alone:
        return (
            _(
                "Better than a coin (%(coin)s), no better than telling everybody the share that held, known "
                "only afterwards (%(alone)s)."
            )
            % values
        )
    return (
        _("Better than a coin (%(coin)s) and than telling everybody the share that held (%(alone)s).")
        % values
    )


def leaning_words(row: ScoreRow) -> str:
    """That coverage counts only what is decided, and so flatters."""
    left = row.n - row.coverage_n
    if not row.coverage_n or left <= 0:
        return ""
    words = ngettext(
        "Coverage counts only what is decided; %(count)s forecast is not. What comes early is decided first, "
        "what is late only when its P80 has passed, so the share shown is likelier too high than too low.",
        "Coverage counts only what is decided; %(count)s forecasts are not. What comes early is decided "
        "first, what is late only when its P80 has passed, so the share shown is likelier too high than "
        "too low.",
        left,
    )
    return words % {"count": formats.number(left, 0)}


def counts_words(row: ScoreRow) -> str:
    """Why figures of one table rest on different numbers of cases."""
    if row.coverage_n == row.brier_n:
        return ""
    return _(
        "The figures rest on different cases: whether P80 held is decided for %(covered)s, whether the "
        "promised day was kept for %(judged)s."
    ) % {"covered": formats.number(row.coverage_n, 0), "judged": formats.number(row.brier_n, 0)}


def _figure(value: float) -> str:
    return formats.number(round(value, 3))
