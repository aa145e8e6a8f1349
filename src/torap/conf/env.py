"""The one table of settings a user may change, read by the code, the command line and the reference page."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, its default as text, and what it does."""

    name: str
    default: str
    meaning: str


SETTINGS: tuple[Setting, ...] = (
    Setting("TORAP_HOME", "./var", "Folder for the embedded database, uploads and the secret key."),
    Setting(
        "TORAP_DATABASE_URL",
        "",
        "Database address, such as postgres://user:password@host:5432/torap; empty: SQLite in TORAP_HOME.",
    ),
    Setting(
        "TORAP_COUNTRY", "kz", "Country whose law, calendar and facts are used (a folder under countries/)."
    ),
    Setting(
        "TORAP_SECRET_KEY", "", "Signing key; empty means one is made on first start and kept in TORAP_HOME."
    ),
    Setting("TORAP_DEBUG", "0", "1 shows error details on screen: for developers only."),
    Setting(
        "TORAP_ALLOWED_HOSTS",
        "127.0.0.1,localhost,[::1]",
        "Host names the server answers to, comma-separated.",
    ),
    Setting("TORAP_HTTPS", "0", "1 when served over HTTPS: cookies are then sent over HTTPS only."),
    Setting("TORAP_HOST", "127.0.0.1", "Address the server listens on."),
    Setting("TORAP_PORT", "8000", "Port the server listens on."),
    Setting(
        "TORAP_WHAT_IFS_PER_MINUTE",
        "20",
        "What-ifs one visitor may compute in a minute; each takes about a second of processor time.",
    ),
    Setting("TORAP_UPLOAD_LIMIT_MB", "20", "Largest file accepted in a form, in megabytes."),
)
_BY_NAME = {s.name: s for s in SETTINGS}


def text(name: str) -> str:
    """Return the value of a setting named in SETTINGS; KeyError for any other name."""
    return os.environ.get(name, "") or _BY_NAME[name].default


def flag(name: str) -> bool:
    """Return True for 1, true, yes or on."""
    return text(name).strip().lower() in {"1", "true", "yes", "on"}


def home() -> Path:
    """Return the data folder; whoever writes into it makes it."""
    return Path(text("TORAP_HOME")).expanduser().resolve()


def embedded_database() -> Path:
    """Return the file of the embedded database."""
    return home() / "torap.sqlite3"


def database_there() -> bool:
    """Whether a database is named, or the embedded one was made; looks without making one."""
    return bool(text("TORAP_DATABASE_URL")) or embedded_database().is_file()


def secret_key() -> str:
    """Return the signing key: the setting, or one made once and kept readable by the owner only.

    Where there is no data folder yet, nothing is kept: a command that only looks leaves nothing behind.
    """
    if given := text("TORAP_SECRET_KEY"):
        return given
    path = home() / "secret-key"
    if not path.parent.is_dir():
        return os.urandom(48).hex()
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(os.urandom(48).hex(), encoding="ascii")
    return path.read_text(encoding="ascii")
