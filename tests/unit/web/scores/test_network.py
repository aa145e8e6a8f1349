"""The network's back-test in words: which ways stand side by side, and few cases never sold for many."""

import pytest

from torap.runs.selectors import NetworkScore, ScoreRow
from torap.web.scores import cases, network, score
from unit.web.scores.test_cases import CASE, ROW, table


def row(group, n=20, known=0):
    return ScoreRow(
        group=group, n=n, nodes=n, reached=0, pinball={}, pinball_n=0, pinball_least={},
        brier=0.25 if known else None, brier_n=known, held=0, coverage=None, coverage_n=0,
    )  # fmt: skip


def found(known=0, **changes):
    groups = [network.group_of(way, part) for part in network.PARTS for way in network.WAYS]
    values = {
        "rows": tuple(row(group, known=known) for group in groups), "calibration": (), "days": 48,
        "days_left_out": 0, "trials": 2000, "seed": 1, "cases": (CASE | {"waits": True, "staged": False},),
    }  # fmt: skip
    return NetworkScore(**values | changes)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (
            0,
            "20 promises waited for something else; of none is it known yet whether its date held. n = 0",
        ),
        (3, "of 3 it is known whether the date held. n = 3: too few to say what this adds."),
    ],
)
def test_few_are_called_few(known, words):
    assert words in network.network_part(found(known))["waiting"]


def test_enough_are_not():
    part = network.network_part(found(40))
    assert "too few" not in part["waiting"] + part["staged"]


def test_every_way_has_its_row_in_every_part():
    part = network.network_part(found())
    assert [len(one["rows"]) for one in part["rows"]] == [3, 3, 3]
    assert part["rows"][0]["rows"][2]["name"] == "the network"
    assert "48 days" in part["sentence"]
    assert "2,000 trials of seed 1" in part["sentence"]


def test_days_left_out_are_told():
    sentence = network.network_part(found(days_left_out=3))["sentence"]
    assert "48 days" in sentence
    assert sentence.endswith(" 3 days are left out: they would take too long.")


def test_by_the_auditors_clock_it_is_told_why_nothing_is_replayed():
    sentence = network.network_part(found(days=0, days_left_out=48))["sentence"]
    assert sentence.startswith("Asked by the day recorded, no network of a past day is replayed")
    assert "0 days" not in sentence
    assert "too long" not in sentence


def test_the_groups_and_cases_stand_in_the_downloads():
    whole = table()
    with_network = type(whole)(
        **{name: getattr(whole, name) for name in whole.__dataclass_fields__} | {"network": found()}
    )
    kinds = {(line[1], line[2]) for line in score.csv_rows([("backtest", with_network)])}
    assert ("network", "network.waiting") in kinds
    (line,) = cases.network_rows(with_network)
    assert dict(zip(cases.NETWORK_HEADER, line, strict=True))["waited"] is True
    assert cases.network_rows(whole) == []
    assert ROW.group == "all"
