"""No sentence of the pages is missing in Kazakh or Russian, and every placeholder survives translation."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_spec = importlib.util.spec_from_file_location("messages_tool", ROOT / "tools" / "messages.py")
tool = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tool)

PLACEHOLDER = re.compile(r"%\([a-z_0-9]+\)[sd]|%[sd]|\{[a-z_0-9]+\}")


@pytest.fixture(scope="module")
def sentences():
    return list(tool.messages())


@pytest.mark.parametrize("language", tool.LANGUAGES)
def test_no_sentence_is_missing(language, sentences):
    catalogue = tool.load(language)
    missing = []
    for text, context, where in sentences:
        known = catalogue.get(text[0] if isinstance(text, tuple) else text, context)
        if known is None or not tool.translated(known.string):
            missing.append((where, text))
    assert not missing, f"{len(missing)} sentences lack {language}: {missing[:5]}; run `make messages`"


@pytest.mark.parametrize("language", tool.LANGUAGES)
def test_placeholders_survive(language):
    broken = []
    for message in tool.load(language):
        if not message.id or not tool.translated(message.string):
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        allowed = {frozenset(PLACEHOLDER.findall(i)) for i in ids}
        strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        for string in strings:
            if frozenset(PLACEHOLDER.findall(string)) not in allowed:
                broken.append((message.id, string))
    assert not broken


@pytest.mark.parametrize("language", tool.LANGUAGES)
def test_plural_forms_are_complete(language):
    wanted = {"ru": 3, "kk": 2}[language]
    for message in tool.load(language):
        if isinstance(message.id, tuple):
            assert len(message.string) == wanted, message.id
