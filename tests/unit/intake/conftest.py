"""The sample files, and facts files written in a test with a few words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture
def good() -> bytes:
    return (SAMPLES / "good.yaml").read_bytes()


@pytest.fixture
def sample() -> Callable[[str], bytes]:
    return lambda name: (SAMPLES / name).read_bytes()


@pytest.fixture
def write() -> Callable[..., bytes]:
    """`write(claims=[{…}], invented=True)`: a facts file; JSON is YAML, so rows are written as they are."""

    def make(**sections: Any) -> bytes:
        lines = ["format: torap-facts/1"]
        lines += [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in sections.items()]
        return "\n".join(lines).encode()

    return make


@pytest.fixture
def base() -> dict[str, Any]:
    """Sections most rows lean on."""
    return {
        "publishers": [{"id": "gov", "name": "Gov", "class": "official", "domains": ["gov.example"]}],
        "sources": [
            {"id": "s1", "url": "https://gov.example/1", "publisher": "gov", "published": "2025-11-26"},
            {"id": "s2", "url": "https://gov.example/2", "publisher": "gov", "published": "2024-05-01"},
        ],
        "attributes": [
            {"code": "area", "name": "Area", "kind": "number", "unit": "ha"},
            {"code": "cost", "name": "Cost", "kind": "money", "unit": "bn KZT"},
            {"code": "status", "name": "Status", "kind": "text"},
        ],
        "places": [{"code": "hub", "name": "Hub", "type": "hub"}],
    }
