"""The country's real facts beside an invented file that touches everything: no real number moves by a digit.

The invented file claims, promises, reports, extends, closes, proves, removes and pays for every real thing
there is, with values far from the real ones, and adds invented things of each kind around them.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from torap.common.permissions import system_user
from torap.delivery import selectors as delivery
from torap.delivery import services as delivery_services
from torap.delivery.models import Evidence
from torap.delivery.selectors.baselines import baseline_content
from torap.intake.country import country_files
from torap.intake.search import search_refresh
from torap.intake.services import facts_apply
from torap.publish.brief import brief_markdown, brief_text
from torap.registry import selectors as registry
from torap.rules.known import AsKnown

pytestmark = pytest.mark.django_db

DAY = dt.date(2025, 12, 31)
SAID = {"source": "fake-1", "said_by": "Nobody"}
LISTS = (
    "",
    "places/",
    "map/",
    "projects/",
    "bodies/",
    "figures/",
    "instructions/",
    "instructions/?view=holder",
    "promises/",
    "obstacles/",
    "contradictions/",
    "sources/",
    "about/",
)


@pytest.fixture(scope="module")
def country(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The real facts, loaded once; nothing stays in the database."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    with django_db_blocker.unblock(), transaction.atomic():
        facts_apply(by=system_user(), files=country_files("kz"))
        search_refresh(by=system_user())
        yield
        transaction.set_rollback(True)


def invented_file() -> bytes:
    """Rows on every real thing of the database, all invented."""
    known = AsKnown(timezone.localdate())
    milestones = [state.code for state in delivery.milestone_states(known)]
    places = registry.place_list()
    body = next(row.code for row in registry.organisation_list(type="ministry"))
    sections: dict[str, Any] = {
        **_things(places),
        **_figures(known),
        **_amounts(places),
        **_sayings(milestones, places, body),
        **_orders(known, body),
        **_obstacles(known, milestones, places, body),
    }
    lines = ["format: torap-facts/1", "invented: true"]
    lines += [f"{name}: {json.dumps(rows, default=str)}" for name, rows in sections.items()]
    return "\n".join(lines).encode()


def _things(places: list[Any]) -> dict[str, Any]:
    return {
        "publishers": [{"id": "fake", "name": "Fake", "class": "act"}],
        "sources": [{"id": "fake-1", "publisher": "fake", "title": "Fake", "published": "2025-12-30"}],
        "organisations": [{"code": "fake_body", "name": "Fake body", "type": "ministry"}],
        "places": [
            {"code": "fake_place", "name": "Fake place", "type": "hub", "region": "KZ-33"},
            {"code": places[0].code, "name": "Renamed by an invention", "type": "port"},
        ],
        "projects": [
            {"code": "fake_project", "name": "Fake project", "type": "investment", "place": places[0].code}
        ],
        "indicators": [{"code": "fake_figure", "name": "Fake figure", "unit": "bn USD"}],
        "programmes": [{"code": "fake_programme", "name": "Fake", "members": [places[0].code, "fake_place"]}],
    }


def _figures(known: AsKnown) -> dict[str, Any]:
    figures = {
        (subject.code, figure.attribute.code, figure.scope, figure.nature): figure.best
        for subject in registry.subject_list()
        for figure in registry.figures(subject.pk, known)
        if figure.best.low is not None
    }
    return {
        "claims": [
            {
                "id": f"fake.claim.{at}",
                "subject": subject,
                "attribute": attribute,
                "scope": scope,
                "nature": nature,
                "value": round(float(best.low) * 7 + 1, 2),
                "unit": best.unit,
                "confidence": "high",
                **({"about": _span(best)} if best.about_from and best.about_to else {}),
                **SAID,
            }
            for at, ((subject, attribute, scope, nature), best) in enumerate(figures.items())
        ],
    }


def _amounts(places: list[Any]) -> dict[str, Any]:
    return {
        "money": [
            {
                "id": f"fake.money.{stage}.{row.code}",
                "project": row.code,
                "stage": stage,
                "amount": 7_000_000_000_000,
                "currency": "KZT",
                **SAID,
            }
            for row in registry.project_list(known=AsKnown(timezone.localdate()))
            for stage in ("announced", "committed", "realised")
        ],
        "utilities": [
            {
                "id": f"fake.power.{row.code}",
                "place": row.code,
                "kind": "electricity",
                "move": "added",
                "basis": "evidenced",
                "amount": 777,
                "from": "2025-01-01",
                **SAID,
            }
            for row in places
        ],
    }


def _sayings(milestones: list[str], places: list[Any], body: str) -> dict[str, Any]:
    return {
        "milestones": [
            {
                "code": "fake-milestone",
                "subject": places[0].code,
                "name": "Fake",
                "type": "open",
                "holder": body,
            }
        ],
        "promises": [
            *(
                {
                    "id": f"fake.first.{code}",
                    "milestone": code,
                    "promised": "2001",
                    "said": "2000-01-01",
                    **SAID,
                }
                for code in milestones
            ),
            *(
                {"id": f"fake.last.{code}", "milestone": code, "promised": "2099", **SAID}
                for code in [*milestones, "fake-milestone"]
            ),
        ],
        "reports": [
            {"id": f"fake.report.{code}", "milestone": code, "state": "done", "done_on": "2025-12-01", **SAID}
            for code in milestones
        ],
    }


def _orders(known: AsKnown, body: str) -> dict[str, Any]:
    return {
        "instructions": [
            {
                "code": "FAKE-1",
                "text": "Fake order",
                "issuer": "prime_minister",
                "given": "2025-11-01",
                "deadline": {"kind": "date", "on": "2025-11-20"},
                "executors": [{"organisation": body, "role": "lead"}],
                "source": "fake-1",
            }
        ],
        "instruction_events": [
            row
            for state in delivery.instruction_states(known)
            for row in (
                {
                    "id": f"fake.extended.{state.code}",
                    "instruction": state.code,
                    "type": "extended",
                    "happened": max("2025-12-02", state.instruction.given_to.isoformat()),
                    "new_deadline": "2099-12-31",
                    **SAID,
                },
                {
                    "id": f"fake.closed.{state.code}",
                    "instruction": state.code,
                    "type": "closed",
                    "happened": max("2025-12-03", state.instruction.given_to.isoformat()),
                    "ground": "executed",
                    "state": "done",
                    **SAID,
                },
            )
        ],
    }


def _obstacles(known: AsKnown, milestones: list[str], places: list[Any], body: str) -> dict[str, Any]:
    return {
        "obstacles": [
            {"code": "fake-obstacle", "text": "Fake", "blocks": places[0].code, "holder": body, **SAID}
        ],
        "obstacle_events": [
            {"obstacle": code, "type": "removed", "happened": "2025-12-01", "source": "fake-1"}
            for code in [state.code for state in delivery.obstacle_states(known)]
        ],
        "evidence": [
            {
                "milestone": code,
                "type": "act",
                "shows_on": "2025-12-01",
                "title": "Fake act",
                "url": "https://example.org/act",
                "given_by": body,
            }
            for code in milestones
        ],
        "calendar_edits": [
            {
                "day": "2025-12-22",
                "working": False,
                "known_from": "2025-01-01",
                "kind": "holiday",
                "title": "Fake holiday",
                "source_title": "Fake",
            }
        ],
    }


def _span(claim: Any) -> dict[str, str]:
    return {"from": claim.about_from.isoformat(), "to": claim.about_to.isoformat()}


def picture(known: AsKnown) -> dict[str, Any]:
    """Every real number there is a door to, but how many invented records were left out."""
    found = delivery.situation(known)
    blind = replace(found, counts=replace(found.counts, invented_left_out=0))
    real = [row for row in registry.subject_list() if not row.invented]
    return {
        "situation": asdict(blind),
        "brief": brief_text(blind),
        "markdown": brief_markdown(blind),
        "money": registry.money_totals(known),
        "pools": [
            registry.pool_of(row, known) for row in registry.project_list(known=known) if not row.invented
        ],
        "series": {
            row.code: _series(row.code, known) for row in registry.indicator_list() if not row.invented
        },
        "figures": {
            row.code: [_figure(one) for one in registry.figures(row.pk, known) if not one.best.invented]
            for row in real
        },
        "freshness": registry.freshness(known),
        "counts": registry.subject_counts(known),
        "board": delivery.holder_board(known),
        "baseline": baseline_content(known),
        "clocks": {
            row.code: (row.control.due, row.control.state, row.schedule, row.turns)
            for row in delivery.instruction_states(known)
            if not row.instruction.invented
        },
        "obstacles": {
            row.code: (row.open, row.blocked, row.rungs_due)
            for row in delivery.obstacle_states(known)
            if not row.obstacle.invented
        },
    }


def _series(code: str, known: AsKnown) -> list[Any]:
    series = registry.indicator_series(code, known)
    return [
        (year.year, year.missing, *(_figure(one) for one in (year.observed, year.target) if one is not None))
        for year in series.years
    ]


def _figure(figure: Any) -> tuple[Any, ...]:
    return (
        figure.best.key,
        figure.reason_code,
        tuple(claim.key for claim in figure.others),
        len(figure.contradictions),
        figure.age_days,
    )


def headers(client: Client) -> dict[str, list[str]]:
    """What each list counts in its heading, the lines under it and its cards."""
    return {path: _header(client.get(f"/en/{path}").content.decode()) for path in LISTS}


def _header(page: str) -> list[str]:
    found = re.findall(
        r'<h1>.*?</h1>|<p class="lead">.*?</p>|<div class="kpi__value">.*?</div>', page, re.DOTALL
    )
    return [" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in found]


@pytest.fixture
def both(country: None, client: Client) -> dict[str, Any]:
    """Everything before and after the invented file, its load, and the pages' headings."""
    today = AsKnown(timezone.localdate())
    days = (AsKnown(DAY), today, AsKnown(today.day, "recorded"))
    before = {str(known): picture(known) for known in days}
    heads = headers(client)
    load = facts_apply(by=system_user(), files=[("invented.yaml", invented_file())])
    search_refresh(by=system_user())
    for item in Evidence.objects.filter(title="Fake act"):
        delivery_services.evidence_verify(
            by=system_user(), evidence=item.pk, verdict="accepted", organisation="fake_body"
        )
    return {
        "before": before,
        "after": {str(known): picture(known) for known in days},
        "heads": heads,
        "heads_after": headers(client),
        "report": load.report,
    }


def test_no_real_number_moves(both: dict[str, Any], client: Client) -> None:
    refused = {(p["code"], p["section"]) for p in both["report"]["problems"] if p["severity"] == "error"}
    assert refused == {("invented_calendar", "calendar_edits"), ("reality_changed", "places")}
    assert both["report"]["totals"]["new"] > 500
    for day, before in both["before"].items():
        for name, value in before.items():
            assert both["after"][day][name] == value, (day, name)
    assert both["heads_after"] == both["heads"]
    _every_page_says_invented(client)


def _every_page_says_invented(client: Client) -> None:
    """The labels: on pages, in downloads, on the map and among what is found."""
    band = "Invented data on this page."
    body = next(row.code for row in registry.organisation_list(type="ministry") if not row.invented)
    place = next(row.code for row in registry.place_list() if not row.invented)
    for path in (
        f"bodies/{body}/",
        f"places/{place}/",
        "search/?q=fake",
        "promises/",
        "obstacles/",
        "figures/",
    ):
        page = client.get(f"/en/{path}").content.decode()
        assert band in page, path
        assert 'class="tag tag--invented"' in page, path
    assert 'class="tag tag--invented"' in client.get(f"/en/places/{place}/?card=1").content.decode()
    geo = client.get("/en/map/data.json?format=geojson").json()
    assert {row["properties"]["code"] for row in geo["features"] if row["properties"]["invented"]} == {
        "fake_place"
    }
    for path in (*LISTS[1:], "sources/fake-1/", f"bodies/{body}/"):
        if path in ("map/", "about/"):
            continue
        joint = "&" if "?" in path else "?"
        text = client.get(f"/en/{path}{joint}format=csv").content.decode("utf-8-sig")
        assert "invented" in next(csv.reader(io.StringIO(text))), path
