"""Nodes of the network in words: what each is called, where its page is, how far it is."""

import datetime as dt

import pytest

from torap.delivery.selectors import Node
from torap.web.milestones.network import how_words
from torap.web.presenters.nodes import kind_words, node_line, node_link, node_words, state_mark, state_words

HUB = {"subject": "hub", "subject_names": ("Hub", "Хаб", "Хаб"), "subject_kind": "place"}


def node(kind, code="x", **more):
    return Node(key=f"{kind}:{code}", kind=kind, code=code, **{"names": ("Name", "Имя", "Аты")} | more)


@pytest.mark.parametrize(
    ("made", "words", "link"),
    [
        (node("milestone", "hub-open", **HUB), "Hub: Name", "/milestones/hub-open/"),
        (node("instruction", "I-1"), "Name", "/instructions/I-1/"),
        (node("utility", "hub/gas", type="gas", **HUB), "Hub: network: gas", "/places/hub/"),
        (node("plot", "hub", **HUB), "Name is ready", "/places/hub/"),
        (node("step", "hub/P03a/3a", type="P03a", **HUB), "Hub: Name (step of a procedure)", "/law/P03a/"),
        (node("activity", "s/B"), "Attached schedule: Name", ""),
    ],
)
def test_each_kind_has_words_and_a_page(made, words, link):
    assert node_words(made) == words
    assert node_link(made, None).endswith(link)
    assert kind_words(made)
    assert node_line(made, None)["words"] == words


def test_how_far_it_is():
    assert (state_words(node("milestone", done="shown")), state_mark(node("milestone", done="shown"))) == (
        "done, verified", "done_verified",
    )  # fmt: skip
    assert state_mark(node("milestone", done="said")) == "done_said"
    assert state_words(node("milestone")) == "nobody has reported on it"
    assert "under way" in state_words(node("milestone", said="under_way"))
    assert node_line(node("milestone", due=dt.date(2026, 12, 31)), None)["due"] == "31 Dec 2026"


def test_how_it_waits_is_told_only_where_it_is_not_plain():
    assert how_words("FS", 0, "day") == ""
    assert how_words("FS", 3, "day") == "3 days later at the earliest"
    assert how_words("SS", -1, "working_day") == "starts after it has started, up to 1 working day earlier"
