"""The words and shapes of an invented network (`countries/<cc>/invented/network.yaml`), and its size."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torap.countries import DEFAULT, load_yaml
from torap.countries.invention.luck import Luck
from torap.engines.errors import EngineInputError

LANGUAGES = ("en", "ru", "kk")
PROJECTS_AT_MOST = 5_000
ACTIVITIES = (5, 500)
Texts = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is made, and from which seed."""

    projects: int = 1_000
    activities: int = 50
    links: int = 6_000
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse sizes that make no sense, with the limits."""
        if not 1 <= self.projects <= PROJECTS_AT_MOST:
            raise _out_of_range("projects", self.projects, 1, PROJECTS_AT_MOST)
        if not ACTIVITIES[0] <= self.activities <= ACTIVITIES[1]:
            raise _out_of_range("activities", self.activities, *ACTIVITIES)
        if self.links < 0:
            raise _out_of_range("links", self.links, 0, None)


def _out_of_range(name: str, value: int, low: int, high: int | None) -> EngineInputError:
    return EngineInputError("size_out_of_range", where=name, value=value, low=low, high=high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a country gives for its invented network, with the size asked for."""

    words: Mapping[str, Any]
    size: Size
    luck: Luck

    @property
    def as_of(self) -> dt.date:
        """The last day on which an invented thing was said."""
        day: dt.date = self.words["as_of"]
        return day

    def told(self, day: dt.date) -> dt.date:
        """When something of `day` was said: in the report of its month, at the end of it."""
        end = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
        return min(end, self.as_of) if day <= self.as_of else end

    @property
    def regions(self) -> list[str]:
        """Codes of the real regions the places lie in."""
        return sorted(self.words["regions"])

    @property
    def place_count(self) -> int:
        """One place for five projects, at least two."""
        return max(2, self.size.projects // 5)

    @property
    def ministry_count(self) -> int:
        """Ministries that answer for projects."""
        return 5

    @property
    def contractor_count(self) -> int:
        """Contractors shared by projects."""
        return max(2, self.size.projects // 20)

    def named(self, number: int, words: Texts, width: int = 3) -> Texts:
        """`Example 007: logistics park` in every language."""
        label = self.words["label"]
        return {lang: f"{label[lang]} {number:0{width}d}: {words[lang]}" for lang in LANGUAGES}


def load_shape(size: Size, country: str = DEFAULT) -> Shape:
    """The shape of a country's invented network."""
    return Shape(words=load_yaml(country, "invented", "network.yaml"), size=size, luck=Luck(size.seed))
