"""What each refusal of the applications says, and what to do about it: one table, looked up by its code.

Services speak in codes and parameters. The pages, the forms and the findings of a facts file take their
sentences from here, so that all say the same.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# code -> (what is wrong, what to do about it)
SENTENCES: dict[str, tuple[Any, Any]] = {
    # rights and finding
    "not_allowed": (
        _("Your account may not do this."),
        _("Sign in with an account that may, or ask the administrator for the right."),
    ),
    "not_found": (
        _("“%(value)s” is not known here."),
        _("The address may be mistyped, or it became known after the day you look at."),
    ),
    "no_invented_network": (
        _("The country “%(value)s” has no invented network."),
        _("Name a country whose files bring one."),
    ),
    "another_network": (
        _("Another invented network is loaded here: “%(value)s” differs."),
        _("Load this one into a data folder of its own, or give the size and the seed of the first."),
    ),
    "regions_missing": (
        _("The regions %(value)s are not there."),
        _("Load the country's own facts first."),
    ),
    "only_recorder_corrects": (
        _("This was recorded by somebody else."),
        _("It is put right by a coordinator, or by the body that recorded it."),
    ),
    "moves_yardstick": (
        _("This would change the first promise, and that is the yardstick."),
        _("Ask a coordinator to enter it."),
    ),
    "crashed": (
        _("The computation broke off (%(error)s)."),
        _("Ask for it again; if it breaks off again, the log of the server says where."),
    ),
    # values
    "missing": (_("This is missing."), _("Fill it in.")),
    "value_missing": (_("The value is missing."), _("Give a number, or two ends of a range.")),
    "text_missing": (_("The text is missing."), _("Write what was said.")),
    "said_missing": (_("Nothing tells when this was said."), _("Give the day, or a source with its date.")),
    "english_missing": (_("The English text is missing."), _("English is kept for every text: add it.")),
    "unknown_language": (
        _("The language “%(languages)s” is not kept."),
        _("Texts are kept in Kazakh, Russian and English."),
    ),
    "bad_characters": (
        _("The text holds a character that cannot be stored."),
        _("Type it again instead of pasting it."),
    ),
    "unknown_choice": (_("“%(value)s” is none of the choices."), _("Choose one of: %(allowed)s.")),
    "unknown_reference": (_("“%(value)s” is not known here."), _("Choose something that is.")),
    "unknown_field": (_("There is no such field."), _("Allowed: %(allowed)s.")),
    "not_a_number": (_("“%(value)s” is no number."), _("Write digits, with a point for decimals.")),
    "number_not_expected": (_("This takes words, not a number."), _("Write what was said as a text.")),
    "out_of_range": (
        _("%(value)s is out of range."),
        _("It lies between %(low)s and %(high)s."),
    ),
    "negative": (_("%(value)s is below zero."), _("Give zero or more.")),
    "not_positive": (_("%(value)s is not above zero."), _("Give a number above zero.")),
    "interval_reversed": (
        _("It ends (%(latest)s) before it begins (%(earliest)s)."),
        _("Swap or correct them."),
    ),
    "in_the_future": (_("%(day)s has not come yet."), _("Give today or an earlier day.")),
    "after_source": (
        _("%(day)s is later than the source, which was published on %(published)s."),
        _("Give an earlier day, or the source that tells of it."),
    ),
    "told_before_it_happened": (
        _("It is told of (%(said)s) before it happened (%(day)s)."),
        _("Correct one of the two days."),
    ),
    "only_today": (
        _("An answer or a request counts on the day it is given."),
        _("Leave the day out. A coordinator records what was told of another day."),
    ),
    "stays_where_it_is": (
        _("It cannot be moved to something else: what was said of it was said of this."),
        _("Enter a new one there."),
    ),
    "reality_changed": (
        _("An invented record cannot change a real one, nor a real one an invented one."),
        _("Give the record a code of its own."),
    ),
    "clocks_differ": (
        _("The two baselines were frozen by different clocks."),
        _("Compare baselines of one clock: of when it was said, or of when it was recorded."),
    ),
    "bad_period": (
        _("“%(text)s” cannot be read as a date or period."),
        _("Write it like “Q2 2025”, “by 2030”, “December 2025” or “2025-12-20”."),
    ),
    "one_of": (
        _("Give exactly one of two: this, or the other."),
        _("Fill in one and leave the other empty."),
    ),
    "given_twice": (_("“%(value)s” is given twice."), _("Keep one.")),
    "loop": (_("This would lie within itself."), _("Choose another one above it.")),
    "bad_value": (_("This cannot be used: %(reason)s"), _("Correct it.")),
    "bad_address": (_("“%(url)s” is no address."), _("Addresses begin with https:// or http://.")),
    # units and money
    "unknown_unit": (_("The unit “%(value)s” is not known."), _("Choose a unit from the table of units.")),
    "unit_not_money": (_("“%(value)s” is no unit of money."), _("Choose one like bn KZT or mn USD.")),
    "unit_of_another_kind": (
        _("“%(value)s” measures something else."),
        _("Choose a unit that can become “%(expected)s”."),
    ),
    "not_a_currency": (_("“%(currency)s” is no currency."), _("Use an ISO 4217 code such as KZT or USD.")),
    "tolerance_outside": (_("The tolerance %(value)s cannot be."), _("Give a share from 0 to 1.")),
    # places
    "not_a_country_code": (_("This is no country code."), _("Use two letters by ISO 3166-1, such as CN.")),
    "degrees_outside": (_("%(value)s degrees cannot be."), _("Stay within ±%(limit)s.")),
    "line_of_one_point": (_("A line needs two points."), _("Give at least two, or none.")),
    # networks
    "balance_negative": (
        _("More would be held than there is: %(missing)s are missing on %(on)s."),
        _("Give a smaller amount, or add the capacity first."),
    ),
    "released_more_than_held": (
        _("More would be given back than is held on %(on)s."),
        _("Give a smaller amount."),
    ),
    # the same thing twice
    "already_there": (_("This is there already."), _("Open the existing one; nothing was added.")),
    "key_taken": (_("“%(value)s” is there already."), _("Nothing was added.")),
    "code_taken": (_("The code “%(value)s” names something else."), _("Choose another code.")),
    "name_taken": (_("The name “%(value)s” is taken."), _("Choose another name.")),
    "already_corrected": (
        _("This was corrected already."),
        _("Correct the newest version instead."),
    ),
    "corrects_another_thing": (
        _("A correction speaks of the same thing as what it corrects."),
        _("Choose a record of the same subject and attribute."),
    ),
    "no_claim": (_("The claim “%(value)s” is not known."), _("Choose a claim that is.")),
    "changed_meanwhile": (
        _("Somebody changed this meanwhile."),
        _("Load the page anew and look before you send it again."),
    ),
    # sources and the calendar
    "source_unnamed": (_("The source has neither address nor title."), _("Give at least one.")),
    "day_edited_already": (
        _("%(day)s was changed already with the same day of knowledge."),
        _("Give the day from which the new order was known."),
    ),
    # milestones and evidence
    "milestone_of_another": (
        _("The milestone belongs to something else than what is blocked."),
        _("Choose a milestone of the thing that is blocked."),
    ),
    "done_day_without_done": (
        _("A day of completion stands with another state."),
        _("Choose the state “done”, or leave the day out."),
    ),
    "giver_not_known": (
        _("Nobody knows which body gave this evidence."),
        _("Evidence without a giver cannot be verified: give it again in the name of a body."),
    ),
    "verified_by_giver": (
        _("The body that gave the evidence cannot verify it."),
        _("Another body has to look at it."),
    ),
    "bad_file_type": (_("Files of the kind “%(ending)s” are not taken."), _("Allowed: %(allowed)s.")),
    "file_too_large": (_("The file is too large."), _("The limit is %(limit)s bytes: make it smaller.")),
    "file_empty": (_("The file is empty."), _("Choose another file.")),
    # the network
    "unknown_node": (
        _("“%(value)s” is nothing that can wait or be waited for."),
        _("Choose a milestone, an instruction, a network, a plot or a step of a procedure."),
    ),
    "link_to_itself": (_("“%(name)s” cannot wait for itself."), _("Choose another one.")),
    "link_there_already": (_("It waits for “%(name)s” already."), _("Nothing was added.")),
    "no_such_link": (_("No such link stands."), _("It may have been dropped meanwhile: load the page anew.")),
    "path_without_all": (
        _("The path of “%(where)s” does not lead to the class of all promises."),
        _("This is a defect of the program: tell those who keep it."),
    ),
    "class_with_two_parents": (
        _("The class “%(where)s” leans on two broader ones: %(one)s and %(other)s."),
        _("This is a defect of the program: tell those who keep it."),
    ),
    "class_without_promises": (
        _("A class without promises has no curve of its own."),
        _("This is a defect of the program: tell those who keep it."),
    ),
    "closes_loop": (
        _("These would wait for one another for ever: %(loop)s."),
        _("Drop one of the links on the way, or leave this one out."),
    ),
    # scenarios
    "done_already": (
        _("“%(value)s” was reached on %(day)s."),
        _("What is past does not change: choose another."),
    ),
    "not_after": (_("%(day)s is not after %(after)s."), _("Give a later day.")),
    "out_of_order": (
        _("%(low)s, %(mode)s, %(high)s do not rise."),
        _("Give the shortest, the most likely and the longest in this order."),
    ),
    "too_many": (_("%(value)s are too many."), _("Give at most %(limit)s.")),
    "part_of_schedule": (
        _("“%(value)s” is an activity of an attached schedule and moves with it."),
        _("Change the milestone the schedule stands for, or add a risk to the activity."),
    ),
    "link_of_schedule": (
        _("“%(value)s” follows its attached schedule; that is no link to be dropped."),
        _("Give the milestone a date of its own: then its schedule plays no part."),
    ),
    "text_expected": (_("Words are expected here."), _("Write it as a text.")),
    "list_expected": (_("A list is expected here."), _("Write the names as a list.")),
    "not_a_day": (_("“%(value)s” is no day."), _("Write it like 2026-12-31.")),
    "not_a_basis": (
        _("“%(value)s” is no forecast that something can be changed in."),
        _("Choose a forecast, or the run of a what-if."),
    ),
    "invented_mixed": (
        _("What is invented and what is real are not computed together."),
        _("Choose a run of the same kind as the scenario."),
    ),
    "gave_up": (
        _("It was begun %(attempts)s times, and each time the work broke off."),
        _("Ask for it again with fewer trials, or give the machine more memory."),
    ),
    "busy": (
        _("Other what-ifs are being computed right now."),
        _("Wait half a minute and ask again."),
    ),
    "discarded": (_("“%(value)s” was discarded."), _("Make a new scenario of its changes.")),
    # schedules
    "no_such_activity": (
        _("“%(value)s” is no activity of the schedule that can stand for the milestone."),
        _("Choose one of its activities; a summary cannot stand for it."),
    ),
    "cannot_be_scheduled": (
        _("The schedule cannot be computed: %(reason)s at %(where)s."),
        _("Put it right in the program it came from, and send it again."),
    ),
    "schedule_there_already": (
        _("This very file stands for the milestone already."),
        _("Nothing was added."),
    ),
    "schedule_changed": (
        _("What is stored of the schedule “%(value)s” is not what was attached."),
        _("Attach its file again, and tell the administrator."),
    ),
    # instructions and obstacles
    "only_lead_asks": (
        _("Only the lead executor asks for an extension."),
        _("Agree on it with the lead executor."),
    ),
    "no_deadline_to_extend": (_("There is no due day to extend."), _("Nothing has to be asked for.")),
    "extension_too_late": (
        _("An extension is asked for not later than %(last_day)s, a day before the due day."),
        _("Answer with what is done, and why the rest is not."),
    ),
    "day_without_deadline": (
        _("A day does not fit here."),
        _("Leave it out, or choose the kind that has a day."),
    ),
    "ground_without_closing": (_("A ground belongs to closing only."), _("Leave it out.")),
    "not_later": (_("%(day)s is not later than %(due)s."), _("An extension names a later day.")),
    "not_an_executor": (
        _("“%(organisation)s” is no executor of this instruction."),
        _("Choose one of its executors."),
    ),
    "done_after_said": (
        _("Done on %(done)s, but said on %(said)s."),
        _("A report tells the past: a day to come is a promise."),
    ),
    "promised_past": (
        _("The period promised ended on %(promised)s, before it was said on %(said)s."),
        _("A promise tells what is to come: what has been reached is a report."),
    ),
    "before_given": (
        _("This happened on %(day)s, before the instruction was given on %(given)s."),
        _("Correct the day, or name the instruction it belongs to."),
    ),
    "observed_before_its_time": (
        _("Observed, but the period it speaks of begins on %(begins)s, after it was said on %(said)s."),
        _("A figure of a time to come is a forecast or a target."),
    ),
    "due_day_passed": (
        _("Its last day, %(due)s, has passed: it is late, and this cannot change that."),
        _("Answer it, or give a new instruction."),
    ),
    "received_already": (
        _("This body has told of its receipt already; its term runs from there."),
        _("A coordinator puts a wrong day right, with a receipt that names no body."),
    ),
    "instruction_closed": (_("The instruction is closed."), _("Nothing can be added to it.")),
    "already_removed": (_("The obstacle was removed already."), _("Nothing has to be done.")),
    # files of facts
    "no_files": (_("No file was given."), _("Choose at least one file.")),
    "file_twice": (_("The file “%(name)s” was given twice."), _("Choose it once.")),
    "files_changed": (_("The files are not those that were checked."), _("Check them again, then apply.")),
    # people
    "weak_password": (_("This password is too weak: %(reason)s"), _("Choose a longer one.")),
    "unknown_role": (_("There is no role “%(value)s”."), _("Choose one of: %(allowed)s.")),
    "body_missing": (_("This role is held for one body."), _("Choose the body.")),
    "body_not_expected": (_("This role is held for all bodies."), _("Leave the body empty.")),
    "last_administrator": (
        _("This is the last administrator."),
        _("Make somebody else administrator first."),
    ),
}

# What Django's own checks of a column say, by their code.
INVALID: dict[str, tuple[Any, Any]] = {
    "blank": SENTENCES["missing"],
    "null": SENTENCES["missing"],
    "required": SENTENCES["missing"],
    "invalid_choice": (_("“%(value)s” is none of the choices."), _("Choose one of those offered.")),
    "max_length": (_("The text is too long."), _("Keep it to %(limit)s characters.")),
    "max_digits": (_("The number is too long."), _("Give fewer digits.")),
    "max_whole_digits": (_("The number is too long."), _("Give fewer digits.")),
    "max_decimal_places": (
        _("The number has too many decimals."),
        _("Round it to %(limit)s decimals."),
    ),
    "unique": SENTENCES["already_there"],
    "": (_("“%(value)s” does not have the form needed here."), _("Correct it.")),
}

# Selectors that find nothing: `no_place`, `no_project`…
NOTHING: tuple[Any, Any] = (
    _("“%(value)s” is not known here."),
    _("The address may be mistyped, or it became known after the day you look at."),
)
FINDABLE = ("subject", "place", "link", "project", "organisation", "programme", "indicator", "source")


def has_words(code: str) -> bool:
    """True when the code has a sentence of its own."""
    return code in SENTENCES or code.startswith("invalid.") or code.removeprefix("no_") in FINDABLE


def pair(code: str) -> tuple[Any, Any]:
    """Both sentences of a code, to be filled with the parameters; a code without its own is named."""
    if code in SENTENCES:
        return SENTENCES[code]
    kind, _dot, rest = code.partition(".")
    if kind == "invalid":
        return INVALID.get(rest, INVALID[""])
    if code.startswith("no_") and code[3:] in FINDABLE:
        return NOTHING
    return gettext("Refused: %(code)s.") % {"code": code.replace("%", "%%")}, ""
