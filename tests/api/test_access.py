"""Tokens are shown once and kept as digests; requests are counted; and a token's use is noted at most once a minute."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.api.conftest import Write, token_of, user_with
from tests.cast import Cast
from timeline.migrations._groups import make_groups
from timeline.models import ApiToken
from timeline.models.tokens import digest_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_clock_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts begin anew with each minute, and a slow test may lie across its end."""
    monkeypatch.setattr("timeline.api.access.time", SimpleNamespace(time=lambda: 1_795_849_230.0))


def test_what_is_left_of_a_minute_is_said(client: Client, cast: Cast, settings: LazySettings) -> None:
    settings.API_READS_PER_MINUTE = 2
    headers = [client.get("/api/events").headers for _time in range(2)]

    assert [(found["RateLimit-Limit"], found["RateLimit-Remaining"]) for found in headers] == [("2", "1"), ("2", "0")]
    assert 1 <= int(headers[0]["RateLimit-Reset"]) <= 60


def test_more_than_the_limit_is_refused_until_the_minute_is_over(
    client: Client, cast: Cast, settings: LazySettings
) -> None:
    settings.API_READS_PER_MINUTE = 1
    client.get("/api/events")
    response = client.get("/api/events")

    assert response.status_code == 429
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["RateLimit-Remaining"] == "0"
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_each_address_and_each_token_has_its_own_count(
    client: Client, cast: Cast, settings: LazySettings, editor: User
) -> None:
    settings.API_READS_PER_MINUTE = 1
    first, second = token_of(editor), token_of(user_with("reader"))

    for headers in (
        {"REMOTE_ADDR": "192.0.2.1"},
        {"REMOTE_ADDR": "192.0.2.2"},
        {"HTTP_AUTHORIZATION": f"Bearer {first}"},
        {"HTTP_AUTHORIZATION": f"Bearer {second}"},
    ):
        found: dict[str, Any] = headers
        assert client.get("/api/events", **found).status_code == 200
        assert client.get("/api/events", **found).status_code == 429


def test_guesses_at_tokens_are_counted(client: Client, cast: Cast, settings: LazySettings) -> None:
    settings.API_READS_PER_MINUTE = 2
    found = [client.get("/api/events", HTTP_AUTHORIZATION=f"Bearer annals_{guess}").status_code for guess in range(3)]

    assert found == [401, 401, 429]


def test_writing_has_a_limit_of_its_own(write: Write, cast: Cast, settings: LazySettings) -> None:
    settings.API_WRITES_PER_MINUTE = 1

    assert write("post", "/api/events", {}).status_code == 422
    assert write("post", "/api/events", {}).status_code == 429
    assert write("get", "/api/events").status_code == 200


def test_use_is_noted_once_a_minute(write: Write, cast: Cast) -> None:
    token = ApiToken.objects.get()
    write("get", "/api/events")
    first = ApiToken.objects.get().last_used
    write("get", "/api/events")

    assert first is not None
    assert ApiToken.objects.get().last_used == first
    ApiToken.objects.filter(pk=token.pk).update(last_used=timezone.now() - datetime.timedelta(minutes=2))
    write("get", "/api/events")
    again = ApiToken.objects.get().last_used
    assert again is not None
    assert again >= first


def test_a_refused_write_is_noted_as_use_too(write: Write, cast: Cast) -> None:
    assert write("post", "/api/events", {"title": ""}).status_code == 422
    assert ApiToken.objects.get().last_used is not None


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer ", "annals", "Bearer \xff", "Bearer a b"])
def test_another_kind_of_authorization_is_refused(client: Client, cast: Cast, header: str) -> None:
    response = client.get("/api/events", HTTP_AUTHORIZATION=header)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


# In the admin ---------------------------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_only_its_digest_is_kept(admin_client: Client, admin_user: User) -> None:
    response = admin_client.post(reverse("admin:timeline_apitoken_add"), {"user": admin_user.pk, "name": "newsroom"})

    token = ApiToken.objects.get()
    secret = response.context["secret"]
    assert secret in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert len(secret) == len("annals_") + 43
    assert token.digest == digest_of(secret)
    assert ApiToken.objects.of_secret(secret) == token
    for name in ("changelist", "change"):
        address = reverse(f"admin:timeline_apitoken_{name}", args=[token.pk] if name == "change" else [])
        page = admin_client.get(address).content.decode()
        assert "newsroom" in page
        assert secret not in page
        assert token.digest not in page


def test_tokens_are_revoked_from_the_list(admin_client: Client, admin_user: User) -> None:
    secret = token_of(admin_user)
    token = ApiToken.objects.get()
    admin_client.post(
        reverse("admin:timeline_apitoken_changelist"), {"action": "revoke", "_selected_action": [token.pk]}
    )

    assert ApiToken.objects.get().revoked is not None
    assert ApiToken.objects.of_secret(secret) is None


def test_an_editor_makes_tokens_only_for_herself(client: Client, editor: User, admin_user: User) -> None:
    client.force_login(editor)
    address = reverse("admin:timeline_apitoken_add")

    client.post(address, {"user": admin_user.pk, "name": "mine, whatever I say"})
    assert ApiToken.objects.get().user == editor


@pytest.mark.parametrize(
    ("group", "makes", "sees"),
    [("contributor", False, set()), ("editor", True, {"own"}), ("administrator", True, {"own", "foreign"})],
)
def test_the_groups_make_their_own_tokens_and_see_what_they_may_revoke(
    client: Client, admin_user: User, group: str, makes: bool, sees: set[str]
) -> None:
    make_groups(apps, connection.schema_editor())
    user = User.objects.create_user(group, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    token_of(admin_user)
    ApiToken.objects.update(name="foreign")
    answer = client.post(reverse("admin:timeline_apitoken_add"), {"name": "own"})
    assert (answer.status_code == 200, ApiToken.objects.filter(user=user).count()) == (makes, makes)
    tokens = reverse("admin:timeline_apitoken_changelist")
    page = client.get(tokens)
    assert {row.name for row in page.context["cl"].result_list} == sees if makes else page.status_code == 403
    every = list(ApiToken.objects.values_list("pk", flat=True))
    client.post(tokens, {"action": "revoke", "_selected_action": every})
    assert set(ApiToken.objects.filter(revoked__isnull=False).values_list("name", flat=True)) == sees


def test_no_token_is_deleted_or_changed(admin_client: Client, admin_user: User) -> None:
    token_of(admin_user)
    token = ApiToken.objects.get()

    assert admin_client.post(reverse("admin:timeline_apitoken_delete", args=[token.pk])).status_code == 403
    admin_client.post(reverse("admin:timeline_apitoken_change", args=[token.pk]), {"name": "another"})
    assert ApiToken.objects.get().name == token.name
