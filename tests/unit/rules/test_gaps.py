"""Years a note says are missing, and whether the note still holds."""

import pytest

from torap.rules.gaps import gap_stands, years_named


@pytest.mark.parametrize(
    ("text", "years"),
    [
        (
            "Results of 2015-2019, 2023 and 2025 were not in the pages found.",
            {*range(2015, 2020), 2023, 2025},
        ),
        ("The values of 2017–2018 are not known", {2017, 2018}),
        ("Of 3400 km nothing is known", set()),
        ("", set()),
    ],
)
def test_years_are_read_one_by_one_and_as_ranges(text, years):
    assert years_named(text) == years


@pytest.mark.parametrize(
    ("text", "measured", "stands"),
    [
        ("2023 and 2025 were not found", [2022, 2024], True),
        ("2023 and 2025 were not found", [2022, 2025], False),
        ("No method was published", [2025], True),
        ("", [], False),
    ],
)
def test_a_note_falls_when_a_year_it_names_is_measured(text, measured, stands):
    assert gap_stands(text, measured) is stands
