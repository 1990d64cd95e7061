"""The way in: what is checked, what is written, and that it comes out again as it came in."""

import datetime
import io
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.cast import empty_site
from tests.importing import ALL, ARMISTICE, DATASET, KIM, ONLY_EVENTS, STORY, WAR, load, rows, vocabulary
from timeline import exports, index
from timeline.filters import EventFilter
from timeline.formats import annals_json
from timeline.imports import Change, Outdated, apply, check
from timeline.models import (
    Actor,
    Category,
    Coverage,
    Dataset,
    Event,
    SlugRedirect,
    Story,
    Vocabulary,
)
from timeline.models.changes import Change as StoredChange
from timeline.records import (
    ParticipationRecord,
)

__all__ = ["vocabulary"]

pytestmark = pytest.mark.django_db


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
