"""Records are plain, unchangeable values."""

from dataclasses import FrozenInstanceError, replace

import pytest

from timeline.records import EventRecord, ParticipationRecord, Problem

ARMISTICE = EventRecord(id="armistice", title="Armistice", date="1953-07-27", category="peace")


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        ARMISTICE.title = "Victory"  # type: ignore[misc]


def test_where_a_record_stood_in_its_file_does_not_make_it_another() -> None:
    elsewhere = replace(ARMISTICE, row=7, columns={"date": "day"}, fingerprint=("7",))
    assert elsewhere == ARMISTICE
    assert hash(elsewhere) == hash(ARMISTICE)
    assert ParticipationRecord("PRK", column="country", optional=True) == ParticipationRecord("PRK")


def test_what_a_record_says_makes_it_another() -> None:
    assert replace(ARMISTICE, date="1953-07") != ARMISTICE


def test_a_problem_reads_as_its_message() -> None:
    assert str(Problem(3, "date", "1953-02-30", "There is no such day.")) == "There is no such day."
