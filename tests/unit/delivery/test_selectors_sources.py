"""What rests on a source is listed as known on a day, without what was corrected."""

import datetime as dt

from torap.delivery.selectors.sources import source_sayings
from torap.registry.selectors import source_get
from torap.rules.known import AsKnown

KNOWN = AsKnown(day=dt.date(2025, 12, 31))


def sayings(code, known=KNOWN):
    return source_sayings(source_get(code).source.pk, known)


def test_promises_reports_and_instructions_are_found(
    promise, report, instruction, django_assert_max_num_queries
):
    promise("2023-10-27", "Q2 2025")
    report("2025-04-28", "under_way")
    instruction()
    source = source_get("paper").source
    with django_assert_max_num_queries(6):
        paper = source_sayings(source.pk, KNOWN)
    assert (len(paper.promises), len(paper.reports), paper.total) == (1, 1, 2)
    assert [row.code for row in sayings("minutes").instructions] == ["I-1"]


def test_what_was_said_later_is_left_out(promise):
    promise("2023-10-27", "Q2 2025")
    promise("2025-06-01", "Q4 2026")
    assert len(sayings("paper", AsKnown(day=dt.date(2024, 1, 1))).promises) == 1


def test_a_source_nothing_rests_on_is_empty(country):
    assert sayings("minutes").total == 0
