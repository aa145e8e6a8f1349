"""The builder reads an address that names invented dates as one of the invented network."""

from types import SimpleNamespace

import pytest

from torap.web.scenarios import builder

KEY = "milestone:inv-0001-open"


@pytest.fixture
def asked(monkeypatch):
    """Nodes whose forecasts were asked for; those that begin like invented ones are invented."""
    found: list[str] = []

    def forecast_of(keys, known):
        found.extend(keys)
        return {key: SimpleNamespace(invented=":inv-" in key) for key in keys}

    monkeypatch.setattr(builder, "forecast_of", forecast_of)
    return found


def state(**query):
    return builder.state_of(query)


def test_a_date_of_the_invented_network_turns_the_builder_to_it(asked):
    assert builder.of_its_network(state(node=KEY), None).invented
    changes = f'[{{"op": "delay", "node": "{KEY}", "months": 6}}]'
    meant = builder.of_its_network(state(changes=changes), None)
    assert meant.invented
    assert meant.changes[0]["node"] == KEY


def test_real_dates_and_addresses_that_say_so_stay_as_they_are(asked):
    assert not builder.of_its_network(state(node="milestone:terminal-open"), None).invented
    del asked[:]
    assert builder.of_its_network(state(node=KEY, invented="1"), None).invented
    assert not builder.of_its_network(state(), None).invented
    assert not asked, "nothing was asked of the database"
