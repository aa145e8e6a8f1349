"""A large run is asked for with a question that costs little; its input is read later, as of the asking."""

import datetime as dt
import threading

import pytest
from django.utils import timezone

from torap.common.errors import BadInput, NotAllowed
from torap.common.models import Role
from torap.delivery import services as delivery
from torap.delivery.selectors import network_larger
from torap.engines.schedule.plan import Activity, Plan
from torap.engines.schedule.worktime import STANDARD_WEEK, CalendarSpec, minutes
from torap.ledger.proof import prove
from torap.ledger.selectors import event_list, head_now
from torap.registry import services as registry
from torap.rules.known import AsKnown
from torap.runs import reading_tasks, selectors, worker
from torap.runs.adapters.network import frozen_network
from torap.runs.frozen import sha256_of
from torap.runs.models import RequestState, Run, RunRequest, RunResult, RunState, State
from torap.runs.services import (
    asking,
    freezing,
    holding,
    request_stop,
    requests_resume,
    run_ask,
    run_request,
    run_stop,
    runs_resume,
    scenario_change,
    scenario_save,
)

pytestmark = pytest.mark.django_db
DELAY = [{"op": "delay", "node": "milestone:hub-hall", "months": 6}]
TODAY = dt.date(2026, 1, 14)  # a day before the one asked about: what is said then is known on it
SAID = {"source": "paper", "said": TODAY}
HALL = {"en": "Hall", "ru": "hall по-русски", "kk": "hall қазақша"}


@pytest.fixture
def large(monkeypatch):
    """Every network is too large to be read while somebody waits."""
    monkeypatch.setattr(asking, "SMALL_NODES", 0)


@pytest.fixture
def asked(country, large):
    return run_ask(by=country.by, known_on=country.day, trials=200)


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch):
    """Who tells how far the reading is has a connection of its own, which sees nothing of a test's rows."""
    monkeypatch.setattr(freezing, "TELL_SECONDS", 60)


def frozen(known, until=None):
    return sha256_of(frozen_network(AsKnown(known.day, known.clock, until)))


def attach(by):
    start = minutes(dt.datetime(2026, 1, 5, 8))  # noqa: DTZ001
    plan = Plan(
        start=start, data_date=start, name="Gas", calendar="std",
        calendars={"std": CalendarSpec(id="std", week=STANDARD_WEEK)},
        activities=(Activity(id="A", name="Трубы", minutes=480), Activity(id="B", name="Gas", minutes=960)),
    )  # fmt: skip
    delivery.schedule_attach(
        by=by, milestone="hub-gas", plan=plan, file=b"{}", file_name="gas.json", format="json",
        profile="torap", finish_activity="B", said=TODAY, key="gas",
    )  # fmt: skip


def evidence(by, person):
    item = delivery.evidence_add(
        by=by, type="document", shows_on=TODAY, title="Act", given_by="akimat", milestone="hub-gas",
        url="https://example.org/act",
    )  # fmt: skip
    checker = person("checker", Role.VERIFIER, organisation="builder")
    delivery.evidence_verify(by=checker, evidence=item.pk, verdict="accepted", organisation="builder")


def writes(by, person):
    """Everything people record that a forecast knows of, one after the other, each said before the day asked
    about."""
    hall = {"code": "hub-hall", "subject": "hub", "name": HALL, "type": "complete"}
    order = {"code": "order", "text": "Build it", "issuer": "government", "given": TODAY, **SAID}
    order |= {"deadline_kind": "date", "deadline_on": dt.date(2026, 9, 1), "executors": [("akimat", "lead")]}
    link = {"before": "milestone:hub-gas", "after": "milestone:hub-open", "said": TODAY}
    drop = {"before": "milestone:hub-hall", "after": "milestone:hub-open", "why": "No", "said": TODAY}
    pipe = {"code": "no-pipe", "text": "No pipe", "blocks": "hub", "milestone": "hub-gas", "said": TODAY}
    mill = {"code": "mill", "name": "Mill", "type": "investment", "place": "hub", "said": TODAY}
    power = {"key": "mw", "effective_from": dt.date(2027, 1, 1)}
    power |= {"place": "hub", "kind": "electricity", "move": "added", "basis": "promised", "amount": 5}
    return (
        lambda: delivery.promise_add(by=by, milestone="hub-hall", as_said="2027", **SAID),
        lambda: delivery.report_add(by=by, milestone="hub-gas", state="done", done_on=TODAY, **SAID),
        lambda: delivery.milestone_save(by=by, **hall, holder="akimat", said=TODAY),
        lambda: delivery.milestone_save(by=by, code="hub-new", subject="hub", name="New", type="part"),
        lambda: delivery.promise_add(by=by, milestone="hub-new", as_said="2028", **SAID),
        lambda: evidence(by, person),
        lambda: delivery.instruction_save(by=by, **order, subjects=["hub"]),
        lambda: delivery.link_add(by=by, **link, lag=30),
        lambda: delivery.link_drop(by=by, **drop),
        lambda: delivery.obstacle_save(by=by, **pipe),
        lambda: registry.utility_entry_add(by=by, **power, **SAID),
        lambda: registry.project_save(by=by, **mill),
        lambda: attach(by),
    )  # fmt: skip


def test_a_small_one_is_computed_at_once(country):
    run = run_ask(by=country.by, known_on=country.day, trials=200)
    assert isinstance(run, Run)
    assert selectors.run_get(run.code).done
    assert not RunRequest.objects.exists()


def test_of_a_large_one_only_the_question_is_kept(country, large, monkeypatch):
    monkeypatch.setattr(freezing, "frozen_network", None)
    seq, head = head_now()
    row = run_ask(by=country.by, known_on=country.day, trials=200, title=" Big ")
    assert (row.title, row.read_seq, row.read_hash) == ("Big", seq, head)
    assert not Run.objects.exists()
    event = event_list().rows[0]
    assert (event.kind, event.target, event.actor) == ("run.asked", f"request:{row.code}", "coordinator")
    line = selectors.request_get(row.code)
    assert (line.state, line.percent, line.by, line.run) == ("queued", 0.0, "coordinator", "")
    assert [one.code for one in selectors.requests_open()] == [row.code]
    assert [one for one in prove().faults if one.table.startswith("runs_")] == []


def test_what_is_recorded_after_the_question_is_not_in_the_input(country, large, person, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    before = frozen(country.known)
    row = run_ask(by=country.by, known_on=country.day, trials=200)
    seen = {before}
    for number, write in enumerate(writes(country.by, person)):
        write()
        assert frozen(country.known, row.until) == before, f"write {number} is seen"
        seen.add(frozen(country.known))
    assert len(seen) >= 11, "what was recorded does change what is known now"
    code = freezing.request_freeze(row.code, by=country.by)
    run = Run.objects.get(code=code)
    assert (run.sha256, run.read_seq, run.recorded_by) == (before, row.read_seq, "coordinator")
    assert selectors.run_get(code).done
    assert selectors.request_get(row.code).run == code
    assert frozen(country.known) != before


def test_by_the_clock_of_the_books_nothing_later_counts_either(country, large):
    known = AsKnown(timezone.localdate(), "recorded")
    before, until = frozen(known), timezone.now()
    delivery.promise_add(by=country.by, milestone="hub-hall", as_said="2027", **SAID)
    delivery.milestone_save(by=country.by, code="hub-hall", subject="hub", name=HALL, type="part")
    assert frozen(known) != before
    assert frozen(known, until) == before


def test_two_questions_of_one_input_have_one_run(country, large, asked):
    again = run_ask(by=country.by, known_on=country.day, trials=200)
    assert again.code == asked.code, "asked again while nothing was recorded"
    delivery.promise_add(
        by=country.by, milestone="hub-hall", as_said="2027", source="paper", said=timezone.localdate()
    )
    later = run_ask(by=country.by, known_on=country.day, trials=200)
    assert later.code != asked.code
    codes = {freezing.request_freeze(row.code, by=country.by) for row in (asked, later)}
    assert len(codes) == 1, "what was said today was not known on that day"
    assert run_request(by=country.by, known_on=country.day, trials=200).code in codes
    assert Run.objects.count() == 1


def test_a_what_if_is_that_of_its_changes_when_it_was_asked(country, forecast, large):
    kept = scenario_save(by=country.by, title="Later", changes=DELAY, base=forecast.code)
    row = run_ask(by=country.by, kind="scenario", scenario=kept.code, base=forecast.code)
    assert (row.trials, row.seed, row.known_on) == (500, 7, country.day)
    other = [{**DELAY[0], "months": 12}]
    scenario_change(by=country.by, code=kept.code, base=forecast.code, changes=other)
    run = Run.objects.get(code=freezing.request_freeze(row.code, by=country.by))
    assert (run.base.code, run.scenario.code) == (forecast.code, kept.code)
    scenario_change(by=country.by, code=kept.code, base=forecast.code, changes=DELAY)
    assert (
        run_request(by=country.by, kind="scenario", scenario=kept.code, base=forecast.code).code == run.code
    )


@pytest.mark.django_db(transaction=True)
def test_the_queue_reads_and_computes(country, large):
    row = run_ask(by=country.by, known_on=country.day, trials=200)
    assert worker.work_waiting() == 1
    code = selectors.request_get(row.code).run
    assert selectors.run_get(code).done
    assert reading_tasks.request_read.call(row.code) == ""
    assert selectors.requests_open() == []


@pytest.mark.django_db(transaction=True)
def test_how_much_is_read_is_told_meanwhile_and_heard_that_it_is_stopped(country, large, monkeypatch):
    monkeypatch.setattr(freezing, "TELL_SECONDS", 0.02)
    row = run_ask(by=country.by, known_on=country.day, trials=200)
    seen = []

    def slowly(known, *, invented, tell):
        tell(0.4)
        for _ in range(1500):
            threading.Event().wait(0.02)
            seen.append(selectors.request_get(row.code).percent)
            if seen[-1] == 40.0 and len(set(seen)) > 0:
                RequestState.objects.filter(request=row, state=State.RUNNING).update(state=State.STOPPED)
            tell(0.4)
        raise AssertionError("nobody heard of it")

    monkeypatch.setattr(freezing, "frozen_network", slowly)
    monkeypatch.setattr(freezing, "read_input", lambda read: read())
    assert freezing.request_freeze(row.code, by=country.by) == ""
    assert 40.0 in seen
    assert selectors.request_get(row.code).state == "stopped"
    assert not Run.objects.exists()


def test_what_waits_is_stopped_and_can_be_asked_again(country, large, asked):
    assert request_stop(by=country.by, code=asked.code)
    assert not request_stop(by=country.by, code=asked.code)
    assert event_list().rows[0].kind == "run.stopped"
    assert freezing.request_freeze(asked.code, by=country.by) == ""
    again = run_ask(by=country.by, known_on=country.day, trials=200)
    assert again.code != asked.code
    assert freezing.request_freeze(again.code, by=country.by)


def test_stopped_at_the_last_moment_no_run_is_made(country, asked, monkeypatch):
    read = freezing.read_input

    def and_stop(reading):
        found = read(reading)
        request_stop(by=country.by, code=asked.code)
        return found

    monkeypatch.setattr(freezing, "read_input", and_stop)
    assert freezing.request_freeze(asked.code, by=country.by) == ""
    assert not Run.objects.exists()


def test_a_run_is_stopped_while_it_is_computed_and_computed_when_asked_again(country, monkeypatch):
    from_nothing = holding.beat
    run = run_request(by=country.by, known_on=country.day, trials=200, at_once=False)

    def stopping(rows, by, share):
        run_stop(by=country.by, code=run.code)
        return from_nothing(rows, by, share)

    monkeypatch.setattr("torap.runs.services.executing.beat", stopping)
    monkeypatch.setattr("torap.runs.services.executing.BEAT_SECONDS", 0.0)
    again = run_request(by=country.by, known_on=country.day, trials=200)
    assert (again.code, selectors.run_get(run.code).state) == (run.code, "stopped")
    assert not RunResult.objects.exists()
    assert selectors.coming_run(AsKnown(country.day)) is None
    monkeypatch.undo()
    run_request(by=country.by, known_on=country.day, trials=200)
    assert selectors.run_get(run.code).done
    assert not run_stop(by=country.by, code=run.code)
    assert RunState.objects.get().state == "done"


@pytest.mark.parametrize("role", [*Role.values, ""])
def test_who_may_ask_and_who_may_stop(country, large, person, role):
    someone = person(f"some-{role or 'nobody'}", role, organisation="builder" if role else "")
    theirs = run_ask(by=country.by, known_on=country.day, trials=100)
    run = run_request(by=country.by, known_on=country.day, trials=50, at_once=False)

    def allowed(action):
        try:
            action()
        except NotAllowed:
            return False
        return True

    may = role in {Role.COORDINATOR, Role.ADMINISTRATOR, Role.BODY_MEMBER, Role.MANAGING_COMPANY}
    assert allowed(lambda: run_ask(by=someone, known_on=country.day, trials=200)) == may
    assert allowed(lambda: requests_resume(by=someone)) == may
    assert allowed(lambda: freezing.request_freeze("none", by=someone)) == may
    for row in RunRequest.objects.filter(recorded_by=someone.username):
        assert allowed(lambda code=row.code: request_stop(by=someone, code=code))
    any_of = role in {Role.COORDINATOR, Role.ADMINISTRATOR}
    assert allowed(lambda: request_stop(by=someone, code=theirs.code)) == any_of
    assert allowed(lambda: run_stop(by=someone, code=run.code)) == any_of


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"kind": "backtest"}, "unknown_choice", "kind"),
        ({"known_on": dt.date(2199, 1, 1)}, "in_the_future", "known_on"),
        ({"trials": 0}, "out_of_range", "trials"),
        ({"kind": "scenario"}, "missing", "scenario"),
        ({"base": "none"}, "unknown_reference", "base"),
    ],
)
def test_questions_refused(country, large, more, code, field):
    with pytest.raises(BadInput) as caught:
        run_ask(by=country.by, **more)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert not RunRequest.objects.exists()


def test_an_input_that_cannot_be_read_says_why(country, asked, monkeypatch):
    monkeypatch.setattr(freezing.log, "exception", lambda *_: None)
    monkeypatch.setattr(freezing, "read_input", lambda read: 1 / 0)
    assert freezing.request_freeze(asked.code, by=country.by) == ""
    line = selectors.request_get(asked.code)
    assert (line.state, line.error, line.error_params) == (
        "failed",
        "crashed",
        {"error": "ZeroDivisionError"},
    )
    assert event_list().rows[0].kind == "run.failed"


def test_one_whose_worker_died_is_read_by_another_three_at_most(country, asked):
    for number in range(1, 4):
        assert holding.claim(RequestState.objects.all(), f"w{number}")
        assert requests_resume(by=country.by) == []
        RequestState.objects.update(beat_at=timezone.now() - 2 * holding.STALE)
        if number < 3:
            assert requests_resume(by=country.by) == [asked.code]
    assert requests_resume(by=country.by) == []
    line = selectors.request_get(asked.code)
    assert (line.state, line.error) == ("failed", "gave_up")
    assert runs_resume(by=country.by) == []


def test_how_large_a_network_is_told_without_reading_it(
    country, settings, tmp_path, django_assert_max_num_queries
):
    settings.MEDIA_ROOT = tmp_path
    with django_assert_max_num_queries(3):
        assert network_larger(6, invented=False)
    assert not network_larger(7, invented=False)
    assert not network_larger(0, invented=True)
    attach(country.by)
    assert not network_larger(7, invented=False)
