"""Which tables of the ledger itself its events speak of: what a thing was before it changed."""

from __future__ import annotations

from torap.ledger.models import Revision
from torap.ledger.records import Kept, keep

keep(Kept(model=Revision, key=("target", "field", "recorded_at"), kinds=("revision.added",)))
