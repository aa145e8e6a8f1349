"""A sentence for every reason the law engine gives, in the reader's language.

The engine speaks in codes and parameters only. A test walks the engine's own files and fails for a code
that has no sentence here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from torap.rules.obligations.model import Edition, Reason
from torap.web import formats
from torap.web.law import words

SENTENCES: Mapping[str, Any] = {
    # which text of the law
    "edition": _("Text of the law: %(act)s%(number)s."),
    "edition_not_read": _(
        "The text read is of %(read_as_of)s. The case is older: its own text was not read."
    ),
    "case_chosen": _("This case applies: %(all)s."),
    "not_applicable": _("Does not apply: it needs %(all)s."),
    "condition_unknown": _("Applies only under a condition (%(when)s). Give: %(params)s."),
    "in_force_on": _("In force on %(day)s (from %(from)s to %(to)s)."),
    "not_verified_in_force": _("Whether this is in force was not verified."),
    # where it starts
    "triggered": _("Starts with “%(event)s” on %(day)s."),
    "trigger_missing": _("Starts with “%(trigger)s”, which has not come."),
    "trigger_not_stated": _(
        "The text read does not name the first day: counting from this event is our reading."
    ),
    "assumed_on_day_done": _("“%(event)s” has not come; assumed on %(day)s, the day step %(step)s was done."),
    "assumed_on_due_day": _("“%(event)s” has not come; assumed on %(day)s, the last day of step %(step)s."),
    "counted_from_due": _("Counted from %(day)s, the last day of step %(step)s."),
    "starts_from_param": _("Counted from %(day)s: %(param)s."),
    "starts_at_once": _("Spoken at a meeting: bodies that attended start at once."),
    "event_after_known_on": _(
        "“%(event)s” on %(day)s lies after the day of this answer: planned, not happened."
    ),
    "received_outside_working_time": _(
        "Received outside working time on %(from)s: counts as received on %(to)s."
    ),
    "received_outside_working_time.hours_not_stated": _(
        "Received outside working time on %(from)s: counts as received on %(to)s. The hours of the body are "
        "not stated."
    ),
    "receipt_assumed": _("The day of receipt is not known: the day the instruction was given is taken."),
    # how it is counted
    "limit": _("Term: %(term)s."),
    "date_given": _("The day %(day)s is given (%(param)s)."),
    "fixed_dates": _("Due on fixed dates of the year: %(dates)s; %(done)s already done."),
    "trigger_day_counted": _("The first day counts: counting starts on %(day)s."),
    "trigger_day_not_counted": _("The day of the event does not count: counting starts on %(day)s."),
    "not_in_law": _("No act in force that was read says so: it is the default of this system."),
    "skipped_day": _("%(day)s is not counted: %(reason)s."),
    "roll_rule": _("Rule: an end on a rest day rolls to the next working day."),
    "rolled_forward": _("%(from)s is no working day: the end rolls to %(to)s."),
    "not_rolled": _("%(day)s is no working day (%(reason)s); the end does not roll."),
    "backward_end_on_rest_day": _("%(day)s is no working day (%(reason)s). To be safe, act by %(safe_day)s."),
    "month_rule_ambiguous": _(
        "The rule on months can be read in two ways: the matching date, or the last working day of the "
        "month. The matching date is shown; a breach is raised only when both have passed."
    ),
    "unit_not_stated": _("The act does not say which days: read as %(unit)s."),
    "short_term_unit_not_stated": _(
        "“A term under 5 days” does not say which days: the term is counted in its own unit."
    ),
    "time_of_day_not_given": _("The term is in hours: give the time of the event."),
    "two_weeks_read_as_calendar_days": _("Two weeks are read as 14 calendar days: the unit is our reading."),
    "not_before": _("One may not act earlier than after %(day)s."),
    "pause": _("Stopped from %(from)s; counted again from %(to)s."),
    "pause_open": _("Stopped since %(from)s and not resumed. The day shown assumes that it resumes today."),
    "no_ground_for_pause_in_law": _("The texts read name no ground for stopping this term."),
    "extended": _("Extended on %(on)s: from %(from)s to %(to)s."),
    "extension_without_date": _(
        "An extension of %(day)s without a new date changes nothing: give the new date."
    ),
    "extension_no_ground": _("The texts read know no extension of this term: %(until)s changes nothing."),
    "extended_after_due": _("Extended on %(day)s, after the last day %(due)s: what was missed stays missed."),
    "extension_over_cap": _("Extended to %(until)s, beyond the latest day allowed, %(latest)s."),
    "extension_within_cap": _("Extended to %(until)s; the latest day allowed is %(latest)s."),
    # what is not known
    "limit_not_known": _("No text that could be read gives a term: not known, and not guessed."),
    "limit_depends_on": _("The term depends on: %(params)s. Give one of them."),
    "term_not_known": _("Neither a deadline nor a rule gives a term."),
    "deadline_not_known": _("The term was not told, so no day can be computed."),
    "no_edition": _("The rules in force on that day were not read: a named date stands as a date only."),
    "permanent": _(
        "A standing instruction: it has no due day, only the question how fresh the last word is."
    ),
    "needs_params": _("Not decided. Give: %(params)s."),
    "mci_not_known": _("The MCI of %(year)s is not known, so the line cannot be computed."),
    "calendar_not_official": _(
        "No official calendar of %(year)s is carried: its rest days are computed and may change."
    ),
    # how it ends
    "done": _("Done with “%(event)s” on %(day)s."),
    "before_trigger": _("Done with “%(event)s” before “%(trigger)s”: its term had not begun."),
    "day_not_known": _("Done, as “%(event)s” on %(day)s shows; its own day is not known."),
    "closed_after_due": _("The case ended with “%(event)s” on %(day)s, after the last day %(due)s."),
    "overdue": _("Overdue since %(day)s."),
    "past_due_not_binding": _("%(day)s has passed, but this term alone raises no breach."),
    "right_lapsed": _("The right lapsed on %(day)s."),
    "act_not_in_force": _("Falls away: the act came into force on %(day)s only."),
    "alternative_done": _("Falls away: the alternative, step %(step)s, was done."),
    "earlier_step_void": _("Falls away: step %(step)s before it will not happen."),
    "case_closed": _("Falls away: the case ended with “%(event)s” on %(day)s."),
    # why a missed day would be no breach
    "confidence": _("Confidence in this rule: %(confidence)s."),
    "confidence_below_high": _("Confidence is %(confidence)s: missing the day is no breach by itself."),
    "breach_needs_condition": _(
        "Missing the day is no breach by itself: whether the step applies is not known."
    ),
    "breach_needs_trigger_in_law": _(
        "Missing the day is no breach by itself: the act does not name the first day."
    ),
    "not_a_deadline": _("Not a last day to act for a duty: it raises no breach."),
    # silence
    "silence_no_deemed_approval": _("Silence grants nothing: it is a breach to flag."),
    "silence_not_in_law": _("The act says nothing about silence."),
    "silence_co_executor_agrees": _(
        "A silent co-executor counts as agreed, except in drafts to the President (p.142)."
    ),
    "co_executor_agreed_by_default": _(
        "A co-executor who is late counts as agreed; the lead says so in its letter."
    ),
    "co_executor_not_agreed_by_silence": _(
        "In a draft to the President the silence of a co-executor is no agreement."
    ),
    # control of instructions
    "control_by_term": _("%(term_wd)s working days from %(from)s to %(to)s: control type %(control)s."),
    "control_as_given": _("The control type is taken as stated."),
    "control_boundary_is_our_reading": _(
        "The term lies exactly between two types: %(control)s is our reading."
    ),
    "control_edge_of_month": _(
        "The month ends on %(end)s, a rest day, and the term on %(rolled)s with it: %(control)s is our "
        "reading."
    ),
    "control_differs": _("The type stated is %(given)s; the term alone would give %(computed)s."),
    "type_is_a_range": _("The type %(type)s is a range, %(first)s to %(last)s: give the deadline."),
    "below_minimum_term": _("%(term_wd)s working days are under the minimum of %(minimum)s."),
    "below_minimum_allowed": _(
        "%(term_wd)s working days are under the minimum of %(minimum)s, but this office may order it: "
        "%(issuer)s."
    ),
    "with_prime_ministers_resolution": _("With a resolution of the Prime Minister."),
    "who_may_close": _("May be taken off control by: %(who)s."),
    "closing_ground": _("A ground of closing is given. The rules know: %(allowed)s."),
    "closing_ground_missing": _("No ground of closing is given. The rules know: %(allowed)s."),
    "closes_by_fact": _("Closes on the fact, without a report."),
    "extension_request_in_time": _("Extension asked on %(asked)s; the last day was %(last_day)s."),
    "extension_request_late": _("Extension asked on %(asked)s, after the last day %(last_day)s."),
    "only_prime_minister_extends": _("Only the Prime Minister extends or closes an operational instruction."),
    "repeat_extension_exceptional": _(
        "A second extension is an exception: proposed by a Deputy Prime Minister or the Head of the Office, "
        "with discipline considered."
    ),
    "discipline_meeting": _("Moved %(moves)s times: the matter goes to the meeting on discipline."),
    "forcing_instruction": _("A reminder: no report is due, and the deadline does not move."),
    # money, pools, eligibility
    "threshold_mci": _("%(units)s MCI of %(year)s, %(mci)s tenge each, are %(tenge)s tenge."),
    "cost_compared.above": _("%(cost)s tenge is above the line of %(line)s tenge."),
    "cost_compared.equal": _("%(cost)s tenge lies exactly on the line of %(line)s tenge."),
    "cost_compared.below": _("%(cost)s tenge is below the line of %(line)s tenge."),
    "boundary_is_our_reading": _("The cost lies exactly on the line: “%(chosen)s” is our reading."),
    "investment_contract": _("A project under an investment contract is national whatever it costs."),
    "year_of_event": _("The year is that of “%(event)s”, %(day)s."),
    "year_projected": _("The year is that of %(day)s, when step %(step)s is expected to begin."),
    "year_assumed": _("No year is given: %(year)s is assumed."),
    "target_year": _("Target for %(year)s."),
    "no_target_for_year": _("There is no target for %(year)s. Target years are %(years)s."),
    "share_of_cost": _("%(pct)s %% of the cost."),
    "share_of_fixed_investment": _("%(pct)s %% of the investment in fixed assets."),
    "share_compared.at_most": _("%(percent)s %%; at most %(limit)s %% are allowed."),
    "share_compared.at_least": _("%(percent)s %%; at least %(limit)s %% are needed."),
    "state_share_too_high": _("The state's share of %(share)s %% is above %(cap)s %%."),
    "exempt_eaeu_border": _("No security at filing in a zone on the customs border of the EAEU."),
    "early_share_open": _(
        "Give the sum of the first four years: at least %(line)s tenge are needed in them."
    ),
    "early_share_too_low": _("%(early)s tenge in the first four years; %(line)s are needed."),
    "excluded_applicant": _("Shut out: %(exclusion)s."),
    "hotel_condition_failed": _("A condition for hotels is not met: %(param)s."),
    "hotel_condition_open": _("A condition for hotels is not checked. Give: %(param)s."),
    # notes of the law tables
    "note_art20_uses_two_working_days": _(
        "For an end under article 20 the stricter 2 working days apply (P03d)."
    ),
    "note_stricter_than_18_15": _(
        "The general notice is 5 working days (18(15)); article 20 has the stricter 2."
    ),
    "note_duties_not_readable": _(
        "The duties and days of answer stand in orders 327 and 746, which could not be read."
    ),
    "note_edge_200_kw": _("Exactly 200 kW is read as the first band."),
    "note_excluded_periods_as_pauses": _(
        "Land project, approvals under 44(7) and marking of boundaries do not count: give them as stopped "
        "and resumed."
    ),
    "note_issuer_not_named": _(
        "The article names neither who issues the document nor the first day of the term."
    ),
    "note_not_more_than": _("This is the longest term allowed; a shorter one may be set."),
    "note_reasonable_term": _("The law asks for a reasonable term, without a number."),
    "note_fallback_P08b": _("See P08b: 15 working days are the general term for requests."),
    "note_trigger_by_worked_example": _("The article gives no first day: it is counted from the filing."),
}

# How a reason is drawn; whatever is in neither set is an ordinary rule.
SKIPPED = frozenset({"skipped_day", "pause", "pause_open"})
RESULTS = frozenset({"rolled_forward", "done", "overdue", "right_lapsed", "extended", "control_by_term"})
WARNINGS = frozenset(
    {
        "backward_end_on_rest_day",
        "before_trigger",
        "below_minimum_term",
        "boundary_is_our_reading",
        "breach_needs_condition",
        "breach_needs_trigger_in_law",
        "calendar_not_official",
        "closed_after_due",
        "closing_ground_missing",
        "condition_unknown",
        "confidence_below_high",
        "control_boundary_is_our_reading",
        "control_differs",
        "control_edge_of_month",
        "day_not_known",
        "deadline_not_known",
        "discipline_meeting",
        "edition_not_read",
        "extended_after_due",
        "extension_no_ground",
        "event_after_known_on",
        "extension_over_cap",
        "extension_request_late",
        "extension_without_date",
        "limit_depends_on",
        "limit_not_known",
        "mci_not_known",
        "month_rule_ambiguous",
        "no_edition",
        "no_ground_for_pause_in_law",
        "not_verified_in_force",
        "past_due_not_binding",
        "receipt_assumed",
        "short_term_unit_not_stated",
        "term_not_known",
        "time_of_day_not_given",
        "trigger_not_stated",
        "two_weeks_read_as_calendar_days",
        "unit_not_stated",
    }
)
_PLAIN_NUMBERS = frozenset({"year", "years"})  # 2026, never 2,026


def sentence(reason: Reason, edition: Edition | None = None) -> str:
    """The sentence of one reason; `edition` names its events and parameters. An unknown code stays a code."""
    template = SENTENCES.get(_variant(reason))
    if template is None:
        return reason.code.replace("_", " ")
    text = str(template) % _Params(reason, edition)
    if reason.params.get("in_law") is False:
        text = f"{text} {SENTENCES['not_in_law']}"
    return text


def reason_lines(reasons: Iterable[Reason], edition: Edition | None = None) -> list[dict[str, Any]]:
    """Reasons as `{% explain %}` takes them: text, day, article, and what kind of line it is."""
    return [
        {
            "text": sentence(reason, edition),
            "day": reason.day,
            "basis": words.article_words(reason.basis or ""),
            "kind": kind_of(reason.code),
            "code": reason.code,
        }
        for reason in reasons
    ]


def kind_of(code: str) -> str:
    """How a reason is drawn: rule, skipped, warning or result."""
    if code in SKIPPED:
        return "skipped"
    if code in RESULTS:
        return "result"
    return "warning" if code in WARNINGS else "rule"


def _variant(reason: Reason) -> str:
    """Sentences that differ by a parameter stand under `code.value`."""
    if reason.code == "cost_compared":
        return f"cost_compared.{reason.params['order']}"
    if reason.code == "share_compared":
        return f"share_compared.{reason.params['sense']}"
    if reason.code == "received_outside_working_time" and not reason.params.get("hours_stated", True):
        return "received_outside_working_time.hours_not_stated"
    return reason.code


class _Params(dict[str, str]):
    """The values of one reason in words, made when the sentence asks for them."""

    def __init__(self, reason: Reason, edition: Edition | None) -> None:
        super().__init__()
        self.reason = reason
        self.edition = edition

    def __missing__(self, name: str) -> str:
        special = _SPECIAL.get(name)
        if special is not None:
            return special(self.reason, self.edition)
        return _plain(name, self.reason.params.get(name))


def _plain(name: str, value: Any) -> str:
    if name in _PLAIN_NUMBERS:
        return ", ".join(str(item) for item in value) if isinstance(value, list | tuple) else str(value)
    if isinstance(value, Decimal) and name in {"percent", "share", "pct", "limit", "cap"}:
        return formats.number(value, 1)
    return words.shown(value)


def _day(reason: Reason, _edition: Edition | None) -> str:
    return formats.day(reason.day) if reason.day is not None else "…"


def _all(reason: Reason, edition: Edition | None) -> str:
    return words.conditions_words(reason.params, edition)


def _when(reason: Reason, edition: Edition | None) -> str:
    return words.conditions_words(reason.params.get("when", {}), edition)


def _params(reason: Reason, edition: Edition | None) -> str:
    names = reason.params.get("params", ())
    return ", ".join(words.param_title(str(name), edition) for name in names)


def _param(reason: Reason, edition: Edition | None) -> str:
    return words.param_title(str(reason.params.get("param", "")), edition)


def _event(reason: Reason, edition: Edition | None) -> str:
    return words.event_title(str(reason.params.get("event", "")), edition)


def _trigger(reason: Reason, edition: Edition | None) -> str:
    """What a clock waits for: an event, the end of a step, or a day given as a parameter."""
    name = str(reason.params.get("trigger", ""))
    if edition is not None and any(row.step == name for row in edition.obligations):
        return gettext("end of step %(step)s") % {"step": words.step_words(name, edition)}
    if edition is not None and name in edition.params:
        return words.param_title(name, edition)
    return words.event_title(name, edition)


def _step(reason: Reason, edition: Edition | None) -> str:
    return words.step_words(str(reason.params.get("step", "")), edition)


def _reason(reason: Reason, _edition: Edition | None) -> str:
    return words.day_kind(str(reason.params.get("reason", "")), str(reason.params.get("title") or ""))


def _term(reason: Reason, _edition: Edition | None) -> str:
    given = reason.params
    return words.term_in_form(
        int(given["value"] or 0),
        str(given["unit"]),
        str(given.get("form", "within")),
        bool(given.get("before")),
    )


def _unit(reason: Reason, _edition: Edition | None) -> str:
    return words.unit_words(str(reason.params.get("unit", "")))


def _act(reason: Reason, _edition: Edition | None) -> str:
    return words.law_text(str(reason.params.get("act", "")))


def _number(reason: Reason, _edition: Edition | None) -> str:
    number = reason.params.get("number")
    return gettext(" No. %(number)s") % {"number": number} if number else ""


def _confidence(reason: Reason, _edition: Edition | None) -> str:
    code = str(reason.params.get("confidence", ""))
    return str(words.CONFIDENCES.get(code, code))


def _from(reason: Reason, _edition: Edition | None) -> str:
    value = reason.params.get("from")
    return formats.day(value) if isinstance(value, dt.date) else "…"


_SPECIAL: Mapping[str, Any] = {
    "act": _act,
    "all": _all,
    "confidence": _confidence,
    "day": _day,
    "event": _event,
    "from": _from,
    "number": _number,
    "param": _param,
    "params": _params,
    "reason": _reason,
    "step": _step,
    "term": _term,
    "trigger": _trigger,
    "unit": _unit,
    "when": _when,
}
