"""Who said it and when, as the chip beside every figure, promise and report."""

from __future__ import annotations

from typing import Any

from torap.publish.wording import fact_words
from torap.rules.known import AsKnown
from torap.web.presenters.links import known_link


def source_chip(known: AsKnown | None, source: Any, row: Any = None) -> dict[str, Any]:
    """The chip of `source`; dated by when `row` (a claim, promise, report) was said, else by publication.

    The publisher's name opens our page of the source, the arrow opens the publication itself.
    """
    dated = row if row is not None else source
    earliest = getattr(dated, "said_from", None) or getattr(dated, "published_from", None)
    latest = getattr(dated, "said_to", None) or getattr(dated, "published_to", None)
    return {
        "publisher": fact_words(source.publisher),
        "date": None,
        "earliest": earliest,
        "latest": latest,
        "href": known_link(known, "source", source.code),
        "url": source.url,
        "title": source.title,
        "kind": source.source_class,
    }
