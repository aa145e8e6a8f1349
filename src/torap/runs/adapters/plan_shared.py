"""What nodes of the network share when they slip together, and risks laid on several of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from torap.engines.schedule.uncertain import Driver, DriverKind, RiskEvent, Shape, Spread
from torap.engines.schedule.worktime import DAY

KINDS = {"thing": DriverKind.OTHER}  # what the schedule engine has no name for


def drivers_of(
    assumed: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]], basis: Mapping[str, str]
) -> Iterable[Driver]:
    """Bodies, winters, classes and things with the paces they move: milestones of one thing share its luck,
    for how late a whole came holds the lateness of its parts (decision 11). A cause of one node alone is
    kept too: the numbers of a part of the network are those of the whole."""
    loads = assumed["loads"]
    winter = set(assumed["winter_types"])
    shared: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, found in basis.items():
        if found not in {"class", "blend"}:
            continue
        row = nodes[key]
        if row["holder"]:
            shared["body", row["holder"]].append(f"class:{key}")
        if row["region"] and row["type"] in winter:
            shared["winter", row["region"]].append(f"class:{key}")
        if row["class"]:
            shared["class", row["class"]].append(f"class:{key}")
        if row["kind"] == "milestone" and row["subject"]:
            shared["thing", row["subject"]].append(f"class:{key}")
    for (kind, name), names in sorted(shared.items()):
        load = float(loads.get(kind, 0.0))
        if load:
            yield Driver(
                id=f"{kind}:{name}",
                name=name,
                kind=KINDS.get(kind) or DriverKind(kind),
                loads=dict.fromkeys(names, load),
            )


def risks_of(content: Mapping[str, Any], there: Collection[str]) -> Iterable[RiskEvent]:
    """The risks of a what-if on those of their nodes that are in the plan."""
    for row in content["risks"]:
        touched = tuple(key for key in row["nodes"] if key in there)
        low, mode, high = (int(row[name]) * DAY for name in ("low_days", "mode_days", "high_days"))
        if touched:
            yield RiskEvent(
                id=row["id"],
                name=row["name"],
                probability=float(row["probability"]),
                activities=touched,
                impact=Spread(shape=Shape.TRIANGULAR, low=low, mode=mode, high=high),
                owner=row.get("owner", ""),
            )
