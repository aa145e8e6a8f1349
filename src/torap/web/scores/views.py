"""Score and reference classes: parse the address, ask the runs, render."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from torap.publish.tables import download
from torap.registry.selectors import subject_map
from torap.runs.selectors import (
    ScoreTable,
    backtest_table,
    class_get,
    class_list,
    newest_run,
    score_table,
)
from torap.web.presenters.forecast_tabs import forecast_tabs
from torap.web.presenters.links import known_link
from torap.web.requests import KnownRequest
from torap.web.scores import cases, classes
from torap.web.scores import score as scoring
from torap.web.scores.network import network_part

PAGE_SIZE = 100  # promises of a class on a page


def score(request: KnownRequest) -> HttpResponse:
    """How forecasts stood up: the back-test and the live ones, apart."""
    known, invented = request.known, request.GET.get("invented") == "1"
    tested = backtest_table(known, invented=invented)
    alive = score_table(known, invented=invented)
    tables = [(name, table) for name, table in (("backtest", tested), ("live", alive)) if table is not None]
    file = score_file(request.GET, tables)
    if file is not None:
        return file
    codes = {row.group for _name, table in tables for row in table.holders if row.group}
    holders = {code: row.name for code, row in subject_map(codes).items()}
    context: dict[str, Any] = {
        "tabs": forecast_tabs("score", known, invented=invented),
        "headline": scoring.headline(tested, alive),
        "backtest": scoring.score_part("backtest", tested, holders, live=False) if tested else None,
        "network": network_part(tested.network) if tested and tested.network else None,
        "live": scoring.score_part("live", alive, holders, live=True) if alive.whole.n else None,
        "invented_present": invented,
    }
    return render(request, "torap/scores/score.html", context)


def score_file(query: Mapping[str, str], tables: Sequence[tuple[str, ScoreTable]]) -> HttpResponse | None:
    """The file asked for: groups, with `part=cases` every promise replayed, with `part=network` those the
    network was asked of, with `part=calibration` the marks of the plots; None where the page is meant."""
    kind, found = query.get("format"), dict(tables)
    if query.get("part") == "network" and "backtest" in found:
        rows = cases.network_rows(found["backtest"])
        return download(kind, "score-network", cases.NETWORK_HEADER, rows)
    if query.get("part") == "cases" and "backtest" in found:
        return download(kind, "score-cases", cases.CASES_HEADER, cases.case_rows(found["backtest"]))
    if query.get("part") == "calibration":
        points = [row for name, table in tables for row in cases.point_rows(name, table.calibration)]
        points += [
            row
            for _name, table in tables
            if table.network is not None
            for row in cases.point_rows("network", table.network.calibration)
        ]
        return download(kind, "score-calibration", cases.POINTS_HEADER, points)
    return download(kind, "score", scoring.CSV_HEADER, scoring.csv_rows(tables))


def class_list_page(request: KnownRequest) -> HttpResponse:
    """Every reference class of the newest run."""
    known, invented = request.known, request.GET.get("invented") == "1"
    found = class_list(known, invented=invented)
    file = download(request.GET.get("format"), "classes", classes.CSV_HEADER, classes.csv_rows(found))
    if file is not None:
        return file
    context = {
        "tabs": forecast_tabs("class_list", known, invented=invented),
        "rows": classes.class_rows(found, known),
        "whole": next((one for one in found if one.code == "all"), None),
        "invented_present": invented,
    }
    return render(request, "torap/scores/classes.html", context)


def reference_class(request: KnownRequest, code: str) -> HttpResponse:
    """One class: its curve, what it says, the promises in it, the broader class; before the first run the
    list, which waits for it.
    """
    known, invented = request.known, request.GET.get("invented") == "1"
    if newest_run(known, invented=invented) is None:
        return redirect(known_link(known, "class_list", invented="1" if invented else None))
    found = class_get(code, known, invented=invented)
    table = classes.curve_rows(found)
    file = download(request.GET.get("format"), f"class-{code}", classes.CURVE_HEADER, table)
    if file is not None:
        return file
    every = {one.code: one for one in class_list(known, invented=invented)}
    parent = class_get(found.parent, known, invented=invented) if found.parent else None
    shown = Paginator(found.members, PAGE_SIZE).get_page(request.GET.get("page"))
    states = classes.states_of_members(shown.object_list, known)
    titles = {f"instruction:{state.code}": state.instruction.text for state in states.instructions}
    context: dict[str, Any] = {
        "row": classes.class_row(found, known),
        "crumbs": [
            (_("Forecast"), known_link(known, "forecast")),
            (_("Reference classes"), known_link(known, "class_list", invented="1" if invented else None)),
        ],
        "sentence": classes.sentence(found),
        "smallness": classes.smallness(found),
        "leaning": classes.leaning(found),
        "beyond": classes.beyond(found),
        "chart": classes.curve_chart(found, parent),
        "points": classes.table_points(found),
        "members": classes.member_rows(shown.object_list, states.milestones, titles, known),
        "page": shown,
        "parent": classes.class_row(parent, known) if parent else None,
        "narrower": [classes.class_row(one, known) for one in every.values() if one.parent == code],
        "invented_present": invented,
    }
    return render(request, "torap/scores/class.html", context)
