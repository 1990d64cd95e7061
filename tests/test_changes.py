"""What is recorded of every change: revisions, versions, history."""

from __future__ import annotations

import datetime
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.cast import Cast, new_event
from timeline.models import (
    Actor,
    ActorParticipation,
    Category,
    Change,
    Correction,
    Country,
    Coverage,
    Dataset,
    Event,
    EventName,
    Participation,
    Relation,
    Revision,
    SearchText,
    Source,
    StoryEvent,
)
from timeline.models.changes import RecordedModel, RecordedQuerySet
from timeline.models.search_text import SearchTextManager

day = datetime.date

# Revisions -----------------------------------------------------------------------------------------------------------


def recorded_models() -> list[type[RecordedModel]]:
    found, waiting = [], list(RecordedModel.__subclasses__())
    while waiting:
        model = waiting.pop()
        waiting.extend(model.__subclasses__())
        found.append(model)
    return sorted(found, key=lambda model: model.__name__)


def test_every_model_that_a_reader_can_see_is_recorded() -> None:
    assert [model.__name__ for model in recorded_models()] == [
        *("Actor", "ActorParticipation", "Category", "Country", "Coverage", "Dataset", "Event", "EventName"),
        *("Participation", "Relation", "Source", "Story", "StoryEvent"),
    ]


def test_every_recorded_model_writes_through_a_recorded_queryset() -> None:
    for model in recorded_models():
        for manager in (model._default_manager, model.objects):  # type: ignore[attr-defined]
            assert isinstance(manager.get_queryset(), RecordedQuerySet), model


def test_every_recorded_model_has_a_history() -> None:
    assert [model for model in recorded_models() if not hasattr(model, "history")] == []
    assert hasattr(Correction, "history")


def _armistice(cast: Cast) -> list[int]:
    return [cast.armistice.pk]


def _sources(cast: Cast) -> Any:
    return Source.objects.filter(event=cast.armistice)


def _changed_titles(cast: Cast) -> Any:
    cast.armistice.title = "Ceasefire"
    return [cast.armistice]


def _changed_sources(cast: Cast) -> list[Source]:
    rows = list(_sources(cast))
    for row in rows:
        row.title = "Corrected"
    return rows


def _moved_sources(cast: Cast) -> list[Source]:
    sources = list(_sources(cast))
    for source in sources:
        source.event = cast.visit
    return sources


WRITES: dict[str, tuple[Callable[[Cast], Any], Callable[[Cast], list[int]]]] = {
    "save an event": (lambda cast: cast.armistice.save(), _armistice),
    "delete an event": (lambda cast: cast.armistice.delete(), _armistice),
    "update events": (
        lambda cast: Event.objects.filter(pk=cast.armistice.pk).update(importance=4),
        _armistice,
    ),
    "delete events": (lambda cast: Event.objects.filter(pk=cast.armistice.pk).delete(), _armistice),
    "update events in bulk": (
        lambda cast: Event.objects.bulk_update(_changed_titles(cast), ["title"]),
        _armistice,
    ),
    "update events in bulk, one at a time": (
        lambda cast: Event.objects.bulk_update([cast.armistice, cast.visit], ["importance"], batch_size=1),
        lambda cast: [cast.armistice.pk, cast.visit.pk],
    ),
    "give sources to another event in bulk": (
        lambda cast: Source.objects.bulk_update(_moved_sources(cast), ["event"]),
        lambda cast: [cast.armistice.pk, cast.visit.pk],
    ),
    "save a participation": (
        lambda cast: Participation(event=cast.armistice, country_id="RUS").save(),
        _armistice,
    ),
    "create participations": (
        lambda cast: Participation.objects.bulk_create([Participation(event=cast.armistice, country_id="RUS")]),
        _armistice,
    ),
    "update participations": (
        lambda cast: Participation.objects.filter(event=cast.armistice).update(role="target"),
        _armistice,
    ),
    "delete participations": (
        lambda cast: Participation.objects.filter(event=cast.armistice).delete(),
        _armistice,
    ),
    "delete a participation": (lambda cast: cast.armistice.participations.get(country="PRK").delete(), _armistice),
    "participations through the event": (lambda cast: cast.armistice.participations.all().delete(), _armistice),
    "create a source": (lambda cast: cast.armistice.sources.create(publisher="P", title="T"), _armistice),
    "update sources": (lambda cast: _sources(cast).update(title="Corrected"), _armistice),
    "update sources in bulk": (lambda cast: Source.objects.bulk_update(_changed_sources(cast), ["title"]), _armistice),
    "delete sources": (lambda cast: _sources(cast).delete(), _armistice),
    "delete names": (lambda cast: EventName.objects.all().delete(), _armistice),
    "delete actors' parts": (
        lambda cast: ActorParticipation.objects.all().delete(),
        lambda cast: [cast.visit.pk, cast.exhibition.pk],
    ),
    "save a relation, of which both ends show it": (
        lambda cast: Relation(event=cast.fighting, kind="led_to", target=cast.armistice).save(),
        lambda cast: [cast.fighting.pk, cast.armistice.pk],
    ),
    "delete relations": (
        lambda cast: Relation.objects.filter(kind="anniversary_of").delete(),
        lambda cast: [cast.armistice.pk, cast.visit.pk],
    ),
    "save a category": (lambda cast: Category.objects.get(pk="peace").save(), lambda cast: []),
    "update countries": (lambda cast: Country.objects.filter(pk="PRK").update(name="DPRK"), lambda cast: []),
    "save a dataset": (lambda cast: Dataset.objects.get(slug="chronicle").save(), lambda cast: []),
    "save an actor": (
        lambda cast: Actor.objects.get(slug="kim-jong-un").save(),
        lambda cast: [cast.visit.pk, cast.exhibition.pk],
    ),
    "save a story": (lambda cast: cast.story.save(), lambda cast: []),
    "save coverage": (lambda cast: Coverage(first_text="1945", last_text="2024").save(), lambda cast: []),
    "delete a story's events": (
        lambda cast: StoryEvent.objects.all().delete(),
        lambda cast: [cast.visit.pk, cast.exhibition.pk],
    ),
}


@pytest.mark.parametrize("name", WRITES)
def test_every_write_takes_the_next_revision_and_names_its_events(cast: Cast, name: str) -> None:
    write, touched = WRITES[name]
    expected, before = sorted(touched(cast)), Revision.objects.number()
    write(cast)
    after = Revision.objects.number()
    assert after == before + 1
    changes = Change.objects.filter(revision__gt=before)
    assert set(changes.values_list("revision", flat=True)) == {after}
    # A step that touches no event leaves a row without one.
    named = list(changes.order_by("event_id").values_list("event_id", flat=True))
    assert named == expected if expected else named == [None]
    assert changes.values("token").distinct().count() == 1


def test_new_events_are_named_by_their_revision(cast: Cast) -> None:
    before = Revision.objects.number()
    made = Event.objects.bulk_create([new_event(slug="a"), new_event(slug="b")])
    changes = Change.objects.filter(revision__gt=before).order_by("event_id").values_list("event_id", flat=True)
    assert list(changes) == sorted(event.pk for event in made)


def test_write_that_is_rolled_back_leaves_no_revision(cast: Cast) -> None:
    before = Revision.objects.number()
    with pytest.raises(IntegrityError), transaction.atomic():
        Participation(event=cast.armistice, country_id="PRK").save()
    assert Revision.objects.number() == before
    assert Change.objects.filter(revision__gt=before).count() == 0


def test_correction_changes_nothing_that_a_reader_sees(cast: Cast) -> None:
    before = Revision.objects.number()
    Correction.objects.create(event=cast.visit, message="It was the 26th.")
    assert Revision.objects.number() == before


def test_events_updated_together_keep_their_days_true_to_their_dates(cast: Cast) -> None:
    cast.armistice.date, cast.visit.date = "1953-07", "2023-07-26"
    Event.objects.bulk_update([cast.armistice, cast.visit], ["date"])
    stored = Event.objects.in_bulk([cast.armistice.pk, cast.visit.pk])
    assert [(event.date, event.earliest, event.latest) for event in stored.values()] == [
        ("1953-07", day(1953, 7, 1), day(1953, 7, 31)),
        ("2023-07-26", day(2023, 7, 26), day(2023, 7, 26)),
    ]


# Versions and history ------------------------------------------------------------------------------------------------


def test_version_grows_by_one_with_each_save(cast: Cast) -> None:
    assert cast.armistice.version == 1
    for expected in (2, 3):
        cast.armistice.save()
        assert Event.objects.get(pk=cast.armistice.pk).version == expected
    cast.armistice.title = "Ceasefire"
    cast.armistice.save(update_fields=["title"])
    assert Event.objects.get(pk=cast.armistice.pk).version == 4


def test_days_follow_the_date_even_where_only_the_date_is_saved(cast: Cast) -> None:
    cast.armistice.date = "1953-07"
    cast.armistice.save(update_fields=["date"])
    stored = Event.objects.get(pk=cast.armistice.pk)
    assert (stored.date, stored.earliest, stored.latest, stored.precision) == (
        "1953-07",
        day(1953, 7, 1),
        day(1953, 7, 31),
        "month",
    )


def test_history_holds_every_state_of_an_event(cast: Cast) -> None:
    cast.armistice.title = "Ceasefire"
    cast.armistice.save()
    pk = cast.armistice.pk
    cast.armistice.delete()
    rows = Event.history.filter(id=pk).order_by("history_id")
    assert [(row.history_type, row.title, row.version) for row in rows] == [
        ("+", "Armistice halts the fighting of the Korean War", 1),
        ("~", "Ceasefire", 2),
        ("-", "Ceasefire", 2),
    ]


def test_history_holds_the_parts_of_an_event(cast: Cast) -> None:
    source = Source.objects.filter(event=cast.visit).get()
    source.title = "Corrected"
    source.save()
    source.delete()
    rows = Source.history.filter(event_id=cast.visit.pk).order_by("history_id")
    assert [(row.history_type, row.title) for row in rows] == [
        ("+", "Russia's defence minister visits Pyongyang"),
        ("~", "Corrected"),
        ("-", "Corrected"),
    ]


@pytest.mark.django_db
def test_events_by_the_million_are_touched_in_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    # An import touches as many as its file has; each set of them would take 40 MB for a million.
    monkeypatch.setattr(SearchTextManager, "_rewrite", lambda manager, ids, using: None)
    tracemalloc.start()
    with SearchText.objects.postponed():
        Revision.objects.advance(range(1, 300_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000
