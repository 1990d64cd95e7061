"""The OpenAPI description is true: schemathesis asks everything that it allows, and much that it does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.conf import LazySettings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from tests.api.conftest import token_of
from tests.cast import Cast
from timeline.api.description import openapi
from timeline.api.site import api

# A well-formed event can still be refused for what it says, and a well-formed code may be no country's.
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {
            "positive_data_acceptance": {
                "expected-statuses": ["2XX", "304", "400", "401", "403", "404", "409", "410", "412", "422", "428"]
            },
        },
        "generation": {"deterministic": True, "database": "none"},
    }
)


DESCRIPTION: dict[str, Any] = openapi(api)
OPERATIONS = [details["operationId"] for methods in DESCRIPTION["paths"].values() for details in methods.values()]
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION, config=CONFIG)
SCHEMA.app = WSGIHandler()


@pytest.fixture
def token(cast: Cast, editor: Any, settings: LazySettings) -> Iterator[str]:
    """A token that may do everything, in a process in which no limit is reached."""
    settings.API_READS_PER_MINUTE = settings.API_WRITES_PER_MINUTE = 999_999
    settings.ALLOWED_HOSTS = ["*"]
    # As Django's own test client: the connection of the test outlives its requests.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield token_of(editor)
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def values_of(case: schemathesis.Case[Any]) -> list[object]:
    """What is asked for. An empty value asks for nothing, as forms send it, for which a list of values has no word."""
    found: list[object] = []
    for value in (case.query or {}).values():
        found += value if isinstance(value, list) else [value]
    return found


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_is_as_described(name: str, token: str) -> None:
    operation = SCHEMA.find_operation_by_id(name)

    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(st.one_of(*(operation.as_strategy(mode) for mode in GenerationMode)))
    def ask(case: schemathesis.Case[Any]) -> None:
        # Blanks around a value are no part of it, for which the description has no word either.
        assume(all(str(value) and str(value) == str(value).strip() for value in values_of(case)))
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"})

    ask()


@pytest.mark.django_db
def test_the_page_shows_every_operation(client: Client, cast: Cast) -> None:
    page = client.get("/api/").content.decode()
    paths = client.get("/api/openapi.json").json()["paths"]

    operations = [details["operationId"] for methods in paths.values() for details in methods.values()]
    assert len(operations) == 18
    for operation in operations:
        assert f'id="{operation}"' in page


@pytest.mark.django_db
def test_the_links_of_the_page_answer(client: Client, cast: Cast) -> None:
    page = client.get("/api/").content.decode()

    for address in ("/api/events", "/api/histogram", "/api/on-this-day/07-27", "/api/countries/PRK"):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200
