"""Nineteen promise histories of the country's own facts, read by hand, against what the product computes.

The table was drawn up from the pages before any code existed: first date promised, last date known, months
between. If a facts file, the reading of periods or the rule of slips changes, this is where it shows.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from torap.common.permissions import system_user
from torap.delivery.selectors import MilestoneState, milestone_states
from torap.intake.country import country_files
from torap.intake.services import facts_apply
from torap.rules.known import AsKnown

# Opens the test database for the fixture below; the tests themselves only read what it returns.
pytestmark = pytest.mark.django_db

COLLECTED_UP_TO = dt.date(2025, 12, 31)


@dataclass(frozen=True, slots=True)
class History:
    """What the pages say of one milestone: months as YYYY-MM, `slip` in months; None: nothing to compare."""

    milestone: str
    first: str
    last: str | None
    slip: int | None


HISTORIES = (
    History("astana_ip2-commissioned", "2017-12", "2028-12", 132),
    History("itlc-complete", "2025-12", "2027-03", 15),
    History("icic_central_asia-works_start", "2024-08", "2025-07", 11),
    History("icic_central_asia-opening", "2027-06", "2026-12", -6),
    History("aktau_container_hub-complete", "2025-06", "2026-12", 18),
    History("sarzha-complete", "2025-12", "2030-12", 60),
    History("hub_network-all_hubs", "2026-12", "2030-12", 48),
    History("khorgos_dry_port-540k_teu", "2020-12", None, None),
    History("kz_cn_industrial_town-stage_1_start", "2023-12", None, None),
    History("checkpoints-37_rebuilt", "2030-12", "2027-12", -36),
    History("checkpoints-zhibek_zholy", "2026-06", "2026-07", 1),
    History("bakhty_ayagoz-in_service", "2027-12", "2028-12", 12),
    History("titr_capacity-10mt", "2025-12", "2027-12", 24),
    History("transit_containers-1660k_teu", "2025-12", None, None),
    History("astana_logistics_park-works_start", "2025-12", None, None),
    History("dostyk_moiynty-complete", "2025-12", "2025-09", -3),
    History("caspian_hub-kuryk_dredging", "2024-12", "2024-12", 0),
    History("sany_wind_components-launch", "2025-12", "2025-09", -3),
)
# The nineteenth came from a note of the trade, not from anybody who owes it: kept, and no yardstick.
FORECAST = History("titr-300k_containers", "2020-12", None, None)


@pytest.fixture(scope="module")
def states(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> dict[str, MilestoneState]:
    """Every milestone as known on the last day of the collection; nothing stays in the database."""
    with django_db_blocker.unblock(), transaction.atomic():
        facts_apply(by=system_user(), files=country_files("kz"))
        found = {state.code: state for state in milestone_states(AsKnown(COLLECTED_UP_TO))}
        transaction.set_rollback(True)
    return found


def month(day: dt.date | None) -> str | None:
    return f"{day:%Y-%m}" if day else None


@pytest.mark.parametrize("history", HISTORIES, ids=lambda row: row.milestone)
def test_history_as_read_from_the_pages(history: History, states: dict[str, MilestoneState]) -> None:
    state = states[history.milestone]
    assert state.first is not None
    assert month(state.first.latest) == history.first
    assert month(state.slip_to) == history.last
    assert state.slip_months == history.slip


def test_forecast_of_the_trade_is_kept_but_measures_nobody(states: dict[str, MilestoneState]) -> None:
    state = states[FORECAST.milestone]
    assert [month(promise.latest) for promise in state.promises] == [FORECAST.first]
    assert state.first is None
    assert state.slip_months is FORECAST.slip


@pytest.mark.parametrize(
    ("milestone", "moves", "schedule"),
    [
        ("dostyk_moiynty-complete", 1, "done_said"),
        ("checkpoints-37_rebuilt", 1, "earlier"),
        ("bakhty_ayagoz-in_service", 1, "moved"),
        ("checkpoints-five_more_2025", 0, "on_first_promise"),
    ],
)
def test_standing_against_the_first_promise(
    milestone: str, moves: int, schedule: str, states: dict[str, MilestoneState]
) -> None:
    assert (states[milestone].moves, states[milestone].schedule.code) == (moves, schedule)


def test_nothing_counts_as_done_on_words_alone(states: dict[str, MilestoneState]) -> None:
    assert [code for code, state in states.items() if state.done] == []


def test_two_days_of_one_approval_are_a_conflict(states: dict[str, MilestoneState]) -> None:
    kinds = [conflict.kind for conflict in states["concept_2030-approved"].conflicts]
    assert kinds == ["done_date_conflict"]
