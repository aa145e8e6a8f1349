"""What each finding says and how to mend it, in the reader's language; codes and numbers are the checks'.

One table for the command line and the pages, so that both say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from torap.common import refusals
from torap.common.sentences import Values
from torap.intake.problems import Problem

# code -> (what is wrong, how to mend it)
SENTENCES: dict[str, tuple[Any, Any]] = {
    # the file
    "file_too_large": (
        _("The file is larger than %(limit)s MB; more is not read."),
        _("Split it into smaller files; they may refer to each other."),
    ),
    "binary_file": (
        _("This is not a text file."),
        _("Save the facts as a YAML text file (.yaml) in UTF-8; workbooks and archives are not read."),
    ),
    "not_utf8": (
        _("The file is not written in UTF-8 (%(encoding)s)."),
        _("Save it again with the encoding UTF-8."),
    ),
    "bad_character": (
        _("The character %(character)s may not stand in a YAML file."),
        _("Delete it; it is usually invisible."),
    ),
    "tab": (_("The line is indented with a tab."), _("Indent with spaces.")),
    "bad_yaml": (
        _("This is not valid YAML: %(reason)s."),
        _("Look at this line and the one above: indentation, quotes, brackets, a colon inside a text."),
    ),
    "alias": (
        _("Anchors and aliases (“%(name)s”) are not allowed."),
        _("Write the value out, or put a text that begins with & or * in quotes."),
    ),
    "tag": (
        _("YAML tags (“%(name)s”) are not allowed."),
        _("Write the plain value, or put a text that begins with ! in quotes."),
    ),
    "too_deep": (
        _("Values are nested more than %(limit)s deep."),
        _("Follow the format: a section is a list of rows with fields."),
    ),
    "too_many_values": (_("The file holds more than %(limit)s values."), _("Split it into smaller files.")),
    "many_documents": (
        _("The file holds more than one YAML document."),
        _("Keep one; remove the line “---”."),
    ),
    "bad_key": (_("A field name is not a plain word."), _("Write field names as words followed by a colon.")),
    "empty_file": (_("The file is empty."), _("Begin it with “format: torap-facts/1”.")),
    "no_mapping": (_("The file is no table of sections."), _("Begin it with “format: torap-facts/1”.")),
    "bad_format": (
        _("The format “%(value)s” is not known."),
        _("Begin the file with “format: %(known)s”."),
    ),
    "bad_title": (_("The title cannot be read."), _("Write a text, or {en, ru, kk} with English present.")),
    "bad_invented": (
        _("“invented” is neither true nor false."),
        _("Write “invented: true” or “invented: false”."),
    ),
    "unknown_section": (
        _("There is no section “%(name)s”."),
        _("Allowed: %(known)s."),
    ),
    # the fields of a row
    "duplicate_key": (_("The field “%(name)s” stands twice."), _("Keep one of them.")),
    "unknown_field": (
        _("There is no field “%(name)s” here."),
        _("Allowed: %(known)s."),
    ),
    "field_missing": (_("This field is missing."), _("Add it.")),
    "fields_expected": (_("Fields with names are needed here."), _("Write “name: value” pairs.")),
    "list_expected": (_("A list is needed here."), _("Write [a, b], or one line “- …” for each.")),
    "text_expected": (
        _("A text is needed here."),
        _("Write a text, or {en, ru, kk} where three languages are kept."),
    ),
    "text_empty": (_("The text is empty."), _("Write it, or leave the field out.")),
    "text_too_long": (_("The text is too long."), _("Shorten it.")),
    "number_expected": (
        _("“%(value)s” is no number."),
        _("Write digits with a point for decimals and without spaces: 1500000 or 0.5."),
    ),
    "yes_no_expected": (_("“%(value)s” is neither true nor false."), _("Write true or false.")),
    "not_in_list": (_("“%(value)s” is none of the words known here."), _("Use one of: %(expected)s.")),
    "bad_form": (
        _("“%(value)s” does not have the form needed here."),
        _("Codes have letters, digits, “-” and “_”; row ids also “.”; addresses begin with https://."),
    ),
    "out_of_range": (_("“%(value)s” is out of range."), _("Correct the number.")),
    "bad_value": (_("This value cannot be read: %(reason)s"), _("Correct it by the format reference.")),
    "bad_date": (
        _("“%(value)s” is no date."),
        _("Write 2025-11-26, 2025-11, 2025, or {from, to} for an imprecise one."),
    ),
    "day_expected": (_("“%(value)s” is no single day."), _("Write the full date: 2025-11-26.")),
    "interval_open": (
        _("One end of the interval is missing."),
        _("Write both: {from: 2025-01, to: 2025-06}."),
    ),
    "interval_reversed": (
        _("The interval ends (%(end)s) before it begins (%(start)s)."),
        _("Swap or correct them."),
    ),
    "low_above_high": (
        _("The low value %(low)s is above the high value %(high)s."),
        _("Swap or correct them."),
    ),
    "bad_range": (
        _("A range needs low and high."),
        _("Write {low: 1, high: 2}; for one end use a qualifier such as at_least or up_to."),
    ),
    "bad_line": (_("The line cannot be drawn."), _("Write [[longitude, latitude], …] in degrees.")),
    "as_said_missing": (
        _("The promised dates stand without the words that were said."),
        _("Add as_said with the words of the source."),
    ),
    "deadline_on": (
        _("“on” does not fit the kind of deadline “%(kind)s”."),
        _("Kind date needs “on”; a term may have it; the other kinds have none."),
    ),
    "executor_twice": (_("“%(name)s” stands twice among the executors."), _("Keep one of them.")),
    "new_deadline_missing": (_("An extension needs the new deadline."), _("Add new_deadline.")),
    "ground_missing": (_("Closing needs a ground."), _("Add ground.")),
    "evidence_of_one_thing": (
        _("Evidence speaks of one milestone or one instruction."),
        _("Give exactly one of the two."),
    ),
    # between rows
    "duplicate_id": (
        _("“%(value)s” stands already at %(first)s (%(other)s)."),
        _("Give this row an id of its own, or remove one of the two."),
    ),
    "unknown_reference": (
        _("“%(value)s” is found neither in the files nor in the database (%(target)s)."),
        _("Correct the name, add that row, or load its file too."),
    ),
    "refers_to_itself": (_("The row names itself."), _("Name another row, or leave the field out.")),
    "depends_on_failed": (
        _("“%(value)s” (%(target)s) was refused, so this row was too."),
        _("Mend that row first."),
    ),
    "circular_reference": (
        _("These rows need one another in a circle: %(names)s."),
        _("Take one reference out."),
    ),
    "unknown_unit": (
        _("The unit “%(unit)s” is not in the table of units."),
        _("The units are listed in the format reference."),
    ),
    "unit_missing": (
        _("The number has no unit; the attribute is in %(wanted)s."),
        _("Add the unit as it was said."),
    ),
    "unit_not_convertible": (
        _("“%(unit)s” cannot become “%(wanted)s”, the unit of “%(attribute)s”."),
        _("Correct the unit, or choose the attribute that is meant."),
    ),
    "unit_not_money": (_("“%(unit)s” is no unit of money."), _("Use one like bn KZT or mn USD.")),
    "unknown_currency": (
        _("The currency “%(value)s” is not known."),
        _("Use an ISO 4217 code such as KZT or USD."),
    ),
    "number_missing": (_("“%(attribute)s” needs a number."), _("Add value (and unit).")),
    "text_missing": (_("“%(attribute)s” needs a text."), _("Add text: {en, ru, kk}.")),
    "value_and_text": (
        _("“%(attribute)s” is of kind %(kind)s: it takes a number or a text, not this."),
        _("Numbers and money take value; categories and texts take text; remarks go to note."),
    ),
    "bad_period": (
        _("The period “%(value)s” cannot be read."),
        _("Write it like “Q2 2025”, “by 2030”, “December 2025”, or as {from, to} with as_said."),
    ),
    "said_missing": (_("Nothing tells when this was said."), _("Add said, or a source with its date.")),
    "said_after_source": (
        _("Said on %(said)s, but its source is of %(published)s: a page cannot tell what comes later."),
        _("Correct said, or name the source it really stands in."),
    ),
    "said_before_source": (
        _("Said on %(said)s, earlier than its source of %(published)s."),
        _("Fine when the source quotes an older saying; otherwise leave said out."),
    ),
    "in_future": (_("%(value)s is in the future."), _("Correct the date; promises go to promises.")),
    "done_on_without_done": (
        _("A done day with the state “%(state)s”."),
        _("Use the state done, or leave done_on out."),
    ),
    "invented_calendar": (
        _("An invented file cannot edit the calendar (%(value)s): real clocks are counted with it."),
        _("Take calendar_edits out; an official edit stands in a file without “invented: true”."),
    ),
    "source_unnamed": (_("The source has neither address nor title."), _("Add url or title.")),
    "domain_of_another": (
        _("The address is at %(host)s; “%(publisher)s” publishes at %(domains)s."),
        _("Check the publisher, or add the domain to it."),
    ),
    "one_language_kept": (_("This field keeps one text: English was taken."), _("Write a single text.")),
    # against the database
    "reality_changed": (
        _("This row came from %(first)s: an invented row cannot change a real one, nor a real one it."),
        _("Take the row out of this file, or give it a code or id of its own."),
    ),
    "append_only_changed": (
        _("This row is loaded already and can never change; it differs in: %(fields)s."),
        _("Restore it, and add a new row with an id of its own."),
    ),
    "corrected_already": (
        _("This row was corrected by “%(by)s” already, and says something else now."),
        _("Restore it, and change the row that corrects it."),
    ),
    "from_another_file": (
        _("This row came from %(first)s before and says something else now."),
        _("Fine when it moved; otherwise give it an id of its own."),
    ),
}
# What a service refused on writing speaks in the service's own sentences.
REFUSED = "refused"


def message(problem: Problem) -> str:
    """What is wrong, as a sentence."""
    return str(_pair(problem)[0]) % _Params(problem.params)


def repair(problem: Problem) -> str:
    """What to do about it, as a sentence; a name close to the one written comes first."""
    text = str(_pair(problem)[1]) % _Params(problem.params)
    if not problem.params.get("nearest"):
        return text
    nearest = gettext("Did you mean “%(nearest)s”?") % _Params(problem.params)
    return f"{nearest} {text}"


def _pair(problem: Problem) -> tuple[Any, Any]:
    if problem.code == REFUSED:
        return refusals.pair(str(problem.params.get("refusal") or problem.params.get("reason", "")))
    if problem.code in SENTENCES:
        return SENTENCES[problem.code]
    return refusals.pair(problem.code)  # what a file and a form are refused for alike is told in one place


class _Params(Values):
    """The values of a problem, without the noughts a database adds to a number."""

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        return format(value.normalize(), "f") if isinstance(value, Decimal) else value

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values, missing="")
