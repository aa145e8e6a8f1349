"""Where a word comes from: a source we have, a new one, or the statement just being made here.

Nothing is written without a source; three ways to name it, so that nobody has to invent one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from torap.common.errors import ApplicationError, BadInput
from torap.common.models import User
from torap.registry.models import Source, SourceClass
from torap.registry.selectors import organisation_list
from torap.registry.services import source_add
from torap.rules.fold import latin
from torap.web import formats
from torap.web.work.access import could, own_bodies
from torap.web.work.forms.base import WorkForm, day_field, kind_of_body, words_field

NEW = "new"
HERE = "here:"
_LABEL_LENGTH = 110
_OURS = {"url": "source_url", "title": "source_title", "publisher": "source_publisher"}


class SourceForm(WorkForm):
    """A form whose words rest on a source."""

    def add_source(self, *, required: bool = True) -> None:
        """Ask for the source, and on request for a new one."""
        self.fields["source"] = forms.ChoiceField(
            label=_("Source"),
            required=required,
            choices=_source_choices(self.by, required=required),
            help_text=_("Every word rests on a source that others can open."),
        )
        if not could(self.by, "source.add"):
            return
        self.fields["source_publisher"] = words_field(_("Publisher"), required=False, length=200)
        self.fields["source_class"] = forms.ChoiceField(
            label=_("Who publishes it"), required=False, choices=[("", "–"), *SourceClass.choices]
        )
        self.fields["source_title"] = words_field(_("Title of the page or paper"), required=False, length=500)
        self.fields["source_url"] = forms.URLField(
            label=_("Address"), required=False, max_length=1500, assume_scheme="https"
        )
        self.fields["source_published"] = day_field(_("Published on"), required=False)
        names = ["publisher", "class", "title", "url", "published"]
        self.fold(
            _("A new source"),
            [f"source_{name}" for name in names],
            _("An address that is here already is not added twice."),
        )

    def clean(self) -> dict[str, Any]:
        """Something must be named; the fields of a new source count only when some are filled in."""
        data = super().clean() or {}
        if "source" not in self.fields:
            return data
        chosen = data.get("source", "")
        filled = any(data.get(f"source_{name}") for name in ("publisher", "title", "url"))
        if chosen in ("", NEW) and filled:
            data["source"] = NEW
            self._check_new(data)
        elif chosen == NEW:
            self.add_error("source", _("Fill in the new source below, or choose another one."))
        return data

    def _check_new(self, data: dict[str, Any]) -> None:
        for name in ("source_publisher", "source_class"):
            if not data.get(name):
                self.add_error(name, _("This field is required."))
        if not data.get("source_url") and not data.get("source_title"):
            self.add_error("source_title", _("Give a title or an address."))
        published = data.get("source_published")
        if published and published > timezone.localdate():
            self.add_error("source_published", _("This day has not come yet."))

    def source_code(self) -> str | None:
        """Code of the source, added just now where it is new; None where none was named."""
        chosen: str = self.cleaned_data.get("source", "")
        if chosen.startswith(HERE):
            return _statement_here(self.by, chosen.removeprefix(HERE))
        if chosen != NEW:
            return chosen or None
        try:
            return _new_source(self.by, self.cleaned_data)
        except ApplicationError as error:
            error.field = _OURS.get(error.field, "source")
            raise


def _source_choices(by: User, *, required: bool) -> list[tuple[str, Any]]:
    first: list[tuple[str, Any]] = [("", _("choose…") if required else _("none"))]
    if could(by, "source.add"):
        bodies = organisation_list(codes=own_bodies(by))
        first += [
            (f"{HERE}{body.code}", gettext("This statement, made here by %(body)s") % {"body": body.name})
            for body in bodies
        ]
        first.append((NEW, _("A new source: fill it in below")))
    rows = Source.objects.filter(invented=False).order_by("-published_to", "publisher", "code")
    return [*first, *((row.code, _source_label(row)) for row in rows)]


def _source_label(source: Source) -> str:
    when = formats.period(source.published_from, source.published_to)
    parts = [part for part in (source.publisher, when, source.title) if part]
    return formats.shortened(" · ".join(parts), _LABEL_LENGTH)


def _new_source(by: User, data: dict[str, Any]) -> str:
    url = data.get("source_url", "")
    known = Source.objects.filter(url=url).first() if url else None
    if known is not None:
        return known.code
    published: dt.date | None = data.get("source_published")
    mark = hashlib.sha256(
        f"{data['source_publisher']}|{url}|{data.get('source_title')}".encode()
    ).hexdigest()[:8]
    name = slugify(latin(data["source_publisher"]))[:40].strip("-") or "source"
    tail = [part for part in (published.isoformat() if published else "", mark) if part]
    code = "-".join((name, *tail))
    # Until 29 November 2026 a publisher in Cyrillic letters had no name in the code.
    same = Source.objects.filter(code__in={code, "-".join(("source", *tail))}).first()
    if same is not None:
        return same.code
    return source_add(
        by=by,
        code=code,
        publisher=data["source_publisher"],
        source_class=data["source_class"],
        url=url,
        title=data.get("source_title", ""),
        published=published,
    ).code


def _statement_here(by: User, body: str) -> str:
    """The source that stands for what a body says in Torap on a day: one a day, whoever types it."""
    today = timezone.localdate()
    found = next(iter(organisation_list(codes=[body])), None)
    if found is None or body not in own_bodies(by):
        raise BadInput("unknown_reference", field="source", value=body)
    code = f"here-{body}-{today.isoformat()}"[:80]
    if Source.objects.filter(code=code).exists():
        return code
    title = gettext("Statement in Torap, %(day)s") % {"day": formats.day(today)}
    return source_add(
        by=by,
        code=code,
        publisher=found.name_en,
        source_class=kind_of_body(found),
        title=title,
        published=today,
    ).code
