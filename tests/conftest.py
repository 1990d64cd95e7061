"""What all tests share."""

import pytest
from django.core.cache import caches
from hypothesis import settings

from tests.cast import cast, editor
from timeline.index import fresh
from timeline.models import Vocabulary

__all__ = ["cast", "editor"]

# The same examples every time, so that a failure can be repeated; slow machines must not fail on time.
settings.register_profile("annals", derandomize=True, deadline=None, database=None)
settings.load_profile("annals")


@pytest.fixture(autouse=True)
def _nothing_kept_from_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's writes are rolled back and their revisions given out again, which no real database does."""
    monkeypatch.setattr(fresh, "_kept", None)
    monkeypatch.setattr(Vocabulary, "_kept", None)
    caches["pages"].clear()
