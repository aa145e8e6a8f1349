"""What the score comes to in words: told from the figures, either way, and few never sold for many."""

import dataclasses

import pytest
from django.utils import translation

from torap.runs.selectors import CalibrationBin
from torap.web.scores import network, score, verdict
from unit.web.scores.test_cases import table
from unit.web.scores.test_network import found as network_found
from unit.web.scores.test_network import row


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def scored(net=0.287, alone=0.265, n=11, **changes):
    whole = network_found(known=n)
    briers = {"network": net, "class": alone}
    rows = tuple(dataclasses.replace(one, brier=briers.get(one.group, one.brier)) for one in whole.rows)
    return dataclasses.replace(whole, rows=rows, **changes)


def with_network(found):
    return dataclasses.replace(table(), network=found)


def test_the_headline_can_be_quoted_and_is_of_what_the_pages_show():
    few = score.headline(with_network(scored()), None)
    assert few == (
        "On 11 promises whose end is known the forecasts did no better than tossing a coin; "
        "so few prove little"
    )
    many = score.headline(with_network(scored(net=0.1, n=300)), None)
    assert many == "On 300 promises whose end is known the forecasts did better than tossing a coin"


def test_without_a_replayed_network_the_class_alone_is_the_news_and_without_a_known_end_the_coverage():
    whole = dataclasses.replace(row("all", known=40), brier=0.2)
    assert "On 40 promises" in verdict.headline(dataclasses.replace(table(), whole=whole), None)
    assert "On 40 promises" in verdict.headline(None, dataclasses.replace(table(), whole=whole))
    assert verdict.headline(None, None) == ""
    unknown = dataclasses.replace(table(), whole=row("all"))
    assert verdict.headline(unknown, None) == ""


@pytest.mark.parametrize(
    ("net", "words"),
    [
        (0.287, "foretold worse than the class alone: Brier score 0.287 against 0.265"),
        (0.2, "foretold better than the class alone"),
        (0.266, "foretold as well as the class alone"),
    ],
)
def test_which_way_did_better_is_told_with_its_n(net, words):
    told = network.network_part(scored(net=net))["verdict"]
    assert words in told
    assert "(n = 11)" in told
    assert told.endswith("So few prove neither way better.")
    assert "So few" not in verdict.ways_words(scored(net=net, n=30))


def test_ways_known_of_different_promises_are_not_compared():
    assert verdict.ways_words(network_found()) == ""


def test_the_group_farthest_from_what_came_is_told():
    low = CalibrationBin(low=0.0, high=0.2, said=0.08, came=0.6, n=5)
    near = CalibrationBin(low=0.2, high=0.4, said=0.3, came=0.35, n=9)
    empty = CalibrationBin(low=0.4, high=0.6, said=None, came=None, n=0)
    told = network.network_part(scored(calibration=(low, near, empty)))["gap"]
    assert told == "Farthest off, too gloomy: where 8 % were foretold to hold, 60 % did (n = 5)."
    assert "too hopeful" in verdict.gap_words((dataclasses.replace(near, came=0.0),))
    assert verdict.gap_words((near,)) == verdict.gap_words((empty,)) == verdict.gap_words(()) == ""


def test_whether_p50_or_the_bare_promise_came_nearer():
    whole = dataclasses.replace(row("all"), pinball={0.5: 134.0}, pinball_n=7)
    word = dataclasses.replace(row("word"), pinball={0.5: 56.0}, pinball_n=9)
    told = verdict.word_words(dataclasses.replace(table(), whole=whole, baselines=(word,)))
    assert "the promised day came nearer than P50: pinball loss 56 days (n = 9) against 134 (n = 7)" in told
    better = dataclasses.replace(word, pinball={0.5: 200.0})
    assert "P50 came nearer" in verdict.word_words(
        dataclasses.replace(table(), whole=whole, baselines=(better,))
    )
    assert verdict.word_words(dataclasses.replace(table(), baselines=())) == ""
