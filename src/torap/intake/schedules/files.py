"""Tells what a schedule file is and reads it: our own JSON, Microsoft Project XML, Primavera XER."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from torap.engines.schedule.plan import Plan
from torap.intake.schedules.losses import Loss, Losses, ScheduleFileError
from torap.intake.schedules.mspdi import parse_mspdi, plan_of_mspdi
from torap.intake.schedules.own_json import plan_of_json
from torap.intake.schedules.xer import plan_of_xer
from torap.intake.schedules.xer_tables import parse_xer

LIMIT_BYTES = 128 * 1024 * 1024
# Which convention a file was made by.
PROFILE_OF = {"mspdi": "msproject", "xer": "p6", "json": "torap"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSchedule:
    """A plan, the format it came in, the convention of the program that wrote it, and what it lost."""

    plan: Plan
    format: str
    profile: str
    losses: tuple[Loss, ...]


def read_schedule(path: Path, *, project: str = "") -> ReadSchedule:
    """Read a file whole. ScheduleFileError names what is wrong and where; nothing is half read."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise ScheduleFileError(
            "cannot_open", where=str(path), params={"reason": error.strerror or ""}
        ) from None
    if size > LIMIT_BYTES:
        params = {"size_mb": size // 2**20, "limit_mb": LIMIT_BYTES // 2**20}
        raise ScheduleFileError("too_large", where=path.name, params=params)
    return read_bytes(path.read_bytes(), name=path.name, project=project)


def read_bytes(data: bytes, *, name: str = "", project: str = "") -> ReadSchedule:
    """Read what a file holds; `name` is only told in errors."""
    losses = Losses()
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:200]
    if not head:
        raise ScheduleFileError("empty", where=name)
    if head.startswith(b"ERMHDR") or data[:2] in {b"\xff\xfe", b"\xfe\xff"} and b"E\0R\0M" in data[:40]:
        kind, plan = "xer", plan_of_xer(parse_xer(_text(data, name)), losses, project=project)
    elif head.startswith(b"<") or b"<\0?\0x" in data[:20]:
        kind, plan = "mspdi", plan_of_mspdi(parse_mspdi(data), losses)
    elif head.startswith((b"{", b"[")):
        kind, plan = "json", plan_of_json(_text(data, name), losses)
    else:
        raise ScheduleFileError("unknown_format", where=name, params={"begins": head[:20].decode("latin-1")})
    return ReadSchedule(plan=plan, format=kind, profile=PROFILE_OF[kind], losses=tuple(losses))


def _text(data: bytes, name: str) -> str:
    """Bytes as text: UTF-8 or UTF-16 with its mark; Primavera's older files are in the Windows code page."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encodings: tuple[str, ...] = ("utf-16",)
    elif data.startswith(b"ERMHDR"):
        encodings = ("utf-8", "cp1252", "latin-1")
    else:
        encodings = ("utf-8-sig",)
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            last = error
    raise ScheduleFileError("wrong_encoding", where=name, params={"byte": last.start, "reason": last.reason})
