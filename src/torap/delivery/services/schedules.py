"""Schedules of the people who do the work, hung below milestones. A newer one takes its place; all stay."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile

from torap.common.errors import BadInput, Conflict
from torap.common.models import User
from torap.delivery.models import AttachedSchedule, Milestone
from torap.delivery.plans import risk_content_of
from torap.delivery.services import writing
from torap.delivery.services.writing import Days
from torap.engines.errors import EngineInputError
from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Kind, Plan
from torap.engines.schedule.profiles import PROFILES
from torap.engines.schedule.uncertain import RiskPlan
from torap.engines.schedule.worktime import moment
from torap.ledger.chain import sha256_of

SCHEDULE_ENDINGS = frozenset({"json", "xml", "xer"})


def schedule_attach(
    *,
    by: User,
    milestone: str,
    plan: Plan | RiskPlan,
    file: bytes,
    file_name: str,
    format: str,
    profile: str,
    finish_activity: str,
    said: Days,
    losses: Sequence[Mapping[str, Any]] = (),
    assumed: Mapping[str, Any] | None = None,
    name: str = "",
    given_by: str | None = None,
    said_by: str = "",
    said_note: str = "",
    key: str | None = None,
    invented: bool = False,
) -> AttachedSchedule:
    """Attach `plan`, read from `file`, to a milestone (code). `finish_activity`: the activity whose finish
    stands for the milestone. `assumed`: what was supposed of its uncertainty where the file is silent, and of
    how many activities.

    A coordinator attaches it, or the body that holds the milestone. What cannot be scheduled is refused; the
    file is kept as it came, and goes with the row when the writing fails.
    """
    owner = writing.get(Milestone, code=milestone)
    bodies = [owner.holder] if owner.holder is not None else []
    writing.allow(by, "schedule.attach", subject=None if bodies else owner.subject, bodies=bodies)
    giver = writing.related(AttachedSchedule, "given_by", given_by)
    risk = plan if isinstance(plan, RiskPlan) else RiskPlan(plan=plan)
    finish_name = _checked(risk.plan, profile, finish_activity, file, file_name)
    content = risk_content_of(risk)
    values = {
        **writing.said_fields(said, said_by, said_note),
        "milestone": owner,
        "name": (name or risk.plan.name)[:300],
        "format": format,
        "profile": profile,
        "data_date": moment(risk.plan.data_date).date() if risk.plan.data_date is not None else None,
        "finish_activity": finish_activity,
        "finish_name": finish_name[:400],
        "activities": len(risk.plan.activities),
        "losses": [dict(row) for row in losses],
        "assumed": dict(assumed or {}),
        "content": content,
        "content_sha256": sha256_of(content),
        "file_name": PurePath(file_name).name[:255],
        "sha256": hashlib.sha256(file).hexdigest(),
        "given_by": giver,
        "invented": invented or writing.any_invented(owner, giver),
    }
    row = AttachedSchedule(recorded_by=by.username)
    try:
        with writing.writing():
            values["key"] = writing.new_key(AttachedSchedule, key, milestone)
            _refuse_again(owner, values)
            ending = PurePath(file_name).suffix.lower()
            row.file.save(f"{values['sha256'][:20]}{ending}", ContentFile(file), save=False)
            return writing.append(
                AttachedSchedule,
                by=by,
                kind="schedule.attached",
                target=f"milestone:{milestone}",
                values={**values, "file": row.file},
            )
    except BaseException:
        if row.file.name:  # the database forgot the row: the folder must not keep the file
            row.file.storage.delete(row.file.name)
        raise


def _checked(plan: Plan, profile: str, finish_activity: str, file: bytes, file_name: str) -> str:
    """Refuse what cannot be kept or scheduled; returns the name of the activity that stands for the
    milestone."""
    ending = PurePath(file_name).suffix.lower().lstrip(".")
    if ending not in SCHEDULE_ENDINGS:
        raise BadInput(
            "bad_file_type", field="file", ending=ending, allowed=", ".join(sorted(SCHEDULE_ENDINGS))
        )
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if len(file) > limit:
        raise BadInput("file_too_large", field="file", size=len(file), limit=limit)
    if not file:
        raise BadInput("file_empty", field="file")
    writing.choice(profile, PROFILES, field="profile")
    found = next((row for row in plan.activities if row.id == finish_activity), None)
    if found is None or found.kind == Kind.SUMMARY or not found.active:
        raise BadInput("no_such_activity", field="finish_activity", value=finish_activity)
    try:
        schedule(plan, profile=profile)
    except EngineInputError as error:
        raise BadInput("cannot_be_scheduled", field="file", where=error.where, reason=error.code) from error
    return found.name


def _refuse_again(owner: Milestone, values: Mapping[str, Any]) -> None:
    """Conflict when the newest schedule of the milestone is this very file, read in the same way."""
    newest = (
        AttachedSchedule.objects.filter(milestone=owner, invented=values["invented"])
        .order_by("-said_to", "-pk")
        .first()
    )
    same = ("sha256", "profile", "finish_activity")
    if newest is not None and all(getattr(newest, name) == values[name] for name in same):
        raise Conflict("schedule_there_already", field="file", value=values["file_name"])
