"""Loops: none is missed, none is invented, and each is named in the order in which things wait."""

from hypothesis import given
from hypothesis import strategies as st

from torap.rules.network.loops import Waiting, any_loop

LINKS = st.lists(st.tuples(st.integers(0, 7).map(str), st.integers(0, 7).map(str)), max_size=24)


def test_a_loop_is_told_from_the_link_that_would_close_it():
    waiting = Waiting([("a", "b"), ("b", "c"), ("c", "d")])
    assert waiting.loop("d", "a") == ["d", "a", "b", "c"]
    assert waiting.loop("a", "d") == []
    assert waiting.loop("a", "a") == ["a"]


def test_a_loop_among_links_is_named_whole():
    assert any_loop([("a", "b"), ("b", "c")]) == []
    loop = any_loop([("x", "a"), ("a", "b"), ("b", "c"), ("c", "a"), ("c", "y")])
    assert sorted(loop) == ["a", "b", "c"]
    assert loop[(loop.index("a") + 1) % 3] == "b"


@given(links=LINKS)
def test_adding_only_what_closes_no_loop_leaves_none(links):
    waiting, kept = Waiting(), []
    for before, after in links:
        if not waiting.loop(before, after):
            waiting.add(before, after)
            kept.append((before, after))
    assert any_loop(kept) == []


@given(links=LINKS)
def test_a_loop_that_is_named_is_there(links):
    loop = any_loop(links)
    if loop:
        assert set(zip(loop, [*loop[1:], loop[0]], strict=True)) <= set(links)
    else:
        done: set[str] = set()
        nodes = {node for link in links for node in link}
        while ready := {n for n in nodes - done if all(b in done for b, a in links if a == n)}:
            done |= ready
        assert done == nodes
