"""Loads the invented national network of a country: its facts files, and the schedules
of its projects, each through the services every other entry goes through. Loading it again changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.utils import timezone

from torap.common.errors import BadInput, Conflict
from torap.common.models import Role, User
from torap.common.permissions import acting_with, require
from torap.countries import country_path
from torap.countries.invention.facts import facts_files
from torap.countries.invention.links import givers
from torap.countries.invention.schedules import ScheduleFile, schedule_files
from torap.countries.invention.shape import Shape, Size, load_shape
from torap.delivery import selectors as delivery_rows
from torap.delivery import services as delivery
from torap.intake.schedules.files import read_bytes
from torap.intake.services import facts_apply
from torap.registry import selectors as registry
from torap.rules.known import AsKnown

THERE = frozenset({"already_there", "schedule_there_already"})
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedLoad:
    """What stands after a load: rows of the files, and how many schedules were new."""

    rows: int
    refused: int
    schedules: int
    schedules_new: int


def invented_shape(size: Size, country: str) -> Shape:
    """The shape of a country's invented network; BadInput where the country has none."""
    if not country_path(country).joinpath("invented", "network.yaml").is_file():
        raise BadInput("no_invented_network", field="country", value=country)
    return load_shape(size, country)


def invented_load(*, by: User, size: Size, country: str, progress: Progress | None = None) -> InventedLoad:
    """Load the invented network of that size. It needs the regions of the country: load its facts first."""
    require(by, "facts.load")
    shape, hear = invented_shape(size, country), progress or _silent
    lacking = sorted(set(shape.regions) - {row.code for row in registry.region_list()})
    if lacking:
        raise BadInput("regions_missing", field="regions", value=", ".join(lacking))
    rows = list(schedule_files(shape, dict(givers(shape))))
    _refuse_another(rows)
    files = facts_files(shape)
    load = facts_apply(by=by, files=files, progress=lambda done, total: hear("facts", done, total))
    totals = load.report["totals"]
    writer = acting_with(by, [(Role.COORDINATOR.value, "")])
    schedules, schedules_new = _schedules(writer, shape, rows, hear)
    return InventedLoad(
        rows=int(totals["in_files"]),
        refused=int(totals["refused"]),
        schedules=schedules,
        schedules_new=schedules_new,
    )


def invented_files(size: Size, country: str) -> Iterator[tuple[str, bytes]]:
    """The facts files and schedules `invented_load` loads, by name."""
    shape = invented_shape(size, country)
    yield from facts_files(shape)
    for row in schedule_files(shape, dict(givers(shape))):
        yield f"schedules/{row.name}", row.content


def _refuse_another(rows: Iterable[ScheduleFile]) -> None:
    """Conflict where an invented network of another seed or shape is loaded: half of each would be neither.
    The schedules that are there are compared file by file."""
    known = AsKnown(timezone.localdate())
    there = {one.key: one.sha256 for one in delivery_rows.schedule_list("", known) if one.invented}
    for row in rows:
        found = there.get(_key(row))
        if found is not None and found != hashlib.sha256(row.content).hexdigest():
            raise Conflict("another_network", field="seed", value=row.milestone)


def _key(row: ScheduleFile) -> str:
    return f"invented:{row.milestone}"


def _schedules(by: User, shape: Shape, rows: Sequence[ScheduleFile], hear: Progress) -> tuple[int, int]:
    made = 0
    for number, row in enumerate(rows, start=1):
        made += _attach(by, shape, row)
        hear("schedules", number, len(rows))
    return len(rows), made


def _attach(by: User, shape: Shape, row: ScheduleFile) -> int:
    read = read_bytes(row.content, name=row.name)
    try:
        delivery.schedule_attach(
            by=by,
            milestone=row.milestone,
            plan=read.plan,
            file=row.content,
            file_name=row.name,
            format=read.format,
            profile=read.profile,
            finish_activity=row.finish,
            said=shape.as_of,
            losses=[asdict(loss) for loss in read.losses],
            given_by=row.body,
            key=_key(row),
            invented=True,
        )
    except Conflict as error:
        if error.code not in THERE:
            raise
        return 0  # of this very content: another one was refused before anything was written
    return 1


def _silent(what: str, done: int, total: int) -> None:
    """Nobody listens."""


def write_files(folder: Path, size: Size, country: str) -> int:
    """Write the files into a folder; returns how many."""
    count = 0
    for name, content in invented_files(size, country):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        count += 1
    return count
