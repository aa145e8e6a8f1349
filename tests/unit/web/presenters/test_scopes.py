"""Scopes in words: from the country's file, else the code spelled out."""

from django.conf import settings
from django.utils import translation

from torap.countries import country_path, load_yaml
from torap.web.presenters.scopes import scope_words


def test_the_whole_needs_no_words():
    assert scope_words("") == ""


def test_a_scope_without_words_is_spelled_out():
    assert scope_words("no_such_scope") == "no such scope"


def test_every_scope_has_words_in_three_languages():
    rows = load_yaml(settings.COUNTRY, "scopes.yaml")["scopes"]
    assert not [code for code, words in rows.items() if {"en", "ru", "kk"} - set(words)]
    for language in ("en", "ru", "kk"):
        with translation.override(language):
            assert scope_words("single_track") == rows["single_track"][language]


def test_every_scope_of_the_facts_has_words():
    """A scope in a facts file without words would be shown as a code to readers of every language."""
    rows = load_yaml(settings.COUNTRY, "scopes.yaml")["scopes"]
    used = set()
    for name in _fact_files():
        data = load_yaml(settings.COUNTRY, "facts", name)
        used |= {str(row["scope"]) for row in data.get("claims", ()) if row.get("scope")}
        used |= {str(row["part"]) for row in data.get("money", ()) if row.get("part")}
    assert used <= {str(code) for code in rows}, used - {str(code) for code in rows}


def _fact_files():
    folder = country_path(settings.COUNTRY).joinpath("facts")
    return sorted(item.name for item in folder.iterdir() if item.name.endswith(".yaml"))
