"""A baseline freezes every promise in force, with a hash of its content; the database refuses to change
it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from torap.common.errors import Conflict
from torap.common.models import User
from torap.common.permissions import require
from torap.delivery.models import Baseline
from torap.delivery.selectors.baselines import baseline_content, content_sha256
from torap.delivery.services import writing
from torap.ledger.records import state_of
from torap.ledger.services import record
from torap.rules.known import AsKnown


def baseline_take(
    *, by: User, code: str, title: str, decision: str = "", taken_on: dt.date | None = None
) -> Baseline:
    """Freeze the promises in force on `taken_on` (today). `decision`: what the baseline rests on."""
    require(by, "baseline.take")
    code = writing.text(code, field="code")
    day = taken_on or timezone.localdate()
    with transaction.atomic():
        if Baseline.objects.filter(code=code).exists():
            raise Conflict("already_there", field="code", key=code)
        content = baseline_content(AsKnown(day))
        values = {
            "code": code,
            "title": writing.text(title, field="title"),
            "taken_on": day,
            "decision": decision.strip(),
            "sha256": content_sha256(content),
        }
        baseline = Baseline.objects.create(**values, content=content, recorded_by=by.username)
        after = {**state_of(baseline), "milestones": len(content["milestones"])}
        record("baseline.taken", by=by, target=f"baseline:{code}", after=after)
    return baseline
