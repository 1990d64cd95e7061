"""The cast that tests share: the July 2023 story, what led to it, and what readers must not see.

1948-10-12             recognition   SUN, PRK        diplomacy   2
1950-07                fighting      PRK, KOR, USA   conflict    3   known to the month
1953-07-27             armistice     PRK, CHN, USA   peace       5   two sources, from a dataset
2006-10-14/..          sanctions     PRK             sanctions   4   ongoing
2023-07-25/2023-07-27  visit         PRK, RUS        diplomacy   4   Kim Jong Un and Sergei Shoigu
2023-07-27             exhibition    PRK, RUS, CHN   exercise    3   Kim Jong Un and Sergei Shoigu
2023-07-26             draft         PRK, RUS        diplomacy   5   a draft
2023-07-27             withdrawn     PRK, RUS        diplomacy   5   withdrawn
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import call_command

from tests.replaying import replayed
from timeline.models import (
    Actor,
    ActorParticipation,
    Category,
    CompanionVersion,
    Country,
    Dataset,
    Event,
    EventName,
    Participation,
    Relation,
    Source,
    Story,
    StoryEvent,
)

CATEGORIES = (
    ("conflict", "Conflict"),
    ("peace", "Ceasefire & peace"),
    ("diplomacy", "Diplomacy & visits"),
    ("sanctions", "Sanctions & resolutions"),
    ("exercise", "Military exercise & exhibition"),
)
COUNTRIES = (
    ("PRK", "North Korea"),
    ("KOR", "South Korea"),
    ("CHN", "China"),
    ("USA", "United States"),
    ("RUS", "Russia"),
    ("SUN", "Soviet Union"),
)
END_OF_SOVIET_UNION = datetime.date(1991, 12, 26)


@dataclass(frozen=True)
class Cast:
    """The events by their names, and the story that tells two of them."""

    recognition: Event
    fighting: Event
    armistice: Event
    sanctions: Event
    visit: Event
    exhibition: Event
    draft: Event
    withdrawn: Event
    story: Story

    @property
    def published(self) -> list[Event]:
        """What readers see, oldest first."""
        return [self.recognition, self.fighting, self.armistice, self.sanctions, self.visit, self.exhibition]


@replayed
def empty_site() -> None:
    """Take away all that files bring, and what is remembered of them."""
    for model in (Story, Event, Actor, Dataset, CompanionVersion):
        model._default_manager.all().delete()


@replayed
def make_places() -> None:
    """Six countries, of which the Soviet Union went before Russia, and five categories."""
    for code, name in COUNTRIES:
        Country.objects.create(code=code, name=name, flag=f"vendor/flags/{code}.svg")
    former: Country = Country.objects.get(pk="SUN")
    former.standard, former.first_day, former.last_day = "iso3166-3", datetime.date(1922, 12, 30), END_OF_SOVIET_UNION
    former.successors.add(Country.objects.get(pk="RUS"))
    former.save()
    for position, (slug, name) in enumerate(CATEGORIES, start=1):
        Category.objects.create(slug=slug, name=name, position=position)


def make_event(
    title: str, date: str, category: str = "diplomacy", countries: tuple[str, ...] = (), **fields: Any
) -> Event:
    """A published event with one source; `fields` are those of the model."""
    event: Event = Event.objects.create(
        title=title, date=date, category_id=category, **{"status": "published", **fields}
    )
    Participation.objects.bulk_create([Participation(event=event, country_id=code) for code in countries])
    Source.objects.create(event=event, kind="newspaper", publisher="The Gazette", title=title)
    return event


@replayed
def make_cast() -> Cast:
    """Places and categories, the events, and their connections."""
    make_places()
    chronicle = Dataset.objects.create(
        slug="chronicle", name="Chronicle", publisher="The Gazette", licence="CC BY 4.0", citation="Chronicle, 2024"
    )
    kim = Actor.objects.create(slug="kim-jong-un", name="Kim Jong Un", country_id="PRK")
    shoigu = Actor.objects.create(slug="sergei-shoigu", name="Sergei Shoigu", country_id="RUS")
    recognition = make_event(
        "The Soviet Union recognises North Korea", "1948-10-12", "diplomacy", ("SUN", "PRK"), importance=2
    )
    fighting = make_event("Fighting around Taejon", "1950-07", "conflict", ("PRK", "KOR", "USA"), importance=3)
    armistice = make_event(
        "Armistice halts the fighting of the Korean War",
        "1953-07-27",
        "peace",
        ("PRK", "CHN", "USA"),
        importance=5,
        dataset=chronicle,
        external_id="armistice",
        place="Panmunjom",
    )
    sanctions = make_event(
        "United Nations sanctions on North Korea", "2006-10-14/..", "sanctions", ("PRK",), importance=4
    )
    visit = make_event(
        "Russia's defence minister visits Pyongyang",
        "2023-07-25/2023-07-27",
        "diplomacy",
        ("PRK", "RUS"),
        importance=4,
        summary="The first visit of a Russian defence minister since the fall of the Soviet Union.",
    )
    exhibition = make_event(
        "Kim shows Shoigu banned missiles at a defence exhibition", "2023-07-27", "exercise", ("PRK", "RUS", "CHN")
    )
    draft = make_event("Unchecked rumour", "2023-07-26", "diplomacy", ("PRK", "RUS"), importance=5, status="draft")
    withdrawn = make_event(
        "Retracted report", "2023-07-27", "diplomacy", ("PRK", "RUS"), importance=5, status="withdrawn"
    )
    ActorParticipation.objects.bulk_create(
        [ActorParticipation(event=event, actor=actor) for event in (visit, exhibition) for actor in (kim, shoigu)]
    )
    Source.objects.create(event=armistice, kind="official_document", publisher="United Nations", title="S/3079")
    EventName.objects.create(event=armistice, name="전승절", country_id="PRK", language="ko", note="“Victory Day”")
    Relation.objects.create(event=exhibition, kind="part_of", target=visit)
    Relation.objects.create(event=visit, kind="anniversary_of", target=armistice)
    story = Story.objects.create(title="A show of friendship", slug="a-show-of-friendship", takeaways=["They met."])
    for position, event in enumerate((visit, exhibition), start=1):
        StoryEvent.objects.create(story=story, event=event, position=position)
    return Cast(recognition, fighting, armistice, sanctions, visit, exhibition, draft, withdrawn, story)


@replayed
def load_demonstration() -> None:
    """Countries, categories and the events of Korea, as `load_demo` brings them."""
    call_command("load_demo", verbosity=0)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def editor(db: None) -> User:
    """A member of staff who may do everything with the timeline's content."""
    user = User.objects.create_user("editor", password="not-a-secret", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="timeline"))
    return user


def new_event(**fields: Any) -> Event:
    """An event not yet stored, valid but for what `fields` change."""
    event = Event(**{"title": "Talks", "slug": "talks", "date": "1954", "category_id": "peace", **fields})
    event.derive_days()
    return event
