"""What the models hold to: constraints in clean() and in the database, querysets, revisions, versions, history."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from tests.cast import Cast, make_event
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
    Source,
    Story,
    StoryEvent,
)
from timeline.models.changes import RecordedModel, RecordedQuerySet
from timeline.models.text import validate_plain_text

Make = Callable[[Cast], models.Model]
day = datetime.date


def new_event(**fields: Any) -> Event:
    """An event not yet stored, valid but for what `fields` change."""
    event = Event(**{"title": "Talks", "slug": "talks", "date": "1954", "category_id": "peace", **fields})
    event.derive_days()
    return event


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
        "A country's first day must not be after its last.",
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
