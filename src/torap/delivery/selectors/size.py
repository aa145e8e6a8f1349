"""How large the delivery network is, told without reading it: for whoever decides what to do at once."""

from __future__ import annotations

from django.db.models import Sum

from torap.delivery.models import AttachedSchedule, Instruction, Milestone

ACTIVITIES_A_NODE = 20  # so many activities of attached schedules take as long to read as a node


def network_larger(nodes: int, *, invented: bool) -> bool:
    """Whether the network of what is real, or invented, takes longer to read than one of so many nodes: by
    its milestones and instructions, and the activities of its schedules. Three queries at most."""
    left = nodes
    for model in (Milestone, Instruction):
        left -= model._default_manager.filter(invented=invented).count()
        if left < 0:
            return True
    rows = AttachedSchedule.objects.filter(invented=invented)
    return (rows.aggregate(all=Sum("activities"))["all"] or 0) // ACTIVITIES_A_NODE > left
