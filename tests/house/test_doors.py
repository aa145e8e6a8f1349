"""An application has two doors, `services` and `selectors`: nobody outside it reaches past them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "torap"
PAST_A_DOOR = re.compile(r"^(?:from|import) torap\.(\w+)\.(?:services|selectors)\.(\w+)", re.M)
FILES = sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_nobody_reaches_past_the_doors_of_another_application(path: Path) -> None:
    own = path.relative_to(SOURCE).parts[0]
    found = {
        match.group(0) for match in PAST_A_DOOR.finditer(path.read_text("utf-8")) if match.group(1) != own
    }
    assert found == set()
