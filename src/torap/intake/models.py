"""Which facts files were loaded, what became of each row, and what was refused."""

from __future__ import annotations

from django.db import models

from torap.common.models import Recorded


class FactsLoad(Recorded):
    """One loading of one file: counts and the rows that failed, kept for ever."""

    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    report = models.JSONField(default=dict)


class LoadedRow(models.Model):
    """The fingerprint of a row as last applied: tells an unchanged row from a changed one."""

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64)
    load = models.ForeignKey(FactsLoad, on_delete=models.PROTECT)
