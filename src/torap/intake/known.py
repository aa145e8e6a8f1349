"""What rows may lean on that stands in no file of the load: a frozen summary of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from torap.intake.readers.rows import SUBJECT_SECTIONS
from torap.intake.readers.values import Interval

SUBJECTS = "subjects"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeFact:
    """The shape and canonical unit of an attribute."""

    kind: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherFact:
    """Name and class of a publisher, and the web domains that are its own."""

    name: str
    source_class: str
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Codes by section, and what checks need of attributes, indicators, publishers and sources."""

    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    attributes: Mapping[str, AttributeFact] = field(default_factory=dict)
    indicator_units: Mapping[str, str] = field(default_factory=dict)
    publishers: Mapping[str, PublisherFact] = field(default_factory=dict)
    published: Mapping[str, Interval] = field(default_factory=dict)

    def has(self, section: str, code: str) -> bool:
        """True when the database holds a row of the section (for `subjects`: any subject) with that code."""
        sections = SUBJECT_SECTIONS if section == SUBJECTS else (section,)
        return any(code in self.codes.get(name, frozenset()) for name in sections)

    def all_codes(self, section: str) -> set[str]:
        """Every code a reference to the section may name."""
        sections = SUBJECT_SECTIONS if section == SUBJECTS else (section,)
        return set().union(*(self.codes.get(name, frozenset()) for name in sections))
