"""How forecasts stood up: words, figures with their n, a calibration plot; back-test and live apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from torap.runs.selectors import FEW, CalibrationBin, ScoreRow, ScoreTable
from torap.web import formats
from torap.web.presenters.class_words import class_words
from torap.web.scores import verdict
from torap.web.scores.plain_words import brier_words, counts_words, leaning_words

CSV_HEADER = (
    "part",
    "group_kind",
    "group",
    "n",
    "promises",
    "reached",
    "pinball_p50_days",
    "pinball_p80_days",
    "pinball_n",
    "brier",
    "brier_n",
    "held",
    "coverage_p80",
    "coverage_n",
    "pinball_p80_n",
    "before_bound_of_p80",
    "before_bound_n",
)
BASELINES: dict[str, Any] = {
    "word": gettext_lazy("the promise taken at its word"),
    "hindsight": gettext_lazy("classes that know the end already"),
}


def score_part(name: str, table: ScoreTable, holders: Mapping[str, str], *, live: bool) -> dict[str, Any]:
    """One of the two parts of the page: figures, plot, tables."""
    classes = [score_cells(row, class_words(row.group)) for row in _most_first(table.classes)]
    bodies = [
        score_cells(row, holders.get(row.group) or row.group or _("nobody was named"))
        for row in _most_first(table.holders)
    ]
    return {
        "name": name,
        "table": table,
        "whole": score_cells(table.whole, _("all")),
        "sentence": coverage_words(table.whole),
        "small": smallness(table.whole),
        "brier_words": brier_words(table.whole),
        "leaning": leaning_words(table.whole),
        "counts": counts_words(table.whole),
        "nearer": verdict.word_words(table),
        "classes": classes,
        "silent_class": last_silent(classes),
        "holders": bodies,
        "silent_holder": last_silent(bodies),
        "baselines": [score_cells(row, str(BASELINES.get(row.group, row.group))) for row in table.baselines],
        "chart": calibration_chart(table.calibration, live=live),
        "bins": [bin_cells(one) for one in table.calibration if one.n],
    }


def _most_first(rows: Iterable[ScoreRow]) -> list[ScoreRow]:
    return sorted(rows, key=lambda row: (-row.n, row.group))


def score_cells(row: ScoreRow, name: str) -> dict[str, Any]:
    """A row of a table; what is not known is empty."""
    return {
        "name": name,
        "n": row.n,
        "reached": row.reached,
        "pinball": _days(row.pinball.get(0.5)),
        "pinball_days": round(row.pinball.get(0.5) or 0.0),
        "pinball80": _days(row.pinball.get(0.8)),
        "pinball_n": row.told.get(0.5, row.pinball_n),
        "brier": "" if row.brier is None else formats.number(row.brier, 3),
        "brier_n": row.brier_n,
        "held": row.held,
        "coverage": percent(row.coverage),
        "coverage_n": row.coverage_n,
        "silent": row.coverage is None and row.brier is None and row.pinball.get(0.5) is None,
    }


def last_silent(rows: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The last of the rows without any figure, where others have some: those stand in one line then."""
    silent = [row for row in rows if row["silent"]]
    return silent[-1] if silent and len(silent) < len(rows) else None


def _days(value: float | None) -> str:
    return "" if value is None else formats.number(value, 0)


def percent(share: float | None) -> str:
    """A share in per cent; empty where it is not known."""
    return "" if share is None else f"{formats.number(round(share * 100), 0)}\N{NO-BREAK SPACE}%"


def coverage_words(row: ScoreRow) -> str:
    """Whether P80 deserves its name, in a sentence."""
    if not row.coverage_n and row.early_n:
        return _early_words(row)
    if row.coverage is None or not row.coverage_n:
        return _("Of no forecast it is known yet whether its P80 held.")
    words = ngettext(
        "P80 held in %(share)s of the %(count)s case of which it is known; an honest P80 holds in 80 %%.",
        "P80 held in %(share)s of the %(count)s cases of which it is known; an honest P80 holds in 80 %%.",
        row.coverage_n,
    )
    return words % {"share": percent(row.coverage), "count": formats.number(row.coverage_n, 0)}


def _early_words(row: ScoreRow) -> str:
    words = ngettext(
        "No P80 was told: all lie later than anything seen by then. Of the %(count)s of which it is known, "
        "%(share)s was reached before the day its P80 was said not to be before; 80 %% at most is honest.",
        "No P80 was told: all lie later than anything seen by then. Of the %(count)s of which it is known, "
        "%(share)s were reached before the day their P80 was said not to be before; 80 %% at most is honest.",
        row.early_n,
    )
    return words % {"share": percent(row.early), "count": formats.number(row.early_n, 0)}


def smallness(row: ScoreRow) -> str:
    """How little the figures rest on, said aloud."""
    share, known = (row.coverage, row.coverage_n) if row.coverage_n else (row.early, row.early_n)
    if known >= FEW:
        return ""
    if not known:
        return _("There is nothing to judge yet: a forecast can be judged when its day has come.")
    low, high = wilson(round((share or 0.0) * known), known)
    return _(
        "So few cases prove little: with %(count)s of them the true share may lie anywhere between "
        "%(low)s and %(high)s."
    ) % {"count": formats.number(known, 0), "low": percent(low), "high": percent(high)}


def wilson(hits: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """Wilson's interval for a share: 95 of 100 such intervals hold the true one. (0, 1) without cases."""
    if n <= 0:
        return 0.0, 1.0
    share, square = hits / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z * math.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def calibration_chart(found: Sequence[CalibrationBin], *, live: bool) -> dict[str, Any]:
    """Said chance against what came out, with n and the interval of the share."""
    points = []
    for one in found:
        if one.n and one.said is not None and one.came is not None:
            low, high = wilson(round(one.came * one.n), one.n)
            points.append(
                {
                    "forecast": round(one.said, 4),
                    "observed": round(one.came, 4),
                    "n": one.n,
                    "low": round(low, 4),
                    "high": round(high, 4),
                    "live": live,
                }
            )
    return {
        "points": points,
        "labels": {
            "forecast": _("chance foretold"),
            "observed": _("share that held"),
            "backtest": _("back-test; a larger mark stands for more forecasts"),
            "live": _("live forecasts; a larger mark stands for more of them"),
            "honest": _("honest: what is foretold comes"),
        },
    }


def bin_cells(one: CalibrationBin) -> dict[str, Any]:
    """A row of the table beside the plot."""
    low, high = wilson(round((one.came or 0.0) * one.n), one.n)
    return {
        "range": f"{percent(one.low)} – {percent(one.high)}",
        "said": percent(one.said),
        "came": percent(one.came),
        "interval": f"{percent(low)} – {percent(high)}",
        "n": one.n,
    }


def csv_rows(parts: Iterable[tuple[str, ScoreTable]]) -> list[list[Any]]:
    """Both parts as rows of one download."""
    rows: list[list[Any]] = []
    for part, table in parts:
        groups: tuple[tuple[str, Iterable[ScoreRow]], ...] = (
            ("all", (table.whole,)),
            ("class", table.classes),
            ("body", table.holders),
            ("baseline", table.baselines),
            ("choice", table.choices),
            ("network", table.network.rows if table.network is not None else ()),
        )
        for kind, found in groups:
            rows += [_csv_row(part, kind, row) for row in found]
    return rows


def _csv_row(part: str, kind: str, row: ScoreRow) -> list[Any]:
    return [
        part,
        kind,
        row.group,
        row.n,
        row.nodes,
        row.reached,
        row.pinball.get(0.5),
        row.pinball.get(0.8),
        row.pinball_n,
        row.brier,
        row.brier_n,
        row.held,
        row.coverage,
        row.coverage_n,
        row.told.get(0.8, row.pinball_n),
        row.early,
        row.early_n,
    ]


def verdicts(backtest: ScoreTable | None, live: ScoreTable | None) -> list[str]:
    """The verdict in sentences, as the page tells it: whether the chances told more than a coin; of the
    back-test whether the network did better than the class alone, which chance was farthest off, and whether
    P50 or the promised day came nearer."""
    found = [headline(backtest, live)]
    if backtest is not None and backtest.network is not None:
        found += [verdict.ways_words(backtest.network), verdict.gap_words(backtest.network.calibration)]
    for table in (backtest, live):
        if table is not None:
            found.append(verdict.word_words(table))
    return [one for one in found if one]


def headline(backtest: ScoreTable | None, live: ScoreTable | None) -> str:
    """The news in a sentence: whether the chances told more than a coin; where of no promise the end is
    known, the coverage of the back-test, else that of the live forecasts."""
    quotable = verdict.headline(backtest, live)
    if quotable:
        return quotable
    for row in (table.whole for table in (backtest, live) if table is not None):
        if row.coverage_n:
            words = {"share": percent(row.coverage), "n": formats.number(row.coverage_n, 0)}
            return _("P80 held in %(share)s, n = %(n)s") % words
        if row.early_n:
            words = {"share": percent(row.early), "n": formats.number(row.early_n, 0)}
            return _("Before the bound of P80: %(share)s, n = %(n)s") % words
    return _("No forecast has been judged yet")
