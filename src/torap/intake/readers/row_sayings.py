"""Rows for what was said, promised, ordered and shown: each rests on a source and a date."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from torap.intake.readers.row_base import ConfidenceWord, QualifierWord, Row, ShortText, StateWord
from torap.intake.readers.values import (
    Code,
    Day,
    Interval,
    LongCode,
    Number,
    OneText,
    RowId,
    Texts,
    Url,
    day_range,
)


class SaidRow(Row):
    """What somebody said: the source, and when and by whom where that differs from the page itself."""

    id: RowId
    source: str
    said: Interval | None = None
    said_by: ShortText = ""


class Money(SaidRow):
    """An amount of a project at one stage."""

    section = "money"
    refs = (("project", "projects"), ("source", "sources"))
    one_text = ("note", "part")
    project: str
    stage: Literal["announced", "agreed", "committed", "disbursed", "realised"]
    amount: Annotated[Number, Field(ge=0)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    qualifier: QualifierWord = "exact"
    part: Annotated[OneText, StringConstraints(max_length=80)] = ""
    note: OneText = ""


class Claim(SaidRow):
    """A value of an attribute of a subject."""

    section = "claims"
    refs = (
        ("subject", "subjects"),
        ("attribute", "attributes"),
        ("source", "sources"),
        ("corrects", "claims"),
    )
    subject: str
    attribute: str
    scope: Annotated[str, StringConstraints(max_length=80)] = ""
    nature: Literal["observed", "target", "plan", "forecast"] = "observed"
    low: Number | None = None
    high: Number | None = None
    unit: Annotated[str, StringConstraints(max_length=40)] = ""
    qualifier: QualifierWord = "exact"
    text: Texts | None = None
    about: Interval | None = None
    confidence: ConfidenceWord = "medium"
    derived: bool = False
    note: Texts | None = None
    corrects: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _value(cls, data: Any) -> Any:
        """`value` is a number or {low, high}; the row keeps both ends."""
        if not isinstance(data, dict) or "value" not in data:
            return data
        data = dict(data)
        value = data.pop("value")
        if isinstance(value, dict):
            if set(value) != {"low", "high"}:
                raise PydanticCustomError("bad_range", "a range is {low, high}")
            data |= value
        else:
            data |= {"low": value, "high": value}
        return data

    @model_validator(mode="after")
    def _ordered(self) -> Claim:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise PydanticCustomError(
                "low_above_high", "low is above high", {"low": str(self.low), "high": str(self.high)}
            )
        return self


class Milestone(Row):
    """A named state that a subject is to reach."""

    section = "milestones"
    refs = (("subject", "subjects"), ("holder", "organisations"))
    code: LongCode
    subject: str
    name: Texts
    type: Literal["design", "start", "part", "complete", "open", "capacity", "status", "other"]
    holder: str | None = None


class PromisedDates(BaseModel):
    """A promised period written as dates; without `from` it means "by"."""

    model_config = ConfigDict(frozen=True)

    start: dt.date | None = None
    end: dt.date


def read_promised(value: Any) -> str | PromisedDates:
    """Words (read later, when the day they were said is known) or {from, to}."""
    if isinstance(value, PromisedDates):
        return value
    if not isinstance(value, dict):
        if value is None or isinstance(value, bool | list) or not str(value).strip():
            raise PydanticCustomError("text_expected", "text or {from, to} expected")
        return str(value).strip()
    if unknown := sorted(set(value) - {"from", "to"}):
        raise PydanticCustomError("unknown_field", "unknown field", {"name": unknown[0], "known": "from, to"})
    if value.get("to") is None:
        raise PydanticCustomError("interval_open", "to is needed")
    start = day_range(value["from"])[0] if value.get("from") is not None else None
    end = day_range(value["to"])[1]
    if start and start > end:
        raise PydanticCustomError(
            "interval_reversed", "from is later than to", {"start": str(start), "end": str(end)}
        )
    return PromisedDates(start=start, end=end)


class Promise(SaidRow):
    """A date or period somebody named for a milestone."""

    section = "promises"
    refs = (("milestone", "milestones"), ("source", "sources"), ("corrects", "promises"))
    one_text = ("as_said",)
    milestone: str
    promised: Annotated[Any, BeforeValidator(read_promised)]
    as_said: Annotated[OneText, StringConstraints(max_length=200)] = ""
    yardstick: bool = True
    reason: Texts | None = None
    note: Texts | None = None
    corrects: str | None = None

    @model_validator(mode="after")
    def _said_words(self) -> Promise:
        if not isinstance(self.promised, str) and not self.as_said:
            raise PydanticCustomError("as_said_missing", "as_said is needed")
        return self


class Report(SaidRow):
    """Somebody said how far a milestone is."""

    section = "reports"
    refs = (("milestone", "milestones"), ("source", "sources"), ("corrects", "reports"))
    milestone: str
    state: StateWord
    done_on: Interval | None = None
    percent: Annotated[Number, Field(ge=0, le=100)] | None = None
    text: Texts | None = None
    corrects: str | None = None


class Deadline(BaseModel):
    """The deadline as said; the due date is computed from it, never stored."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["date", "term", "none", "permanent", "unknown"]
    on: Day | None = None
    as_said: Annotated[OneText, StringConstraints(max_length=200)] = ""

    @model_validator(mode="after")
    def _dated(self) -> Deadline:
        wanted = {"date": (True,), "term": (True, False)}.get(self.kind, (False,))
        if (self.on is not None) not in wanted:
            raise PydanticCustomError("deadline_on", "`on` goes with kind date or term", {"kind": self.kind})
        return self


class ExecutorRow(BaseModel):
    """A body that owes the instruction."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    organisation: str
    role: Literal["lead", "co"]


class Instruction(Row):
    """An order to do something."""

    section = "instructions"
    refs = (("executors[].organisation", "organisations"), ("subjects[]", "subjects"), ("source", "sources"))
    one_text = ("executors_said",)
    code: Code
    text: Texts
    session: Texts | None = None
    issuer: Annotated[str, StringConstraints(max_length=40)]
    given: Interval
    deadline: Deadline
    executors: tuple[ExecutorRow, ...] = ()
    executors_said: ShortText = ""
    tags: tuple[Literal["special", "permanent"], ...] = ()
    params: dict[str, bool | int | str] = {}
    subjects: tuple[str, ...] = ()
    done_means: Texts | None = None
    source: str
    said: Interval | None = None

    @model_validator(mode="after")
    def _executors_once(self) -> Instruction:
        names = [executor.organisation for executor in self.executors]
        for name in names:
            if names.count(name) > 1:
                raise PydanticCustomError("executor_twice", "a body stands twice", {"name": name})
        return self


class InstructionEvent(SaidRow):
    """What happened to an instruction."""

    section = "instruction_events"
    refs = (("instruction", "instructions"), ("organisation", "organisations"), ("source", "sources"))
    instruction: str
    type: Literal[
        "received",
        "co_answered",
        "answered",
        "extension_requested",
        "extended",
        "refused",
        "closed",
        "returned",
        "follow_up",
    ]
    happened: Interval
    organisation: str | None = None
    new_deadline: Day | None = None
    ground: Annotated[str, StringConstraints(max_length=40)] = ""
    state: StateWord | Literal[""] = ""
    text: Texts | None = None
    source: str | None = None  # type: ignore[assignment]

    @model_validator(mode="after")
    def _complete(self) -> InstructionEvent:
        if self.type == "extended" and self.new_deadline is None:
            raise PydanticCustomError("new_deadline_missing", "an extension needs new_deadline")
        if self.type == "closed" and not self.ground:
            raise PydanticCustomError("ground_missing", "closing needs a ground")
        return self


class Obstacle(Row):
    """Something that blocks a subject."""

    section = "obstacles"
    refs = (
        ("blocks", "subjects"),
        ("milestone", "milestones"),
        ("holder", "organisations"),
        ("source", "sources"),
    )
    one_text = ("raised_by",)
    code: LongCode
    text: Texts
    blocks: str
    milestone: str | None = None
    holder: str | None = None
    raised_by: ShortText = ""
    source: str
    said: Interval | None = None
    said_by: ShortText = ""


class ObstacleEvent(Row):
    """An obstacle carried up the ladder, or removed."""

    section = "obstacle_events"
    refs = (("obstacle", "obstacles"), ("source", "sources"))
    one_text = ("note",)
    obstacle: str
    type: Literal["escalated", "removed"]
    rung: Annotated[str, StringConstraints(max_length=30)] = ""
    happened: Day
    source: str | None = None
    note: OneText = ""

    @property
    def key(self) -> str:
        """A rung is climbed once, so it identifies the event."""
        return f"{self.obstacle}:{self.type}:{self.rung}"


class Evidence(Row):
    """A document offered for a milestone or an instruction; it counts once another body has verified it."""

    section = "evidence"
    refs = (("milestone", "milestones"), ("instruction", "instructions"), ("given_by", "organisations"))
    one_text = ("title",)
    milestone: str | None = None
    instruction: str | None = None
    type: Literal["document", "act", "photo", "video", "satellite", "system"]
    shows_on: Day
    title: ShortText
    url: Url
    given_by: str

    @model_validator(mode="after")
    def _of_one_thing(self) -> Evidence:
        if (self.milestone is None) == (self.instruction is None):
            raise PydanticCustomError("evidence_of_one_thing", "milestone or instruction, not both")
        return self

    @property
    def key(self) -> str:
        """The thing it speaks of, the day and the address identify it."""
        return f"{self.milestone or self.instruction}:{self.shows_on}:{self.url}"


class UtilityMove(Row):
    """Capacity added, reserved, taken or released at a place, from a date."""

    section = "utilities"
    refs = (("place", "places"), ("source", "sources"))
    id: RowId
    place: str
    kind: Literal["electricity", "gas", "water", "sewerage", "heat", "telecom", "rail", "road"]
    move: Literal["added", "reserved", "taken", "released"]
    basis: Literal["promised", "evidenced"]
    amount: Annotated[Number, Field(gt=0)]
    effective_from: Day = Field(alias="from")
    source: str
    said: Interval | None = None
    said_by: ShortText = ""


class CalendarEdit(Row):
    """An official change of one day, known from a date."""

    section = "calendar_edits"
    one_text = ("source_title",)
    day: Day
    working: bool
    known_from: Day
    kind: Annotated[str, StringConstraints(max_length=30)]
    title: Texts
    source_title: ShortText
    source_url: Url | Literal[""] = ""
    confidence: ConfidenceWord = "medium"

    @property
    def key(self) -> str:
        """One edit of a day per knowledge date."""
        return f"{self.day}:{self.known_from}"


class LeftOut(Row):
    """A place in the collected material that was not carried, and why."""

    section = "left_out"
    origin: Annotated[tuple[str, ...], Field(min_length=1)]
    why: OneText

    @property
    def key(self) -> str:
        """The places themselves."""
        return ",".join(self.origin)
