"""Many promises or reports at once are checked and recorded like single ones, or not written at all."""

import datetime as dt

import pytest

from torap.common.errors import BadInput, Conflict, NotAllowed, NotFound
from torap.common.models import User
from torap.common.permissions import system_user
from torap.delivery import services as delivery
from torap.delivery.models import Promise, StatusReport
from torap.ledger.proof import prove
from torap.registry import services as registry

D = dt.date
pytestmark = pytest.mark.django_db


@pytest.fixture
def port(db):
    by = system_user()
    registry.source_add(
        by=by, code="s", publisher="Press", source_class="press", title="T", published=D(2025, 6, 1)
    )
    registry.place_save(by=by, code="port", name={"en": "Port"}, type="port")
    delivery.milestone_save(by=by, code="port-open", subject="port", name={"en": "Open"}, type="open")


def promise(key, **more):
    row = {"key": key, "milestone": "port-open", "source": "s", "as_said": "by 2027", "said": D(2025, 5, 1)}
    return row | more


def report(key, **more):
    row = {"key": key, "milestone": "port-open", "source": "s", "state": "under_way", "said": D(2025, 5, 1)}
    return row | more


def test_rows_equal_those_added_one_by_one(port):
    delivery.promise_add_many(
        by=system_user(), rows=[promise("many.1"), promise("many.2", as_said="Q3 2026")]
    )
    delivery.report_add_many(by=system_user(), rows=[report("many.r")])
    delivery.promise_add(by=system_user(), **promise("single", as_said="Q3 2026"))
    columns = [
        name for name in (f.name for f in Promise._meta.fields) if name not in {"id", "key", "recorded_at"}
    ]
    many, single = (Promise.objects.values(*columns).get(key=key) for key in ("many.2", "single"))
    assert many == single
    assert StatusReport.objects.get(key="many.r").state == "under_way"
    assert prove().ok


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (promise("x", milestone="nowhere"), NotFound),
        (promise("x", source="nobody"), BadInput),
        (promise("x", as_said="some day"), BadInput),
        (promise("x", said=D(2025, 7, 1)), BadInput),
        (promise("good"), Conflict),
    ],
)
def test_one_wrong_row_keeps_all_out_and_is_named(port, row, error):
    with pytest.raises(error) as caught:
        delivery.promise_add_many(by=system_user(), rows=[promise("good"), row])
    assert caught.value.params["key"] == row["key"]
    assert not Promise.objects.exists()


def test_reports_are_checked_too(port):
    with pytest.raises(BadInput):
        delivery.report_add_many(by=system_user(), rows=[report("x", done_on=D(2025, 4, 1))])


@pytest.mark.parametrize("add", [delivery.promise_add_many, delivery.report_add_many])
def test_only_who_writes_of_every_body_may(port, add):
    with pytest.raises(NotAllowed):
        add(by=User.objects.create(username="reader"), rows=[])
