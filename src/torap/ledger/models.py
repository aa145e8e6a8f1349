"""The ledger: one append-only chain of events, and what fields were before they changed."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

TARGET_LENGTH = 240  # a kind of thing and the longest key there is (200)


class Event(models.Model):
    """What changed, from what to what, when, by whom. No foreign keys: a ledger outlives what it records."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=150)
    kind = models.CharField(max_length=60, db_index=True)
    target = models.CharField(max_length=TARGET_LENGTH, db_index=True)
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


class Revision(models.Model):
    """What one field of a thing was before it changed, and since when the change counts, by both clocks.

    Append-only. `said_to`: the day the world could know of the change, never earlier than that of the change
    before it, so that taking revisions back newest first gives the thing as it was known on a day.
    """

    target = models.CharField(max_length=TARGET_LENGTH, db_index=True)
    field = models.CharField(max_length=40)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    said_to = models.DateField(db_index=True)
    recorded_at = models.DateTimeField(default=timezone.now, db_index=True)
    recorded_by = models.CharField(max_length=150)

    class Meta:
        """In the order they were made."""

        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.target} {self.field}"
