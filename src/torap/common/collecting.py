"""Reading much at once without Python's search for rings of objects.

Whoever reads a nation's rows makes millions of objects of which none is garbage; looked through again and
again as they grow they cost as much as the reading. What is let go meanwhile is freed as ever, by counting.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Within it no rings are looked for, in no thread of this process; where that was so already it stays."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()
