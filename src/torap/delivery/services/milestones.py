"""Writes about milestones: the milestone itself, promises, corrections of promises, reports."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from torap.common.errors import BadInput, Conflict, NotAllowed
from torap.common.models import User
from torap.common.permissions import may, require_recorder
from torap.delivery.models import Milestone, Promise, SaidState, StatusReport
from torap.delivery.services import writing
from torap.delivery.services.writing import Days, Texts, days, texts
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
    said: dt.date | None = None,
) -> Milestone:
    """Create the milestone `code` of a subject (code), or change it. `holder`: code of the body that owes
    it.

    It stays with its subject; whoever changes it must have a right to it as it stands. Another holder or type
    counts from the day it was `said` (today).
    """
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
    with writing.writing():
        old = writing.locked(Milestone, code)
        if old is not None:
            writing.allow(by, "milestone.add", subject=old.subject, bodies=[old.holder])
            writing.stays(old, values, "subject")
        return writing.save_named(
            Milestone, old, by=by, entity="milestone", code=code, values=values, said=said
        )


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

    `corrects`: key of the promise this one puts right; a correction replaces it from the day it is known, and
    is made by a coordinator or by whoever recorded the old one. One said before the first promise known would
    move the yardstick: only a coordinator enters it.
    """
    owner = writing.get(Milestone, code=milestone)
    writing.allow(by, "promise.add", subject=owner.subject, bodies=[owner.holder])
    values = promise_values(
        owner,
        writing.required(Promise, "source", source),
        as_said=as_said,
        said=said,
        said_by=said_by,
        said_note=said_note,
        earliest=earliest,
        latest=latest,
        yardstick=yardstick,
        reason=reason,
        note=note,
        invented=invented,
    )
    with writing.writing():
        values["corrects"] = corrected(Promise, corrects, owner, by, values["invented"])
        if not may(by, "record.correct"):
            _keep_first(owner, values)
        values["key"] = writing.new_key(Promise, key, milestone)
        return writing.append(
            Promise,
            by=by,
            kind="promise.corrected" if corrects else "promise.added",
            target=f"milestone:{milestone}",
            values=values,
        )


def promise_values(
    owner: Milestone,
    origin: Any,
    *,
    as_said: str,
    said: Days,
    said_by: str = "",
    said_note: str = "",
    earliest: dt.date | None = None,
    latest: dt.date | None = None,
    yardstick: bool = True,
    reason: Texts | None = None,
    note: Texts | None = None,
    invented: bool = False,
) -> dict[str, Any]:
    """The columns of a promise of `owner` told by the source `origin`, checked; see `promise_add`."""
    saying = writing.said_fields(said, said_by, said_note, source=origin)
    as_said = writing.text(as_said, field="as_said")
    earliest, latest = _period(as_said, earliest, latest, saying["said_to"])
    if latest < saying["said_from"]:
        raise BadInput("promised_past", field="as_said", promised=latest, said=saying["said_from"])
    return {
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
    values = report_values(
        owner,
        writing.required(StatusReport, "source", source),
        state=state,
        said=said,
        said_by=said_by,
        said_note=said_note,
        done_on=done_on,
        percent=percent,
        text=text,
        invented=invented,
    )
    with writing.writing():
        values["corrects"] = corrected(StatusReport, corrects, owner, by, values["invented"])
        values["key"] = writing.new_key(StatusReport, key, milestone)
        return writing.append(
            StatusReport,
            by=by,
            kind="report.corrected" if corrects else "report.added",
            target=f"milestone:{milestone}",
            values=values,
        )


def report_values(
    owner: Milestone,
    origin: Any,
    *,
    state: str,
    said: Days,
    said_by: str = "",
    said_note: str = "",
    done_on: Days | None = None,
    percent: Decimal | None = None,
    text: Texts | None = None,
    invented: bool = False,
) -> dict[str, Any]:
    """The columns of a report on `owner` told by the source `origin`, checked; see `report_add`."""
    done_from, done_to = days("done_on", done_on) or (None, None)
    if done_to is not None and state != SaidState.DONE:
        raise BadInput("done_day_without_done", field="done_on", state=state)
    if percent is not None and not 0 <= percent <= 100:
        raise BadInput("out_of_range", field="percent", low=0, high=100, value=percent)
    saying = writing.said_fields(said, said_by, said_note, source=origin)
    if done_from is not None and done_from > saying["said_to"]:
        raise BadInput("done_after_said", field="done_on", done=done_from, said=saying["said_to"])
    return {
        **saying,
        "milestone": owner,
        "state": writing.choice(state, SaidState.values, field="state"),
        "done_from": done_from,
        "done_to": done_to,
        "percent": percent,
        **texts("text", text),
        "source": origin,
        "invented": invented or writing.any_invented(owner, origin),
    }


def corrected(
    model: type[Promise] | type[StatusReport], key: str | None, owner: Milestone, by: User, invented: bool
) -> Any:
    """The row a correction names: of the same milestone, as real as it, not corrected before, and `by`'s to
    put right.
    """
    if not key:
        return None
    old = model._default_manager.select_for_update().filter(key=key, milestone=owner).first()
    if old is None:
        raise BadInput("unknown_reference", field="corrects", value=key)
    require_recorder(by, old.recorded_by)
    if model._default_manager.filter(corrects__key=key).exists():
        raise Conflict("already_corrected", field="corrects", key=key)
    writing.same_reality(invented, old)
    return old


def _keep_first(owner: Milestone, values: dict[str, Any]) -> None:
    """NotAllowed when a promise would take the place of the first one known, by its day or as its correction.

    A first promise nobody has moved yet may still be put right by whoever recorded it, as said then, from
    that source, and before its day has come.
    """
    standing = owner.promises.filter(yardstick=True, corrected_by=None, invented=values["invented"])
    ordered = list(standing.order_by("said_to", "said_from", "latest", "pk"))
    if not ordered:
        return
    first = ordered[0]
    before = (first.said_to, first.said_from, first.latest)
    earlier = (values["said_to"], values["said_from"], values["latest"]) < before
    as_then = all(values[name] == getattr(first, name) for name in ("said_from", "said_to", "source"))
    slip_of_the_pen = len(ordered) == 1 and as_then and timezone.localdate() <= first.latest
    if values["corrects"] == first and not slip_of_the_pen:
        raise NotAllowed("moves_yardstick", action="record.correct")
    if values["yardstick"] and earlier and values["corrects"] != first:
        raise NotAllowed("moves_yardstick", action="record.correct")


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
