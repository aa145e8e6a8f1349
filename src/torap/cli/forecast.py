"""`torap forecast`: make the forecast, read it, and see how it stood up."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer

from torap.cli.answers import Format, FormatOption, emit
from torap.cli.telling import err, need_tables, out, rooms, told
from torap.rules.known import AsKnown

HANGS = 0.05  # a share of trials from which an assumption is told
NAMES = {
    "beyond": "not_before",
    "class_code": "class",
    "first_due": "first_promise",
    "said_on": "promise_said_on",
}
forecast_app = typer.Typer(help="Dates as distributions, and their score.", no_args_is_help=True)
AsOf = Annotated[str, typer.Option("--as-of", help="Day, YYYY-MM-DD: as known then.")]
Invented = Annotated[bool, typer.Option("--invented", help="Of what is invented instead of what is real.")]


@forecast_app.command("run")
@told
def run(
    as_of: AsOf = "",
    trials: Annotated[int, typer.Option(min=1, help="How many trials.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random numbers.")] = 1,
    sampling: Annotated[str, typer.Option(help="plain, latin or sobol")] = "plain",
    invented: Invented = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Freeze the network as known on a day and forecast it. The same question is computed once.

    Example: torap forecast run --as-of 2026-01-15
    """
    known = _known(as_of)
    opened = rooms()
    made = opened.runs_services.run_request(
        by=opened.system_user(),
        known_on=known.day,
        trials=trials,
        seed=seed,
        sampling=sampling,
        invented=invented,
    )
    _tell_run(opened.runs.run_get(made.code), output)


@forecast_app.command("show")
@told
def show(
    key: Annotated[str, typer.Argument(help="A node, such as milestone:CODE; without it the list.")] = "",
    as_of: AsOf = "",
    order: Annotated[str, typer.Option(help="chance, due, p80, late or name")] = "chance",
    limit: Annotated[int, typer.Option(min=1, help="How many of the list.")] = 20,
    invented: Invented = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Show the newest forecast: of one node with the reasons, or the list.

    Example: torap forecast show milestone:bakhty_ayagoz-in_service
    """
    known = _known(as_of)
    runs = rooms().runs
    if key:
        _show_one(runs, key, known, output)
        return
    page = runs.forecast_list(known, runs.ForecastFilters(invented=invented), order=order, limit=limit)
    if output is Format.JSON:
        rows = [plain(line) | _assumed(line) for line in page.rows]
        emit(plain({"run": page.run, "total": page.total, "rows": rows}))
        return
    if page.run is None:
        out.print("No forecast was made by that day. Run: torap forecast run")
        return
    out.print(f"{page.run.code}: {page.total} nodes, as known on {page.run.known_on}.", markup=False)
    names = _names(page.rows)
    for line in page.rows:
        out.print(_line(line, names), markup=False, soft_wrap=True)


@forecast_app.command("score")
@told
def score(as_of: AsOf = "", invented: Invented = False, output: FormatOption = Format.TEXT) -> None:
    """Score every forecast kept so far by what is known now.

    Example: torap forecast score --format json
    """
    known = _known(as_of)
    opened = rooms()
    live = opened.runs.score_table(known, invented=invented)
    _tell_score(live, output, _verdicts(opened.runs.backtest_table(known, invented=invented), live))


@forecast_app.command("backtest")
@told
def backtest(as_of: AsOf = "", invented: Invented = False, output: FormatOption = Format.TEXT) -> None:
    """Replay every known promise as of its day, and score what its class and the network would have said.

    Example: torap forecast backtest
    """
    known = _known(as_of)
    opened = rooms()
    made = opened.runs_services.run_request(
        by=opened.system_user(), kind="backtest", known_on=known.day, invented=invented, at_once=True
    )
    found = opened.runs.run_get(made.code)
    if not found.done:
        _tell_run(found, output)
        return
    tested = opened.runs.backtest_table(known, run=made.code)
    _tell_score(tested, output, _verdicts(tested, None))


def plain(value: Any) -> Any:
    """A frozen row and all it holds in JSON's own types; forecasts under the names of the downloads."""
    if isinstance(value, rooms().runs.ForecastLine):
        return _plain_line(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value


def _plain_line(line: Any) -> dict[str, Any]:
    """A forecast as the downloads tell it: the body by its code and its name; a percentile of which no day
    can be told has none, and `by_now` and `not_before` say why."""
    kept = {one.name: plain(getattr(line, one.name)) for one in dataclasses.fields(line)}
    told = {f"p{share}": plain(line.told(share)) for share in rooms().runs.SHARES}
    named = {NAMES.get(name, name): told.get(name, value) for name, value in kept.items()}
    holder = {"holder": line.holder.code, "holder_name": line.holder.name} if line.holder else {}
    return {**named, "by_now": list(line.by_now), "holder": "", "holder_name": "", **holder}


def _known(as_of: str) -> AsKnown:
    need_tables()
    opened = rooms()
    day, wrong = opened.day_asked(as_of, opened.localdate())
    if wrong:
        why = "no such day" if wrong == "not_a_day" else "has not come yet"
        err.print(f"--as-of {as_of}: {why}; write YYYY-MM-DD, not after today.", markup=False)
        raise typer.Exit(2)
    return AsKnown(day)


def _tell_run(found: Any, output: Format) -> None:
    if output is Format.JSON:
        emit(plain(found))
    else:
        seconds = f" in {found.seconds:.2f} s" if found.seconds is not None else ""
        words = f"{found.code}: {found.state}{seconds}, {found.nodes} nodes, {found.trials} trials, seed "
        head = f", ledger event {found.read_seq} {(found.read_hash or '')[:12]}".rstrip()
        read = "" if found.read_seq is None else head
        out.print(f"{words}{found.seed}, input {found.sha256[:12]}{read}.", markup=False, soft_wrap=True)
        if found.error:
            err.print(f"{found.error} {dict(found.error_params)}", markup=False, soft_wrap=True)
    if found.state == "failed":
        raise typer.Exit(1)


def _show_one(runs: Any, key: str, known: AsKnown, output: Format) -> None:
    line = runs.forecast_of([key], known).get(key)
    if line is None:
        err.print(f"There is no forecast of {key} by that day.", markup=False)
        raise typer.Exit(2)
    found = runs.why(line.run, key)
    if output is Format.JSON:
        emit(plain(found) | _assumed(found.line))
        return
    out.print(_line(found.line, _names([line])), markup=False, soft_wrap=True)
    if line.maybe_reached:
        words = f"may have been reached already in {line.untold:.0%} of trials"
        since = f": nothing was said since {line.heard_on}" if line.heard_on else ""
        out.print(f"{words}{since}", markup=False, soft_wrap=True)
    if found.class_line is not None:
        row = found.class_line
        words = f"class {row.code}: {row.n} promises, {row.events} known to be reached; leans on {row.parent}"
        out.print(words, markup=False, soft_wrap=True)
    for step in found.steps:
        mark = "*" if step.chain else " "
        words = f"{mark} {'  ' * step.depth}{step.drives:5.1%} {step.name} -> {step.to}"
        out.print(words, markup=False, soft_wrap=True)


def _line(line: Any, names: Mapping[str, str]) -> str:
    """One forecast with the name of what it is a date of."""
    chance = "   –" if line.chance is None else f"{line.chance:4.0%}"
    days = " ".join(f"{name} {_by(name, line)}" for name in ("p10", "p50", "p80"))
    told = f"{chance}  due {_day(line.due)}  {days}  {line.basis} n={line.n}  {_named(line, names)}"
    if line.assumed_share < HANGS:
        return told
    hangs = (
        f"in {line.assumed_share:.0%} of trials it hangs on {line.assumed_days} d of stages nobody told of"
    )
    return f"{told}  [assumption: {hangs}]"


def _assumed(line: Any) -> dict[str, Any]:
    """How much of a forecast hangs on time that nobody named: share of trials, days."""
    return {"assumed_share": line.assumed_share, "assumed_days": line.assumed_days}


def _names(lines: Iterable[Any]) -> dict[str, str]:
    """Names of what dates are dates of, by code. One query, none without codes."""
    codes = {line.subject for line in lines if line.subject}
    return {code: row.name for code, row in rooms().registry.subject_map(codes).items()} if codes else {}


def _named(line: Any, names: Mapping[str, str]) -> str:
    subject = names.get(line.subject, "")
    return line.name if not subject or line.name.startswith(subject) else f"{subject}: {line.name}"


def _by(name: str, line: Any) -> str:
    """A day of a forecast; "by now?" where it may have come already, for all that was said; a day it is not
    before where nobody has seen one of its kind come so late, "not told" where that has passed."""
    day: dt.date | None = getattr(line, name)
    if name in line.beyond and day is not None:
        return f">={day}" if day > line.known_on else "not told  "
    return "by now?   " if day is not None and line.maybe_reached and day <= line.known_on else _day(day)


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else "–         "


def _verdicts(backtest: Any, live: Any) -> list[str]:
    """What the score comes to, in the sentences of the page, in English as all that commands say."""
    opened = rooms()
    with opened.override("en"):
        sentences: list[str] = opened.scoring.verdicts(backtest, live)
    return sentences


def _tell_score(table: Any, output: Format, verdict: list[str]) -> None:
    if output is Format.JSON:
        emit(plain(table) | {"verdict": verdict})
        return
    rows = [table.whole, *table.baselines, *table.classes, *table.holders, *table.choices]
    for row in rows:
        out.print(_score_line(row), markup=False, soft_wrap=True)
    for one in table.calibration:
        if one.n:
            words = f"said {one.said:.0%} on average, came {one.came:.0%}, of {one.n}"
            out.print(f"chance {one.low:.0%} to {one.high:.0%}: {words}", markup=False)
    if table.untold:
        out.print(f"{table.untold} promises had nothing behind them on their day: no forecast.")
    if table.network is not None:
        _tell_network(table.network)
    for sentence in verdict:
        out.print(sentence if sentence.endswith(".") else f"{sentence}.", markup=False, soft_wrap=True)


def _tell_network(found: Any) -> None:
    """What the network of past days said, beside the class alone on the same promises."""
    words = f"{found.days} days, {found.trials} trials, seed {found.seed}"
    left = f"; {found.days_left_out} days left out" if found.days_left_out else ""
    out.print(f"The network as known on each day ({words}{left}):", markup=False, soft_wrap=True)
    for row in found.rows:
        out.print(_score_line(row), markup=False, soft_wrap=True)
    waiting = found.row("network.waiting")
    if waiting.brier_n < rooms().runs.FEW:
        words = f"Promises that waited for something: {waiting.n}, end known of {waiting.brier_n}"
        out.print(f"{words}: too few to say what waiting adds.", markup=False, soft_wrap=True)


def _score_line(row: Any) -> str:
    loss = ", ".join(f"P{share * 100:g} {value:.0f} d" for share, value in row.pinball.items()) or "–"
    brier = "–" if row.brier is None else f"{row.brier:.3f} (n={row.brier_n})"
    cover = "–" if row.coverage is None else f"{row.coverage:.0%} (n={row.coverage_n})"
    return f"{row.group or '–'}: n={row.n}, reached {row.reached}; pinball {loss}; Brier {brier}; P80 {cover}"
