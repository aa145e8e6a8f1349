"""Rows for what waits for what: links of the delivery network that a source states, and those it denies.

They are no `links`: those are railways and roads. Ends are keys of the network, such as `milestone:CODE`.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from torap.intake.readers.row_sayings import SaidRow
from torap.intake.readers.values import Texts
from torap.rules.network.stages import LONGEST_LAG

NodeKey = Annotated[
    str,
    StringConstraints(
        pattern=r"^(milestone:[\w-]+|instruction:[\w-]+|plot:[\w-]+|utility:[\w-]+/[a-z]+|step:[\w-]+/\w+/.+)$",
        max_length=200,
        strip_whitespace=True,
    ),
]
# Kind of a node -> the section its first name stands in.
SECTION_OF = {
    "milestone": "milestones",
    "instruction": "instructions",
    "plot": "places",
    "utility": "places",
    "step": "subjects",
}


class NodesRow(SaidRow):
    """A row about two nodes. `nodes`: fields that hold their keys, as they are written."""

    refs = (("source", "sources"),)
    nodes: ClassVar[tuple[tuple[str, str], ...]] = (("before", "from"), ("after", "to"))
    before: NodeKey = Field(alias="from")
    after: NodeKey = Field(alias="to")


class DeliveryLink(NodesRow):
    """`to` waits for `from`."""

    section = "delivery_links"
    type: Literal["FS", "SS", "FF", "SF"] = "FS"
    lag: Annotated[int, Field(ge=-LONGEST_LAG, le=LONGEST_LAG)] = 0
    lag_in: Literal["day", "working_day"] = "day"
    why: Texts | None = None


class DroppedLink(NodesRow):
    """`to` does not wait for `from`, whatever was said or drawn."""

    section = "dropped_links"
    why: Texts


def named_by(key: str) -> tuple[str, str]:
    """The section and code a node's key names."""
    kind, _colon, rest = key.partition(":")
    return SECTION_OF[kind], rest.partition("/")[0]
