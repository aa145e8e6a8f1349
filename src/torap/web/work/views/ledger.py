"""The ledger for those who audit: every event with before and after, its proof, the history of one thing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from torap.ledger.proof import RecordFault, prove
from torap.ledger.selectors import (
    TARGET_LENGTH,
    EventFilters,
    EventPage,
    EventRow,
    event_list,
    event_stream,
    events_of,
)
from torap.publish.tables import csv_response, csv_stream
from torap.registry.selectors import subject_get
from torap.web.presenters.links import SUBJECT_PAGES
from torap.web.work import words
from torap.web.work.access import WorkRequest, holding
from torap.web.work.forms.base import day_field, words_field
from torap.web.work.forms.records import claims_of

CSV_HEADER = ("seq", "at", "who", "kind", "target", "before", "after", "hash")
SHOWN_FAULTS = 100
RIGHT = "ledger.read"


class LedgerFilter(forms.Form):
    """What to look for."""

    kind = forms.ChoiceField(
        label=_("What happened"),
        required=False,
        choices=[("", _("everything")), *((f"{name}.", label) for name, label in words.ENTITIES.items())],
    )
    target = words_field(_("Of which thing"), required=False, length=TARGET_LENGTH)
    actor = words_field(_("By whom"), required=False, length=150)
    since = day_field(_("Since"), required=False)
    until = day_field(_("Until"), required=False)

    def filters(self) -> EventFilters | None:
        """The filters of the selector; None where a field cannot be read, and then nothing is shown."""
        if self.data and not self.is_valid():
            return None
        data: dict[str, Any] = self.cleaned_data if self.data else {}
        names = ("kind", "target", "actor", "since", "until")
        return EventFilters(**{name: data[name] for name in names if data.get(name)})


@holding(RIGHT)
def listing(request: WorkRequest) -> HttpResponse | StreamingHttpResponse:
    """All events, newest first."""
    form = LedgerFilter(request.GET)
    filters = form.filters()
    if request.GET.get("format") == "csv":
        events = event_stream(filters) if filters is not None else iter(())
        return csv_stream("ledger", CSV_HEADER, csv_rows(events))
    if filters is None:
        return _show(request, form, EventPage(rows=[], page=1, pages=1, total=0))
    page = event_list(filters, _number(request.GET.get("page", "")))
    return _show(request, form, page)


@holding(RIGHT)
def check(request: WorkRequest) -> HttpResponse:
    """Walk the whole chain, compare every record with it, and say whether both hold. Writes nothing, so the
    address may be opened and read in another language."""
    found = prove()
    chain = found.chain
    return _show(
        request,
        LedgerFilter(),
        event_list(EventFilters(), 1),
        result=chain,
        whole=found.ok,
        records=found.records,
        fault=words.fault_words(chain.reason_code) if not chain.ok else "",
        faults=[fault_row(one) for one in found.faults[:SHOWN_FAULTS]],
        fault_count=len(found.faults),
    )


def fault_row(fault: RecordFault) -> dict[str, Any]:
    """A record that is not what the ledger says, in words."""
    return {
        "fault": fault,
        "words": words.fault_words(fault.code),
        "said": _plain(fault.said),
        "found": _plain(fault.found),
    }


def _show(request: WorkRequest, form: LedgerFilter, page: EventPage, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "page": page,
        "rows": [event_row(row, request.user) for row in page.rows],
        "before": page.page - 1 if page.page > 1 else None,
        "after": page.page + 1 if page.page < page.pages else None,
        **more,
    }
    return render(request, "torap/work/ledger.html", context)


@holding(RIGHT)
def history(request: WorkRequest, kind: str, code: str) -> HttpResponse:
    """Everything that happened to one thing, newest first."""
    rows = events_of(f"{kind}:{code}")
    if request.GET.get("format") == "csv":
        return csv_response(f"history-{kind}-{code}", CSV_HEADER, csv_rows(rows))
    subject = subject_get(code) if kind in SUBJECT_PAGES else None
    name = subject.name if subject else code
    context = {
        "kind": kind,
        "kind_label": words.ENTITIES.get(kind, kind),
        "code": code,
        "name": name,
        "href": words.target_url(kind, code, request.user),
        "rows": [event_row(row, request.user) for row in reversed(rows)],
        "claims": claims_of(subject) if subject else [],
        "crumbs": [(name, words.target_url(kind, code, request.user))],
    }
    return render(request, "torap/work/history.html", context)


def event_row(row: EventRow, reader: Any) -> dict[str, Any]:
    """An event in words, with what it changed field by field."""
    before, after = row.before or {}, row.after or {}
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {
        "event": row,
        "words": words.kind_words(row.kind),
        "href": words.target_url(row.entity, row.code, reader),
        "changes": [
            {"field": name, "before": _plain(before.get(name)), "after": _plain(after.get(name))}
            for name in names
        ],
        "fresh": not before,
    }


def csv_rows(rows: Iterable[EventRow]) -> Iterator[tuple[Any, ...]]:
    """Events as rows of a download."""
    return (
        (row.seq, row.at, row.actor, row.kind, row.target, _plain(row.before), _plain(row.after), row.hash)
        for row in rows
    )


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1
