"""Who changed what, and the way back."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.admin.conftest import event, form_of_event, form_of_stored, rows
from timeline.models import Actor, Category, Country, Event, Source


def change(client: Client, made: Event, **fields: str) -> None:
    made.refresh_from_db()
    sent = form_of_stored(made, title=made.title, date=made.date, reason="Better known.")
    del sent["_draft"]
    sent |= fields if any(name.startswith("_") for name in fields) else {"_save": "Save"} | fields
    assert client.post(f"/admin/timeline/event/{made.pk}/change/", sent).status_code == 302


def test_history_says_who_changed_what(admin_client: Client) -> None:
    made = event(importance=3)
    change(admin_client, made, title="Armistice signed", importance="5")
    page = admin_client.get(f"/admin/timeline/event/{made.pk}/history/").content.decode()
    shown = [
        "<del>Armistice halts the fighting</del>",
        "<ins>Armistice signed</ins>",
        "<del>3 · notable</del>",
        "<ins>5 · turning point</ins>",
        "<td>admin</td>",
        "<td>Better known.</td>",
    ]
    assert [words for words in shown if words not in page] == []


def test_history_shows_the_rows_that_came_and_went_in_words(admin_client: Client) -> None:
    made = event()
    source = made.sources.get()
    sent = rows("participations", {"country": "RUS", "role": "mediator"}) | {
        "sources-TOTAL_FORMS": "1",
        "sources-INITIAL_FORMS": "1",
        "sources-0-id": str(source.pk),
        "sources-0-publisher": "United Nations",
        "sources-0-kind": "official_document",
        "sources-0-stance": "supports",
        "sources-0-title": "Armistice Agreement, volume I",
    }
    change(admin_client, made, **sent)
    page = admin_client.get(f"/admin/timeline/event/{made.pk}/history/").content.decode()
    shown = [
        "<strong>Countries</strong>",
        "<ins>Russia · mediator</ins>",
        "<del>newspaper · United Nations · Armistice Agreement · supports</del>",
        "<ins>official document · United Nations · Armistice Agreement, volume I · supports</ins>",
    ]
    assert [words for words in shown if words not in page] == []
    assert "<ins>China" not in page


def test_a_step_from_one_state_to_the_next_stands_in_the_history(admin_client: Client) -> None:
    made = event()
    change(admin_client, made, _review="Send to review")
    page = admin_client.get(f"/admin/timeline/event/{made.pk}/history/").content.decode()
    assert ("<del>draft</del>" in page, "<ins>in review</ins>" in page) == (True, True)


def test_the_history_of_a_deleted_event_can_be_read(admin_client: Client) -> None:
    made = event()
    key = made.pk
    admin_client.post(f"/admin/timeline/event/{key}/delete/", {"post": "yes"})
    page = admin_client.get(f"/admin/timeline/event/{key}/history/").content.decode()
    assert ("Armistice halts the fighting" in page, "The event was deleted" in page) == (True, True)
    # Its rows went with it, which was no change of what it said.
    assert "<del>" not in page
    assert admin_client.get("/admin/timeline/event/999999/history/").status_code == 404


def test_an_event_without_a_history_says_so(admin_client: Client) -> None:
    made = event()
    Event.history.filter(id=made.pk).delete()
    page = admin_client.get(f"/admin/timeline/event/{made.pk}/history/")
    assert page.status_code == 200
    assert "Nothing is recorded yet" in page.content.decode()
    assert admin_client.get(f"/admin/timeline/event/{made.pk + 1}/history/").status_code == 404


def test_what_pointed_at_a_deleted_event_gets_a_version_that_says_so(admin_client: Client) -> None:
    made, other = event(), event("Other", "1953-07-28")
    other.relations.create(kind="led_to", target=made)
    admin_client.post(f"/admin/timeline/event/{made.pk}/delete/", {"post": "yes"})
    other.refresh_from_db()
    assert (other.version, other.history.first().history_change_reason) == (
        2,
        "“Armistice halts the fighting” was deleted",
    )


def test_an_earlier_version_comes_back_with_its_rows_as_a_new_one(admin_client: Client) -> None:
    made = event(status="published")
    first = made.history.get()
    kept = [str(row) for row in made.sources.all()]
    source = made.sources.get()
    gone = {
        "sources-TOTAL_FORMS": "1",
        "sources-INITIAL_FORMS": "1",
        "sources-0-id": str(source.pk),
        "sources-0-publisher": "United Nations",
        "sources-0-kind": "newspaper",
        "sources-0-stance": "supports",
        "sources-0-title": "Armistice Agreement",
        "sources-0-DELETE": "on",
    }
    change(admin_client, made, title="Wrong", date="1954", **gone)
    assert made.sources.count() == 0
    address = f"/admin/timeline/event/{made.pk}/history/{first.pk}/"
    page = admin_client.get(address).content.decode()
    shown = ["Armistice halts the fighting", "<del>Wrong</del>", "United Nations · Armistice Agreement"]
    assert [words for words in shown if words not in page] == []
    made.refresh_from_db()
    sent = {"reason": "The change was a mistake.", "version": str(made.version)}
    assert f'name="version" value="{made.version}"' in page
    assert admin_client.post(address, sent).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.date, str(made.day)) == ("Armistice halts the fighting", "1953-07-27", "1953-07-27")
    assert ([str(row) for row in made.sources.all()], made.participations.count()) == (kept, 2)
    assert (made.version, made.history.count()) == (3, 3)
    newest = made.history.first()
    assert (newest.history_user.username, newest.history_change_reason) == ("admin", "The change was a mistake.")


def test_bringing_back_a_published_version_needs_a_reason(admin_client: Client) -> None:
    made = event(status="published")
    sent = {"reason": " ", "version": str(made.version)}
    answer = admin_client.post(f"/admin/timeline/event/{made.pk}/history/{made.history.get().pk}/", sent)
    assert (answer.status_code, made.history.count()) == (400, 1)
    assert "Say why" in answer.content.decode()


@pytest.mark.parametrize("sent", [{}, {"version": "1"}, {"version": "one"}])
def test_a_version_does_not_come_back_over_a_change_that_nobody_saw(admin_client: Client, sent: dict[str, str]) -> None:
    made = event()
    first = made.history.get()
    made.title = "Armistice signed"
    made.save()
    answer = admin_client.post(f"/admin/timeline/event/{made.pk}/history/{first.pk}/", sent)
    made.refresh_from_db()
    assert (answer.status_code, made.title) == (400, "Armistice signed")
    assert "changed meanwhile" in answer.content.decode()


def test_a_version_whose_category_is_gone_is_refused_with_a_sentence(admin_client: Client) -> None:
    category = Category.objects.create(slug="old", name="Old")
    made = event()
    Event.objects.filter(pk=made.pk).update(category=category)
    made.refresh_from_db()
    made.save()
    old = made.history.first()
    Event.objects.filter(pk=made.pk).update(category="peace")
    category.delete()
    made.refresh_from_db()
    sent = {"version": str(made.version)}
    answer = admin_client.post(f"/admin/timeline/event/{made.pk}/history/{old.pk}/", sent)
    assert (answer.status_code, "no such category" in answer.content.decode()) == (400, True)


def test_rows_keep_their_own_history_with_the_editor(admin_client: Client) -> None:
    source = {"publisher": "UN", "kind": "research", "stance": "supports", "title": "T"}
    admin_client.post("/admin/timeline/event/add/", form_of_event(**rows("sources", source)))
    assert [str(record.history_user) for record in Source.history.all()] == ["admin"]


@pytest.mark.parametrize(
    ("model", "key"), [(Country, "PRK"), (Category, "peace"), (Actor, None)], ids=["country", "category", "actor"]
)
def test_other_things_have_history_and_revert_too(admin_client: Client, model: type, key: str | None) -> None:
    if key is None:
        key = str(Actor.objects.create(slug="kim-il-sung", name="Kim Il Sung").pk)
    thing = model.objects.get(pk=key)  # type: ignore[attr-defined]
    thing.name = "Changed"
    thing.save()
    address = f"/admin/timeline/{model.__name__.lower()}/{key}/history/"
    page = admin_client.get(address).content.decode()
    assert "<ins>Changed</ins>" in page
    assert admin_client.get(f"{address}{thing.history.last().pk}/").status_code == 200


def test_history_costs_the_same_however_many_rows_changed(admin_client: Client) -> None:
    made = event()
    address = f"/admin/timeline/event/{made.pk}/history/"
    counts = []
    for number in range(2):
        # What was written since is read once, whatever page asks.
        admin_client.get(address)
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(address)
        counts.append(len(queries))
        for title in ("A", "B", "C"):
            Source.objects.create(event=made, publisher=title, title=str(number))
            made.summary = title
            made.save()
    assert counts[0] == counts[1]
