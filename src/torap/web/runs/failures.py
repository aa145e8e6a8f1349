"""Why a run failed, in the reader's language: what the engines say in codes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from torap.common.errors import ApplicationError
from torap.engines.errors import EngineInputError
from torap.runs.selectors import RunLine
from torap.web.presenters.errors import ErrorWords, error_words
from torap.web.work.schedule_words import ENGINE, refusal

# What the pipeline of investment refuses; %(where)s is the project, class, year or sample at fault.
PIPELINE: dict[str, Any] = {
    "amount_missing": _("The project %(where)s has no amount to spread over the years; give it one."),
    "assumption_twice": _("The stage %(where)s has two assumptions; keep one."),
    "class_loop": _("The class %(where)s leans on itself by way of %(value)s; break the ring."),
    "class_twice": _("The class %(where)s is given twice; keep one."),
    "class_unknown": _("%(where)s names the class “%(value)s”, which is not there; name one that is."),
    "correlation_out_of_range": _("The correlation “%(where)s” is %(value)s; give one from 0 to 1."),
    "goal_outside_years": _(
        "The goal counts from %(first)s to %(last)s, outside the years computed; widen the years."
    ),
    "negative": _("“%(field)s” of %(where)s is %(value)s, below zero; give zero or more."),
    "not_positive": _("“%(field)s” of %(where)s is %(value)s, not above zero; give a number above zero."),
    "passage_twice": _("The passages %(where)s are given twice; put them together."),
    "passages_without_time": _(
        "Passages were seen at %(where)s in no time of watching; give the years watched."
    ),
    "project_twice": _("The project %(where)s is given twice; keep one, or name what it repeats."),
    "samples_not_whole": _("The trials of %(where)s are no whole minutes; compute the network anew."),
    "samples_of_other_trials": _(
        "%(where)s has another number of trials than the run (%(trials)s); compute both with the same number."
    ),
    "spent_above_amount": _(
        "More was spent of %(where)s (%(spent)s) than it costs (%(amount)s); put the figures right."
    ),
    "spent_negative": _("The money spent of %(where)s is %(value)s, below zero; put the figure right."),
    "stage_in_the_future": _(
        "The project %(where)s reached its stage on %(since)s, after the day of the run; put the day right."
    ),
    "target_out_of_range": _(
        "The target of %(where)s runs from %(low)s to %(high)s; its ends must rise from zero on."
    ),
    "target_twice": _("The year %(where)s has two targets; keep one."),
    "trials_out_of_range": _("%(value)s trials cannot be made; ask for fewer, and for one at least."),
    "years_out_of_range": _("The years %(first)s to %(last)s cannot be computed; give a shorter span."),
}


def failure(run: RunLine) -> ErrorWords | None:
    """Why a run failed and which input is at fault; None where it did not.

    Both engines refuse under codes of their own; a few are spelt alike, and are told apart by their values.
    """
    if not run.error:
        return None
    params = dict(run.error_params)
    where = str(params.pop("where", ""))
    if where and run.error in PIPELINE and not (run.error in ENGINE and "value" not in params):
        shown = {"field": "", "value": "", "trials": run.trials, **params, "where": where}
        return ErrorWords(str(PIPELINE[run.error]) % shown, "", where)
    if where and run.error in ENGINE:
        return ErrorWords(refusal(EngineInputError(run.error, where=where, **params)), "", where)
    return error_words(ApplicationError(run.error, **dict(run.error_params)))
