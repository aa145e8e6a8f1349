"""Percentiles by their names, and what they mean told once."""

from django.utils.translation import override

from torap.web.presenters.percentiles import percentile, percentile_means, percentile_reasons


def test_a_percentile_is_called_by_its_number():
    assert percentile(80) == "P80"


def test_it_says_beside_its_name_what_it_means():
    with override("en"):
        assert percentile_means(50) == "half of the trials end by then"
        assert percentile_means(80) == "four of five trials end by then"
    assert percentile_means(10) == ""


def test_what_they_mean_is_told_for_each_word_a_page_uses():
    with override("en"):
        rows = percentile_reasons()
    assert [row["when"] for row in rows] == ["P50", "P80", "Not before", "Chance", "Trial"]
    assert all(row["text"] for row in rows)
