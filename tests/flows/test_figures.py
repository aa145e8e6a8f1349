"""Figures from the database to the rows of a page: contradictions grouped by the value they name."""

import pytest

from flows.conftest import DAY
from torap.registry.selectors import figures, subject_get
from torap.rules.known import AsKnown
from torap.web.presenters.figures import figure_groups, figure_row

pytestmark = pytest.mark.django_db
KNOWN = AsKnown(day=DAY)


def test_a_contradiction_names_each_value_once_and_counts_only_rivals(small_country):
    found = next(row for row in figures(subject_get("terminal").pk, KNOWN) if row.contradictions)
    row = figure_row(found, KNOWN)
    (contradiction,) = row.contradictions
    assert len(contradiction.values) == 2
    assert [same.shown_first for same in contradiction.values].count(True) == 1
    assert contradiction.rivals == contradiction.keys - {row.best.key}
    assert row.best.value["contradictions"] == 1
    assert row.others == []


def test_groups_keep_numbers_and_words_apart(small_country):
    groups = figure_groups(figures(subject_get("terminal").pk, KNOWN), KNOWN)
    assert [group["code"] for group in groups] == ["state", "capacity"]
    assert not groups[0]["rows"]
    assert groups[1]["has_beside"]
