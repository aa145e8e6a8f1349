"""Runs are computed once, never edited, and computed again give the same; scenarios touch nothing else."""

import datetime as dt
import hashlib
import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import override

from torap.common.errors import BadInput, NotAllowed
from torap.common.models import Role
from torap.common.triggers import drop_append_only_sql
from torap.delivery import services as delivery
from torap.engines.errors import EngineInputError
from torap.ledger.proof import prove
from torap.runs import jobs, selectors, tasks, worker
from torap.runs.adapters.compute import computed, settings_of
from torap.runs.frozen import sha256_of, unpack
from torap.runs.models import Forecast, Run, RunResult, RunState, Scenario
from torap.runs.services import (
    executing,
    requests,
    run_execute,
    run_request,
    runs_resume,
    scenario_change,
    scenario_discard,
    scenario_save,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 1, 15)
DELAY = [{"op": "delay", "node": "milestone:hub-hall", "months": 6}]


def faults():
    """What the ledger finds wrong with the tables of the runs (people of the tests are made past it)."""
    return [one for one in prove().faults if one.table.startswith("runs_")]


def test_a_run_is_frozen_computed_and_told(country, forecast):
    assert (forecast.state, forecast.percent, forecast.known_on) == ("done", 100.0, DAY)
    row = Run.objects.get(code=forecast.code)
    assert sha256_of(unpack(row.content)) == row.sha256 == forecast.sha256
    assert Forecast.objects.filter(run=row).count() == forecast.nodes
    assert faults() == []


def test_the_same_question_is_computed_once(country, forecast):
    again = run_request(by=country.by, known_on=DAY, trials=500, seed=7)
    assert again.code == forecast.code
    other = run_request(by=country.by, known_on=DAY, trials=500, seed=8)
    assert other.code == f"{forecast.code}-2"
    assert RunResult.objects.count() == 2


def test_computed_again_it_is_the_same_bit_for_bit(country, forecast):
    row = Run.objects.get(code=forecast.code)
    found = computed(unpack(row.content), settings_of(row.trials, row.seed, row.sampling))
    digest = sha256_of({"rows": [executing._plain(one) for one in found.rows]})
    assert unpack(row.result.content)["rows"] == digest
    kept = {one.key: one for one in Forecast.objects.filter(run=row)}
    for one in found.rows:
        assert {name: getattr(kept[one["key"]], name) for name in one} == one


def test_the_reader_language_plays_no_part(country, forecast):
    with override("ru"):
        assert run_request(by=country.by, known_on=DAY, trials=500, seed=7).code == forecast.code


def test_what_came_later_is_not_in_it(country, forecast):
    delivery.promise_add(
        by=country.by, milestone="hub-gas", as_said="2030", source="paper", said=DAY + dt.timedelta(days=1)
    )
    assert run_request(by=country.by, known_on=DAY, trials=500, seed=7).code == forecast.code


@pytest.mark.parametrize("table", ["runs_run", "runs_runresult", "runs_forecast"])
def test_the_database_refuses_to_edit_a_run(country, forecast, table):
    column = "kind" if table == "runs_run" else ("sha256" if table == "runs_runresult" else "basis")
    for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)


def test_a_forecast_altered_past_the_services_is_named(country, forecast):
    with connection.cursor() as cursor:
        for statement in drop_append_only_sql(connection.vendor, "runs_forecast"):
            cursor.execute(statement)
        cursor.execute("UPDATE runs_forecast SET chance = 0.99 WHERE key = 'milestone:hub-open'")
    found = [(one.code, one.table, one.field) for one in faults() if one.code != "guard_missing"]
    assert found == [("record_changed", "runs_runresult", "forecasts")]


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"known_on": dt.date(2999, 1, 1)}, "in_the_future", "known_on"),
        ({"trials": 0}, "out_of_range", "trials"),
        ({"sampling": "dice"}, "unknown_choice", "sampling"),
        ({"kind": "wish"}, "unknown_choice", "kind"),
        ({"clock": "sun"}, "unknown_choice", "clock"),
        ({"kind": "scenario"}, "missing", "scenario"),
        ({"kind": "scenario", "scenario": "none"}, "unknown_reference", "scenario"),
    ],
)
def test_questions_refused(country, more, code, field):
    with pytest.raises(BadInput) as refused:
        run_request(by=country.by, **{"known_on": DAY, **more})
    assert (refused.value.code, refused.value.field) == (code, field)
    assert Run.objects.count() == 0


def test_a_failure_is_told_and_may_be_tried_again(country, monkeypatch):
    def broken(*_args, **_more):
        raise EngineInputError("loop", where="a -> b", loop=["a", "b"])

    monkeypatch.setattr(executing, "computed", broken)
    run = run_request(by=country.by, known_on=DAY, trials=500)
    line = selectors.run_get(run.code)
    assert (line.state, line.error, line.error_params["loop"]) == ("failed", "loop", ["a", "b"])
    assert faults() == []
    monkeypatch.undo()
    assert run_request(by=country.by, known_on=DAY, trials=500).code == run.code
    assert selectors.run_get(run.code).done


def test_a_crash_is_told_without_its_words(country, monkeypatch):
    def broken(*_args, **_more):
        raise RuntimeError("secret")

    monkeypatch.setattr(executing, "computed", broken)
    monkeypatch.setattr(executing.log, "exception", lambda *_: None)
    line = selectors.run_get(run_request(by=country.by, known_on=DAY, trials=500).code)
    assert (line.error, line.error_params) == ("crashed", {"error": "RuntimeError"})


def waiting(country):
    return run_request(by=country.by, known_on=DAY, trials=200, at_once=False)


def test_progress_is_told_while_it_runs(country, monkeypatch):
    seen = []
    monkeypatch.setattr(executing, "BEAT_SECONDS", 0.0)
    original = executing.computed

    def slowly(content, settings, *, progress, watched):
        progress(0.25)
        seen.append(selectors.run_get(Run.objects.get().code))
        return original(content, settings, progress=progress, watched=watched)

    monkeypatch.setattr(executing, "computed", slowly)
    run_request(by=country.by, known_on=DAY, trials=200)
    assert (seen[0].state, seen[0].percent) == ("running", 25.0)


def test_a_run_is_claimed_once(country):
    run = waiting(country)
    assert executing._claim(run.code, "one")
    assert not executing._claim(run.code, "two")
    assert not run_execute(run.code, by=country.by)


def test_a_dead_worker_is_followed_and_writes_nothing_any_more(country):
    run = waiting(country)
    executing._claim(run.code, "dead")
    RunState.objects.update(beat_at=timezone.now() - 2 * executing.STALE)
    assert run_execute(run.code, by=country.by)
    assert not executing._finish(run, "dead", [], {}, 1.0, by=country.by)
    assert RunResult.objects.count() == 1
    assert selectors.run_get(run.code).done
    assert not run_execute(run.code, by=country.by)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_result(country):
    run = waiting(country)
    done = []

    def work():
        try:
            done.append(run_execute(run.code, by=country.by))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(done) == [False, True]
    assert RunResult.objects.count() == 1
    assert Forecast.objects.filter(run=run).count() == run.nodes


@pytest.mark.django_db(transaction=True)
def test_the_queue_does_what_waits_once(country, monkeypatch):
    monkeypatch.setattr(requests, "SMALL_NODES", 0)
    run = run_request(by=country.by, known_on=DAY, trials=200)
    assert selectors.run_get(run.code).state == "queued"
    assert worker.work_waiting() == 1
    assert selectors.run_get(run.code).done
    assert worker.work_waiting() == 0
    assert tasks.run_compute.call(run.code) is False


@pytest.mark.django_db(transaction=True)
def test_after_a_restart_what_waits_is_queued_again(country, monkeypatch):
    run = waiting(country)
    executing._claim(run.code, "dead")
    assert runs_resume(by=country.by) == []
    RunState.objects.update(beat_at=timezone.now() - 2 * executing.STALE)
    assert runs_resume(by=country.by) == [run.code]
    worker.work_waiting()
    assert selectors.run_get(run.code).done
    assert runs_resume(by=country.by) == []


def test_the_forecast_of_the_day_is_made_once(country):
    (made,) = jobs.forecast_today()
    assert selectors.run_get(made).known_on == timezone.localdate()
    assert jobs.forecast_today() == []
    assert jobs.backtest_today() == jobs.backtest_today()


def test_in_an_empty_country_no_forecast_is_made(system):
    assert jobs.forecast_today() == []


def fingerprint(*left_out):
    """A hash of every table but those left out."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names()) - set(left_out)):
            cursor.execute(f'SELECT * FROM "{table}"')
            digest.update(repr((table, sorted(map(repr, cursor.fetchall())))).encode())
    return digest.hexdigest()


SCENARIO_TABLES = (
    *("runs_scenario", "runs_run", "runs_runstate", "runs_runresult", "runs_forecast"),
    *("ledger_event", "ledger_head", "sqlite_sequence"),
)


def test_a_scenario_leaves_the_live_data_as_it_is(country, forecast):
    before, all_before = fingerprint(*SCENARIO_TABLES), fingerprint()
    selectors.scenario_answer(forecast.code, DELAY)
    assert fingerprint() == all_before  # an answer stores nothing at all
    kept = scenario_save(by=country.by, title="Hall six months late", changes=DELAY, base=forecast.code)
    run = run_request(by=country.by, kind="scenario", scenario=kept.code, base=forecast.code)
    scenario_discard(by=country.by, code=kept.code)
    assert fingerprint(*SCENARIO_TABLES) == before
    assert selectors.run_get(run.code).done
    assert selectors.scenario_list() == []
    assert [row.code for row in selectors.scenario_list(discarded=True)] == [kept.code]
    assert faults() == []
    with pytest.raises(BadInput, match="discarded"):
        run_request(by=country.by, kind="scenario", scenario=kept.code, base=forecast.code)


def test_a_scenario_moves_what_waits_and_nothing_else(country, forecast):
    answer = selectors.scenario_answer(forecast.code, DELAY)
    moved = {row.key: row for row in answer.moved}
    assert set(moved) == {"milestone:hub-hall", "milestone:hub-open", "milestone:hub-full"}
    assert moved["milestone:hub-hall"].p50_days == 181
    assert moved["milestone:hub-hall"].p80_days == 181
    assert 0 <= moved["milestone:hub-open"].p50_days <= 181
    assert moved["milestone:hub-hall"].chance_change <= 0
    assert answer.same == forecast.nodes - 3
    assert answer.counts == {"milestone": 3}
    run = run_request(by=country.by, kind="scenario", base=forecast.code, scenario=scenario_save(
        by=country.by, title="Late", changes=DELAY, base=forecast.code).code)  # fmt: skip
    compared = selectors.run_compare(forecast.code, run.code)
    assert {row.key: row.p50_days for row in compared.moved} == {k: r.p50_days for k, r in moved.items()}
    assert compared.same_numbers
    assert not compared.same_input


def test_a_change_that_does_not_apply_is_refused(country, forecast):
    with pytest.raises(BadInput, match="unknown_reference"):
        selectors.scenario_answer(forecast.code, [{"op": "delay", "node": "milestone:moon", "days": 3}])


def test_a_scenario_is_changed_by_its_owner(country, forecast):
    kept = scenario_save(by=country.by, title="Хаб", changes=DELAY, base=forecast.code)
    assert kept.code == "scenario"
    more = [*DELAY, {"op": "speed_up", "node": "milestone:hub-gas", "days": 20}]
    scenario_change(by=country.by, code=kept.code, base=forecast.code, changes=more, title="Hub")
    assert selectors.scenario_get(kept.code).title == "Hub"
    assert len(selectors.scenario_get(kept.code).changes) == 2
    assert faults() == []
    second = scenario_save(by=country.by, title="Хаб", changes=DELAY, base=forecast.code)
    assert second.code == "scenario-2"
    scenario_discard(by=country.by, code=kept.code)
    with pytest.raises(BadInput, match="discarded"):
        scenario_change(by=country.by, code=kept.code, base=forecast.code, title="Again")


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"title": " "}, "missing", "title"),
        ({"changes": []}, "missing", "changes"),
        ({"changes": DELAY * 201}, "too_many", "changes"),
        ({"base": "none"}, "unknown_reference", "base"),
    ],
)
def test_scenarios_refused(country, forecast, more, code, field):
    values = {"title": "T", "changes": DELAY, "base": forecast.code, **more}
    with pytest.raises(BadInput) as refused:
        scenario_save(by=country.by, **values)
    assert (refused.value.code, refused.value.field) == (code, field)


ROLES = {
    "run": {Role.COORDINATOR, Role.ADMINISTRATOR, Role.BODY_MEMBER, Role.MANAGING_COMPANY},
    "scenario": {Role.COORDINATOR, Role.ADMINISTRATOR, Role.BODY_MEMBER, Role.MANAGING_COMPANY},
}


@pytest.mark.parametrize("role", [*Role.values, ""])
def test_who_may_ask_and_who_may_keep(country, forecast, person, role):
    someone = person(f"some-{role or 'nobody'}", role, organisation="builder" if role else "")
    theirs = scenario_save(by=country.by, title="Theirs", changes=DELAY, base=forecast.code)

    def allowed(action):
        try:
            action()
        except NotAllowed:
            return False
        return True

    values = {"by": someone, "changes": DELAY, "base": forecast.code}
    may_run, may_keep = role in ROLES["run"], role in ROLES["scenario"]
    assert allowed(lambda: run_request(by=someone, known_on=DAY, trials=100)) == may_run
    assert allowed(lambda: run_execute(forecast.code, by=someone)) == may_run
    assert allowed(lambda: runs_resume(by=someone)) == may_run
    assert allowed(lambda: scenario_save(title="Own", **values)) == may_keep
    own = Scenario.objects.filter(owner=someone.username).first()
    if own is not None:
        assert allowed(lambda: scenario_change(by=someone, code=own.code, base=forecast.code, title="New"))
        assert allowed(lambda: scenario_discard(by=someone, code=own.code))
    any_of = role == Role.COORDINATOR
    change = {"by": someone, "code": theirs.code}
    assert allowed(lambda: scenario_change(base=forecast.code, title="Mine now", **change)) == any_of
    assert allowed(lambda: scenario_discard(**change)) == any_of
