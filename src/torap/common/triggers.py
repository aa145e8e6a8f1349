"""Append-only tables: the database itself refuses to change or remove a row, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.migrations.operations import RunPython

GUARDED = (
    "delivery_attachedschedule",
    "delivery_baseline",
    "delivery_deliverylink",
    "delivery_instructionevent",
    "delivery_obstacleevent",
    "delivery_promise",
    "delivery_statusreport",
    "delivery_verification",
    "ledger_event",
    "ledger_revision",
    "registry_calendaredit",
    "registry_claim",
    "registry_moneyentry",
    "registry_utilityentry",
    "runs_forecast",
    "runs_run",
    "runs_runrequest",
    "runs_runresult",
)

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION torap_append_only() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'append-only table %: % refused', TG_TABLE_NAME, TG_OP;
END;
$$ LANGUAGE plpgsql
"""


def append_only_sql(vendor: str, table: str) -> list[str]:
    """Return the statements that forbid UPDATE, DELETE (and TRUNCATE) on `table` for a database vendor."""
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'append-only table {table}: {verb} refused'); END"
            for verb in ("update", "delete")
        ]
    return [
        _POSTGRES_FUNCTION,
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION torap_append_only()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION torap_append_only()",
    ]


def drop_append_only_sql(vendor: str, table: str) -> list[str]:
    """Return the statements that take the guard off again (migrations backwards, tampering tests)."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in ("update", "delete")]
    return [
        f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}",
        f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
    ]


def guard_names(vendor: str, table: str) -> set[str]:
    """Names of the triggers that guard `table`."""
    endings = ("no_update", "no_delete") if vendor == "sqlite" else ("append_only", "no_truncate")
    return {f"{table}_{ending}" for ending in endings}


def unguarded(connection: Any) -> list[str]:
    """Tables whose guard was taken off, or switched off."""
    rows = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(rows)
        there = {row[0] for row in cursor.fetchall()}
    return [table for table in GUARDED if guard_names(connection.vendor, table) - there]


def _runner(make: Callable[[str, str], list[str]], tables: tuple[str, ...]) -> Callable[[Any, Any], None]:
    def run(apps: Any, schema_editor: Any) -> None:
        for table in tables:
            for statement in make(schema_editor.connection.vendor, table):
                schema_editor.execute(statement, params=None)

    return run


def append_only(*tables: str) -> RunPython:
    """A migration step that makes `tables` append-only, and undoes it backwards."""
    return RunPython(_runner(append_only_sql, tables), _runner(drop_append_only_sql, tables))


def changeable(*tables: str) -> RunPython:
    """A migration step that lifts the guard off `tables` (to alter a column); `append_only` puts it back."""
    return RunPython(_runner(drop_append_only_sql, tables), _runner(append_only_sql, tables))
