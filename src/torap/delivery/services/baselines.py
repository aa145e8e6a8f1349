"""A baseline freezes every promise in force, with a hash of its content; the database refuses to change
it."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from torap.common.errors import BadInput, Conflict
from torap.common.models import User
from torap.common.permissions import require
from torap.delivery.models import Baseline
from torap.delivery.selectors.baselines import baseline_content, content_sha256
from torap.delivery.services import writing
from torap.ledger.records import state_of
from torap.ledger.services import record
from torap.rules.known import CLOCKS, AsKnown, Clock


def baseline_take(
    *,
    by: User,
    code: str,
    title: str,
    decision: str = "",
    taken_on: dt.date | None = None,
    clock: Clock = "said",
) -> Baseline:
    """Freeze the promises in force as known on `taken_on` (today) by one of the two clocks.

    `decision`: what the baseline rests on. BadInput for a day that has not come.
    """
    require(by, "baseline.take")
    code = writing.text(code, field="code")
    writing.choice(clock, CLOCKS, field="clock")
    day = taken_on or timezone.localdate()
    if day > timezone.localdate():
        raise BadInput("in_the_future", field="taken_on", day=day)
    with writing.writing():
        if Baseline.objects.filter(code=code).exists():
            raise Conflict("already_there", field="code", key=code)
        content = baseline_content(AsKnown(day, clock))
        values = {
            "code": code,
            "title": writing.text(title, field="title"),
            "taken_on": day,
            "decision": decision.strip(),
            "sha256": content_sha256(content),
        }
        baseline = Baseline(**values, content=content, recorded_by=by.username)
        writing.check(baseline)
        baseline.save(force_insert=True)
        after = {**state_of(baseline), "clock": clock, "milestones": len(content["milestones"])}
        record("baseline.taken", by=by, target=f"baseline:{code}", after=after)
    return baseline
