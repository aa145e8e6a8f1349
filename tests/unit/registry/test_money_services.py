"""Many amounts at once are checked and recorded like single ones, or not written at all."""

import datetime as dt

import pytest

from torap.common.errors import BadInput, Conflict, NotAllowed
from torap.common.models import User
from torap.common.permissions import system_user
from torap.ledger.proof import prove
from torap.registry import services as registry
from torap.registry.models import MoneyEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant(db):
    by = system_user()
    registry.source_add(
        by=by, code="s", publisher="Press", source_class="press", title="T", published=dt.date(2025, 6, 1)
    )
    registry.project_save(by=by, code="plant", name={"en": "Plant"}, type="investment")


def amount(key, **more):
    row = {
        "key": key,
        "project": "plant",
        "stage": "announced",
        "amount": 10,
        "currency": "USD",
        "source": "s",
    }
    return row | more


def test_amounts_equal_those_added_one_by_one(plant):
    registry.money_add_many(by=system_user(), rows=[amount("many.1"), amount("many.2", stage="agreed")])
    registry.money_add(by=system_user(), **amount("single"))
    columns = [f.name for f in MoneyEntry._meta.fields if f.name not in {"id", "key", "recorded_at"}]
    many, single = (MoneyEntry.objects.values(*columns).get(key=key) for key in ("many.1", "single"))
    assert many == single
    assert prove().ok


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (amount("x", project="nowhere"), BadInput),
        (amount("x", source="nobody"), BadInput),
        (amount("x", amount=-1), BadInput),
        (amount("x", currency="usd"), BadInput),
        (amount("x", stage="hoped"), BadInput),
        (amount("good"), Conflict),
    ],
)
def test_one_wrong_amount_keeps_all_out_and_is_named(plant, row, error):
    with pytest.raises(error) as caught:
        registry.money_add_many(by=system_user(), rows=[amount("good"), row])
    assert caught.value.params["key"] == row["key"]
    assert not MoneyEntry.objects.exists()


def test_only_who_writes_of_every_project_may(plant):
    with pytest.raises(NotAllowed):
        registry.money_add_many(by=User.objects.create(username="reader"), rows=[])
