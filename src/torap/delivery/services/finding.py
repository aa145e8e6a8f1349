"""What of this application can be searched for: instructions, milestones and obstacles."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model

from torap.delivery.models import Instruction, Milestone, Obstacle
from torap.registry.services import SearchRow, search_follow


def search_row(row: Model) -> SearchRow | None:
    """The row as something to be found; None for what has no page of its own."""
    if isinstance(row, Milestone):
        return _milestone(row)
    if isinstance(row, Instruction):
        return _instruction(row)
    return _obstacle(row) if isinstance(row, Obstacle) else None


def search_rows() -> Iterator[SearchRow]:
    """Everything of this application that can be found."""
    yield from map(_instruction, Instruction.objects.order_by("code"))
    yield from map(_milestone, Milestone.objects.select_related("subject").order_by("code"))
    yield from map(_obstacle, Obstacle.objects.order_by("code"))


def search_rows_of(subject_id: int) -> Iterator[SearchRow]:
    """What is called by the name of a subject (id): its milestones."""
    rows = Milestone.objects.filter(subject=subject_id).select_related("subject")
    yield from map(_milestone, rows.order_by("code"))


def _instruction(row: Instruction) -> SearchRow:
    return SearchRow(
        kind="instruction",
        code=row.code,
        name_en=row.text_en,
        name_ru=row.text_ru,
        name_kk=row.text_kk,
        words=(row.session_en, row.session_ru, row.session_kk),
        weight=45,
    )


def _milestone(row: Milestone) -> SearchRow:
    subject = row.subject
    return SearchRow(
        kind="milestone",
        code=row.code,
        name_en=f"{subject.name_en}: {row.name_en}",
        name_ru=f"{subject.name_ru or subject.name_en}: {row.name_ru or row.name_en}",
        name_kk=f"{subject.name_kk or subject.name_en}: {row.name_kk or row.name_en}",
        weight=20,
    )


def _obstacle(row: Obstacle) -> SearchRow:
    return SearchRow(
        kind="obstacle",
        code=row.code,
        name_en=row.text_en,
        name_ru=row.text_ru,
        name_kk=row.text_kk,
        words=(row.raised_by,),
        weight=8,
    )


search_follow(search_rows_of)
