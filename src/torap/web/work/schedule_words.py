"""What schedule files and the schedule engine say in codes, in the reader's language.

The command line says the same in English (`cli.schedule_text`); a test keeps the codes of both alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from torap.common.sentences import Values
from torap.engines.errors import EngineInputError
from torap.engines.schedule.quality import Check
from torap.intake.schedules import Loss, ScheduleFileError
from torap.web import formats

NAMED = 8  # activities a failed check names
# Where something stands in a file: readers of files and the engine say it in these words, pages in those of
# the reader. Only where a place begins, so that a name such as "Pave row 2" stays as it was written.
PLAN = re.compile(r"^plan(?=, |$)")
PLACE = re.compile(r"(^|, |\()(row|line|column) (\d+)(?=, |\)|: |$)")
OF_ROW = re.compile(r"(?<=\d, )(activity|branch|calendar|driver|risk) ([^,]+)")
WHOLE = _("plan")
PLACES: dict[str, Any] = {
    "row": _("row %(number)s"),
    "line": _("line %(number)s"),
    "column": _("column %(number)s"),
}
ROWS: dict[str, Any] = {
    "activity": _("activity %(name)s"),
    "branch": _("branch %(name)s"),
    "calendar": _("calendar %(name)s"),
    "driver": _("driver %(name)s"),
    "risk": _("risk %(name)s"),
}

FILE: dict[str, Any] = {
    "archive": _(
        "This is an archive (zip) and no schedule; take the schedule out of it, or in Microsoft Project "
        "choose File, Save As, XML and send that."
    ),
    "one_project": _(
        "There is no project “%(wanted)s”; the file holds one only (%(projects)s): leave the field empty."
    ),
    "program_file": _(
        "This is a file that only its own program can read, such as .mpp; in Microsoft Project choose File, "
        "Save As, XML and send that."
    ),
    "zone_given": _("“%(value)s” names a time zone; a plan has local time only: write YYYY-MM-DDTHH:MM."),
    "bad_character": _("The text holds %(value)s at its letter %(at)s, which XML cannot carry; take it out."),
    "bad_spread": _("“%(value)s” is no spread; write low, mode and high in percent, such as 90,100,130."),
    "clock_in_working_time": _(
        "“%(value)s” counts by the clock, but the activity counts in working time; leave the e out."
    ),
    "constraint_impossible": _(
        "The two constraints contradict one another (%(value)s): no date keeps both. Move one or take it out."
    ),
    "constraint_before_actual_start": _(
        "%(value)s cannot be kept, since the work began %(earliest)s. Move it to a later date, or put the "
        "actual start right."
    ),
    "constraint_before_plan": _(
        "%(value)s cannot be kept: the plan begins %(start)s and the activity takes %(hours)s h of work, so "
        "%(earliest)s is the earliest date that can. Move it there or later, begin the plan earlier, or "
        "shorten the activity."
    ),
    "constraints_and_duration": _(
        "With its duration (%(hours)s h of work) no date keeps both constraints (%(value)s). Move one, take "
        "it out, or change the duration."
    ),
    "date_out_of_range": _("%(value)s lies outside the years %(first)s to %(last)s; check the century."),
    "driver_unknown": _(
        "There is no driver “%(value)s”; add it to the plan's drivers or name one that is there (%(known)s)."
    ),
    "encoding_unknown": _("The encoding “%(value)s” that the XML declares is not known; save it as UTF-8."),
    "field_twice": _("The field “%(value)s” is given twice; take one out."),
    "id_twice": _("The id “%(value)s” is given twice; give one of them another."),
    "in_two_branches": _(
        "The activity is in the branch %(other)s already; an activity belongs to one branch."
    ),
    "load_twice": _(
        "The driver “%(value)s” names this activity in its own loads already; give the load once."
    ),
    "loads_too_high": _("The squares of the loads add to %(sum)s, more than one; make them smaller."),
    "missing_field": _("%(value)s is missing; a risk needs probability, activities and impact."),
    "names_no_activity": _("“%(value)s” is no activity of the plan; name one that is there or take it out."),
    "not_a_flag": _("“%(value)s” is neither true nor false."),
    "not_a_text": _("A text is expected here."),
    "number_out_of_range": _("%(value)s is not between %(low)s and %(high)s."),
    "risk_activities": _("A risk needs the activities it touches, each once."),
    "shares_and_lengths": _("Shares and lengths stand side by side in one impact; write all as %%, or none."),
    "shifts_overlap": _("The working times %(value)s overlap; let each begin when the one before has ended."),
    "spread_incomplete": _("%(value)s is missing; %(shape)s needs %(known)s."),
    "spread_order": _("Low, mode and high must rise from zero on, a median must be above zero."),
    "text_too_long": _("The text that begins with “%(value)s” is longer than %(limit)s letters; shorten it."),
    "too_many_days": _("The exceptions name more than %(limit)s days; put them together."),
    "uncertainty_without_duration": _(
        "A %(kind)s has no duration of its own that could be uncertain; take the uncertainty "
        "out or make it a task."
    ),
    "values_count": _("An empirical spread needs 1 to %(limit)s values."),
    "ways_not_one": _("The probabilities of the ways add to %(sum)s, not to one; put them right."),
    "xer_row_too_long": _(
        "The row has %(value)s cells more than its table has fields: a tab was typed into a text. Export the "
        "file again."
    ),
    "xer_cell_missing": _(
        "The row has no %(value)s: it was cut off or changed by hand. Export the file again."
    ),
    "xer_field_missing": _("The table has no field %(value)s. Export the file again."),
    "zero_byte": _("The text holds a zero byte: the file is damaged or no text. Export it again."),
    "bad_date": _("“%(value)s” is no date; write YYYY-MM-DDTHH:MM (XER: YYYY-MM-DD HH:MM)."),
    "bad_duration": _(
        "“%(value)s” is no duration; write a number with m, h, d, w or mo, such as 5d (XML: PT8H0M0S)."
    ),
    "bad_number": _("“%(value)s” is no number; write digits with a decimal point."),
    "bad_shift": _("“%(value)s” is no working time; write 08:00-12:00, the end after the beginning."),
    "broken_json": _("The JSON is broken: %(reason)s. Repair that line."),
    "broken_xml": _("The XML is broken there. Save the file again from the program that wrote it."),
    "calendar_unknown": _("There is no calendar “%(value)s”; add it or name one that is there."),
    "cannot_open": _("The file cannot be opened: %(reason)s."),
    "constraint_without_date": _("The constraint %(value)s needs a date."),
    "duration_negative": _("A duration cannot be below zero (%(value)s); give zero or more."),
    "empty": _("The file is empty."),
    "exception_type_unknown": _("An exception of type %(value)s is not known; Microsoft Project has 1 to 7."),
    "exception_without_dates": _("The exception names no dates."),
    "hostile_xml": _(
        "The XML defines entities or refers to other files (%(what)s), which a schedule never"
        " needs. The file was not read."
    ),
    "link_to_nothing": _(
        "The link %(predecessor)s → %(successor)s names an activity that is not in the file; "
        "add it or take the link out."
    ),
    "link_type_unknown": _("“%(value)s” is no type of link; there are FS, SS, FF and SF."),
    "missing": _("This is missing; every activity needs an id, every calendar too."),
    "no_activities": _("There are no activities to schedule."),
    "no_such_project": _("There is no project “%(wanted)s”; the file holds %(projects)s."),
    "not_a_list": _("A list is expected here."),
    "not_a_plan": _("An object with `start` and `activities` is expected."),
    "not_an_object": _("An object is expected here."),
    "primavera_xml": _(
        "This is Primavera's XML, which is not read; export the project from Primavera as XER."
    ),
    "not_mspdi": _("This XML is no Microsoft Project file; save the schedule as XML from Microsoft Project."),
    "not_xer": _("This is no XER file: it does not begin with ERMHDR."),
    "parent_not_summary": _(
        "The activity “%(value)s” is no summary; give it the type summary, or take the parent out."
    ),
    "parent_unknown": _("There is no summary “%(value)s”; add it or take the parent out."),
    "plan_ends_before_start": _(
        "The plan must finish %(value)s, before it begins (%(start)s); put one of the two dates right."
    ),
    "project_without_finish": _("The plan is scheduled from its finish, but names none; give it one."),
    "project_without_start": _("The plan has no start; give it one."),
    "remaining_negative": _("What is left cannot be below zero (%(value)s); give zero or more."),
    "several_projects": _("The file holds several projects (%(projects)s); name one of them below."),
    "too_deep": _("The file is nested too deeply."),
    "too_large": _(
        "The file has %(size_mb)s MB, more than the %(limit_mb)s MB read at once; split the schedule."
    ),
    "too_long": _("“%(value)s” is longer than a schedule can be; check the unit."),
    "unknown_choice": _("“%(value)s” is not known; there are %(known)s."),
    "unknown_field": _("The field “%(value)s” is not known; there are %(known)s."),
    "unknown_format": _(
        "This is no schedule that can be read: it begins with “%(begins)s”. Torap JSON, "
        "Microsoft Project XML and Primavera XER are."
    ),
    "wrong_encoding": _(
        "Byte %(byte)s (%(value)s) does not fit %(encoding)s; save the file as UTF-8, or "
        "declare the encoding it is in."
    ),
    "xer_table_missing": _(
        "The file has no table %(value)s: it was cut or made by another program. Export the project again "
        "from Primavera."
    ),
    "xer_cut_off": _("The file ends before its end mark: it was cut off. Export it again."),
    "xer_row_without_fields": _("A row comes before the names of its fields."),
}
ENGINE: dict[str, Any] = {
    "activity_in_two_branches": _(
        "The activity %(where)s is in two branches (one is %(branch)s); leave it in one."
    ),
    "branch_twice": _("The branch %(where)s is given twice; give one of them another id."),
    "driver_twice": _("The driver %(where)s is given twice; give one of them another id."),
    "goal_not_active": _("The goal %(where)s is switched off in the plan; name one that is not."),
    "impact_below_all": _(
        "The impact of %(where)s takes away more than the whole duration (%(percent)s %%); "
        "give −100 %% or more."
    ),
    "load_out_of_range": _(
        "The load %(load)s of %(where)s on the activity %(activity)s is not between −1 and 1."
    ),
    "loads_above_one": _(
        "The squares of the loads on the activity %(where)s add to %(squares)s, more than one; "
        "make them smaller."
    ),
    "lognormal_out_of_range": _(
        "The lognormal spread of %(where)s needs a median from zero on and a spread below five; "
        "it has %(median)s and %(spread)s."
    ),
    "parts_in_other_calendars": _(
        "The resources of the activity %(where)s work by other calendars than it does, which trials "
        "cannot follow; give the activity their calendar, or take the resources out."
    ),
    "probability_out_of_range": _(
        "The probability of %(where)s is %(probability)s; give one between 0 and 1."
    ),
    "risk_twice": _("The risk %(where)s is given twice; give one of them another id."),
    "spread_needs_a_task": _(
        "%(where)s is a %(kind)s and has no duration of its own that could be uncertain."
    ),
    "spread_out_of_order": _(
        "Low, mode and high of %(where)s do not rise: %(low)s, %(mode)s, %(high)s minutes."
    ),
    "spread_without_values": _("The empirical spread of %(where)s has no values; give one at least."),
    "threads_negative": _(
        "%(threads)s threads are none; give zero (as many as there are processors) or more."
    ),
    "trials_out_of_range": _("%(trials)s trials cannot be made; give 1 to %(most)s."),
    "way_unknown": _("%(where)s has no way “%(way)s”, which the activity %(activity)s names."),
    "ways_not_one": _(
        "The probabilities of the ways of %(where)s add to %(total)s, not to one; put them right."
    ),
    "activity_twice": _("The activity %(where)s is in the plan twice; give one of them another id."),
    "activity_unknown": _("There is no activity %(where)s."),
    "bad_shift": _("The calendar %(where)s has a working time that ends before it begins."),
    "date_out_of_range": _(
        "The activity %(where)s comes to lie more than %(years)s years off; a duration, a lag"
        " or a date is a slip of the pen."
    ),
    "calendar_unknown": _("%(where)s names a calendar that is not there: “%(calendar)s”."),
    "constraint_without_date": _(
        "The activity %(where)s has the constraint %(constraint)s without a date; give one."
    ),
    "duration_negative": _("The activity %(where)s has a duration below zero; give zero or more."),
    "finished_before_start": _(
        "The activity %(where)s is finished before it began; put one of the two dates right."
    ),
    "finished_without_start": _("The activity %(where)s has an actual finish but no actual start; add it."),
    "link_to_nothing": _("The link %(where)s names an activity that is not in the plan: %(activity)s."),
    "loop": _("These activities wait for one another: %(where)s. Take one of the links out."),
    "links_too_many": _(
        "The link %(where)s of two summaries stands for too many links (more than %(limit)s "
        "in all); link fewer activities."
    ),
    "no_working_time": _("The calendar %(where)s has no working time in any week; add some."),
    "parent_loop": _("The activity %(where)s lies below itself through its summaries; take one out."),
    "parent_not_summary": _(
        "The activity %(where)s lies below “%(parent)s”, which is no summary; make that a summary or take "
        "the parent out."
    ),
    "parent_unknown": _("The activity %(where)s names a summary that is not there: “%(parent)s”."),
    "profile_unknown": _("There is no convention “%(where)s”; there are %(known)s."),
    "remaining_negative": _("The activity %(where)s has less than nothing left; give zero or more."),
    "summaries_too_deep": _("The activity %(where)s lies more than %(limit)s summaries deep; take some out."),
    "time_out_of_range": _(
        "The calendar %(where)s was asked for a day too far off; a duration or a date is a slip of the pen."
    ),
    "week_not_seven_days": _("The calendar %(where)s has a week of %(days)s days."),
}
LOSS: dict[str, Any] = {
    "as_late_as_possible": _("that an activity is to be as late as possible"),
    "manual": _("the dates of a manual task"),
    "suspended": _("that work is suspended, since no day is given on which it goes on"),
    "branches": _("branches"),
    "characters": _("characters that XML cannot hold"),
    "drivers": _("drivers that activities share"),
    "external": _("the dates of an activity of another project"),
    "float_of_all_projects": _(
        "that float counts to the last finish of all projects; here each project counts by itself"
    ),
    "from_finish": _(
        "that the plan is scheduled from its finish: this convention counts from its start, and no date "
        "moves later"
    ),
    "goals": _("goals"),
    "ids": _("ids: tasks are numbered anew"),
    "lag_rounded": _("hundredths of a percent of the lag %(value)s"),
    "levelling_delay": _("the levelling delay (%(value)s minutes)"),
    "option": _("an option of the schedule (%(value)s)"),
    "owners": _("who answers for an activity"),
    "risk_events": _("risks"),
    "suspension": _("when work was suspended and resumed"),
    "uncertainty": _("the uncertainty of a duration"),
    "activity_codes": _("activity codes (%(value)s)"),
    "activity_type_unknown": _("the unknown activity type %(value)s, read as a task"),
    # Of files attached before the option was followed.
    "actual_dates_option": _("the option to schedule by actual dates, read as retained logic"),
    "assignments": _(
        "who works on what (%(value)s), but for the time it takes where that decides a duration"
    ),
    "baselines": _("baselines (%(value)s)"),
    "calendar_unknown": _("the calendar %(value)s, which is not in the file; the plan's own is used"),
    "calendar_without_hours": _("a calendar without working hours, read as Monday to Friday, 8 to 17"),
    "constraint_hardened": _("the softness of the constraint %(value)s: here it holds against the links"),
    "constraint_of_summary": _("the constraint %(value)s of a summary"),
    "constraint_unknown": _("the unknown constraint %(value)s"),
    "constraint_without_date": _("the constraint %(value)s, which has no date"),
    "costs_of_resources": _("costs and quantities of resources (%(value)s)"),
    "exceptions_cut": _("exceptions of a calendar beyond %(value)s days"),
    "expected_finish": _("the expected finish"),
    "expenses": _("expenses (%(value)s)"),
    "hyperlinks": _("addresses that activities lead to (%(value)s)"),
    "level_of_effort": _("that an activity is a level of effort: it becomes a task at its dates"),
    "link_to_other_project": _("a link to another project (%(value)s)"),
    "must_finish": _("the date the plan must finish by (%(value)s)"),
    "notes": _("notes (%(value)s)"),
    "outline_codes": _("outline codes (%(value)s)"),
    "priorities": _("priorities of activities (%(value)s)"),
    "resource_names": _("names and rates of resources (%(value)s)"),
    "resources": _("resources of an activity"),
    "resume_not_valid": _(
        "that suspended work goes on at %(value)s: the file says that this date does not count"
    ),
    "risks": _("risks (%(value)s)"),
    "second_constraint": _("the second constraint %(value)s"),
    "share_by_the_clock": _(
        "that a lag of %(value)s %% by the clock follows a changed duration; it keeps its length"
    ),
    "shift_left_out": _("a working time that ends when it begins (%(value)s)"),
    "task_costs": _("costs of activities (%(value)s)"),
    "wbs_codes": _("codes of the work breakdown structure (%(value)s)"),
    "wbs_levels": _("levels of the work breakdown structure (%(value)s)"),
    "steps": _("steps (%(value)s)"),
    "user_fields": _("fields of the user's own (%(value)s)"),
}
# What is kept and yet worth telling.
NOTES: dict[str, Any] = {
    "constraint_impossible": _("no date keeps both constraints (%(value)s); the float is negative"),
    "constraint_before_actual_start": _(
        "the work began after it must have finished (%(value)s); its float is negative"
    ),
    "constraints_and_duration": _(
        "with its duration no date keeps both constraints (%(value)s); the float is negative"
    ),
    "data_date_ahead": _(
        "the plan counts as of a day that is still to come (%(value)s): nothing open starts before it; check "
        "its data date"
    ),
    "encoding_guessed": _("the file does not say its encoding; read as %(value)s"),
    "no_links": _("the file has no table of links: every activity starts by itself"),
    "impact_days_differ": _(
        "days of an impact are counted by the plan's calendar, but an activity it touches has days of "
        "other length"
    ),
    "shift_over_midnight": _("the working time %(value)s goes on into the next day"),
    "trials_differ": _(
        "the convention of the file (%(value)s) gives other dates than these trials, which follow the plain "
        "one"
    ),
    "uncertainty_of_finished": _("what is finished is certain; its uncertainty is not used"),
}
CHECKS: dict[str, Any] = {
    "missing_logic": _("Activities without a predecessor or a successor"),
    "leads": _("Links with a lead (negative lag)"),
    "lags": _("Links with a lag"),
    "link_types": _("Links that are not finish to start"),
    "hard_constraints": _("Activities with a hard constraint"),
    "high_float": _("Activities with more than 44 days of float"),
    "negative_float": _("Activities with negative float"),
    "high_duration": _("Activities longer than 44 days"),
    "invalid_dates": _("Activities with a date on the wrong side of the data date"),
    "no_resources": _("Activities without resources"),
    "missed_deadlines": _("Activities that miss their deadline"),
    "critical_path_broken": _("Where the critical path breaks off"),
    "path_length_index": _("Critical path length index"),
    "execution_index": _("Execution index (finished of what was due)"),
}
FORMATS: dict[str, Any] = {
    "mspdi": "Microsoft Project XML",
    "xer": "Primavera XER",
    "json": "Torap JSON",
}
PROFILES: dict[str, str] = {"msproject": "Microsoft Project", "p6": "Primavera P6", "torap": "Torap"}


def refusal(error: ScheduleFileError | EngineInputError) -> str:
    """What is wrong with a file, where, and the repair."""
    if isinstance(error, EngineInputError):
        params = {"where": place_words(error.where), **error.params}
        if error.params.get("activity"):
            params["activity"] = place_words(str(error.params["activity"]))
        words = _filled(ENGINE, error.code, params)
        if error.code == "no_working_time" and "activity" in params:
            words += " " + gettext("The activity %(activity)s works by it.") % Values(params)
        return words
    words = _filled(FILE, error.code, error.params)
    return f"{place_words(error.where)}: {words}" if error.where else words


def place_words(where: str) -> str:
    """A place in a file in the reader's language: rows, lines and columns; names and fields as they are."""
    told = PLAN.sub(str(WHOLE), where)
    told = OF_ROW.sub(lambda found: str(ROWS[found[1]]) % {"name": found[2]}, told)
    return PLACE.sub(lambda found: found[1] + str(PLACES[found[2]]) % {"number": found[3]}, told)


def loss_words(row: Loss | Mapping[str, Any]) -> dict[str, Any]:
    """One thing the file says that the plan does not keep, or that is a `note`: kept, and worth telling.

    What, where first, and at how many places more.
    """
    values = row if isinstance(row, Mapping) else {
        "code": row.code, "where": row.where, "value": row.value, "count": row.count
    }  # fmt: skip
    more = int(str(values.get("count", 1))) - 1
    note = str(values["code"]) in NOTES
    return {
        "note": note,
        "what": _filled(NOTES if note else LOSS, str(values["code"]), {"value": values.get("value", "")}),
        "where": place_words(str(values.get("where", ""))),
        "more": ngettext("and %(count)s more", "and %(count)s more", more) % {"count": formats.number(more)}
        if more > 0
        else "",
    }


def told(rows: Iterable[Loss | Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """What reading a file lost (`losses`), and what is kept and worth telling (`notes`)."""
    words = [loss_words(row) for row in rows]
    return {
        "losses": [row for row in words if not row["note"]],
        "notes": [row for row in words if row["note"]],
    }


def check_words(row: Check, names_of: Mapping[str, str]) -> dict[str, Any]:
    """A check of quality with what fails: how many of how many, and which. `names_of`: names of activities by
    id; a link is told by the ids of both."""
    told_by = (f"{one} {names_of.get(one, '')}".strip() for one in row.names[:NAMED])
    names = "; ".join(told_by)
    rest = len(row.names) - NAMED
    if rest > 0:
        names += " " + ngettext("and %(count)s more", "and %(count)s more", rest) % {"count": rest}
    if row.code.endswith("_index"):
        told = gettext("%(value)s (at least %(limit)s)") % {
            "value": formats.number(row.value or 0, 2),
            "limit": formats.number(row.limit, 2),
        }
    else:
        told = gettext("%(failed)s of %(of)s") % {
            "failed": formats.number(row.failed),
            "of": formats.number(row.of),
        }
    return {"what": str(CHECKS.get(row.code, row.code)), "told": told, "names": names}


def format_words(code: str) -> str:
    """What a format of files is called."""
    return str(FORMATS.get(code, code))


def profile_words(code: str) -> str:
    """Whose convention of dates it is."""
    return PROFILES.get(code, code)


def _filled(words: Mapping[str, Any], code: str, params: Mapping[str, Any]) -> str:
    """The sentence of a code; one without a sentence is named, never hidden."""
    if code not in words:
        return gettext("The file cannot be used (%(code)s).") % {"code": code}
    return str(words[code]) % Values(params)
