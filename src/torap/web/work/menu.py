"""The menu behind a person's name: own page, and the rooms the roles open."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from torap.web.work.access import could

# Page -> its name, and the right it needs (none: everybody who has signed in).
ROOMS: tuple[tuple[str, str, str], ...] = (
    ("me", gettext_noop("My work"), ""),
    ("work_instruction", gettext_noop("New instruction"), "instruction.add"),
    ("evidence_waiting", gettext_noop("Evidence to verify"), "evidence.verify"),
    ("baseline_list", gettext_noop("Baselines"), ""),
    ("facts_upload", gettext_noop("Load facts"), "facts.load"),
    ("calendar_edit", gettext_noop("Change working days"), "calendar.edit"),
    ("ledger_list", gettext_noop("Ledger"), "ledger.read"),
    ("user_list", gettext_noop("Accounts"), "user.manage"),
)


def user_menu(request: HttpRequest) -> list[dict[str, Any]]:
    """Links for the person who has signed in; none, and no query, for a visitor."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    match = getattr(request, "resolver_match", None)
    current = match.url_name if match else ""
    return [
        {"label": _(label), "url": reverse(name), "current": name == current}
        for name, label, right in ROOMS
        if not right or could(user, right)
    ]
