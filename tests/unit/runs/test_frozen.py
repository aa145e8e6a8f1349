"""The same content gives the same bytes and hash; what is packed comes back."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from torap.runs.frozen import TEXT_PART, canonical, joined, pack, sha256_of, unpack, unpacked

leaves = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
contents = st.dictionaries(
    st.text(), st.recursive(leaves, lambda one: st.lists(one, max_size=3), max_leaves=6)
)


@given(contents)
def test_packed_and_back(content):
    assert unpack(pack(content)) == content
    assert pack(content) == pack(dict(reversed(content.items())))


def test_the_order_of_keys_plays_no_part():
    assert canonical({"b": 1, "a": "қ"}) == '{"a":"қ","b":1}'.encode()
    assert sha256_of({"a": 1, "b": 2}) == sha256_of({"b": 2, "a": 1})


def test_the_text_comes_part_by_part_and_is_the_very_one_that_was_hashed():
    noise = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(12_000)]
    content = {"rows": noise, "word": "Ақтау"}
    text = pack(content)
    assert len(text) > TEXT_PART, "more than one part"
    parts = list(unpacked(text))
    assert b"".join(parts) == canonical(content)
    assert hashlib.sha256(b"".join(parts)).hexdigest() == sha256_of(content)
    assert max(map(len, parts)) < len(canonical(content))


@given(contents, st.text(), contents)
def test_a_row_is_put_together_from_a_text_that_is_there(row, name, value):
    row.pop(name, None)
    assert joined(row, name, canonical(value)) == canonical(row | {name: value})
