"""Baselines: promises frozen on a day, and what moved since."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from torap.common.permissions import may
from torap.delivery import services
from torap.delivery.selectors import (
    BaselineComparison,
    baseline_compare,
    baseline_list,
    clock_of,
)
from torap.publish.tables import csv_response
from torap.rules.known import Clock
from torap.web.presenters.links import known_link
from torap.web.requests import KnownRequest
from torap.web.work.access import WorkRequest, holding
from torap.web.work.forms.records import BaselineForm
from torap.web.work.pages import Page, filled, form_page

CSV_HEADER = ("milestone", "name", "change", "before", "after", "months", "clock", "invented")
# Kind of a change -> mark; the order is that of attention.
MARKS = {"moved": "moved", "gone": "at_risk", "added": "no_evidence", "same": "on_first_promise"}


def listing(request: KnownRequest) -> HttpResponse:
    """All baselines taken by the day looked at."""
    rows = baseline_list(request.known)
    context = {"rows": rows, "may_take": may(request.user, "baseline.take") if request.user.pk else False}
    return render(request, "torap/work/baselines.html", context)


def baseline(request: KnownRequest, code: str) -> HttpResponse:
    """One baseline against the promises in force, or against another one."""
    other = request.GET.get("against", "")
    found = baseline_compare(code, request.known, other=other or None)
    if request.GET.get("format") == "csv":
        rows = [  # a baseline holds nothing invented
            (row.code, row.name, row.kind, row.before, row.after, row.months, found.clock, False)
            for row in found.rows
        ]
        return csv_response(f"baseline-{code}", CSV_HEADER, rows)
    context = {
        "found": found,
        "moved": len(found.of_kind("moved")),
        "rows": comparison_rows(found, request),
        "counts": [(kind, label, len(found.of_kind(kind))) for kind, label in _labels().items()],
        "others": [
            row for row in baseline_list(request.known) if row.code != code and clock_of(row) == found.clock
        ],
        "clock": clock_words(found.clock),
        "against": other,
        "crumbs": [(_("Baselines"), known_link(request.known, "baseline_list"))],
    }
    return render(request, "torap/work/baseline.html", context)


def comparison_rows(found: BaselineComparison, request: KnownRequest) -> list[dict[str, Any]]:
    """The changes as table rows, the furthest moved first."""
    labels, order = _labels(), list(MARKS)
    rows = sorted(found.rows, key=lambda row: (order.index(row.kind), -(row.months or 0), row.name))
    return [
        {
            "row": row,
            "mark": MARKS[row.kind],
            "label": labels[row.kind],
            "href": known_link(request.known, "milestone", row.code),
        }
        for row in rows
    ]


def clock_words(clock: Clock) -> str:
    """By which of the two clocks promises were frozen and are compared."""
    if clock == "recorded":
        return _("by the day it was recorded here")
    return _("by the day the world could know it")


def _labels() -> dict[str, str]:
    return {
        "moved": _("moved"),
        "gone": _("no longer promised"),
        "added": _("promised since"),
        "same": _("unchanged"),
    }


@holding("baseline.take")
def take(request: WorkRequest) -> HttpResponse:
    """Freeze the promises of a day."""
    form = filled(request, BaselineForm)
    back = reverse("baseline_list")
    page = Page(
        title=_("Take a baseline"),
        about="",
        back=back,
        button=_("Freeze the promises"),
        done=_("The promises are frozen; nobody can change them any more."),
        lead=_("A baseline keeps every promise in force, with a fingerprint of its content."),
        crumbs=[(_("Baselines"), back)],
    )

    def write() -> Any:
        names = ("code", "title", "decision", "taken_on", "clock")
        return services.baseline_take(by=request.user, **{name: form.cleaned_data[name] for name in names})

    return form_page(request, form, page, write)
