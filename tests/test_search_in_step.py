"""What search finds is in step with every kind of write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, make_event
from tests.searching import found
from timeline import search
from timeline.models import (
    Actor,
    ActorParticipation,
    Country,
    Event,
    EventName,
    Participation,
    SearchText,
    Source,
)
from timeline.models.search_text import _texts
from timeline.words import parse

pytestmark = pytest.mark.django_db


# In step with every kind of write -------------------------------------------------------------------------------------

WRITES: dict[str, Callable[[Cast], Any]] = {
    "save": lambda cast: Event(title="Новое", date="1951", category_id="peace").save(),
    "save again": lambda cast: _saved(cast.visit, title="Другое"),
    "save one field": lambda cast: _saved(cast.visit, ["summary"], summary="Другое"),
    "unpublish": lambda cast: _saved(cast.visit, status="draft"),
    "create": lambda cast: make_event("Новое", "1951", place="где-то"),
    "update": lambda cast: Event.objects.filter(importance=4).update(title="Другое"),
    "bulk update": lambda cast: Event.objects.bulk_update([_changed(cast.visit, title="Другое")], ["title"]),
    "bulk create": lambda cast: Event.objects.bulk_create(
        [Event(title=f"Новое {number}", date="1951", category_id="peace") for number in range(1200)]
    ),
    "delete": lambda cast: cast.armistice.delete(),
    "delete many": lambda cast: Event.objects.all().delete(),
    "delete none": lambda cast: Event.objects.none().delete(),
    "add a name": lambda cast: EventName.objects.create(event=cast.visit, name="방문", language="ko"),
    "change a name": lambda cast: EventName.objects.update(name="방문"),
    "remove names": lambda cast: cast.armistice.names.all().delete(),
    "add sources": lambda cast: Source.objects.bulk_create(
        [Source(event=event, publisher="P", title="Газета") for event in cast.published]
    ),
    "move a source": lambda cast: _saved(cast.armistice.sources.all()[0], event=cast.fighting),
    "move sources": lambda cast: Source.objects.update(event=cast.fighting),
    "remove a source": lambda cast: cast.armistice.sources.all()[0].delete(),
    "rename an actor": lambda cast: _saved(Actor.objects.get(slug="sergei-shoigu"), name="Сергей Шойгу"),
    "rename actors": lambda cast: Actor.objects.update(name="Сергей Шойгу"),
    "add an actor": lambda cast: ActorParticipation.objects.create(event=cast.fighting, actor=Actor.objects.all()[0]),
    "remove an actor": lambda cast: ActorParticipation.objects.all()[0].delete(),
    "add an unknown actor": lambda cast: Actor.objects.bulk_create([Actor(slug="new", name="Новый")]),
    "add a country": lambda cast: Participation.objects.create(event=cast.armistice, country_id="KOR"),
    "rename a country": lambda cast: Country.objects.filter(pk="PRK").update(name="Корея"),
    "import": lambda cast: call_command("load_demo", verbosity=0),
}


def _changed(row: Any, **values: Any) -> Any:
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _saved(row: Any, update_fields: list[str] | None = None, **values: Any) -> None:
    _changed(row, **values).save(update_fields=update_fields)


def assert_in_step() -> None:
    """The rows say what the events say, and the engine finds each of their words in just the rows that hold it."""
    ids = list(Event.objects.values_list("pk", flat=True))
    rows = {row.pk: (row.title, row.other) for row in SearchText.objects.all()}
    assert rows == dict(_texts(ids, "default"))
    holding: dict[str, set[int]] = {}
    for pk, texts in rows.items():
        for word in " ".join(texts).split():
            holding.setdefault(word, set()).add(pk)
    holding.pop("¶", None)
    for word in [*holding][:400]:
        query = parse(f'"{word}"')
        if query.wanted[0].words == (word,) and not query.wanted[0].is_prefix:
            assert set(search.matching_ids(query).tolist()) == holding[word], word
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Raises where the index and the rows differ.
            cursor.execute(
                "INSERT INTO timeline_searchtext_words (timeline_searchtext_words, rank) VALUES ('integrity-check', 1)"
            )


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_search_is_in_step_after_every_kind_of_write(cast: Cast, write: Callable[[Cast], Any]) -> None:
    assert_in_step()
    write(cast)
    assert_in_step()


def test_words_that_were_removed_are_no_longer_found(cast: Cast) -> None:
    cast.armistice.names.all().delete()
    cast.fighting.sources.all().delete()
    Event.objects.filter(pk=cast.fighting.pk).update(title="Battle")
    cast.sanctions.delete()
    assert found("전승절") == found("taejon") == found("sanctions") == []


def test_a_write_that_is_rolled_back_leaves_no_words(cast: Cast) -> None:
    with transaction.atomic():
        make_event("Never happened", "1950")
        assert found("never happened") == ["Never happened"]
        transaction.set_rollback(True)
    assert found("never happened") == []
    assert_in_step()


def test_postponed_writes_are_in_step_at_the_end_and_none_after_an_error(cast: Cast) -> None:
    with SearchText.objects.postponed():
        with SearchText.objects.postponed():
            Event.objects.filter(pk=cast.visit.pk).update(title="Later")
        cast.fighting.delete()
        assert found("later") == []
    assert found("later") == ["Later"]
    with pytest.raises(ZeroDivisionError), SearchText.objects.postponed():
        Event.objects.filter(pk=cast.visit.pk).update(title=str(1 // 0))
    Event.objects.filter(pk=cast.armistice.pk).update(title="At once")
    assert found("at once") == ["At once"]
    assert_in_step()


def test_rebuild_finds_what_came_past_the_models(
    cast: Cast, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE timeline_event SET title = 'Past the models' WHERE id = %s", [cast.visit.pk])
    assert client.get("/events.json", {"q": "past models"}).json()["count"] == 0
    call_command("rebuild_search")
    assert capsys.readouterr().out == "The words of 8 events are in place.\n"
    assert client.get("/events.json", {"q": "past models"}).json()["count"] == 1
    assert_in_step()


def test_writing_many_events_takes_few_queries(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ids = range(cast.recognition.pk, cast.recognition.pk + 1000)
    with django_assert_max_num_queries(20):
        SearchText.objects.rewrite(ids, "default")
