"""Money with its currency, dated rates, and the monthly calculation index (MCI) by year.

A sum is never converted silently: the answer carries the rate, its date and its source. A year without a
verified value raises `NotKnown`; nothing is interpolated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from torap.rules.errors import BadLawFile, BadValue, NotKnown, listed

DATED_RATE_MAX_AGE_DAYS = 31
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    """A sum in one currency (ISO 4217 code)."""

    amount: Decimal
    currency: str

    def __add__(self, other: Money) -> Money:
        """Sum of two amounts of one currency; `BadValue` for two currencies."""
        if other.currency != self.currency:
            raise BadValue(
                f"{self.currency} and {other.currency} cannot be added; convert one at a stated date first.",
                currencies=(self.currency, other.currency),
            )
        return Money(self.amount + other.amount, self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mci:
    """The monthly calculation index of a year [tenge]."""

    year: int
    value: Decimal | None
    source: str
    confidence: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FxRate:
    """Units of `quote` for one `base`: of one day (`on`) or the average of a `year`."""

    base: str
    quote: str
    value: Decimal
    source: str
    on: dt.date | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Exchange rates and MCI values of a country."""

    mci: Mapping[int, Mci]
    fx: tuple[FxRate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """A converted sum with the rate used. `rule`: same_currency, dated_rate, year_average."""

    money: Money
    rule: str
    rate: FxRate | None = None


def mci_of(rates: Rates, year: int) -> Mci:
    """The MCI of `year` [tenge]; `NotKnown` when no verified value is carried."""
    found = rates.mci.get(year)
    if found is None or found.value is None:
        known = [value.year for value in rates.mci.values() if value.value is not None]
        note = f" ({found.note})" if found is not None and found.note else ""
        raise NotKnown(
            f"The MCI of {year} is not known{note}; years with a value: {listed(known)}. "
            f"Add it with its source to rates.yaml.",
            what="mci",
            year=year,
        )
    return found


def convert(money: Money, to: str, *, on: dt.date, rates: Rates) -> Converted:
    """`money` in currency `to` at the day `on`, rounded to cents (half to even).

    The rate of that day or the latest one at most 31 days older stands first; else the average of the year;
    else `NotKnown`.
    """
    if money.currency == to:
        return Converted(money=money, rule="same_currency")
    for rule, rate in (("dated_rate", _dated(rates, money.currency, to, on)), ("year_average", None)):
        if rule == "year_average":
            rate = _average(rates, money.currency, to, on.year)
        if rate is not None:
            factor = rate.value if rate.base == money.currency else 1 / rate.value
            amount = (money.amount * factor).quantize(CENT, rounding=ROUND_HALF_EVEN)
            return Converted(money=Money(amount, to), rule=rule, rate=rate)
    raise NotKnown(
        f"No rate {money.currency} to {to} for {on.isoformat()}: neither a dated one within "
        f"{DATED_RATE_MAX_AGE_DAYS} days before nor the average of {on.year}. Add one with its source to "
        "rates.yaml.",
        what="rate",
        day=on.isoformat(),
    )


def rate_before(one: str, other: str, *, on: dt.date, rates: Rates) -> tuple[str, FxRate] | None:
    """The rate `convert` would take, else the last one known before `on` however old; with its rule.

    Rules: dated_rate, year_average, older_rate. None when none is known before that day. For estimates only,
    which show the day of the rate beside the sum: a threshold of the law is never compared by an old rate.
    """
    dated, average = _dated(rates, one, other, on), _average(rates, one, other, on.year)
    if dated is not None:
        return "dated_rate", dated
    if average is not None:
        return "year_average", average
    older = [(_known_by(rate), rate) for rate in _pair(rates, one, other) if _known_by(rate) <= on]
    return ("older_rate", max(older, key=lambda pair: pair[0])[1]) if older else None


def _known_by(rate: FxRate) -> dt.date:
    """The day of a rate; an average stands at the end of its year."""
    return rate.on or dt.date(rate.year or dt.MAXYEAR, 12, 31)


def _pair(rates: Rates, one: str, other: str) -> list[FxRate]:
    return [rate for rate in rates.fx if {rate.base, rate.quote} == {one, other}]


def _dated(rates: Rates, one: str, other: str, on: dt.date) -> FxRate | None:
    oldest = on - dt.timedelta(days=DATED_RATE_MAX_AGE_DAYS)
    found = [(rate.on, rate) for rate in _pair(rates, one, other) if rate.on and oldest <= rate.on <= on]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _average(rates: Rates, one: str, other: str, year: int) -> FxRate | None:
    return next((rate for rate in _pair(rates, one, other) if rate.year == year), None)


def parse_rates(data: Mapping[str, Any], *, where: str) -> Rates:
    """Rates from their YAML form; `where` names the file in errors."""
    try:
        mci = {int(row["year"]): _mci(row) for row in data["mci"]}
        fx = tuple(_fx(row) for row in data["fx"])
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise BadLawFile(
            f"{where}: {error!r}; an mci row takes year, value, source, confidence; an fx row takes base, "
            "quote, "
            f"value, source and either day or year.",
            file=where,
        ) from error
    return Rates(mci=mci, fx=fx)


def _mci(row: Mapping[str, Any]) -> Mci:
    value = None if row["value"] is None else Decimal(str(row["value"]))
    return Mci(
        year=int(row["year"]),
        value=value,
        source=str(row["source"]),
        confidence=str(row["confidence"]),
        note=str(row.get("note", "")),
    )


def _fx(row: Mapping[str, Any]) -> FxRate:
    if ("day" in row) == ("year" in row):
        raise ValueError("either day or year")
    return FxRate(
        base=str(row["base"]),
        quote=str(row["quote"]),
        value=Decimal(str(row["value"])),
        source=str(row["source"]),
        on=row.get("day"),
        year=row.get("year"),
    )
