"""Cells that a spreadsheet would run as a formula, made harmless; for pages and the command line alike."""

from __future__ import annotations

import re

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?%?")


def harmless(text: str) -> str:
    """Text a spreadsheet will not run: a formula sign in front gets an apostrophe, numbers excepted."""
    if text.startswith(FORMULA_SIGNS) and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


__all__ = ["harmless"]
