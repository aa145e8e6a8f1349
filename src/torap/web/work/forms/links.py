"""Saying that a milestone waits for something, and that it does not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from torap.delivery.models import DeliveryLink
from torap.delivery.selectors import Node
from torap.rules.network.stages import LONGEST_LAG
from torap.web.presenters.nodes import node_line
from torap.web.work.forms.sources import SourceForm


class LinkForm(SourceForm):
    """What it waits for, how, and why. `found`: the nodes offered."""

    aliases: ClassVar[dict[str, str]] = {"after": "before", "key": "before"}

    def __init__(self, *args: Any, found: Iterable[Node], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["before"] = forms.ChoiceField(
            label=_("It waits for"),
            choices=[(node.key, _offer(node)) for node in found],
            widget=forms.RadioSelect,
        )
        self.fields["type"] = forms.ChoiceField(
            label=_("How it waits"), choices=DeliveryLink.Type.choices, initial=DeliveryLink.Type.FS
        )
        self.fields["lag"] = forms.IntegerField(
            label=_("Days between"),
            initial=0,
            min_value=-LONGEST_LAG,
            max_value=LONGEST_LAG,
            help_text=_("Zero when it can follow at once; below zero when it may begin earlier."),
        )
        self.fields["lag_unit"] = forms.ChoiceField(
            label=_("Counted in"), choices=DeliveryLink.LagUnit.choices, initial=DeliveryLink.LagUnit.DAY
        )
        self.fold(_("Another order, or days between"), ["type", "lag", "lag_unit"])
        self.add_texts("why", _("Why"), rows=3)
        self.add_saying()
        self.add_source(required=False)


class LinkDropForm(SourceForm):
    """Why it does not wait."""

    aliases: ClassVar[dict[str, str]] = {"before": "why_en", "after": "why_en"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts("why", _("Why it does not wait"), rows=3, required=True)
        self.add_saying()
        self.add_source(required=False)


def _offer(node: Node) -> str:
    line = node_line(node, None)
    return " · ".join(part for part in (line["words"], line["kind"], line["due"]) if part)
