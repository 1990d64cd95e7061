"""What the models hold to: constraints in clean() and in the database, and slugs."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from tests.cast import Cast, make_event, new_event
from timeline.models import (
    Actor,
    ActorParticipation,
    Category,
    Correction,
    Country,
    Coverage,
    Dataset,
    Event,
    EventName,
    Participation,
    Relation,
    Revision,
    Source,
    Story,
    StoryEvent,
)
from timeline.models.text import validate_plain_text

Make = Callable[[Cast], models.Model]
day = datetime.date


# Rule -> a row that breaks it, and what clean() says.
BROKEN: dict[str, tuple[Make, str]] = {
    "country_first_day_before_last": (
        lambda cast: Country(
            code="XXX",
            name="X",
            flag="x.svg",
            standard="iso3166-3",
            first_day=day(1950, 1, 2),
            last_day=day(1950, 1, 1),
        ),
        "A country’s first day must not be after its last.",
    ),
    "country code": (
        lambda cast: Country(code="PRK", name="Another", flag="x.svg"),
        "Country with this Code already exists.",
    ),
    "category name": (
        lambda cast: Category(slug="war", name="Conflict"),
        "Category with this Name already exists.",
    ),
    "actor slug": (lambda cast: Actor(slug="kim-jong-un", name="Kim"), "Actor with this Slug already exists."),
    "actor_kind_known": (
        lambda cast: Actor(slug="ghost", name="Ghost", kind="ghost"),
        "Value 'ghost' is not a valid choice.",
    ),
    "dataset slug": (
        lambda cast: Dataset(slug="chronicle", name="C", publisher="P", licence="L", citation="C"),
        "Dataset with this Slug already exists.",
    ),
    "event slug": (
        lambda cast: new_event(slug=cast.armistice.slug),
        "Event with this Slug already exists.",
    ),
    "event_importance_1_to_5": (
        lambda cast: new_event(importance=6),
        "Value 6 is not a valid choice.",
    ),
    "event_status_known": (
        lambda cast: new_event(status="secret"),
        "Value 'secret' is not a valid choice.",
    ),
    "event_point_whole: latitude alone": (
        lambda cast: new_event(latitude=Decimal(38)),
        "Give both latitude and longitude, or neither.",
    ),
    "event_point_whole: longitude alone": (
        lambda cast: new_event(longitude=Decimal(127)),
        "Give both latitude and longitude, or neither.",
    ),
    "event_point_whole: beyond the pole": (
        lambda cast: new_event(latitude=Decimal(91), longitude=Decimal(0)),
        "Ensure this value is less than or equal to 90.",
    ),
    "event_point_whole: beyond the date line": (
        lambda cast: new_event(latitude=Decimal(0), longitude=Decimal(-181)),
        "Ensure this value is greater than or equal to -180.",
    ),
    "event_dataset_external_id": (
        lambda cast: new_event(dataset=cast.armistice.dataset, external_id="armistice"),
        "This dataset already has an event with this identifier.",
    ),
    "participation_once": (
        lambda cast: Participation(event=cast.armistice, country_id="PRK"),
        "This country already has this role in the event.",
    ),
    "participation_role_known": (
        lambda cast: Participation(event=cast.armistice, country_id="PRK", role="bystander"),
        "Value 'bystander' is not a valid choice.",
    ),
    "actor_participation_once": (
        lambda cast: ActorParticipation(event=cast.visit, actor=Actor.objects.get(slug="kim-jong-un")),
        "This actor already has this role in the event.",
    ),
    "actor_participation_role_known": (
        lambda cast: ActorParticipation(event=cast.visit, actor=Actor.objects.get(slug="kim-jong-un"), role="x"),
        "Value 'x' is not a valid choice.",
    ),
    "event_name_has_user": (
        lambda cast: EventName(event=cast.armistice, name="Victory Day"),
        "Say who uses the name: a country, a language, or both.",
    ),
    "source_kind_known": (
        lambda cast: Source(event=cast.armistice, publisher="P", title="T", kind="gossip"),
        "Value 'gossip' is not a valid choice.",
    ),
    "source_stance_known": (
        lambda cast: Source(event=cast.armistice, publisher="P", title="T", stance="doubts"),
        "Value 'doubts' is not a valid choice.",
    ),
    "relation_once": (
        lambda cast: Relation(event=cast.visit, kind="anniversary_of", target=cast.armistice),
        "This relation is already there.",
    ),
    "relation_not_to_itself": (
        lambda cast: Relation(event=cast.visit, kind="led_to", target=cast.visit),
        "An event cannot be related to itself.",
    ),
    "relation_kind_known": (
        lambda cast: Relation(event=cast.visit, kind="near", target=cast.armistice),
        "Value 'near' is not a valid choice.",
    ),
    "story slug": (
        lambda cast: Story(title="Again", slug=cast.story.slug),
        "Story with this Slug already exists.",
    ),
    "story_event_once": (
        lambda cast: StoryEvent(story=cast.story, event=cast.visit, position=9),
        "The story already tells this event.",
    ),
    "correction_state_known": (
        lambda cast: Correction(event=cast.visit, message="Wrong day", state="lost"),
        "Value 'lost' is not a valid choice.",
    ),
}
broken = pytest.mark.parametrize("name", BROKEN)


@broken
def test_clean_says_which_rule_is_broken(cast: Cast, name: str) -> None:
    make, message = BROKEN[name]
    with pytest.raises(ValidationError) as refused:
        make(cast).full_clean()
    assert message in refused.value.messages


@broken
def test_database_holds_the_rule_by_itself(cast: Cast, name: str) -> None:
    make, _message = BROKEN[name]
    row = make(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row)._base_manager.bulk_create([row])


@pytest.mark.parametrize(
    "days",
    [
        {"earliest": day(1953, 7, 28)},
        {"latest": day(1953, 7, 26)},
        {"day": day(1953, 7, 26)},
        {"day": day(1953, 7, 28)},
        {"start_latest": day(1953, 7, 26)},
        {"end_earliest": day(1953, 7, 28)},
    ],
)
def test_database_keeps_the_days_of_an_event_in_order(cast: Cast, days: dict[str, datetime.date]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=cast.armistice.pk).update(**days)


def test_coverage_must_not_end_before_it_begins(cast: Cast) -> None:
    backwards = Coverage(first_text="1953", last_text="1950", first_day=day(1953, 1, 1), last_day=day(1950, 12, 31))
    with pytest.raises(IntegrityError), transaction.atomic():
        Coverage.objects.bulk_create([backwards])
    with pytest.raises(ValidationError) as refused:
        Coverage(first_text="1953", last_text="1950").full_clean()
    assert refused.value.message_dict == {"last_text": ["The range ends (1950) before it begins (1953)."]}


def test_there_is_one_revision_counter(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.create(pk=2, number=1)


@pytest.mark.parametrize(
    ("make", "field", "message"),
    [
        (
            lambda cast: new_event(external_id="orphan"),
            "dataset",
            "An identifier needs the dataset in which it is unique.",
        ),
        (lambda cast: new_event(title="<b>Talks</b>"), "title", "Markup such as “<b” is not allowed"),
        (lambda cast: new_event(summary="a\x00b"), "summary", "The character U+0000 is not allowed"),
        (lambda cast: new_event(place="\u202eevil"), "place", "The character U+202E is not allowed"),
        (lambda cast: Country(code="prk", name="N", flag="x.svg"), "code", "A country code is three capital letters"),
        (
            lambda cast: Country(code="XXX", name="N", flag="x.svg", last_day=day(1991, 1, 1)),
            "last_day",
            "A country of today has no last day",
        ),
        (
            lambda cast: Source(event=cast.visit, publisher="P", title="T", url="javascript:alert(1)"),
            "url",
            "“javascript:alert(1)” is not a web address",
        ),
        (
            lambda cast: Source(event=cast.visit, publisher="P", title="T", archived_url="ftp://example.org/"),
            "archived_url",
            "“ftp://example.org/” is not a web address",
        ),
        (lambda cast: Source(event=cast.visit, publisher="P"), "title", "Give a title or an address"),
        (
            lambda cast: Source(event=cast.visit, publisher="P", title="T", gives_date="31 June 2023"),
            "gives_date",
            "31 June 2023 does not exist",
        ),
        (
            lambda cast: EventName(event=cast.visit, name="N", language="Korean!"),
            "language",
            "A language tag, such as ko or zh-Hans.",
        ),
        (lambda cast: Story(title="T", slug="t", takeaways="one"), "takeaways", "Key takeaways are a list"),
        (lambda cast: Story(title="T", slug="t", takeaways=["<i>"]), "takeaways", "Markup such as “<i”"),
    ],
)
def test_clean_refuses_what_the_database_cannot(cast: Cast, make: Make, field: str, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        make(cast).full_clean()
    assert list(refused.value.message_dict) == [field]
    assert refused.value.message_dict[field][0].startswith(message)


@pytest.mark.parametrize("text", ["a < b", "<3", "x<y", "draft <d3> of 1990", "<Annex A>", "</d3>", "<-", "a <"])
def test_a_sign_that_begins_no_tag_is_text(text: str) -> None:
    validate_plain_text(text)


@pytest.mark.parametrize(
    "text", ["</p>", "<IMG/src=x>", "<script", "<h1>", "<!-- a", "<?php", "<svg/onload=a>", "<mine onclick=a>", "<br>"]
)
def test_what_a_browser_would_read_as_a_tag_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValidationError, match=r"Markup such as “<[^“”]+” is not allowed"):
        validate_plain_text(f"before {text} after")


@pytest.mark.parametrize("date", ["31 June 1953", "1953-13", "1953-07-27/1950-06-25", "someday", "", "0000", "1" * 65])
def test_impossible_date_is_refused_with_a_message(cast: Cast, date: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Event(title="Talks", date=date, category_id="peace").full_clean()
    assert "date" in refused.value.message_dict
    assert all(refused.value.message_dict["date"])


def test_date_as_people_write_it_is_kept_as_edtf_with_its_days(cast: Cast) -> None:
    event = Event(title="Talks", date="late July 2023", category_id="peace")
    event.full_clean()
    event.save()
    event.refresh_from_db()
    assert (event.date, event.earliest, event.latest) == (
        "[2023-07-21..2023-07-31]",
        day(2023, 7, 21),
        day(2023, 7, 31),
    )
    assert (event.day, event.start_latest, event.end_earliest) == (day(2023, 7, 21), day(2023, 7, 31), day(2023, 7, 21))
    assert event.precision == "month"


# Slugs ---------------------------------------------------------------------------------------------------------------


def test_slug_is_made_from_the_title_and_never_taken_twice(cast: Cast) -> None:
    slugs = [make_event("Talks in Panmunjom", "1951-10-25").slug for _ in range(3)]
    assert slugs == ["talks-in-panmunjom", "talks-in-panmunjom-1951", "talks-in-panmunjom-1951-2"]


def test_title_without_latin_letters_still_gets_an_address(cast: Cast) -> None:
    assert make_event("전승절", "1953-07-27").slug == "event-1953-07-27"
    assert make_event("전승절", "1953-07-27").slug == "event-1953-07-27-1953"


def test_events_made_together_get_different_slugs(cast: Cast) -> None:
    made = Event.objects.bulk_create(
        [Event(title="Missile test", date="2017-07-04", category_id="exercise") for _ in range(3)]
    )
    assert sorted(event.slug for event in made) == ["missile-test", "missile-test-2017", "missile-test-2017-2"]


def test_slug_stays_when_the_title_changes(cast: Cast) -> None:
    before = cast.armistice.slug
    cast.armistice.title = "Ceasefire"
    cast.armistice.save()
    assert cast.armistice.slug == before
