"""What stands in the cells of tables: dates in every usual form, and what is not known of them."""

from __future__ import annotations

import pytest

from timeline.formats import cells


@pytest.mark.parametrize(
    ("parts", "edtf"),
    [
        (("1902", "5", "-9"), "1902-05"),
        (("1902", "0", "0"), "1902"),
        (("1902", "n/a", "unknown"), "1902"),
        (("1902", "-99", ""), "1902"),
        (("1902", "05", "7"), "1902-05-07"),
        (("1902.0", "5.0", ""), "1902-05"),
    ],
)
def test_what_is_not_known_of_a_date_is_left_out(parts: tuple[str, str, str], edtf: str) -> None:
    assert cells.from_parts(*parts) == edtf


@pytest.mark.parametrize("parts", [("-9", "5", "1"), ("1902", "-9", "5"), ("1902", "May", "")])
def test_a_date_whose_year_or_month_is_not_known_is_refused(parts: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError):
        cells.from_parts(*parts)


@pytest.mark.parametrize(
    ("column", "order"),
    [
        (["1/2/1950", "13/2/1950"], "day/month"),
        (["1/2/1950", "2/13/1950"], "month/day"),
        (["1/2/1950", "3/4/1950"], ""),
        (["13/2/1950", "2/13/1950"], ""),
    ],
)
def test_the_order_of_days_and_months_is_that_of_the_column(column: list[str], order: str) -> None:
    assert cells.order_of(column) == order


@pytest.mark.parametrize(
    ("cell", "order", "date"),
    [
        ("25/3/2022", "", "2022-03-25"),
        ("3/25/2022", "", "2022-03-25"),
        ("2/3/2022", "day/month", "2022-03-02"),
        ("2/3/2022", "month/day", "2022-02-03"),
        ("3/3/2022", "", "2022-03-03"),
        ("2.3.2022", "", "2022-03-02"),
        ("20220302", "", "2022-03-02"),
        ("2022-03-02T10:00:00Z", "", "2022-03-02"),
        ("2022-03-02 00:00:00.000", "", "2022-03-02"),
        ("27 July 1953", "", "27 July 1953"),
    ],
)
def test_a_date_is_read_in_every_usual_form(cell: str, order: str, date: str) -> None:
    assert cells.date(cell, order) == date
