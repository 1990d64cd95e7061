"""Tables: templates, mappings, and files that are no tables."""

import io
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.formats import FileProblem, table
from timeline.formats.mapping import read_mapping
from timeline.formats.templates import Template, shortened
from timeline.records import ActorRecord, DatasetRecord, EventRecord, ParticipationRecord, Problem

DATASET = """
[dataset]
slug = "launches"
name = "Launches"
publisher = "A publisher"
licence = "CC0"
citation = "A publisher: Launches."
"""
MAPPING = (
    DATASET
    + """
[event]
id = "{day} {number}"
title = "Launch of {what}[ from {where}]"
date = "{day}"
category = "weapons"
countries = [{ value = "PRK", role = "initiator" }]
"""
)
HEADER = "day,number,what,where\n"


def mapping(text: str = MAPPING) -> Any:
    return read_mapping(io.BytesIO(text.encode()))


def read(raw: str | bytes, text: str = MAPPING) -> list[Any]:
    raw = raw.encode() if isinstance(raw, str) else raw
    found = list(table.read(io.BytesIO(raw), mapping(text)))
    assert isinstance(found[0], DatasetRecord)
    return found[1:]


# Templates


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Launch of {what}", "Launch of Unha-3"),
        ("Launch[ from {where}]", "Launch"),
        ("Launch[ of {what}][ from {where}]", "Launch of Unha-3"),
        ("Launch[ of {what} from {where}]", "Launch"),
        ("{what:.4}", "Unha"),
        ("{{what}} [[now]]", "{what} [now]"),
        (" {where} ", ""),
        ("", ""),
    ],
)
def test_a_template_is_filled_and_its_empty_parts_vanish(template: str, text: str) -> None:
    assert Template.parse(template).fill({"what": "Unha-3", "where": ""}) == text


@pytest.mark.parametrize("template", ["{what", "what}", "[what", "what]", "[a [b] c]", "{a{b}}", "{}"])
def test_a_template_whose_signs_do_not_pair_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match="without"):
        Template.parse(template)


@given(st.text())
def test_a_template_without_signs_is_its_own_text(text: str) -> None:
    doubled = "".join(sign * 2 if sign in "{}[]" else sign for sign in text)
    assert Template.parse(doubled).fill({}) == text.strip()


def test_a_long_text_ends_at_a_sentence() -> None:
    text = "The envoy arrived in Moscow. He met Gen. Park of the U.S. Army there. Nothing was signed."
    assert shortened(text, 200) == text
    assert shortened(text, 75) == "The envoy arrived in Moscow. He met Gen. Park of the U.S. Army there."
    assert shortened("Many words and not a single sentence end", 20) == "Many words and not…"


@given(st.text(), st.integers(1, 50))
def test_a_shortened_text_is_never_longer_than_its_limit(text: str, limit: int) -> None:
    assert len(shortened(text, limit)) <= limit


# Mappings


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[event", "The mapping is not TOML"),
        ("colour = 1", "“colour”, which is unknown. Known here are: dataset, table, values, event, variant."),
        (MAPPING + 'colour = "red"', "“event.colour”, which is unknown. Known here are: id, title, summary"),
        (MAPPING + "[table]\nunseen = 'keep'", "table.unseen can only be “remove”."),
        (
            MAPPING + "[table]\nseparator = ';'",
            "“table.separator”, which is unknown. Known here are: same, skip_when, unseen.",
        ),
        (MAPPING.replace('role = "initiator"', 'part = "x"'), "“event.countries[1].part”, which is unknown"),
        (MAPPING.replace('slug = "launches"', ""), "[dataset] must give slug."),
        (MAPPING.replace('licence = "CC0"', ""), "[dataset] must give licence."),
        (DATASET + "[event]\nid = '{a}'", "event must give title."),
        (MAPPING + "latitude = 4", "event.latitude must be a text in quotation marks."),
        (MAPPING + 'date_format = "year/day"', "event.date_format is one of: edtf, month/day/year, day/month/year."),
        (MAPPING + 'summary = "{what"', "event.summary: “{what” has a “{” without its partner"),
        (MAPPING + "[event.limits]\ntitle = 'short'", "event.limits.title must be a number of characters."),
        (MAPPING.replace('value = "PRK", ', ""), "event.countries[1] must give column or value, and not both."),
        (MAPPING + "[values.x]\ntable = {}", "values.x must give column."),
        (MAPPING + "[[variant]]\nwhen = 'always'", "variant[1].when must be a table of columns and values."),
    ],
)
def test_a_mapping_that_is_wrong_says_where_and_what_is_allowed(text: str, message: str) -> None:
    with pytest.raises(FileProblem) as problem:
        mapping(text)
    assert message in str(problem.value)


def test_a_mapping_must_be_utf_8() -> None:
    with pytest.raises(FileProblem, match="The mapping is not UTF-8"):
        read_mapping(io.BytesIO(b"# caf\xe9"))


# Rows


def test_a_row_becomes_an_event_that_knows_its_row_and_columns() -> None:
    [event] = read(HEADER + "2012-12-12,1,Unha-3,Sohae\n")
    assert event == EventRecord(
        id="2012-12-12 1",
        title="Launch of Unha-3 from Sohae",
        date="2012-12-12",
        category="weapons",
        dataset="launches",
        countries=(ParticipationRecord("PRK", "initiator"),),
    )
    assert event.row == 2
    assert event.columns == {"id": "day, number", "title": "what, where", "date": "day"}


def test_an_identifier_of_several_columns_may_be_long_and_tells_rows_apart() -> None:
    """Nobody wrote it, so nobody can shorten it; one column is the identifier as it stands."""
    first, second = read(f"{HEADER}2012-04-13,{'x' * 200}1,a,\n2012-04-13,{'x' * 200}2,a,\n")
    assert len(first.id) <= 150
    assert first.id.startswith("2012-04-13 xxx")
    assert first.id != second.id
    assert (
        read(f"{HEADER}2012-04-13,{'x' * 200},a,\n", MAPPING.replace("{day} {number}", "{number}"))[0].id == "x" * 200
    )


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    events = read(HEADER + '2012-12-12,1,"Unha\n3",Sohae\n\n2013-01-01,1,Unha,Sohae\n')
    assert [event.row for event in events] == [2, 4]


def test_a_byte_order_mark_and_other_line_ends_are_accepted() -> None:
    [event] = read(b"\xef\xbb\xbf" + (HEADER + "2012-12-12,1,Unha,Sohae\n").replace("\n", "\r\n").encode())
    assert event.id == "2012-12-12 1"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "The file is empty."),
        (b"\n\n", "The file is empty."),
        (b"day,number,what,where\n", "The file has a header and no rows."),
        (b"day,number,what\n1,2,3\n", "lacks the columns that the mapping needs: where. It has: day, number, what."),
        (b"day,number,what,were\n1,2,3,4\n", "Is “were” meant?"),
        (b"day,day,what,where\n1,2,3,4\n", "The header has the column “day” twice."),
        (b"day,number,what,where\n2012,1,caf\xe9,x\n", "Line 2 is not UTF-8 (byte 0xE9 at position 11)."),
        ("day,number\n".encode("utf-16"), "The file is in UTF-16."),
        (b"day,number,what,where\n2012,1,a\0b,x\n", "Line 2 holds a NUL character"),
        (b'day,number,what,where\n2012,1,a,x\n2013,1,"a,x\n', "Row 3 cannot be read: unexpected end of data."),
        (b'day,number,what,where\n2012,1,"a"b,x\n', "Row 2 cannot be read"),
        (b"day,number,what,where\n2012,1," + b"x" * 200_000 + b",x\n", "Row 2 cannot be read: field larger than"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(raw: bytes, message: str) -> None:
    with pytest.raises(FileProblem) as problem:
        read(raw)
    assert message in str(problem.value)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_whatever_sign_stands_between_the_cells_the_table_is_read(sign: str) -> None:
    [event] = read((HEADER + "2012-12-12,1,Unha,Sohae\n").replace(",", sign))
    assert event.title == "Launch of Unha from Sohae"


@pytest.mark.parametrize(
    ("other", "order", "date"),
    [
        ("25/12/2012", "", "2012-04-03"),
        ("12/25/2012", "", "2012-03-04"),
        ("2012-12-25", "day/month", "2012-04-03"),
        ("2012-12-25", "month/day", "2012-03-04"),
    ],
)
def test_the_order_of_days_and_months_is_that_of_the_column_or_said(other: str, order: str, date: str) -> None:
    raw = f"{HEADER}3/4/2012,1,Unha,Sohae\n{other},2,Unha,Sohae\n".encode()
    _dataset, first, _second = table.read(io.BytesIO(raw), mapping(), order)
    assert isinstance(first, EventRecord)
    assert first.date == date


def test_a_date_with_two_readings_is_asked_about() -> None:
    [problem] = read(HEADER + "3/4/2012,1,Unha,Sohae\n")
    assert isinstance(problem, Problem)
    assert (problem.column, "may be 2012-04-03 or 2012-03-04" in problem.message) == ("day", True)


def test_a_ragged_row_is_named_and_the_others_are_read() -> None:
    problem, event = read(HEADER + "2012-12-12,1,Unha\n2013,1,Unha,Sohae\n")
    assert isinstance(problem, Problem)
    assert (problem.row, problem.message) == (2, "The row has 3 cells; the header has 4.")
    assert event.row == 3


@given(st.binary(max_size=200))
def test_whatever_bytes_come_are_read_or_refused(raw: bytes) -> None:
    with suppress(FileProblem):
        assert list(table.read(io.BytesIO(HEADER.encode() + raw), mapping()))


# Dates, values, conditions


def dated(**keys: str) -> str:
    lines = "".join(f'{key} = "{value}"\n' for key, value in keys.items())
    return DATASET + '[event]\nid = "{a}"\ntitle = "{a}"\ncategory = "peace"\n' + lines


@pytest.mark.parametrize(
    ("keys", "row", "date"),
    [
        ({"date": "{a}", "date_end": "{b}"}, "1953-07-25,1953-07-27", "1953-07-25/1953-07-27"),
        ({"date": "{a}", "date_end": "{b}"}, "1953-07-25,1953-07-25", "1953-07-25"),
        ({"date": "{a}", "date_end": "{b}"}, "1953-07-25,", "1953-07-25"),
        ({"date": "{a}", "date_precision": "{b}"}, "1953-07-25,month", "1953-07"),
        ({"date": "{a}", "date_precision": "{b}"}, "1953,year", "1953"),
        ({"date": "{a}", "date_precision": "{b}"}, "1953-07-25,", "1953-07-25"),
        ({"date": "{a}", "date_format": "month/day/year"}, "2/16/1946,", "1946-02-16"),
        ({"date": "{a}", "date_format": "day/month/year"}, "16/2/1946,", "1946-02-16"),
    ],
)
def test_a_date_is_made_of_its_columns(keys: dict[str, str], row: str, date: str) -> None:
    [event] = read(f"a,b\n{row}\n", dated(**keys))
    assert event.date == date


@pytest.mark.parametrize(
    ("row", "value", "message"),
    [
        ("1953-07-25,week", "week", "A precision is one of: year, month, day."),
        ("1953,day", "day", "The date is “1953”, which is less precise."),
    ],
)
def test_a_precision_that_does_not_fit_is_named(row: str, value: str, message: str) -> None:
    [problem] = read(f"a,b\n{row}\n", dated(date="{a}", date_precision="{b}"))
    assert (problem.row, problem.column, problem.value, problem.message) == (2, "b", value, message)


VALUES = MAPPING.replace('"weapons"', '"{kind}"') + '[values.kind]\ncolumn = "what"\nstrip = "*"\n'


def test_a_value_is_looked_up_without_the_signs_around_it() -> None:
    [event] = read(HEADER + "2012,1,Unha*,Sohae\n", VALUES + 'table = { Unha = "economy" }')
    assert event.category == "economy"
    assert event.columns["category"] == "what"


def test_a_value_that_the_table_does_not_have_is_a_problem_or_what_the_mapping_says() -> None:
    [problem] = read(HEADER + "2012,1,Scud,Sohae\n", VALUES + 'table = { Unha = "economy" }')
    assert (problem.column, problem.value, problem.message) == ("what", "Scud", "The mapping knows only: Unha.")
    [event] = read(HEADER + "2012,1,Scud,Sohae\n", VALUES + 'otherwise = "weapons"')
    assert event.category == "weapons"


def test_the_first_variant_whose_condition_holds_makes_the_event() -> None:
    text = (
        MAPPING
        + '[[variant]]\nwhen = { what = "Unha", where = ["Sohae", ""] }\ntitle = "Satellite launch"\ncountries = []\n'
        + '[table]\nskip_when = [{ what = "Unknown" }]\nsame = ["day"]\n'
    )
    first, second = read(HEADER + "2012,1,Unha,Sohae\n2012,2,Unknown,Sohae\n2013,1,Unha,Tonghae\n", text)
    assert (first.title, first.countries, first.fingerprint) == ("Satellite launch", (), ("2012",))
    assert (second.title, second.row) == ("Launch of Unha from Tonghae", 4)


def test_a_row_that_no_variant_fits_is_a_problem() -> None:
    text = (
        MAPPING.replace('title = "Launch of {what}[ from {where}]"', "")
        + '[[variant]]\nwhen = { what = "A" }\ntitle = "A"'
    )
    [problem] = read(HEADER + "2012,1,B,Sohae\n", text)
    assert (problem.column, problem.value, problem.message) == ("what", "B", "No variant of the mapping fits this row.")


def test_countries_come_from_columns_and_may_be_several() -> None:
    text = MAPPING.replace('value = "PRK"', 'column = "where", split = "-", optional = true')
    [event] = read(HEADER + "2012,1,Unha,Israel-Lebanon\n", text)
    assert [(part.country, part.column, part.optional) for part in event.countries] == [
        ("Israel", "where", True),
        ("Lebanon", "where", True),
    ]


def test_an_actor_is_given_once_and_takes_part_in_each_event() -> None:
    text = MAPPING + '[[event.actors]]\nname = "{where}"\nrole = "visitor"\ncountry = "PRK"\n'
    actor, first, second, third = read(HEADER + "2012,1,a,Kim Yong-nam\n2013,1,a,Kim Yong-nam\n2014,1,a,\n", text)
    assert actor == ActorRecord("kim-yong-nam", "Kim Yong-nam", "person", "PRK", only_if_missing=True)
    assert [part.actor for part in first.actors + second.actors + third.actors] == ["kim-yong-nam"] * 2
