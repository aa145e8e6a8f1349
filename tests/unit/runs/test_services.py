"""Runs are computed once, never edited, and computed again give the same; scenarios touch nothing else."""

import datetime as dt
import hashlib
import threading
import time

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import override

from torap.common.errors import BadInput, Conflict, NotAllowed, NotFound
from torap.common.models import Role
from torap.common.triggers import drop_append_only_sql
from torap.delivery import services as delivery
from torap.engines.errors import EngineInputError
from torap.ledger.proof import prove
from torap.rules.known import AsKnown
from torap.runs import selectors, tasks, worker
from torap.runs.adapters.compute import computed, settings_of
from torap.runs.frozen import sha256_of, unpack
from torap.runs.models import Forecast, Run, RunResult, RunState, Scenario
from torap.runs.selectors import answers
from torap.runs.services import (
    executing,
    holding,
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
    RunState.objects.update(beat_at=timezone.now() - 2 * holding.STALE)
    assert run_execute(run.code, by=country.by)
    assert not executing._finish(run, "dead", [], {}, 1.0, by=country.by)
    assert RunResult.objects.count() == 1
    assert selectors.run_get(run.code).done
    assert not run_execute(run.code, by=country.by)


def test_what_ended_three_workers_is_given_up(country, monkeypatch):
    run = waiting(country)
    for number in range(1, 4):
        assert executing._claim(run.code, f"w{number}")
        RunState.objects.update(beat_at=timezone.now() - 2 * holding.STALE)
    assert not executing._claim(run.code, "w4")
    assert not run_execute(run.code, by=country.by)
    assert runs_resume(by=country.by) == []
    line = selectors.run_get(run.code)
    assert (line.state, line.error, line.error_params) == ("failed", "gave_up", {"attempts": 3})
    assert faults() == []
    assert run_request(by=country.by, known_on=DAY, trials=200).code == run.code
    assert selectors.run_get(run.code).done
    assert RunState.objects.get().attempts == 1


def test_a_worker_that_died_once_is_followed(country, monkeypatch):
    run = waiting(country)
    executing._claim(run.code, "w1")
    RunState.objects.update(beat_at=timezone.now() - 2 * holding.STALE)
    assert runs_resume(by=country.by) == [run.code]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_cannot_tell_how_far_it_is_tells_that_it_lives(country, monkeypatch):
    monkeypatch.setattr(executing, "ALIVE_SECONDS", 0.05)
    run = waiting(country)
    executing._claim(run.code, "w1")
    before = timezone.now() - 2 * holding.STALE
    RunState.objects.update(beat_at=before)
    with executing._alive(run, "w1"):
        deadline = time.monotonic() + 30
        while RunState.objects.get().beat_at == before and time.monotonic() < deadline:
            time.sleep(0.05)
    assert RunState.objects.get().beat_at > before
    for one in [one for one in threading.enumerate() if one.name == f"alive-{run.code}"]:
        one.join(timeout=30)
        assert not one.is_alive()


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
    RunState.objects.update(beat_at=timezone.now() - 2 * holding.STALE)
    assert runs_resume(by=country.by) == [run.code]
    worker.work_waiting()
    assert selectors.run_get(run.code).done
    assert runs_resume(by=country.by) == []


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


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Сухой порт на полгода позже", "sukhoy-port-na-polgoda-pozzhe"),
        ("Қорғас: кешігу", "qorgas-keshigu"),
        ("Half a year later", "half-a-year-later"),
        ("港口延期", "what-if-0fdce0ab"),
        ("ж" * 59 + " хаб", "zh" * 30),
    ],
)
def test_a_what_if_has_an_address_of_its_own_words(country, forecast, title, code):
    kept = scenario_save(by=country.by, title=title, changes=DELAY, base=forecast.code)
    assert kept.code == code


def test_a_scenario_is_changed_by_its_owner(country, forecast):
    kept = scenario_save(by=country.by, title="Хаб", changes=DELAY, base=forecast.code)
    assert kept.code == "khab"
    more = [*DELAY, {"op": "speed_up", "node": "milestone:hub-gas", "days": 20}]
    scenario_change(by=country.by, code=kept.code, base=forecast.code, changes=more, title="Hub")
    assert selectors.scenario_get(kept.code).title == "Hub"
    assert len(selectors.scenario_get(kept.code).changes) == 2
    assert faults() == []
    second = scenario_save(by=country.by, title="Хаб", changes=DELAY, base=forecast.code)
    assert second.code == "khab-2"
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


def test_a_back_test_is_no_basis_of_a_what_if(country, forecast):
    other = run_request(by=country.by, kind="backtest", known_on=DAY)
    kept = scenario_save(by=country.by, title="T", changes=DELAY, base=forecast.code)
    for ask in (
        lambda: scenario_save(by=country.by, title="U", changes=DELAY, base=other.code),
        lambda: scenario_change(by=country.by, code=kept.code, title="U", base=other.code),
        lambda: run_request(by=country.by, kind="scenario", scenario=kept.code, base=other.code),
        lambda: selectors.scenario_answer(other.code, DELAY),
    ):
        with pytest.raises(BadInput) as refused:
            ask()
        assert (refused.value.code, refused.value.field) == ("not_a_basis", "base")


def test_what_is_invented_and_what_is_real_are_not_mixed(country, forecast):
    kept = scenario_save(by=country.by, title="T", changes=DELAY, base=forecast.code)
    Scenario.objects.update(invented=True)
    for ask in (
        lambda: run_request(by=country.by, kind="scenario", scenario=kept.code, base=forecast.code),
        lambda: scenario_change(by=country.by, code=kept.code, title="U", base=forecast.code),
    ):
        with pytest.raises(BadInput) as refused:
            ask()
        assert (refused.value.code, refused.value.field) == ("invented_mixed", "base")


def test_the_same_what_if_is_computed_once(country, forecast, monkeypatch):
    first = selectors.scenario_answer(forecast.code, DELAY)
    monkeypatch.setattr(answers, "computed", None)  # would fail
    assert selectors.scenario_answer(forecast.code, DELAY) is first
    monkeypatch.setattr(answers, "WAIT_SECONDS", 0.0)
    for _place in range(answers.AT_ONCE):
        assert answers._places.acquire(timeout=0)
    try:
        with pytest.raises(Conflict) as refused:
            selectors.scenario_answer(forecast.code, [{**DELAY[0], "days": 77}])
        assert refused.value.code == "busy"
        assert selectors.scenario_answer(forecast.code, DELAY) is first
    finally:
        for _place in range(answers.AT_ONCE):
            answers._places.release()
    with pytest.raises(BadInput) as refused:
        selectors.scenario_answer(forecast.code, DELAY * 201)
    assert refused.value.code == "too_many"
    with pytest.raises(BadInput) as refused:
        selectors.scenario_answer(forecast.code, [{"op": "\ud800"}])
    assert refused.value.code == "bad_characters"


def test_a_scenario_shows_its_runs_however_many_came_since(country, forecast, monkeypatch):
    kept = scenario_save(by=country.by, title="T", changes=DELAY, base=forecast.code)
    run = run_request(by=country.by, kind="scenario", scenario=kept.code, base=forecast.code)
    other = scenario_save(by=country.by, title="Other", changes=DELAY, base=forecast.code)
    Run.objects.bulk_create(
        Run(
            code=f"o-{number}", kind="scenario", known_on=DAY, seed=1, trials=1, sampling="plain", engine="e",
            nodes=1, content="", sha256="", key=f"k{number}", scenario=other, recorded_by="x",
        )
        for number in range(60)
    )  # fmt: skip
    assert [one.code for one in selectors.scenario_get(kept.code).runs] == [run.code]
    assert len(selectors.scenario_get(other.code).runs) == 60


def test_a_page_of_a_day_shows_no_run_or_scenario_of_a_later_one(country, forecast):
    kept = scenario_save(by=country.by, title="T", changes=DELAY, base=forecast.code)
    untried = scenario_save(by=country.by, title="U", changes=DELAY, base=forecast.code)
    run = run_request(by=country.by, kind="scenario", scenario=kept.code, base=forecast.code)
    same, before = AsKnown(DAY), AsKnown(DAY - dt.timedelta(days=1))
    then = AsKnown(DAY, "recorded")  # nothing of this was recorded by then
    codes = [[one.code for one in selectors.scenario_list(known)] for known in (same, before, then)]
    assert codes == [[untried.code, kept.code], [untried.code], []]
    assert selectors.run_get(run.code, same).code == run.code
    assert selectors.scenario_get(kept.code, same).runs
    for known in (before, then):
        for ask in (
            lambda known=known: selectors.run_get(run.code, known),
            lambda known=known: selectors.run_compare(run.code, forecast.code, known),
            lambda known=known: selectors.scenario_get(kept.code, known),
        ):
            with pytest.raises(NotFound):
                ask()


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
