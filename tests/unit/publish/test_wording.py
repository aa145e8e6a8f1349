"""Marks of quotation, how exactly a number was said, and short strings of the facts, in three languages."""

import pytest
from django.utils.translation import override

from torap.publish.wording import fact_words, qualified, quoted


@pytest.mark.parametrize(("language", "shown"), [("en", "“hub”"), ("ru", "«hub»"), ("kk", "«hub»")])
def test_quotation_marks_follow_the_language(language, shown):
    with override(language):
        assert quoted("hub") == shown
        assert quoted("") == ""


def test_kazakh_says_how_exactly_after_the_number():
    with override("kk"):
        assert qualified("more_than", "300").startswith("300 ")
    with override("en"):
        assert qualified("more_than", "300") == "more than 300"
        assert qualified("exact", "300") == "300"


def test_a_string_of_the_facts_is_told_in_the_language_and_a_name_stays():
    with override("ru"):
        assert fact_words("within three months") == "в течение трёх месяцев"
        assert fact_words("Alstom") == "Alstom"
    with override("en"):
        assert fact_words("within three months") == "within three months"
