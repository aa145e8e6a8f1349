"""What the score comes to, in words a journalist can quote: which way did better, on how many, and that few
prove little. Everything is told from the figures of the table; nothing is written by hand."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torap.runs.selectors import FEW, CalibrationBin, NetworkScore, ScoreRow, ScoreTable
from torap.web import formats
from torap.web.scores.plain_words import COIN

GAP = 0.2  # so far apart a chance foretold and the share that came are told of
HALF = 0.5
ALIKE = 0.005  # Brier scores nearer than this are told as the same


def headline(backtest: ScoreTable | None, live: ScoreTable | None) -> str:
    """Whether the chances told more than a coin, of how many promises: of the network, which the pages show,
    where its past was replayed; else of the class alone, else of the live forecasts. Empty where of no
    promise it is known whether its day was kept."""
    for row in _rows(backtest, live):
        if row.brier is not None and row.brier_n:
            return f"{_against_coin(row.brier, row.brier_n)}{_few(row.brier_n)}"
    return ""


def _rows(backtest: ScoreTable | None, live: ScoreTable | None) -> list[ScoreRow]:
    rows: list[ScoreRow] = []
    if backtest is not None:
        rows += [backtest.network.row("network")] if backtest.network is not None else []
        rows.append(backtest.whole)
    return [*rows, live.whole] if live is not None else rows


def _against_coin(brier: float, n: int) -> str:
    better = ngettext(
        "On %(count)s promise whose end is known the forecasts did better than tossing a coin",
        "On %(count)s promises whose end is known the forecasts did better than tossing a coin",
        n,
    )
    worse = ngettext(
        "On %(count)s promise whose end is known the forecasts did no better than tossing a coin",
        "On %(count)s promises whose end is known the forecasts did no better than tossing a coin",
        n,
    )
    return (better if brier < COIN else worse) % {"count": formats.number(n, 0)}


def _few(n: int) -> str:
    return _("; so few prove little") if n < FEW else ""


def ways_words(found: NetworkScore) -> str:
    """Whether what is waited for made the chances better or worse than the class alone, on the same promises;
    empty where both are not known of the same number."""
    network, alone = found.row("network"), found.row("class")
    if network.brier is None or alone.brier is None or network.brier_n != alone.brier_n:
        return ""
    values = {
        "count": formats.number(network.brier_n, 0),
        "network": formats.number(network.brier, 3),
        "alone": formats.number(alone.brier, 3),
    }
    if abs(network.brier - alone.brier) < ALIKE:
        words = _(
            "The network, whose figures the pages show, foretold as well as the class alone: Brier score "
            "%(network)s against %(alone)s (n = %(count)s)."
        )
    elif network.brier > alone.brier:
        words = _(
            "The network, whose figures the pages show, foretold worse than the class alone: Brier score "
            "%(network)s against %(alone)s, and less is better (n = %(count)s)."
        )
    else:
        words = _(
            "The network, whose figures the pages show, foretold better than the class alone: Brier score "
            "%(network)s against %(alone)s, and less is better (n = %(count)s)."
        )
    return " ".join(part for part in (words % values, _proves(network.brier_n)) if part)


def _proves(n: int) -> str:
    return _("So few prove neither way better.") if n < FEW else ""


def gap_words(bins: tuple[CalibrationBin, ...]) -> str:
    """The group of forecasts whose chance was farthest from what came; empty where none was far."""
    known = [(one.said, one.came, one.n) for one in bins if one.n and None not in (one.said, one.came)]
    far = [(said, came, n) for said, came, n in known if said is not None and came is not None]
    if not far:
        return ""
    said, came, n = max(far, key=lambda one: (abs(one[0] - one[1]), one[2]))
    if abs(said - came) < GAP:
        return ""
    hopeful = _(
        "Farthest off, too hopeful: where %(said)s were foretold to hold, %(came)s did (n = %(count)s)."
    )
    gloomy = _(
        "Farthest off, too gloomy: where %(said)s were foretold to hold, %(came)s did (n = %(count)s)."
    )
    values = {"said": _percent(said), "came": _percent(came), "count": formats.number(n, 0)}
    return (hopeful if said > came else gloomy) % values


def _percent(share: float) -> str:
    return f"{formats.number(round(share * 100), 0)} %"


def word_words(table: ScoreTable) -> str:
    """Whether P50 or the promised day itself came nearer to the day things were reached; empty where of both
    it is not known."""
    word = next((row for row in table.baselines if row.group == "word"), None)
    own = table.whole.pinball.get(HALF)
    bare = word.pinball.get(HALF) if word is not None else None
    if word is None or own is None or bare is None:
        return ""
    values = {
        "own": formats.number(own, 0),
        "n_own": formats.number(_of(table.whole), 0),
        "bare": formats.number(bare, 0),
        "n_bare": formats.number(_of(word), 0),
    }
    if own > bare:
        words = _(
            "Of what was reached the promised day came nearer than P50: pinball loss %(bare)s days "
            "(n = %(n_bare)s) against %(own)s (n = %(n_own)s). Only what was reached counts here, and a "
            "broken promise often is not yet: that favours the promise."
        )
    else:
        words = _(
            "Of what was reached P50 came nearer than the promised day: pinball loss %(own)s days "
            "(n = %(n_own)s) against %(bare)s (n = %(n_bare)s)."
        )
    return words % values


def _of(row: ScoreRow) -> int:
    """On how many reached the loss of P50 rests."""
    return row.told.get(HALF, row.pinball_n)
