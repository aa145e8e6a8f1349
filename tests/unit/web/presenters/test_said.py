"""Short texts said in one language, as readers of the others see them."""

import pytest
from django.utils.translation import override

from torap.web.presenters.said import note_html, said_html


@pytest.mark.parametrize(
    ("language", "text", "start"),
    [
        ("ru", "by 15 January 2026", "до 15 января 2026 года"),
        ("kk", "by 15 January 2026", "2026 жылғы 15 қаңтарға дейін"),
        ("en", "by end of 2026", "by end of 2026"),
        ("ru", "AD Ports Group", "AD Ports Group"),
        ("ru", "Zeta Steel of Baku", "Zeta Steel of Baku"),
        ("ru", "порт", "порт"),
        ("kk", "порт", "порт"),
    ],
)
def test_what_is_translated_own_or_a_name_stands_alone(language, text, start):
    with override(language):
        shown = said_html(text)
    assert shown.startswith(start)
    assert "<abbr" not in shown


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("ru", "in the second half of 2027", "2027"),
        ("kk", "by end of 2031", "2031"),
        ("en", "к концу 2031 года", "2031"),
    ],
)
def test_a_period_is_told_by_rule_and_the_original_stands_beside_it(language, text, told):
    with override(language):
        shown = said_html(text)
    before, _tag, after = shown.partition("<q")
    assert told in before
    assert text in after
    assert 'lang="' in after


def test_anything_else_is_a_quotation_marked_with_its_language():
    with override("ru"):
        shown = said_html("as soon as <money> is there")
    assert shown.startswith('<q class="original" lang="en">as soon as &lt;money&gt; is there</q>')
    assert ">EN</abbr>" in shown
    with override("en"):
        assert 'lang="kk"' in said_html("қаражат болғанда")
        assert 'lang="ru"' in said_html("когда будут деньги")


def test_parts_of_a_note_are_told_each_as_it_can_be():
    with override("ru"):
        shown = note_html("no date on the page; about 2024; reports the vote")
    assert shown.startswith("на странице нет даты; около 2024")
    assert shown.count("<q ") == 2
