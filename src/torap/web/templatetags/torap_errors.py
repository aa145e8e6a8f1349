"""Sentences of refusals in templates, so that the one place that turns errors into pages needs no words."""

from __future__ import annotations

from django import template

from torap.common.errors import ApplicationError
from torap.web.presenters.errors import ErrorWords, error_words, who_may_words

register = template.Library()


@register.simple_tag
def who_may(error: ApplicationError) -> str:
    """Which roles may do what was refused."""
    return who_may_words(str(error.params.get("action", "")))


@register.simple_tag(name="error_words")
def words_of(error: ApplicationError) -> ErrorWords:
    """`{% error_words error as words %}`: `words.text`, `words.repair`, `words.field`."""
    return error_words(error)
