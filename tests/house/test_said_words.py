"""Strings of the shipped facts that have one language only are given in Russian and Kazakh beside them."""

from importlib.resources import files

import pytest
import yaml

from torap.countries import DEFAULT, load_said, load_yaml

# Keys of the facts' rows that hold one string for all languages.
KEYS = frozenset(
    {
        "as_said",
        "date_note",
        "deadline_said",
        "district",
        "executors_said",
        "investor",
        "line_note",
        "place_note",
        "raised_by",
        "said_by",
        "sector",
    }
)


def strings(node):
    """Every string that stands under one of the keys, however deep."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in KEYS and isinstance(value, str | int):
                yield str(value)
            yield from strings(value)
    elif isinstance(node, list):
        for item in node:
            yield from strings(item)


@pytest.fixture(scope="module")
def kept():
    folder = files("torap.countries").joinpath(DEFAULT)
    found = set()
    for name in ("facts", "facts-later"):
        for path in folder.joinpath(name).iterdir():
            found.update(strings(yaml.safe_load(path.read_text(encoding="utf-8"))))
    return found


def test_every_string_has_words_or_is_a_name(kept):
    names = set(load_yaml(DEFAULT, "said.yaml")["names"])
    words = {text for text in kept if any(letter.isalpha() for letter in text)}
    assert len(words) > 100
    assert not sorted(words - names - load_said().keys())


def test_every_row_has_both_languages():
    assert not [text for text, row in load_said().items() if not (row.get("ru") and row.get("kk"))]
