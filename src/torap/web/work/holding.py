"""Files between preview and apply: kept on the server, so that what is loaded is what was looked at.

Each upload lies in a folder of its own, named by a number nobody can guess, and belongs to whoever sent it.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from torap.common.models import User
from torap.intake.preview import NamedFile

KEPT_SECONDS = 24 * 60 * 60
_NUMBER = re.compile(r"[0-9a-f]{32}")
_INDEX = "files.json"


def keep(user: User, files: Sequence[NamedFile]) -> str:
    """Keep files for a while and return the number they are found by."""
    _sweep()
    number = secrets.token_hex(16)
    folder = _folder(user, number)
    folder.mkdir(parents=True, mode=0o700)
    for position, (_name, content) in enumerate(files):
        (folder / f"{position}.yaml").write_bytes(content)
    (folder / _INDEX).write_text(json.dumps([name for name, _content in files]), encoding="utf-8")
    return number


def kept(user: User, number: str) -> list[NamedFile]:
    """The files kept under a number; none when they are gone or somebody else's."""
    folder = _folder(user, number)
    if not _NUMBER.fullmatch(number) or not (folder / _INDEX).is_file():
        return []
    names = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
    return [(name, (folder / f"{position}.yaml").read_bytes()) for position, name in enumerate(names)]


def drop(user: User, number: str) -> None:
    """Forget the files of a number."""
    if _NUMBER.fullmatch(number):
        shutil.rmtree(_folder(user, number), ignore_errors=True)


def _root() -> Path:
    return Path(settings.HOME) / "uploads"


def _folder(user: User, number: str) -> Path:
    return _root() / f"{user.pk}-{number if _NUMBER.fullmatch(number) else 'none'}"


def _sweep() -> None:
    """Take away what nobody applied within a day."""
    if not _root().is_dir():
        return
    oldest = time.time() - KEPT_SECONDS
    for folder in _root().iterdir():
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
