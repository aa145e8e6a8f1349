"""The random numbers of a pipeline, keyed: a project draws the same in a scenario as in its base."""

from __future__ import annotations

import hashlib

import numpy as np
from scipy.special import ndtri


def uniforms(seed: int, key: str, what: str, trials: int) -> np.ndarray:
    """Numbers inside (0, 1) for one purpose of one thing, by trial: float64 (S,)."""
    digest = hashlib.blake2b(f"{seed}\0{key}\0{what}".encode(), digest_size=16).digest()
    words = np.frombuffer(digest, dtype=np.uint64)
    generator = np.random.Generator(np.random.Philox(key=words))
    return generator.random(trials) * (1 - 2**-53) + 2**-54


def normals(seed: int, key: str, what: str, trials: int) -> np.ndarray:
    """Standard normal numbers, by trial: float64 (S,)."""
    drawn: np.ndarray = ndtri(uniforms(seed, key, what, trials))
    return drawn


def shared(factor: np.ndarray, own: np.ndarray, correlation: float) -> np.ndarray:
    """Standard normals that go together by `correlation` through one factor: (S,)."""
    together: np.ndarray = np.sqrt(correlation) * factor + np.sqrt(1 - correlation) * own
    return together
