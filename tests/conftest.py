"""What all tests share."""

import gc
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.utils import translation
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from tests.cast import cast, editor
from tests.processes import start
from timeline.index import fresh
from timeline.models import Vocabulary

__all__ = ["cast", "editor", "start"]

# The same examples every time, so that a failure can be repeated; slow machines must not fail on time.
settings.register_profile("annals", derandomize=True, deadline=None, database=None)
settings.load_profile("annals")

# Looking for garbage after every 700 new objects, as Python does, took a seventh of the time of all tests.
gc.set_threshold(20_000, 20, 20)


def pytest_collection_finish() -> None:
    """Spare the search for garbage what stays to the end: three hundred thousand objects of modules and tests."""
    gc.collect()
    gc.freeze()


# Fixtures through which a test meets the database.
DATABASE_FIXTURES = {"db", "transactional_db", "cast", "live_server"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run what a database can change; the rest has run on SQLite a minute before."""
    if connection.vendor != "postgresql":
        return
    meeting = [
        item
        for item in items
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
        if not item.get_closest_marker("sqlite_plans")
    ]
    kept = set(meeting)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = meeting


# Modules whose tests share something that takes long to make: a server, a loaded database.
STAYING_TOGETHER = ("tests/browser/", "tests/test_load_commands.py", "tests/test_move_database.py")


class _Scheduling(LoadScopeScheduling):
    """Modules that stay together first, the longest before the others; then test by test, so that nobody idles."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("::")[0] if nodeid.startswith(STAYING_TOGETHER) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return _Scheduling(config, log)


@pytest.fixture(autouse=True)
def _nothing_kept_from_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's writes are rolled back and their revisions given out again, which no real database does."""
    monkeypatch.setattr(fresh, "_layers", None)
    monkeypatch.setattr(Vocabulary, "_kept", None)
    caches["pages"].clear()
    # A request in another language leaves it active in the thread that answered.
    translation.deactivate()
