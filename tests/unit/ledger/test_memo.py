"""A kept result lives exactly until the next event, and never across languages."""

import threading

import pytest
from django.db import transaction
from django.utils import translation

from torap.common.permissions import system_user
from torap.ledger import memo
from torap.ledger.memo import WHOLE, forget, head_hash, one_head, same_for_all, while_unchanged
from torap.ledger.models import Head
from torap.ledger.services import lock_head, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted():
    calls = []

    @while_unchanged
    def selector(what, *, scale=1):
        calls.append(what)
        return [what, scale, translation.get_language()]

    return selector, calls


def _event(number):
    record("test.happened", by=system_user(), target=f"test:{number}", after={"n": number})


def test_nothing_is_kept_before_the_first_event(counted):
    selector, calls = counted
    selector("a")
    selector("a")
    assert calls == ["a", "a"]


def test_kept_until_the_next_event(counted):
    selector, calls = counted
    _event(1)
    first = selector("a")
    assert selector("a") is first
    _event(2)
    assert selector("a") is not first
    assert calls == ["a", "a"]


def test_arguments_and_languages_are_apart(counted):
    selector, calls = counted
    _event(1)
    with translation.override("ru"):
        assert selector("a")[2] == "ru"
    with translation.override("kk"):
        assert selector("a")[2] == "kk"
        assert selector("a", scale=2)[1] == 2
    assert len(calls) == 3


def test_what_holds_no_words_is_kept_once_for_all_languages():
    calls = []

    @same_for_all
    def rows(what):
        calls.append(what)
        return [what]

    _event(1)
    with translation.override("ru"):
        first = rows("a")
    with translation.override("kk"):
        assert rows("a") is first
    _event(2)
    assert rows("a") is not first
    assert calls == ["a", "a"]


def test_of_a_whole_country_only_the_days_asked_for_last_are_kept():
    calls = []

    @same_for_all
    def rows(day):
        calls.append(day)
        return [day]

    forget()
    _event(1)
    for day in range(WHOLE):
        rows(day)
    rows(0)
    rows(WHOLE)  # the one asked for longest ago, of day 1, goes
    rows(0)
    assert calls == list(range(WHOLE + 1))
    rows(1)
    assert calls[-1] == 1
    assert len(memo._kept) == WHOLE
    forget()
    assert not memo._kept


def test_results_of_older_heads_go_with_the_next_that_is_kept(counted):
    selector, _calls = counted
    forget()
    for number in range(4):
        _event(number)
        selector("a")
        selector("b")
    assert len({key.head for key in memo._kept}) == memo.HEADS
    assert len(memo._kept) == 2 * memo.HEADS
    assert list(memo._heads)[-1] == head_hash()


def test_the_same_is_computed_once_however_many_ask_at_once(monkeypatch):
    monkeypatch.setattr(memo, "head_hash", lambda: "h" * 64)
    begun, go_on, calls = threading.Event(), threading.Event(), []

    @while_unchanged
    def slow(what):
        calls.append(what)
        begun.set()
        assert go_on.wait(10)
        return [what]

    found = []
    threads = [threading.Thread(target=lambda: found.append(slow("a"))) for _one in range(3)]
    for one in threads:
        one.start()
    assert begun.wait(10)
    go_on.set()
    for one in threads:
        one.join(10)
    assert calls == ["a"]
    assert len(found) == 3
    assert found[0] is found[1] is found[2]
    assert not memo._making
    forget()


def test_what_fails_is_not_kept_and_holds_nobody_up(monkeypatch):
    monkeypatch.setattr(memo, "head_hash", lambda: "h" * 64)
    answers = [ValueError("once"), "then"]

    @while_unchanged
    def selector():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(ValueError, match="once"):
        selector()
    assert selector() == selector() == "then"
    assert not memo._making
    forget()


def test_a_rolled_back_event_leaves_nothing(counted):
    selector, _calls = counted
    _event(1)
    before = selector("a")
    with transaction.atomic():
        point = transaction.savepoint()
        _event(2)
        inside = selector("a")
        transaction.savepoint_rollback(point)
    _event(3)
    assert selector("a") is not inside
    assert selector("a") is not before
    forget()


def test_a_page_looks_at_the_head_once(counted, django_assert_num_queries):
    selector, _calls = counted
    _event(1)
    selector("a")
    with one_head(), django_assert_num_queries(1):
        for what in ("a", "a", "b"):
            selector(what)
    with django_assert_num_queries(2):
        selector("a")
        selector("a")


def test_a_page_that_writes_sees_what_it_wrote(counted):
    selector, _calls = counted
    _event(1)
    with one_head():
        first = selector("a")
        with transaction.atomic():
            _event(2)
            assert selector("a") is not first
            transaction.set_rollback(True)
        assert selector("a") is first


@pytest.mark.django_db
def test_who_is_about_to_write_looks_past_what_the_page_saw():
    """Another worker may have written since the page began."""
    record("thing.added", by=system_user(), target="thing:a")
    with one_head():
        seen = head_hash()
        Head.objects.update(hash="f" * 64)
        assert head_hash() == seen
        with transaction.atomic():
            lock_head()
            assert head_hash() == "f" * 64
