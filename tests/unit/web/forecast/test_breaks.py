"""What breaks next: what the address asks for, horizons, names of causes."""

import pytest

from torap.runs.selectors import Cause
from torap.web.forecast import breaks, detail, every


def test_an_address_that_asks_for_nothing_looks_a_year_ahead():
    assert breaks.asked({}) == breaks.Asked()
    assert breaks.asked({}).months == 12
    assert breaks.asked({"months": "0"}).months == 0
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
