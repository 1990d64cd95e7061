"""Asking for events by what they are, when they were and who took part."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db.models import ProtectedError

from tests.cast import Cast, make_event
from timeline.models import (
    Actor,
    Category,
    Country,
    Dataset,
    Event,
    Participation,
)

day = datetime.date


# Querysets -----------------------------------------------------------------------------------------------------------


def titled(events: Any) -> list[str]:
    return sorted(event.title for event in events)


def test_published_leaves_out_drafts_and_what_was_withdrawn(cast: Cast) -> None:
    assert titled(Event.objects.published()) == titled(cast.published)


def test_involving_any_and_all(cast: Cast) -> None:
    published = Event.objects.published()
    assert titled(published.involving("RUS", "USA")) == titled(
        [cast.visit, cast.exhibition, cast.fighting, cast.armistice]
    )
    assert titled(published.involving("PRK", "RUS", "CHN", match="all")) == titled([cast.exhibition])
    assert titled(published.involving("RUS", "USA", match="all")) == []


def test_country_with_two_roles_shows_its_event_once(cast: Cast) -> None:
    Participation.objects.create(event=cast.visit, country_id="PRK", role="host")
    assert titled(Event.objects.published().involving("RUS")) == titled([cast.visit, cast.exhibition])
    assert titled(Event.objects.published().involving("PRK")) == titled(cast.published)


def test_with_actor_shows_an_event_of_two_actors_once(cast: Cast) -> None:
    found = Event.objects.with_actor("kim-jong-un", "sergei-shoigu")
    assert titled(found) == titled([cast.visit, cast.exhibition])


def test_category_importance_and_dataset(cast: Cast) -> None:
    published = Event.objects.published()
    assert titled(published.in_category("peace", "conflict")) == titled([cast.armistice, cast.fighting])
    assert titled(published.at_least(4)) == titled([cast.armistice, cast.sanctions, cast.visit])
    assert titled(published.from_dataset("chronicle")) == titled([cast.armistice])


def test_range_keeps_certain_and_possible_apart(cast: Cast) -> None:
    second_half = (day(1950, 7, 15), day(1950, 12, 31))
    july = (day(1950, 7, 1), day(1950, 7, 31))
    events = Event.objects.published()
    assert titled(events.during(*second_half)) == titled([cast.fighting])
    assert titled(events.certainly_during(*second_half)) == []
    assert titled(events.possibly_during(*second_half)) == titled([cast.fighting])
    assert titled(events.certainly_during(*july)) == titled([cast.fighting])
    assert titled(events.possibly_during(*july)) == []


def test_range_holds_both_its_days_and_what_lasts_through_it(cast: Cast) -> None:
    events = Event.objects.published()
    assert titled(events.during(day(2023, 7, 27), day(2023, 7, 27))) == titled(
        [cast.sanctions, cast.visit, cast.exhibition]
    )
    assert titled(events.during(day(2023, 7, 28), day(2023, 12, 31))) == titled([cast.sanctions])
    assert titled(events.during(day(2023, 7, 1), day(2023, 7, 25))) == titled([cast.sanctions, cast.visit])
    assert titled(events.certainly_during(day(9999, 1, 1), day(9999, 12, 31))) == titled([cast.sanctions])


def test_day_of_year_takes_only_events_known_to_the_day(cast: Cast) -> None:
    make_event("Perhaps on this day", "1983-07-27?")
    make_event("Leap day", "2012-02-29")
    events = Event.objects.published()
    assert titled(events.on_day_of_year(7, 27)) == titled([cast.armistice, cast.exhibition])
    assert titled(events.on_day_of_year(2, 29)) == ["Leap day"]
    assert titled(events.on_day_of_year(7, 1)) == []


def test_what_events_lack(cast: Cast) -> None:
    cast.visit.sources.all().delete()
    cast.draft.participations.all().delete()
    for date in ("1953?", "1953~", "1953-07-27%", "[1953-07-21..1953-07-31]", "1953-07", "195X", "1953/1954"):
        make_event(date, date, countries=("PRK",))
    assert {lack: titled(events) for lack, events in Event.objects.lacking().items()} == {
        "source": titled([cast.visit]),
        "country": titled([cast.draft]),
        "sure-date": ["1953-07-27%", "1953?", "1953~", "[1953-07-21..1953-07-31]"],
    }


def test_order_is_by_day_and_then_by_id(cast: Cast) -> None:
    events = Event.objects.published()
    assert [event.pk for event in events.oldest_first()] == [event.pk for event in cast.published]
    assert [event.pk for event in events.newest_first()] == [event.pk for event in reversed(cast.published)]


def test_events_come_in_the_order_of_the_ids(cast: Cast) -> None:
    ids = [cast.visit.pk, cast.recognition.pk, 10**9, cast.armistice.pk]
    assert [event.pk for event in Event.objects.in_order(ids)] == [ids[0], ids[1], ids[3]]
    assert [event.source_count for event in Event.objects.in_order(ids)] == [1, 1, 2]


def test_countries_that_existed_on_a_day(cast: Cast) -> None:
    former = Country.objects.filter(pk="SUN")
    assert [former.existing_on(on).count() for on in (day(1922, 12, 29), day(1922, 12, 30), day(1991, 12, 26))] == [
        *(0, 1, 1),
    ]
    assert former.existing_on(day(1991, 12, 27)).count() == 0
    assert [country.code for country in Country.objects.former()] == ["SUN"]


def test_what_events_use_cannot_be_deleted(cast: Cast) -> None:
    for used in (
        Country.objects.get(pk="PRK"),
        Category.objects.get(pk="peace"),
        Dataset.objects.get(slug="chronicle"),
        Actor.objects.get(slug="kim-jong-un"),
    ):
        with pytest.raises(ProtectedError):
            used.delete()
    assert Event.objects.published().count() == 6
