"""A frozen input read by the page gives what reading all of it gives, and reads no more than is asked for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from torap.runs import frozen, leafing
from torap.runs.frozen import Rows, pack, unpack
from torap.runs.leafing import Leaves, Scan

WORDS = st.text(st.characters(codec="utf-8"), max_size=12) | st.text('\\"{}[],: é', max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(content=st.dictionaries(st.text("abcnopst_", min_size=1, max_size=6), VALUES, max_size=6))
def test_it_gives_what_unpacking_gives(content):
    found = Leaves(pack(content))
    assert dict(found) == unpack(pack(content)) == content
    assert len(found) == len(content)


@given(content=st.dictionaries(st.text("abc", min_size=1), VALUES, min_size=1), size=st.integers(1, 7))
def test_wherever_the_text_is_cut_the_members_are_the_same(content, size):
    text = frozen.canonical(content)
    scan = Scan()
    spans = [span for at in range(0, len(text), size) for span in scan.members(text[at : at + size])]
    assert [text[start:end] for start, end in spans] == [
        frozen.canonical({key: content[key]})[1:-1] for key in sorted(content)
    ]


def test_schedules_stay_text_until_one_is_read():
    content = {"links": [], "schedules": [{"to": "a", "n": 1}, {"to": "b", "n": 2}], "targets": []}
    found = Leaves(pack(content))["schedules"]
    assert isinstance(found, Rows)
    assert list(found) == content["schedules"]


def test_no_more_is_unpacked_than_is_asked_for(monkeypatch):
    rng = np.random.default_rng(1)
    content = {"a": [1, 2], "b": rng.integers(0, 1 << 60, 20_000).tolist(), "z": {"x": 1}}
    monkeypatch.setattr(frozen, "TEXT_PART", 4_096)
    taken = []
    monkeypatch.setattr(
        leafing, "unpacked", lambda text: (taken.append(part) or part for part in frozen.unpacked(text))
    )
    found = Leaves(pack(content))
    assert "a" in found
    assert found["a"] == [1, 2]
    early = len(taken)
    assert found["z"] == {"x": 1}
    assert len(taken) > 10 * early
    assert "aa" not in found
    with pytest.raises(KeyError):
        found["zz"]
