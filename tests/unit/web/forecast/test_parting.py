"""The bar that holds the promised day is parted there, by the very chance."""

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import pytest

from torap.runs.selectors import ENGINE, Bin, Cause, Spread
from torap.web.forecast import detail, parting

D = dt.date
BINS = (
    Bin(first=D(2026, 1, 1), last=D(2027, 1, 1), share=0.5),
    Bin(first=D(2027, 1, 1), last=D(2028, 1, 1), share=0.3),
)


def test_the_first_bar_is_parted_where_the_day_lies():
    found = parting.parted(BINS, D(2026, 3, 1), 0.04)
    assert [(one.first, one.last) for one in found] == [
        (D(2026, 1, 1), D(2026, 3, 1)),
        (D(2026, 3, 1), D(2027, 1, 1)),
        (D(2027, 1, 1), D(2028, 1, 1)),
    ]
    assert [one.share for one in found] == [pytest.approx(0.04), pytest.approx(0.46), 0.3]
    kept = sum(one.share for one in found if one.last <= D(2026, 3, 1))
    assert kept == pytest.approx(0.04), "what is coloured as kept is the chance"


def test_bars_before_it_count_and_no_share_is_made_up():
    assert [one.share for one in parting.parted(BINS, D(2027, 6, 1), 0.6)] == [
        0.5, pytest.approx(0.1), pytest.approx(0.2),
    ]  # fmt: skip
    assert [one.share for one in parting.parted(BINS, D(2027, 6, 1), 0.2)] == [0.5, 0.0, 0.3]
    assert sum(one.share for one in parting.parted(BINS, D(2027, 6, 1), 1.0)) == pytest.approx(0.8)


@pytest.mark.parametrize("due", [None, D(2026, 1, 1), D(2027, 1, 1), D(2020, 1, 1), D(2040, 1, 1)])
def test_a_day_between_bars_parts_none(due):
    assert parting.parted(BINS, due, 0.5) == list(BINS)


def test_what_is_not_drawn_is_told_with_its_share():
    spread = Spread(key="k", run="r", bins=BINS, beyond=0.2)
    assert parting.beyond_words(spread).startswith("20 % of the trials end later still")
    assert parting.beyond_words(Spread(key="k", run="r", bins=BINS, beyond=0.0)) == ""


def test_all_that_a_body_owes_is_no_second_bar_of_the_one_thing_it_owes():
    own = Cause(id="class:a", what="activity", low_days=-10.0, high_days=30.0, share=0.4)
    echo = Cause(id="min", what="owner", low_days=-10.0, high_days=30.0, share=0.4)
    more = Cause(id="akimat", what="owner", low_days=-12.0, high_days=30.0, share=0.5)
    assert detail.without_echo([own, echo, more]) == [own, more]


def test_what_moves_a_date_stands_widest_first_without_its_links():
    widths = [5.0, 40.0, 20.0, *range(1, 2 + detail.SHOWN)]
    causes = [
        Cause(id=f"class:{place}", what="activity", low_days=-width, high_days=width, share=0.0)
        for place, width in enumerate(widths)
    ]
    link = Cause(id="link", what="link", low_days=-99.0, high_days=99.0, share=0.9)
    found = detail.causes_of(SimpleNamespace(line=SimpleNamespace(causes=(link, *causes))))
    swings = [one.high_days - one.low_days for one in found]
    assert (len(found), swings[:2]) == (detail.SHOWN, [80.0, 40.0])
    assert swings == sorted(swings, reverse=True)
    assert "link" not in {one.what for one in found}


def test_drawings_of_a_run_that_another_engine_made_say_so():
    assert detail.older_engine(SimpleNamespace(engine=ENGINE)) == ""
    assert "torap 0.0.9 plan 1" in detail.older_engine(SimpleNamespace(engine="torap 0.0.9 plan 1"))


TODAY = Spread(key="k", run="r", bins=(Bin(first=D(2026, 6, 1), last=D(2026, 6, 2), share=0.6),), beyond=0.4)


def of_day(**changes):
    return SimpleNamespace(**{"known_on": D(2026, 6, 1), "due": D(2025, 12, 31), "chance": 0.2} | changes)


def test_what_may_have_come_already_is_told_as_shares_that_add_up():
    assert parting.told_as_shares(TODAY, of_day())
    assert not parting.told_as_shares(Spread(key="k", run="r", bins=BINS, beyond=0.2), of_day())
    assert not parting.told_as_shares(Spread(key="k", run="r", bins=(), beyond=1.0), of_day())
    found = parting.shares(TODAY, of_day())
    assert [row["share"] for row in found] == [0.2, pytest.approx(0.4), pytest.approx(0.4)]
    assert found[0]["name"] == "by the promised day, 31 Dec 2025"
    drawn = parting.shares_chart(found)
    assert [row["value"] for row in drawn["rows"]] == [20, 40, 40]
    assert drawn["table"] == found


def test_whole_percents_add_up_and_to_what_is_told_of_their_sum():
    whole = Spread(key="k", run="r", bins=(replace(TODAY.bins[0], share=0.514),), beyond=0.486)
    found = parting.shares(whole, of_day(chance=0.118))
    assert [row["percent"] for row in found] == [12, 39, 49]  # 11.8, 39.6 and 48.6; 51 may have come by now
    assert [row["words"] for row in found] == ["12 %", "39 %", "49 %"]


@pytest.mark.parametrize("changes", [{"due": None}, {"due": D(2026, 6, 1)}, {"due": D(2027, 1, 1)}])
def test_a_promised_day_not_yet_past_has_no_share_of_its_own(changes):
    assert [row["share"] for row in parting.shares(TODAY, of_day(**changes))] == [0.6, pytest.approx(0.4)]


NEAR = Spread(
    key="k", run="r", beyond=0.6, bins=(
        Bin(first=D(2026, 6, 1), last=D(2026, 6, 10), share=0.103),
        Bin(first=D(2026, 6, 10), last=D(2026, 6, 19), share=0.297),
    ),
)  # fmt: skip


def test_what_may_have_come_already_is_a_bar_by_now_and_no_day_to_come():
    found = parting.bars(NEAR, of_day(due=D(2026, 6, 10), chance=0.103, untold=0.1026))
    assert [(one.first, one.last) for one in found] == [
        (None, D(2026, 6, 1)), (D(2026, 6, 1), D(2026, 6, 10)), (D(2026, 6, 10), D(2026, 6, 19)),
    ]  # fmt: skip
    assert [one.per_mille for one in found] == [103, 0, 297]
    assert [one.kept for one in found] == [True, True, False]
    assert found[0].words == "by now, and nobody has said so"
    assert sum(one.share for one in found if one.kept) == pytest.approx(0.103), "kept is the chance"


def test_of_a_day_that_has_passed_the_bar_by_now_is_parted_there():
    kept, late, *rest = parting.bars(NEAR, of_day(chance=0.04, untold=0.103))
    assert (kept.last, kept.share, kept.kept) == (D(2025, 12, 31), 0.04, True)
    assert kept.words == "by the promised day, 31 Dec 2025"
    assert (late.last, late.share, late.kept) == (D(2026, 6, 1), pytest.approx(0.063), False)
    assert [one.first for one in rest] == [D(2026, 6, 10)], "an empty bar from today on is left out"
    assert not any(one.kept for one in rest)
    then = parting.bars(NEAR, of_day(chance=0.04, untold=0.103), earlier=True)
    assert then[0].words == "by the day promised then, 31 Dec 2025"


def test_bars_without_anything_untold_are_the_bins_parted():
    line = of_day(due=D(2026, 6, 15), chance=0.2, untold=None)
    assert [one.last for one in parting.bars(NEAR, line)] == [D(2026, 6, 10), D(2026, 6, 15), D(2026, 6, 19)]
    assert parting.bars(replace(NEAR, bins=()), line) == []


def test_a_chance_above_what_is_drawn_takes_no_more_than_that():
    assert [row["share"] for row in parting.shares(TODAY, of_day(chance=0.9))][:2] == [0.6, 0.0]


def test_how_far_a_cause_moves_a_date_is_told_no_more_exactly_than_ten_years():
    far = Cause(id="class:a", what="activity", low_days=-4000.0, high_days=9500.0, share=0.4)
    near = Cause(id="class:b", what="activity", low_days=-400.0, high_days=30.0, share=0.1)
    assert [detail.cause_row(one, {}, "k")["low"] for one in (far, near)] == ["< −10 years", "−13 mo"]
    assert detail.cause_row(far, {}, "k")["high"] == "> +10 years"
    (drawn,) = detail.moves_chart([near], {}, "k", invented=False)["rows"]
    assert (drawn["low"], drawn["low_words"], drawn["high"]) == (-400.0, "−13 mo", 30.0)
    assert detail.far_words([far]).startswith(
        "Bars are shares of the spread, not days: some causes move the mean by more than 10 y"
    )
    assert detail.far_words([near]) == ""


def test_percentiles_of_the_page_are_told_together_where_they_say_the_same(monkeypatch):
    monkeypatch.setattr(detail, "day_words", lambda line, of: line.told)
    told = (SimpleNamespace(names=(("P50", ""), ("P80", "")), text="not before Nov 2027", rough=True),)
    line = SimpleNamespace(basis="class", told=told)
    assert detail.percentiles(SimpleNamespace(line=line)) == [
        {"name": "P50, P80", "text": "not before Nov 2027", "rough": True}
    ]
    assert detail.percentiles(SimpleNamespace(line=SimpleNamespace(basis="done"))) == []


def test_what_moves_a_date_is_drawn_as_shares_where_means_rest_on_the_tail_and_ranked_by_them():
    far = Cause(id="class:a", what="activity", low_days=-4000.0, high_days=9500.0, share=0.1)
    near = Cause(id="class:b", what="activity", low_days=-40.0, high_days=30.0, share=0.4)
    ranked = detail.causes_of(SimpleNamespace(line=of_day(causes=(far, near))))
    assert [one.id for one in ranked] == ["class:b", "class:a"]
    drawn = detail.moves_chart(ranked, {}, "k", invented=False)
    assert [row["value"] for row in drawn["rows"]] == [40.0, 10.0]
    days = detail.moves_chart([near], {}, "k", invented=False)
    assert (days["rows"][0]["low"], days["rows"][0]["high"]) == (-40.0, 30.0)


@pytest.mark.parametrize(
    ("own", "waits", "words"),
    [
        (1.0, [], "It waits for nothing else that is still open"),
        (1.0, ["done"], "It waits for nothing else that is still open"),
        (1.0, ["done", "class"], "What it waits for holds it up in none of the trials"),
        (0.45, ["class"], "In 45 % of trials its own pace decides"),
    ],
)
def test_own_pace_is_told_by_what_is_still_open(own, waits, words):
    steps = [SimpleNamespace(depth=1, line=SimpleNamespace(basis=basis)) for basis in waits]
    assert detail.own_words(SimpleNamespace(own=own, steps=steps)).startswith(words)


def test_shares_that_add_up_to_more_than_all_are_said_to_overlap():
    causes = [
        Cause(id=name, what="activity", low_days=-1.0, high_days=1.0, share=share)
        for name, share in (("a", 0.74), ("b", 0.59))
    ]
    assert detail.overlap_words(causes).startswith(
        "Shares of the spread overlap and add up to more than 100 %:"
    )
    assert detail.overlap_words(causes[:1]) == ""
