"""Every text of the law tables that the pages show has a Kazakh and a Russian translation."""

import pytest

from torap.countries import DEFAULT, load_calendar_edits, load_procedures, load_sources, load_yaml
from torap.rules.obligations.inputs import event_specs, param_specs

LANGUAGES = ("kk", "ru")


def shown_of_edition(edition):
    """What pages show of one edition: acts, events, parameters, actions, facts, gaps."""
    yield from (text for act in edition.acts for text in (act.title, act.note) if text)
    yield from (spec.title for spec in event_specs(edition).values())
    yield from (spec.title for spec in param_specs(edition).values())
    yield from (row.action for row in edition.obligations)
    yield from (str(row["text"]) for row in (*edition.facts, *edition.unknown) if row.get("text"))
    refs = (str(row.get("ref", "")) for row in edition.facts)
    yield from (ref for ref in refs if ref[:1].isupper())  # names its act; others are numbers


@pytest.fixture(scope="module")
def shown():
    texts = {row["title"] for row in load_sources().values()}
    texts.update(edit.title for edit in load_calendar_edits().edits if edit.kind == "workday")
    for procedure in load_procedures().values():
        texts.add(procedure.name)
        for edition in procedure.editions:
            texts.update(shown_of_edition(edition))
    return texts - {""}


@pytest.fixture(scope="module", params=LANGUAGES)
def translated(request):
    return load_yaml(DEFAULT, "law", f"texts.{request.param}.yaml")["texts"]


def test_every_shown_text_is_translated(shown, translated):
    missing = sorted(text for text in shown if not translated.get(text, "").strip())
    assert not missing, f"{len(missing)} law texts lack a translation: {missing[:5]}"


def test_no_translation_is_left_over(shown, translated):
    assert not sorted(translated.keys() - shown)


def test_translations_are_in_their_alphabet(translated):
    latin = [text for text in translated.values() if not any("а" <= letter.lower() <= "я" for letter in text)]
    assert not [text for text in latin if any(word.islower() for word in text.split())], latin


def test_every_edition_and_derived_parameter_has_words():
    rows = load_yaml(DEFAULT, "law", "words.yaml")
    editions = [edition for procedure in load_procedures().values() for edition in procedure.editions]
    derived = {name for edition in editions for name in conditions_of(edition) - param_specs(edition).keys()}
    assert {edition.id for edition in editions} == rows["editions"].keys()
    assert derived <= rows["derived"].keys()
    for row in (*rows["editions"].values(), *rows["derived"].values()):
        assert all(row.get(language) for language in ("en", *LANGUAGES)), row


def conditions_of(edition):
    """Parameters the conditions of an edition name, given or computed."""
    steps = edition.obligations
    return {name for row in steps for part in (row, *row.variants) for name in part.when}
