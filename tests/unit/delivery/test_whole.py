"""The states of a country are read once between two changes, and a page can know whether they were."""

import datetime as dt

import pytest

from torap.common.permissions import system_user
from torap.delivery.selectors import country_at_hand, country_states
from torap.ledger.services import record
from torap.rules.known import AsKnown

pytestmark = pytest.mark.django_db
KNOWN = AsKnown(day=dt.date(2025, 12, 31))


def test_the_country_is_at_hand_once_it_was_read_until_something_changes():
    record("test.happened", by=system_user(), target="test:1", after={"n": 1})
    assert not country_at_hand(KNOWN)
    country_states(KNOWN)
    assert country_at_hand(KNOWN)
    assert not country_at_hand(AsKnown(day=dt.date(2025, 12, 30)))
    record("test.happened", by=system_user(), target="test:2", after={"n": 2})
    assert not country_at_hand(KNOWN)
