"""What a run keeps beside its dates, and what the digest of its forecasts holds."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from torap.common.models import Role
from torap.common.triggers import drop_append_only_sql
from torap.delivery import services as delivery
from torap.rules.known import AsKnown
from torap.runs import selectors
from torap.runs.kept import forecasts_of
from torap.runs.models import RunResult
from torap.runs.services import run_request

pytestmark = pytest.mark.django_db


def test_a_run_keeps_what_was_said_and_shown_apart_from_what_is_foretold(country, forecast, person):
    verifier = person("checker", Role.VERIFIER, organisation="akimat")
    item = delivery.evidence_add(
        by=country.by, type="document", shows_on=dt.date(2024, 12, 31), title="Act", given_by="builder", url="https://example.org/act",
        milestone="hub-power",
    )  # fmt: skip
    delivery.evidence_verify(by=verifier, evidence=item.pk, verdict="accepted", organisation="akimat")
    today = run_request(by=country.by, trials=100)
    told = {line.key: line for line in selectors.forecast_list(
        AsKnown(timezone.localdate()), selectors.ForecastFilters(run=today.code, open_only=False)
    ).rows}  # fmt: skip
    power, road, gas, hall = (told[f"milestone:hub-{name}"] for name in ("power", "road", "gas", "hall"))
    assert (power.said, power.done_by) == ("done", "shown")
    assert (road.said, road.done_by) == ("done", "said")
    assert (gas.said, gas.done_by) == ("under_way", "")
    assert (hall.said, hall.done_by, hall.due) == ("", "", dt.date(2026, 12, 31))
    found = selectors.run_compare(forecast.code, today.code)
    shift = next(row for row in found.moved if row.key == power.key)
    assert (shift.before.done_by, shift.after.done_by) == ("said", "shown")


def test_the_digest_of_an_older_run_holds_no_later_column(country, forecast):
    result = RunResult.objects.get(run__code=forecast.code)
    found = [forecasts_of(result)]
    with connection.cursor() as cursor:
        for statement in drop_append_only_sql(connection.vendor, "runs_forecast"):
            cursor.execute(statement)
        for change in (
            "done_by = NULL, said = NULL, due_by = NULL",
            "done_by = 'shown'",  # what a column that was not there holds is not looked at
            "mean_left = NULL, beyond = NULL",
        ):
            cursor.execute(f"UPDATE runs_forecast SET {change}")
            found.append(forecasts_of(result))
    assert found[1] == found[2]
    assert len(set(found)) == 3
