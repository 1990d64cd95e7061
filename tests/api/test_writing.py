"""Writing through the API: the models' own rules, one winner a version, history, and what each may do."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client

from tests.api.conftest import Write, token_of, user_with
from tests.cast import Cast, make_event
from timeline.models import ApiToken, DeletedEvent, Event, Participation, Revision

pytestmark = pytest.mark.django_db

TALKS: dict[str, Any] = {
    "title": "Talks in Pyongyang",
    "date": "26 July 2023",
    "category": "diplomacy",
    "importance": 4,
    "latitude": 39.03,
    "longitude": 125.75,
    "countries": [{"country": "PRK", "role": "host"}, {"country": "RUS", "role": "visitor"}],
    "actors": [{"actor": "kim-jong-un", "role": "host"}],
    "names": [{"name": "회담", "language": "ko"}],
    "sources": [{"publisher": "KCNA", "kind": "state_media", "title": "Talks held", "published": "27 July 2023"}],
    "relations": [{"kind": "part_of", "event": "russias-defence-minister-visits-pyongyang"}],
}


def etag_of(client: Client, slug: str, secret: str = "") -> str:
    headers: dict[str, Any] = {"HTTP_AUTHORIZATION": f"Bearer {secret}"} if secret else {}
    return str(client.get(f"/api/events/{slug}", **headers).headers["ETag"])


def pointers(response: Any) -> list[str]:
    assert response.headers["Content-Type"] == "application/problem+json"
    return sorted({error["pointer"] for error in response.json()["errors"]})


def test_an_event_is_created_with_its_rows_and_a_history(write: Write, cast: Cast, editor: User) -> None:
    response = write("post", "/api/events", TALKS | {"reason": "From the bulletin."})

    assert response.status_code == 201, response.content
    event = Event.objects.for_page().get(slug="talks-in-pyongyang")
    assert response.headers["Location"] == "http://testserver/api/events/talks-in-pyongyang"
    assert (event.status, event.date, event.version) == ("draft", "2023-07-26", 1)
    assert [(row.country_id, row.role) for row in event.participations.all()] == [("PRK", "host"), ("RUS", "visitor")]
    assert event.sources.get().published == "2023-07-27"
    assert event.relations.get().target == cast.visit
    record = event.history.get()
    assert (record.history_user, record.history_change_reason) == (editor, "API: token of editor: From the bulletin.")
    assert event.sources.get().history.get().history_user == editor


def test_what_was_read_can_be_sent_back_and_changes_nothing(
    write: Write, client: Client, cast: Cast, secret: str
) -> None:
    for event in (cast.armistice, cast.visit, cast.exhibition, cast.draft):
        address = f"/api/events/{event.slug}"
        seen = write("get", address)
        revision = Revision.objects.number()
        response = write("put", address, seen.json(), HTTP_IF_MATCH=seen.headers["ETag"])

        assert response.status_code == 200, response.content
        assert response.content == seen.content
        assert Revision.objects.number() == revision


def test_a_patch_changes_only_what_it_names(write: Write, client: Client, cast: Cast) -> None:
    address = f"/api/events/{cast.visit.slug}"
    response = write("patch", address, {"summary": "Three days."}, HTTP_IF_MATCH=etag_of(client, cast.visit.slug))

    assert response.status_code == 200
    event = Event.objects.get(pk=cast.visit.pk)
    assert (event.summary, event.importance, event.version, event.status) == ("Three days.", 4, 2, "published")
    assert event.participations.count() == 2


def test_withdrawing_needs_a_reason_which_readers_see(write: Write, client: Client, cast: Cast) -> None:
    address, etag = f"/api/events/{cast.visit.slug}", etag_of(client, cast.visit.slug)
    assert pointers(write("patch", address, {"status": "withdrawn"}, HTTP_IF_MATCH=etag)) == ["/reason"]
    body = {"status": "withdrawn", "reason": "It never happened."}

    assert write("patch", address, body, HTTP_IF_MATCH=etag).status_code == 200
    assert Event.objects.get(pk=cast.visit.pk).withdrawal_reason == "It never happened."
    assert client.get(address).status_code == 410


def test_a_published_event_does_not_go_back_into_review(write: Write, client: Client, cast: Cast) -> None:
    etag = etag_of(client, cast.visit.slug)
    response = write("patch", f"/api/events/{cast.visit.slug}", {"status": "in_review"}, HTTP_IF_MATCH=etag)

    assert pointers(response) == ["/status"]


def test_a_list_is_replaced_whole_and_the_rows_before_the_change_stay(write: Write, client: Client, cast: Cast) -> None:
    kept = Participation.objects.get(event=cast.visit, country="PRK").pk
    body = {"countries": [{"country": "North Korea"}, {"country": "CHN", "role": "visitor"}]}
    write("patch", f"/api/events/{cast.visit.slug}", body, HTTP_IF_MATCH=etag_of(client, cast.visit.slug))

    rows = Participation.objects.filter(event=cast.visit).order_by("pk")
    assert [(row.country_id, row.role) for row in rows] == [("PRK", "participant"), ("CHN", "visitor")]
    assert rows[0].pk == kept
    assert Event.objects.get(pk=cast.visit.pk).version == 2


def test_replacing_empties_what_is_not_given(write: Write, client: Client, cast: Cast) -> None:
    body = {"title": "Armistice", "date": "1953-07-27", "category": "peace"}
    response = write(
        "put", f"/api/events/{cast.armistice.slug}", body, HTTP_IF_MATCH=etag_of(client, cast.armistice.slug)
    )

    assert response.status_code == 200
    event = Event.objects.get(pk=cast.armistice.pk)
    assert (event.place, event.dataset, event.sources.count(), event.status) == ("", None, 0, "published")


def test_an_event_is_deleted(write: Write, client: Client, cast: Cast) -> None:
    response = write(
        "delete", f"/api/events/{cast.fighting.slug}?reason=Twice", HTTP_IF_MATCH=etag_of(client, cast.fighting.slug)
    )

    assert response.status_code == 204
    assert not Event.objects.filter(pk=cast.fighting.pk).exists()
    assert DeletedEvent.objects.get().title == cast.fighting.title


# One winner a version -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("header", ["", "*"])
def test_a_change_says_what_it_changes(write: Write, cast: Cast, method: str, header: str) -> None:
    headers = {"HTTP_IF_MATCH": header} if header else {}
    body = None if method == "delete" else {"title": "New", "date": "2023", "category": "peace"}
    response = write(method, f"/api/events/{cast.visit.slug}", body, **headers)

    assert response.status_code == 428
    assert response.json()["errors"][0]["header"] == "If-Match"


def test_a_change_of_an_old_version_is_refused_with_the_current_one(
    write: Write, client: Client, cast: Cast, secret: str
) -> None:
    seen = etag_of(client, cast.visit.slug)
    address = f"/api/events/{cast.visit.slug}"
    assert write("patch", address, {"place": "Pyongyang"}, HTTP_IF_MATCH=seen).status_code == 200
    response = write("patch", address, {"place": "Moscow"}, HTTP_IF_MATCH=seen)

    assert response.status_code == 412
    assert response.json()["current"]["place"] == "Pyongyang"
    assert write("patch", address, {"place": "Moscow"}, HTTP_IF_MATCH=response.headers["ETag"]).status_code == 200


def test_another_event_or_story_does_not_refuse_a_change(write: Write, client: Client, cast: Cast) -> None:
    seen = etag_of(client, cast.visit.slug)
    cast.story.title = "Another title"
    cast.story.save()
    cast.armistice.save()

    assert seen != etag_of(client, cast.visit.slug)
    response = write("patch", f"/api/events/{cast.visit.slug}", {"place": "Pyongyang"}, HTTP_IF_MATCH=seen)
    assert response.status_code == 200


# What is refused ------------------------------------------------------------------------------------------------------

WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({"title": ""}, ["/title"]),
    ({"title": "x" * 201}, ["/title"]),
    ({"title": "<script>alert(1)</script>"}, ["/title"]),
    ({"title": "a\x00b"}, ["/title"]),
    ({"title": 5}, ["/title"]),
    ({"date": "30 February 2023"}, ["/date"]),
    ({"date": ""}, ["/date"]),
    ({"category": "gossip"}, ["/category"]),
    ({"importance": 6}, ["/importance"]),
    ({"importance": "3"}, ["/importance"]),
    ({"importance": 10**40}, ["/importance"]),
    ({"importance": True}, ["/importance"]),
    ({"status": "secret"}, ["/status"]),
    ({"latitude": 91}, ["/latitude"]),
    ({"latitude": 1e300, "longitude": 1}, ["/latitude"]),
    ({"latitude": None}, ["/latitude"]),
    ({"slug": "not a slug"}, ["/slug"]),
    ({"slug": "fighting-around-taejon"}, ["/slug"]),
    ({"dataset": "none"}, ["/dataset"]),
    ({"id": "x1"}, ["/dataset"]),
    ({"dataset": "chronicle", "id": "armistice"}, [""]),
    ({"countries": [{"country": "Atlantis"}]}, ["/countries/0/country"]),
    ({"countries": [{"country": ""}]}, ["/countries/0/country"]),
    ({"countries": [{"country": "PRK", "role": "victim"}]}, ["/countries/0/role"]),
    ({"countries": [{"country": "PRK"}, {"country": "PRK"}]}, ["/countries/1"]),
    ({"countries": "PRK"}, ["/countries"]),
    ({"actors": [{"actor": "nobody"}]}, ["/actors/0/actor"]),
    ({"names": [{"name": "회담"}]}, ["/names/0"]),
    ({"names": [{"name": "회담", "language": "Korean!"}]}, ["/names/0/language"]),
    ({"sources": [{"publisher": "KCNA"}]}, ["/sources/0/title"]),
    ({"sources": [{"publisher": "KCNA", "url": "javascript:alert(1)"}]}, ["/sources/0/url"]),
    ({"sources": [{"publisher": "KCNA", "title": "x", "accessed": "yesterday"}]}, ["/sources/0/accessed"]),
    ({"relations": [{"kind": "part_of", "event": "none"}]}, ["/relations/0/event"]),
    ({"relations": [{"kind": "likes", "event": "fighting-around-taejon"}]}, ["/relations/0/kind"]),
    ({"summary": "x" * 1001}, ["/summary"]),
    ({"sources": [{"publisher": "KCNA", "title": "x", "quote": "x" * 2001}]}, ["/sources/0/quote"]),
    ({"colour": "red"}, ["/colour"]),
    ({"title": "", "date": "", "countries": [{"country": "X"}]}, ["/countries/0/country", "/date", "/title"]),
]


@pytest.mark.parametrize(("change", "expected"), WRONG, ids=[str(change)[:40] for change, _expected in WRONG])
def test_what_is_wrong_is_named_and_nothing_is_stored(
    write: Write, cast: Cast, change: dict[str, Any], expected: list[str]
) -> None:
    revision = Revision.objects.number()
    response = write("post", "/api/events", TALKS | change)

    assert response.status_code == 422, response.content
    assert pointers(response) == expected
    assert Revision.objects.number() == revision


def test_the_message_is_the_one_of_the_admin(write: Write, cast: Cast) -> None:
    response = write("post", "/api/events", TALKS | {"date": "30 February 2023"})
    with pytest.raises(ValidationError) as problem:
        Event(title="x", date="30 February 2023").clean()

    assert response.json()["errors"][0]["detail"] == problem.value.message_dict["date"][0]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"title": ' + b"9" * 5000 + b"}"])
def test_a_body_that_is_no_json_is_refused(write: Write, cast: Cast, body: bytes) -> None:
    response = write("post", "/api/events", body)

    assert response.status_code in (400, 422)
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("body", [b'{"title": "\\ud800"}', b'{"latitude": NaN}', b"[]", b"null", b'"x"'])
def test_json_of_another_shape_is_refused(write: Write, cast: Cast, body: bytes) -> None:
    assert write("post", "/api/events", body).status_code in (400, 422)


def test_a_body_that_is_too_long_is_refused(write: Write, cast: Cast) -> None:
    assert write("post", "/api/events", TALKS | {"body": "x" * 2_200_000}).status_code == 413


def test_an_event_is_not_related_to_itself(write: Write, client: Client, cast: Cast) -> None:
    body = {"relations": [{"kind": "led_to", "event": cast.visit.slug}]}
    response = write("patch", f"/api/events/{cast.visit.slug}", body, HTTP_IF_MATCH=etag_of(client, cast.visit.slug))

    assert pointers(response) == ["/relations/0/event"]


# Who may do what ------------------------------------------------------------------------------------------------------


def secrets(editor: User, contributor: User, cast: Cast) -> dict[str, str]:
    revoked = ApiToken(user=editor, name="revoked")
    old = revoked.renew_secret()
    revoked.save()
    revoked.revoke()
    gone = User.objects.create_superuser("gone")
    asleep = token_of(gone)
    gone.is_active = False
    gone.save()
    return {
        "anonymous": "",
        "unknown": "annals_unknown",
        "revoked": old,
        "inactive": asleep,
        "reader": token_of(user_with("reader")),
        "contributor": token_of(contributor),
        "editor": token_of(editor),
        "superuser": token_of(User.objects.create_superuser("root")),
    }


NOBODY = ("anonymous", "unknown", "revoked", "inactive")
# What each attempt answers: to a reader's token, a contributor's, an editor's or superuser's.
MATRIX: dict[str, tuple[int, int, int]] = {
    "create a draft": (403, 201, 201),
    "create a published event": (403, 403, 201),
    "change a draft": (403, 200, 200),
    "publish a draft": (403, 403, 200),
    "change a published event": (403, 403, 200),
    "delete a draft": (403, 403, 204),
    "delete a published event": (403, 403, 204),
}


@pytest.mark.parametrize("attempt", MATRIX)
@pytest.mark.parametrize("who", [*NOBODY, "reader", "contributor", "editor", "superuser"])
def test_a_token_may_do_what_its_user_may_do(
    write: Write, client: Client, cast: Cast, editor: User, contributor: User, who: str, attempt: str
) -> None:
    secret = secrets(editor, contributor, cast)[who]
    event = cast.draft if "draft" in attempt else cast.visit
    etag = etag_of(client, event.slug, token_of(editor))
    before = Event.objects.count(), Revision.objects.number()
    if attempt.startswith("create"):
        body = TALKS | {"status": "published" if "published" in attempt else "draft"}
        response = write("post", "/api/events", body, token=secret)
    elif attempt.startswith("delete"):
        response = write("delete", f"/api/events/{event.slug}", token=secret, HTTP_IF_MATCH=etag)
    else:
        body = {"status": "published"} if attempt.startswith("publish") else {"place": "Pyongyang"}
        response = write("patch", f"/api/events/{event.slug}", body, token=secret, HTTP_IF_MATCH=etag)

    reader, contributing, editing = MATRIX[attempt]
    expected = {"reader": reader, "contributor": contributing, "editor": editing, "superuser": editing}
    assert response.status_code == expected.get(who, 401), response.content
    if response.status_code >= 400:
        assert (Event.objects.count(), Revision.objects.number()) == before
        assert "rumour" not in response.content.decode()
    if response.status_code == 401:
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_relation_to_a_draft_survives_sending_back(write: Write, client: Client, cast: Cast) -> None:
    meeting = make_event("Meeting", "2023-07-26", "diplomacy", ("PRK",))
    meeting.relations.create(kind="led_to", target=cast.draft)
    seen = write("get", f"/api/events/{meeting.slug}")

    assert [row["event"] for row in seen.json()["relations"]] == [cast.draft.slug]
    assert client.get(f"/api/events/{meeting.slug}").json()["relations"] == []
