"""Money by stage: amounts of different stages are never added, and what is missing is counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from torap.publish.wording import fact_words, qualified
from torap.registry.models import MoneyStage
from torap.registry.selectors import PoolOf, StageAmount, StageTotal
from torap.rules.known import AsKnown
from torap.rules.money import FxRate
from torap.web import formats
from torap.web.presenters import scopes, units
from torap.web.presenters.links import known_link
from torap.web.presenters.sources import source_chip

POOLS: dict[str, Any] = {
    "national": gettext_lazy("national pool"),
    "regional": gettext_lazy("regional pool"),
}


def money_value(amount: Any, known: AsKnown) -> dict[str, Any]:
    """An amount as `claim_value` takes it; the number opens its source."""
    entry = getattr(amount, "entry", amount)
    words = units.money(entry.amount, entry.currency)
    return {
        "text": words,
        "qualifier": entry.qualifier,
        "href": known_link(known, "source", entry.source.code),
    }


def stage_rows(amounts: Iterable[StageAmount], known: AsKnown) -> list[dict[str, Any]]:
    """The latest amount of each stage and part, with what was said before it."""
    return [
        {
            "stage": str(MoneyStage(row.stage).label),
            "part": scopes.scope_words(row.part),
            "value": money_value(row, known),
            "exact": units.quantity(row.amount, row.currency),
            "said_by": fact_words(row.entry.said_by),
            "source": source_chip(known, row.entry.source, row.entry),
            "note": row.entry.note,
            "invented": row.entry.invented,
            "earlier": [
                {"value": money_value(entry, known), "source": source_chip(known, entry.source, entry)}
                for entry in row.earlier
            ],
        }
        for row in amounts
    ]


def totals(rows: Iterable[StageTotal]) -> list[dict[str, Any]]:
    """The totals of every stage in each currency, with how many projects are not in them."""
    return [
        {
            "stage": str(MoneyStage(row.stage).label),
            "amounts": [
                {
                    "words": qualified(total.qualifier, units.money(total.amount, total.currency)),
                    "projects": total.projects,
                    "inexact": total.inexact,
                }
                for total in row.totals
            ],
            "projects": row.projects,
            "missing": row.missing,
        }
        for row in rows
    ]


def rate_words(rate: FxRate, currency: str) -> str:
    """At which rate a cost was counted in `currency`, and of which day; an average of a year says so."""
    abroad, amount = (rate.base, rate.value) if rate.quote == currency else (rate.quote, 1 / rate.value)
    params = {
        "rate": units.quantity(amount, currency, 2),
        "currency": units.currency_label(abroad),
        "day": formats.day(rate.on) if rate.on else "",
        "year": rate.year,
    }
    if rate.on is not None:
        return _("Counted at %(rate)s for 1 %(currency)s, the rate of %(day)s.") % params
    return _("Counted at %(rate)s for 1 %(currency)s, the average of %(year)s.") % params


def pool_words(pool: PoolOf) -> dict[str, Any]:
    """Which pool a project falls into and why, or why that cannot be said."""
    params = {
        "year": pool.year,
        "cost": units.money(pool.cost, pool.currency) if pool.cost is not None else "",
        "threshold": units.money(pool.threshold, pool.currency) if pool.threshold is not None else "",
    }
    why = {
        "no_amount": _("No amount of the whole project is known."),
        "rate_not_known": _("No exchange rate is known for %(year)s, so its cost in tenge cannot be said."),
        "rules_not_read": _("The rules in force in %(year)s were not read; the pool is not guessed."),
        "mci_not_known": _("The monthly calculation index of %(year)s is not verified; it is not guessed."),
        "cost_compared": _(
            "Its cost, %(cost)s, named in %(year)s, reaches the threshold of the national pool of that year, "
            "%(threshold)s."
        )
        if pool.code == "national"
        else _(
            "Its cost, %(cost)s, named in %(year)s, is below the threshold of the national pool of that "
            "year, %(threshold)s."
        ),
    }[pool.reason_code]
    return {
        "code": pool.code or "",
        "label": str(POOLS.get(pool.code or "", "")),
        "why": why % params,
        "rate": rate_words(pool.rate, pool.currency) if pool.rate is not None else "",
        "low": pool.confidence not in {"", "high"},
    }
