"""Fixtures for modules that only read: one server of the demonstration events for all tests of the module."""

from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from playwright.sync_api import Page
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from tests.cast import load_demonstration


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[LiveServer]:
    """The server. Its events are gone when the module ends."""
    with django_db_blocker.unblock():
        load_demonstration()
        server = LiveServer("localhost")
        yield server
        server.stop()
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def db(demo: LiveServer) -> None:
    """In place of the one that empties the database after every test; its name makes pytest-django prepare one."""


@pytest.fixture
def address(db: None, demo: LiveServer) -> str:
    return demo.url


@pytest.fixture
def count(page: Page) -> Callable[[str], int]:
    """How many events a query has, as the same view in JSON says."""

    def ask(query: str) -> int:
        return int(page.request.get(f"/events.json?{query}").json()["count"])

    return ask
