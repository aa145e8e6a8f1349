"""What the builder shows: the changes so far, the date chosen, what can be chosen, the live picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from torap.delivery.selectors import obstacle_states
from torap.rules.known import AsKnown
from torap.runs.selectors import (
    SMALL_NODES,
    ForecastFilters,
    RunLine,
    breaks_next,
    forecast_list,
    forecast_of,
    why,
)
from torap.web import formats
from torap.web.presenters.forecasts import ForecastWords, full_name, name_within, subject_names, words_of
from torap.web.presenters.links import known_link
from torap.web.scenarios.changes import change_words, nodes_of, read_changes, write_changes
from torap.web.scenarios.forms import FORMS, OPERATIONS, ChangeForm

FOUND = 8  # dates a search shows
OBSTACLE_LETTERS = 120
OFFERED = 400  # dates offered to wait for


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the address of the builder says."""

    changes: list[dict[str, Any]]
    node: str
    op: str
    words: str
    invented: bool
    added: bool

    def link(self, known: AsKnown, name: str = "what_if", **query: Any) -> str:
        """The address with these changes and further parts."""
        changes = query.pop("changes", self.changes)
        return known_link(
            known,
            name,
            changes=write_changes(changes),
            invented="1" if self.invented else None,
            **query,
        )

    def answered(self, known: AsKnown, changes: list[dict[str, Any]]) -> str:
        """The address with other changes, at the place where they and their answer stand: who came there by
        keyboard, or listens, goes on from it."""
        return f"{self.link(known, changes=changes)}#changes"


def small(run: RunLine) -> bool:
    """Whether an answer about the run comes while the reader waits; of a larger one it is computed in the
    background, for those who may ask for a run."""
    return run.nodes <= SMALL_NODES


def state_of(query: Mapping[str, str]) -> State:
    """The builder as the address says it; a value that is none is left out."""
    op = query.get("op", "")
    return State(
        changes=read_changes(query.get("changes", "")),
        node=query.get("node", "").replace("\0", "")[:200],
        op=op if op in OPERATIONS else "delay",
        words=query.get("q", "").replace("\0", "").strip()[:80],
        invented=query.get("invented") == "1",
        added=query.get("add") == "1",
    )


def of_its_network(state: State, known: AsKnown) -> State:
    """The builder over the network its dates belong to: an address that names invented ones without saying so
    is read as one of the invented network. One query, none where nothing is named."""
    named = [*nodes_of(state.changes), *([state.node] if state.node else [])]
    if state.invented or not any(line.invented for line in forecast_of(named, known).values()):
        return state
    return replace(state, invented=True)


def names_for(changes: Sequence[Mapping[str, Any]], known: AsKnown) -> dict[str, str]:
    """Names of the dates and obstacles that changes name."""
    lines = forecast_of(nodes_of(changes), known)
    subjects = subject_names(lines.values())
    names = {key: name_within(line, subjects) for key, line in lines.items()}
    codes = [one["obstacle"] for one in changes if isinstance(one.get("obstacle"), str)]
    if codes:
        names |= {one.code: one.obstacle.text for one in obstacle_states(known, codes=codes)}
    return names


def change_rows(state: State, names: Mapping[str, str], known: AsKnown) -> list[dict[str, str]]:
    """The changes so far, each with the address without it."""
    return [
        {
            "words": change_words(one, names),
            "without": state.link(known, changes=state.changes[:at] + state.changes[at + 1 :]),
        }
        for at, one in enumerate(state.changes)
    ]


def found_nodes(state: State, known: AsKnown) -> list[dict[str, Any]]:
    """Dates whose name holds the words searched for; without words those that break next."""
    if state.words:
        wanted = ForecastFilters(words=state.words, invented=state.invented)
        lines = list(forecast_list(known, wanted, "chance", 0, FOUND).rows)
    else:
        rows = breaks_next(known, invented=state.invented).rows  # asked as below: it is computed once
        lines = [row.line for row in rows[:FOUND]]
    return [
        {"words": words, "href": state.link(known, node=words.key) + "#change"}
        for words in words_of(lines, known)
    ]


def chosen(state: State, known: AsKnown) -> ForecastWords | None:
    """The date to be changed."""
    line = forecast_of([state.node], known).get(state.node) if state.node else None
    return words_of([line], known)[0] if line else None


def form_of(state: State, run: RunLine, query: Mapping[str, str] | None, known: AsKnown) -> ChangeForm:
    """The fields of the change chosen, filled from `query` when it was sent."""
    return FORMS[state.op](query, choices=_choices(state, run, known))


def _choices(state: State, run: RunLine, known: AsKnown) -> list[tuple[str, str]]:
    if state.op == "drop_link":
        steps = [step for step in why(run.code, state.node).steps if step.to == state.node]
        return [(step.key, step.name) for step in steps]
    if state.op == "add_link":
        rows = forecast_list(known, ForecastFilters(invented=state.invented), "name", 0, OFFERED).rows
        subjects = subject_names(rows)
        named = [(line.key, full_name(line, subjects)) for line in rows if line.key != state.node]
        return sorted(named, key=lambda pair: pair[1].casefold())
    if state.op == "remove_obstacle":
        code = state.node.removeprefix("milestone:")
        held = (one for one in obstacle_states(known, open_only=True) if code in one.blocked)
        return [(one.code, obstacle_words(one.obstacle.text, len(one.blocked))) for one in held]
    return []


def obstacle_words(text: str, blocked: int) -> str:
    """An obstacle as it is offered: with how many dates its removal brings nearer."""
    words = ngettext(
        "%(text)s (holds up %(count)s milestone)", "%(text)s (holds up %(count)s milestones)", blocked
    )
    return words % {"text": formats.shortened(text, OBSTACLE_LETTERS), "count": blocked}


PRESETS: tuple[tuple[Any, dict[str, Any]], ...] = (
    (gettext_lazy("half a year later"), {"op": "delay", "months": 6}),
    (gettext_lazy("a year later"), {"op": "delay", "months": 12}),
    (gettext_lazy("a fifth faster"), {"op": "speed_up", "percent": 20}),
    (gettext_lazy("twice as fast"), {"op": "speed_up", "percent": 50}),
)


def presets(state: State, known: AsKnown) -> list[dict[str, str]]:
    """The changes most asked for, each one click away."""
    return [
        {
            "words": str(words),
            "href": state.answered(known, [*state.changes, {"node": state.node} | change]),
        }
        for words, change in PRESETS
    ]


def operations(state: State) -> list[dict[str, Any]]:
    """The kinds of change."""
    return [
        {"value": code, "label": words, "selected": code == state.op} for code, words in OPERATIONS.items()
    ]


def example(known: AsKnown, *, invented: bool) -> dict[str, str] | None:
    """A first what-if to try: the promise that breaks next comes half a year later still."""
    rows = breaks_next(known, invented=invented).rows
    if not rows:
        return None
    change = {"op": "delay", "node": rows[0].line.key, "months": 6}
    state = State(changes=[change], node="", op="delay", words="", invented=invented, added=False)
    words = _("%(name)s comes six months later") % {"name": words_of([rows[0].line], known)[0].name}
    return {"href": state.answered(known, state.changes), "words": words}


def live(run: RunLine, known: AsKnown) -> dict[str, Any]:
    """The picture as it stands, to hold the answer against."""
    found = breaks_next(known, invented=run.invented)
    expected = sum(row.expected for row in found.holders)
    invented = "1" if run.invented else None
    return {
        "breaking": sum(row.own for row in found.holders),
        "expected": round(expected, 1),
        "url": known_link(known, "forecast", months="0", invented=invented),
    }
