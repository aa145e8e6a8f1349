"""What keeps a page still while it comes: the room of what is drawn later, and of what stands beside it."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY

from torap.web.presenters.room import plan_room, slip_room

register = template.Library()
register.filter("plan_room", plan_room)
register.filter("slip_room", slip_room)


@register.simple_tag(takes_context=True)
def beside(context: Any) -> str:
    """The class of a page that has something beside it: told before that part is read, so that nothing moves
    when it comes."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    return " page-grid--aside" if blocks is not None and len(blocks.blocks["aside"]) > 1 else ""
