"""What-ifs over HTTP: build, answer, keep, compute, discard; who may; the live data stays as it is."""

import csv
import hashlib
import io
import json
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.conftest import AS_OF, DAY
from torap.common.errors import Conflict
from torap.common.models import Role
from torap.runs.changes import FIELDS, OPERATIONS
from torap.runs.models import Run, Scenario
from torap.runs.services import run_request, scenario_save
from torap.web.scenarios import limits, views

pytestmark = pytest.mark.django_db
NODE = "milestone:terminal-complete"
DELAY = {"op": "delay", "node": NODE, "months": 6}


def get(client, path, language="en", **query):
    return client.get(f"/{language}/{path}", {"as_of": AS_OF, **query})


def page(client, path, language="en", **query):
    answer = get(client, path, language, **query)
    assert answer.status_code == 200, path
    return answer.content.decode()


def written(*changes):
    return json.dumps(list(changes))


def live_data():
    """A hash of everything but sessions and the memory of forms: a what-if must not change it."""
    out = io.StringIO()
    leave = (
        "sessions",
        "common.sentform",
        "contenttypes",
        "auth",
        "runs",
        "ledger",
        "account",
        "common.user",
    )
    call_command("dumpdata", exclude=list(leave[:3]), stdout=out)
    rows = [row for row in json.loads(out.getvalue()) if not row["model"].startswith(leave)]
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


@pytest.fixture
def user(client, person):
    def sign_in(role=""):
        made = person(f"u-{role or 'none'}", role, organisation="akimat" if role == Role.BODY_MEMBER else "")
        client.force_login(made)
        return made

    return sign_in


def test_a_visitor_builds_a_what_if_and_reads_its_answer(client, foretold):
    start = page(client, "what-if/")
    assert "These break next" in start
    assert "comes six months later" in start
    chosen = page(client, "what-if/", node=NODE)
    assert "What if “Container terminal: Works complete” changes?" in chosen
    assert "half a year later" in chosen
    assert 'name="amount"' in chosen
    added = get(client, "what-if/", node=NODE, op="delay", amount="6", unit="months", add="1")
    assert added.status_code == 302
    built = client.get(added["Location"]).content.decode()
    assert "What if: Container terminal: Works complete: 6 months later?" in built
    assert "what-if/answer/" in built
    answer = page(client, "what-if/answer/", changes=written(DELAY))
    assert "gets worse" in answer or "get worse" in answer
    assert "stays as it is" in answer or "stay as they are" in answer
    assert "data-figures" in answer
    assert 'name="title"' not in answer, "a visitor keeps nothing"
    rows = list(
        csv.DictReader(
            io.StringIO(
                get(client, "what-if/answer/", changes=written(DELAY), format="csv").content.decode(
                    "utf-8-sig"
                )
            )
        )
    )
    assert int(next(row for row in rows if row["key"] == NODE)["p50_days"]) > 90


def test_the_answer_stands_on_the_page_where_nothing_can_be_loaded_later(client, foretold):
    text = page(client, "what-if/", changes=written(DELAY), answer="1")
    assert "worse" in text


LONG = "9" * 400


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[" * 4000, None),
        ("[" * 4000 + "]" * 4000, None),
        ('[{"op":"delay","node":"\\ud800","days":1}]', None),
        ('[{"op":"delay","node":"\\u0000","days":1}]', None),
        ('[{"op":"add_risk","nodes":5,"probability":0.5}]', "A list is expected here"),
        (f'[{{"op":"delay","node":"{NODE}","days":{LONG}}}]', "is out of range"),
        (f'[{{"op":"budget","node":"{NODE}","percent":{LONG},"elasticity":NaN}}]', "is out of range"),
        (f'[{{"op":"delay","node":["{NODE}"],"days":{{"a":1}}}}]', "Words are expected here"),
        (f'[{{"op":"set_date","node":"{NODE}","day":"soon"}}]', "is no day"),
        (f'[{{"op":"add_risk","nodes":["{NODE}"],"probability":{LONG},"low_days":true}}]', "is no number"),
    ],
)
def test_whatever_an_address_says_is_answered_in_words(client, foretold, text, told):
    builder = get(client, "what-if/", changes=text, answer="1")
    assert builder.status_code == 200
    answer = get(client, "what-if/answer/", changes=text)
    if told is None:
        assert answer.status_code == 302, "nothing of it is a change"
    else:
        assert answer.status_code == 200
        assert told in builder.content.decode()
        assert told in answer.content.decode()


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just(NODE),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
CHANGE = st.dictionaries(
    st.sampled_from(sorted({"subject", *(name for names in FIELDS.values() for name in names)})), ANY
) | st.fixed_dictionaries({"op": st.sampled_from(sorted(OPERATIONS))}, optional={"nodes": ANY, "node": ANY})


@given(st.lists(CHANGE | ANY, max_size=2) | ANY)
@settings(suppress_health_check=list(HealthCheck), max_examples=15, deadline=None)
def test_no_address_breaks_the_builder(client, foretold, changes):
    text = json.dumps(changes)
    assert get(client, "what-if/", changes=text).status_code == 200
    assert get(client, "what-if/answer/", changes=text).status_code in (200, 302)


def test_while_others_are_answered_it_says_wait(client, foretold, monkeypatch):
    def busy(*_):
        raise Conflict("busy")

    monkeypatch.setattr(views, "scenario_answer", busy)
    answer = get(client, "what-if/answer/", changes=written(DELAY))
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "Other what-ifs are being computed right now" in answer.content.decode()
    waiting = client.get(
        "/en/what-if/answer/", {"as_of": AS_OF, "changes": written(DELAY)}, headers={"HX-Request": "true"}
    )
    assert waiting.status_code == 200
    assert 'hx-trigger="load delay:15s"' in waiting.content.decode()


@pytest.mark.parametrize(
    ("op", "fields", "words"),
    [
        ("speed_up", {"amount": "20", "unit": "percent"}, "takes 20 % less time"),
        ("set_date", {"day": "2027-03-01"}, "ready by itself on 1 Mar 2027"),
        ("budget", {"percent": "50", "elasticity": "0.5"}, "50 % more money"),
        ("add_link", {"before": "milestone:hub-open", "lag_days": "0", "why": "x"}, "also waits for"),
        (
            "add_risk",
            {"name": "storm", "chance": "30", "low_days": "10", "mode_days": "20", "high_days": "90"},
            "in 30 of 100 cases “storm” costs 10 to 90 days",
        ),
        ("remove_obstacle", {"obstacle": "shallow", "days": "90"}, "Obstacle removed: The sea is shallow"),
    ],
)
def test_every_kind_of_change_is_added_told_and_answered(client, foretold, op, fields, words):
    node = "milestone:hub-open" if op == "remove_obstacle" else NODE
    added = get(client, "what-if/", node=node, op=op, add="1", **fields)
    assert added.status_code == 302, added.content.decode()[-4000:]
    text = client.get(added["Location"] + "&answer=1").content.decode()
    assert words in text.replace("&quot;", '"')
    assert "cannot be made" not in text


def test_only_what_holds_a_date_up_is_offered_to_be_removed(client, foretold):
    held = page(client, "what-if/", node="milestone:hub-open", op="remove_obstacle")
    assert "The sea is shallow (holds up 1 milestone)" in held
    free = page(client, "what-if/", node="milestone:terminal-open", op="remove_obstacle")
    assert "The sea is shallow" not in free
    assert "there is none for this date" in free
    fields = {"obstacle": "shallow", "days": "90", "add": "1"}
    assert (
        get(client, "what-if/", node="milestone:terminal-open", op="remove_obstacle", **fields).status_code
        == 422
    )


def test_what_it_waits_for_is_offered_to_be_dropped(client, foretold):
    text = page(client, "what-if/", node="milestone:terminal-open", op="drop_link")
    assert NODE in text
    done = get(client, "what-if/", node="milestone:terminal-open", op="drop_link", before=NODE, add="1")
    answer = client.get(done["Location"] + "&answer=1").content.decode()
    assert "no longer waits for" in answer


def test_a_wrong_amount_stands_beside_its_field(client, foretold):
    refused = get(client, "what-if/", node=NODE, op="delay", amount="0", unit="months", add="1")
    assert refused.status_code == 422
    assert "field--error" in refused.content.decode()
    refused = get(client, "what-if/", node=NODE, op="delay", amount="999", unit="months", add="1")
    assert "At most 240 months." in refused.content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        "no json",
        '{"op": 1}',
        written({"op": "delay", "node": "milestone:none", "months": 6}),
        written({"op": "explode", "node": NODE}),
        written({"op": "delay", "node": NODE, "months": "many"}),
        written(
            {"op": "add_link", "before": "milestone:terminal-open", "after": NODE},
        ),
        written({"op": "add_risk", "nodes": "x", "name": {}, "probability": "y"}),
    ],
)
def test_an_address_that_cannot_be_answered_says_why(client, foretold, changes):
    text = page(client, "what-if/", changes=changes, answer="1")
    assert "cannot be made" in text or "Which date changes?" in text
    assert get(client, "what-if/answer/", changes=changes).status_code in (200, 302)


def test_search_finds_a_date_by_its_words(client, foretold):
    assert "milestone%3Aterminal-open" in page(client, "what-if/", q="Terminal opened")
    assert "No date of the network has these words" in page(client, "what-if/", q="zzz")


def keep(client, **more):
    base = f"forecast-{AS_OF}"
    data = {"title": "Half a year", "note": "", "changes": written(DELAY), "base": base, "once": "", **more}
    return client.post(f"/en/what-if/keep/?as_of={AS_OF}", data)


def test_keeping_and_discarding_leave_the_live_data_as_it_was(client, foretold, user):
    user(Role.COORDINATOR)
    before = live_data()
    kept = keep(client)
    assert "kept=1" in client.get(kept.url).content.decode(), (
        "what is kept already is not offered to be kept again"
    )
    assert kept.status_code == 302
    row = Scenario.objects.get()
    text = page(client, f"what-if/kept/{row.code}/")
    assert "Half a year" in text
    assert "Works complete: 6 months later" in text
    assert "what-if/answer/" in text
    assert row.code in page(client, "what-if/kept/")
    ran = client.post(f"/en/what-if/kept/{row.code}/run/?as_of={AS_OF}")
    assert "runs/compare/" in ran["Location"]
    assert "worse" in client.get(ran["Location"]).content.decode()
    assert Run.objects.filter(kind="scenario").count() == 1
    gone = client.post(f"/en/what-if/kept/{row.code}/discard/")
    assert gone.status_code == 302
    listed, fold = page(client, "what-if/kept/").split('id="discarded"')
    assert row.code not in listed
    assert row.code in fold
    assert '<details class="explain" id="discarded" open>' in page(client, "what-if/kept/", all="1")
    assert live_data() == before


def test_a_form_sent_twice_keeps_once_and_a_name_is_asked_for(client, foretold, user):
    user(Role.BODY_MEMBER)
    assert keep(client, title="").status_code == 422
    assert keep(client, once="abc").status_code == 302
    again = keep(client, once="abc")
    assert again["Location"].startswith(f"/en/what-if/kept/{Scenario.objects.get().code}/")
    assert "This form was sent before; it was written once." in client.get(again["Location"]).content.decode()
    assert Scenario.objects.count() == 1
    wrong = keep(client, changes=written({"op": "delay", "node": "milestone:none", "months": 6}))
    assert wrong.status_code == 422


def test_another_name_given_after_going_back_is_not_lost(client, foretold, user):
    user(Role.BODY_MEMBER)
    keep(client, once="abc")
    back = keep(client, once="abc", title="Half a year, second try")
    assert back.status_code == 409
    text = back.content.decode()
    assert "This form was sent before, with other words." in text
    assert 'value="Half a year, second try"' in text
    (number,) = re.findall(r'name="once" value="([0-9a-f]+)"', text)
    assert Scenario.objects.count() == 1
    assert keep(client, once=number, title="Half a year, second try").status_code == 302
    assert Scenario.objects.count() == 2


def test_who_kept_one_is_told_to_visitors_as_the_body(client, foretold, user):
    made = user(Role.BODY_MEMBER)
    path = keep(client)["Location"].removeprefix("/en/").partition("?")[0]
    client.post(f"/en/{path}run/?as_of={AS_OF}")
    run = Run.objects.get(kind="scenario")
    pages = (path, "what-if/kept/", f"runs/{run.code}/")
    assert all(made.username in page(client, one) for one in pages)
    client.logout()
    for one in pages:
        assert made.username not in page(client, one), one
        assert "Akimat" in page(client, one), one
    assert {
        row["by"]
        for row in csv.DictReader(io.StringIO(get(client, "runs/", format="csv").content.decode("utf-8-sig")))
    } == {"system", "Akimat of Mangystau"}


@pytest.mark.parametrize("role", ["", Role.VERIFIER, Role.AUDITOR])
def test_others_keep_nothing(client, foretold, user, role):
    user(role)
    assert keep(client).status_code == 403
    assert 'name="title"' not in page(client, "what-if/answer/", changes=written(DELAY))
    assert not Scenario.objects.exists()


def test_a_visitor_is_sent_to_sign_in_and_a_stranger_discards_nothing(client, foretold, user):
    row = scenario_save(by=foretold, title="System's", changes=[DELAY], base=f"forecast-{AS_OF}")
    for action in ("run", "discard"):
        answer = client.post(f"/en/what-if/kept/{row.code}/{action}/")
        assert answer.status_code == 302
        assert "login" in answer["Location"]
    assert client.get("/en/what-if/keep/").status_code == 405
    user(Role.BODY_MEMBER)
    assert client.post(f"/en/what-if/kept/{row.code}/discard/").status_code == 403
    assert "Discard" not in page(client, f"what-if/kept/{row.code}/")
    assert get(client, "what-if/kept/none/").status_code == 404


def test_a_large_network_is_computed_in_the_background(client, foretold, user, monkeypatch):
    monkeypatch.setattr("torap.web.scenarios.builder.SMALL_NODES", 1)
    text = page(client, "what-if/answer/", changes=written(DELAY))
    assert "computed in the background" in text
    assert "Sign in with a role" in text
    user(Role.COORDINATOR)
    assert 'name="title"' in page(client, "what-if/answer/", changes=written(DELAY))
    row = Scenario.objects.get(code=keep(client)["Location"].split("/kept/")[1].split("/")[0])
    waiting = run_request(
        by=foretold, kind="scenario", scenario=row.code, base=f"forecast-{AS_OF}", at_once=False
    )
    shown = page(client, f"runs/{waiting.code}/")
    assert "<progress" in shown
    assert 'hx-trigger="every 1s"' in shown
    assert "<html" not in page(client, f"runs/{waiting.code}/", part="progress")


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_pages_in_three_languages(client, foretold, language):
    row = scenario_save(by=foretold, title="Half a year", changes=[DELAY], base=f"forecast-{AS_OF}")
    for path in ("what-if/", "what-if/kept/", f"what-if/kept/{row.code}/"):
        page(client, path, language)
    page(client, "what-if/", language, changes=written(DELAY), answer="1")


def test_number_of_queries(client, foretold, django_assert_max_num_queries):
    for query in ({}, {"node": NODE}, {"changes": written(DELAY), "answer": "1"}):
        get(client, "what-if/", **query)
        with django_assert_max_num_queries(15):
            assert get(client, "what-if/", **query).status_code == 200


def test_days_of_the_answer_are_those_of_the_day_looked_at(client, foretold):
    early = get(client, "what-if/", as_of="2024-06-01").content.decode()
    assert "No forecast was made by this day" in early
    assert DAY.isoformat() in page(client, "what-if/answer/", changes=written(DELAY))


def test_one_visitor_may_try_so_many_changes_a_minute(client, foretold, settings):
    settings.WHAT_IFS_PER_MINUTE = 2
    asked = {"changes": written(DELAY)}
    answers = [get(client, "what-if/answer/", **asked) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    text = answers[2].content.decode()
    assert re.search(r"Try again in \d+ second", text)
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 61
    assert 'http-equiv="refresh"' in text
    other = client.get("/en/what-if/answer/", {"as_of": AS_OF, **asked}, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 200


def test_the_part_that_waits_for_its_turn_asks_again_by_itself(client, foretold, settings):
    settings.WHAT_IFS_PER_MINUTE = 0
    part = client.get(
        "/en/what-if/answer/", {"as_of": AS_OF, "changes": written(DELAY)}, headers={"HX-Request": "true"}
    )
    assert part.status_code == 200
    assert re.search(r'hx-trigger="load delay:\d+s"', part.content.decode())
    assert "<html" not in part.content.decode()


def test_one_what_if_at_a_time_for_each_visitor(client, foretold, rf):
    request = rf.get("/", REMOTE_ADDR="127.0.0.1")
    request.user = AnonymousUser()
    with limits.turn(request) as first:
        assert first.now
        answer = get(client, "what-if/answer/", changes=written(DELAY))
        assert answer.status_code == 429
        assert "one is computed at a time" in answer.content.decode()
    assert get(client, "what-if/answer/", changes=written(DELAY)).status_code == 200


def test_a_person_is_counted_by_account(rf, person):
    request = rf.get("/", REMOTE_ADDR="192.0.2.1")
    request.user = person("u-counted", "")
    assert limits.visitor(request) == f"user:{request.user.pk}"
