"""The same content gives the same bytes and hash; what is packed comes back."""

from hypothesis import given
from hypothesis import strategies as st

from torap.runs.frozen import canonical, pack, sha256_of, unpack

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
