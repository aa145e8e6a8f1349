"""What breaks next: what the address asks for, horizons, names of causes."""

import dataclasses
import datetime as dt

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from torap.delivery.selectors import Ref
from torap.rules.known import AsKnown
from torap.runs.selectors import BreaksLine, Cause, ForecastLine
from torap.web.forecast import breaks, detail, every
from torap.web.presenters.forecasts import forecast_words
from torap.web.situation.today import _breaks_next

D = dt.date
KNOWN = AsKnown(D(2025, 11, 29))
MINISTRY = Ref(kind="organisation", code="min", name="The ministry")
GAP = Cause(id="milestone:hub-complete", what="assumed", share=0.73, assumed_days=30)
LINE = ForecastLine(
    key="milestone:hub-capacity", kind="milestone", code="hub-capacity", name="Hub at capacity", subject="",
    holder=MINISTRY, region="", due=D(2025, 12, 31), first_due=None, said_on=None, done_on=None, p10=None,
    p20=None, p50=D(2026, 3, 12), p80=D(2027, 5, 2), p90=None, chance=0.0, chance_first=None, basis="links",
    class_code="", n=0, seen=None, heard_on=None, untold=0.0, causes=(GAP,), invented=False, run="r",
    known_on=KNOWN.day,
)  # fmt: skip
HANGS = (
    "In 73 of 100 trials it hangs on 30 days that stages before it take at least: assumed, "
    "not said by anyone."
)


def test_an_address_that_asks_for_nothing_looks_a_year_ahead():
    assert breaks.asked({}) == breaks.Asked()
    assert breaks.asked({}).months == 12
    assert breaks.asked({"months": "0"}).months == 0
    assert breaks.asked({}, {"months": "…"}).months == 0, "what no filter knows narrows nothing"
    assert breaks.asked({"months": "7", "kind": "odd", "sort": "odd"}) == breaks.Asked()


@pytest.mark.parametrize(("page", "number"), [("2", 2), ("0", 1), ("x", 1), ("9" * 9, 1), ("-1", 1)])
def test_pages_begin_at_one(page, number):
    assert every.page_number({"page": page}) == number


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (Cause(id="class:milestone:a", what="activity"), "Its own pace"),
        (Cause(id="class:milestone:b", what="activity"), "Pace of: Rail built"),
        (Cause(id="by:milestone:a", what="activity"), "Its own pace"),
        (Cause(id="least:milestone:b", what="activity"), "Pace of: Rail built"),
        (Cause(id="fixed:milestone:b", what="activity"), "Pace of: Rail built"),
        (Cause(id="blend:milestone:b", what="branch"), "Schedule or kind: Rail built"),
        (Cause(id="activity:hall-1/B", what="activity"), "Pace of: activity B of its schedule"),
        (Cause(id="min", what="owner"), "All that The ministry owes"),
        (Cause(id="body:min", what="driver", kind="body", name="min"), "How well The ministry works"),
        (
            Cause(id="class:milestone.open", what="driver", kind="class", name="milestone.open"),
            "How promises of its kind go: Opening",
        ),
        (Cause(id="r1", what="risk", name="Storm"), "Risk: Storm"),
        (Cause(id="x", what="odd", name="Odd"), "Odd"),
    ],
)
def test_a_cause_has_a_name(cause, words):
    names = {"milestone:b": "Rail built", "min": "The ministry"}
    assert detail.cause_name(cause, names, "milestone:a") == words


def row(line):
    found = BreaksLine(line=line, days_left=32, preventers=((MINISTRY, 0.9),))
    return breaks.break_row(found, forecast_words(line, KNOWN), KNOWN)


def test_what_hangs_on_an_assumption_says_so_in_the_list_the_headline_and_the_download():
    with translation.override("en"):
        assumed, plain = row(LINE), row(dataclasses.replace(LINE, causes=()))
        listed = render_to_string("torap/forecast/break_lines.html", {"rows": [assumed]})
        first = breaks.first_call([BreaksLine(line=LINE, days_left=32, preventers=())], KNOWN)
        cell = render_to_string("torap/forecast/cell.html", {"found": assumed.words})
        said = render_to_string("torap/forecast/break_lines.html", {"rows": [plain]})
        today = _breaks_next([assumed], KNOWN)
    for text in (listed, cell):
        assert HANGS in text
    assert "assumption" not in said
    assert first["row"].words.assumed == HANGS
    assert today["sub"] == f"can prevent it: The ministry. {HANGS}"
    told = dict(zip(breaks.CSV_HEADER, breaks.csv_rows([assumed])[0], strict=True))
    assert (told["assumed_share"], told["assumed_days"]) == (0.73, 30)
    told = dict(zip(every.CSV_HEADER, every.csv_rows([dataclasses.replace(LINE, causes=())])[0], strict=True))
    assert (told["assumed_share"], told["assumed_days"]) == (0.0, 0)


def test_networks_of_a_place_have_names_of_their_own_in_the_download():
    gas = dataclasses.replace(LINE, key="utility:hub/gas", kind="utility", code="hub/gas", name="Hub")
    with translation.override("en"):
        told = dict(zip(every.CSV_HEADER, every.csv_rows([gas])[0], strict=True))
    assert told["name"] == "network: gas"


def test_a_body_is_led_to_at_its_promises():
    assert breaks.promises_of("/en/bodies/min/") == "/en/bodies/min/#promises"
    assert breaks.promises_of("/en/bodies/min/?as_of=2025-01-01").endswith("2025-01-01#promises")
    assert breaks.groups([row(LINE)], ())[0].href.endswith("#promises")
    assert breaks.promises_of("") == ""


def test_a_whole_that_breaks_with_its_part_is_told_and_not_counted():
    part = dataclasses.replace(LINE, key="milestone:part", code="part")
    found = [
        BreaksLine(line=part, days_left=3, preventers=()),
        BreaksLine(line=LINE, days_left=9, preventers=(), with_part=part),
    ]
    assert breaks.headline(found, breaks.Asked(months=0)) == "1 promise will probably not hold"
    assert breaks.wholes_words(found).startswith("The list tells of 1 more, a whole that breaks because")
    assert breaks.counted(found[1:]) == 1, "where the part is not in the list the whole is counted"
    assert breaks.wholes_words(found[:1]) == ""
