"""Order statistics and sums of a cause's tails, against a sort and plain sums."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torap.engines.schedule.tails import SUMS, edges_kernel, sums_kernel, tails_kernel

SHAPES = ("wide", "narrow", "two values", "one value", "far ends")


def _rows(seed: int, trials: int, shape: str) -> np.ndarray:
    rng = np.random.Generator(np.random.PCG64(seed))
    found = {
        "wide": rng.integers(-(1 << 27), 1 << 27, (3, trials)),
        "narrow": rng.integers(-5, 300, (3, trials)),
        "two values": rng.integers(0, 2, (3, trials)) * 40_000_000,
        "one value": np.full((3, trials), 77),
        "far ends": np.where(rng.random((3, trials)) < 0.02, 1 << 28, rng.integers(0, 3000, (3, trials))),
    }[shape]
    return found.astype(np.int32)


@given(st.integers(0, 10**6), st.sampled_from([1, 5, 63, 64, 65, 700]), st.sampled_from(SHAPES))
@settings(deadline=None, max_examples=40)
def test_edges_are_those_of_a_sort(seed: int, trials: int, shape: str) -> None:
    values, k = _rows(seed, trials, shape), max(1, trials // 10)
    wider = np.concatenate([values, np.full((3, 7), -(1 << 30), np.int32)], axis=1)
    out = np.zeros((3, 2), np.int64)
    edges_kernel(wider, trials, k, out)
    ordered = np.sort(values, axis=1)
    assert out[:, 0].tolist() == ordered[:, k - 1].tolist()
    assert out[:, 1].tolist() == ordered[:, trials - k].tolist()


@given(st.integers(0, 10**6), st.sampled_from([5, 64, 65, 700]), st.sampled_from(SHAPES))
@settings(deadline=None, max_examples=40)
def test_tails_are_plain_sums(seed: int, trials: int, shape: str) -> None:
    values = _rows(seed, trials, shape)
    off = np.random.Generator(np.random.PCG64(seed)).integers(-(1 << 27), 1 << 27, trials).astype(np.int32)
    edges, k = np.zeros((3, 2), np.int64), max(1, trials // 10)
    edges_kernel(values, trials, k, edges)
    wanted, out = np.array([2, 0]), np.zeros((2, SUMS))
    tails_kernel(values, wanted, edges, off, out)
    for row, c in zip(out, wanted.tolist(), strict=True):
        low, high = edges[c].tolist()
        middle = values[c].astype(object) - ((low + high) >> 1)
        expected = [
            int((values[c] <= low).sum()), int(off[values[c] <= low].sum()),
            int((values[c] >= high).sum()), int(off[values[c] >= high].sum()),
            middle.sum(), (middle * middle).sum(), (middle * off.astype(object)).sum(),
        ]  # fmt: skip
        assert row.tolist() == pytest.approx([float(one) for one in expected], rel=1e-12)


def test_sums_by_owner() -> None:
    values = _rows(4, 130, "wide")
    out = np.zeros((2, 128), np.int64)
    sums_kernel(values, np.array([0, 1, 2]), np.array([1, 0, 1]), out)
    assert out[0].tolist() == values[1, :128].tolist()
    assert out[1].tolist() == (values[0, :128].astype(np.int64) + values[2, :128]).tolist()
