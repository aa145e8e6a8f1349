"""How near words are to one another."""

import pytest

from torap.rules.finding import BEGINNING, SAME, STEM, TYPO, WITHIN, asked_words, one_letter_apart, vocabulary
from torap.rules.fold import fold

WORDS = vocabulary(fold("Хоргос порт порты транспорт контейнерный Актау хаб хабтар 2025 12 z").split())


@pytest.mark.parametrize(
    ("asked", "word", "nearness"),
    [
        ("Khorgas", "Хоргос", SAME),
        ("порта", "порт", STEM),
        ("портов", "порты", STEM),
        ("портының", "порт", STEM),
        ("хабам", "хабтар", STEM),
        ("контейн", "контейнерный", BEGINNING),
        ("транспо", "транспорт", BEGINNING),
        ("нспорт", "транспорт", WITHIN),
        ("хоргсо", "Хоргос", TYPO),
        ("контейнрный", "контейнерный", TYPO),
    ],
)
def test_nearness(asked, word, nearness):
    assert WORDS.near(fold(asked))[fold(word)] == nearness


@pytest.mark.parametrize("asked", ["zz", "хо", "202", "1", "прт", "202512"])
def test_too_short_or_a_number_is_not_guessed(asked):
    found = WORDS.near(fold(asked))
    assert found == {} or (asked == "202" and found == {"2025": BEGINNING})


def test_a_word_that_stands_as_it_is_brings_no_mistyped_ones():
    words = vocabulary(["karasu", "karasa"])
    assert words.near("karasu")["karasu"] == SAME
    assert TYPO not in words.near("karasu").values()


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [("aktau", "aktau", False), ("aktau", "aktu", True), ("aktau", "akatu", True), ("aktau", "aktai", True)]
    + [("aktau", "alatau", False), ("a", "abc", False), ("aktaux", "aktau", True)],
)
def test_one_letter(first, second, apart):
    assert one_letter_apart(first, second) is apart
    assert one_letter_apart(second, first) is apart


def test_joining_words_do_not_narrow():
    words = fold("report of the hub и хаб және порт").split()
    assert asked_words(words) == fold("report hub хаб порт").split()
