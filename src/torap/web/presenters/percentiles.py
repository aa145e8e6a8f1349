"""What P50, P80 and the chance are called and mean: the one place that explains them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MEANS: dict[int, Any] = {
    50: gettext_lazy("half of the trials end by then"),
    80: gettext_lazy("four of five trials end by then"),
}


def percentile(of: int) -> str:
    """The name of a percentile: `P80` of 80."""
    return f"P{of}"


def percentile_means(of: int) -> str:
    """What a percentile means, in a few words beside its name; empty of one that pages do not explain."""
    return str(MEANS.get(of, ""))


def percentile_reasons() -> list[dict[str, Any]]:
    """What P50 and P80 mean, for the one place on a page that explains them."""
    return [
        {
            "when": percentile(50),
            "text": _("Half of the trials end by this day, half later. It is as likely late as early."),
        },
        {
            "when": percentile(80),
            "text": _("Four of five trials end by this day. Whoever promises it breaks one promise in five."),
        },
        {
            "when": _("Not before"),
            "text": _(
                "So late that no promise of the kind is known to have been reached later: the day itself "
                "would be a guess, so only the day is told before which it is not. Chances count those "
                "trials too."
            ),
        },
        {
            "when": _("Chance"),
            "text": _("In how many of 100 trials the promised day is kept, with all that it waits for."),
        },
        {
            "when": _("Trial"),
            "text": _(
                "One run of the whole network with durations drawn at random: from how promises of each kind "
                "went, from schedules, and from what waits for what."
            ),
        },
    ]
