"""Tokens and a client that sends them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.test import Client

from timeline.models import ApiToken

Write = Callable[..., Any]


@pytest.fixture(autouse=True)
def _no_requests_counted_before() -> None:
    cache.clear()


def token_of(user: User) -> str:
    """A new token's secret."""
    token = ApiToken(user=user, name=f"token of {user.username}")
    secret = token.renew_secret()
    token.save()
    return secret


def user_with(name: str, *codenames: str) -> User:
    user = User.objects.create_user(name, password="not-a-secret")
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="timeline", codename__in=codenames))
    return user


@pytest.fixture
def contributor(db: None) -> User:
    """May write drafts, but nothing that readers see."""
    return user_with("contributor", "add_event", "change_event", "view_event")


@pytest.fixture
def secret(editor: User) -> str:
    """The token of an editor, who may do everything with the timeline's content."""
    return token_of(editor)


@pytest.fixture
def write(client: Client, secret: str) -> Write:
    """Send JSON with the editor's token: `write("post", "/api/events", {...}, HTTP_IF_MATCH=etag)`."""

    def send(method: str, address: str, body: Any = None, token: str = secret, **headers: str) -> Any:
        if token:
            headers["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return client.generic(
            method.upper(),
            address,
            _json(body),
            content_type="application/json",
            **headers,  # type: ignore[arg-type]
        )

    return send


def _json(body: Any) -> bytes:
    return b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
