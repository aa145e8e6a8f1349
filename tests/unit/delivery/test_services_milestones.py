"""Writes about milestones: what is stored, what the ledger keeps, what is refused."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from torap.common.errors import BadInput, Conflict, NotAllowed, NotFound
from torap.common.models import Role
from torap.delivery import services
from torap.delivery.models import Milestone, Promise, StatusReport
from torap.ledger.models import Event
from torap.registry import services as registry
from torap.registry.selectors import place_get, search

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 11, 25)


def kinds(target):
    return list(Event.objects.filter(target=target).order_by("seq").values_list("kind", flat=True))


def test_milestone_save_records_only_changes(country):
    again = {"by": country.by, "code": country.milestone, "subject": "aktau_hub", "type": "open"}
    services.milestone_save(**again, name="Hub open", holder="min_transport")
    services.milestone_save(**again, name={"en": "Hub opened", "kk": "Хаб ашылды"}, holder="min_transport")
    assert kinds(f"milestone:{country.milestone}") == ["milestone.added", "milestone.changed"]
    event = Event.objects.latest("seq")
    assert event.before == {"name_en": "Hub open"}
    assert event.after == {"name_en": "Hub opened", "name_kk": "Хаб ашылды"}


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"subject": "nowhere"}, "unknown_reference", "subject"),
        ({"subject": ""}, "missing", "subject"),
        ({"type": "festival"}, "unknown_choice", "type"),
        ({"name": " "}, "english_missing", "name"),
        ({"holder": "nobody"}, "unknown_reference", "holder"),
        ({"code": "with space"}, "invalid.invalid", "code"),
    ],
)
def test_milestone_save_names_the_input_at_fault(country, change, code, field):
    values = {"code": "m", "subject": "aktau_hub", "name": "M", "type": "open"} | change
    with pytest.raises(BadInput) as caught:
        services.milestone_save(by=country.by, **values)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert Milestone.objects.count() == 1


def test_promise_words_are_read(promise):
    row = promise("2023-10-27", "Q2 2025", said_by="Minister")
    assert (row.earliest, row.latest) == (dt.date(2025, 4, 1), dt.date(2025, 6, 30))
    assert kinds("milestone:aktau_hub-open")[-1] == "promise.added"
    assert Event.objects.latest("seq").after["latest"] == "2025-06-30"


def test_promise_that_cannot_be_read_is_refused(promise):
    with pytest.raises(BadInput) as caught:
        promise("2023-10-27", "some day")
    assert (caught.value.code, caught.value.field) == ("bad_period", "as_said")
    assert not Promise.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"said": dt.date(2100, 1, 1)}, "said"),
        ({"said": (dt.date(2024, 1, 2), dt.date(2024, 1, 1))}, "said"),
        ({"source": "unknown"}, "source"),
        ({"earliest": dt.date(2025, 1, 2), "latest": dt.date(2025, 1, 1)}, "latest"),
        ({"as_said": ""}, "as_said"),
        ({"corrects": "no-such-key"}, "corrects"),
    ],
)
def test_promise_refusals(promise, more, field):
    with pytest.raises(BadInput) as caught:
        promise("2023-10-27", **({"as_said": "2025"} | more))
    assert caught.value.field == field
    assert not Promise.objects.exists()


def test_promise_of_unknown_milestone(promise):
    with pytest.raises(NotFound):
        promise("2023-10-27", "2025", milestone="nothing")


def test_promise_key_is_taken_once(promise):
    promise("2023-10-27", "2025", key="p1")
    with pytest.raises(Conflict):
        promise("2023-10-28", "2026", key="p1")


def test_promise_is_corrected_once_and_kept(promise, country):
    promise("2023-10-27", "2025", key="p1")
    new = services.promise_correct(by=country.by, key="p1", as_said="2026", source="paper", said=DAY)
    assert new.corrects.key == "p1"
    assert Promise.objects.count() == 2
    with pytest.raises(Conflict):
        services.promise_correct(by=country.by, key="p1", as_said="2027", source="paper", said=DAY)


@pytest.mark.parametrize("model", [Promise, StatusReport])
def test_database_refuses_to_change_what_was_said(promise, report, model):
    promise("2023-10-27", "2025")
    report("2025-04-28", "done")
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(said_by="somebody else")
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all()[0].delete()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"state": "finished"}, "state"),
        ({"state": "under_way", "done_on": DAY}, "done_on"),
        ({"percent": 101}, "percent"),
        ({"percent": -1}, "percent"),
    ],
)
def test_report_refusals(report, more, field):
    with pytest.raises(BadInput) as caught:
        report("2025-04-28", **({"state": "done"} | more))
    assert caught.value.field == field


def test_a_failed_event_takes_the_row_with_it(promise, monkeypatch):
    def fail(*args, **more):
        raise RuntimeError("ledger full")

    monkeypatch.setattr("torap.delivery.services.writing.ledger.record", fail)
    with pytest.raises(RuntimeError):
        promise("2023-10-27", "2025")
    assert not Promise.objects.exists()


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("coordinator", True),
        ("min_transport", True),  # holds the milestone
        ("builder", True),  # runs the place
        ("akimat", True),  # of the place's region
        ("min_industry", False),
        ("verifier", False),
        ("auditor", False),
        ("administrator", False),
        ("nobody", False),
    ],
)
def test_who_may_promise_and_report(request, promise, report, member, who, allowed):
    roles = {"coordinator", "verifier", "auditor", "administrator", "nobody"}
    by = request.getfixturevalue(who) if who in roles else member(who)
    for write in (
        lambda: promise("2024-01-01", "2025", by=by),
        lambda: report("2024-01-01", "under_way", by=by),
    ):
        if allowed:
            assert write().recorded_by == by.username
        else:
            with pytest.raises(NotAllowed):
                write()


# -- what stands is put right by who recorded it, and the first promise stays --


@pytest.mark.parametrize("kind", ["promise", "report"])
def test_the_holder_does_not_correct_away_what_others_recorded(promise, report, country, member, kind):
    add = {"promise": promise, "report": report}[kind]
    old = add("2023-10-27")
    holder = member("min_transport")
    with pytest.raises(NotAllowed, match="only_recorder_corrects"):
        add("2023-10-27", corrects=old.key, by=holder)
    own = add("2024-10-27", by=holder)
    assert add("2024-10-27", corrects=own.key, by=holder).corrects == own
    assert add("2023-10-27", corrects=old.key).corrects == old


def test_a_body_corrects_what_its_people_recorded(promise, member, person):
    old = promise("2023-10-27", "by 2090", by=member("min_transport"))
    fellow = person("fellow", Role.BODY_MEMBER, organisation="min_transport")
    with pytest.raises(NotAllowed):
        promise("2023-10-27", "by 2091", corrects=old.key, by=member("builder"))
    assert promise("2023-10-27", "by 2091", corrects=old.key, by=fellow).corrects == old


def test_the_first_promise_is_put_right_as_said_then_and_before_its_day(promise, member):
    """Else whoever is late would write the promise anew."""
    holder = member("min_transport")
    passed = promise("2023-10-27", "2024", by=holder)
    with pytest.raises(NotAllowed, match="moves_yardstick"):
        promise("2023-10-27", "by 2090", by=holder, corrects=passed.key)
    promise("2023-10-27", "by 2090", corrects=passed.key)  # a coordinator


@pytest.mark.parametrize("change", [{"said": dt.date(2024, 1, 1)}, {"source": "minutes"}])
def test_a_correction_of_the_first_promise_says_what_was_said_then(promise, member, change):
    holder = member("min_transport")
    first = promise("2023-10-27", "by 2090", by=holder)
    with pytest.raises(NotAllowed, match="moves_yardstick"):
        promise("2023-10-27", "by 2095", by=holder, corrects=first.key, **change)


def test_only_a_coordinator_moves_the_yardstick_back(promise, member):
    promise("2023-10-27", "2025")
    holder = member("min_transport")
    for said, words in (("2023-10-26", "2027"), ("2023-10-27", "2024")):
        with pytest.raises(NotAllowed, match="moves_yardstick"):
            promise(said, words, by=holder)
    promise("2023-10-26", "2030", by=holder, yardstick=False)  # a horizon measures nothing
    promise("2023-10-28", "2026", by=holder)
    promise("2023-01-01", "2024")


def test_the_first_promise_is_not_corrected_away_once_it_moved(promise, member):
    """Not even by whoever recorded it: neither by a later word nor by an earlier day for one's own."""
    holder = member("min_transport")
    first = promise("2023-10-27", "by 2090", by=holder)
    first = promise(
        "2023-10-27", "by 2091", by=holder, corrects=first.key
    )  # a slip of the pen, nothing moved yet
    second = promise("2024-10-27", "2027", by=holder)
    for change in (
        {"corrects": first.key, "said": dt.date(2023, 10, 27)},
        {"corrects": first.key, "said": dt.date(2023, 10, 27), "yardstick": False},
        {"corrects": second.key, "said": dt.date(2020, 1, 1)},
    ):
        with pytest.raises(NotAllowed, match="moves_yardstick"):
            promise("2023-10-27", "2030", by=holder, **change)
    promise("2024-10-27", "2028", by=holder, corrects=second.key)
    promise("2023-10-27", "2025", corrects=first.key)  # a coordinator


def test_nothing_is_said_after_its_source(promise, report, country):
    for write in (promise, report):
        with pytest.raises(BadInput) as caught:
            write("2025-11-27", source="minutes")
        assert (caught.value.code, caught.value.field) == ("after_source", "said")
        write("2025-11-26", source="minutes")


def test_a_milestone_of_another_body_is_not_written_over(country, member):
    """The holder given in the call is not the one who may change it: the row that stands decides."""
    grab = {"code": country.milestone, "subject": "aktau_hub", "name": "Ours now", "type": "open"}
    with pytest.raises(NotAllowed):
        services.milestone_save(by=member("min_industry"), **grab, holder="min_industry")
    assert Milestone.objects.get().holder.code == "min_transport"
    services.milestone_save(by=member("builder"), **grab, holder="builder")  # runs the hub


def test_a_milestone_stays_with_its_subject(country):
    with pytest.raises(BadInput, match="stays_where_it_is"):
        services.milestone_save(by=country.by, code=country.milestone, subject="builder", name="Hub open")


def test_a_race_for_a_key_is_a_conflict(promise, monkeypatch):
    promise("2023-10-27", key="k")
    monkeypatch.setattr("torap.delivery.services.writing.new_key", lambda *a: "k")
    with pytest.raises(Conflict, match="changed_meanwhile"):
        promise("2023-10-28", key="k")


def test_a_race_for_a_code_is_a_conflict(country, monkeypatch):
    monkeypatch.setattr("torap.delivery.services.writing.locked", lambda *a: None)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        services.milestone_save(by=country.by, code=country.milestone, subject="aktau_hub", name="Again")


def test_a_milestone_is_found_at_once(country):
    assert "aktau_hub-open" in {hit.code for hit in search("hub open")}
    services.milestone_save(
        by=country.by, code=country.milestone, subject="aktau_hub", name={"en": "Opened", "ru": "Открыт"}
    )
    assert [hit.name for hit in search("открыт")] == ["Aktau hub: Opened"]


def test_a_promise_tells_of_what_is_to_come(promise, country):
    with pytest.raises(BadInput) as caught:
        promise("2023-10-27", "2019")
    assert (caught.value.code, caught.value.field) == ("promised_past", "as_said")
    assert promise("2023-10-27", "Q4 2023").latest == dt.date(2023, 12, 31)


def test_a_report_tells_of_what_was(report):
    with pytest.raises(BadInput) as caught:
        report("2025-04-28", "done", done_on=dt.date(2025, 4, 29))
    assert (caught.value.code, caught.value.field) == ("done_after_said", "done_on")
    assert report("2025-04-28", "done", done_on=dt.date(2025, 4, 28)).done_to == dt.date(2025, 4, 28)


def test_milestones_are_found_by_the_new_name_of_their_place(country, promise):
    promise("2023-10-27")
    place = place_get("aktau_hub")
    registry.place_save(
        by=country.by, code="aktau_hub", name="Mangystau gate", type=place.type, region=place.region_id
    )
    assert country.milestone in {hit.code for hit in search("Mangystau gate") if hit.kind == "milestone"}
