"""The sections of a facts file: one table of row models, in the order they are loaded."""

from __future__ import annotations

from torap.intake.readers.row_base import Row
from torap.intake.readers.row_links import DeliveryLink, DroppedLink
from torap.intake.readers.row_sayings import (
    CalendarEdit,
    Claim,
    Evidence,
    Instruction,
    InstructionEvent,
    LeftOut,
    Milestone,
    Money,
    Obstacle,
    ObstacleEvent,
    Promise,
    Report,
    UtilityMove,
)
from torap.intake.readers.row_things import (
    Attribute,
    Indicator,
    Link,
    Organisation,
    Place,
    Programme,
    Project,
    Publisher,
    Region,
    Source,
)

# In the order they are loaded: what is referred to comes first.
ROW_MODELS: tuple[type[Row], ...] = (
    Publisher,
    Source,
    Region,
    Attribute,
    Organisation,
    Place,
    Link,
    Indicator,
    Project,
    Programme,
    Money,
    UtilityMove,
    Claim,
    Milestone,
    Promise,
    Report,
    Instruction,
    InstructionEvent,
    Obstacle,
    ObstacleEvent,
    Evidence,
    DeliveryLink,
    DroppedLink,
    CalendarEdit,
    LeftOut,
)
MODEL_OF: dict[str, type[Row]] = {model.section: model for model in ROW_MODELS}
SECTIONS: tuple[str, ...] = tuple(MODEL_OF)
SUBJECT_SECTIONS = ("organisations", "places", "links", "indicators", "projects", "programmes")
