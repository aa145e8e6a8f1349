"""Tells the format of a schedule file and the encoding of its text, from its first bytes and its letters.

JSON is UTF-8, or UTF-16 that can be told by its mark or its zeros. XML says its own encoding and is left to
the XML parser. Primavera writes XER in the code page of the machine it ran on and does not say which:
UTF-8 is tried first, then Cyrillic and Western are told apart by how letters beyond ASCII stand together, and
the Cyrillic pages by their letters. Which one was taken is told.
"""

from __future__ import annotations

import codecs
import re

from torap.intake.schedules.losses import Losses, ScheduleFileError

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
HEAD = 400
# Files that are no text, by their first bytes: what programs of Microsoft keep their documents in, archives.
BINARY = ((bytes.fromhex("D0CF11E0A1B11AE1"), "program_file"), (b"PK\x03\x04", "archive"))
BEYOND_ASCII = re.compile(b"[\x80-\xff]+")
CYRILLIC = ("cp1251", "koi8-r", "cp866")  # of equals the first
USUAL = frozenset("оеаинтсрвлкмдыі")
KAZAKH = re.compile(b"[\x8d\x9d]")  # of the Kazakh page, which otherwise is like cp1251
RUNS_READ = 20_000


def sniff(data: bytes, name: str) -> tuple[str, str, int]:
    """(format, encoding, length of the byte order mark); ScheduleFileError when it is no schedule."""
    for beginning, code in BINARY:
        if data.startswith(beginning):
            raise ScheduleFileError(code, where=name)
    mark, encoding = next((one for one in MARKS if data.startswith(one[0])), (b"", ""))
    body = data[len(mark) : len(mark) + HEAD]
    if not encoding:
        encoding = _by_zeros(body)
    head = body.decode(encoding, errors="replace").lstrip(" \t\r\n\ufffd")
    if not head.strip("\0"):
        raise ScheduleFileError("empty", where=name)
    for start, kind in (("ERMHDR", "xer"), ("<", "mspdi"), ("{", "json"), ("[", "json")):
        if head.startswith(start):
            return kind, encoding, len(mark)
    begins = "".join(letter if letter.isprintable() else "?" for letter in head[:20])
    raise ScheduleFileError("unknown_format", where=name, params={"begins": begins})


def _by_zeros(body: bytes) -> str:
    """UTF-16 without a mark shows its zeros: every format here begins with ASCII."""
    if body[1:2] == b"\0" and body[3:4] == b"\0" and body[2:3] != b"\0":
        return "utf-16-le"
    if body[:1] == b"\0" and body[2:3] == b"\0" and body[1:2] != b"\0":
        return "utf-16-be"
    return "utf-8"


def text_of(data: bytes, *, kind: str, encoding: str, mark: int, name: str, losses: Losses) -> str:
    """The text of a file. ScheduleFileError names the byte that does not fit, and its line."""
    body = data[mark:]
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        if kind != "xer" or encoding != "utf-8":
            line = body.count(b"\n", 0, error.start) + 1
            params = {
                "byte": error.start + mark + 1,
                "value": f"0x{body[error.start]:02X}",
                "encoding": encoding.upper(),
            }
            raise ScheduleFileError("wrong_encoding", where=f"{name}, line {line}", params=params) from None
        page = code_page(body)
        losses.add("encoding_guessed", value=page)
        text = body.decode(page, errors="replace")
    at = text.find("\0")
    if at >= 0:
        line = text.count("\n", 0, at) + 1
        raise ScheduleFileError("zero_byte", where=f"{name}, line {line}")
    return text


def code_page(body: bytes) -> str:
    """Cyrillic or Western: Cyrillic words are runs of letters beyond ASCII, Western ones have single ones.

    Which Cyrillic page it is, the letters tell: read in a wrong one, Russian loses its usual letters and
    capitals stand within words.
    """
    runs = BEYOND_ASCII.findall(body)
    letters = sum(len(run) for run in runs)
    together = [run for run in runs if len(run) > 1]
    if sum(len(run) for run in together) * 2 <= letters:
        return "cp1252"
    page = max(CYRILLIC, key=lambda name: _likeness(together[:RUNS_READ], name))
    return "kz1048" if page == "cp1251" and any(KAZAKH.search(run) for run in together) else page


def _likeness(runs: list[bytes], page: str) -> float:
    """How much the runs look like Russian or Kazakh words in a code page: usual letters, less capitals
    within words and what is no letter.
    """
    found = 0
    for run in runs:
        word = run.decode(page, errors="replace")
        found += sum(letter in USUAL for letter in word.lower())
        found -= sum(2 for one, two in zip(word, word[1:], strict=False) if one.islower() and two.isupper())
        found -= sum(2 for letter in word if not letter.isalpha())
    return found
