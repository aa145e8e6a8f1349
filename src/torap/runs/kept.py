"""Which tables of the runs the ledger speaks of; how far the work on them is, is bookkeeping and not among
them."""

from __future__ import annotations

import hashlib
import json

from torap.ledger.chain import plain
from torap.ledger.records import Kept, keep
from torap.runs.models import Forecast, Run, RunRequest, RunResult, Scenario

# Columns that came later, each group under one of them that a run has in some row once it is kept.
ADDED = {"mean_left": ("beyond", "mean_left"), "said": ("said", "done_by"), "due_by": ("due_by",)}


def forecasts_of(result: RunResult) -> str:
    """The SHA-256 of the forecasts of a run, in the order of their keys: too many for an event each.

    Runs made before a column was there have nothing in it, and had it not in their digest.
    """
    own = Forecast.objects.filter(run=result.run_id)
    left_out = {"id", "run"}
    for sign, names in ADDED.items():
        if not own.filter(**{f"{sign}__isnull": False}).exists():
            left_out |= set(names)
    columns = [column.attname for column in Forecast._meta.concrete_fields if column.name not in left_out]
    digest = hashlib.sha256()
    rows = own.order_by("key").values_list(*columns)
    for row in rows.iterator(chunk_size=2000):
        digest.update(json.dumps(plain(list(row)), ensure_ascii=False, separators=(",", ":")).encode("utf-8"))
    return digest.hexdigest()


keep(
    Kept(
        model=Run,
        key=("code",),
        kinds=("run.requested",),
        digests=frozenset({"content"}),
    ),
    Kept(model=RunRequest, key=("code",), kinds=("run.asked",)),
    Kept(
        model=RunResult,
        key=("run",),
        kinds=("run.done",),
        digests=frozenset({"content"}),
        parts={"forecasts": forecasts_of},
    ),
    Kept(model=Scenario, key=("code",), kinds=("scenario.added", "scenario.changed", "scenario.discarded")),
)
