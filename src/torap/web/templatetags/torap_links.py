"""Links between pages: through `known_url`, so that the day looked at is never lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from torap.web.presenters import links

register = template.Library()


def _known(context: Mapping[str, Any]) -> Any:
    """The day of this page; of the request where an included part has a bare context."""
    return context.get("known") or getattr(context.get("request"), "known", None)


@register.simple_tag(takes_context=True)
def known_url(context: Mapping[str, Any], name: str, *args: Any, **query: Any) -> str:
    """`{% known_url 'place' code %}`: address with the day kept; keywords become query parameters."""
    return links.known_link(_known(context), name, *args, **query)


@register.simple_tag(takes_context=True)
def subject_url(context: Mapping[str, Any], subject: Any) -> str:
    """`{% subject_url subject %}`: the page of anything with `kind` and `code` (object or mapping)."""
    if isinstance(subject, Mapping):
        return links.subject_link(_known(context), subject["kind"], subject["code"])
    return links.subject_link(_known(context), subject.kind, subject.code)
