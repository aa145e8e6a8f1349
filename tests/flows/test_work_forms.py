"""Forms as people meet them: refusals beside their field, sent twice but written once, sources, texts."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from flows.work_country import address, make_person, number_of, source_of_today
from torap.delivery import services as delivery
from torap.delivery.models import Instruction, InstructionEvent, Milestone, Obstacle, Promise, StatusReport
from torap.delivery.selectors import instruction_get, milestone_get
from torap.registry.models import Claim, MoneyEntry, Source, UtilityEntry
from torap.rules.known import AsKnown
from torap.web.work.views.milestones import new_code

TODAY = timezone.localdate()
SAID = {"said": TODAY.isoformat(), "said_by": "Minister"}
PROMISE = {"as_said": "Q2 2090", "source": "minutes-now", "yardstick": "on", **SAID}


@pytest.fixture(autouse=True)
def _source(small_country):
    source_of_today(small_country)


@pytest.fixture
def by(client, small_country):
    """A coordinator who has signed in."""
    user = make_person("coordinator")
    client.force_login(user)
    return user


@pytest.fixture
def running(small_country):
    """An instruction that is due in ten days."""
    return delivery.instruction_save(
        by=small_country,
        code="I-now",
        text={"en": "Say what holds the hub up"},
        issuer="prime_minister",
        given=TODAY,
        deadline_kind="date",
        deadline_on=TODAY + dt.timedelta(days=10),
        executors=[("ministry", "lead"), ("akimat", "co")],
        source="minutes-now",
        said=TODAY,
    )


def _promise_page():
    return address("work_promise", "terminal-complete")


def test_more_time_is_offered_only_while_it_can_be_asked_for(client, small_country, running):
    client.force_login(make_person("body_member"))
    page = client.get(address("instruction", "I-now")).content.decode()
    assert address("work_extension", "I-now") in page
    page = client.get(address("instruction", "I-1")).content.decode()
    assert address("work_extension", "I-1") not in page
    assert "too late: it could be asked for until 21 Dec 2025" in page


def test_a_promise_is_added_and_told_of(client, by):
    answer = client.post(_promise_page(), PROMISE, follow=True)
    assert answer.status_code == 200
    assert "The promise stands beside the earlier ones." in answer.content.decode()
    promise = Promise.objects.get(milestone__code="terminal-complete", as_said="Q2 2090")
    assert (promise.earliest, promise.latest) == (dt.date(2090, 4, 1), dt.date(2090, 6, 30))
    assert promise.recorded_by == by.username


def test_a_form_sent_twice_is_written_once(client, by):
    number = number_of(client.get(_promise_page()))
    first = client.post(_promise_page(), {**PROMISE, "once": number})
    second = client.post(_promise_page(), {**PROMISE, "once": number}, follow=True)
    assert first.status_code == 302
    assert "it was written once" in second.content.decode()
    assert Promise.objects.filter(as_said="Q2 2090").count() == 1


def test_a_refused_form_can_be_corrected_and_sent_again(client, by):
    number = number_of(client.get(_promise_page()))
    refused = client.post(_promise_page(), {**PROMISE, "as_said": "soon", "once": number})
    assert refused.status_code == 422
    assert "cannot be read as a date" in str(refused.context["form"].errors["as_said"])
    assert client.post(_promise_page(), {**PROMISE, "once": number}).status_code == 302
    assert Promise.objects.filter(as_said="Q2 2090").count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"as_said": ""}, "as_said"),
        ({"source": ""}, "source"),
        ({"source": "new"}, "source"),
        ({"said": (TODAY + dt.timedelta(days=2)).isoformat()}, "said"),
        ({"said": "yesterday"}, "said"),
        ({"earliest": "2090-05-01", "latest": "2090-04-01"}, "latest"),
        ({"as_said": "x" * 201}, "as_said"),
        ({"said_until": "2020-01-01"}, "said"),
    ],
)
def test_a_wrong_value_is_refused_beside_its_field(client, by, change, field):
    before = Promise.objects.count()
    answer = client.post(_promise_page(), {**PROMISE, **change})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert Promise.objects.count() == before


@pytest.mark.parametrize(
    ("language", "words"), [("en", "cannot be read"), ("ru", "Добавить"), ("kk", "қосу")]
)
def test_the_form_speaks_the_readers_language(client, by, language, words):
    url = _promise_page().replace("/en/", f"/{language}/", 1)
    page = client.post(url, {**PROMISE, "as_said": "soon"}).content.decode()
    assert f'lang="{language}"' in page
    assert words in page


def test_a_promise_entered_wrongly_is_put_right_by_a_new_one(client, by):
    wrong = Promise.objects.get(milestone__code="terminal-complete", as_said="end of 2026")
    data = {**PROMISE, "as_said": "mid 2090", "corrects": wrong.key}
    assert client.post(_promise_page(), data).status_code == 302
    state = milestone_get("terminal-complete", AsKnown(TODAY))
    assert "end of 2026" not in [row.as_said for row in state.promises]
    assert Promise.objects.get(as_said="mid 2090").corrects == wrong
    again = client.post(_promise_page(), {**data, "as_said": "July 2026"})
    assert again.status_code == 422, "the corrected one is not offered any more"
    page = client.get(address("milestone", "terminal-complete")).content.decode()
    history = page.split('id="corrected"', 1)[1]
    assert "Put right since" in history
    struck = re.search(r"<s>(.*?)</s>", history)
    assert struck is not None
    assert struck[1] == "promised: Q4 2026"


def test_what_others_recorded_is_not_offered_to_be_put_right(client, small_country):
    client.force_login(make_person("body_member"))
    assert "corrects" not in client.get(_promise_page()).context["form"].fields
    assert client.post(_promise_page(), PROMISE).status_code == 302
    own = Promise.objects.get(as_said="Q2 2090")
    offered = client.get(_promise_page()).context["form"].fields["corrects"].choices
    assert [key for key, _words in offered] == ["", own.key]


def test_a_promise_that_would_be_the_first_is_left_to_a_coordinator(client, small_country):
    client.force_login(make_person("body_member"))
    answer = client.post(_promise_page(), {**PROMISE, "said": "2020-01-01"})
    assert answer.status_code == 403
    assert "This would change the first promise" in answer.content.decode()


def test_a_word_later_than_its_source_is_refused_beside_its_day(client, by):
    answer = client.post(_promise_page(), {**PROMISE, "source": "press-2024"})
    assert answer.status_code == 422
    assert "is later than the source" in str(answer.context["form"].errors["said"])


def test_an_executor_is_asked_for_no_day(client, running):
    client.force_login(make_person("body_member"))
    for name in ("work_response", "work_extension"):
        assert "happened_on" not in client.get(address(name, "I-now")).context["form"].fields
    client.force_login(make_person("coordinator"))
    assert "happened_on" in client.get(address("work_response", "I-now")).context["form"].fields


def test_what_a_form_adds_is_found_at_once(client, by):
    obstacle = {"text_en": "Dredging has not begun", "said": TODAY.isoformat()}
    client.post(address("work_obstacle", "hub"), obstacle)
    client.post(address("work_milestone", "hub"), {"name_en": "First icebreaker", "type": "other"})
    assert "Dredging has not begun" in client.get("/en/search/?q=dredging").content.decode()
    assert "First icebreaker" in client.get("/en/search/?q=icebreaker").content.decode()


def test_a_new_source_is_added_once_by_its_address(client, by):
    new = {
        "source": "new",
        "source_publisher": "Kursiv",
        "source_class": "press",
        "source_url": "https://example.org/new",
        "source_published": TODAY.isoformat(),
    }
    for words in ("Q3 2090", "Q4 2090"):
        assert client.post(_promise_page(), {**PROMISE, **new, "as_said": words}).status_code == 302
    source = Source.objects.get(url="https://example.org/new")
    assert (source.publisher, source.source_class, source.published_to) == (
        "Kursiv",
        "press",
        TODAY,
    )
    assert Promise.objects.filter(source=source).count() == 2


def test_a_code_made_of_cyrillic_words_can_be_read(client, by):
    new = {
        "source": "new", "source_publisher": "Үкімет баспасөзі", "source_class": "press",
        "source_title": "Жаңалықтар",
    }  # fmt: skip
    assert client.post(_promise_page(), {**PROMISE, **new}).status_code == 302
    source = Source.objects.get(publisher="Үкімет баспасөзі")
    assert source.code.startswith("ukimet-baspasozi-")
    assert client.post(_promise_page(), {**PROMISE, **new, "as_said": "2091"}).status_code == 302
    assert Source.objects.filter(publisher="Үкімет баспасөзі").count() == 1, "the same words, the same source"
    assert new_code("hub", "Порт открыт") == "hub-port-otkryt"
    assert new_code("hub", "Port opened") == "hub-port-opened"
    assert new_code("hub", "…") == "hub-milestone"


def test_a_new_source_says_what_it_lacks_and_nothing_is_written(client, by):
    answer = client.post(_promise_page(), {**PROMISE, "source": "new", "source_publisher": "Kursiv"})
    assert answer.status_code == 422
    assert {"source_class", "source_title"} <= set(answer.context["form"].errors)
    assert '<details class="explain" open' in answer.content.decode()
    assert not Source.objects.filter(publisher="Kursiv").exists()


def test_a_refused_promise_leaves_no_new_source_behind(client, by):
    new = {"source": "new", "source_publisher": "Kursiv", "source_class": "press", "source_title": "News"}
    answer = client.post(_promise_page(), {**PROMISE, **new, "as_said": "soon"})
    assert answer.status_code == 422
    assert not Source.objects.filter(publisher="Kursiv").exists()


def test_a_body_may_rest_on_its_own_statement(client, small_country):
    client.force_login(make_person("body_member"))
    url = address("work_report", "terminal-complete")
    for text in ("Piles", "Roof"):
        data = {"state": "part_done", "text_en": text, "source": "here:ministry", **SAID}
        assert client.post(url, data).status_code == 302
    source = Source.objects.get(code=f"here-ministry-{TODAY}")
    assert source.publisher == "Ministry of Transport"
    assert StatusReport.objects.filter(source=source).count() == 2
    stranger = client.post(url, {"state": "done", "source": "here:akimat", **SAID})
    assert stranger.status_code == 422


def test_a_text_in_one_language_is_kept_for_all_readers(client, by):
    url = address("work_report", "terminal-complete").replace("/en/", "/kk/", 1)
    data = {"state": "under_way", "text_kk": "Жұмыс жүріп жатыр", "source": "minutes-now", **SAID}
    assert client.post(url, data).status_code == 302
    report = StatusReport.objects.get(text_kk="Жұмыс жүріп жатыр")
    assert report.text_en == "Жұмыс жүріп жатыр"
    assert report.text_ru == ""


def test_a_done_day_needs_the_state_done(client, by):
    data = {"state": "under_way", "done_on": "2025-12-01", "source": "minutes-now", **SAID}
    answer = client.post(address("work_report", "terminal-complete"), data)
    assert answer.status_code == 422
    assert "done_on" in answer.context["form"].errors


def test_a_figure_with_a_range_and_its_correction(client, by):
    url = address("work_claim", "terminal")
    data = {
        "attribute": "capacity",
        "nature": "plan",
        "qualifier": "about",
        "low": "210",
        "high": "230",
        "unit": "thousand TEU/yr",
        "confidence": "medium",
        "source": "minutes-now",
        **SAID,
    }
    assert client.post(url, data).status_code == 302
    claim = Claim.objects.get(nature="plan")
    assert (claim.low, claim.high, claim.unit) == (210, 230, "thousand TEU/yr")
    assert client.post(url, {**data, "high": "240", "corrects": claim.key}).status_code == 302
    assert Claim.objects.get(corrects=claim).high == 240


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"unit": "MW"}, "unit"),
        ({"low": ""}, "low"),
        ({"low": "9", "high": "3"}, "low"),
        ({"low": "many"}, "low"),
        ({"about_from": "2025-01-01"}, "about_to"),
        ({"attribute": "nothing"}, "attribute"),
    ],
)
def test_a_wrong_figure_is_refused_beside_its_field(client, by, change, field):
    data = {
        "attribute": "capacity",
        "nature": "plan",
        "qualifier": "about",
        "low": "230000",
        "unit": "TEU/yr",
        "confidence": "medium",
        "source": "minutes-now",
        **SAID,
    }
    answer = client.post(address("work_claim", "terminal"), {**data, **change})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_money_and_capacity(client, by):
    money = {"stage": "committed", "qualifier": "exact", "amount": "5", "currency": "KZT"}
    url = address("work_money", "yard")
    assert client.post(url, {**money, "source": "minutes-now", **SAID}).status_code == 302
    assert MoneyEntry.objects.get(stage="committed").amount == 5
    assert client.post(url, {**money, "amount": "-5", "source": "minutes-now", **SAID}).status_code == 422
    capacity = {
        "kind": "electricity",
        "move": "taken",
        "basis": "evidenced",
        "amount": "5",
        "effective_from": "2025-12-01",
        "source": "minutes-now",
        **SAID,
    }
    short = client.post(address("work_utility", "hub"), capacity)
    assert short.status_code == 422
    assert "amount" in short.context["form"].errors
    assert client.post(address("work_utility", "hub"), {**capacity, "move": "added"}).status_code == 302
    assert UtilityEntry.objects.count() == 1


def test_a_milestone_is_added_but_never_written_over(client, by):
    url = address("work_milestone", "hub")
    data = {"name_en": "First train", "name_ru": "Первый поезд", "type": "open", "holder": "ministry"}
    assert client.post(url, data).status_code == 302
    milestone = Milestone.objects.get(name_en="First train")
    assert (milestone.subject.code, milestone.holder.code) == ("hub", "ministry")
    again = client.post(url, {**data, "name_ru": "Другое"})
    assert again.status_code == 409
    milestone.refresh_from_db()
    assert milestone.name_ru == "Первый поезд"


def test_an_obstacle_and_its_removal_once(client, by):
    data = {"text_en": "No road", "milestone": "hub-open", "holder": "akimat", "said": "2025-12-01"}
    assert client.post(address("work_obstacle", "hub"), data).status_code == 302
    obstacle = Obstacle.objects.get(text_en="No road")
    assert obstacle.milestone.code == "hub-open"
    url = address("work_removal", obstacle.code)
    assert client.post(url, {"happened_on": TODAY.isoformat(), "note": "Built"}).status_code == 302
    again = client.post(url, {"happened_on": TODAY.isoformat()})
    assert again.status_code == 409


def test_the_life_of_an_instruction(client, by, running):
    member = make_person("body_member")
    later = (TODAY + dt.timedelta(days=30)).isoformat()
    client.force_login(member)
    ask = {
        "organisation": "ministry",
        "new_deadline": later,
        "text_en": "Ice on the sea",
        "happened_on": TODAY.isoformat(),
    }
    assert client.post(address("work_extension", "I-now"), ask).status_code == 302
    client.force_login(by)
    shown = client.get(address("work_decision", "I-now")).content.decode()
    assert "asks for an extension" in shown
    assert "Ice on the sea" in shown
    assert later in shown, "the day asked for is proposed"
    refusal = {"decision": "refuse", "happened_on": TODAY.isoformat()}
    assert client.post(address("work_decision", "I-now"), refusal).status_code == 422, "reasons are missing"
    decision = {"decision": "extend", "new_deadline": later, "happened_on": TODAY.isoformat()}
    assert client.post(address("work_decision", "I-now"), decision).status_code == 302
    assert instruction_get("I-now", AsKnown(TODAY)).control.due >= dt.date.fromisoformat(later)
    client.force_login(member)
    answer = {
        "organisation": "ministry",
        "text_en": "Done",
        "said_state": "done",
        "happened_on": TODAY.isoformat(),
    }
    assert client.post(address("work_response", "I-now"), answer).status_code == 302
    client.force_login(by)
    page = client.get(address("work_close", "I-now")).content.decode()
    assert "closed without evidence" in page
    closing = {"ground": "executed", "happened_on": TODAY.isoformat()}
    assert client.post(address("work_close", "I-now"), closing).status_code == 302
    assert client.post(address("work_close", "I-now"), closing).status_code == 409
    kinds = [event.type for event in InstructionEvent.objects.filter(instruction=running).order_by("pk")]
    assert kinds == ["extension_requested", "extended", "answered", "closed"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"new_deadline": TODAY.isoformat()}, "new_deadline"),
        ({"text_en": ""}, "text_en"),
    ],
)
def test_a_request_for_time_is_refused_beside_its_field(client, running, change, field):
    client.force_login(make_person("body_member"))
    data = {
        "organisation": "ministry",
        "new_deadline": (TODAY + dt.timedelta(days=30)).isoformat(),
        "text_en": "Ice",
    }
    answer = client.post(address("work_extension", "I-now"), {**data, **change})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_an_instruction_with_executors_and_a_body_in_both_roles_refused(client, by):
    data = {
        "text_en": "Build the road",
        "issuer": "prime_minister",
        "given": TODAY.isoformat(),
        "deadline_kind": "date",
        "deadline_on": (TODAY + dt.timedelta(days=20)).isoformat(),
        "leads": ["ministry"],
        "co_executors": ["akimat"],
        "subjects": ["hub"],
        "tags": ["special"],
        "source": "minutes-now",
    }
    url = address("work_instruction")
    assert client.post(url, data).status_code == 302
    row = Instruction.objects.get(text_en="Build the road")
    roles = {one.organisation.code: one.role for one in row.executors.all()}
    assert roles == {"ministry": "lead", "akimat": "co"}
    both = client.post(url, {**data, "co_executors": ["ministry"]})
    assert both.status_code == 422
    missing = client.post(url, {**data, "deadline_on": ""})
    assert "deadline_on" in missing.context["form"].errors


def test_forms_of_things_that_are_not_there_say_so(client, by):
    for url in (
        address("work_promise", "nothing"),
        address("work_claim", "nothing"),
        address("work_response", "nothing"),
        address("work_removal", "nothing"),
        address("evidence_file", 999),
    ):
        assert client.get(url).status_code == 404, url
