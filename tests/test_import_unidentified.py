"""Events that editors made have no identifier in a dataset: a file that comes in again finds them by their address."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest

from tests.cast import empty_site, make_places
from timeline.exports import records_of_selection
from timeline.formats import Reading
from timeline.formats.registry import FORMATS
from timeline.imports import Change, Decision, Report, apply, check
from timeline.models import Dataset, Event, Relation, Revision, Source, Story, StoryEvent
from timeline.records import DatasetRecord, EventRecord, RelationRecord

pytestmark = pytest.mark.django_db

WHOLE = ["json", "csv", "xlsx", "timelinejs"]
PARADE = EventRecord("parade", "Parade", "1953-07-28", "peace", slug="parade", status="draft")


@pytest.fixture(autouse=True)
def _made() -> None:
    """Two events of no dataset, one without identifier in a dataset, one with; an arrow from each to the next."""
    make_places()
    dataset = Dataset.objects.create(slug="test", name="A dataset", publisher="P", licence="CC0", citation="P.")
    made = [
        Event.objects.create(title=title, date="1953-07-28", category_id="peace", dataset=within, external_id=called)
        for title, within, called in (
            ("Parade", None, ""),
            ("Speech", None, ""),
            ("Talks", dataset, ""),
            ("Truce", dataset, "truce-1953"),
        )
    ]
    Source.objects.create(event=made[0], publisher="P", title="A report")
    for event, target in zip(made, [*made[1:], made[0]], strict=True):
        Relation.objects.create(event=event, kind="led_to", target=target)
    Relation.objects.create(event=made[3], kind="part_of", target=made[2])
    story = Story.objects.create(slug="story", title="Story", text="Text.", published="2023-07-28")
    StoryEvent.objects.bulk_create(
        StoryEvent(story=story, event=event, position=place) for place, event in enumerate(made)
    )


def exported(format: str) -> list[Any]:
    write = FORMATS[format].write
    assert write is not None
    ids = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    raw = b"".join(write(records_of_selection(ids)))
    return list(FORMATS[format].read(io.BytesIO(raw), Reading()))


def came_in(*records: Any, dataset: str = "", decision: Decision = Decision.OPEN) -> Report:
    report = check(records, dataset=dataset)
    assert report.problems == []
    apply(report, decide=lambda draft: decision)
    return report


def called(slug: str) -> Event:
    return Event.objects.get(slug=slug)


def arrows() -> set[tuple[str, str, str]]:
    return set(Relation.objects.values_list("event__title", "kind", "target__title"))


@pytest.mark.parametrize("format", WHOLE)
def test_what_is_exported_changes_nothing_where_it_came_from(format: str) -> None:
    before, leading = Revision.objects.number(), arrows()
    file = exported(format)
    first = came_in(*file)
    assert first.counts[Change.UNCHANGED] == 4
    assert came_in(*file).counts == first.counts
    assert (Event.objects.count(), arrows()) == (4, leading)
    assert Revision.objects.number() == before


@pytest.mark.parametrize("format", WHOLE)
def test_what_is_exported_comes_into_an_empty_site(format: str) -> None:
    leading, file = arrows(), exported(format)
    empty_site()
    assert came_in(*file, dataset="test").counts[Change.NEW] == 4
    assert arrows() == leading
    assert set(Event.objects.values_list("dataset__slug", flat=True)) == {"test"}
    assert came_in(*file, dataset="test").counts[Change.UNCHANGED] == 4


def test_what_another_file_says_of_an_event_of_this_address_is_asked_about_every_time() -> None:
    came_in(*exported("json"))
    for summary in ("Somebody's words.", "Other words."):
        stranger = replace(PARADE, summary=summary, sources=())
        report = came_in(stranger)
        assert set(report.drafts["", "parade"].conflicts) == {"summary", "source"}
        assert (called("parade").summary, called("parade").sources.count()) == ("", 1)
    came_in(stranger, decision=Decision.TAKE)
    assert called("parade").summary == "Other words."


def test_what_was_decided_to_stay_is_not_asked_about_again() -> None:
    file = [replace(each, summary="New.") if isinstance(each, EventRecord) else each for each in exported("json")]
    assert came_in(*file).counts[Change.CONFLICT] == 4
    came_in(*file, decision=Decision.KEEP)
    assert came_in(*file).counts[Change.UNCHANGED] == 4


def test_an_event_that_shares_only_its_address_is_another_one() -> None:
    report = check([replace(PARADE, title="Flower show", date="2001")])
    assert [(each.column, each.value) for each in report.problems] == [("dataset", ""), ("slug", "parade")]
    assert called("parade").title == "Parade"


def test_an_event_is_the_same_where_the_file_says_of_it_what_a_file_said_before() -> None:
    file = exported("json")
    came_in(*file)
    parade = called("parade")
    parade.title, parade.date = "Victory parade", "1953-07-29"
    parade.save()
    assert came_in(*file).counts[Change.UNCHANGED] == 4


def test_an_event_of_a_dataset_is_not_taken_for_one_of_none() -> None:
    other = DatasetRecord("other", "Another", "P", "CC0", "P.")
    report = check([other, replace(PARADE, dataset="other")])
    assert [(each.column, each.value) for each in report.problems] == [("slug", "parade")]
    unnamed = replace(PARADE, unsaid=frozenset({"dataset"}))
    assert [each.column for each in check([unnamed]).problems] == ["dataset", "slug"]


def test_an_arrow_to_an_identifier_that_is_also_an_address_leads_to_the_event_of_the_dataset() -> None:
    own = EventRecord("parade", "Parade of the dataset", "1953-07-28", "peace", dataset="test", slug="another")
    truce = EventRecord(
        *("truce-1953", "Truce", "1953-07-28", "peace"),
        dataset="test",
        relations=(RelationRecord("response_to", "parade"), RelationRecord("violates", "parade", dataset="")),
        unsaid=frozenset({"slug"}),
    )
    came_in(own, truce, decision=Decision.TAKE)
    assert {(kind, title) for event, kind, title in arrows() if event == "Truce"} == {
        ("part_of", "Talks"),
        ("led_to", "Parade"),
        ("response_to", "Parade of the dataset"),
        ("violates", "Parade"),
    }


def test_looking_for_addresses_asks_as_much_for_three_events_as_for_one(django_assert_num_queries: Any) -> None:
    Event.objects.create(title="March", date="1953-07-28", category_id="peace")
    file = [
        replace(each, relations=(), unsaid=frozenset({"relations"}))
        for each in exported("json")
        if isinstance(each, EventRecord)
    ]
    unattached = [each for each in file if each.is_in_no_dataset]
    came_in(*unattached)
    with django_assert_num_queries(19):
        check(unattached[:1])
    with django_assert_num_queries(19):
        check(unattached[:3])
