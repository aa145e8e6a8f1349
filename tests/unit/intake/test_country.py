"""A country brings its facts along, and all of them are sound."""

from __future__ import annotations

import datetime as dt

import pytest

from torap.common.errors import BadInput, NotFound
from torap.intake.country import country_files
from torap.intake.preview import facts_check

TODAY = dt.date(2026, 11, 21)


def test_the_facts_of_kazakhstan_are_sound():
    preview = facts_check(country_files("kz"), today=TODAY)
    assert [(p.file, p.line, p.key, p.code) for p in preview.errors] == []
    assert preview.total("in_files") > 1000


@pytest.mark.parametrize("code", ["", "KZ", "../kz", "kaz", "k/"])
def test_a_country_is_two_small_letters(code):
    with pytest.raises(BadInput):
        country_files(code)


def test_a_country_without_facts_is_told():
    with pytest.raises(NotFound):
        country_files("zz")
