"""Which text of the law rules a case."""

import datetime as dt

import pytest

from torap.countries import load_procedure
from torap.rules.errors import NoEdition
from torap.rules.obligations.editions import chosen_edition
from torap.rules.obligations.model import Event

TODAY = dt.date(2026, 11, 22)


def test_the_first_event_decides():
    procedure = load_procedure("P06e")
    events = [Event(name="filed", on=dt.date(2026, 8, 1)), Event(name="filed", on=dt.date(2026, 6, 1))]
    assert chosen_edition(procedure, events, {}, TODAY).id == "242, until 2026-06-30"


def test_without_events_the_year_given_decides_and_else_the_day():
    procedure = load_procedure("P05a")
    assert chosen_edition(procedure, [], {}, TODAY) is procedure.editions[-1]
    with pytest.raises(NoEdition):
        chosen_edition(procedure, [], {"year": "2024"}, TODAY)
