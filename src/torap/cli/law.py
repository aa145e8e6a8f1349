"""`torap law …`: the law engine at the command line. It needs no database and no web framework.

Where a database was made, its calendar counts: the country's file and the edits entered or loaded since, as
on the pages. The answer says which calendar it was.

Every command can answer in JSON. A wrong event, parameter or date is told on the error stream with the
repair, and the command ends with code 2.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import typer

from torap.cli.answers import Format, FormatOption, emit, tells
from torap.cli.law_calendar import CalendarUsed, calendar_known
from torap.cli.law_json import evaluation_json, plain, procedure_json
from torap.cli.law_print import print_calendar, print_evaluation, print_procedure
from torap.countries import load_procedure, load_procedures, load_profile, load_rates
from torap.rules.calendar import DAY, days_after
from torap.rules.errors import BadValue, RulesError
from torap.rules.obligations.editions import chosen_edition
from torap.rules.obligations.engine import evaluate
from torap.rules.obligations.inputs import normal, read_moment
from torap.rules.obligations.inputs import read_day as iso_day
from torap.rules.obligations.model import Evaluation, Event, Procedure
from torap.rules.obligations.moves import CaseInput, moved_clocks

law_app = typer.Typer(help="Procedures, deadlines and working days, with every reason.", no_args_is_help=True)
told = tells("law", {RulesError: lambda error: error.message})


KnownOption = Annotated[
    str | None, typer.Option("--known-on", help="as known on this day (YYYY-MM-DD); default today")
]
EventOption = Annotated[
    list[str] | None, typer.Option("--event", "-e", help="name=YYYY-MM-DD[THH:MM]; may be repeated")
]
SetOption = Annotated[list[str] | None, typer.Option("--set", "-s", help="parameter=value; may be repeated")]
ProcedureArgument = Annotated[str, typer.Argument(help="procedure code, for example P03a")]


def today() -> dt.date:
    """The day in the country."""
    return dt.datetime.now(dt.timezone(dt.timedelta(hours=load_profile().utc_offset_hours))).date()


def read_day(text: str, what: str) -> dt.date:
    """A day in ISO form."""
    try:
        return iso_day(text)
    except ValueError:
        raise BadValue(f"{what} {text!r}: not a date; write YYYY-MM-DD.", value=text) from None


def read_event(text: str) -> Event:
    """An event from `name=YYYY-MM-DD[THH:MM]`."""
    name, found, when = text.partition("=")
    if not found:
        raise BadValue(f"--event {text!r}: write name=YYYY-MM-DD, for example filed=2026-03-02.", value=text)
    try:
        day, time = read_moment(when)
    except ValueError:
        raise BadValue(
            f"--event {text!r}: {when!r} is no date; write YYYY-MM-DD or YYYY-MM-DDTHH:MM.", value=text
        ) from None
    return Event(name=name, on=day, at=time)


def read_params(texts: list[str] | None) -> dict[str, str]:
    """Parameters from `name=value`; a name given twice is an error, except `extended_to`, which is joined."""
    params: dict[str, str] = {}
    for text in texts or []:
        name, found, value = text.partition("=")
        if not found:
            raise BadValue(f"--set {text!r}: write name=value, for example type=urgent.", value=text)
        if name in params and name != "extended_to":
            raise BadValue(f"--set {name} is given twice; give it once.", parameter=name)
        params[name] = f"{params[name]},{value}" if name in params else value
    return params


@law_app.command("list")
@told
def list_procedures(fmt: FormatOption = Format.TEXT) -> None:
    """All procedures with their confidence."""
    procedures = load_procedures()
    if fmt is Format.JSON:
        rows = [
            {"id": p.id, "name": p.name, "confidence": p.confidence, "steps": len(p.editions[-1].obligations)}
            for p in procedures.values()
        ]
        return emit({"procedures": rows})
    for procedure in procedures.values():
        typer.echo(f"{procedure.id:<5} {procedure.confidence:<6} {procedure.name}")
    return None


@law_app.command()
@told
def show(procedure: ProcedureArgument, fmt: FormatOption = Format.TEXT) -> None:
    """What a procedure takes: steps, events, parameters, acts, and what is not known."""
    found = load_procedure(procedure)
    if fmt is Format.JSON:
        return emit(procedure_json(found))
    return print_procedure(found)


@law_app.command()
@told
def explain(
    procedure: ProcedureArgument,
    event: EventOption = None,
    set_: SetOption = None,
    known_on: KnownOption = None,
    fmt: FormatOption = Format.TEXT,
) -> None:
    """Every obligation with its due day, its state and every reason."""
    found, answer, used = answer_case(procedure, event, set_, known_on)
    if fmt is Format.JSON:
        return emit({**evaluation_json(answer, found), "calendar": used.as_json()})
    return print_evaluation(answer, found, used.as_text())


def answer_case(
    procedure: str, event: list[str] | None, set_: list[str] | None, known_on: str | None
) -> tuple[Procedure, Evaluation, CalendarUsed]:
    """Read what was typed and evaluate it with the calendar known that day."""
    found = load_procedure(procedure)
    events = [read_event(text) for text in event or []]
    params = read_params(set_)
    day = read_day(known_on, "--known-on") if known_on else today()
    edition = chosen_edition(found, events, params, day)
    used = calendar_known(day)
    answer = evaluate(edition, events, used.days, known_on=day, params=params, rates=load_rates())
    return found, answer, used


@law_app.command()
@told
def calendar(
    year: Annotated[int, typer.Argument(help="year")],
    known_on: KnownOption = None,
    fmt: FormatOption = Format.TEXT,
) -> None:
    """Working days of a year by month, and every day that differs from the plain week, with its reason."""
    day = read_day(known_on, "--known-on") if known_on else today()
    used = calendar_known(day)
    days = used.days
    if not days.first_year <= year <= days.last_year:
        raise BadValue(
            f"{year}: no calendar; choose a year from {days.first_year} to {days.last_year}.", value=year
        )
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    special = [(d, days.mark(d)) for d in days_after(first - DAY, last) if days.mark(d).source != "week"]
    data = {
        "year": year,
        "known_on": day.isoformat(),
        "calendar": used.as_json(),
        "official": days.is_official(year),
        "working_days": days.working_days_in(year),
        "months": [days.working_days_in(year, month) for month in range(1, 13)],
        "days": [
            {"day": d.isoformat(), "working": m.working, "code": m.code, "title": m.title, "source": m.source}
            for d, m in special
        ],
    }
    return emit(data) if fmt is Format.JSON else print_calendar(data, used.as_text())


@law_app.command()
@told
def pool(
    cost: Annotated[str, typer.Option("--cost", help="cost of the project, tenge")],
    year: Annotated[int, typer.Option("--year", help="year whose MCI of 1 January counts")],
    contract: Annotated[bool, typer.Option("--contract", help="under an investment contract")] = False,
    fmt: FormatOption = Format.TEXT,
) -> None:
    """National or regional pool of a project."""
    params = [f"cost_kzt={cost}", f"year={year}", f"contract={str(contract).lower()}"]
    found, answer, _used = answer_case(load_profile().procedures["pool"], None, params, None)
    data = evaluation_json(answer, found)
    findings = [row for row in data["findings"] if row["code"].startswith("pool")]
    if fmt is Format.JSON:
        return emit({"cost_kzt": data["params"].get("cost_kzt"), "year": year, "findings": findings})
    for row in findings:
        typer.echo(f"{row['code']}: {row['value'] if row['value'] is not None else 'not known'}")
        for reason in row["why"]:
            typer.echo(f"    {reason['text']}")
    return None


@law_app.command()
@told
def moves(
    procedure: ProcedureArgument,
    before: Annotated[str, typer.Option("--before", help="calendar as known on this day")],
    after: Annotated[str, typer.Option("--after", help="calendar as known on this day")],
    event: EventOption = None,
    set_: SetOption = None,
    fmt: FormatOption = Format.TEXT,
) -> None:
    """Which clocks of a case move between two states of the calendar, from when to when, and why."""
    found = load_procedure(procedure)
    events, params = tuple(read_event(text) for text in event or []), read_params(set_)
    old, new = read_day(before, "--before"), read_day(after, "--after")
    edition = chosen_edition(found, list(events), params, new)
    case = CaseInput(key=normal(procedure), edition=edition, events=events, params=params)
    used = calendar_known(new)
    moved = moved_clocks(
        [case], calendar_known(old).days, used.days, known_on=new, planned=True, rates=load_rates()
    )
    rows: list[dict[str, Any]] = [
        {
            "id": move.obligation,
            "from": move.was_due.isoformat(),
            "to": move.is_due.isoformat(),
            "days": move.days,
            "why": [
                {"day": plain(c.day), "before": c.code_before, "after": c.code_after, "source": c.source}
                for c in move.reasons
            ],
        }
        for move in moved
    ]
    if fmt is Format.JSON:
        head = {"procedure": found.id, "calendar": used.as_json(), "before": before, "after": after}
        return emit({**head, "moves": rows})
    for row in rows:
        reasons = "; ".join(f"{why['day']} {why['before']} → {why['after']}" for why in row["why"])
        reasons = reasons or "follows another obligation that moves"
        typer.echo(f"{row['id']}: {row['from']} → {row['to']} ({reasons})")
    if not rows:
        typer.echo("No clock moves.")
    return None
