"""Names and rows of the file for the activities that the engine names by their ids alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from torap.engines.errors import EngineInputError
from torap.engines.schedule.plan import Plan, shortened
from torap.intake.schedules.files import ReadSchedule
from torap.intake.schedules.labels import labels

ARROW = " -> "


@contextmanager
def naming(read: ReadSchedule) -> Iterator[None]:
    """Let an EngineInputError say the name of each activity and where it stands in the file."""
    try:
        yield
    except EngineInputError as error:
        raise named(error, read.plan, read.rows) from None


def named(error: EngineInputError, plan: Plan, rows: Mapping[str, str]) -> EngineInputError:
    """The same error; "7" becomes "7 (Quay wall, row 9)". What is no activity stays as it is."""
    known = labels(plan, rows)
    loop = error.params.get("loop")
    names = shortened([*loop, loop[0]]) if loop else error.where.split(ARROW)
    where = ARROW.join(known.get(name, name) for name in names)
    params = {
        key: known.get(value, value) if key in {"activity", "parent"} and isinstance(value, str) else value
        for key, value in error.params.items()
    }
    return EngineInputError(error.code, where=where, **params)


__all__ = ["named", "naming"]
