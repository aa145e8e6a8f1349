"""The buttons of signed-in work on the pages of things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils import timezone

from torap.web.work.actions import Action, actions_of

register = template.Library()


@register.simple_tag(takes_context=True)
def work_actions(context: Mapping[str, Any], kind: str, code: str = "") -> list[Action]:
    """`{% work_actions "milestone" code as actions %}`: what this reader may do; in the past nothing."""
    request = context.get("request")
    user = getattr(request, "user", None)
    known = getattr(request, "known", None)
    if user is None or not user.is_authenticated or (known and known.day != timezone.localdate()):
        return []
    return actions_of(user, kind, code)
