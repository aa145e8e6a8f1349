"""Append-only tables refuse UPDATE and DELETE in the database itself, whoever asks."""

import datetime as dt
import uuid

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from torap.common.triggers import GUARDED, append_only_sql, drop_append_only_sql

MODELS = {model._meta.db_table: model for model in apps.get_models()}


def _filled(model):
    """A saved row of any model, its required columns filled by their kind."""
    row = model()
    for field in model._meta.concrete_fields:
        if field.primary_key and not isinstance(field, models.BigIntegerField | models.SmallIntegerField):
            if field.is_relation:
                if not field.remote_field.parent_link:  # a row that belongs to another, one to one
                    setattr(row, field.name, _filled(field.related_model))
                continue
            setattr(row, field.attname, uuid.uuid4().hex[: field.max_length or 20])
        elif isinstance(field, models.AutoField | models.BigAutoField):
            continue
        elif field.is_relation:
            if (
                not field.null or field.name == "milestone"
            ):  # evidence speaks of a milestone or an instruction
                setattr(row, field.name, _filled(field.related_model))
        elif not field.null:
            setattr(row, field.attname, _value(field))
    row.save(force_insert=True)
    return row


def _value(field):
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return dt.date(2025, 1, 1)
    if isinstance(field, models.JSONField):
        return {}
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.DecimalField | models.IntegerField | models.FloatField):
        return 1
    if field.choices:
        return field.choices[0][0]
    return uuid.uuid4().hex[: field.max_length or 20]


@pytest.mark.django_db
@pytest.mark.parametrize("table", GUARDED)
def test_table_refuses_update_and_delete(table):
    model = MODELS[table]
    row = _filled(model)
    column = next(f.column for f in model._meta.concrete_fields if not f.primary_key and not f.is_relation)
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.django_db
def test_list_of_guarded_tables_is_complete():
    """Every table the migrations guard stands in the list above, and the other way round."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT DISTINCT event_object_table FROM information_schema.triggers "
                "WHERE action_statement LIKE '%torap_append_only%'"
            )
        guarded = {name for (name,) in cursor.fetchall()}
    assert guarded == set(GUARDED)


@pytest.mark.django_db
def test_guard_can_be_taken_off_and_put_back():
    table = "registry_claim"
    with connection.cursor() as cursor:
        for statement in drop_append_only_sql(connection.vendor, table):
            cursor.execute(statement)
        cursor.execute(f"DELETE FROM {table}")
        for statement in append_only_sql(connection.vendor, table):
            cursor.execute(statement)
    _filled(MODELS[table])
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(f"DELETE FROM {table}")


@pytest.mark.django_db
def test_every_application_is_migrated_to_its_models():
    loader = MigrationLoader(connection)
    assert {label for label, _name in loader.graph.leaf_nodes()} >= {"common", "ledger", "registry"}
