"""English sentences for what the schedule reader and the schedule engine say in codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torap.common.sentences import Values
from torap.engines.errors import EngineInputError
from torap.engines.schedule.quality import Check
from torap.intake.schedules.losses import Loss, ScheduleFileError

FILE: Mapping[str, str] = {
    "archive": "this is an archive (zip) and no schedule; take the schedule out of it, or in Microsoft "
    "Project choose File, Save As, XML and give that.",
    "bad_character": "the text holds {value} at its letter {at}, which neither XML nor a terminal can carry; "
    "take it out.",
    "bad_spread": "{value!r} is no spread; write low, mode and high in percent, such as 90,100,130, "
    "the highest at least 1.",
    "clock_in_working_time": "{value!r} counts by the clock, but the activity counts in working time; leave "
    "the e out, or give the activity a duration by the clock.",
    "constraint_impossible": "the two constraints contradict one another ({value}): no date keeps both. Move "
    "one of them or take it out.",
    "constraint_before_actual_start": "{value} cannot be kept, since the work began {earliest}. Move it to a "
    "later date, or put the actual start right.",
    "constraint_before_plan": "{value} cannot be kept: the plan begins {start} and the activity takes "
    "{hours} h of work, so {earliest} is the earliest date that can. Move it there or later, begin the plan "
    "earlier, or shorten the activity.",
    "constraints_and_duration": "with its duration ({hours} h of work) no date keeps both constraints "
    "({value}). Move one of them, take it out, or change the duration.",
    "date_out_of_range": "{value} lies outside the years {first} to {last}; check the century.",
    "driver_unknown": "there is no driver {value!r}; add it to `drivers` of the plan or name one that is "
    "there ({known}).",
    "encoding_unknown": "the encoding {value!r} that the XML declares is not known; save it as UTF-8.",
    "field_twice": "the field {value!r} is given twice; take one out.",
    "id_twice": "the id {value!r} is given twice; give one of them another.",
    "in_two_branches": "the activity is in the branch {other} already; an activity belongs to one branch.",
    "load_twice": "the driver {value!r} names this activity in its own `loads` already; give the load once.",
    "loads_too_high": "the squares of the loads add to {sum}, more than one; make them smaller.",
    "missing_field": "{value} is missing; a risk needs probability, activities and impact.",
    "names_no_activity": "{value!r} is no activity of the plan; name one that is there or take it out.",
    "not_a_flag": "{value!r} is neither true nor false.",
    "not_a_text": "a text is expected here.",
    "number_out_of_range": "{value} is not between {low} and {high}.",
    "risk_activities": "a risk needs the activities it touches, each once.",
    "shares_and_lengths": "shares and lengths stand side by side in one impact; write all as %, or none.",
    "shifts_overlap": "the working times {value} overlap; let each begin when the one before has ended.",
    "spread_incomplete": "{value} is missing; {shape} needs {known}.",
    "spread_order": "low, mode and high must rise from zero on, a median must be above zero.",
    "text_too_long": "the text that begins with {value!r} is longer than {limit} letters; shorten it.",
    "too_many_days": "the exceptions name more than {limit} days; put them together.",
    "uncertainty_without_duration": "a {kind} has no duration of its own that could be uncertain; take the "
    "uncertainty out or make it a task.",
    "values_count": "an empirical spread needs 1 to {limit} values.",
    "ways_not_one": "the probabilities of the ways add to {sum}, not to one; put them right.",
    "xer_row_too_long": "the row has {value} cells more than its table has fields: a tab was typed into a "
    "text. Export the file again.",
    "xer_cell_missing": "the row has no {value}: it was cut off or changed by hand. Export the file again.",
    "xer_field_missing": "the table has no field {value}. Export the file again.",
    "zone_given": "{value!r} names a time zone; a plan has local time only: write YYYY-MM-DDTHH:MM.",
    "zero_byte": "the text holds a zero byte: the file is damaged or no text. Export it again.",
    "bad_date": "{value!r} is no date; write YYYY-MM-DDTHH:MM (XER: YYYY-MM-DD HH:MM).",
    "bad_duration": "{value!r} is no duration; write a number with m, h, d, w or mo, such as 5d "
    "(XML: PT8H0M0S).",
    "bad_number": "{value!r} is no number; write digits with a decimal point.",
    "bad_shift": "{value!r} is no working time; write 08:00-12:00, the end after the beginning.",
    "broken_json": "the JSON is broken: {reason}. Repair that line.",
    "broken_xml": "the XML is broken there. Save the file again from the program that wrote it.",
    "calendar_unknown": "there is no calendar {value!r}; add it to `calendars` or name one that is there.",
    "cannot_save": "the file cannot be written: {reason}.",
    "cannot_write": "this format cannot be written; name a file that ends in .xml (Microsoft Project) or "
    ".json (Torap).",
    "cannot_open": "the file cannot be opened: {reason}.",
    "constraint_without_date": "the constraint {value} needs a date.",
    "duration_negative": "a duration cannot be below zero ({value}); give zero or more.",
    "empty": "the file is empty.",
    "exception_type_unknown": "an exception of type {value} is not known; Microsoft Project has 1 to 7.",
    "exception_without_dates": "the exception names no dates.",
    "hostile_xml": "the XML defines entities or refers to other files ({what}), which a schedule "
    "never needs. "
    "The file was not read.",
    "link_to_nothing": "the link {predecessor} -> {successor} names an activity that is not in the "
    "file; add the "
    "activity or take the link out.",
    "link_type_unknown": "{value!r} is no type of link; there are FS, SS, FF and SF.",
    "missing": "this is missing; every activity needs an id, every calendar too.",
    "no_activities": "there are no activities to schedule.",
    "no_such_project": "there is no project {wanted!r}; the file holds {projects}.",
    "not_a_list": "a list is expected here.",
    "not_a_plan": "an object with `start` and `activities` is expected.",
    "not_an_object": "an object is expected here.",
    "not_mspdi": "this XML is no Microsoft Project file; save the schedule as XML from Microsoft Project.",
    "not_xer": "this is no XER file: it does not begin with ERMHDR.",
    "one_project": "there is no project {wanted!r}; the file holds one only ({projects}): leave --project "
    "out.",
    "program_file": "this is a file that only its own program can read, such as .mpp; in Microsoft Project "
    "choose File, Save As, XML and give that.",
    "same_file": "this is the schedule itself, which would be lost; give another name.",
    "parent_not_summary": "the activity {value!r} is no summary; give it `type` summary, or take "
    "the parent out.",
    "parent_unknown": "there is no summary {value!r}; add it or take the parent out.",
    "primavera_xml": "this is Primavera's XML, which is not read; export the project from Primavera as XER.",
    "plan_ends_before_start": "the plan must finish {value}, before it begins ({start}); put one of the two "
    "dates right.",
    "project_without_finish": "the plan is scheduled from its finish, but names none; give it one.",
    "project_without_start": "the plan has no start; give it one.",
    "remaining_negative": "what is left cannot be below zero ({value}); give zero or more.",
    "several_projects": "the file holds several projects ({projects}); choose one with --project.",
    "too_deep": "the file is nested too deeply.",
    "too_large": "the file has {size_mb} MB, more than the {limit_mb} MB read at once; split the "
    "schedule or take "
    "out what is not activities, links and calendars.",
    "too_long": "{value!r} is longer than a schedule can be; check the unit.",
    "unknown_choice": "{value!r} is not known; there are {known}.",
    "unknown_field": "the field {value!r} is not known; there are {known}.",
    "unknown_format": "this is no schedule that can be read: it begins with {begins!r}. Torap JSON, "
    "Microsoft "
    "Project XML and Primavera XER are.",
    "wrong_encoding": "byte {byte} ({value}) does not fit {encoding}; save the file as UTF-8, or declare the "
    "encoding it is in.",
    "xer_cut_off": "the file ends before its end mark %E: it was cut off. Export it again.",
    "xer_table_missing": "the file has no table {value}: it was cut or made by another program. Export the "
    "project again from Primavera.",
    "xer_row_without_fields": "a row comes before the names of its fields (%F).",
}

ENGINE: Mapping[str, str] = {
    "activity_in_two_branches": "the activity {where} is in two branches (one is {branch}); leave it in one.",
    "branch_twice": "the branch {where} is given twice; give one of them another id.",
    "driver_twice": "the driver {where} is given twice; give one of them another id.",
    "goal_not_active": "the goal {where} is switched off in the plan; name one that is not.",
    "impact_below_all": "the impact of {where} takes away more than the whole duration ({percent} %); give "
    "-100 % or more.",
    "load_out_of_range": "the load {load} of {where} on the activity {activity} is not between -1 and 1.",
    "loads_above_one": "the squares of the loads on the activity {where} add to {squares}, more than one; "
    "make them smaller.",
    "lognormal_out_of_range": "the lognormal spread of {where} needs a median from zero on and a spread "
    "below five; it has {median} and {spread}.",
    "parts_in_other_calendars": "the resources of the activity {where} work by other calendars than it does, "
    "which trials cannot follow; give the activity their calendar, or take the resources out.",
    "probability_out_of_range": "the probability of {where} is {probability}; give one between 0 and 1.",
    "risk_twice": "the risk {where} is given twice; give one of them another id.",
    "spread_needs_a_task": "{where} is a {kind} and has no duration of its own that could be uncertain.",
    "spread_out_of_order": "low, mode and high of {where} do not rise: {low}, {mode}, {high} minutes.",
    "spread_without_values": "the empirical spread of {where} has no values; give one at least.",
    "threads_negative": "{threads} threads are none; give zero (as many as there are processors) or more.",
    "trials_out_of_range": "{trials} trials cannot be made; give 1 to {most}.",
    "way_unknown": "the {where} has no way {way!r}, which the activity {activity} names.",
    "ways_not_one": "the probabilities of the ways of {where} add to {total}, not to one; put them right.",
    "activity_twice": "the activity {where} is in the plan twice; give one of them another id.",
    "activity_unknown": "there is no activity {where}.",
    "bad_shift": "the calendar {where} has a working time that ends before it begins ({start} to "
    "{end} minutes).",
    "date_out_of_range": "the activity {where} comes to lie more than {years} years off; a duration, a "
    "lag or a date is a slip of the pen.",
    "calendar_unknown": "{where} names a calendar that is not there: {calendar!r}.",
    "constraint_without_date": "the activity {where} has the constraint {constraint} without a date; "
    "give one.",
    "duration_negative": "the activity {where} has a duration below zero ({minutes} minutes); give "
    "zero or more.",
    "finished_before_start": "the activity {where} is finished before it began; put one of the two "
    "dates right.",
    "finished_without_start": "the activity {where} has an actual finish but no actual start; add it.",
    "link_to_nothing": "the link {where} names an activity that is not in the plan: {activity}.",
    "loop": "these activities wait for one another: {where}. Take one of the links out.",
    "links_too_many": "the link {where} of two summaries stands for too many links (more than {limit} in "
    "all); link fewer activities, or their milestones.",
    "no_working_time": "the calendar {where} has no working time in any week; add some.{used}",
    "parent_loop": "the activity {where} lies below itself through its summaries; take one `parent` out.",
    "parent_not_summary": "the activity {where} lies below {parent!r}, which is no summary; make that a "
    "summary or take the parent out.",
    "parent_unknown": "the activity {where} names a summary that is not there: {parent!r}.",
    "profile_unknown": "there is no convention {where!r}; there are {known}.",
    "remaining_negative": "the activity {where} has less than nothing left ({minutes} minutes); give "
    "zero or more.",
    "summaries_too_deep": "the activity {where} lies more than {limit} summaries deep; take some out.",
    "time_out_of_range": "a time centuries off was asked for{used}; a duration or a date is a "
    "slip of the pen.",
    "week_not_seven_days": "the calendar {where} has a week of {days} days.",
}

LOSS: Mapping[str, str] = {
    "as_late_as_possible": "that an activity is to be as late as possible",
    "manual": "the dates of a manual task",
    "suspended": "that work is suspended, since no day is given on which it goes on",
    "branches": "branches",
    "characters": "characters that XML cannot hold",
    "drivers": "drivers that activities share",
    "external": "the dates of an activity of another project",
    "from_finish": "that the plan is scheduled from its finish: this convention counts from its start, and "
    "no date moves later",
    "float_of_all_projects": "that float counts to the last finish of all projects; here each project counts "
    "by itself",
    "goals": "goals",
    "ids": "ids: tasks are numbered, and the id stands in the field WBS",
    "lag_rounded": "hundredths of a percent of the lag {value}",
    "levelling_delay": "the levelling delay ({value} minutes)",
    "option": "an option of the schedule ({value})",
    "owners": "who answers for an activity",
    "risk_events": "risks",
    "suspension": "when work was suspended and resumed",
    "uncertainty": "the uncertainty of a duration",
    "activity_codes": "activity codes ({value})",
    "activity_type_unknown": "the unknown activity type {value}, read as a task",
    # Of files attached before the option was followed.
    "actual_dates_option": "the option to schedule by actual dates, read as retained logic",
    "assignments": "who works on what ({value}), but for the time it takes where that decides a duration",
    "baselines": "baselines ({value})",
    "calendar_unknown": "the calendar {value}, which is not in the file; another of the plan is used",
    "calendar_without_hours": "a calendar without working hours, read as Monday to Friday, 8 to 17",
    "constraint_hardened": "the softness of the constraint {value}: here it holds against the links",
    "constraint_of_summary": "the constraint {value} of a summary",
    "constraint_unknown": "the unknown constraint {value}",
    "constraint_without_date": "the constraint {value}, which has no date",
    "costs_of_resources": "costs and quantities of resources ({value})",
    "exceptions_cut": "exceptions of a calendar beyond {value} days",
    "expected_finish": "the expected finish",
    "expenses": "expenses ({value})",
    "hyperlinks": "addresses that activities lead to ({value})",
    "level_of_effort": "that an activity is a level of effort: it becomes a task at its dates",
    "link_to_other_project": "a link to another project ({value})",
    "must_finish": "the date the plan must finish by ({value})",
    "notes": "notes ({value})",
    "outline_codes": "outline codes ({value})",
    "priorities": "priorities of activities ({value})",
    "resource_names": "names and rates of resources ({value})",
    "resources": "resources of an activity",
    "resume_not_valid": "that suspended work goes on at {value}: the file says that this date does not count",
    "risks": "risks ({value})",
    "second_constraint": "the second constraint {value}",
    "share_by_the_clock": "that a lag of {value} % by the clock follows a changed duration; it keeps its "
    "length",
    "shift_left_out": "a working time that ends when it begins ({value})",
    "task_costs": "costs of activities ({value})",
    "wbs_codes": "codes of the work breakdown structure ({value})",
    "wbs_levels": "levels of the work breakdown structure ({value})",
    "steps": "steps ({value})",
    "user_fields": "fields of the user's own ({value})",
}

# What is kept and yet worth telling.
NOTES: Mapping[str, str] = {
    "constraint_impossible": "no date keeps both constraints ({value}); the float is negative",
    "constraint_before_actual_start": "the work began after it must have finished ({value}); its float is "
    "negative",
    "constraints_and_duration": "with its duration no date keeps both constraints ({value}); the float is "
    "negative",
    "data_date_ahead": "the plan counts as of a day that is still to come ({value}): nothing open starts "
    "before it; check its data date",
    "encoding_guessed": "the file does not say its encoding; read as {value}",
    "no_links": "the file has no table of links: every activity starts by itself",
    "impact_days_differ": "days of an impact are counted by the plan's calendar, but an activity it touches "
    "has days of other length",
    "shift_over_midnight": "the working time {value} goes on into the next day",
    "trials_differ": "the convention of the file ({value}) gives other dates than these trials, which follow "
    "the plain one: by up to {days:g} days by the clock,",
    "uncertainty_of_finished": "what is finished is certain; its uncertainty is not used",
}

CHECKS: Mapping[str, str] = {
    "missing_logic": "Activities without a predecessor or a successor",
    "leads": "Links with a lead (negative lag)",
    "lags": "Links with a lag",
    "link_types": "Links that are not finish to start",
    "hard_constraints": "Activities with a hard constraint",
    "high_float": "Activities with more than 44 days of float",
    "negative_float": "Activities with negative float",
    "high_duration": "Activities longer than 44 days",
    "invalid_dates": "Activities with a date on the wrong side of the data date",
    "no_resources": "Activities without resources",
    "missed_deadlines": "Activities that miss their deadline",
    "critical_path_broken": "Where the critical path breaks off",
    "path_length_index": "Critical path length index",
    "execution_index": "Execution index (finished of what was due)",
}


def file_sentence(error: ScheduleFileError) -> str:
    """What is wrong with a file, where, and the repair."""
    words = _filled(FILE, error.code, error.params)
    return shown(f"{error.where}: {words}" if error.where else words)


def engine_sentence(error: EngineInputError) -> str:
    """What cannot be scheduled, and the repair."""
    params = {"where": error.where, "used": "", **error.params}
    if params.get("activity") and error.code == "no_working_time":
        params["used"] = f" The activity {params['activity']} works by it."
    if error.code == "time_out_of_range":
        params["used"] = f" at {params.get('activity') or error.where}"
    return shown(_filled(ENGINE, error.code, params))


def loss_sentence(row: Loss) -> str:
    """What a file says that the plan does not keep."""
    kept = row.code in NOTES
    words = _filled(NOTES if kept else LOSS, row.code, {"value": row.value, "days": row.days})
    first = f" at {row.where}" if row.where else ""
    more = f" and {row.count - 1} more" if row.count > 1 else ""
    return shown(f"{'Note' if kept else 'Left out'}: {words}{first}{more}.")


def shown(text: str) -> str:
    """A text of a file as a terminal may show it: control characters as question marks."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def check_sentence(row: Check) -> str:
    """A check with its verdict and what fails."""
    verdict = {True: "ok  ", False: "FAIL", None: "n/a "}[row.passed]
    if row.value is None:
        return f"{verdict} {CHECKS[row.code]}: nothing to count"
    if row.code.endswith("_index"):
        return f"{verdict} {CHECKS[row.code]}: {row.value:.2f} (at least {row.limit:.2f})"
    shown = f"{row.failed} of {row.of}, {row.value:.0%} (at most {row.limit:.0%})"
    names = ", ".join(row.names[:8]) + (f" and {len(row.names) - 8} more" if len(row.names) > 8 else "")
    return f"{verdict} {CHECKS[row.code]}: {shown}" + (f": {names}" if names else "")


def _filled(words: Mapping[str, str], code: str, params: Mapping[str, Any]) -> str:
    return words[code].format_map(Values(params, missing="?"))
