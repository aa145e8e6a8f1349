"""Tells what a schedule file is and reads it: our own JSON, Microsoft Project XML, Primavera XER."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from torap.engines.schedule.plan import Plan
from torap.engines.schedule.uncertain import RiskPlan
from torap.intake.schedules.constraints import judge_constraints, refuse_loose, tell_impossible
from torap.intake.schedules.encodings import sniff, text_of
from torap.intake.schedules.json_fields import loaded
from torap.intake.schedules.losses import Loss, Losses, ScheduleFileError
from torap.intake.schedules.mspdi import parse_mspdi, plan_of_mspdi, rows_of
from torap.intake.schedules.own_json import convention_of, plan_of_data
from torap.intake.schedules.own_json_risk import risk_plan_of_data
from torap.intake.schedules.xer import lines_of, plan_of_xer
from torap.intake.schedules.xer_around import project_keys
from torap.intake.schedules.xer_tables import parse_xer

LIMIT_BYTES = 128 * 1024 * 1024
# Which convention a file was made by.
PROFILE_OF = {"mspdi": "msproject", "xer": "p6", "json": "torap"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSchedule:
    """A plan, what is uncertain about it, the format it came in, the convention of the program that wrote
    it, and what was lost. Only our own format says what is uncertain. `rows`: where in the file each activity
    stands, by its id; those it does not name stand in the order of the plan.
    """

    risk: RiskPlan
    format: str
    profile: str
    losses: tuple[Loss, ...]
    rows: Mapping[str, str] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        """The plan without its uncertainty."""
        return self.risk.plan


def read_schedule(path: Path, *, project: str = "") -> ReadSchedule:
    """Read a file whole. ScheduleFileError names what is wrong and where; nothing is half read.

    Never more than LIMIT_BYTES are taken into memory, whatever a pipe or a device goes on to give.
    """
    return read_bytes(_whole(path), name=_shown(path), project=project)


def _whole(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LIMIT_BYTES:
            raise _too_large(path, size)
        with path.open("rb") as file:
            data = file.read(LIMIT_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is no name of a file"
        raise ScheduleFileError("cannot_open", where=_shown(path), params={"reason": reason}) from None
    if len(data) > LIMIT_BYTES:
        raise _too_large(path, len(data))
    return data


def read_projects(path: Path) -> list[ReadSchedule]:
    """Every project of a file that has activities; a file that holds one project gives one."""
    data = _whole(path)
    kind, encoding, mark = sniff(data, _shown(path)) if data.strip() else ("", "", 0)
    if kind != "xer":
        return [read_bytes(data, name=_shown(path))]
    text = text_of(data, kind=kind, encoding=encoding, mark=mark, name=_shown(path), losses=Losses())
    keys = project_keys(parse_xer(text))
    return [read_bytes(data, name=_shown(path), project=key) for key in keys or [""]]


def _shown(path: Path) -> str:
    """The name of a file as a terminal can show it."""
    name = path.name or str(path)
    return "".join(letter if letter.isprintable() else "?" for letter in name)


def _too_large(path: Path, size: int) -> ScheduleFileError:
    params = {"size_mb": size // 2**20, "limit_mb": LIMIT_BYTES // 2**20}
    return ScheduleFileError("too_large", where=_shown(path), params=params)


def read_bytes(data: bytes, *, name: str = "", project: str = "") -> ReadSchedule:
    """Read what a file holds; `name` is only told in errors."""
    kind, encoding, mark = _kind(data, name)
    if kind == "json":
        return _asked_for(read_fields(_fields(data, encoding, mark, name)), project)
    losses = Losses()
    if kind == "mspdi":
        root = parse_mspdi(data, encoding)
        risk, rows = RiskPlan(plan=plan_of_mspdi(root, losses)), rows_of(root)
    else:
        text = text_of(data, kind=kind, encoding=encoding, mark=mark, name=name, losses=losses)
        tables = parse_xer(text)
        risk = RiskPlan(plan=plan_of_xer(tables, losses, project=project))
        rows = lines_of(tables, project=project)
    tell_impossible(risk.plan, losses, rows)
    read = ReadSchedule(risk=risk, format=kind, profile=PROFILE_OF[kind], losses=tuple(losses), rows=rows)
    return read if kind == "xer" else _asked_for(read, project)


def _asked_for(read: ReadSchedule, project: str) -> ReadSchedule:
    """The plan of a file that holds only one; ScheduleFileError where another was asked for by its name."""
    if project and project != read.plan.name:
        params = {"wanted": project[:80], "projects": read.plan.name[:80] or "—"}
        raise ScheduleFileError("one_project", where="--project", params=params)
    return read


def fields_or_plan(path: Path, *, large: int, project: str = "") -> Mapping[str, Any] | ReadSchedule:
    """As `read_schedule`, but of a file of our own format from `large` bytes on only its fields, parsed."""
    data, name = _whole(path), _shown(path)
    if len(data) >= large:
        kind, encoding, mark = _kind(data, name)
        if kind == "json" and not project:
            return _fields(data, encoding, mark, name)
    return read_bytes(data, name=name, project=project)


def read_fields(fields: Mapping[str, Any]) -> ReadSchedule:
    """Read the fields of a file of our own format."""
    losses = Losses()
    risk = risk_plan_of_data(fields, plan_of_data(fields), losses)
    profile = convention_of(fields)
    refuse_loose(risk.plan)
    judge_constraints(risk.plan, profile or PROFILE_OF["json"], losses)
    return ReadSchedule(risk=risk, format="json", profile=profile or PROFILE_OF["json"], losses=tuple(losses))


def _kind(data: bytes, name: str) -> tuple[str, str, int]:
    """The format of a file that is not empty, its encoding and the length of its mark."""
    if not data.strip():
        raise ScheduleFileError("empty", where=name)
    return sniff(data, name)


def _fields(data: bytes, encoding: str, mark: int, name: str) -> Mapping[str, Any]:
    return loaded(text_of(data, kind="json", encoding=encoding, mark=mark, name=name, losses=Losses()))
