"""Python looks for no rings of objects while a nation is read, and does so again afterwards."""

import gc

import pytest

from torap.common.collecting import uncollected


def test_no_rings_are_looked_for_within_and_again_after():
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled(), "whoever found it so leaves it so"
    assert gc.isenabled()


def test_an_error_leaves_it_as_it_was():
    with pytest.raises(KeyError), uncollected():
        raise KeyError
    assert gc.isenabled()
