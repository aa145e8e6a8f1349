"""Writes about milestones: the milestone itself, promises, corrections of promises, reports."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction

from torap.common.errors import BadInput, Conflict
from torap.common.models import User
from torap.delivery.models import Milestone, Promise, SaidState, StatusReport
from torap.delivery.services import writing
from torap.delivery.services.writing import Days, Texts, days, texts
from torap.ledger import services as ledger
from torap.rules.intervals import BadPeriod, parse_period


def milestone_save(
    *,
    by: User,
    code: str,
    subject: str,
    name: Texts,
    type: str = Milestone.Type.OTHER,
    holder: str | None = None,
    invented: bool = False,
) -> Milestone:
    """Create the milestone `code` of a subject (code), or change it. `holder`: code of the body that owes
    it."""
    about = writing.required(Milestone, "subject", subject)
    body = writing.related(Milestone, "holder", holder)
    values = {
        "subject": about,
        **texts("name", name, required=True),
        "type": writing.choice(type, Milestone.Type.values, field="type"),
        "holder": body,
        "invented": invented or writing.any_invented(about, body),
    }
    code = writing.text(code, field="code")
    writing.allow(by, "milestone.add", subject=about, bodies=[body])
    with transaction.atomic():
        milestone, _ = writing.save_named(Milestone, by=by, entity="milestone", code=code, values=values)
    return milestone


def promise_add(
    *,
    by: User,
    milestone: str,
    as_said: str,
    source: str,
    said: Days,
    said_by: str = "",
    said_note: str = "",
    earliest: dt.date | None = None,
    latest: dt.date | None = None,
    yardstick: bool = True,
    reason: Texts | None = None,
    note: Texts | None = None,
    key: str | None = None,
    corrects: str | None = None,
    invented: bool = False,
) -> Promise:
    """Add a promised date or period to a milestone (code). Without `latest` the words `as_said` are read.

    `corrects`: key of the promise this one puts right; a correction replaces it from the day it is known.
    """
    owner = writing.get(Milestone, code=milestone)
    writing.allow(by, "promise.add", subject=owner.subject, bodies=[owner.holder])
    saying = writing.said_fields(said, said_by, said_note)
    as_said = writing.text(as_said, field="as_said")
    earliest, latest = _period(as_said, earliest, latest, saying["said_to"])
    origin = writing.required(Promise, "source", source)
    values: dict[str, Any] = {
        **saying,
        "milestone": owner,
        "earliest": earliest,
        "latest": latest,
        "as_said": as_said,
        "source": origin,
        "yardstick": yardstick,
        **texts("reason", reason),
        **texts("note", note),
        "invented": invented or writing.any_invented(owner, origin),
    }
    with transaction.atomic():
        values["corrects"] = corrected(Promise, corrects, owner, values["invented"])
        values["key"] = writing.new_key(Promise, key, milestone)
        return writing.append(
            Promise,
            by=by,
            kind="promise.corrected" if corrects else "promise.added",
            target=f"milestone:{milestone}",
            values=values,
        )


def promise_correct(*, by: User, key: str, **values: Any) -> Promise:
    """Add a promise that puts the promise `key` right; takes what `promise_add` takes, the milestone
    stays."""
    old = writing.get(Promise, key=key)
    new_key = values.pop("new_key", None)
    return promise_add(by=by, milestone=old.milestone.code, corrects=key, key=new_key, **values)


def report_add(
    *,
    by: User,
    milestone: str,
    state: str,
    source: str,
    said: Days,
    said_by: str = "",
    said_note: str = "",
    done_on: Days | None = None,
    percent: Decimal | None = None,
    text: Texts | None = None,
    key: str | None = None,
    corrects: str | None = None,
    invented: bool = False,
) -> StatusReport:
    """Add what was said of a milestone's state. `percent` of 100 as said; a done day only with the state
    done."""
    owner = writing.get(Milestone, code=milestone)
    writing.allow(by, "report.add", subject=owner.subject, bodies=[owner.holder])
    done_from, done_to = days("done_on", done_on) or (None, None)
    if done_to is not None and state != SaidState.DONE:
        raise BadInput("done_day_without_done", field="done_on", state=state)
    if percent is not None and not 0 <= percent <= 100:
        raise BadInput("out_of_range", field="percent", low=0, high=100, value=percent)
    origin = writing.required(StatusReport, "source", source)
    values: dict[str, Any] = {
        **writing.said_fields(said, said_by, said_note),
        "milestone": owner,
        "state": writing.choice(state, SaidState.values, field="state"),
        "done_from": done_from,
        "done_to": done_to,
        "percent": percent,
        **texts("text", text),
        "source": origin,
        "invented": invented or writing.any_invented(owner, origin),
    }
    with transaction.atomic():
        values["corrects"] = corrected(StatusReport, corrects, owner, values["invented"])
        values["key"] = writing.new_key(StatusReport, key, milestone)
        return writing.append(
            StatusReport,
            by=by,
            kind="report.corrected" if corrects else "report.added",
            target=f"milestone:{milestone}",
            values=values,
        )


def corrected(
    model: type[Promise] | type[StatusReport], key: str | None, owner: Milestone, invented: bool
) -> Any:
    """The row a correction names: of the same milestone, as real as it, and not corrected before."""
    if not key:
        return None
    ledger.lock_head()
    old = model._default_manager.select_for_update().filter(key=key, milestone=owner).first()
    if old is None:
        raise BadInput("unknown_reference", field="corrects", value=key)
    if model._default_manager.filter(corrects__key=key).exists():
        raise Conflict("already_corrected", field="corrects", key=key)
    writing.same_reality(invented, old)
    return old


def _period(
    as_said: str, earliest: dt.date | None, latest: dt.date | None, said: dt.date
) -> tuple[dt.date | None, dt.date]:
    if latest is None:
        try:
            period = parse_period(as_said, said=said)
        except BadPeriod as error:
            raise BadInput("bad_period", field="as_said", text=as_said) from error
        return period.earliest, period.latest
    if earliest and latest < earliest:
        raise BadInput("interval_reversed", field="latest", earliest=earliest, latest=latest)
    return earliest, latest
