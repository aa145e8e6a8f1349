"""The brief: every code has its words, nothing is cut in silence, the data are plain and dated."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils.translation import override

from torap.delivery.models import SaidState
from torap.delivery.selectors.situation_model import (
    ContradictionLine,
    Contradictions,
    Counts,
    Due,
    DutyLine,
    Freshness,
    Headline,
    Overdue,
    Progress,
    PromiseLine,
    Ref,
    Situation,
    TurnLine,
    Value,
    YearValue,
)
from torap.delivery.services import issuers
from torap.publish import brief
from torap.publish.wording import issuer_words

DAY = dt.date(2025, 11, 26)
HUB = Ref(kind="place", code="aktau_hub", name="Aktau_hub *one*")
BODY = Ref(kind="organisation", code="min", name="Ministry")


def promise(code="m", **more) -> PromiseLine:
    values = {
        "code": code,
        "name": "Opening",
        "subject": HUB,
        "holder": BODY,
        "first": dt.date(2025, 6, 30),
        "first_as_said": "Q2 2025",
        "first_said_on": dt.date(2023, 10, 27),
        "current": dt.date(2025, 6, 30),
        "current_as_said": "Q2 2025",
        "current_said_on": dt.date(2023, 10, 27),
        "source": "paper",
        "days": -149,
        "moves": 0,
        "slip_months": None,
        "slip_to": None,
        "slip_basis": "",
        "schedule": "late",
        "said": "done",
        "evidenced": "none",
    }
    return PromiseLine(**(values | more))


DUTY = DutyLine(
    code="I-1",
    text="Concept of a zone.",
    issuer="prime_minister",
    given=dt.date(2025, 11, 25),
    step="",
    due=dt.date(2025, 12, 22),
    nominal=dt.date(2025, 12, 20),
    days=26,
    working_days=17,
    type="short",
    overdue=False,
    said="no_word",
    evidenced="none",
    moved=0,
    executors=(BODY,),
    answered=(),
    co_executors=2,
    subjects=(HUB,),
    warnings=(),
)


def value(low, high=None, **more) -> Value:
    values = {
        "low": Decimal(low),
        "high": Decimal(high or low),
        "unit": "bn USD",
        "qualifier": "exact",
        "nature": "observed",
        "scope": "",
        "claim": "c",
        "said_on": DAY,
        "contradicted": False,
    }
    return Value(**(values | more))


INVESTMENT = Progress(
    section="investment",
    indicator=Ref(kind="indicator", code="fdi", name="Investment"),
    target=None,
    unit="bn USD",
    from_year=2022,
    to_year=2026,
    years=(
        YearValue(year=2022, observed=value("28"), target=None, missing=False),
        YearValue(year=2023, observed=None, target=None, missing=True),
        YearValue(year=2026, observed=None, target=value("25", "27"), missing=False),
    ),
    missing=1,
    per_year=value("25", "27"),
    goal=value("150", qualifier="at_least"),
    goal_year=2029,
    count_from=2024,
    counted=None,
    count_missing=1,
    latest=None,
    gap="",
)


@pytest.fixture
def found() -> Situation:
    return Situation(
        as_of=DAY,
        clock="said",
        facts_newest=dt.date(2025, 11, 25),
        headline=Headline(
            code="late_promises",
            params={
                "instructions": 0,
                "promises": 1,
                "moved": 12,
                "dated": 19,
                "days": 30,
                "due_instructions": 1,
                "due_promises": 0,
            },
        ),
        counts=Counts(milestones=19, milestones_said_done=1, instructions=17),
        overdue=Overdue(instructions=(), past_not_binding=(), steps=(), promises=(promise(),), said_done=1),
        due_30=Due(
            within_days=30,
            instructions=(DUTY,),
            steps=(replace(DUTY, step="co_executors", due=dt.date(2025, 12, 12), nominal=None, days=16),),
            promises=(),
        ),
        coming=(),
        slipped_most=(promise(slip_months=18, slip_to=dt.date(2026, 12, 31), slip_basis="promise"),),
        whose_turn=(
            TurnLine(
                holder=Ref(kind="issuer", code="prime_minister", name="prime_minister"),
                instructions=1,
                milestones=0,
                obstacles=0,
                overdue=0,
                since=DAY,
                waiting_days=0,
                next_due=None,
                next_text="",
            ),
        ),
        contradictions=Contradictions(
            total=1,
            figures=1,
            restated=0,
            promises=0,
            statuses=0,
            top=(
                ContradictionLine(
                    kind="conflict",
                    subject=HUB,
                    what=Ref(kind="attribute", code="capacity", name="Capacity"),
                    low=Decimal("200000"),
                    high=Decimal("240000"),
                    unit="TEU/yr",
                    members=2,
                    difference=0.167,
                ),
            ),
        ),
        freshness=Freshness(
            newest=dt.date(2025, 11, 25),
            newest_age_days=1,
            newest_report=None,
            newest_report_age_days=None,
            silent=(),
            silent_total=0,
            asked_for_word=(),
        ),
        progress=(INVESTMENT,),
        blocked_by=(),
    )


def test_text_says_what_is_late_near_and_missing(found):
    text = brief.brief_text(found)
    assert text.startswith("The situation as known on 26 Nov 2025 (newest word 1 day old)\n")
    assert "1 promise has passed without evidence; 12 of 19 promised dates moved at least once." in text
    assert "due 30 Jun 2025, 149 days late (“Q2 2025”); said to be done; no evidence [Ministry]" in text
    assert "Concept of a zone: due 22 Dec 2025, in 26 days; named for 20 Dec 2025, no working day" in text
    assert "[Ministry + 2 co-executors]" in text
    assert "Concept of a zone – answers of the co-executors: due 12 Dec 2025" in text
    assert "Jun 2025 → Dec 2026, 18 months later" in text
    assert "2022: 28; 2023: no data; target 25–27 a year; goal at least 150 by 2029" in text
    assert "measured since 2024: no data (1 ended year is missing)" in text
    assert "Capacity: 200,000 against 240,000 TEU a year (bodies disagree)" in text
    assert "Prime Minister: 1 instruction; oldest since 26 Nov 2025" in text
    assert "milestones said to be done without accepted evidence: 1 of 19" in text


def test_data_are_plain_dated_and_whole(found):
    data = json.loads(json.dumps(brief.brief_data(found)))
    assert (data["as_of"], data["facts_newest"], data["format"]) == (
        "2025-11-26",
        "2025-11-25",
        "torap-brief/1",
    )
    assert data["due_30"]["instructions"][0]["due"] == "2025-12-22"
    assert data["progress"][0]["goal"]["low"] == "150"
    assert data["counts"]["milestones_said_done"] == 1


def test_markdown_escapes_what_would_be_a_mark(found):
    text = brief.brief_markdown(found)
    assert text.startswith("# The situation as known on 26 Nov 2025")
    assert "- Aktau\\_hub \\*one\\*, Opening" in text
    assert "## Overdue instructions\n\nNothing.\n" in text


def test_long_lists_say_how_many_more(found):
    many = tuple(promise(f"m{n}") for n in range(13))
    text = brief.brief_text(replace(found, overdue=replace(found.overdue, promises=many)))
    assert "and 3 more" in text
    assert (
        len(
            brief.brief_data(replace(found, overdue=replace(found.overdue, promises=many)))["overdue"][
                "promises"
            ]
        )
        == 13
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("empty", "Nothing is known on this day"),
        ("late_both", "2 instructions are overdue; 1 promise has passed"),
        ("late_instructions", "2 instructions are overdue; 12 of 19"),
        ("due_soon", "1 thing falls due within 30 days; nothing is late."),
        ("quiet", "Nothing is late, and nothing falls due within 30 days."),
    ],
)
def test_headlines(found, code, words):
    params = {**found.headline.params, "instructions": 2}
    assert words in brief.headline_sentence(Headline(code=code, params={} if code == "empty" else params))


def test_every_code_has_words():
    assert set(brief.SAID) == {"no_word", *SaidState.values}
    assert all(issuer_words(code) != code for code in issuers())
    assert set(brief.EVIDENCED) == {"none", "offered", "accepted", "rejected"}


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_every_language_can_be_written(found, language):
    with override(language):
        assert brief.brief_text(found)
        assert brief.brief_markdown(found)


def test_several_bodies_are_told_apart_by_who_has_answered(found):
    other = Ref(kind="organisation", code="akimat", name="Akimat of Abai region")
    duty = replace(DUTY, executors=(BODY, other), answered=(BODY,))
    text = brief.brief_text(replace(found, due_30=replace(found.due_30, instructions=(duty,))))
    assert "1 of 2 answered; not yet: Akimat of Abai region" in text


def test_a_contradicted_national_figure_is_marked(found):
    year = YearValue(year=2024, observed=value("28", contradicted=True), target=None, missing=False)
    text = brief.brief_text(replace(found, progress=(replace(INVESTMENT, years=(year,)),)))
    assert "2024: 28 (contradicted)" in text
