"""Nothing is saved over what an editor has not seen: other versions, rows alone, and forms that say no version."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.admin.conftest import event, form_of_stored, rows
from timeline.desk import versions
from timeline.models import Actor, Event


def address_of(made: Event) -> str:
    return f"/admin/timeline/event/{made.pk}/change/"


@pytest.fixture
def others(db: None) -> dict[str, int]:
    """What rows point at, by name."""
    actor = Actor.objects.create(slug="kim", name="Kim Il Sung", country_id="PRK")
    return {"actor": actor.pk, "target": event("Talks", "1951-07-10").pk}


@pytest.mark.parametrize(
    ("prefix", "row", "words"),
    [
        ("participations", {"country": "RUS", "role": "mediator"}, "Russia · mediator"),
        ("actor_participations", {"actor": "actor", "role": "host"}, "Kim Il Sung · host"),
        ("names", {"name": "전승절", "language": "ko"}, "전승절 · ko"),
        ("sources", {"publisher": "The Gazette", "kind": "newspaper", "stance": "supports", "title": "A"}, "Gazette"),
        ("relations", {"kind": "response_to", "target": "target"}, "response to · Talks"),
    ],
)
def test_rows_alone_that_another_editor_changed_are_seen(
    admin_client: Client, others: dict[str, int], prefix: str, row: dict[str, Any], words: str
) -> None:
    made = event()
    seen = form_of_stored(made)
    first = seen | rows(prefix, {name: others.get(value, value) for name, value in row.items()})
    assert admin_client.post(address_of(made), first).status_code == 302
    answer = admin_client.post(address_of(made), seen | {"title": "By the second"})
    assert (answer.status_code, words in answer.content.decode()) == (409, True)
    made.refresh_from_db()
    assert made.title == "Armistice halts the fighting"


@pytest.mark.parametrize("version", [None, "", " "])
def test_a_form_that_says_no_version_saves_nothing_until_its_sender_chose(
    admin_client: Client, version: str | None
) -> None:
    made = event(summary="Written by another editor.")
    sent = form_of_stored(made, title="By a program")
    del sent["version"]
    answer = admin_client.post(address_of(made), sent if version is None else sent | {"version": version})
    made.refresh_from_db()
    assert (answer.status_code, made.title, made.version) == (409, "Armistice halts the fighting", 1)
    page = answer.content.decode()
    shown = ["which version", "Written by another editor.", "By a program"]
    assert [words for words in shown if words not in page] == []
    chosen = {"mine": answer.context["mine"], "version": "1", "choose-title": "mine", "reason": "", "step": "_draft"}
    assert admin_client.post(f"/admin/timeline/event/{made.pk}/resolve/", chosen).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.summary) == ("By a program", "Written by another editor.")


def test_who_may_not_save_is_refused_also_without_a_version(editor: Client) -> None:
    made = event(status="published")
    sent = form_of_stored(made, title="Other")
    del sent["version"]
    assert editor.post(address_of(made), sent).status_code == 403


@pytest.mark.parametrize(
    ("said", "reason", "shown"),
    [
        ({"summary": "x" * 1001}, "", "summary: Ensure this value has at most 1000 characters (it has 1001)."),
        ({"body": "x" * 50_001}, "", "body: Ensure this value has at most 50000 characters (it has 50001)."),
        ({"summary": "Short."}, "x" * 1001, "Ensure this value has at most 1000 characters (it has 1001)."),
        ({"summary": "Short."}, "<b>", "Markup such as"),
    ],
)
def test_a_choice_that_is_too_long_is_refused_with_the_field_named(
    admin_client: Client, said: dict[str, str], reason: str, shown: str
) -> None:
    made = event()
    stored = versions.stored(made.pk)
    assert stored is not None
    mine = json.dumps(versions.to_json(stored) | said)
    sent = {"mine": mine, "version": "1", "step": "_draft", "reason": reason, "_mine": "Keep all of mine"}
    answer = admin_client.post(f"/admin/timeline/event/{made.pk}/resolve/", sent)
    made.refresh_from_db()
    assert (answer.status_code, shown in answer.content.decode(), made.version) == (400, True, 1)
