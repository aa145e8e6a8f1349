"""English sentences for the codes of the law engine, as the command line says them.

The engine speaks in codes and parameters only; the web has its own sentences in three languages.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from torap.rules.obligations.model import Limit, Reason

UNITS = {
    "wd": ("working day", "working days"),
    "cd": ("calendar day", "calendar days"),
    "mo": ("month", "months"),
    "y": ("year", "years"),
    "h": ("hour", "hours"),
}
IN_LAW = {True: "", False: " (engine default: not found in an act in force)"}
ORDERS = {"above": "above", "equal": "equal to", "below": "below"}
STARTS = {
    "event": "'{trigger}', which has not come: give {trigger}",
    "param": "a day that is not given: give {trigger}",
    "step": "the last day of step {trigger}, which is not known",
}
FORMS = {"within": "", "not_less_than": "at least ", "every": "every "}

SENTENCES: Mapping[str, str] = {
    "act_not_in_force": "Void: the act came into force on {day} only.",
    "alternative_done": "Void: the alternative step {step} was done.",
    "assumed_on_day_done": "'{event}' has not come; assumed on {day}, the day step {step} was done.",
    "assumed_on_due_day": "'{event}' has not come; assumed on {day}, the last day of step {step}.",
    "backward_end_on_rest_day": "{day} is no working day ({reason}); act by {safe_day} to be safe.",
    "before_trigger": "'{event}' on {day} lies before '{trigger}', which should come first.",
    "below_minimum_allowed": "{term_wd} under the minimum of {minimum}, but {issuer} may order it.",
    "below_minimum_term": "{term_wd} under the minimum of {minimum}.",
    "boundary_is_our_reading": "The cost lies exactly on the line; {chosen} is our reading.",
    "breach_needs_condition": "Missing the day is no breach by itself: whether the step applies is not "
    "known.",
    "breach_needs_trigger_in_law": "Missing the day is no breach by itself: the act does not name the first "
    "day.",
    "calendar_not_official": "No official calendar of {year} is carried: its rest days are computed and may "
    "change.",
    "case_chosen": "This case applies: {all}.",
    "case_closed": "Void: the case ended with '{event}' on {day}.",
    "closed_after_due": "'{event}' on {day} came after the last day {due}: what was missed stays missed.",
    "closes_by_fact": "Closes on the fact, without a report.",
    "closing_ground": "Ground of closing given; the rules know: {allowed}.",
    "closing_ground_missing": "No ground of closing given; the rules know: {allowed}.",
    "co_executor_agreed_by_default": "A co-executor who is late counts as agreed; the lead says so in its "
    "letter.",
    "co_executor_not_agreed_by_silence": "Silence of a co-executor is no agreement in a draft to the "
    "President.",
    "condition_unknown": "Applies only under a condition; give {params} ({when}).",
    "confidence_below_high": "Confidence is {confidence}: missing the day is no breach by itself.",
    "confidence": "Confidence is {confidence}.",
    "control_as_given": "Control type {control} is taken as stated.",
    "control_boundary_is_our_reading": "The term lies exactly between two types; {control} is our reading.",
    "control_by_term": "{term_wd} from {from} to {to}: control type {control}.",
    "control_edge_of_month": "The month ends on {end}, no working day, and rolls to {rolled}. The term "
    "as said ends on {nominal}: compared with {end} it is {control}.",
    "control_differs": "The stated type is {given}; the term alone would give {computed}.",
    "cost_compared": "{cost} tenge is {order} the line of {line} tenge.",
    "counted_from_due": "Counted from {day}, the last day of step {step}.",
    "day_not_known": "Done: '{event}' on {day} shows it. Its own day is not known.",
    "date_given": "The day {day} is given ({param}).",
    "discipline_meeting": "{moves} moves: the matter goes to the meeting on discipline.",
    "done": "Done with '{event}' on {day}.",
    "early_share_open": "Give first_four_years_kzt: at least {line} tenge are needed in the first four "
    "years.",
    "early_share_too_low": "{early} tenge in the first four years; {line} are needed.",
    "earlier_step_void": "Void: step {step} before it will not happen.",
    "edition": "Edition {edition}: {act}{number}.",
    "edition_not_read": "The text read is of {read_as_of}; the case is older, so its own text was not read.",
    "event_after_known_on": "'{event}' on {day} lies after the day of this answer: planned, not happened.",
    "excluded_applicant": "Shut out: {exclusion}.",
    "exempt_eaeu_border": "No security at filing in a zone on the EAEU border.",
    "extended": "Extended on {on}: from {from} to {to}.",
    "extended_after_due": "The extension of {day} to {until} came after the last day {due}: what was missed "
    "stays missed.",
    "extension_no_ground": "The texts read name no ground for extending a term here: the extension of {day} "
    "changes nothing.",
    "extension_over_cap": "Extended to {until}, beyond the latest day {latest}.",
    "extension_request_in_time": "Extension asked on {asked}; the last day was {last_day}.",
    "extension_request_late": "Extension asked on {asked}, after the last day {last_day}.",
    "extension_within_cap": "Extended to {until}; the latest day allowed is {latest}.",
    "extension_without_date": "An extension of {day} without a new date changes nothing; give extended_to.",
    "fixed_dates": "Due on fixed dates of the year: {dates}; {done} already done.",
    "forcing_instruction": "A forcing instruction is a reminder: no report, and the deadline does not move.",
    "hotel_condition_failed": "Condition for hotels not met: {param}.",
    "hotel_condition_open": "Condition for hotels not checked: give {param}.",
    "in_force_on": "In force on {day} (from {from} to {to}).",
    "investment_contract": "A project under an investment contract is national whatever its cost.",
    "limit_depends_on": "The limit depends on {params}; give one of them.",
    "limit_not_known": "No limit stands in any text we could read: not known, not guessed.",
    "mci_not_known": "The MCI of {year} is not known, so the line cannot be computed.",
    "month_rule_ambiguous": "The rule on months allows two readings (matching date, or last working day of "
    "the month); "
    "the matching date is used, and a breach is raised only when both have passed.",
    "needs_params": "Not decided; give {params}.",
    "no_ground_for_pause_in_law": "The texts read name no ground for stopping this term.",
    "no_target_for_year": "No target for {year}; target years are {years}.",
    "not_a_deadline": "Not a last day to act for a duty: it raises no breach.",
    "not_applicable": "Void: does not apply to this case ({all} needed).",
    "not_before": "The earliest day to act is after {day}.",
    "not_rolled": "{day} is no working day ({reason}); the end does not roll.",
    "not_verified_in_force": "Whether this is in force was not verified.",
    "note_art20_uses_two_working_days": "For terminations under article 20 the stricter 2 working days "
    "apply (P03d).",
    "note_duties_not_readable": "The duties and days of answer stand in orders 327 and 746, which were not "
    "readable.",
    "note_edge_200_kw": "Exactly 200 kW is read as the first band.",
    "note_excluded_periods_as_pauses": "Land project, approvals under 44(7) and marking of boundaries do "
    "not count: "
    "give them as paused and resumed.",
    "note_issuer_not_named": "The article does not name who issues the document, nor the first day of the "
    "term.",
    "note_not_more_than": "The limit is the longest term allowed; a shorter one may be set.",
    "note_reasonable_term": "The law asks for a reasonable term, without a number.",
    "note_fallback_P08b": "See P08b: 15 working days are the general limit for requests.",
    "note_stricter_than_18_15": "The general notice is 5 working days (18(15)); the stricter 2 are used for "
    "article 20.",
    "note_trigger_by_worked_example": "The article gives no first day; it is counted from the filing.",
    "only_prime_minister_extends": "Only the Prime Minister extends or closes an operational instruction.",
    "overdue": "Overdue since {day}.",
    "past_due_not_binding": "{day} has passed, but this limit alone raises no breach.",
    "pause": "Stopped from {from}; counted again from {to}.",
    "pause_open": "Stopped since {from} and not resumed; the day shown assumes it resumes today.",
    "received_outside_working_time": "Received outside working time on {from}: counts as received on "
    "{to}{hours}.",
    "repeat_extension_exceptional": "A second extension is an exception: proposal of a Deputy Prime "
    "Minister or the "
    "Head of the Office, with discipline considered.",
    "right_lapsed": "The right lapsed on {day}.",
    "rolled_forward": "{from} is no working day: the end rolls to {to}.",
    "roll_rule": "Rule: an end on a rest day rolls to the next working day{in_law}.",
    "share_compared": "{percent} % against a limit of {limit} % ({sense}).",
    "share_of_cost": "{pct} % of the cost.",
    "share_of_fixed_investment": "{pct} % of the investment in fixed assets.",
    "short_term_unit_not_stated": "A term under 5 days: the act does not say which days; the term is counted "
    "in its own.",
    "silence_co_executor_agrees": "A silent co-executor counts as agreed, except in drafts to the President "
    "(p.142).",
    "silence_no_deemed_approval": "Silence grants nothing; it is a breach to flag.",
    "silence_not_in_law": "The act says nothing about silence.",
    "skipped_day": "{day} not counted: {reason}{title}.",
    "starts_at_once": "Spoken at a meeting: bodies that attended start at once.",
    "starts_from_param": "Counted from {day} ({param}).",
    "state_share_too_high": "State share {share} % is above {cap} %.",
    "target_year": "Target for {year}.",
    "term_not_known": "Neither a deadline nor a rule gives a term.",
    "threshold_mci": "{units} MCI of {year} ({mci} tenge each) are {tenge} tenge.",
    "time_of_day_not_given": "The term is in hours; give the time of the event (YYYY-MM-DDTHH:MM).",
    "trigger_day_counted": "The first day counts: counting starts on {day}{in_law}.",
    "trigger_day_not_counted": "The day of the event does not count: counting starts on {day}{in_law}.",
    "trigger_missing": "Starts with {start}.",
    "trigger_not_stated": "The text read does not name the first day; counting from this event is our "
    "reading.",
    "triggered": "Starts with '{event}' on {day}.",
    "two_weeks_read_as_calendar_days": "Two weeks are read as 14 calendar days; the unit is our reading.",
    "type_is_a_range": "Type {type} is a range ({first} to {last}); give the deadline.",
    "unit_not_stated": "The act does not say which days; read as {unit}.",
    "who_may_close": "May be taken off control by: {who}.",
    "with_prime_ministers_resolution": "With a resolution of the Prime Minister.",
    "year_assumed": "No year given: {year} is assumed.",
    "year_projected": "The year is that of {day}, when step {step} is expected to start.",
    "year_of_event": "The year is that of '{event}' ({day}).",
}


def sentence(reason: Reason) -> str:
    """The English sentence of one reason; an unknown code is shown as it stands."""
    if reason.code == "limit":
        return _limit_sentence(reason)
    template = SENTENCES.get(reason.code)
    if template is None:
        return reason.code.replace("_", " ")
    words = {name: shown(value) for name, value in reason.params.items()}
    if "{all}" in template:
        words["all"] = "; ".join(f"{name}: {condition(value)}" for name, value in reason.params.items())
    words["day"] = shown(reason.day)
    words |= _phrases(reason)
    words["in_law"] = IN_LAW[bool(reason.params.get("in_law", True))]
    words["hours"] = "" if reason.params.get("hours_stated", True) else " (hours of the body not stated)"
    words["title"] = f" ({reason.params['title']})" if reason.params.get("title") else ""
    words["number"] = f" No. {reason.params['number']}" if reason.params.get("number") else ""
    words["unit"] = UNITS.get(str(reason.params.get("unit")), ("", str(reason.params.get("unit"))))[1]
    if "when" in reason.params:
        words["when"] = "; ".join(
            f"{name}: {condition(value)}" for name, value in reason.params["when"].items()
        )
    return template.format_map(words)


def _phrases(reason: Reason) -> dict[str, str]:
    """Values that read differently in a sentence than alone."""
    words: dict[str, str] = {}
    given = reason.params
    if reason.code == "cost_compared":
        words["order"] = ORDERS[str(given["order"])]
    if isinstance(given.get("term_wd"), int | Decimal):
        count = int(given["term_wd"])
        verb = "" if reason.code == "control_by_term" else " is" if count == 1 else " are"
        words["term_wd"] = f"{counted(count, 'working day')}{verb}"
    if reason.code == "trigger_missing":
        words["start"] = STARTS[str(given.get("kind", "event"))].format(trigger=given["trigger"])
    return words


def counted(count: int, noun: str) -> str:
    """A number with its noun: 1 day, 2 days."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _limit_sentence(reason: Reason) -> str:
    unit, value = str(reason.params["unit"]), reason.params["value"]
    if unit == "same_day":
        return "Limit: the same day."
    one, many = UNITS[unit]
    text = f"{FORMS[str(reason.params['form'])]}{value} {one if value == 1 else many}"
    return f"Limit: {text}{' before' if reason.params.get('before') else ''}."


def limit_words(limit: Limit) -> str:
    """A limit in a few words for tables."""
    if limit.dates:
        return "on " + ", ".join(f"{month:02d}-{day:02d}" for month, day in limit.dates)
    if limit.date_param is not None:
        return f"date given ({limit.date_param})"
    if limit.value is None or limit.unit is None:
        return "not known"
    if str(limit.unit) == "same_day":
        return "same day"
    one, many = UNITS[str(limit.unit)]
    words = f"{FORMS[limit.form]}{limit.value} {one if limit.value == 1 else many}"
    unit_note = "" if limit.unit_stated else " (unit not stated)"
    return f"{words}{' before' if limit.before else ''}{unit_note}"


def condition(value: Any) -> str:
    """A condition on one parameter in words."""
    if isinstance(value, Mapping):
        signs = {"lt": "<", "le": "≤", "gt": ">", "ge": "≥", "not": "not"}
        return " and ".join(f"{signs[name]} {shown(limit)}" for name, limit in value.items())
    if isinstance(value, list):
        return " or ".join(shown(item) for item in value)
    return shown(value)


def shown(value: Any) -> str:
    """A value as text: days in ISO form, sums in groups of three, lists with commas."""
    if value is None:
        return "…"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:,f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:,f}"
    if isinstance(value, tuple | list):
        return ", ".join(_pair(item) for item in value)
    return str(value)


def _pair(item: Any) -> str:
    if isinstance(item, tuple) and len(item) == 2 and all(isinstance(part, int) for part in item):
        return f"{item[0]:02d}-{item[1]:02d}"
    return shown(item)
