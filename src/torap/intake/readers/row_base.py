"""What every row of a facts file has, and the words several sections share.

`refs` lists the fields that name another row, with the section they name; `subjects` stands for all six
sections whose rows can be spoken of. `one_text` lists the fields kept in one language only. The models know
one row each: what needs other rows stands in `intake.check`.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, field_validator

from torap.intake.readers.values import OneText

SourceClassWord = Literal["act", "official", "company", "international", "press", "interested", "unknown"]
QualifierWord = Literal["exact", "about", "at_least", "more_than", "up_to", "nearly"]
ConfidenceWord = Literal["high", "medium", "low"]
StateWord = Literal["not_started", "under_way", "part_done", "done", "not_reached"]
ShortText = Annotated[OneText, StringConstraints(max_length=300, strip_whitespace=True)]


class Row(BaseModel):
    """What every row has: `origin` names the places in the collected material it carries; never shown."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    section: ClassVar[str]
    refs: ClassVar[tuple[tuple[str, str], ...]] = ()
    one_text: ClassVar[tuple[str, ...]] = ()
    # Fields whose rows may be written later than this one: they do not decide the order.
    soft: ClassVar[tuple[str, ...]] = ()

    origin: tuple[str, ...] = ()

    @field_validator("origin", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @property
    def key(self) -> str:
        """What identifies the row in its section."""
        return str(getattr(self, "code", None) or getattr(self, "id", ""))
