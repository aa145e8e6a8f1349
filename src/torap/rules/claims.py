"""Which of several claims is shown, and which of them contradict each other.

Pure rules over plain facts, written out in docs/engines/claims.md. Nothing here decides what is true: the
best claim is the one shown first, the others stay beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from torap.rules.errors import BadValue
from torap.rules.units import UNITS, convert, same_dimension

CONFIDENCES = ("high", "medium", "low")
SOURCE_CLASSES = ("act", "official", "company", "international", "press", "interested", "unknown")
QUALIFIERS = ("exact", "about", "nearly", "at_least", "more_than", "up_to")
DEFAULT_WINDOW_DAYS = 400
SAME_PERIOD_DAYS = 31  # two periods are one when both ends agree to a month
ABOUT = Decimal("0.1")  # "about" is read as a tenth either way, "nearly" as a tenth below
MORE_THAN_REACH = 2  # "more than 300" is not said of 700: it is read as up to double
CURRENCY_TOLERANCE = 0.15  # between currencies, whatever the dated rate

# (currency, wanted currency, day) -> units of the wanted one for one of the first; None when not known
Rate = Callable[[str, str, dt.date], Decimal | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFacts:
    """What the rules need to know of a claim. `low`/`high` in `unit`; dates as intervals."""

    key: str
    subject: str | int
    attribute: str
    said_from: dt.date
    said_to: dt.date
    nature: str = "observed"
    scope: str = ""
    qualifier: str = "exact"
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    text: str = ""
    about_from: dt.date | None = None
    about_to: dt.date | None = None
    said_by: str = ""
    publisher: str = ""
    source_class: str = "unknown"
    confidence: str = "medium"
    derived: bool = False
    corrected: bool = False
    invented: bool = False

    @property
    def dated(self) -> bool:
        """True when the period the value holds for was said."""
        return self.about_from is not None and self.about_to is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeFacts:
    """The row of the catalogue: `tolerance` relative, `window_days` in days, `unit` canonical."""

    code: str
    kind: str = "number"
    unit: str = ""
    tolerance: float = 0.02
    window_days: int = DEFAULT_WINDOW_DAYS


@dataclass(frozen=True, slots=True)
class Choice:
    """The best claim's index, and which step of the rule set it before the next best.

    Codes: only_claim, newer_period, observed_not_derived, confidence, source_class, newest, exactness, equal.
    """

    index: int
    reason_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Claims that cannot all hold. `members` are indices in order of value; `low`, `high` in `unit`.

    `kind`: `conflict` between bodies, `computed` where a figure computed from others stands against one said,
    `restated` by the same body. `relative_difference` is (high - low) /
    high; None, as are `low` and `high`, for words.
    """

    kind: str
    members: tuple[int, ...]
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    relative_difference: float | None = None


EVE_DAYS = 45  # a budget law of November or December fixes the rates of the next year

_STEPS = ("observed_not_derived", "confidence", "source_class", "newest", "exactness", "equal")
_Rank = tuple[bool, int, int, int, int, str]


def choose_best(claims: Sequence[ClaimFacts], *, window_days: int = DEFAULT_WINDOW_DAYS) -> Choice:
    """The claim to show first, whatever the order they come in; claims of an older state do not compete.

    An invented claim never competes with a real one.

    BadValue when there is no claim, or only corrected ones.
    """
    live = [index for index, claim in enumerate(claims) if not claim.corrected]
    if not live:
        raise BadValue("there is no uncorrected claim to choose from; give at least one.", count=len(claims))
    live = [index for index in live if not claims[index].invented] or live
    if len(live) == 1:
        return Choice(live[0], "only_claim")
    newest = max((claims[index] for index in live), key=_recency)
    current = [index for index in live if _competes(claims[index], newest, window_days)]
    ranked = sorted(current, key=lambda index: _rank(claims[index]))
    if len(ranked) == 1:
        return Choice(ranked[0], "newer_period")
    best, second = _rank(claims[ranked[0]]), _rank(claims[ranked[1]])
    step = next(
        name for name, one, other in zip(_STEPS, best, second, strict=True) if one != other or name == "equal"
    )
    return Choice(ranked[0], step)


def _recency(claim: ClaimFacts) -> tuple[dt.date, dt.date, dt.date, str]:
    return (claim.about_to or claim.said_to, claim.said_to, claim.about_from or claim.said_from, claim.key)


def _competes(claim: ClaimFacts, newest: ClaimFacts, window_days: int) -> bool:
    if claim.dated and newest.dated:
        return _overlap(claim, newest)
    return ((newest.about_to or newest.said_to) - (claim.about_to or claim.said_to)).days <= window_days


def _rank(claim: ClaimFacts) -> _Rank:
    return (
        claim.derived,
        _place(CONFIDENCES, claim.confidence),
        _place(SOURCE_CLASSES, claim.source_class),
        -claim.said_to.toordinal(),
        _place(QUALIFIERS, claim.qualifier),
        claim.key,
    )


def _place(order: Sequence[str], word: str) -> int:
    return order.index(word) if word in order else len(order)


def observed_too_early(begins: dt.date | None, said: dt.date) -> bool:
    """Whether nobody can have observed on the day `said` what begins on `begins`; a rate fixed on the eve of
    its year is no forecast."""
    return begins is not None and begins > said + dt.timedelta(days=EVE_DAYS)


def find_contradictions(
    claims: Sequence[ClaimFacts], attribute: AttributeFacts, *, rate: Rate | None = None
) -> list[Contradiction]:
    """Groups of claims about the same thing and time that differ by more than the tolerance.

    Only claims of one subject, scope, nature and reality (invented or not) are compared; `rate` opens
    comparison between currencies. A claim its own speaker restated later contradicts only that restatement.
    """
    if attribute.kind == "text":
        return []
    pairs: dict[str, list[tuple[int, int]]] = {"conflict": [], "computed": [], "restated": []}
    superseded: set[int] = set()
    live = [index for index, claim in enumerate(claims) if not claim.corrected]
    for one, other in combinations(live, 2):
        first, second = claims[one], claims[other]
        if not (_comparable(first, second, attribute) and _differ(first, second, attribute, rate)):
            continue
        kind = _kind(first, second)
        pairs[kind].append((one, other))
        if kind == "restated":
            superseded.add(one if first.said_to < second.said_to else other)
    for kind in ("conflict", "computed"):
        pairs[kind] = [pair for pair in pairs[kind] if not superseded & set(pair)]
    groups = [(kind, group) for kind, edges in pairs.items() for group in _components(edges)]
    return [_describe(kind, group, claims, attribute, rate) for kind, group in groups]


def _comparable(one: ClaimFacts, other: ClaimFacts, attribute: AttributeFacts) -> bool:
    def identity(claim: ClaimFacts) -> tuple[str | int, str, str, str, bool]:
        return claim.subject, claim.attribute, claim.scope, claim.nature, claim.invented

    return identity(one) == identity(other) and _same_time(one, other, attribute.window_days)


def _same_time(one: ClaimFacts, other: ClaimFacts, window_days: int) -> bool:
    if not one.dated and not other.dated:
        apart = max(one.said_from, other.said_from) - min(one.said_to, other.said_to)
        return apart.days <= window_days
    if one.dated and other.dated:
        return _overlap(one, other) and (_ends_agree(one, other) or _is_day(one) or _is_day(other))
    loose, dated = (other, one) if one.dated else (one, other)
    start, end = dated.about_from, dated.about_to
    return start is not None and end is not None and start <= loose.said_from and loose.said_to <= end


def _overlap(one: ClaimFacts, other: ClaimFacts) -> bool:
    if one.about_from is None or one.about_to is None or other.about_from is None or other.about_to is None:
        return False
    return one.about_from <= other.about_to and other.about_from <= one.about_to


def _ends_agree(one: ClaimFacts, other: ClaimFacts) -> bool:
    ends = ((one.about_from, other.about_from), (one.about_to, other.about_to))
    return all(a is not None and b is not None and abs((a - b).days) <= SAME_PERIOD_DAYS for a, b in ends)


def _is_day(claim: ClaimFacts) -> bool:
    return claim.about_from == claim.about_to


def _kind(one: ClaimFacts, other: ClaimFacts) -> str:
    if _restates(one, other):
        return "restated"
    return "computed" if one.derived != other.derived else "conflict"


def _restates(one: ClaimFacts, other: ClaimFacts) -> bool:
    """True when the same speaker (else the same publisher) said the two on different days."""
    if one.said_by and other.said_by:
        same = one.said_by == other.said_by
    else:
        same = bool(one.publisher) and one.publisher == other.publisher
    return same and (one.said_to < other.said_from or other.said_to < one.said_from)


def _differ(one: ClaimFacts, other: ClaimFacts, attribute: AttributeFacts, rate: Rate | None) -> bool:
    if attribute.kind == "category":
        return _word(one) != _word(other)
    first, second = _bounds(one, attribute, rate), _bounds(other, attribute, rate)
    if first is None or second is None:
        return False
    tolerance = attribute.tolerance
    if _currency(one.unit) != _currency(other.unit):
        tolerance = max(tolerance, CURRENCY_TOLERANCE)
    lower, upper = sorted((first, second), key=lambda bounds: bounds[0])
    if lower[1] is None or lower[1] >= upper[0]:
        return False
    return _relative(lower[1], upper[0]) > tolerance


def _relative(low: Decimal, high: Decimal) -> float:
    largest = max(abs(low), abs(high))
    return float((high - low) / largest) if largest else 0.0


def _bounds(
    claim: ClaimFacts, attribute: AttributeFacts, rate: Rate | None
) -> tuple[Decimal, Decimal | None] | None:
    """The values the words allow, in the attribute's unit; open above: None. None: not comparable."""
    ends = _ends(claim, attribute, rate)
    if ends is None:
        return None
    low, high = ends
    spread = {"about": (ABOUT, ABOUT), "nearly": (ABOUT, Decimal(0))}.get(claim.qualifier)
    if spread:
        return low - abs(low) * spread[0], high + abs(high) * spread[1]
    if claim.qualifier == "at_least":
        return low, None
    if claim.qualifier == "more_than":
        return low, high * MORE_THAN_REACH if high > 0 else None
    if claim.qualifier == "up_to":
        return min(Decimal(0), high), high
    return low, high


def _ends(claim: ClaimFacts, attribute: AttributeFacts, rate: Rate | None) -> tuple[Decimal, Decimal] | None:
    """(low, high) in the attribute's unit; money of another currency through the dated rate."""
    if claim.low is None:
        return None
    high = claim.high if claim.high is not None else claim.low
    target = attribute.unit or claim.unit
    if same_dimension(claim.unit, target):
        return convert(claim.low, claim.unit, target), convert(high, claim.unit, target)
    mine, wanted = _currency(claim.unit), _currency(target)
    factor = rate(mine, wanted, claim.about_to or claim.said_to) if rate and mine and wanted else None
    if factor is None:
        return None
    low, high = (convert(end, claim.unit, mine) * factor for end in (claim.low, high))
    return convert(low, wanted, target), convert(high, wanted, target)


def _currency(unit: str) -> str:
    return UNITS[unit].currency if unit in UNITS else ""


def _word(claim: ClaimFacts) -> str:
    return " ".join(claim.text.casefold().split())


def _components(edges: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Claims joined by a chain of contradictions, as one group each."""
    groups: list[set[int]] = []
    for edge in edges:
        touching = [group for group in groups if group & set(edge)]
        groups = [group for group in groups if group not in touching]
        groups.append(set(edge).union(*touching))
    return sorted(sorted(group) for group in groups)


def _describe(
    kind: str,
    group: Sequence[int],
    claims: Sequence[ClaimFacts],
    attribute: AttributeFacts,
    rate: Rate | None,
) -> Contradiction:
    if attribute.kind == "category":
        return Contradiction(kind=kind, members=tuple(sorted(group, key=lambda index: claims[index].key)))
    ends = {index: _ends(claims[index], attribute, rate) or (Decimal(0), Decimal(0)) for index in group}
    low, high = min(end[0] for end in ends.values()), max(end[1] for end in ends.values())
    return Contradiction(
        kind=kind,
        members=tuple(sorted(group, key=lambda index: (ends[index], claims[index].key))),
        low=low,
        high=high,
        unit=attribute.unit or claims[group[0]].unit,
        relative_difference=_relative(low, high),
    )
