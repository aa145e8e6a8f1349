"""Rows for what facts are about: publishers, sources, regions, attributes, and the six kinds of subject."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from torap.intake.readers.row_base import Row, ShortText, SourceClassWord
from torap.intake.readers.values import Code, Country, Interval, OneText, RegionCode, Texts, Url


class Publisher(Row):
    """Who publishes sources; the class decides between equal claims."""

    section = "publishers"
    id: Code
    name: Texts
    source_class: SourceClassWord = Field(alias="class")
    domains: tuple[str, ...] = ()
    language: str = ""


class Source(Row):
    """A page or paper. `published` is when the world could know it."""

    section = "sources"
    refs = (("publisher", "publishers"),)
    one_text = ("title",)
    id: Code
    url: Url | Literal[""] = ""
    publisher: str
    title: Annotated[OneText, StringConstraints(max_length=500)] = ""
    published: Interval
    date_note: ShortText = ""
    language: str = ""


class Region(Row):
    """A region by its ISO 3166-2 code."""

    section = "regions"
    code: RegionCode
    name: Texts


class Attribute(Row):
    """What can be claimed: shape, unit, and when two claims contradict each other."""

    section = "attributes"
    code: Annotated[Code, StringConstraints(max_length=60)]
    name: Texts
    kind: Literal["number", "money", "category", "text"]
    unit: str = ""
    tolerance: Annotated[float, Field(ge=0, le=1, strict=True)] = 0.02
    window_days: Annotated[int, Field(ge=0, le=36_500)] = 400
    group: Annotated[str, StringConstraints(max_length=30)] = ""

    @field_validator("tolerance", mode="before")
    @classmethod
    def _as_float(cls, value: Any) -> Any:
        return float(value) if isinstance(value, Decimal) else value


class SubjectRow(Row):
    """What the six kinds of subject share."""

    code: Code
    name: Texts
    aliases: tuple[str, ...] = ()
    note: Texts | None = None


class Organisation(SubjectRow):
    """A body that gives or owes something."""

    section = "organisations"
    refs = (("region", "regions"), ("parent", "organisations"))
    type: Literal[
        "government",
        "ministry",
        "akimat",
        "state_body",
        "national_company",
        "managing_company",
        "investor",
        "other",
    ]
    region: str | None = None
    parent: str | None = None
    country: ShortText = ""


class Point(BaseModel):
    """A position in degrees, and how far off it may be (kilometres)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: ShortText = ""
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    accuracy_km: Annotated[float, Field(ge=0, le=1000)] | None = None
    approximate: bool = True
    source: str | None = None
    note: ShortText = ""

    @field_validator("lat", "lon", "accuracy_km", mode="before")
    @classmethod
    def _as_float(cls, value: Any) -> Any:
        return float(value) if not isinstance(value, bool | str) and value is not None else value


class CrossingRow(BaseModel):
    """A way over the border that serves a place."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Texts
    neighbour: Country | Literal[""] = ""
    mode: Annotated[str, StringConstraints(max_length=20)] = ""


class Place(SubjectRow):
    """A hub, zone, park, port, crossing or plot."""

    section = "places"
    refs = (
        ("region", "regions"),
        ("parent", "places"),
        ("managing_company", "organisations"),
        ("points[].source", "sources"),
    )
    one_text = ("district",)
    type: Literal[
        "hub",
        "sez",
        "industrial_park",
        "industrial_zone",
        "logistics_park",
        "port",
        "dry_port",
        "terminal",
        "crossing",
        "airport",
        "city",
        "plot",
    ]
    region: str | None = None
    district: Annotated[OneText, StringConstraints(max_length=120)] = ""
    parent: str | None = None
    neighbours: tuple[Country, ...] = ()
    managing_company: str | None = None
    points: tuple[Point, ...] = ()
    crossings: tuple[CrossingRow, ...] = ()


class Link(SubjectRow):
    """A railway, road or sea line. The line is [[lon, lat], …], as in GeoJSON."""

    section = "links"
    one_text = ("line_note",)
    type: Literal["rail", "road", "sea"]
    line: tuple[tuple[float, float], ...] = ()
    line_note: ShortText = ""

    @field_validator("line", mode="before")
    @classmethod
    def _degrees(cls, value: Any) -> Any:
        if not isinstance(value, list) or any(not isinstance(p, list) or len(p) != 2 for p in value):
            raise PydanticCustomError("bad_line", "a list of [lon, lat] is needed")
        points = [(float(lon), float(lat)) for lon, lat in value]
        if any(abs(lon) > 180 or abs(lat) > 90 for lon, lat in points):
            raise PydanticCustomError("bad_line", "degrees out of range")
        return points


class Programme(SubjectRow):
    """A plan, network or platform that other things belong to."""

    section = "programmes"
    refs = (("members[]", "subjects"),)
    soft = ("members",)
    members: tuple[str, ...] = ()


class Indicator(SubjectRow):
    """A quantity watched over years."""

    section = "indicators"
    refs = (("programme", "programmes"),)
    unit: str
    programme: str | None = None
    higher_is_better: bool = True
    gap: Texts | None = None


class Project(SubjectRow):
    """Something built or invested in."""

    section = "projects"
    refs = (("place", "places"), ("region", "regions"), ("same_as", "projects"))
    one_text = ("place_note", "investor", "sector")
    type: Literal["infrastructure", "investment"]
    place: str | None = None
    place_note: ShortText = ""
    region: str | None = None
    investor: ShortText = ""
    countries: tuple[str, ...] = ()
    sector: ShortText = ""
    isic: Annotated[str, StringConstraints(max_length=4)] = ""
    same_as: str | None = None

    @field_validator("isic", mode="before")
    @classmethod
    def _isic(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
