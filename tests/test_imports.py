"""The way in: what is checked, what is written, and that nothing is where something is wrong."""

import datetime
import io
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.cast import empty_site
from timeline import exports, index
from timeline.filters import EventFilter
from timeline.formats import annals_json
from timeline.imports import Change, CountryResolver, Outdated, UnknownCountry, apply, check
from timeline.models import (
    Actor,
    ActorParticipation,
    Category,
    Country,
    Coverage,
    Dataset,
    Event,
    EventName,
    Participation,
    Relation,
    Revision,
    SlugRedirect,
    Source,
    Story,
    Vocabulary,
)
from timeline.models.changes import Change as StoredChange
from timeline.records import (
    ActorParticipationRecord,
    ActorRecord,
    CoverageRecord,
    DatasetRecord,
    EventRecord,
    NameRecord,
    ParticipationRecord,
    RelationRecord,
    SourceRecord,
    StoryRecord,
)

pytestmark = pytest.mark.django_db

DATASET = DatasetRecord("test", "A dataset", "A publisher", "CC0", "A publisher: A dataset.", "https://example.org/")
KIM = ActorRecord("kim-il-sung", "Kim Il-sung", "person", "PRK", "Leader of North Korea.")
SOURCE = SourceRecord("research", "A publisher", "A book", "https://example.org/book", "1960")
WAR = EventRecord(
    id="war",
    title="Korean War",
    date="1950-06-25/1953-07-27",
    category="conflict",
    importance=5,
    place="Panmunjom",
    latitude="37.956",
    longitude="126.6771234",
    countries=(ParticipationRecord("North Korea", "initiator"), ParticipationRecord("KOR", "target")),
    actors=(ActorParticipationRecord("kim-il-sung", "initiator"),),
    names=(NameRecord("조국해방전쟁", "PRK", "ko", "Fatherland Liberation War"),),
    sources=(SOURCE,),
    row=1,
)
ARMISTICE = EventRecord(
    id="armistice",
    title="Armistice of the Korean War",
    date="27 July 1953",
    category="peace",
    countries=(ParticipationRecord("PRK"),),
    relations=(RelationRecord("part_of", "war", "its end"),),
    row=2,
)
STORY = StoryRecord(
    "a-story", "A story", ("One thing.", "Another."), "Text.", "2023-07-28", events=("armistice", "war")
)
COVERAGE = CoverageRecord("test", ("PRK", "South Korea"), "1945", "2024", "Main events.")
ALL: list[Any] = [DATASET, KIM, WAR, ARMISTICE, STORY, COVERAGE]
ONLY_EVENTS: list[Any] = [DATASET, KIM, WAR, ARMISTICE]


@pytest.fixture(autouse=True)
def _vocabulary() -> None:
    for code, name, first, last, aliases in (
        ("PRK", "North Korea", "1948-09-09", None, ["DPRK"]),
        ("KOR", "South Korea", "1948-08-15", None, ["Korea, South", "Korea"]),
        ("XKE", "Korean Empire", "1897-10-13", "1910-08-29", ["Korea"]),
        ("RUS", "Russia", "1991-12-26", None, []),
        ("SUN", "Soviet Union", "1922-12-30", "1991-12-26", ["U.S.S.R."]),
        ("CIV", "Côte d'Ivoire", None, None, ["Ivory Coast"]),
    ):
        days = [datetime.date.fromisoformat(day) if day else None for day in (first, last)]
        standard = "iso3166-3" if last else "iso3166-1"
        Country(code=code, name=name, first_day=days[0], last_day=days[1], aliases=aliases, standard=standard).save()
    for position, slug in enumerate(("conflict", "peace", "weapons"), 1):
        Category(slug=slug, name=slug.title(), position=position).save()


def rows() -> dict[str, int]:
    """How much is stored, history and revision included."""
    models = (Event, Participation, ActorParticipation, EventName, Source, Relation, Actor, Dataset, Story, Coverage)
    counts = {model.__name__: model._default_manager.count() for model in models}
    counts |= {f"history of {model.__name__}": model.history.count() for model in models}
    return counts | {"revision": Revision.objects.number(), "changes": StoredChange.objects.count()}


def load(records: list[Any], **options: Any) -> None:
    report = check(records, **options)
    assert report.problems == []
    apply(report)


def only_problem(record: Any, *, records: tuple[Any, ...] = (DATASET, KIM)) -> tuple[str, str, str]:
    report = check([*records, record])
    [problem] = report.problems
    return problem.column, problem.value, problem.message


# What is written


def test_a_check_writes_nothing() -> None:
    before = rows()
    report = check(ALL)
    assert report.counts == {Change.NEW: 2, Change.DUPLICATE: 0, Change.WRONG: 0}
    assert rows() == before


def test_an_event_is_stored_with_all_that_belongs_to_it() -> None:
    load(ALL)
    war = Event.objects.get(external_id="war")
    assert (war.dataset and war.dataset.slug, war.slug, war.status) == ("test", "korean-war", "draft")
    assert (war.earliest, war.latest) == (datetime.date(1950, 6, 25), datetime.date(1953, 7, 27))
    assert (war.latitude, war.longitude) == (Decimal("37.956"), Decimal("126.67712"))
    assert list(war.participations.values_list("country_id", "role")) == [("PRK", "initiator"), ("KOR", "target")]
    assert list(war.actor_participations.values_list("actor__name", "role")) == [("Kim Il-sung", "initiator")]
    assert list(war.names.values_list("name", "country_id", "language")) == [("조국해방전쟁", "PRK", "ko")]
    assert list(war.sources.values_list("kind", "title", "published")) == [("research", "A book", "1960")]
    armistice = Event.objects.get(external_id="armistice")
    assert armistice.date == "1953-07-27"
    assert list(armistice.relations.values_list("kind", "target", "note")) == [("part_of", war.pk, "its end")]
    story = Story.objects.get()
    assert story.takeaways == ["One thing.", "Another."]
    assert list(story.story_events.values_list("event__external_id", flat=True)) == ["armistice", "war"]
    coverage = Coverage.objects.get()
    assert (coverage.first_day, coverage.last_day) == (datetime.date(1945, 1, 1), datetime.date(2024, 12, 31))
    assert set(coverage.countries.values_list("pk", flat=True)) == {"PRK", "KOR"}


def test_every_written_row_has_its_history_and_every_event_its_change() -> None:
    apply(check(ALL), reason="a test")
    counts = rows()
    for model in ("Event", "Participation", "ActorParticipation", "EventName", "Source", "Relation", "Actor"):
        assert counts[model] == counts[f"history of {model}"], model
    assert set(Event.history.values_list("history_change_reason", flat=True)) == {"a test"}
    # Steps that touch no event leave a row without one.
    assert set(StoredChange.objects.values_list("event_id", flat=True)) - {None} == set(
        Event.objects.values_list("pk", flat=True)
    )


def test_a_second_run_changes_nothing() -> None:
    load(ALL)
    before = rows()
    report = check(ALL)
    assert report.counts[Change.UNCHANGED] == 2
    assert report.companions == []
    apply(report)
    assert rows() == before
    assert set(Event.objects.values_list("version", flat=True)) == {1}


def test_only_what_differs_is_changed() -> None:
    load(ALL)
    war = Event.objects.get(external_id="war")
    sources = list(war.sources.values_list("pk", flat=True))
    changed = replace(WAR, title="The Korean War", countries=(ParticipationRecord("PRK", "initiator"),))
    report = check([DATASET, KIM, changed, ARMISTICE])
    assert (report.counts[Change.CHANGED], report.counts[Change.UNCHANGED]) == (1, 1)
    apply(report)
    after = Event.objects.get(external_id="war")
    assert (after.pk, after.title, after.slug, after.version) == (war.pk, "The Korean War", "korean-war", 2)
    assert after.modified > war.modified
    assert list(after.participations.values_list("country_id", flat=True)) == ["PRK"]
    assert list(after.sources.values_list("pk", flat=True)) == sources
    assert after.history.count() == 2
    assert Event.objects.get(external_id="armistice").version == 1


def test_a_changed_date_moves_the_days_that_are_derived_from_it() -> None:
    load(ONLY_EVENTS)
    load([DATASET, KIM, WAR, replace(ARMISTICE, date="1953-07")])
    armistice = Event.objects.get(external_id="armistice")
    assert (armistice.latest, armistice.precision) == (datetime.date(1953, 7, 31), "month")


def test_an_actor_a_dataset_and_a_story_are_brought_up_to_date() -> None:
    load(ALL)
    described = replace(KIM, description="Founder of North Korea.")
    load([replace(DATASET, licence="CC BY 4.0"), described, WAR, ARMISTICE, replace(STORY, events=("war",))])
    assert Dataset.objects.get().licence == "CC BY 4.0"
    assert Actor.objects.get().description == "Founder of North Korea."
    assert Story.objects.get().story_events.count() == 1


def test_an_actor_whom_a_table_mentions_leaves_a_described_one_alone() -> None:
    load(ALL)
    load([DATASET, replace(KIM, description="", country="", only_if_missing=True), WAR, ARMISTICE])
    assert Actor.objects.get().description == KIM.description


def test_new_events_get_the_status_that_is_asked_for_and_stored_ones_keep_theirs() -> None:
    load(ONLY_EVENTS, status="published")
    assert Event.objects.published().count() == 2
    before = rows()
    load(ONLY_EVENTS, status="draft")
    assert rows() == before
    load([DATASET, KIM, replace(WAR, status="withdrawn"), ARMISTICE])
    assert Event.objects.get(external_id="war").status == "withdrawn"


def test_events_of_one_title_get_addresses_of_their_own() -> None:
    events = [replace(ARMISTICE, id=str(number), relations=()) for number in range(4)]
    load([DATASET, *events])
    slugs = list(Event.objects.order_by("external_id").values_list("slug", flat=True))
    stem = "armistice-of-the-korean-war"
    assert slugs == [stem, f"{stem}-1953", f"{stem}-1953-2", f"{stem}-1953-3"]


def test_an_address_that_a_file_changes_leads_on_and_is_not_given_to_another_event() -> None:
    load([DATASET, replace(ARMISTICE, slug="truce", relations=())])
    load([DATASET, replace(ARMISTICE, slug="armistice", relations=())])
    event = Event.objects.get()
    assert (event.slug, SlugRedirect.objects.event_of("truce")) == ("armistice", event)
    load([DATASET, replace(ARMISTICE, id="2", title="Truce", relations=())])
    assert Event.objects.get(external_id="2").slug == "truce-1953"
    report = check([DATASET, replace(ARMISTICE, id="3", slug="truce", relations=())])
    assert [problem.column for problem in report.problems] == ["slug"]
    load([DATASET, replace(ARMISTICE, slug="truce", relations=())])
    assert (Event.objects.get(external_id="armistice").slug, SlugRedirect.objects.get().slug) == ("truce", "armistice")


def test_nothing_is_written_if_something_else_was_since_the_check() -> None:
    report = check(ALL)
    Category.objects.filter(slug="weapons").update(name="Weapons and tests")
    before = rows()
    with pytest.raises(Outdated):
        apply(report)
    assert rows() == before


def test_a_failure_half_way_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    report = check(ALL)
    # The last step of the import cannot work, after all the others have.
    (coverage,) = [draft for draft in report.companions if draft.model is Coverage]
    coverage.parts[Coverage] = [("2024", "1945", "", "")]
    before = rows()
    with pytest.raises(ValueError, match="before"):
        apply(report)
    assert rows() == before


# What is wrong


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


@pytest.mark.parametrize("text", ["", "Atlantis", "\ud800", "x" * 100_000, "<b>"])
def test_what_names_no_country_is_refused_without_a_guess(text: str) -> None:
    with pytest.raises(UnknownCountry, match="There is no country"):
        CountryResolver.of_database().code(text)


def test_an_empty_table_of_countries_says_what_to_do() -> None:
    with pytest.raises(UnknownCountry, match="run load_countries first"):
        CountryResolver([]).code("PRK")


# The command


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "events.json"
    path.write_text(json.dumps(annals_json.as_document(ALL)))
    return path


def run(*arguments: Any) -> tuple[int, str, str]:
    out, errors = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("import_events", *map(str, arguments), stdout=out, stderr=errors, no_color=True)
    except SystemExit as stop:
        code = int(stop.code or 0)
    return code, out.getvalue(), errors.getvalue()


def test_the_command_imports_and_says_what_it_did(document: Path) -> None:
    assert run(document) == (
        0,
        (
            "2 new, 0 changed, 0 unchanged, 0 in conflict, 0 duplicates, 0 wrong.\n"
            "Besides: datasets: 1, actors: 1, stories: 1, coverage: 1.\n"
        ),
        "",
    )
    assert Event.objects.count() == 2
    before = rows()
    assert run(document)[1] == "0 new, 0 changed, 2 unchanged, 0 in conflict, 0 duplicates, 0 wrong.\n"
    assert rows() == before


def test_a_dry_run_writes_nothing(document: Path) -> None:
    before = rows()
    code, out, _errors = run(document, "--dry-run")
    assert (code, out.splitlines()[0]) == (0, "2 new, 0 changed, 0 unchanged, 0 in conflict, 0 duplicates, 0 wrong.")
    assert "Nothing was written: this was a dry run." in out
    assert rows() == before


def test_a_problem_stops_the_import_unless_errors_are_skipped(document: Path) -> None:
    document.write_text(json.dumps(annals_json.as_document([*ONLY_EVENTS, replace(WAR, id="x", category="x")])))
    before = rows()
    code, out, errors = run(document)
    assert (code, out.splitlines()) == (
        1,
        ["2 new, 0 changed, 0 unchanged, 0 in conflict, 0 duplicates, 1 wrong.", "Besides: datasets: 1, actors: 1."],
    )
    assert "row 3, category: “x”: “x” is not one of: conflict, peace, weapons." in errors
    assert "Nothing was imported." in errors
    assert rows() == before
    code, _out, errors = run(document, "--skip-errors", "--status", "published")
    assert (code, "row 3" in errors) == (1, True)
    assert Event.objects.published().count() == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.json"], "The file cannot be read"),
        (["events.json", "--format", "mapping"], "A table needs --mapping"),
        (["bad.json"], "bad.json: This is not JSON"),
        (["events.json", "--mapping", "bad.json"], "bad.json: The mapping is not TOML"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_of_one_line(
    document: Path, arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (document.parent / "bad.json").write_text("{")
    monkeypatch.chdir(document.parent)
    before = rows()
    with pytest.raises(CommandError) as error:
        run(*arguments)
    assert message in str(error.value)
    assert rows() == before


TABLE_MAPPING = """
[dataset]
slug = "table"
name = "A table"
publisher = "A publisher"
licence = "CC0"
citation = "A publisher: A table."
[event]
id = "{id}"
title = "{title}"
date = "{start}"
date_end = "{end}"
category = "{category}"
countries = [{ column = "country", role = "host" }]
[[event.sources]]
publisher = "A publisher"
title = "A table"
url = "{url}"
"""
HEADER = b"id,title,start,end,category,country,url\n"
ROW = b"1,A title,1953-07-25,1953-07-27,peace,North Korea,https://example.org/1\n"


def run_table(folder: Path, raw: bytes, *arguments: str) -> tuple[int, str, str]:
    (folder / "mapping.toml").write_text(TABLE_MAPPING)
    (folder / "table.csv").write_bytes(raw)
    return run(folder / "table.csv", "--mapping", folder / "mapping.toml", *arguments)


def test_a_table_comes_in_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    assert run_table(tmp_path, b"\xef\xbb\xbf" + HEADER + ROW)[1].startswith("1 new")
    assert run_table(tmp_path, HEADER + ROW)[1].startswith("0 new, 0 changed, 1 unchanged")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "table.csv: The file is empty."),
        (HEADER, "table.csv: The file has a header and no rows."),
        (HEADER.replace(b"country", b"land") + ROW, "lacks the columns that the mapping needs: country."),
        (HEADER + ROW + ROW.replace(b"A title", b"Caf\xe9"), "Line 3 is not UTF-8 (byte 0xE9 at position 6)."),
        (HEADER + ROW + b"2,a\0b,1953,,peace,PRK,\n", "Line 3 holds a NUL character"),
        (HEADER + ROW + b'2,"a,1953,,peace,PRK,\n', "Row 3 cannot be read: unexpected end of data."),
    ],
)
@pytest.mark.parametrize("options", [[], ["--skip-errors"]])
def test_a_table_that_cannot_be_read_to_its_end_leaves_nothing_behind(
    tmp_path: Path, raw: bytes, message: str, options: list[str]
) -> None:
    before = rows()
    with pytest.raises(CommandError) as error:
        run_table(tmp_path, raw, *options)
    assert message in str(error.value)
    assert rows() == before


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",https://example.org/1", "", "row 3: “”: The row has 6 cells; the header has 7."),
        ("peace", "war", "row 3, category: “war”: “war” is not one of: conflict, peace, weapons."),
        (
            "North Korea",
            "North Corea",
            "row 3, country: “North Corea”: There is no country “North Corea”. Is North Korea",
        ),
        ("1953-07-25", "1953-02-30", "row 3, start, end: “1953-02-30/1953-07-27”: 30 February 1953 does not exist"),
        (
            "1953-07-25",
            "1954",
            "row 3, start, end: “1954/1953-07-27”: The date ends (1953-07-27) before it begins (1954).",
        ),
        ("A title", "<img src=x onerror=alert(1)>", "row 3, title: “<img src=x onerror=alert(1)>”: Markup such as"),
        ("https://", "javascript:", "row 3, url: “javascript:example.org/1”: “javascript:example.org/1” is not a web"),
        ("2,A", "1,Another", "row 3, id: “1”: Row 2 has the same identifier and says something else."),
    ],
)
def test_a_row_that_is_wrong_is_named_and_nothing_is_imported(tmp_path: Path, old: str, new: str, message: str) -> None:
    before = rows()
    second = ROW.decode().replace("1,A title", "2,A title").replace(old, new)
    code, out, errors = run_table(tmp_path, HEADER + ROW + second.encode())
    assert (code, out.splitlines()) == (
        1,
        ["1 new, 0 changed, 0 unchanged, 0 in conflict, 0 duplicates, 1 wrong.", "Besides: datasets: 1."],
    )
    assert message in errors
    assert rows() == before


def test_a_row_that_is_there_twice_is_reported_once(tmp_path: Path) -> None:
    code, out, errors = run_table(tmp_path, HEADER + ROW + ROW)
    assert (code, errors) == (0, "")
    assert out.splitlines() == [
        "1 new, 0 changed, 0 unchanged, 0 in conflict, 1 duplicates, 0 wrong.",
        "Besides: datasets: 1.",
        "Row 3 repeats row 2 and is left out.",
    ]


# Round trip


def written() -> dict[str, Any]:
    """The annals/1 document of all published events."""
    return annals_json.as_document(exports.records_of(index.answer(EventFilter(Vocabulary.current()))))


def test_what_is_exported_is_imported_as_the_same() -> None:
    load(ALL, status="published")
    document = written()
    empty_site()
    load(list(annals_json.read(io.BytesIO(json.dumps(document).encode()))))
    assert written() == document
    assert len(document["events"]) == 2
    assert [len(document[key]) for key in ("datasets", "actors", "stories", "coverage")] == [1, 1, 1, 1]
