"""What an engine says when its input cannot be computed: a code, the place at fault, and its values.

The sentence for a code is written where people read it (command line, pages); engines know codes only.
"""

from __future__ import annotations

from typing import Any


class EngineInputError(ValueError):
    """Input an engine refuses. `where` names the row (an activity's id, a link, a calendar), `params` the
    values.
    """

    def __init__(self, code: str, *, where: str = "", **params: Any) -> None:
        self.code = code
        self.where = where
        self.params = params
        shown = ", ".join(f"{name}={value!r}" for name, value in params.items())
        super().__init__(f"{code} at {where or 'input'}" + (f" ({shown})" if shown else ""))
