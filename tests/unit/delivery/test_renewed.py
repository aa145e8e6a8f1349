"""What was read before is kept but for what was recorded since, and is what a reading anew would give."""

import dataclasses
import datetime as dt

import pytest
from django.db import models, transaction
from django.utils import timezone

from torap.delivery import services
from torap.delivery.selectors import country_states, whole
from torap.delivery.selectors.renewed import MOST_TOUCHED, touched
from torap.ledger.memo import apart, forget
from torap.ledger.selectors import EventRow, event_list, events_between, head_now
from torap.registry import services as registry
from torap.rules.known import AsKnown

pytestmark = pytest.mark.django_db
SAID = {"source": "minutes", "said": dt.date(2025, 11, 20)}
TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def _nothing_kept():
    forget()
    yield
    forget()


@pytest.fixture
def read(monkeypatch):
    """How often the whole country was read."""
    seen, really = [], whole._states

    def reading(known, subjects=None):
        seen.append(known)
        return really(known, subjects)

    monkeypatch.setattr(whole, "_states", reading)
    return seen


def deep(value):
    """A state with all it holds, rows by their columns and what hangs on them."""
    if isinstance(value, models.Model):
        related = {name: deep(one) for name, one in value._state.fields_cache.items()}
        return {
            field.attname: getattr(value, field.attname) for field in value._meta.concrete_fields
        } | related
    if dataclasses.is_dataclass(value):
        return {one.name: deep(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [deep(one) for one in value]
    if isinstance(value, dict):
        return {key: deep(one) for key, one in value.items()}
    return value


def fresh(known):
    """The states as the database alone tells them."""
    with apart():
        return country_states(known)


def order(by, code="order", **more):
    values = {
        "by": by,
        "code": code,
        "text": "Build it",
        "issuer": "government",
        "given": dt.date(2025, 11, 1),
    }
    values |= {"deadline_kind": "date", "deadline_on": dt.date(2026, 3, 1)}
    values |= {"subjects": ["aktau_hub"], "executors": [("min_transport", "lead")]}
    return services.instruction_save(**values | SAID | more)


def writes(by):
    """What people record from day to day, one after the other."""
    hub, gate = {"by": by, "milestone": "aktau_hub-open"}, {"by": by, "code": "gate", "subject": "aktau_hub"}
    stuck = {"by": by, "code": "stuck", "text": "No land", "blocks": "aktau_hub", "said": SAID["said"]}
    done = {"by": by, "milestone": "gate", "state": "done", "done_on": dt.date(2025, 11, 1), **SAID}
    return (
        lambda: services.promise_add(**hub, as_said="2027", key="first", **SAID),
        lambda: services.promise_add(**hub, as_said="2028", **SAID | {"said": dt.date(2025, 11, 24)}),
        lambda: services.report_add(**hub, state="under_way", **SAID),
        lambda: services.milestone_save(**gate, name="Gate", type="part", holder="min_industry"),
        lambda: services.promise_add(by=by, milestone="gate", as_said="2026", **SAID),
        lambda: services.milestone_save(**gate, name="The gate", type="part", holder="min_transport"),
        lambda: services.obstacle_save(**stuck, holder="akimat"),
        lambda: services.report_add(**done),
        lambda: order(by),
        lambda: order(by, "older", given=dt.date(2025, 10, 1)),
        lambda: services.instruction_respond(
            by=by, instruction="order", organisation="min_transport", text="Done", said_state="done"
        ),
        lambda: order(by, executors=[("min_industry", "lead")]),
        lambda: services.obstacle_remove(by=by, obstacle="stuck"),
        lambda: services.promise_correct(by=by, key="first", as_said="2026", **SAID),
    )  # fmt: skip


@pytest.mark.parametrize(
    "known", [AsKnown(TODAY), AsKnown(dt.date(2025, 11, 22)), AsKnown(TODAY, "recorded")]
)
def test_what_was_recorded_since_is_read_and_nothing_else(country, read, known):
    country_states(known)
    assert len(read) == 1
    for number, write in enumerate(writes(country.by)):
        write()
        found = country_states(known)
        read_before = len(read)
        assert deep(found) == deep(fresh(known)), f"write {number}"
        assert len(read) == read_before + 1, "only the proof read everything"
        del read[-1]
    assert len(read) == 1


@pytest.mark.parametrize(
    "write",
    [
        lambda by: registry.organisation_save(by=by, code="min_transport", name="Transport", type="ministry"),
        lambda by: registry.calendar_edit_add(
            by=by, day=dt.date(2025, 12, 1), working=False, known_from=dt.date(2025, 11, 1), kind="holiday",
            title="Feast", source_title="Act",
        ),
        lambda by: services.evidence_add(
            by=by, type="document", shows_on=dt.date(2025, 11, 1), title="Act", given_by="builder",
            milestone="aktau_hub-open", url="https://example.org/act",
        ),
    ],
)  # fmt: skip
def test_where_it_cannot_be_told_what_is_touched_everything_is_read(country, read, write):
    known = AsKnown(TODAY)
    country_states(known)
    write(country.by)
    assert deep(country_states(known)) == deep(fresh(known))
    assert len(read) == 3


def test_what_touches_no_state_keeps_them_as_they_are(country, read):
    known = AsKnown(TODAY)
    before = country_states(known)
    registry.place_save(by=country.by, code="new_hub", name="New", type="hub", region="KZ-47")
    assert country_states(known) is before
    assert len(read) == 1


def test_what_was_taken_back_is_not_kept(country, read):
    known = AsKnown(TODAY)
    promise = {"by": country.by, "milestone": "aktau_hub-open", "as_said": "2027"}
    with transaction.atomic():
        services.promise_add(**promise, **SAID)
        assert country_states(known).milestones[0].promises
        transaction.set_rollback(True)
    services.report_add(by=country.by, milestone="aktau_hub-open", state="under_way", **SAID)
    assert not country_states(known).milestones[0].promises
    assert deep(country_states(known)) == deep(fresh(known))


def test_events_between_two_heads(country):
    _seq, first = head_now()
    services.promise_add(by=country.by, milestone="aktau_hub-open", as_said="2027", **SAID)
    services.report_add(by=country.by, milestone="aktau_hub-open", state="under_way", **SAID)
    _seq, last = head_now()
    assert [event.kind for event in events_between(first, last, most=2)] == ["promise.added", "report.added"]
    assert events_between(first, last, most=1) is None
    assert events_between(last, first, most=9) is None
    assert events_between("none", last, most=9) is None


def test_of_too_much_or_unknown_kinds_nothing_is_told():
    def event(kind, target="", after=None):
        return EventRow(
            seq=1, at=timezone.now(), actor="x", kind=kind, target=target, before=None, after=after, hash=""
        )

    assert touched([event("odd.changed")]) is None
    assert touched([event("promise.added", after={})]) is None
    assert touched([event("instruction.answered", "event:1", after={})]) is None
    assert touched([event("instruction.answered", "event:1", {"instruction": "o"})]).instructions == {"o"}
    many = [event("milestone.changed", f"milestone:m{at}") for at in range(MOST_TOUCHED + 1)]
    assert touched(many) is None
    assert touched(many[1:]).milestones == {one.code for one in many[1:]}
    assert not touched([event("run.done"), event("place.added"), event("claim.corrected")])
    assert event_list().rows == []
