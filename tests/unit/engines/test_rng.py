"""Random words: the published known answers, and that a word depends on nothing but its place."""

from __future__ import annotations

import numpy as np
import pytest

from torap.engines.rng import key_of, streams_of, words_row

# Known answers of Random123 for philox4x32-10: counter, key, words.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


def words(key: tuple[int, int], stream: tuple[int, int], kind: int, granule: int) -> np.ndarray:
    out = np.zeros(64, np.uint32)
    words_row(np.array(key, np.uint32), np.array([stream], np.uint32), 0, kind, granule, out)
    return out


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_known_answers(counter: tuple[int, ...], key: tuple[int, int], answer: tuple[int, ...]) -> None:
    call = counter[0] % 16
    found = words(key, counter[1:3], counter[3], counter[0] // 16)  # type: ignore[arg-type]
    assert tuple(found[[call, 16 + call, 32 + call, 48 + call]].tolist()) == answer


def test_streams_and_seeds_differ_and_stay() -> None:
    streams = streams_of("activity", ["a", "b", "Ақтау"])
    assert streams.shape == (3, 2)
    assert np.array_equal(streams, streams_of("activity", ["a", "b", "Ақтау"]))
    assert not np.array_equal(streams, streams_of("risk", ["a", "b", "Ақтау"]))
    assert len({tuple(row) for row in streams.tolist()}) == 3
    assert key_of(1 << 40 | 7).tolist() == [7, 1 << 8]


def test_words_are_even() -> None:
    many = np.concatenate([words((1, 0), (5, 6), 0, granule) for granule in range(2000)])
    share = many / 2.0**32
    assert abs(share.mean() - 0.5) < 4 * np.sqrt(1 / 12 / many.size)
    counts = np.bincount((share * 64).astype(int), minlength=64)
    assert ((counts - many.size / 64) ** 2).sum() / (many.size / 64) < 110  # chi-square, 63 degrees
