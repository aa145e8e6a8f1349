"""Collects the sentences to translate from pages and code, and compiles the catalogues.

python tools/messages.py collect   # update src/torap/locale/{kk,ru}/LC_MESSAGES/django.po
python tools/messages.py compile   # write the .mo files next to them
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Translation
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "torap"
LANGUAGES = ("kk", "ru")
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

Message = tuple[str | tuple[str, str], str | None, str]


def catalogue_path(language: str) -> Path:
    """Where the sentences of a language are kept."""
    return SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"


def messages() -> Iterator[Message]:
    """Yield (text or (singular, plural), context, where) of every marked sentence in code and templates."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    for path in sorted(SOURCE.rglob("*.py")) + sorted(SOURCE.rglob("*.html")) + sorted(SOURCE.rglob("*.txt")):
        if "migrations" in path.parts or "static" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        code = text if path.suffix == ".py" else _flat(templatize(text))
        yield from _extract(code, path.relative_to(ROOT).as_posix())


def _flat(code: str) -> str:
    """Code made from a template, without the indents of the template: as code they would mean blocks."""
    return "\n".join(line.lstrip() for line in code.splitlines())


def _extract(code: str, where: str) -> Iterator[Message]:
    found = extract_python(io.BytesIO(code.encode("utf-8")), KEYWORDS, [], {"encoding": "utf-8"})
    for _line, function, arguments, _comments in found:
        parts = list(arguments) if isinstance(arguments, (list, tuple)) else [arguments]
        context = parts.pop(0) if function.startswith(("pgettext", "npgettext")) else None
        plural = function.startswith(("ngettext", "npgettext"))
        if not parts or not parts[0] or (plural and (len(parts) < 2 or not parts[1])):
            continue
        yield ((parts[0], parts[1]) if plural else parts[0]), context, where


def load(language: str) -> Catalog:
    """Read a catalogue, empty if there is none yet."""
    path = catalogue_path(language)
    if path.exists():
        with path.open("rb") as stream:
            return read_po(stream, locale=language)
    return _empty(language)


def _empty(language: str) -> Catalog:
    return Catalog(locale=language, charset="utf-8", project="Torap", fuzzy=False)


def _header(catalog: Catalog) -> bytes:
    """A header without dates, which would change the file at every run."""
    lines = (
        f"Language: {catalog.locale}",
        f"Plural-Forms: {catalog.plural_forms}",
        "Content-Type: text/plain; charset=utf-8",
    )
    return ('msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines) + "\n").encode()


def collect() -> None:
    """Bring the catalogues up to date: new sentences empty, gone ones removed, translations kept."""
    found = list(messages())
    for language in LANGUAGES:
        old, new = load(language), _empty(language)
        for text, context, _where in found:
            known = old.get(text[0] if isinstance(text, tuple) else text, context)
            new.add(text, string=_kept(known, plural=isinstance(text, tuple)), context=context)
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        body = io.BytesIO()
        write_po(body, new, omit_header=True, sort_output=True, no_location=True, width=120)
        path.write_bytes(_header(new) + body.getvalue())
        missing = [m.id for m in new if m.id and not translated(m.string)]
        print(f"{language}: {len(new)} sentences, {len(missing)} to translate")


def _kept(known: Translation | None, *, plural: bool) -> str | tuple[str, ...]:
    """The translation there is, if it still has the shape of the sentence: one text or one for each count."""
    if known is None or (plural and isinstance(known.string, str)):
        return ""
    return known.string if plural or isinstance(known.string, str) else known.string[0]


def translated(string: str | tuple[str, ...] | list[str]) -> bool:
    """True when every form has text."""
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


def compile_all() -> None:
    """Write the machine form of every catalogue."""
    for language in LANGUAGES:
        path = catalogue_path(language)
        if path.exists():
            with path.with_suffix(".mo").open("wb") as stream:
                write_mo(stream, load(language))


if __name__ == "__main__":
    {"collect": collect, "compile": compile_all}[sys.argv[1]]()
