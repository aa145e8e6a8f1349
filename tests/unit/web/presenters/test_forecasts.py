"""A forecast in words: days no more exact than they deserve, chances that never lie at their ends."""

import dataclasses
import datetime as dt

import pytest
from django.utils import translation

from torap.rules.known import AsKnown
from torap.runs.selectors import Cause, Shift
from torap.web.forecast import detail, every
from torap.web.presenters import forecasts, shifts
from torap.web.presenters.class_words import class_words
from unit.web.presenters.lines import LINE

D = dt.date
KNOWN = AsKnown(D(2025, 11, 26))


def line(**changes):
    return dataclasses.replace(LINE, **changes)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_a_forecast_is_told_in_a_sentence_for_a_newcomer():
    assert forecasts.sentence(LINE) == (
        "Half of the trials end by the end of March 2028, four of five by the end of May 2029. "
        "12 of 100 keep the promised day, 31 Dec 2026."
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"p80": None}, "one in five ends later than can be foretold"),
        ({"p50": None, "p80": None}, "not reached within the years that can be foretold"),
        (
            {"p50": D(2025, 12, 12), "p80": D(2026, 1, 20)},
            "by 12 December 2025, four of five by 20 January 2026",
        ),
        ({"p50": D(2028, 3, 1), "p80": D(2028, 3, 20)}, "Four of five trials end by the end of March 2028."),
        ({"due": D(2025, 6, 30)}, "The promised day, 30 Jun 2025, has passed."),
        ({"basis": "done", "done_on": D(2025, 5, 1)}, "Said to be reached on 1 May 2025, no evidence"),
        ({"basis": "done"}, "It is said to be reached"),
        ({"basis": "none"}, "No forecast: no promise of its kind"),
        ({"kind": "instruction"}, "12 of 100 keep the due day, 31 Dec 2026."),
        ({"kind": "instruction", "due": D(2025, 6, 30)}, "The due day, 30 Jun 2025, has passed."),
        (
            {"untold": 0.6, "p50": D(2025, 11, 26)},
            "Half of the trials end by now (though nobody has said so), four of five by the end of May 2029.",
        ),
        ({"untold": 0.006}, "already, in 1 of 100 trials: nothing was said since 1 Jun 2025."),
        ({"untold": 0.62}, "already, in 62 of 100 trials: nothing was said since 1 Jun 2025."),
        ({"chance": 0.001}, "Fewer than 1 of 100 keep"),
        ({"chance": 0.999}, "More than 99 of 100 keep"),
    ],
)
def test_sentences_of_every_case(changes, words):
    assert words in forecasts.sentence(line(**changes))


def test_what_evidence_shows_is_reached():
    done = line(basis="done", done_on=D(2025, 5, 1))
    assert forecasts.sentence(done, shown=True).startswith("Reached on 1 May 2025, as evidence shows")
    assert forecasts.chance_mark(done) == "done_said"


def test_without_a_promise_no_chance_is_told():
    assert "of 100" not in forecasts.sentence(line(due=None, chance=None))


@pytest.mark.parametrize(
    ("chance", "of_100", "percent", "mark"),
    [
        (None, "", "", "unknown"),
        (0.0, "0", "0 %", "late"),
        (0.004, "fewer than 1", "< 1 %", "late"),
        (0.3, "30", "30 %", "at_risk"),
        (0.5, "50", "50 %", "on_first_promise"),
        (0.9999, "more than 99", "> 99 %", "on_first_promise"),
        (1.0, "100", "100 %", "on_first_promise"),
    ],
)
def test_chances_and_their_marks(chance, of_100, percent, mark):
    assert forecasts.of_hundred(chance) == of_100
    assert forecasts.chance_words(chance) == percent
    assert forecasts.chance_mark(line(chance=chance)) == mark


def test_a_far_day_is_a_month_and_a_near_one_a_day():
    assert forecasts.beyond_or(D(2028, 3, 12), LINE) == "Mar 2028"
    assert forecasts.beyond_or(D(2025, 12, 12), LINE) == "12 Dec 2025"
    assert forecasts.beyond_or(None, LINE) == "beyond the horizon"


@pytest.mark.parametrize(
    ("days", "words"),
    [(None, ""), (0, "no shift"), (12, "+12 days"), (-1, "−1 day"), (183, "+6 mo"), (-365, "−12 mo")],
)
def test_shifts_are_days_while_few(days, words):
    assert forecasts.slip_words(days) == words


def test_a_name_bears_its_subject_once():
    assert forecasts.full_name(LINE, {"hub": "Caspian hub"}) == "Caspian hub: Hub opened"
    assert (
        forecasts.full_name(line(name="Caspian hub opened"), {"hub": "Caspian hub"}) == "Caspian hub opened"
    )
    assert forecasts.full_name(LINE, {}) == "Hub opened"


def test_words_of_a_forecast_open_its_page_and_its_class():
    found = forecasts.forecast_words(LINE, KNOWN)
    assert "/milestones/hub-open/" in found.href
    assert "/classes/milestone.open/" in found.class_href
    assert (found.half, found.four, found.n) == ("Mar 2028", "May 2029", 24)
    assert not found.passed
    assert forecasts.forecast_words(line(due=D(2025, 1, 1), chance=0.0), KNOWN).passed
    assert forecasts.node_link(line(kind="plot", code="p1"), KNOWN).endswith("/s/hub/?as_of=2025-11-26")
    assert forecasts.node_link(line(kind="plot", subject=""), KNOWN) == ""


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("all", "All promises and instructions"),
        ("milestone", "All promises"),
        ("milestone.complete", "Works complete"),
        ("milestone.complete.place", "Works complete · Place"),
        ("instruction", "All instructions"),
        ("instruction.short", "instructions on short control"),
        ("instruction.odd", "odd"),
        ("milestone.odd.thing", "odd · thing"),
    ],
)
def test_a_class_has_a_name(code, words):
    assert class_words(code) == words


def shift(after, **more):
    values = {"p50_days": None, "p80_days": None, "chance_change": None, **more}
    return Shift(key=LINE.key, before=LINE, after=after, **values)


@pytest.mark.django_db
def test_what_moves_is_summed_up():
    later = shift(line(p50=D(2028, 9, 12)), p50_days=184, chance_change=-0.05)
    better = shift(line(chance=0.2), chance_change=0.08)
    assert shifts.summary([]) == "No date moves."
    assert shifts.summary([later, better]) == (
        "1 date gets worse, 1 date gets better. Most of all: Hub opened, half of the trials end "
        "6 months later."
    )
    assert [shifts.tone_of(one) for one in (later, better, shift(LINE))] == ["late", "better", "same"]
    assert shifts.points_words(-0.18) == "−18 of 100"
    assert shifts.points_words(0.001) == ""
    hardly = shift(line(chance=0.121), chance_change=0.001)
    assert (shifts.tone_of(hardly), hardly.moved) == ("same", False), "nobody would see it"


@pytest.mark.django_db
def test_an_instruction_inside_a_sentence_ends_without_its_stop():
    order = line(kind="instruction", name="Submit the concept.", subject="", p50=D(2028, 9, 12))
    assert shifts.summary([shift(order, p50_days=184)]).endswith(
        "Most of all: Submit the concept, half of the trials end 6 months later."
    )


@pytest.mark.django_db
def test_a_row_of_what_moves_has_before_and_after():
    moved = shift(line(p50=D(2028, 9, 12), chance=0.07), p50_days=184, chance_change=-0.05)
    (row,) = shifts.shift_rows([moved], KNOWN)
    assert (row.p50_days, row.p50) == ("Mar 2028 → Sep 2028", "+6 mo")
    assert row.p80_days == "May 2029", "a day that stays is told once"
    assert row.chance == "12 % → 7 %"
    chart = shifts.shift_chart([row], KNOWN.day)
    assert chart["rows"][0]["before"] == "2028-03-12"
    told = dict(zip(shifts.CSV_HEADER, shifts.csv_rows([moved])[0], strict=True))
    assert told["p50_days"] == 184
    gone = Shift(key="x", before=LINE, after=None, p50_days=None, p80_days=None, chance_change=None)
    (row,) = shifts.shift_rows([gone], KNOWN)
    assert row.p50_days == "Mar 2028 → –"
    assert not shifts.shift_chart([row], KNOWN.day)["rows"]


@pytest.mark.django_db
def test_what_was_said_is_told_apart_from_what_is_foretold():
    before = line(said="under_way", done_by="")
    after = line(said="done", done_by="said", due=D(2027, 12, 31))
    one = Shift(
        key=LINE.key, before=before, after=after, p50_days=0, p80_days=0, chance_change=None
    )  # fmt: skip
    assert (one.moved, one.said_differs, one.foretold_differs) == (True, True, False)
    (row,) = shifts.shift_rows([one], KNOWN)
    assert row.promised == "31 Dec 2026 → 31 Dec 2027"
    assert row.said == "said: under way → said: done"
    assert row.evidence == ""  # nobody has shown it, before or after
    assert shifts.summary([one]).startswith("For 1 date only what was said or shown differs.")
    told = dict(zip(shifts.CSV_HEADER, shifts.csv_rows([one])[0], strict=True))
    assert (told["due_before"], told["due"]) == (D(2026, 12, 31), D(2027, 12, 31))
    assert (told["said_before"], told["said_after"]) == ("under_way", "done")
    assert (told["done_by_before"], told["done_by_after"]) == ("", "said")


@pytest.mark.django_db
def test_evidence_that_came_between_two_runs_is_told():
    before, after = (
        line(basis="done", done_on=D(2025, 1, 1), said="done", done_by=by) for by in ("said", "shown")
    )
    one = Shift(key=LINE.key, before=before, after=after, p50_days=None, p80_days=None, chance_change=None)
    (row,) = shifts.shift_rows([one], KNOWN)
    assert row.evidence == "no evidence → verified by another body"
    assert row.p50_days == "said to be reached → reached, as evidence shows"
    assert forecasts.chance_mark(after) == "done_verified"
    assert "as evidence shows" in forecasts.sentence(after)
    assert forecasts.forecast_words(after, KNOWN).basis_words == "reached, as evidence shows"


def test_what_an_older_run_did_not_keep_is_no_difference():
    older = Shift(
        key=LINE.key, before=line(said=None, done_by=None), after=line(said="done", done_by="said"),
        p50_days=0, p80_days=0, chance_change=None,
    )  # fmt: skip
    assert not older.moved
    assert forecasts.said_of(line(said=None)) == forecasts.evidence_of(line(done_by=None)) == ""
    assert forecasts.said_of(line(said="")) == "nothing said yet"
    assert forecasts.said_of(line(kind="utility", said="")) == ""
    assert forecasts.evidence_of(line(kind="utility", done_by="")) == ""
    gone = Shift(key="x", before=LINE, after=None, p50_days=None, p80_days=None, chance_change=None)
    assert not gone.said_differs
    assert shifts.summary([gone]) == "No date found in both runs moves."


def test_a_date_that_hangs_on_time_nobody_named_says_so():
    gap = Cause(id="milestone:parts", what="assumed", share=0.14, assumed_days=44)
    least = Cause(id=f"least:{LINE.key}", what="assumed", share=0.06, assumed_days=10)
    words = forecasts.forecast_words(line(causes=(gap, least)), KNOWN).assumed
    assert words == (
        "In 14 of 100 trials it hangs on 44 days that stages before it take at least: assumed, "
        "not said by anyone."
    )
    assert forecasts.assumed_words(line(causes=(least, gap))) == words
    small = Cause(id="x", what="assumed", share=0.04, assumed_days=3)
    assert forecasts.assumed_words(line(causes=(small, small))) == ""
    assert forecasts.assumed_words(line(causes=(Cause(id="x", what="assumed"),))) == ""
    assert "hangs on 1 day that" in forecasts.assumed_words(
        line(causes=(Cause(id="x", what="assumed", share=1.0, assumed_days=1),))
    )
    assert forecasts.assumed_words(line(causes=(Cause(id="x", what="link", share=0.9),))) == ""
    assert forecasts.forecast_words(line(basis="done", causes=(gap,)), KNOWN).assumed == ""


def test_a_day_that_may_have_come_already_is_marked_and_none_where_little_speaks_for_it():
    by_now = line(p50=D(2025, 11, 26), untold=0.6)
    assert forecasts.beyond_or(by_now.p50, by_now) == "by now?"
    assert forecasts.beyond_or(by_now.p80, by_now) == "May 2029"
    assert forecasts.maybe(by_now).endswith("since 1 Jun 2025.")
    assert forecasts.maybe(line(untold=0.004)) == ""
    assert forecasts.maybe(line(untold=None)) == ""
    assert forecasts.maybe(line(untold=0.6, heard_on=None)) == ""


def test_a_chance_of_a_day_that_has_passed_is_no_chance_to_hold_it():
    passed = line(due=D(2025, 6, 30))
    kept = "may have been kept without anybody saying so: 12 of 100"
    assert forecasts.forecast_words(passed, KNOWN).held == kept
    assert "In 12 of 100 trials it was kept without anybody saying so." in forecasts.sentence(passed)
    gone = line(due=D(2025, 6, 30), chance=0.0)
    assert forecasts.held_words(gone) == "its day has passed"
    assert "without anybody" not in forecasts.sentence(gone)
    assert forecasts.held_words(LINE) == "12 % to hold"
    assert forecasts.held_words(line(chance=None)) == ""
    assert detail.present_name(passed) == "Chance that the present promise was kept in silence"
    assert detail.present_name(LINE) == "Chance to hold the present promise"


def test_the_mark_of_a_day_that_has_passed_in_silence_is_not_that_of_one_kept():
    silent = line(due=D(2025, 6, 30), chance=0.6, untold=0.7)
    assert forecasts.chance_mark(silent) == "unknown"
    assert not forecasts.forecast_words(silent, KNOWN).passed
    assert forecasts.chance_mark(line(due=D(2025, 6, 30), chance=0.1, untold=0.7)) == "late"


def test_percentiles_of_which_the_same_is_said_are_told_once():
    beyond = line(p50=D(2028, 3, 12), p80=D(2028, 3, 12), beyond=("p50", "p80"))
    (one,) = forecasts.forecast_words(beyond, KNOWN).days
    assert [name for name, _means in one.names] == ["P50", "P80"]
    assert (one.text, one.rough) == ("not before Mar 2028", True)
    assert [one.text for one in forecasts.forecast_words(LINE, KNOWN).days] == ["Mar 2028", "May 2029"]
    assert forecasts.forecast_words(line(basis="none"), KNOWN).days == ()


@pytest.mark.django_db
def test_the_news_of_two_runs_is_a_percentile_and_says_what_cannot_be_measured():
    beyond = line(p50=D(2028, 3, 12), p80=D(2029, 3, 12), beyond=("p50",))
    later = shift(beyond, p50_days=None, p80_days=400, chance_change=-0.1)
    dark = shift(beyond, p50_days=None, p80_days=None, chance_change=-0.4)
    alone = shifts.summary([dark, later])
    assert alone.endswith("Most of all: Hub opened, four of five trials end 13 months later.")
    back = shifts.summary([shift(beyond, p50_days=None, p80_days=-400, chance_change=None)])
    assert back.endswith("four of five trials end 13 months earlier.")
    assert shifts.summary([dark]) == "1 date gets worse."
    assert "half of the trials end 2 months later" in shifts.summary(
        [later, shift(LINE, p50_days=61, p80_days=900, chance_change=None)]
    )
    assert shifts.unmeasured([dark, later]).startswith("By how much 2 dates move cannot be told")
    assert shifts.unmeasured([dark]).startswith("By how much 1 date moves cannot be told")
    measured = shift(beyond, p50_days=None, p80_days=None, mean_days=40.0, chance_change=-0.4)
    gone = Shift(key="x", before=None, after=LINE, p50_days=None, p80_days=None, chance_change=None)
    both = shift(LINE, p50_days=5, p80_days=9)
    assert [shifts.measured(both, share) for share in (50, 80)] == [5, 9]
    assert shifts.measured(shift(beyond, p50_days=5), 50) is None, "not before a day is no day"
    assert shifts.unmeasured([measured, gone, shift(LINE, p50_days=5)]) == ""


def test_a_bound_that_has_passed_is_no_day():
    assert forecasts.bound_words(line(beyond=("p80",)), 50) == ""
    assert forecasts.bound_words(line(p80=D(2025, 11, 1), beyond=("p80",)), 80) == ""
    assert forecasts.not_before("") == "cannot be told"


def test_of_two_days_that_are_only_not_before_one_that_is_said_once():
    before = line(p50=D(2027, 11, 2), beyond=("p50", "p80"))
    after = line(p50=D(2028, 5, 2), beyond=("p50", "p80"))
    both = Shift(key=LINE.key, before=before, after=after, p50_days=182, p80_days=0, chance_change=None)
    assert shifts.days_moved(both, 50) == "not before Nov 2027 → May 2028"
    assert shifts.days_moved(both, 80) == "not before May 2029"
    firm = Shift(key=LINE.key, before=LINE, after=after, p50_days=51, p80_days=0, chance_change=None)
    assert shifts.days_moved(firm, 50) == "Mar 2028 → not before May 2028"


@pytest.mark.django_db
def test_where_p50_rests_the_drawing_tells_the_average_and_says_so():
    rests = shift(line(chance=0.07), p50_days=0, mean_days=91.0, chance_change=-0.05)
    (row,) = shifts.shift_rows([rests], KNOWN)
    assert shifts.moved_words(row) == "+3 mo on average"
    still = shift(line(chance=0.07), p50_days=0, mean_days=0.2, chance_change=-0.05)
    (row,) = shifts.shift_rows([still], KNOWN)
    assert shifts.moved_words(row) == "no shift"
    (drawn,) = shifts.shift_chart([row], KNOWN.day)["rows"]
    assert (drawn["before_open"], drawn["after_label"]) == (False, "Mar 2028")


def test_no_download_names_a_day_that_cannot_be_told():
    day = LINE.known_on
    silent = line(subject="", untold=0.6, p10=day, p20=day, p50=day, beyond=("p80", "p90"), p80=day)
    assert [silent.told(share) for share in (10, 20, 50, 80, 90)] == [None, None, None, None, D(2031, 1, 1)]
    assert silent.by_now == ("p10", "p20", "p50")
    told = dict(zip(every.CSV_HEADER, every.csv_rows([silent])[0], strict=True))
    assert (told["p10"], told["p50"], told["p80"], told["p90"]) == (None, None, None, D(2031, 1, 1))
    assert (told["not_before"], told["by_now"]) == (["p80", "p90"], ["p10", "p20", "p50"])
    assert LINE.by_now == ()
    assert LINE.told(50) == LINE.p50
    assert line(p50=day).told(50) == day, "a day of which something was said since is a day"


def test_a_shift_is_told_in_one_rounding():
    for days in (59, 184, 640, 731, 2000, 3400, 4200, 4290):
        later = shift(line(subject="", p50=D(2028, 9, 12)), p50_days=days)
        size = forecasts.slip_words(days).removeprefix("+").replace(" mo", " months")
        assert f"half of the trials end {size} later" in shifts.summary([later]), days
