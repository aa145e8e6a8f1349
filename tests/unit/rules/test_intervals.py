"""Promised dates as people say them."""

import calendar
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torap.rules.intervals import FIRST_YEAR, LAST_YEAR, BadPeriod, Period, months_between, parse_period

SAID = dt.date(2025, 11, 25)

READ = """
2025                                  | 2025-01-01 | 2025-12-31 | year
Q2 2025                               | 2025-04-01 | 2025-06-30 | quarter
2025 Q2                               | 2025-04-01 | 2025-06-30 | quarter
2 кв. 2025                            | 2025-04-01 | 2025-06-30 | quarter
II квартал 2025 года                  | 2025-04-01 | 2025-06-30 | quarter
2025 жылғы 2-тоқсан                   | 2025-04-01 | 2025-06-30 | quarter
2nd quarter of 2025                   | 2025-04-01 | 2025-06-30 | quarter
end of Q1 2026                        | 2026-03-01 | 2026-03-31 | month
by 2030                               | -          | 2030-12-31 | year
to 2025                               | -          | 2025-12-31 | year
к 2030 году                           | -          | 2030-12-31 | year
до 2030 года                          | -          | 2030-12-31 | year
2030 жылға дейін                      | -          | 2030-12-31 | year
before 2027                           | -          | 2026-12-31 | year
by 2025-12-20                         | -          | 2025-12-20 | day
by 20.12.2025                         | -          | 2025-12-20 | day
no later than 20 December 2025        | -          | 2025-12-20 | day
не позднее 1 июля 2026 года           | -          | 2026-07-01 | day
2027 жылғы 1 қаңтарға дейін           | -          | 2027-01-01 | day
end of 2026                           | 2026-10-01 | 2026-12-31 | part_of_year
by end of 2025                        | -          | 2025-12-31 | part_of_year
до конца 2025 года                    | -          | 2025-12-31 | part_of_year
2025 жылдың соңына дейін              | -          | 2025-12-31 | part_of_year
mid 2025                              | 2025-05-01 | 2025-08-31 | part_of_year
mid-2025                              | 2025-05-01 | 2025-08-31 | part_of_year
early 2025                            | 2025-01-01 | 2025-04-30 | part_of_year
late 2025                             | 2025-09-01 | 2025-12-31 | part_of_year
start of 2026                         | 2026-01-01 | 2026-03-31 | part_of_year
autumn 2025                           | 2025-09-01 | 2025-11-30 | season
летом 2026 года                       | 2026-06-01 | 2026-08-31 | season
first half of 2027                    | 2027-01-01 | 2027-06-30 | half
second half of 2027                   | 2027-07-01 | 2027-12-31 | half
H1 2026                               | 2026-01-01 | 2026-06-30 | half
1H 2026                               | 2026-01-01 | 2026-06-30 | half
1-е полугодие 2026 года               | 2026-01-01 | 2026-06-30 | half
2026 жылдың бірінші жартыжылдығы      | 2026-01-01 | 2026-06-30 | half
December 2025                         | 2025-12-01 | 2025-12-31 | month
Dec 2025                              | 2025-12-01 | 2025-12-31 | month
November (2022)                       | 2022-11-01 | 2022-11-30 | month
2025-07                               | 2025-07-01 | 2025-07-31 | month
end of September 2025                 | 2025-09-21 | 2025-09-30 | part_of_month
20 Dec 2025                           | 2025-12-20 | 2025-12-20 | day
Dec 20, 2025                          | 2025-12-20 | 2025-12-20 | day
20-Dec-2025                           | 2025-12-20 | 2025-12-20 | day
20 декабря 2025 года                  | 2025-12-20 | 2025-12-20 | day
2025 жылғы 20 желтоқсан               | 2025-12-20 | 2025-12-20 | day
2025-12-20                            | 2025-12-20 | 2025-12-20 | day
2025–2027                             | 2025-01-01 | 2027-12-31 | range
2025-2027                             | 2025-01-01 | 2027-12-31 | range
2025 — 2027                           | 2025-01-01 | 2027-12-31 | range
from 2026 to 2028                     | 2026-01-01 | 2028-12-31 | range
с 2026 по 2028 год                    | 2026-01-01 | 2028-12-31 | range
в 2025-2027 годах                     | 2025-01-01 | 2027-12-31 | range
2025-2027 жылдары                     | 2025-01-01 | 2027-12-31 | range
Aug-Sep 2025                          | 2025-08-01 | 2025-09-30 | range
Q4 2025 - Q1 2026                     | 2025-10-01 | 2026-03-31 | range
H2 2026-H1 2027                       | 2026-07-01 | 2027-06-30 | range
20-25 December 2025                   | 2025-12-20 | 2025-12-25 | range
within 3 to 4 years                   | 2028-11-25 | 2029-11-25 | term
within three to four years            | 2028-11-25 | 2029-11-25 | term
через 3-4 года                        | 2028-11-25 | 2029-11-25 | term
3-4 жыл ішінде                        | 2028-11-25 | 2029-11-25 | term
within six months                     | -          | 2026-05-25 | term
в течение 2 лет                       | -          | 2027-11-25 | term
в течение 2025 года                   | 2025-01-01 | 2025-12-31 | year
this year                             | 2025-01-01 | 2025-12-31 | year
биыл                                  | 2025-01-01 | 2025-12-31 | year
в следующем году                      | 2026-01-01 | 2026-12-31 | year
by the end of the year                | -          | 2025-12-31 | part_of_year
до конца года                         | -          | 2025-12-31 | part_of_year
жыл соңына дейін                      | -          | 2025-12-31 | part_of_year
"""
ROWS = [tuple(cell.strip() for cell in line.split("|")) for line in READ.strip().splitlines()]
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "en3": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "ru": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "ru_of": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ru_in": "январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре",
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "kk_in": "қаңтарда ақпанда наурызда сәуірде мамырда маусымда шілдеде тамызда қыркүйекте қазанда қарашада "
    "желтоқсанда",
}
years = st.integers(FIRST_YEAR, LAST_YEAR)


@pytest.mark.parametrize(("text", "earliest", "latest", "precision"), ROWS, ids=[row[0] for row in ROWS])
def test_period_is_read(text, earliest, latest, precision):
    first = None if earliest == "-" else dt.date.fromisoformat(earliest)
    expected = Period(first, dt.date.fromisoformat(latest), precision)
    assert parse_period(text, said=SAID) == expected
    assert parse_period(text.upper(), said=SAID) == expected


@pytest.mark.parametrize("language", MONTHS)
@pytest.mark.parametrize("month", range(1, 13))
def test_month_names_of_three_languages(language, month):
    name = MONTHS[language].split()[month - 1]
    last = calendar.monthrange(2026, month)[1]
    expected = Period(dt.date(2026, month, 1), dt.date(2026, month, last), "month")
    assert parse_period(f"{name} 2026") == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "soon",
            "2026 / 2028",
            "still in preparation",
            "1850",
            "2101",
            "20255",
            "Q5 2025",
            "Q0 2025",
        ),
        *(
            "30 Feb 2025",
            "2025-13",
            "2025-02-30",
            "32.01.2025",
            "2027-2025",
            "Dec",
            "20 December",
            "half 2025",
        ),
        *(
            "2025 2026",
            "Q1 Q2 2025",
            "2025-2026-2027",
            "first third of 2025",
            "early Q2",
            "years",
            "by",
            "3",
            "-",
        ),
        *(
            "within 4 to 3 years",
            "within 3 to 4 blue years",
            "99999999999999999999",
            "2025;DROP",
            "within 999 years",
        ),
    ],
)
def test_what_cannot_be_read_is_refused(text):
    with pytest.raises(BadPeriod) as caught:
        parse_period(text, said=SAID)
    assert caught.value.code == "bad_period"
    assert caught.value.params["text"] == text


@pytest.mark.parametrize("text", ["this year", "within 3 years", "by the end of the year", "келесі жылы"])
def test_day_of_saying_is_asked_for_when_needed(text):
    with pytest.raises(BadPeriod) as caught:
        parse_period(text)
    assert caught.value.params["reason"] == "said_missing"


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2017-12", "2028-12", 132), ("2025-12", "2027-03", 15), ("2024-08", "2025-07", 11),
        ("2027-06", "2026-12", -6), ("2025-06", "2026-12", 18), ("2025-12", "2030-12", 60),
        ("2030-12", "2027-12", -36), ("2026-06", "2026-07", 1), ("2025-12", "2025-09", -3),
        ("2024-12", "2024-12", 0),
    ],
)  # fmt: skip
def test_slips_of_the_record(first, last, months):
    ends = (parse_period(first).latest, parse_period(last).latest)
    assert months_between(*ends) == months


@given(st.dates(dt.date(FIRST_YEAR, 1, 1), dt.date(LAST_YEAR, 12, 31)))
def test_day_survives_every_way_of_writing_it(day):
    expected = Period(day, day, "day")
    names = MONTHS["en"].split(), MONTHS["ru_of"].split(), MONTHS["kk"].split()
    en, ru, kk = (row[day.month - 1] for row in names)
    for text in (
        day.isoformat(),
        day.strftime("%d.%m.%Y"),
        f"{day.day} {en} {day.year}",
        f"{en} {day.day}, {day.year}",
        f"{day.day} {ru} {day.year} года",
        f"{day.year} жылғы {day.day} {kk}",
    ):
        assert parse_period(text) == expected


@given(years, st.integers(1, 4))
def test_quarters_tile_the_year(year, quarter):
    period = parse_period(f"Q{quarter} {year}")
    half = parse_period(f"H{(quarter + 1) // 2} {year}")
    assert half.earliest <= period.earliest <= period.latest <= half.latest
    assert (period.latest - period.earliest).days in {89, 90, 91}


@given(years, st.integers(0, 30))
def test_range_spans_its_years(year, more):
    last = min(year + more, LAST_YEAR)
    period = parse_period(f"{year}-{last}")
    assert (period.earliest, period.latest) == (dt.date(year, 1, 1), dt.date(last, 12, 31))


@given(
    st.sampled_from([row[0] for row in ROWS]) | st.text(max_size=30),
    st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2060, 1, 1)),
)
def test_latest_is_never_before_earliest_and_nothing_but_badperiod_is_raised(text, said):
    try:
        period = parse_period(text, said=said)
    except BadPeriod:
        return
    assert period.earliest is None or period.earliest <= period.latest


@given(st.sampled_from([row[0] for row in ROWS if row[1] != "-"]))
def test_by_takes_the_earliest_end_away_only(text):
    plain, limit = parse_period(text, said=SAID), parse_period(f"by {text}", said=SAID)
    assert limit == Period(None, plain.latest, plain.precision)
