"""From files to what loading them would do: read, check, compare. Needs neither database nor framework."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence

from torap.common.errors import BadInput
from torap.intake.check import check_files
from torap.intake.compare import Applied, Preview, compare
from torap.intake.graph import Ident
from torap.intake.known import Known
from torap.intake.readers.yaml_rows import read_facts

NamedFile = tuple[str, bytes]  # name as people know it (no folders), content


def facts_check(
    files: Sequence[NamedFile],
    *,
    today: dt.date,
    known: Known | None = None,
    applied: Mapping[Ident, Applied] | None = None,
) -> Preview:
    """What loading `files` would do given what is `known` and `applied` already (nothing, by default).

    `today`: nothing can have been said later. BadInput when two files have the same name.
    """
    names = [name for name, _content in files]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise BadInput("file_twice", field="files", name=repeated[0])
    read = [read_facts(name, content) for name, content in sorted(files)]
    checked = check_files(read, known or Known(), today=today)
    return compare(read, checked, applied or {}, sha256=files_sha256(files))


def files_sha256(files: Sequence[NamedFile]) -> str:
    """One fingerprint of several files, whatever their order."""
    lines = sorted(f"{name} {hashlib.sha256(content).hexdigest()}" for name, content in files)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
