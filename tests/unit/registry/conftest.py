"""A small country: one region, a hub with its company, a catalogue, sources, projects."""

import datetime as dt
from itertools import count

import pytest

from torap.registry import services
from torap.registry.services import claim_add, source_add
from torap.rules.known import AsKnown

SAID = dt.date(2025, 11, 25)


@pytest.fixture
def known():
    return AsKnown(day=dt.date(2025, 12, 31))


@pytest.fixture
def country(coordinator):
    """Makes the small country and returns its subjects by code."""
    by = coordinator
    services.region_save(by=by, code="KZ-33", name={"en": "Zhetysu", "ru": "Жетысу", "kk": "Жетісу"})
    rows = {
        "akimat": services.organisation_save(
            by=by, code="akimat_zhetysu", name="Akimat of Zhetysu", type="akimat", region="KZ-33"
        ),
        "company": services.organisation_save(
            by=by, code="khorgos_company", name="Managing company", type="managing_company"
        ),
        "ministry": services.organisation_save(
            by=by, code="ministry_trade", name="Ministry of Trade", type="ministry"
        ),
    }
    rows["hub"] = services.place_save(
        by=by,
        code="khorgos_hub",
        name={"en": "Khorgos hub", "ru": "Хаб «Хоргос»", "kk": "«Қорғас» хабы"},
        type="hub",
        region="KZ-33",
        managing_company="khorgos_company",
        points=[{"label": "border", "lat": 44.2, "lon": 80.4, "accuracy_km": 10}],
        crossings=[{"name": "Nur Zholy", "neighbour": "CN", "mode": "road"}],
    )
    for code, kind, unit in (
        ("area", "number", "ha"),
        ("jobs", "number", "jobs"),
        ("investment", "money", "bn KZT"),
        ("status", "category", ""),
        ("works", "text", ""),
        ("amount", "number", ""),
    ):
        services.attribute_save(by=by, code=code, name=code.title(), kind=kind, unit=unit, group="a")
    rows["project"] = services.project_save(
        by=by, code="dry_port", name="Dry port", type="infrastructure", place="khorgos_hub"
    )
    return rows


@pytest.fixture
def source(coordinator):
    """`source("press-1", source_class="press", on=date)`: makes a source, once per code."""

    def make(code="official-1", *, source_class="official", on=SAID, publisher=None, **more):
        return source_add(
            by=coordinator,
            code=code,
            publisher=publisher or code,
            source_class=source_class,
            title=code,
            published=on,
            **more,
        )

    return make


@pytest.fixture
def claim(coordinator, country, source):
    """`claim(1.5, source="press-1")`: adds a claim on the hub's area, each with its own key."""
    numbers = count(1)

    def make(
        value=None, *, by=coordinator, source_code="official-1", source_class="official", on=SAID, **fields
    ):
        source(source_code, source_class=source_class, on=on)
        number = next(numbers)
        given = {"key": f"c{number}", "subject": "khorgos_hub", "attribute": "area", "source": source_code}
        if value is not None:
            given["value"] = value
        return claim_add(by=by, **{**given, **fields})

    return make
