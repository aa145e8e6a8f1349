"""A small country made through the services: enough of everything the pages show, nothing more."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings

from rows_again import rows_again
from torap.common.permissions import system_user
from torap.delivery import services as delivery
from torap.registry import services as registry
from torap.runs.services import run_request

D = dt.date
# A day on which all of the small country is known.
DAY = D(2025, 12, 31)
AS_OF = DAY.isoformat()


@pytest.fixture(scope="session", autouse=True)
def _static_folder():
    """WhiteNoise warns about a folder that is not there, and a warning fails a test."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


def _base(by):
    registry.region_save(by=by, code="KZ-47", name={"en": "Mangystau", "ru": "Мангистау", "kk": "Маңғыстау"})
    registry.attribute_save(
        by=by,
        code="capacity",
        name={"en": "Capacity", "ru": "Мощность", "kk": "Қуаты"},
        kind="number",
        unit="TEU/yr",
        group="capacity",
    )
    registry.attribute_save(
        by=by,
        code="status",
        name={"en": "State of works", "ru": "Ход работ", "kk": "Жұмыс барысы"},
        kind="text",
        group="state",
    )
    registry.attribute_save(by=by, code="value", name={"en": "Value"}, kind="number", group="indicator")
    for code, publisher, kind, day in (
        ("gov-2023", "Government", "official", D(2023, 10, 1)),
        ("press-2024", "Press One", "press", D(2024, 5, 10)),
        ("gov-2025", "Government", "official", D(2025, 11, 25)),
        ("press-2025", "Press Two", "press", D(2025, 11, 25)),
    ):
        registry.source_add(
            by=by,
            code=code,
            publisher=publisher,
            source_class=kind,
            title=f"Report of {day}",
            url=f"https://example.org/{code}",
            published=day,
        )


def _things(by):
    registry.organisation_save(
        by=by,
        code="ministry",
        name={"en": "Ministry of Transport", "ru": "Министерство транспорта", "kk": "Көлік министрлігі"},
        type="ministry",
    )
    registry.organisation_save(
        by=by, code="akimat", name={"en": "Akimat of Mangystau"}, type="akimat", region="KZ-47"
    )
    registry.place_save(
        by=by,
        code="hub",
        name={"en": "Caspian hub", "ru": "Каспийский хаб", "kk": "Каспий хабы"},
        type="hub",
        region="KZ-47",
        neighbours=["TM"],
        managing_company="akimat",
        points=[{"label": "Aktau", "lat": 43.6, "lon": 51.2, "accuracy_km": 10, "approximate": True}],
        crossings=[{"name": {"en": "Sea port"}, "mode": "sea"}],
    )
    registry.place_save(
        by=by, code="terminal", name={"en": "Container terminal"}, type="terminal", parent="hub"
    )
    registry.link_save(
        by=by,
        code="railway",
        name={"en": "Second track"},
        type="rail",
        line=[[51.2, 43.6], [52.0, 44.0]],
        line_note="drawn by hand",
    )
    registry.project_save(
        by=by,
        code="yard",
        name={"en": "Container yard", "ru": "Контейнерная площадка", "kk": "Контейнер алаңы"},
        type="investment",
        place="hub",
        investor="Lianyungang Port",
        countries=["CN"],
        sector="logistics",
    )
    registry.programme_save(by=by, code="network", name={"en": "Network of hubs"}, members=["hub", "yard"])
    registry.indicator_save(
        by=by, code="inflow", name={"en": "Foreign investment"}, unit="bn USD", programme="network"
    )


def _claims(by):
    def claim(key, value, source, **more):
        fields = {"subject": "terminal", "attribute": "capacity", "value": value, "source": source}
        registry.claim_add(by=by, key=key, **{**fields, **more})

    claim("capacity-gov", 240_000, "gov-2025", said_by="Minister of Transport")
    claim("capacity-press", 200_000, "press-2025", said_by="Deputy Minister")
    claim("status", None, "gov-2025", attribute="status", text={"en": "Works go on", "ru": "Работы идут"})
    for year, value in ((2021, 23.7), (2022, 28)):
        about = (D(year, 1, 1), D(year, 12, 31))
        more = {"subject": "inflow", "attribute": "value", "unit": "bn USD", "about": about}
        claim(f"inflow-{year}", value, "gov-2025", **more)
    about = (D(2024, 1, 1), D(2024, 12, 31))
    more = {"subject": "inflow", "attribute": "value", "unit": "bn USD", "about": about, "nature": "target"}
    claim("inflow-target-old", 24, "gov-2023", **more)
    claim("inflow-target", (25, 27), "gov-2025", **more)
    registry.money_add(
        by=by,
        key="yard-announced",
        project="yard",
        stage="announced",
        amount=20_000_000_000,
        currency="KZT",
        source="press-2024",
    )
    registry.money_add(
        by=by,
        key="yard-agreed",
        project="yard",
        stage="agreed",
        amount=40_000_000,
        currency="USD",
        source="gov-2025",
        qualifier="about",
    )


def _promises(by):
    delivery.milestone_save(
        by=by,
        code="terminal-complete",
        subject="terminal",
        name={"en": "Works complete", "ru": "Работы завершены", "kk": "Құрылыс аяқталды"},
        type="complete",
        holder="ministry",
    )
    for as_said, source, day in (
        ("Q2 2025", "gov-2023", D(2023, 10, 1)),
        ("end of 2025", "press-2024", D(2024, 5, 10)),
        ("end of 2026", "gov-2025", D(2025, 11, 25)),
    ):
        delivery.promise_add(by=by, milestone="terminal-complete", as_said=as_said, source=source, said=day)
    delivery.report_add(
        by=by,
        milestone="terminal-complete",
        state="under_way",
        source="gov-2025",
        said=D(2025, 11, 25),
        text={"en": "Piles are driven", "ru": "Забиты сваи"},
    )
    delivery.milestone_save(
        by=by, code="hub-open", subject="hub", name={"en": "Hub opened"}, type="open", holder="akimat"
    )
    delivery.promise_add(
        by=by, milestone="hub-open", as_said="by 2024", source="gov-2023", said=D(2023, 10, 1)
    )
    delivery.milestone_save(
        by=by, code="railway-done", subject="railway", name={"en": "Railway built"}, type="complete"
    )
    delivery.promise_add(
        by=by, milestone="railway-done", as_said="by 2030", source="gov-2025", said=D(2025, 11, 25)
    )
    delivery.evidence_add(
        by=by,
        milestone="terminal-complete",
        type="document",
        shows_on=D(2025, 11, 20),
        title="Photograph of piles",
        url="https://example.org/piles",
        given_by="ministry",
    )


def _duties(by):
    delivery.instruction_save(
        by=by,
        code="I-1",
        text={"en": "Report on the hub", "ru": "Доложить о хабе", "kk": "Хаб туралы баяндау"},
        issuer="prime_minister",
        given=D(2025, 11, 25),
        deadline_kind="date",
        deadline_on=D(2025, 12, 20),
        deadline_said="by 20 December",
        executors=[("ministry", "lead"), ("akimat", "co")],
        subjects=["hub"],
        source="gov-2025",
        said=D(2025, 11, 25),
    )
    delivery.obstacle_save(
        by=by,
        code="shallow",
        text={"en": "The sea is shallow", "ru": "Мелкое море"},
        blocks="hub",
        holder="ministry",
        said=D(2025, 11, 25),
        source="gov-2025",
    )


@pytest.fixture
def small_country(db):
    """One hub, terminal, railway, project, programme and indicator, with promises, a duty, an obstacle.

    All of it is said by 25 November 2025; look at it with `?as_of=` AS_OF to be independent of today.
    """
    return rows_again("small_country", make_small_country, system_user)


@pytest.fixture
def foretold(db):
    """The small country with a promise kept, what waits for what, and a run as known on its day."""
    return rows_again("foretold", make_foretold, system_user)


def make_foretold():
    """Write the small country and foretell it; returns who wrote it."""
    by = make_small_country()
    delivery.milestone_save(
        by=by, code="terminal-start", subject="terminal", name={"en": "Works started"}, type="start",
        holder="akimat",
    )  # fmt: skip
    delivery.promise_add(
        by=by, milestone="terminal-start", as_said="end of 2023", source="gov-2023", said=D(2023, 10, 1)
    )
    delivery.report_add(
        by=by, milestone="terminal-start", state="done", source="press-2024", said=D(2024, 5, 10),
        done_on=D(2024, 3, 1),
    )  # fmt: skip
    delivery.milestone_save(
        by=by, code="terminal-open", subject="terminal", name={"en": "Terminal opened"}, type="open",
        holder="akimat",
    )  # fmt: skip
    delivery.promise_add(
        by=by, milestone="terminal-open", as_said="2027", source="gov-2025", said=D(2025, 11, 25)
    )
    run_request(by=by, known_on=DAY, trials=400, at_once=True)
    return by


def make_small_country():
    """Write the small country; returns who wrote it. For fixtures that load it once for a whole file."""
    by = system_user()
    _base(by)
    _things(by)
    _claims(by)
    _promises(by)
    _duties(by)
    return by
