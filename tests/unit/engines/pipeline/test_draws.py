"""Numbers are keyed by seed, thing and purpose."""

import numpy as np
import pytest

from torap.engines.pipeline.draws import normals, shared, uniforms


def test_uniforms_hang_on_their_key_only():
    assert np.array_equal(uniforms(1, "a", "x", 100)[:10], uniforms(1, "a", "x", 10))
    first = uniforms(1, "a", "x", 10)
    for other in (uniforms(2, "a", "x", 10), uniforms(1, "b", "x", 10), uniforms(1, "a", "y", 10)):
        assert not np.array_equal(first, other)
    assert first.min() > 0
    assert first.max() < 1


def test_shared_correlates_by_the_number_given():
    factor, one, other = (normals(1, key, "z", 40000) for key in "fab")
    made = np.corrcoef(shared(factor, one, 0.3), shared(factor, other, 0.3))
    assert made[0, 1] == pytest.approx(0.3, abs=0.02)
    assert shared(factor, one, 0.3).std() == pytest.approx(1, abs=0.02)
    assert np.array_equal(shared(factor, one, 0.0), one)
