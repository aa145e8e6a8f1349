"""What all tests share: a home of their own, people in every role, and a flush that gets past append-only
tables.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from torap.common.models import Grant, Role, User
from torap.common.permissions import system_user
from torap.common.triggers import GUARDED, append_only_sql, drop_append_only_sql
from torap.ledger.memo import forget
from torap.runs.selectors.later import forget_made

hypothesis_settings.register_profile("torap", deadline=None, database=None, max_examples=60)
hypothesis_settings.load_profile("torap")

_HOME = Path(tempfile.mkdtemp(prefix="torap-tests-"))


def pytest_configure() -> None:
    """Nothing a test writes lands in the developer's home; SQLite runs on a file, in WAL mode, as in use."""
    os.environ["TORAP_HOME"] = str(_HOME)
    settings.HOME = _HOME
    settings.MEDIA_ROOT = _HOME / "files"
    settings.STATIC_ROOT = _HOME / "static"
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["NAME"] = _HOME / "torap.sqlite3"
        database.setdefault("TEST", {})["NAME"] = str(_HOME / "test.sqlite3")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what meets the database is run, and a page in one of its languages: the rest was
    proved on the embedded one."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return
    meets = [_meets_the_database(one) for one in items]
    config.hook.pytest_deselected(items=[one for one, kept in zip(items, meets, strict=True) if not kept])
    items[:] = [one for one, kept in zip(items, meets, strict=True) if kept]


def _meets_the_database(item: pytest.Item) -> bool:
    asked = {*getattr(item, "fixturenames", ()), *("db" for _mark in item.iter_markers("django_db"))}
    language = getattr(getattr(item, "callspec", None), "params", {}).get("language", "en")
    return language == "en" and not asked.isdisjoint({"db", "transactional_db"})


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A page fetched in one test leaves its language to no other."""
    with translation.override("en"):
        yield


def pytest_unconfigure() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _flush_reaches_append_only_tables() -> Iterator[None]:
    """Tests that commit end in a flush, which the database rightly refuses: lift the guard for that."""
    original = BaseDatabaseOperations.execute_sql_flush

    def flush(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        connection = connections[self.connection.alias]
        vendor, present = connection.vendor, set(connection.introspection.table_names())
        tables = [table for table in GUARDED if table in present]
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            for table in tables:
                for statement in drop_append_only_sql(vendor, table):
                    cursor.execute(statement)
            original(self, sql_list)
            for table in tables:
                for statement in append_only_sql(vendor, table):
                    cursor.execute(statement)

    BaseDatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
    yield
    BaseDatabaseOperations.execute_sql_flush = original  # type: ignore[method-assign]


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Makes a person who may sign in: `person("aigul", Role.VERIFIER, organisation="ktz")`."""

    def make(username: str, role: str = "", *, organisation: str = "") -> User:
        user = User.objects.create_user(username)
        if role:
            Grant.objects.create(user=user, role=role, organisation_code=organisation)
        return user

    return make


@pytest.fixture
def coordinator(person: Callable[..., User]) -> User:
    return person("coordinator", Role.COORDINATOR)


@pytest.fixture
def verifier(person: Callable[..., User]) -> User:
    return person("verifier", Role.VERIFIER, organisation="inspection")


@pytest.fixture
def auditor(person: Callable[..., User]) -> User:
    return person("auditor", Role.AUDITOR)


@pytest.fixture
def administrator(person: Callable[..., User]) -> User:
    return person("administrator", Role.ADMINISTRATOR)


@pytest.fixture
def nobody(person: Callable[..., User]) -> User:
    """Somebody who may sign in and has no role."""
    return person("nobody")


@pytest.fixture
def member(person: Callable[..., User]) -> Callable[..., User]:
    """`member("akimat_zhetysu")`: a member of that body; `role=` for its managing company instead."""

    def make(organisation: str, role: str = Role.BODY_MEMBER) -> User:
        return person(f"{role}-{organisation}", role, organisation=organisation)

    return make


@pytest.fixture
def system(db: None) -> User:
    return system_user()


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """Fixtures may write past the services, so no test may see what another one kept."""
    yield
    forget()
    forget_made()
    cache.clear()
