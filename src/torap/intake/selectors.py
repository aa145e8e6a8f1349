"""Reading what was loaded: the loads with their reports, and what the loaded rows carry in all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from torap.common.errors import NotFound
from torap.intake.models import FactsLoad, LoadedRow
from torap.intake.problems import Problem
from torap.intake.readers.rows import SECTIONS
from torap.intake.report import origin_counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """All rows loaded so far, whatever load they came with."""

    rows_by_section: dict[str, int]
    rows_by_file: dict[str, int]
    corrections: int
    origins_carried: int
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(self.rows_by_section.values())


def load_list() -> list[FactsLoad]:
    """All loads, newest first."""
    return list(FactsLoad.objects.order_by("-id"))


def load_get(load_id: int) -> FactsLoad:
    """One load; NotFound when there is none of that number."""
    found = FactsLoad.objects.filter(pk=load_id).first()
    if found is None:
        raise NotFound("not_found", entity="facts_load", id=load_id)
    return found


def load_problems(load: FactsLoad) -> list[Problem]:
    """The findings of a load, as they were."""
    return [Problem.from_dict(values) for values in load.report.get("problems", [])]


def carried() -> Carried:
    """Count what is loaded by section and file, and the entries of the collected material it carries."""
    rows = list(LoadedRow.objects.values("kind", "origin", "data", "file_name", "version").order_by("id"))
    sections = Counter(row["kind"] for row in rows)
    origins = origin_counts((row["kind"], row["origin"], row["data"]) for row in rows)
    return Carried(
        rows_by_section={name: sections[name] for name in SECTIONS if sections[name]},
        rows_by_file=dict(sorted(Counter(row["file_name"] for row in rows).items())),
        corrections=sum(
            row["version"] - 1 for row in rows if row["kind"] in ("claims", "promises", "reports")
        ),
        origins_carried=origins["carried"],
        left_out=origins["left_out"],
    )
