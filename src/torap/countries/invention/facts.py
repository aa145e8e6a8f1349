"""The invented network as facts files: bodies, places, projects, money, promises, instructions, networks."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from typing import Any

from torap.countries.invention.course import Course, Goal, courses, sites
from torap.countries.invention.links import cross_links
from torap.countries.invention.shape import LANGUAGES, Shape, Texts

Row = dict[str, Any]
Section = tuple[str, list[Row]]
PROJECTS_A_FILE = 250  # so that no file grows beyond what a facts file may weigh
REPORT_DAYS = 60
INSTRUCTION_DAYS = 90
FILE_FORMAT = "torap-facts/1"


def facts_files(shape: Shape) -> list[tuple[str, bytes]]:
    """Name and content of every facts file of the network; the same for the same size and seed."""
    made, label = courses(shape), shape.words["publisher"]
    base = [*_base(shape), *_bodies(shape), *_places(shape, made)]
    files = [("invented-00-base.yaml", _file(label, "0", base))]
    for start in range(0, len(made), PROJECTS_A_FILE):
        part = made[start : start + PROJECTS_A_FILE]
        name = f"invented-{1 + start // PROJECTS_A_FILE:02d}-projects.yaml"
        files.append((name, _file(label, f"{part[0].number}–{part[-1].number}", _projects(shape, part))))
    files.append(("invented-99-links.yaml", _file(label, "links", _links(shape))))
    return files


def _file(publisher: Texts, name: str, sections: Iterable[Section]) -> bytes:
    """A facts file, one row a line: rows are JSON, which YAML reads as it stands."""
    title = {lang: f"{publisher[lang]}: {name}" for lang in LANGUAGES}
    lines = [f"format: {FILE_FORMAT}", f"title: {_line(title)}", "invented: true"]
    for section, rows in sections:
        if rows:
            lines.append(f"{section}:")
            lines += [f"  - {_line(row)}" for row in rows]
    return ("\n".join(lines) + "\n").encode()


def _line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, default=str)


def _base(shape: Shape) -> Iterator[Section]:
    words = shape.words
    yield "publishers", [{"id": "invented", "name": words["publisher"], "class": "unknown"}]
    rows = []
    for month in _months(shape):
        title = words["source_title"].format(month=f"{month:%Y-%m}")
        rows.append(
            {"id": _source(month), "publisher": "invented", "published": shape.told(month), "title": title}
        )
    yield "sources", rows


def _bodies(shape: Shape) -> Iterator[Section]:
    rows = [_body(shape, "ministry", number, "ministry") for number in range(1, shape.ministry_count + 1)]
    rows += [
        _body(shape, "akimat", number, "akimat") | {"region": region}
        for number, region in enumerate(shape.regions, start=1)
    ]
    rows += [
        _body(shape, "managing_company", number, "managing_company") | {"region": _region(shape, number)}
        for number in range(1, shape.place_count + 1)
    ]
    rows += [_body(shape, "contractor", number, "other") for number in range(1, shape.contractor_count + 1)]
    yield "organisations", rows


def _body(shape: Shape, word: str, number: int, type: str) -> Row:
    return {
        "code": body_code(word, number),
        "name": shape.named(number, shape.words["bodies"][word]),
        "type": type,
    }


def _places(shape: Shape, made: list[Course]) -> Iterator[Section]:
    numbers = range(1, shape.place_count + 1)
    yield "places", [row for number in numbers for row in _place(shape, number)]
    yield (
        "programmes",
        [
            {
                "code": "inv-network",
                "name": shape.named(0, shape.words["programme"]),
                "members": [place_code(number) for number in numbers],
            }
        ],
    )
    yield "utilities", [row for number in numbers for row in _utilities(shape, number)]
    yield from _site_rows(shape, made)
    yield from _instructions(shape)


def _place(shape: Shape, number: int) -> list[Row]:
    luck, code, region = shape.luck, place_code(number), _region(shape, number)
    kind = luck.pick(shape.words["places"], code, "type")
    lat, lon = shape.words["regions"][region]
    wide = shape.words["spread_degrees"]
    point = {
        "lat": round(lat + luck.between(-wide, wide, code, "lat"), 3),
        "lon": round(lon + luck.between(-wide, wide, code, "lon"), 3),
        "accuracy_km": 100,
        "note": "Invented position",
    }
    place = {
        "code": code,
        "name": shape.named(number, kind["name"]),
        "type": kind["type"],
        "region": region,
        "managing_company": body_code("managing_company", number),
        "points": [point],
    }
    plot = {lang: f"{shape.words['plot'][lang]} 1" for lang in LANGUAGES}
    return [
        place,
        {
            "code": f"{code}-plot-1",
            "name": shape.named(number, plot),
            "type": "plot",
            "region": region,
            "parent": code,
        },
    ]


def _utilities(shape: Shape, number: int) -> list[Row]:
    luck, code, rows = shape.luck, place_code(number), []
    for kind, amount in sorted(shape.words["utilities"].items()):
        said = _said_day(shape, luck.share(code, kind, "said"))
        from_day = said + dt.timedelta(days=luck.whole(-200, 900, code, kind, "from"))
        basis = "evidenced" if from_day <= said else "promised"
        rows.append(
            {
                "id": f"{code}.{kind}",
                "place": code,
                "kind": kind,
                "move": "added",
                "basis": basis,
                "amount": round(amount * luck.between(0.5, 1.5, code, kind)),
                "from": from_day,
                **_source_of(said),
            }
        )
    return rows


def _site_rows(shape: Shape, made: list[Course]) -> Iterator[Section]:
    """The milestones of places: their networks work."""
    found = sorted(sites(shape, made).items())
    pairs = [(number, goal) for number, goal in found if goal.promises]
    yield "milestones", [_site(shape, number, goal) for number, goal in pairs]
    yield "promises", [row for _number, goal in pairs for row in _promises(shape, goal)]
    yield "reports", [row for _number, goal in pairs for row in _reports(shape, goal)]


def _site(shape: Shape, number: int, goal: Goal) -> Row:
    return {
        "code": goal.code,
        "subject": place_code(number),
        "type": goal.type,
        "name": goal.name,
        "holder": body_code("akimat", 1 + shape.regions.index(_region(shape, number))),
    }


def _instructions(shape: Shape) -> Iterator[Section]:
    """One instruction for every third place: answered, late or open as chance has it."""
    rows, events = [], []
    for number in range(1, shape.place_count + 1, 3):
        code = f"INV-{number:03d}"
        given = _said_day(shape, 0.5 + shape.luck.share(code, "given") / 2)
        rows.append(_instruction(shape, number, code, given))
        events += list(_events(shape, number, code, given))
    yield "instructions", rows
    yield "instruction_events", events


def _instruction(shape: Shape, number: int, code: str, given: dt.date) -> Row:
    words = shape.words["instruction"]
    executors = [
        {
            "organisation": body_code("akimat", 1 + shape.regions.index(_region(shape, number))),
            "role": "lead",
        },
        {"organisation": body_code("managing_company", number), "role": "co"},
    ]
    due = given + dt.timedelta(days=INSTRUCTION_DAYS)
    return {
        "code": code,
        "text": shape.named(number, words["text"]),
        "session": words["session"],
        "issuer": "prime_minister",
        "given": given,
        "deadline": {"kind": "date", "on": due, "as_said": due.isoformat()},
        "executors": executors,
        "subjects": [place_code(number)],
        "done_means": words["done_means"],
        **_source_of(given),
    }


def _events(shape: Shape, number: int, code: str, given: dt.date) -> Iterator[Row]:
    lead = body_code("akimat", 1 + shape.regions.index(_region(shape, number)))
    received = given + dt.timedelta(days=1)
    answered = given + dt.timedelta(days=round(shape.luck.about(INSTRUCTION_DAYS, 0.5, code, "answer")))
    base = {"instruction": code, "organisation": lead}
    if received <= shape.as_of:
        yield {
            "id": f"{code}.received",
            **base,
            "type": "received",
            "happened": received,
            **_source_of(received),
        }
    if answered <= shape.as_of:
        yield {
            "id": f"{code}.answered",
            **base,
            "type": "answered",
            "happened": answered,
            "state": "done",
            **_source_of(answered),
        }


def _projects(shape: Shape, part: list[Course]) -> Iterator[Section]:
    yield "projects", [_project(shape, one) for one in part]
    yield "money", [row for one in part for row in _money(shape, one)]
    pairs = [(one, goal) for one in part for goal in one.goals if goal.promises]
    yield "milestones", [_milestone(one, goal) for one, goal in pairs]
    yield "promises", [row for _one, goal in pairs for row in _promises(shape, goal)]
    yield "reports", [row for _one, goal in pairs for row in _reports(shape, goal)]


def _project(shape: Shape, one: Course) -> Row:
    return {
        "code": one.code,
        "name": shape.named(one.number, one.kind["name"], width=4),
        "type": one.kind["type"],
        "place": place_code(one.place),
        "region": _region(shape, one.place),
        "investor": f"{shape.words['investor']} {one.number:04d}",
        "sector": one.kind["sector"],
        "isic": one.kind["isic"],
    }


def _money(shape: Shape, one: Course) -> Iterator[Row]:
    """The amount at every stage the project has come to; every twentieth has no amount that anybody said."""
    if one.number % 20 == 0:
        return
    stages = [(stage, one.at(share)) for stage, share in shape.words["money"].items()]
    stages.append(("realised", one.goal("open").reached + dt.timedelta(days=30)))
    for stage, day in stages:
        if day <= shape.as_of:
            amount = one.cost_usd * (0.3 if stage == "disbursed" else 1)
            yield {
                "id": f"{one.code}.{stage}",
                "project": one.code,
                "stage": stage,
                "amount": round(amount),
                "currency": "USD",
                **_source_of(day),
            }


def _links(shape: Shape) -> Iterator[Section]:
    """What waits for what between things, as the last report tells it."""
    yield (
        "delivery_links",
        [
            {
                "id": f"inv-link-{number:05d}",
                "from": f"milestone:{link.before}",
                "to": f"milestone:{link.after}",
                "lag": link.lag,
                **_source_of(shape.as_of),
            }
            for number, link in enumerate(cross_links(shape), start=1)
        ],
    )


def _milestone(one: Course, goal: Goal) -> Row:
    holder = body_code("ministry", one.ministry)
    if goal.type in {"start", "complete"}:
        holder = body_code("contractor", one.contractor)
    if goal.type == "open":
        holder = body_code("managing_company", one.place)
    return {"code": goal.code, "subject": one.code, "type": goal.type, "name": goal.name, "holder": holder}


def _promises(shape: Shape, goal: Goal) -> Iterator[Row]:
    for number, one in enumerate(goal.promises, start=1):
        quarter = (one.promised.month + 2) // 3
        row = {
            "id": f"{goal.code}.p{number}",
            "milestone": goal.code,
            "promised": f"Q{quarter} {one.promised.year}",
            **_source_of(one.said),
        }
        yield row | ({"reason": shape.words["reason"]} if number > 1 else {})


def _reports(shape: Shape, goal: Goal) -> Iterator[Row]:
    """Said to be done some weeks after it was; what is under way is said to be so near the last day."""
    told = goal.reached + dt.timedelta(days=shape.luck.whole(1, REPORT_DAYS, goal.code, "told"))
    if told <= shape.as_of:
        yield {
            "id": f"{goal.code}.done",
            "milestone": goal.code,
            "state": "done",
            "done_on": goal.reached,
            **_source_of(told),
        }
    elif shape.luck.chance(0.7, goal.code, "seen"):
        seen = shape.as_of - dt.timedelta(days=shape.luck.whole(0, 120, goal.code, "when"))
        yield {"id": f"{goal.code}.now", "milestone": goal.code, "state": "under_way", **_source_of(seen)}


def place_code(number: int) -> str:
    """The code of an invented place."""
    return f"inv-place-{number:03d}"


def body_code(word: str, number: int) -> str:
    """The code of an invented body."""
    return f"inv-{word.replace('_', '-')}-{number:03d}"


def _region(shape: Shape, place: int) -> str:
    return shape.regions[(place - 1) % len(shape.regions)]


def _said_day(shape: Shape, share: float) -> dt.date:
    first = dt.date(int(shape.words["first_month"][:4]), 1, 15)
    return first + (shape.as_of - first) * share


def _source_of(day: dt.date) -> Row:
    return {"source": _source(day)}


def _source(day: dt.date) -> str:
    return f"invented-{day:%Y-%m}"


def _months(shape: Shape) -> Iterator[dt.date]:
    year, month = (int(part) for part in shape.words["first_month"].split("-"))
    day = dt.date(year, month, 1)
    while day <= shape.as_of:
        yield day
        day = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
