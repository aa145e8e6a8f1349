"""Chance that is a function of what it is for: the same seed and words give the same number everywhere."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TypeVar

Thing = TypeVar("Thing")
_NORMAL = NormalDist()
_WHOLE = 2**64


@dataclass(frozen=True, slots=True)
class Luck:
    """Numbers by seed and words."""

    seed: int

    def share(self, *words: object) -> float:
        """A number inside (0, 1), even."""
        text = "\x1f".join(str(word) for word in (self.seed, *words))
        drawn = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
        return (drawn + 0.5) / (_WHOLE + 1)

    def between(self, low: float, high: float, *words: object) -> float:
        """A number between two, even."""
        return low + (high - low) * self.share(*words)

    def whole(self, low: int, high: int, *words: object) -> int:
        """A whole number from `low` to `high`, both possible."""
        return low + int(self.share(*words) * (high - low + 1))

    def about(self, median: float, spread: float, *words: object) -> float:
        """A lognormal number; `spread` is the standard deviation of the logarithm."""
        return median * math.exp(spread * _NORMAL.inv_cdf(self.share(*words)))

    def pick(self, things: Sequence[Thing], *words: object) -> Thing:
        """One of several things, each as likely."""
        return things[self.whole(0, len(things) - 1, *words)]

    def chance(self, probability: float, *words: object) -> bool:
        """Whether something of that probability happens."""
        return self.share(*words) < probability
