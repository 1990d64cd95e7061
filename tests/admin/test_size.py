"""However many events there are: no page of the admin reads a whole table, asks often, or lists without end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client

from tests.admin.conftest import event, form_of_event, rows
from tests.plans import Asked, watched
from timeline.admin.history import SHOWN_IN_THE_WAY
from timeline.desk import attention, versions
from timeline.models import (
    Actor,
    ApiToken,
    BulkChange,
    Category,
    Correction,
    Country,
    Coverage,
    Dataset,
    DeletedEvent,
    Event,
    ImportRun,
    PendingRevision,
    Relation,
    Story,
    StoryEvent,
)

EVENTS = "/admin/timeline/event/"
PICKER = "/admin/timeline/country/picker/?app_label=timeline&model_name={}&field_name={}&term={}"
MOST_QUERIES = 20


@pytest.fixture
def desk(admin_user: User) -> dict[Any, Any]:
    """A row of each model that has pages."""
    first, second = event("Armistice halts the fighting"), event("Armistice ends the fighting")
    Event.objects.create(title="Bare", date="1999~", category_id="peace", status="in_review")
    Relation.objects.create(event=first, kind="led_to", target=second)
    dataset = Dataset.objects.create(slug="own", name="Own", publisher="Annals", licence="CC0", citation="Annals")
    story = Story.objects.create(title="A visit", slug="a-visit", takeaways=["One."])
    StoryEvent.objects.create(story=story, event=first, position=1)
    correction = Correction.objects.create(event=first, message="Wrong place.")
    record = versions.to_json(versions.version_of(Event.objects.for_page().get(pk=second.pk)))
    return {
        Event: first,
        Country: Country.objects.get(pk="PRK"),
        Category: Category.objects.get(pk="peace"),
        Dataset: dataset,
        Actor: Actor.objects.create(slug="kim", name="Kim", country_id="PRK"),
        Coverage: Coverage.objects.create(dataset=dataset, first_text="1945", last_text="2024"),
        Story: story,
        Correction: correction,
        BulkChange: BulkChange.objects.create(user=admin_user, words="Publish", before={str(first.pk): {}}),
        DeletedEvent: DeletedEvent.objects.create(title="Gone", user=admin_user, event_id=99, record=record),
        PendingRevision: PendingRevision.objects.create(
            event=second, author=admin_user, base=record, proposed=record | {"summary": "Guns fall silent."}
        ),
        ImportRun: ImportRun.objects.create(file=ContentFile(b"", "talks.csv"), name="talks.csv", state="done"),
        ApiToken: ApiToken.objects.create(user=admin_user, name="Feed", digest="0" * 64),
    }


def pages_of_models(desk: dict[Any, Any]) -> Iterator[str]:
    """What Django gives each model, and the pages below it."""
    for model in admin.site._registry:
        if model._meta.app_label == "timeline":
            start = f"/admin/timeline/{model._meta.model_name}/"
            yield from (start, f"{start}?q=a")
            yield from (f"{start}{desk[model].pk}/{page}/" for page in ("change", "history", "delete"))


def pages_of_events(made: Event) -> Iterator[str]:
    """The list under each of its filters, and what stands around it."""
    other = made.relations.get().target_id
    topics = (f"attention={topic.name}" for topic in attention.TOPICS)
    asked = ("p=1", "o=2", "o=-1.3", "country=PRK", "status__exact=draft", "importance__exact=5", "sources=none")
    words = ("q=armistice", "q=-armistice", "q=a", "country=PRK&q=fighting", "day__year=1953", "dataset=none")
    yield from (f"{EVENTS}?{query}" for query in (*asked, *words, *topics, "category__slug__exact=peace"))
    yield from (f"{EVENTS}{page}/" for page in ("add", "attention", "help", f"{made.pk}/merge/{other}"))
    yield f"{EVENTS}duplicates/?title=Armistice&date=1953-07-27&place=Panmunjom&sources-0-url=https://a.example"
    yield f"{EVENTS}{made.pk}/history/{made.history.first().history_id}/"


def pages_around() -> Iterator[str]:
    yield from ("/admin/", "/admin/timeline/", "/admin/timeline/importrun/add/", f"{EVENTS}attention/?part=counts")
    fields = (("relation", "target"), ("participation", "country"), ("actorparticipation", "actor"))
    for model, field in (*fields, ("event", "dataset"), ("storyevent", "event")):
        yield from (PICKER.format(model, field, term) for term in ("", "a", "armistice halts"))


@pytest.fixture
def asked_by_page(admin_client: Client, desk: dict[Any, Any]) -> dict[str, Asked]:
    """What each page of the admin asks of the database."""
    found = {}
    # The first request of a process reads the index.
    admin_client.get(EVENTS)
    for page in (*pages_of_models(desk), *pages_of_events(desk[Event]), *pages_around()):
        with watched() as found[page]:
            assert admin_client.get(page).status_code in (200, 403, 405), page
    return found


def test_no_page_asks_more_than_twenty_times(asked_by_page: dict[str, Asked]) -> None:
    assert {page: len(asked) for page, asked in asked_by_page.items() if len(asked) > MOST_QUERIES} == {}


@pytest.mark.sqlite_plans
def test_no_page_reads_a_whole_table(asked_by_page: dict[str, Asked]) -> None:
    assert {page: asked.scans() for page, asked in asked_by_page.items() if asked.scans()} == {}


@pytest.mark.sqlite_plans
def test_no_save_reads_a_whole_table(admin_client: Client) -> None:
    made = [event("Talks begin") for _number in range(7)]
    assert [each.slug for each in made] == ["talks-begin", "talks-begin-1953"] + [
        f"talks-begin-1953-{number}" for number in range(2, 7)
    ]
    sent = form_of_event(title="Talks begin") | rows("participations", {"country": "PRK", "role": "host"})
    admin_client.get(EVENTS)
    with watched() as asked:
        assert admin_client.post(f"{EVENTS}add/", sent).status_code == 302
    assert asked.scans() == []


@pytest.mark.sqlite_plans
def test_the_watch_sees_a_scan(db: None) -> None:
    """So that the test above can fail: by a count, by letters inside a title, and beside a subquery."""
    event()
    for found in (Event.objects.all(), Event.objects.filter(title__contains="a"), Event.objects.lacking()["source"]):
        with watched() as asked:
            found.count()
        assert [line.split(":")[0] for line in asked.scans()] == ["timeline_event"]
    with watched() as asked:
        Event.objects.filter(pk=1, sources__publisher="a").count()
    assert asked.scans() == []


@pytest.mark.parametrize("model", ["country", "category", "dataset"])
def test_what_a_country_keeps_from_being_deleted_is_shown_in_part(
    admin_client: Client, desk: dict[Any, Any], model: str
) -> None:
    for number in range(30):
        made = event(f"Event {number}", "1953", dataset=desk[Dataset])
    key = {"country": "PRK", "category": "peace", "dataset": made.dataset_id}[model]
    address = f"/admin/timeline/{model}/{key}/delete/"
    with watched() as asked:
        page = admin_client.get(address).content.decode()
    # Which of the thirty they are is for the database to choose; the three of the desk may be among them.
    shown = set(re.findall(r"Event \d+", page))
    assert "… and more" in page
    assert SHOWN_IN_THE_WAY - 3 <= len(shown) <= SHOWN_IN_THE_WAY
    assert len(asked) <= MOST_QUERIES
    admin_client.post(address, {"post": "yes"})
    assert (Country.objects.count(), Category.objects.count(), Dataset.objects.count()) == (4, 2, 1)


@pytest.mark.parametrize("action", ["change_together", "delete_selected"])
def test_nothing_is_done_to_more_events_than_can_be_looked_at(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    monkeypatch.setattr("timeline.desk.bulk.MOST", 3)
    made = [event(f"Event {number}") for number in range(5)]
    everything = {"action": action, "_selected_action": [made[0].pk], "select_across": "1", "post": "yes"}
    some = {"action": action, "_selected_action": [each.pk for each in made[:4]], "post": "yes"}
    for sent in (everything, some):
        answer = admin_client.post(EVENTS, sent, follow=True)
        assert "At most 3 events can be changed together" in answer.content.decode()
    assert Event.objects.filter(status="draft").count() == 5


def test_everything_found_is_done_where_it_can_be_looked_at(admin_client: Client) -> None:
    for title in ("Talks begin", "Talks end", "Guns fall silent"):
        event(title)
    first = Event.objects.order_by("pk")[0]
    chosen = {"action": "change_together", "_selected_action": [first.pk], "select_across": "1"}
    page = admin_client.post(f"{EVENTS}?q=talks", chosen)
    sent = chosen | {"_selected_action": page.context["ids"], "operation": "publish", "reason": "So.", "_make": "yes"}
    admin_client.post(EVENTS, sent | {"select_across": "0"})
    assert sorted(Event.objects.values_list("title", "status")) == [
        ("Guns fall silent", "draft"),
        ("Talks begin", "published"),
        ("Talks end", "published"),
    ]
