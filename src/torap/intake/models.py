"""Which facts files were loaded, what became of each row, and what was refused."""

from __future__ import annotations

from django.db import models

from torap.common.models import Recorded


class FactsLoad(Recorded):
    """One loading of one or more files: counts and the rows that failed, kept for ever."""

    file_name = models.CharField(max_length=255)  # the first file; all of them stand in the report
    sha256 = models.CharField(max_length=64, db_index=True)  # over the names and contents of all files
    report = models.JSONField(default=dict)

    class Meta:
        """In the order they happened."""

        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.sha256[:12]}"


class LoadedRow(models.Model):
    """A row as last applied: tells an unchanged row from a changed one, field by field."""

    kind = models.CharField(max_length=40)  # the section
    key = models.CharField(max_length=200)
    record_key = models.CharField(max_length=200)  # key of the newest record: a correction has one of its own
    version = models.PositiveIntegerField(default=1)
    fingerprint = models.CharField(max_length=64)
    data = models.JSONField(default=dict)
    origin = models.JSONField(default=list)  # places in the collected material this row carries
    file_name = models.CharField(max_length=255)
    load = models.ForeignKey(FactsLoad, on_delete=models.PROTECT, related_name="rows")

    class Meta:
        """One row of a key in each section."""

        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="loaded_row_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
