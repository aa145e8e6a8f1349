"""An investor asks whether a plot is ready: said, evidenced, foretold, and why."""

import datetime as dt
import re

import pytest

from flows.conftest import AS_OF, DAY
from flows.test_forecast import get, page, table
from torap.delivery import services as delivery
from torap.registry import services as registry
from torap.rules.known import AsKnown
from torap.runs.selectors import breaks_next, forecasts_of_places
from torap.runs.services import run_request

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture
def plot(foretold):
    """A plot in the hub, which is served by the two networks of the hub."""
    registry.place_save(
        by=foretold, code="plot-7", name={"en": "Plot 7"}, type="plot", parent="hub", region="KZ-47"
    )
    registry.claim_add(  # somebody spoke of it by the day, so it is known on it
        by=foretold, key="plot-7-state", subject="plot-7", attribute="status", text={"en": "Fenced"},
        source="gov-2025", said=D(2025, 11, 25),
    )  # fmt: skip
    for number, (kind, day, basis) in enumerate(
        (("electricity", D(2027, 1, 1), "promised"), ("water", D(2025, 11, 1), "evidenced"))
    ):
        registry.utility_entry_add(
            by=foretold, key=f"u{number}", place="hub", kind=kind, move="added", basis=basis, amount=40,
            effective_from=day, source="gov-2025",
        )  # fmt: skip
    run_request(by=foretold, known_on=DAY, trials=400, at_once=True)
    return foretold


def test_the_page_of_a_plot_tells_when_it_is_ready(client, plot):
    text = page(client, "places/plot-7/")
    ready = text[text.index('id="ready"') :]
    assert "Plot 7" in ready
    assert "all by 1 Jan 2027" in ready
    assert "1 of 2 networks" in ready
    assert "trials end" in ready
    assert "/en/forecast/why/plot/plot-7/" in ready
    assert "Nothing is known of it" not in text
    assert "Why this date" in page(client, "forecast/why/plot/plot-7/")


def test_of_a_plot_only_what_reaches_its_boundary_is_told(client, plot):
    text = page(client, "places/plot-7/")
    assert "No capacity figure has been published." not in text
    assert "Networks at the boundary" in text
    assert re.search(r"served by those of\s*<a href=\"/en/places/hub/[^\"]*#networks\">", text)
    registry.utility_entry_add(
        by=plot, key="u8", place="plot-7", kind="gas", move="added", basis="promised", amount=7,
        effective_from=D(2027, 1, 1), source="gov-2025",
    )  # fmt: skip
    table = page(client, "places/plot-7/").split('id="network-table"')[1].split("</table>")[0]
    assert "Gas" in table
    assert "Electricity" not in table


@pytest.fixture
def alone(plot):
    """`alone("promised", day)`: a plot in no place, with a network of its own."""

    def make(basis, day):
        registry.place_save(by=plot, code="plot-8", name={"en": "Plot 8"}, type="plot", region="KZ-47")
        registry.utility_entry_add(
            by=plot, key="u9", place="plot-8", kind="gas", move="added", basis=basis, amount=40,
            effective_from=day, source="gov-2025",
        )  # fmt: skip
        run_request(by=plot, known_on=DAY, trials=200, at_once=True)

    return make


def test_a_plot_without_a_date_says_so_and_never_zero(client, alone):
    alone("promised", D(2027, 1, 1))
    text = page(client, "places/plot-8/")
    ready = text[text.index('id="ready"') :]
    assert "no date was promised" in ready
    assert "No date was promised for it." in ready
    assert "to hold" not in ready[: ready.index("</table>")]


def test_a_plot_has_the_chance_of_the_day_that_was_promised_for_it(client, plot):
    delivery.milestone_save(
        by=plot, code="plot-7-complete", subject="plot-7", name={"en": "Plot handed over"}, type="complete"
    )
    delivery.promise_add(
        by=plot, milestone="plot-7-complete", as_said="2028-06-30", source="gov-2025", said=D(2025, 11, 25)
    )
    code = run_request(by=plot, known_on=DAY, trials=300, at_once=True).code
    text = page(client, "places/plot-7/")
    ready = text[text.index('id="ready"') :]
    assert "30 Jun 2028" in ready
    assert "Plot handed over" in ready
    assert "to hold" in ready
    (row,) = table(get(client, "forecast/all/", format="csv", kind="plot", run=code))
    assert (row["due"], row["due_by"]) == ("2028-06-30", "milestone:plot-7-complete")
    assert 0.0 < float(row["chance"]) < 1.0
    assert row["p50"] > "2026"
    assert not [one for one in breaks_next(AsKnown(DAY)).rows if one.line.kind == "plot"]


def test_a_plot_whose_networks_are_there_is_ready(client, alone):
    alone("evidenced", D(2025, 10, 1))
    assert "Ready since 1 Oct 2025, as evidence shows" in page(client, "places/plot-8/")


def test_the_place_around_lists_its_plots_and_its_networks(client, plot):
    text = page(client, "places/hub/")
    assert 'href="/en/places/plot-7/' in text[text.index('id="ready"') :] or "Plot 7" in text
    networks = text[text.index('id="network-table"') :]
    row = networks[networks.index("Electricity") :]
    row = row[: row.index("</tr>")]
    assert "promised for 1 Jan 2027" in row
    assert "P50" in row
    assert "/en/forecast/why/utility/hub/electricity/" in row
    assert "network: electricity" in page(client, "forecast/why/utility/hub/electricity/")


def test_forecasts_of_places_are_one_question(plot, django_assert_max_num_queries):
    known = AsKnown(DAY)
    assert forecasts_of_places([], known) == []
    with django_assert_max_num_queries(2):
        found = forecasts_of_places(["hub", "plot-7"], known)
    assert {line.key for line in found} == {"plot:plot-7", "utility:hub/electricity", "utility:hub/water"}
    assert AS_OF
