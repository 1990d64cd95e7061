"""What an import finds wrong, and that nothing is written where something is."""

import datetime
from dataclasses import replace
from typing import Any

import pytest

from tests.importing import (
    ARMISTICE,
    COVERAGE,
    DATASET,
    KIM,
    ONLY_EVENTS,
    SOURCE,
    STORY,
    WAR,
    load,
    only_problem,
    rows,
    vocabulary,
)
from timeline.imports import Change, CountryResolver, UnknownCountry, apply, check
from timeline.models import (
    Country,
    Event,
    Participation,
)
from timeline.records import (
    ActorParticipationRecord,
    NameRecord,
    ParticipationRecord,
    Problem,
    RelationRecord,
)

__all__ = ["vocabulary"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "column", "value", "message"),
    [
        (
            {"category": "weapon"},
            "category",
            "weapon",
            "“weapon” is not one of: conflict, peace, weapons. Is “weapons” meant?",
        ),
        ({"date": "1953-02-30"}, "date", "1953-02-30", "30 February 1953 does not exist"),
        ({"date": "1953/1950"}, "date", "1953/1950", "The date ends (1950) before it begins (1953)."),
        ({"date": ""}, "date", "", "Enter a date"),
        ({"date": "3/4/1953"}, "date", "3/4/1953", "3 April 1953"),
        ({"date": "1" * 500}, "date", "1" * 500, "A date has at most 64 characters."),
        ({"importance": "high"}, "importance", "high", "“high” is no importance: 1 routine, 2 minor, 3 notable"),
        ({"importance": 6}, "importance", "6", "“6” is no importance"),
        ({"latitude": "91"}, "latitude", "91", "“91” is no number of degrees from -90 to 90."),
        ({"longitude": "-180.5"}, "longitude", "-180.5", "“-180.5” is no number of degrees from -180 to 180."),
        ({"longitude": "NaN"}, "longitude", "NaN", "“NaN” is no number of degrees"),
        ({"longitude": "1e9999999"}, "longitude", "1e9999999", "is no number of degrees"),
        ({"latitude": ""}, "latitude", "", "Give both latitude and longitude, or neither."),
        ({"title": ""}, "title", "", "This field cannot be blank."),
        ({"title": "x" * 201}, "title", "x" * 201, "at most 200 characters"),
        ({"summary": "x" * 1001}, "summary", "x" * 1001, "at most 1000 characters"),
        ({"body": "x" * 50_001}, "body", "x" * 50_001, "at most 50000 characters"),
        ({"date_note": "ü" * 1001}, "date_note", "ü" * 1001, "at most 1000 characters"),
        (
            {"sources": (replace(SOURCE, quote="x" * 2001),)},
            "sources[1].quote",
            "x" * 2001,
            "at most 2000 characters",
        ),
        ({"title": "<b>War</b>"}, "title", "<b>War</b>", "Markup such as “<b” is not allowed"),
        ({"summary": "<script>alert(1)</script>"}, "summary", "<script>alert(1)</script>", "Markup such as “<script”"),
        ({"body": "a\x00b"}, "body", "a\x00b", "U+0000"),
        ({"place": "a\u202eb"}, "place", "a\u202eb", "U+202E"),
        ({"date_note": "\ud800"}, "date_note", "\ud800", "U+D800"),
        ({"id": "<i>"}, "id", "<i>", "Markup"),
        ({"status": "public"}, "status", "public", "“public” is not one of: draft, in_review, published, withdrawn."),
        ({"slug": "a b"}, "slug", "a b", "slug"),
        ({"dataset": "other"}, "dataset", "other", "This dataset is neither in the file nor here."),
        (
            {"countries": (ParticipationRecord("South Corea", "host"),)},
            "countries[1].country",
            "South Corea",
            "There is no country “South Corea”. Is South Korea (KOR) meant?",
        ),
        (
            {"countries": (ParticipationRecord("PRK", "guest"),)},
            "countries[1].role",
            "guest",
            "“guest” is not one of: initiator, target, host, visitor, participant, mediator, location.",
        ),
        (
            {"actors": (ActorParticipationRecord("nobody"),)},
            "actors[1].actor",
            "nobody",
            "There is no actor with this slug in the file or here.",
        ),
        ({"names": (NameRecord("전승절"),)}, "names[1]", "전승절", "Say who uses the name"),
        (
            {"sources": (replace(SOURCE, url="javascript:alert(1)"),)},
            "sources[1].url",
            "javascript:alert(1)",
            "“javascript:alert(1)” is not a web address: it must begin with http:// or https://",
        ),
        (
            {"sources": (replace(SOURCE, kind="blog"),)},
            "sources[1].kind",
            "blog",
            "“blog” is not one of: official_document",
        ),
        ({"sources": (replace(SOURCE, title="", url=""),)}, "sources[1].title", "", "Give a title or an address"),
        ({"sources": (replace(SOURCE, accessed="1953"),)}, "sources[1].accessed", "1953", "“1953” is not one day"),
        ({"sources": (replace(SOURCE, published="soon"),)}, "sources[1].published", "soon", "soon"),
        ({"relations": (RelationRecord("causes", "x"),)}, "relations[1].kind", "causes", "“causes” is not one of"),
        ({"relations": (RelationRecord("led_to", "x"),)}, "relations", "x", "There is no event with this identifier"),
        ({"relations": (RelationRecord("led_to", "war"),)}, "relations[1].event", "war", "cannot be related to itself"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(
    changes: dict[str, Any], column: str, value: str, message: str
) -> None:
    before = rows()
    found = only_problem(replace(WAR, **changes))
    assert found[:2] == (column, value)
    assert message in found[2]
    assert rows() == before


@pytest.mark.parametrize(
    ("record", "column", "message"),
    [
        (replace(DATASET, slug="no slug"), "datasets.slug", "slug"),
        (replace(DATASET, url="javascript:1"), "datasets.url", "is not a web address"),
        (replace(DATASET, licence="<b>"), "datasets.licence", "Markup"),
        (replace(KIM, kind="god"), "actors.kind", "“god” is not one of: person, organisation."),
        (replace(KIM, slug="kim", country="Corea"), "actors.country", "There is no country “Corea”."),
        (replace(KIM, name="Another Kim"), "actors.slug", "Another actor of this file has this slug."),
        (replace(STORY, takeaways=("<b>",), events=()), "stories.takeaways", "Markup"),
        (replace(STORY, published="soon", events=()), "stories.published", "soon"),
        (STORY, "stories.events", "There is no event with this identifier in the file or here."),
        (replace(COVERAGE, dataset="other"), "coverage.dataset", "neither in the file nor here"),
        (replace(COVERAGE, first="2024", last="1945"), "coverage", "before"),
    ],
)
def test_what_is_wrong_beside_the_events_is_named_too(record: Any, column: str, message: str) -> None:
    before = rows()
    report = check([DATASET, KIM, record])
    assert report.problems[0].column == column
    assert message in report.problems[0].message
    assert rows() == before


def test_all_that_is_wrong_with_a_row_is_named_at_once() -> None:
    report = check([DATASET, replace(WAR, date="soon", importance="0", category="x", actors=())])
    assert [problem.column for problem in report.problems] == ["date", "category", "importance"]
    assert report.counts[Change.WRONG] == 1


def test_the_column_of_the_file_is_named_where_there_is_one() -> None:
    event = replace(
        WAR,
        date="soon",
        columns={"date": "start, end"},
        countries=(ParticipationRecord("Corea", column="country"),),
    )
    assert [problem.column for problem in check([DATASET, KIM, event]).problems] == ["start, end", "country"]


def test_what_is_wrong_is_told_in_the_order_of_the_rows() -> None:
    """Whether the reader found it at once or the check later."""
    first, second, third = (replace(WAR, id=f"war-{row}", category="weapon", row=row) for row in (1, 2, 3))
    report = check([DATASET, KIM, first, Problem(second.row, "events.importance", "high", "No number."), third])
    assert [problem.row for problem in report.problems] == [1, 2, 3]


def test_an_exact_duplicate_is_reported_once_and_left_out() -> None:
    report = check([*ONLY_EVENTS, replace(WAR, row=3)])
    assert report.problems == []
    assert report.duplicates == [(3, 1)]
    apply(report)
    assert Event.objects.count() == 2


def test_rows_are_the_same_if_their_file_says_so_whatever_their_identifiers() -> None:
    first, second = (
        replace(ARMISTICE, id=name, relations=(), fingerprint=("x",), row=row) for row, name in enumerate("ab", 1)
    )
    report = check([DATASET, first, second])
    assert (report.duplicates, list(report.drafts)) == ([(2, 1)], [("test", "a")])


def test_an_identifier_that_stands_for_two_events_is_a_problem() -> None:
    report = check([*ONLY_EVENTS, replace(WAR, title="Another war", row=3)])
    [problem] = report.problems
    assert (problem.row, problem.column, problem.value) == (3, "id", "war")
    assert problem.message == "Row 1 has the same identifier and says something else."


def test_a_slug_that_another_event_has_is_a_problem() -> None:
    load([DATASET, KIM, replace(WAR, slug="war")])
    assert only_problem(replace(WAR, id="war-2", slug="war")) == ("slug", "war", "Another event already has this slug.")
    first, second = (replace(ARMISTICE, id=name, relations=(), slug="same") for name in "ab")
    assert [problem.column for problem in check([DATASET, first, second]).problems] == ["slug"]


def test_an_event_without_a_dataset_is_a_problem_unless_only_one_can_be_meant() -> None:
    assert only_problem(replace(WAR, actors=()), records=()) == ("dataset", "", "Name a dataset.")
    load(ONLY_EVENTS)
    assert check([replace(WAR)], dataset="test").counts[Change.UNCHANGED] == 1


def test_an_event_that_leads_to_a_wrong_one_is_left_out_with_it() -> None:
    report = check([DATASET, KIM, replace(WAR, date="soon"), ARMISTICE, replace(ARMISTICE, id="c", relations=())])
    assert [problem.column for problem in report.problems] == ["date", "relations"]
    apply(report)
    assert list(Event.objects.values_list("external_id", flat=True)) == ["c"]


def test_only_a_thousand_problems_are_kept_and_all_are_counted() -> None:
    report = check([DATASET, *(replace(WAR, id=str(row), category="x", row=row) for row in range(1500))])
    assert (len(report.problems), report.problem_count) == (1000, 3000)


def test_a_country_outside_its_life_is_only_warned_of() -> None:
    event = replace(WAR, countries=(ParticipationRecord("RUS"),), actors=())
    report = check([DATASET, event])
    assert report.problems == []
    [warning] = report.warnings
    assert warning.message == "Russia existed from 1991-12-26 to …, not on 1950-06-25/1953-07-27."


def test_a_text_that_may_name_a_country_is_passed_over_if_it_does_not() -> None:
    event = replace(WAR, countries=(ParticipationRecord("Admission", optional=True), ParticipationRecord("PRK")))
    load([DATASET, KIM, event])
    assert Participation.objects.count() == 1


# Countries


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("PRK", "PRK"),
        ("prk", "PRK"),
        ("  north   KOREA ", "PRK"),
        ("DPRK", "PRK"),
        ("U.S.S.R.", "SUN"),
        ("Soviet Union", "SUN"),
        ("Cote d’Ivoire".replace("o", "ô", 1), "CIV"),
        ("Ivory Coast", "CIV"),
    ],
)
def test_a_country_is_found_by_every_name_it_has(text: str, code: str) -> None:
    assert CountryResolver.of_database().code(text) == code


def test_a_name_of_two_countries_is_decided_only_by_their_lives() -> None:
    resolver = CountryResolver.of_database()
    assert resolver.code("Korea", datetime.date(1900, 1, 1)) == "XKE"
    assert resolver.code("Korea", datetime.date(1953, 7, 27)) == "KOR"
    with pytest.raises(
        UnknownCountry, match=r"may be any of South Korea \(KOR\), Korean Empire \(XKE\): give the code"
    ):
        resolver.code("Korea")
    with pytest.raises(UnknownCountry, match="may be any of"):
        resolver.code("Korea", datetime.date(1930, 1, 1))


@pytest.mark.parametrize(("text", "code"), [("북한", "PRK"), ("СЕВЕРНАЯ КОРЕЯ", "PRK"), ("中国", "CHN")])
def test_a_country_is_found_by_its_name_in_each_of_our_languages(text: str, code: str) -> None:
    north = Country(code="PRK", name="North Korea", name_ko="북한", name_ru="Северная Корея")
    assert CountryResolver([north, Country(code="CHN", name="China", name_zh="中国")]).code(text) == code


def test_a_word_of_several_names_means_any_of_them() -> None:
    korea, republic = ("PRK", "North Korea"), ("KOR", "South Korea")
    resolver = CountryResolver(
        Country(code=code, name=name) for code, name in (korea, republic, ("XKE", "Korean Empire"))
    )
    with pytest.raises(UnknownCountry, match=r"^“Korea” may be any of South Korea \(KOR\), North Korea \(PRK\): give"):
        resolver.code("Korea", datetime.date(1953, 7, 27))


@pytest.mark.parametrize("text", ["", "Atlantis", "\ud800", "x" * 100_000, "<b>"])
def test_what_names_no_country_is_refused_without_a_guess(text: str) -> None:
    with pytest.raises(UnknownCountry, match="There is no country"):
        CountryResolver.of_database().code(text)


def test_an_empty_table_of_countries_says_what_to_do() -> None:
    with pytest.raises(UnknownCountry, match="run load_countries first"):
        CountryResolver([]).code("PRK")
