"""A selection of the list of events as a file, which an empty site imports whole."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.admin.conftest import event
from timeline import exports
from timeline.desk import bulk
from timeline.formats import Reading
from timeline.formats.registry import FORMATS
from timeline.imports import apply, check
from timeline.models import Dataset, Event, Relation, Story, StoryEvent

LIST = "/admin/timeline/event/"
FORMATS_OF_ACTIONS = ["csv", "xlsx", "json", "timelinejs"]


@pytest.fixture
def chosen() -> list[Event]:
    """A draft that leads to a published event and to one that is not chosen, a withdrawn one, and the published one."""
    ours = Dataset.objects.create(slug="ours", name="Ours", publisher="Us", licence="CC0", citation="Us, 2024")
    about = {"dataset": ours, "summary": "=1+1 is no formula."}
    published = event("Armistice", "1953-07-27", status="published", external_id="armistice", **about)
    draft = event("Talks", "1951-07-10/1953-07-19", status="draft", external_id="talks", dataset=ours)
    withdrawn = event("Rumour", "1952", status="withdrawn", external_id="rumour", dataset=ours)
    Relation.objects.create(event=draft, kind="led_to", target=published, note="after two years")
    Relation.objects.create(event=draft, kind="led_to", target=event("Parade", "1954-07-27"))
    story = Story.objects.create(title="An end", slug="an-end")
    StoryEvent.objects.create(story=story, event=published, position=1)
    return [draft, withdrawn, published]


def exported(client: Client, format: str, ids: list[int], **form: Any) -> bytes:
    response = client.post(LIST, {"action": f"export_{format}", "_selected_action": ids, "index": 0, **form})
    assert response.status_code == 200, response.headers
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Content-Disposition"].startswith('attachment; filename="events-')
    return b"".join(response)


@pytest.mark.parametrize("format", FORMATS_OF_ACTIONS)
def test_a_selection_comes_in_again_as_it_was(format: str, admin_client: Client, chosen: list[Event]) -> None:
    ids = [one.pk for one in chosen]
    raw = exported(admin_client, format, ids)
    before = [exports.event_record(one, set(ids)) for one in Event.objects.for_page().filter(pk__in=ids)]
    for model in (Story, Event, Dataset):
        model._default_manager.all().delete()
    report = check(FORMATS[format].read(io.BytesIO(raw), Reading()))
    assert report.problems == []
    apply(report)
    assert [exports.event_record(one) for one in Event.objects.for_page()] == before
    assert [one.status for one in before] == ["draft", "withdrawn", "published"]
    # Tables and slides have no place for stories.
    assert Story.objects.exists() == (format == "json")


def test_everything_that_the_list_finds_is_exported_however_many(
    admin_client: Client, chosen: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST", 1)
    raw = exported(admin_client, "csv", [chosen[0].pk], select_across="1")
    assert raw.count(b"\r\n") == 1 + Event.objects.count()
    found = admin_client.post(
        f"{LIST}?q=talks", {"action": "export_csv", "_selected_action": [0], "select_across": "1", "index": 0}
    )
    assert b"".join(found).count(b"\r\n") == 2
    assert exported(admin_client, "csv", [one.pk for one in chosen]).count(b"\r\n") == 4
    refused = admin_client.post(LIST, {"action": "change_together", "_selected_action": [one.pk for one in chosen]})
    assert refused.status_code == 302


def test_who_may_look_may_export(chosen: list[Event]) -> None:
    user = User.objects.create_user("reader", password="pw", is_staff=True)
    reader = Client()
    reader.force_login(user)
    form = {"action": "export_csv", "_selected_action": [chosen[0].pk]}
    assert reader.post(LIST, form).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="view_event"))
    assert b"Talks" in exported(reader, "csv", [chosen[0].pk])
