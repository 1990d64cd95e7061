"""Many events changed together: looked at first, made whole or not at all, taken back once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.admin.conftest import event
from timeline.models import Actor, BulkChange, Dataset, Event, Revision

LIST = "/admin/timeline/event/"


def choose(client: Client, events: list[Event], **sent: Any) -> Any:
    chosen = {"action": "change_together", "_selected_action": [made.pk for made in events], "reason": "In one go."}
    return client.post(LIST, chosen | sent, follow=True)


@pytest.fixture
def two() -> list[Event]:
    Actor.objects.create(slug="kim", name="Kim", country_id="PRK")
    Dataset.objects.create(slug="own", name="Own", publisher="Annals", licence="CC0", citation="Annals")
    return [event("One", status="draft"), event("Two", "1953-07-28", status="published")]


@pytest.mark.parametrize(
    ("sent", "field", "values"),
    [
        ({"operation": "publish"}, "status", ["published", "published"]),
        ({"operation": "withdraw"}, "status", ["draft", "withdrawn"]),
        ({"operation": "category", "category": "diplomacy"}, "category_id", ["diplomacy", "diplomacy"]),
        ({"operation": "importance", "importance": "5"}, "importance", [5, 5]),
        ({"operation": "country", "country": "RUS", "role": "mediator"}, "countries", [3, 3]),
        ({"operation": "country", "country": "PRK", "role": "participant"}, "countries", [2, 2]),
        ({"operation": "actor", "actor": "1", "role": "host"}, "actors", [1, 1]),
        ({"operation": "source", "publisher": "UN", "title": "S/1", "kind": "dataset"}, "sources", [2, 2]),
        ({"operation": "dataset", "dataset": "1"}, "dataset_id", [1, 1]),
    ],
)
def test_a_change_is_shown_made_and_taken_back(
    admin_client: Client, two: list[Event], sent: dict[str, str], field: str, values: list[Any]
) -> None:
    if "actor" in sent:
        sent = sent | {"actor": str(Actor.objects.get().pk)}
    if "dataset" in sent:
        sent, values = sent | {"dataset": str(Dataset.objects.get().pk)}, [Dataset.objects.get().pk] * 2

    def now() -> list[Any]:
        counted = field in ("countries", "actors", "sources")
        found = [getattr(made, field) for made in Event.objects.order_by("pk")]
        return [rows.count() for rows in found] if counted else found

    before, revision = now(), Revision.objects.number()
    assert choose(admin_client, two, _look="yes", **sent).status_code == 200
    assert (now(), Revision.objects.number()) == (before, revision)
    answer = choose(admin_client, two, _make="yes", **sent)
    assert now() == values
    if values == before:
        assert "Nothing was changed" in answer.content.decode()
        return
    change = BulkChange.objects.get()
    address = f"/admin/timeline/bulkchange/{change.pk}/change/"
    assert "Take it back" in admin_client.get(address).content.decode()
    admin_client.post(address)
    assert now() == before
    assert admin_client.post(address).status_code == 403


def test_the_preview_names_old_and_new(admin_client: Client, two: list[Event]) -> None:
    page = choose(admin_client, two, _look="yes", operation="importance", importance="5").content.decode()
    assert ("<del>3 · notable</del>" in page, "<ins>5 · turning point</ins>" in page) == (True, True)


def test_undoing_leaves_what_others_changed_since(admin_client: Client, two: list[Event]) -> None:
    choose(admin_client, two, _make="yes", operation="importance", importance="5")
    second = Event.objects.get(pk=two[1].pk)
    second.importance, second.summary = 4, "Since."
    second.save()
    answer = admin_client.post(f"/admin/timeline/bulkchange/{BulkChange.objects.get().pk}/change/", follow=True)
    assert "left so: Two" in answer.content.decode()
    assert list(Event.objects.order_by("pk").values_list("importance", "summary")) == [(3, ""), (4, "Since.")]


@pytest.mark.parametrize(
    "sent",
    [
        {"operation": "importance"},
        {"operation": "actor", "actor": "nobody"},
        {"operation": "source", "publisher": "UN"},
        {"operation": "source", "publisher": "UN", "url": "javascript:x"},
        {"operation": "explode"},
        {"operation": "publish", "reason": ""},
    ],
)
def test_what_is_not_understood_is_named_and_nothing_is_written(
    admin_client: Client, two: list[Event], sent: dict[str, str]
) -> None:
    before = Revision.objects.number()
    answer = choose(admin_client, two, **({"_make": "yes"} | sent))
    assert (answer.status_code, "errorlist" in answer.content.decode()) == (400, True)
    assert (Revision.objects.number(), BulkChange.objects.count()) == (before, 0)


def test_without_the_right_nothing_is_changed_together(editor: Client, two: list[Event]) -> None:
    choose(editor, two, _make="yes", operation="importance", importance="5")
    assert set(Event.objects.values_list("importance", flat=True)) == {3}
