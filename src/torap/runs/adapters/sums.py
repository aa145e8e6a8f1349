"""What the trials of the network add up to: investment by year, and targets that several works share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torap.runs.adapters.compute import Computed
from torap.runs.adapters.pipeline import pipeline_goals, pipeline_output
from torap.runs.adapters.targets import target_nodes, target_rows


def nodes_wanted(content: Mapping[str, Any]) -> set[str]:
    """Keys of the nodes whose every trial the sums want; the others are not kept for them."""
    pipeline = content.get("pipeline")
    return target_nodes(content.get("targets") or ()) | set(pipeline_goals(pipeline) if pipeline else ())


def sums_of(content: Mapping[str, Any], found: Computed, *, trials: int, seed: int) -> dict[str, Any]:
    """`pipeline` and `targets` of a frozen input, as far as it holds them, from the trials it gave."""
    finishes = found.result.watched if found.result is not None else {}
    told: dict[str, Any] = {}
    if content.get("pipeline"):
        told["pipeline"] = pipeline_output(content["pipeline"], trials=trials, seed=seed, finishes=finishes)
    if content.get("targets"):
        told["targets"] = target_rows(content["targets"], finishes, trials)
    return told
