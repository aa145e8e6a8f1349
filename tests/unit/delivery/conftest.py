"""A country of one hub: enough for every write and every reading of delivery."""

import datetime as dt
from types import SimpleNamespace

import pytest

from torap.delivery import services
from torap.registry import services as registry


@pytest.fixture
def country(coordinator):
    """Two ministries, an akimat, a builder, a hub and two sources; `add` writes promises, reports and
    orders."""
    by = coordinator
    registry.region_save(by=by, code="KZ-47", name="Mangystau")
    for code, type_ in (
        ("min_transport", "ministry"),
        ("min_industry", "ministry"),
        ("inspection", "state_body"),
        ("builder", "managing_company"),
    ):
        registry.organisation_save(by=by, code=code, name=code.replace("_", " ").title(), type=type_)
    registry.organisation_save(
        by=by, code="akimat", name="Akimat of Mangystau", type="akimat", region="KZ-47"
    )
    registry.place_save(
        by=by, code="aktau_hub", name="Aktau hub", type="hub", region="KZ-47", managing_company="builder"
    )
    registry.source_add(
        by=by,
        code="minutes",
        publisher="Government",
        source_class="official",
        published=dt.date(2025, 11, 26),
        url="https://example.org/minutes",
    )
    registry.source_add(
        by=by,
        code="paper",  # of no known date: what it tells may be of any day
        publisher="A paper",
        source_class="press",
        url="https://example.org/paper",
    )
    services.milestone_save(
        by=by,
        code="aktau_hub-open",
        subject="aktau_hub",
        name="Hub open",
        type="open",
        holder="min_transport",
    )
    return SimpleNamespace(by=by, milestone="aktau_hub-open")


@pytest.fixture
def promise(country):
    """`promise("2023-10-27", "Q2 2025")`: a promise for the hub's opening."""

    def add(said, as_said="2025", /, **more):
        return services.promise_add(
            **{
                "by": country.by,
                "milestone": country.milestone,
                "as_said": as_said,
                "source": "paper",
                "said": dt.date.fromisoformat(said),
                **more,
            }
        )

    return add


@pytest.fixture
def report(country):
    """`report("2025-04-28", "done")`: a report on the hub's opening."""

    def add(said, state="under_way", /, **more):
        return services.report_add(
            **{
                "by": country.by,
                "milestone": country.milestone,
                "state": state,
                "source": "paper",
                "said": dt.date.fromisoformat(said),
                **more,
            }
        )

    return add


@pytest.fixture
def instruction(country):
    """The concept of a special economic zone, ordered on 25 November 2025 by 20 December, received a day
    later."""

    def add(code="I-1", *, received="2025-11-26", **more):
        order = services.instruction_save(
            **{
                "by": country.by,
                "code": code,
                "text": {
                    "en": "Concept of a special economic zone",
                    "ru": "Концепция СЭЗ",
                    "kk": "АЭА тұжырымдамасы",
                },
                "issuer": "prime_minister",
                "given": dt.date(2025, 11, 25),
                "deadline_kind": "date",
                "deadline_on": dt.date(2025, 12, 20),
                "deadline_said": "by 20 December",
                "source": "minutes",
                "said": dt.date(2025, 11, 26),
                "executors": [("min_industry", "lead"), ("akimat", "co")],
                "subjects": ["aktau_hub"],
                "law_params": {"kind": "minutes"},
                **more,
            }
        )
        if received:
            services.instruction_event_add(
                by=country.by, instruction=code, type="received", happened=dt.date.fromisoformat(received)
            )
        return order

    return add
