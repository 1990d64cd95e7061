"""Anniversaries of dates: which, on which day, and which of them are notable."""

import datetime

import pytest

from timeline.dates import (
    anniversaries_between,
    anniversary,
    is_notable,
    next_notable,
    nth,
    ordinal_words,
    parse_edtf,
)

day = datetime.date


def test_armistice_on_the_eve_of_its_70th_anniversary() -> None:
    """25,566 days, "one day short of seven decades", said UN Command's deputy on 26 July 2023."""
    armistice, eve = parse_edtf("1953-07-27").day, day(2023, 7, 26)
    assert (eve - armistice).days == 25_566
    assert nth(armistice, eve) == 69
    assert next_notable(armistice, eve) == (70, day(2023, 7, 27))
    assert next_notable(armistice, day(2023, 7, 28)) == (75, day(2028, 7, 27))


def test_29_february_is_observed_on_the_28th_in_other_years() -> None:
    born = day(2020, 2, 29)
    assert [anniversary(born, year) for year in (2020, 2021, 2024)] == [None, day(2021, 2, 28), day(2024, 2, 29)]
    assert [nth(born, on) for on in (day(2021, 2, 27), day(2021, 2, 28), day(2024, 2, 28))] == [0, 1, 3]


def test_anniversaries_between_two_days() -> None:
    armistice = day(1953, 7, 27)
    assert anniversaries_between(armistice, day(2022, 7, 27), day(2023, 7, 26)) == [(69, day(2022, 7, 27))]
    assert [n for n, _date in anniversaries_between(armistice, day(1954, 1, 1), day(1980, 1, 1), notable=True)] == [
        1,
        5,
        10,
        20,
        25,
    ]
    assert anniversaries_between(armistice, day(1940, 1, 1), armistice) == []


def test_notable_anniversaries() -> None:
    assert [number for number in range(-1, 160) if is_notable(number)] == [
        *(1, 5, 10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 100, 125, 150)
    ]
    assert next_notable(day(9990, 1, 1), day(9999, 6, 1)) is None


@pytest.mark.parametrize(
    ("number", "words"),
    [
        *((1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"), (70, "70th")),
        *((101, "101st"), (111, "111th"), (112, "112th"), (122, "122nd")),
    ],
)
def test_ordinal_words(number: int, words: str) -> None:
    assert ordinal_words(number) == words
