"""Evidence is offered by one body and judged by another; a file is known by its hash."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.utils import timezone

from torap.common.errors import BadInput, NotAllowed, NotFound
from torap.common.models import User
from torap.common.permissions import grants_of, require
from torap.delivery.models import Evidence, Instruction, Milestone, Verification
from torap.delivery.services import writing
from torap.ledger import services as ledger
from torap.ledger.records import state_of

# What a browser would run, or a person could not open, is not evidence.
FILE_ENDINGS = frozenset(
    [
        "pdf",
        "jpg",
        "jpeg",
        "png",
        "webp",
        "tif",
        "tiff",
        "heic",
        "mp4",
        "mov",
        "docx",
        "xlsx",
        "odt",
        "ods",
        "csv",
        "txt",
        "xml",
        "json",
        "zip",
        "asice",
        "p7s",
    ]
)


def evidence_add(
    *,
    by: User,
    type: str,
    shows_on: dt.date,
    title: str,
    given_by: str,
    milestone: str | None = None,
    instruction: str | None = None,
    url: str = "",
    file: File | None = None,  # type: ignore[type-arg]
    lat: float | None = None,
    lon: float | None = None,
    invented: bool = False,
) -> Evidence:
    """Offer evidence for a milestone or an instruction (one code). `shows_on`: the day whose state it shows.

    `given_by`: code of the body that gives it. A file, an address, or both.
    """
    target, owner = _owner(milestone, instruction)
    giver = writing.required(Evidence, "given_by", given_by)
    require(by, "evidence.add", organisations=[giver.code])
    _check(file, url, shows_on)
    values: dict[str, Any] = {
        **owner,
        "type": writing.choice(type, Evidence.Type.values, field="type"),
        "shows_on": shows_on,
        "title": writing.text(title, field="title"),
        "url": url.strip(),
        "given_by": giver,
        "lat": lat,
        "lon": lon,
        "invented": invented or writing.any_invented(giver, *owner.values()),
    }
    if file is not None:
        values["file_name"] = PurePath(file.name or "").name
        values["sha256"] = file_sha256(file)
    evidence = Evidence(**values, recorded_by=by.username)
    writing.check(evidence)
    try:
        with writing.writing():
            if file is not None:
                ending = PurePath(values["file_name"]).suffix.lower()
                evidence.file.save(f"{values['sha256'][:20]}{ending}", file, save=False)
            evidence.save()
            ledger.record("evidence.added", by=by, target=target, after=state_of(evidence))
    except BaseException:
        if evidence.file.name:  # the database forgot the row: the folder must not keep the file
            evidence.file.storage.delete(evidence.file.name)
        raise
    return evidence


def evidence_verify(
    *, by: User, evidence: int, verdict: str, organisation: str, note: str = ""
) -> Verification:
    """Record what another body (code) found on looking at the evidence (id). A rejection says why.

    A verifier speaks for the body the role was given for, never on what an own body gave.
    """
    body = writing.required(Verification, "organisation", organisation)
    require(by, "evidence.verify", organisations=[body.code])
    item = Evidence.objects.select_related("given_by", "milestone", "instruction").filter(pk=evidence).first()
    if item is None:
        raise NotFound("not_found", field="evidence", entity="evidence", value=evidence)
    writing.choice(verdict, Verification.Verdict.values, field="verdict")
    if item.given_by is None:
        raise BadInput("giver_not_known", field="evidence", value=evidence)
    if item.given_by.code == body.code:
        raise BadInput("verified_by_giver", field="organisation", organisation=body.code)
    if item.given_by.code in {code for _role, code in grants_of(by)}:
        raise NotAllowed("not_allowed", action="evidence.verify", organisations=body.code)
    if verdict == Verification.Verdict.REJECTED and not note.strip():
        raise BadInput("missing", field="note")
    values = {"evidence": item, "verdict": verdict, "organisation": body, "note": note.strip()}
    with writing.writing():
        return writing.append(
            Verification, by=by, kind="evidence.verified", target=_target(item), values=values
        )


def file_sha256(file: File) -> str:  # type: ignore[type-arg]
    """SHA-256 of a file's content, read in blocks; the file is left at its start."""
    digest = hashlib.sha256()
    file.seek(0)
    for block in file.chunks():
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()


def _owner(milestone: str | None, instruction: str | None) -> tuple[str, dict[str, Any]]:
    if bool(milestone) == bool(instruction):
        raise BadInput("one_of", field="milestone", other="instruction")
    if milestone:
        return f"milestone:{milestone}", {"milestone": writing.get(Milestone, code=milestone)}
    return f"instruction:{instruction}", {"instruction": writing.get(Instruction, code=str(instruction))}


def _target(item: Evidence) -> str:
    if item.milestone is not None:
        return f"milestone:{item.milestone.code}"
    return f"instruction:{item.instruction.code if item.instruction else ''}"


def _check(file: File | None, url: str, shows_on: dt.date) -> None:  # type: ignore[type-arg]
    if shows_on > timezone.localdate():
        raise BadInput("in_the_future", field="shows_on", day=shows_on)
    if file is None and not url.strip():
        raise BadInput("one_of", field="file", other="url")
    if url.strip() and not url.strip().startswith(("https://", "http://")):
        raise BadInput("bad_address", field="url", url=url)
    if file is None:
        return
    ending = PurePath(file.name or "").suffix.lower().lstrip(".")
    if ending not in FILE_ENDINGS:
        raise BadInput("bad_file_type", field="file", ending=ending, allowed=", ".join(sorted(FILE_ENDINGS)))
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if file.size > limit:
        raise BadInput("file_too_large", field="file", size=file.size, limit=limit)
    if not file.size:
        raise BadInput("file_empty", field="file")
