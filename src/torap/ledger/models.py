"""The ledger: one append-only chain of events, each carrying the hash of the one before."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """What changed, from what to what, when, by whom. No foreign keys: a ledger outlives what it records."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=150)
    kind = models.CharField(max_length=60, db_index=True)
    target = models.CharField(max_length=160, db_index=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        """In the order it happened."""

        ordering = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind} {self.target}"


class Head(models.Model):
    """The last link of the chain: one row, locked while an event is added; shows a tail cut off."""

    id = models.SmallIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
