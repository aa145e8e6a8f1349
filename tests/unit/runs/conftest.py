"""A country of one hub whose milestones wait for one another, with some promises kept and some not."""

import datetime as dt
from types import SimpleNamespace

import pytest

from torap.delivery import services as delivery
from torap.registry import services as registry
from torap.rules.known import AsKnown
from torap.runs import selectors
from torap.runs.selectors.answers import forget_bases
from torap.runs.services import run_request

DAY = dt.date(2026, 1, 15)
# code, type, holder, said, promised, done on
ROWS = (
    ("works", "start", "builder", "2023-01-10", "2023-12-31", "2023-11-15"),
    ("road", "part", "akimat", "2023-02-01", "2024-06-30", "2025-02-01"),
    ("power", "part", "builder", "2023-03-01", "2024-12-31", "2024-12-31"),
    ("gas", "part", "akimat", "2024-03-01", "2025-06-30", ""),
    ("hall", "complete", "builder", "2024-05-01", "2026-12-31", ""),
    ("open", "open", "ministry", "2024-05-01", "2027-06-30", ""),
    ("full", "capacity", "ministry", "2024-05-01", "2028-12-31", ""),
)


@pytest.fixture
def country(coordinator):
    """Bodies, a hub in a region, its milestones with promises and, for some, the day they were done."""
    by = coordinator
    registry.region_save(by=by, code="KZ-47", name="Mangystau")
    for code, type in (("ministry", "ministry"), ("builder", "managing_company"), ("akimat", "akimat")):
        registry.organisation_save(by=by, code=code, name=code.title(), type=type, region="KZ-47")
    registry.place_save(by=by, code="hub", name="Hub", type="hub", region="KZ-47", managing_company="builder")
    registry.source_add(
        by=by, code="paper", publisher="A paper", source_class="press", url="https://example.org/paper"
    )
    for code, type, holder, said, promised, done in ROWS:
        name = {"en": code.title(), "ru": f"{code} по-русски", "kk": f"{code} қазақша"}
        delivery.milestone_save(by=by, code=f"hub-{code}", subject="hub", name=name, type=type, holder=holder)
        promise(by, f"hub-{code}", said, promised)
        if done:
            when = dt.date.fromisoformat(done)
            delivery.report_add(
                by=by, milestone=f"hub-{code}", state="done", source="paper", said=when, done_on=when
            )
    delivery.report_add(
        by=by, milestone="hub-gas", state="under_way", source="paper", said=dt.date(2025, 12, 20)
    )
    delivery.obstacle_save(
        by=by, code="no-land", text="No land", blocks="hub", said=dt.date(2025, 1, 1), holder="akimat"
    )
    return SimpleNamespace(by=by, day=DAY, known=AsKnown(DAY))


def promise(by, milestone, said, promised):
    return delivery.promise_add(
        by=by,
        milestone=milestone,
        as_said=promised,
        source="paper",
        said=dt.date.fromisoformat(said),
    )


@pytest.fixture
def forecast(country):
    """The forecast of 15 January 2026, of few trials."""
    forget_bases()
    run = run_request(by=country.by, known_on=DAY, trials=500, seed=7)
    return selectors.run_get(run.code)
