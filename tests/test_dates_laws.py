"""What must hold of every date: laws tried on many, with an oracle where there is one."""

import datetime
from collections.abc import Callable

import edtf
import pytest
from dateutil.relativedelta import relativedelta
from django.utils import dateformat
from hypothesis import assume, example, given
from hypothesis import strategies as st

from timeline.dates import (
    MAX_LENGTH,
    DateProblem,
    EventDate,
    Overlap,
    anniversaries_between,
    anniversary,
    display,
    nth,
    overlap,
    parse_edtf,
    parse_human,
    reading,
)
from timeline.dates.calendar_words import formatted

days = st.dates()
plain = days.flatmap(lambda day: st.sampled_from([day.isoformat()[:length] for length in (4, 7, 10)]))
seasons = st.builds("{:04d}-{}".format, st.integers(1, 9999), st.sampled_from([21, 22, 23, 24, 33, 34, 35, 36]))
masks = days.flatmap(lambda day: st.sampled_from([day.isoformat()[:3] + "X", day.isoformat()[:2] + "XX"]))
singles = plain | seasons | masks
qualified = st.builds(str.__add__, singles, st.sampled_from(["", "?", "~", "%"]))
intervals = st.builds("{}/{}".format, qualified | st.sampled_from(["", ".."]), qualified | st.sampled_from(["", ".."]))
choices = st.builds("[{}..{}]".format, singles | st.just(""), singles | st.just(""))
texts = qualified | intervals | choices

TORTURES = [
    *(
        "Infinity",
        "nan",
        "1e400",
        "0x1F",
        "9" * 64,
        "1:2:3:4",
        "10:10:10 PM",
        "1953-07-27T25:61",
        "T",
        "+0000",
        "- - -",
    ),
    *(
        "1 1 1 1",
        "10e100 May",
        "00/00/0000",
        "31/31/3131",
        "١٩٥٣",
        "²⁰²³",
        "Ⅶ 1953",
        "ﷺ" * 60,
        "İ 1953",
        "to to to to",
        "[[..]]",
    ),
    *(
        "the",
        "century",
        "th century",
        "999th century",
        "early early 1950",
        "since",
        "since since 1950",
        "????",
        "~~1950~~",
    ),
    *(
        "1-" * 32,
        "/" * 64,
        "." * 64,
        "between and",
        "between 1950 and",
        "or",
        "week of",
        "0000-W00",
        "9999-W52",
        "0001-W01",
    ),
    *(
        "before 1 January 0001",
        "after 31 December 9999",
        "the week of 31 December 9999",
        "c",
        "c.",
        "%s",
        "%(text)s",
        "{}",
        "{0}",
    ),
    *(
        "since {} {}",
        "monday",
        "monday monday",
        "stndrd",
        "1 st 1950",
        "'",
        "0's",
        "decade 1900-1919",
        "x" * 64,
        "XXXX",
        "0000X",
    ),
]


def valid(text: str) -> EventDate:
    """The date, or a discarded example where the ends came in the wrong order or are both missing."""
    try:
        return parse_edtf(text)
    except DateProblem as problem:
        assume(problem.code not in {"order", "open", "year"})
        raise


def read_or_refused(parse: Callable[[str], EventDate], text: str) -> EventDate | None:
    """The date, or None if the text was refused with a code and a message; any other exception fails the test."""
    refusals: list[DateProblem] = []
    try:
        return parse(text)
    except DateProblem as problem:
        refusals.append(problem)
    assert all(problem.code and str(problem) for problem in refusals)
    return None


@given(st.text(max_size=200) | st.text("0123456789-/.[]X?~% ", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_edtf, parse_human):
        date = read_or_refused(parse, text)
        assert date is None or parse_edtf(date.edtf) == date


WORDS = (
    *("27", "July", "july", "1953", "1950s", "2023", "the", "of", "early", "late", "mid", "since", "until", "before"),
    *("after", "between", "and", "or", "to", "-", "–", "/", "from", "week", "Monday", "about", "c.", "possibly", "?"),
    *("~", "century", "19th", "spring", "Q1", "winter", "decade", "first", "half", "present", "onwards", "(uncertain)"),
    *("07", "3", "12/2023", "..", ",", "月", "г.", "(end unknown)"),
)


@given(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join))
@example("27 to 27 to 27 to 27 July 2023")
def test_any_words_of_dates_are_read_or_refused(text: str) -> None:
    date = read_or_refused(parse_human, text)
    assert date is None or parse_human(display(date)) == date


@pytest.mark.parametrize("text", TORTURES)
def test_torture_is_read_or_refused(text: str) -> None:
    date = read_or_refused(parse_human, text)
    assert date is None or (display(date) and reading(date))


@given(plain)
def test_own_reading_of_plain_dates_is_that_of_the_package(text: str) -> None:
    date, oracle = parse_edtf(text), edtf.parse_edtf(text)
    assert (date.earliest.timetuple()[:3], date.latest.timetuple()[:3]) == (
        oracle.lower_strict()[:3],
        oracle.upper_strict()[:3],
    )


@given(plain, plain)
def test_own_reading_of_intervals_is_that_of_the_package(start: str, end: str) -> None:
    assume(start != end)
    date, oracle = valid(f"{start}/{end}"), edtf.parse_edtf(f"{start}/{end}")
    assert (date.earliest.timetuple()[:3], date.latest.timetuple()[:3]) == (
        oracle.lower_strict()[:3],
        oracle.upper_strict()[:3],
    )


@given(st.integers(300, 9700), st.sampled_from("?~%"), st.sampled_from([4, 3, 2]))
def test_margin_of_years_is_that_of_the_package(year: int, qualifier: str, digits: int) -> None:
    """Of months and days it is narrower: the package adds a year to "26 July 2023?", against its own README."""
    text = f"{year:04d}"[:digits].ljust(4, "X") + qualifier
    date, oracle = parse_edtf(text), edtf.parse_edtf(text)
    assert date.earliest.timetuple()[:3] == oracle.lower_fuzzy()[:3]
    assert date.latest.timetuple()[:3] == oracle.upper_fuzzy()[:3]


@given(texts)
def test_bounds_are_in_order(text: str) -> None:
    date = valid(text)
    assert date.earliest <= date.day <= date.latest
    assert date.earliest <= date.start_latest <= date.latest
    assert date.earliest <= date.end_earliest <= date.latest
    if date.is_day:
        assert date.earliest == date.start_latest == date.end_earliest == date.latest == date.day


@given(texts)
def test_canonical_text_is_stable(text: str) -> None:
    date = valid(text)
    assert parse_edtf(date.edtf) == date
    assert parse_human(date.edtf) == date


@given(texts)
@example("000X")
@example("[0001..0003]")
@example("190X/191X")
@example("20XX/2000")
@example("[2000-01..2000-21]")
@example("9999-12-31/..")
def test_what_is_displayed_can_be_typed(text: str) -> None:
    date = valid(text)
    assert reading(date).endswith(".")
    # Two uncertain ends with full days are longer in words than what may be typed.
    assume(len(display(date)) <= MAX_LENGTH)
    assert parse_human(display(date)) == date


small = st.integers(0, 12).map(lambda number: datetime.date(2023, 7, 1) + datetime.timedelta(number))


def tiny_dates() -> st.SearchStrategy[str]:
    one = small.map(str) | st.builds(str.__add__, small.map(str), st.sampled_from("?~"))
    return one | st.builds("{}/{}".format, one, one) | st.builds("[{}..{}]".format, small, small)


@given(tiny_dates(), small, small)
def test_overlap_is_what_counting_every_possibility_gives(text: str, first: datetime.date, last: datetime.date) -> None:
    assume(first <= last)
    date = valid(text)
    span = [date.earliest + datetime.timedelta(n) for n in range((date.latest - date.earliest).days + 1)]
    if date.is_interval:
        starts = [day for day in span if day <= date.start_latest]
        ends = [day for day in span if day >= date.end_earliest]
        possibilities = [(start, end) for start in starts for end in ends if start <= end]
    else:
        possibilities = [(day, day) for day in span]
    present = [start <= last and end >= first for start, end in possibilities]
    expected = Overlap.CERTAIN if all(present) else Overlap.POSSIBLE if any(present) else Overlap.NONE
    assert overlap(date, first, last) is expected


@given(days, st.integers(1, 9999))
@example(datetime.date(2020, 2, 29), 2100)
@example(datetime.date(2020, 2, 29), 2400)
def test_anniversary_is_the_same_day_or_28_february(day: datetime.date, year: int) -> None:
    found = anniversary(day, year)
    if year <= day.year:
        assert found is None
        return
    assert found is not None
    assert found == day + relativedelta(years=year - day.year)
    if (found.month, found.day) != (day.month, day.day):
        assert (day.month, day.day, found.month, found.day) == (2, 29, 2, 28)
    assert nth(day, found) == year - day.year
    assert nth(day, found - datetime.timedelta(1)) == year - day.year - 1


@given(days, days, st.integers(0, 2000))
def test_anniversaries_between_are_one_a_year(day: datetime.date, first: datetime.date, length: int) -> None:
    assume((datetime.date.max - first).days >= length)
    last = first + datetime.timedelta(length)
    found = anniversaries_between(day, first, last)
    assert found == [
        (year - day.year, date)
        for year in range(first.year, last.year + 1)
        if (date := anniversary(day, year)) and first <= date <= last
    ]
    assert all(nth(day, date) == number for number, date in found)


@given(days, st.lists(st.sampled_from([*"jYFEMNbmndDlLStWyz", "년 ", " \\d\\e ", "\\j", "\\Y", "."])).map("".join))
@example(datetime.date(45, 2, 1), "j E Y")
@example(datetime.date(2024, 2, 29), "\\jj t Y")
def test_a_day_is_written_in_any_format_as_django_writes_it(day: datetime.date, pattern: str) -> None:
    assert formatted(day, pattern, "en") == dateformat.format(day, pattern)
