"""Dates: what is read, what is refused and why, what is shown, and what lies in a range."""

import datetime

import pytest
from django.utils import translation

from timeline.dates import (
    DateProblem,
    Overlap,
    Precision,
    display,
    marked,
    overlap,
    parse_edtf,
    parse_human,
    range_bounds,
    reading,
    typed,
    wider,
)

day = datetime.date
FIRST, LAST = day.min, day.max

TYPED = [
    # typed, EDTF, displayed
    ("27 July 1953", "1953-07-27", "27 July 1953"),
    ("July 27, 1953", "1953-07-27", "27 July 1953"),
    ("27 Jul. 1953", "1953-07-27", "27 July 1953"),
    ("27th of July 1953", "1953-07-27", "27 July 1953"),
    ("on the 27th of july, 1953", "1953-07-27", "27 July 1953"),
    ("1953-07-27", "1953-07-27", "27 July 1953"),
    ("1953/07/27", "1953-07-27", "27 July 1953"),
    ("1953-7-27", "1953-07-27", "27 July 1953"),
    ("27/07/1953", "1953-07-27", "27 July 1953"),
    ("07/27/1953", "1953-07-27", "27 July 1953"),
    ("27.07.1953", "1953-07-27", "27 July 1953"),
    ("07/07/1953", "1953-07-07", "7 July 1953"),
    ("Monday, 27 July 1953", "1953-07-27", "27 July 1953"),
    ("Wed 26 July 2023", "2023-07-26", "26 July 2023"),
    ("1953년 7월 27일", "1953-07-27", "27 July 1953"),
    ("1953年7月27日", "1953-07-27", "27 July 1953"),
    ("27 июля 1953 г.", "1953-07-27", "27 July 1953"),
    ("１９５３", "1953", "1953"),
    ("Sept 1950", "1950-09", "September 1950"),
    ("July 1953", "1953-07", "July 1953"),
    ("07/1953", "1953-07", "July 1953"),
    ("1953", "1953", "1953"),
    ("0951", "0951", "0951"),
    ("1950s", "195X", "the 1950s"),
    ("the 1950s", "195X", "the 1950s"),
    ("decade 1900-1909", "190X", "the decade 1900–1909"),
    ("19th century", "18XX", "19th century"),
    ("the 21st century", "20XX", "21st century"),
    ("early 20th century", "[1900..1933]", "early 20th century"),
    ("early 1950s", "[1950..1953]", "early 1950s"),
    ("mid-1950s", "[1954..1956]", "mid 1950s"),
    ("late 1950s", "[1957..1959]", "late 1950s"),
    ("late 1991", "[1991-09..1991-12]", "late 1991"),
    ("early July 2023", "[2023-07-01..2023-07-10]", "early July 2023"),
    ("middle of July 2023", "[2023-07-11..2023-07-20]", "mid July 2023"),
    ("late July 2023", "[2023-07-21..2023-07-31]", "late July 2023"),
    ("end of February 2024", "[2024-02-21..2024-02-29]", "late February 2024"),
    ("the week of 24 July 2023", "[2023-07-24..2023-07-30]", "week of 24 July 2023"),
    ("the week of 26 July 2023", "[2023-07-24..2023-07-30]", "week of 24 July 2023"),
    ("2023-W30", "[2023-07-24..2023-07-30]", "week of 24 July 2023"),
    ("first half of 1951", "[1951-01..1951-06]", "first half of 1951"),
    ("spring 1951", "1951-21", "spring 1951"),
    ("summer of 1951", "1951-22", "summer 1951"),
    ("fall 1951", "1951-23", "autumn 1951"),
    ("winter 1950-51", "[1950-12..1951-02]", "winter 1950–1951"),
    ("Q1 2020", "2020-33", "Q1 2020"),
    ("circa 1950", "1950~", "about 1950"),
    ("c. 1950", "1950~", "about 1950"),
    ("c.1950", "1950~", "about 1950"),
    ("around July 1950", "1950-07~", "about July 1950"),
    ("approximately 1950", "1950~", "about 1950"),
    ("1950?", "1950?", "1950 (uncertain)"),
    ("27 July 1953?", "1953-07-27?", "27 July 1953 (uncertain)"),
    ("possibly 1950", "1950?", "1950 (uncertain)"),
    ("probably about 1950", "1950%", "about 1950 (uncertain)"),
    ("25-27 July 2023", "2023-07-25/2023-07-27", "25–27 July 2023"),
    ("25–27 July 2023", "2023-07-25/2023-07-27", "25–27 July 2023"),
    ("25 to 27 July 2023", "2023-07-25/2023-07-27", "25–27 July 2023"),
    ("July 25-27, 2023", "2023-07-25/2023-07-27", "25–27 July 2023"),
    ("Tuesday 25 July to Thursday 27 July 2023", "2023-07-25/2023-07-27", "25–27 July 2023"),
    ("25 July - 3 August 2023", "2023-07-25/2023-08-03", "25 July – 3 August 2023"),
    ("July 25 - August 3, 2023", "2023-07-25/2023-08-03", "25 July – 3 August 2023"),
    ("25 June 1950 to 27 July 1953", "1950-06-25/1953-07-27", "25 June 1950 – 27 July 1953"),
    ("1950-06-25 / 1953-07-27", "1950-06-25/1953-07-27", "25 June 1950 – 27 July 1953"),
    ("June - July 1950", "1950-06/1950-07", "June – July 1950"),
    ("from 1950 to 1953", "1950/1953", "1950–1953"),
    ("1950-1953", "1950/1953", "1950–1953"),
    ("about 1950 to 1953", "1950~/1953", "about 1950 – 1953"),
    ("between 1950 and 1957", "[1950..1957]", "some day from 1950 to 1957"),
    ("between 3 and 9 May 1950", "[1950-05-03..1950-05-09]", "some day from 3 to 9 May 1950"),
    ("26 or 27 July 2023", "[2023-07-26..2023-07-27]", "some day from 26 to 27 July 2023"),
    ("since 26 December 1991", "1991-12-26/..", "since 26 December 1991 (ongoing)"),
    ("26 December 1991 onwards", "1991-12-26/..", "since 26 December 1991 (ongoing)"),
    ("26 December 1991 - present", "1991-12-26/..", "since 26 December 1991 (ongoing)"),
    ("ongoing since 1991", "1991/..", "since 1991 (ongoing)"),
    ("until 1991", "../1991", "until 1991"),
    ("before 1991", "[..1990]", "1990 or earlier"),
    ("before 1 May 1991", "[..1991-04-30]", "30 April 1991 or earlier"),
    ("after 1991", "[1992..]", "1992 or later"),
    ("/1928", "/1928", "until 1928 (beginning unknown)"),
    ("1928/", "1928/", "from 1928 (end unknown)"),
]


@pytest.mark.parametrize(("typed", "edtf", "words"), TYPED)
def test_typed_date_is_read_and_shown(typed: str, edtf: str, words: str) -> None:
    date = parse_human(typed)
    assert (date.edtf, display(date)) == (edtf, words)


@pytest.mark.parametrize(("typed", "edtf", "words"), TYPED)
def test_displayed_words_can_be_typed_again(typed: str, edtf: str, words: str) -> None:
    assert parse_human(words) == parse_edtf(edtf)


REFUSED = [
    # typed, code, what the message must say
    ("30 February 2023", "day", "30 February 2023 does not exist: February 2023 has 28 days."),
    ("2023-02-29", "day", "29 February 2023 does not exist: February 2023 has 28 days."),
    ("31-32 July 2023", "day", "32 July 2023 does not exist: July 2023 has 31 days."),
    ("1953-13", "month", "There is no month 13: months are 01 to 12, seasons 21 to 24, quarters 33 to 36."),
    ("1939-45", "month", "There is no month 45. For the years 1939 to 1945 write 1939/1945."),
    ("0000", "year", "There is no year 0: years run from 0001 to 9999."),
    ("10000", "year", "Years run from 0001 to 9999, written with four digits."),
    ("-0043", "year", "Years run from 0001 to 9999, written with four digits."),
    ("after 9999", "year", "Years run from 0001 to 9999, written with four digits."),
    ("44 BC", "year", "Years before 1 cannot be kept: years run from 0001 to 9999."),
    ("27 July", "year", "Add the year, with four digits, for example 27 July 1953."),
    ("1953-07-27T10:00", "time", "A date has no time of day: write 1953-07-27."),
    ("1953/1950", "order", "The date ends (1950) before it begins (1953)."),
    ("27 to 25 July 2023", "order", "The date ends (2023-07-25) before it begins (2023-07-27)."),
    ("../..", "open", "Give at least one end of the interval, for example 1991/.. or ../1991."),
    ("[..]", "open", "Give at least one end of the time in brackets, for example [1950..1953]."),
    ("Tuesday, 26 July 2023", "weekday", "26 July 2023 was a Wednesday, not a Tuesday."),
    ("Tuesday July 2023", "weekday", "A weekday needs a full date, for example Monday, 27 July 1953."),
    (
        "01/02/2023",
        "ambiguous",
        "01/02/2023 can be 1 February 2023 or 2 January 2023: write the month as a word, or year-month-day.",
    ),
    (
        "1900s",
        "ambiguous",
        "“1900s” can be ten or a hundred years: write decade 1900-1909, or 19XX.",
    ),
    ("", "empty", "Enter a date, for example 27 July 1953 or 1953-07."),
    ("1" * 65, "long", "A date has at most 64 characters."),
    ("1953\0", "character", "The date contains a character that cannot be read; type it again."),
    ("1953\ud800", "character", "The date contains a character that cannot be read; type it again."),
    ("1953\u202e", "character", "The date contains a character that cannot be read; type it again."),
    ("2023-W60", "format", "There is no week 60 in 2023."),
    ("1953-XX-27", "format", "The day is given but not the month: write the year alone, for example 1953."),
    ("195X-07", "format", "A decade or century (195X, 19XX) cannot have a month."),
    ("2023-21-03", "format", "A season or quarter (2023-21-03) cannot have a day."),
    ("[1950~..1953]", "format", "Dates in brackets cannot be marked uncertain or approximate as well."),
]


@pytest.mark.parametrize(("typed", "code", "message"), REFUSED)
def test_refusal_says_what_is_wrong(typed: str, code: str, message: str) -> None:
    with pytest.raises(DateProblem) as caught:
        parse_human(typed)
    assert (caught.value.code, str(caught.value)) == (code, message)


@pytest.mark.parametrize("typed", ["27 July 53", "27/07/53", "'53", "July 53", "50s"])
def test_two_digit_year_is_refused_with_the_reason(typed: str) -> None:
    with pytest.raises(DateProblem, match="two digits do not say which century") as caught:
        parse_human(typed)
    assert caught.value.code == "two_digit_year"


@pytest.mark.parametrize("typed", ["10", "31", "soon", "1950 or 1953", "early", "- 1950", "1950 to", "13th floor"])
def test_other_text_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(DateProblem, match="Write for example 27 July 1953") as caught:
        parse_human(typed)
    assert caught.value.code == "format"


@pytest.mark.parametrize("typed", ["27 July 1953", "1953/07/27", "1X53", "1953-1X", "{1667,1668}", "Y17E7", "2023-25"])
def test_stored_text_must_be_the_edtf_we_speak(typed: str) -> None:
    with pytest.raises(DateProblem):
        parse_edtf(typed)


@pytest.mark.parametrize(
    ("edtf", "canonical"),
    [
        (" 1953 ", "1953"),
        ("195x", "195X"),
        ("1953-XX", "1953"),
        ("1953-07-XX", "1953-07"),
        ("1953-XX-XX?", "1953?"),
        ("1953-07-27/1953-07-27", "1953-07-27"),
        ("[1953..1953]", "1953"),
        ("[1950-01-01..1953-12-31]", "[1950..1953]"),
    ],
)
def test_equal_dates_have_one_text(edtf: str, canonical: str) -> None:
    assert parse_edtf(edtf).edtf == canonical


@pytest.mark.parametrize(
    ("edtf", "precision", "first", "earliest", "start_latest", "end_earliest", "latest"),
    [
        ("1953-07-27", "day", *[day(1953, 7, 27)] * 5),
        ("1953-07", "month", day(1953, 7, 1), day(1953, 7, 1), day(1953, 7, 31), day(1953, 7, 1), day(1953, 7, 31)),
        ("1953-07-27?", "day", day(1953, 7, 27), *[day(1953, 7, 26), day(1953, 7, 28)] * 2),
        ("1953-07-27%", "day", day(1953, 7, 27), *[day(1953, 7, 25), day(1953, 7, 29)] * 2),
        ("1979-02~", "month", day(1979, 2, 1), *[day(1979, 1, 1), day(1979, 3, 31)] * 2),
        ("1950~", "year", day(1950, 1, 1), *[day(1949, 1, 1), day(1951, 12, 31)] * 2),
        ("195X?", "decade", day(1950, 1, 1), *[day(1940, 1, 1), day(1969, 12, 31)] * 2),
        ("2023-21", "season", day(2023, 3, 1), *[day(2023, 3, 1), day(2023, 5, 31)] * 2),
        ("2023-24", "season", day(2023, 12, 1), *[day(2023, 12, 1), day(2023, 12, 31)] * 2),
        ("2020-36", "season", day(2020, 10, 1), *[day(2020, 10, 1), day(2020, 12, 31)] * 2),
        ("00XX", "century", FIRST, *[FIRST, day(99, 12, 31)] * 2),
        ("9999~", "year", day(9999, 1, 1), *[day(9998, 1, 1), LAST] * 2),
        (
            "1950/1953-07",
            "interval",
            day(1950, 1, 1),
            day(1950, 1, 1),
            day(1950, 12, 31),
            day(1953, 7, 1),
            day(1953, 7, 31),
        ),
        # It cannot have begun after its end, so not later than June.
        (
            "1950/1950-06",
            "interval",
            day(1950, 1, 1),
            day(1950, 1, 1),
            day(1950, 6, 30),
            day(1950, 6, 1),
            day(1950, 6, 30),
        ),
        ("1991-12-26/..", "interval", day(1991, 12, 26), day(1991, 12, 26), day(1991, 12, 26), LAST, LAST),
        ("../1991", "interval", day(1991, 1, 1), FIRST, FIRST, day(1991, 1, 1), day(1991, 12, 31)),
        ("1928/", "interval", day(1928, 1, 1), day(1928, 1, 1), day(1928, 12, 31), day(1928, 1, 1), LAST),
        ("/1928", "interval", day(1928, 1, 1), FIRST, day(1928, 12, 31), day(1928, 1, 1), day(1928, 12, 31)),
        ("[2023-07-24..2023-07-30]", "week", day(2023, 7, 24), *[day(2023, 7, 24), day(2023, 7, 30)] * 2),
        ("[1950..1953]", "decade", day(1950, 1, 1), *[day(1950, 1, 1), day(1953, 12, 31)] * 2),
        ("[..1990]", "interval", day(1990, 1, 1), *[FIRST, day(1990, 12, 31)] * 2),
    ],
)
def test_bounds_and_precision(
    edtf: str, precision: str, first: day, earliest: day, start_latest: day, end_earliest: day, latest: day
) -> None:
    date = parse_edtf(edtf)
    assert date.precision is Precision(precision)
    assert (date.day, date.earliest, date.latest) == (first, earliest, latest)
    # The table writes single dates as the pair (earliest, latest) twice: began and ended on the same unknown day.
    bounds = (date.start_latest, date.end_earliest)
    assert bounds == ((start_latest, end_earliest) if date.is_interval or date.is_day else (latest, earliest))


def test_flags_of_a_date() -> None:
    ongoing, until = parse_edtf("1991~/.."), parse_edtf("../1991?")
    assert (ongoing.is_interval, ongoing.ongoing, ongoing.open_start, ongoing.approximate) == (True, True, False, True)
    assert (until.is_interval, until.ongoing, until.open_start, until.uncertain) == (True, False, True, True)
    unknown = parse_edtf("1928/")
    assert (unknown.unknown_end, unknown.open_end, unknown.ongoing) == (True, False, False)
    assert not parse_edtf("[1950..1953]").is_interval
    assert [parse_edtf(text).is_day for text in ("1953-07-27", "1953-07-27?", "1953-07")] == [True, False, False]


@pytest.mark.parametrize(
    ("edtf", "sentence"),
    [
        ("1953-07-27", "One day: 27 July 1953, a Monday."),
        ("2023-07", "Some day in July 2023 (1–31 July 2023)."),
        ("195X", "Some day in the 1950s (1 January 1950 – 31 December 1959)."),
        ("18XX", "Some day in the 19th century (1 January 1800 – 31 December 1899)."),
        ("[2023-07-24..2023-07-30]", "Some day in the week of 24 July 2023 (24–30 July 2023)."),
        ("[2023-07-26..2023-07-27]", "Some day from 26 to 27 July 2023."),
        ("1950~", "Not known exactly: about 1950. Found as some day from 1 January 1949 to 31 December 1951."),
        ("2023-07-25/2023-07-27", "Lasts from 25 July 2023 to 27 July 2023 (3 days)."),
        ("1950/1953", "Lasts from 1950 to 1953."),
        ("1991-12-26/..", "Ongoing since 26 December 1991."),
        ("../1991", "Lasts until 1991, with an open beginning."),
        ("1928/", "Begins 1928; when it ended is not known."),
        ("/1928", "Ends 1928; when it began is not known."),
        ("[..1990]", "Some day, not known more exactly: 1990 or earlier."),
    ],
)
def test_reading_tells_the_editor_what_was_understood(edtf: str, sentence: str) -> None:
    assert reading(parse_edtf(edtf)) == sentence


@pytest.mark.parametrize(
    ("edtf", "units"),
    [
        ("1953-07-27", ["[1953-07-21..1953-07-31]", "1953-07", "1953"]),
        ("1953-07-27?", ["[1953-07-21..1953-07-31]", "1953-07", "1953"]),
        ("[2023-07-21..2023-07-31]", ["2023-07", "2023", "202X"]),
        ("[2023-07-28..2023-08-02]", ["2023", "202X", "20XX"]),
        ("1950-21", ["1950", "195X", "19XX"]),
        ("195X", ["19XX"]),
        ("19XX", []),
        ("0001", ["000X", "00XX"]),
        ("1950-06-25/1953-07-27", []),
        ("1991/..", []),
        ("[..1953]", []),
    ],
)
def test_a_date_is_widened_to_the_units_that_hold_it(edtf: str, units: list[str]) -> None:
    assert [unit.edtf for unit in wider(parse_edtf(edtf))] == units


@pytest.mark.parametrize(
    ("edtf", "uncertain", "approximate", "expected"),
    [
        ("1953-07-27", True, False, "1953-07-27?"),
        ("1953?", False, True, "1953~"),
        ("1953~", True, True, "1953%"),
        ("1953%", False, False, "1953"),
        ("1950-06-25/1953-07-27", True, False, "1950-06-25?/1953-07-27?"),
        ("1991?/..", False, False, "1991/.."),
        ("/1953", False, True, "/1953~"),
        ("[1950..1953]", True, False, None),
    ],
)
def test_a_date_is_marked_by_one_click(edtf: str, uncertain: bool, approximate: bool, expected: str | None) -> None:
    found = marked(parse_edtf(edtf), uncertain=uncertain, approximate=approximate)
    assert (found and found.edtf) == expected


@pytest.mark.parametrize("language", ["en", "ko", "ru", "zh-hans"])
@pytest.mark.parametrize(
    "edtf", ["1953-07-27?", "[2023-07-21..2023-07-31]", "1950~", "1991/..", "1950-06-25/1953-07-27"]
)
def test_what_is_offered_is_read_as_the_same_date(language: str, edtf: str) -> None:
    with translation.override(language):
        assert parse_human(typed(parse_edtf(edtf))).edtf == edtf


def test_display_follows_the_active_language() -> None:
    with translation.override("ru"):
        assert "июля" in display("1953-07-27")
    assert display("1953-07-27") == "27 July 1953"


@pytest.mark.parametrize(
    ("edtf", "expected"),
    [
        ("1950-07-20", Overlap.CERTAIN),
        ("1950-07", Overlap.POSSIBLE),
        ("1950-06", Overlap.NONE),
        ("1950-06-25/1953-07-27", Overlap.CERTAIN),
        ("1950/1953", Overlap.POSSIBLE),
        ("1949/..", Overlap.CERTAIN),
        ("1949/", Overlap.POSSIBLE),
        ("../1953", Overlap.CERTAIN),
        ("/1953", Overlap.POSSIBLE),
        ("1950-08-01?", Overlap.POSSIBLE),
    ],
)
def test_overlap_with_the_second_half_of_july_1950(edtf: str, expected: Overlap) -> None:
    assert overlap(parse_edtf(edtf), day(1950, 7, 15), day(1950, 7, 31)) is expected


def test_range_runs_from_the_first_day_of_its_beginning_to_the_last_day_of_its_end() -> None:
    assert range_bounds("1950", "July 1953") == (day(1950, 1, 1), day(1953, 7, 31))
    assert range_bounds("1950s", None) == (day(1950, 1, 1), LAST)
    assert range_bounds(" ", "1953-07-27") == (FIRST, day(1953, 7, 27))


@pytest.mark.parametrize(
    ("from_text", "to_text", "parameter", "code"),
    [("soon", "1953", "from", "format"), ("1950", "1953-02-30", "to", "day"), ("1953", "1950", "to", "order")],
)
def test_problem_of_a_range_names_its_side(from_text: str, to_text: str, parameter: str, code: str) -> None:
    with pytest.raises(DateProblem) as caught:
        range_bounds(from_text, to_text)
    assert (caught.value.parameter, caught.value.code) == (parameter, code)
