"""The base of the index on disk: used where it is of this database, and else made anew, with a word in the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, make_event
from timeline import index
from timeline.filters import EventFilter
from timeline.index import fresh, keeping
from timeline.models import Change, Revision

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(settings: LazySettings, tmp_path: Path, cast: Cast) -> Path:
    """Where the base of the cast is kept."""
    settings.VAR_DIR = tmp_path
    keep()
    return keeping.path()


def keep(revision: int | None = None) -> None:
    snapshot = fresh.current()
    token = Change.objects.token(snapshot.revision)
    assert token is not None
    keeping.keep(snapshot.segments[0], snapshot.revision if revision is None else revision, token)


def started(monkeypatch: pytest.MonkeyPatch, query: str = "") -> tuple[int, bool]:
    """How many events a process that has just started finds, and whether it read them from the database."""
    monkeypatch.setattr(fresh, "_layers", None)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        total = index.answer(EventFilter.parse(QueryDict(query))).total
    # All that take part, without a condition: only the making of a base asks for them.
    everything = [each for each in asked.captured_queries if each["sql"].endswith('FROM "timeline_participation"')]
    return total, bool(everything)


def test_good_file_spares_reading_the_events(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert started(monkeypatch) == (6, False)
    assert started(monkeypatch, "country=KOR") == (1, False)


def test_stale_file_is_brought_up_to_date(path: Path, monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    make_event("Later", "1999", countries=("KOR",))
    cast.visit.delete()
    assert started(monkeypatch) == (6, False)
    assert started(monkeypatch, "country=KOR") == (2, False)


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def put_something_else(path: Path) -> None:
    path.write_bytes(b"GIF89a")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def write_with_another_format(path: Path) -> None:
    keeping.FORMAT += 1
    try:
        keep()
    finally:
        keeping.FORMAT -= 1


def come_from_the_future(path: Path) -> None:
    keep(Revision.objects.number() + 7)


def restore_a_backup(path: Path) -> None:
    """The same number of revisions, another history."""
    Change.objects.update(token=1)


def put_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (damage, "it is damaged"),
        (shorten, "it is damaged"),
        (put_something_else, "it is not one of ours"),
        (empty, "it is not one of ours"),
        (write_with_another_format, "its format is 3, ours is 2"),
        (come_from_the_future, "is not of this database"),
        (restore_a_backup, "is not of this database"),
        (put_a_folder, "cannot be read"),
    ],
)
def test_file_that_cannot_be_trusted_is_made_anew(
    path: Path,
    spoil: Callable[[Path], None],
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    spoil(path)
    with caplog.at_level(logging.WARNING):
        assert started(monkeypatch) == (6, True)
    assert [reason in record.getMessage() for record in caplog.records] == [True]


def test_missing_file_is_nothing_to_speak_of(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path.unlink()
    assert started(monkeypatch) == (6, True)
    assert not caplog.records


def test_folder_that_cannot_be_written_costs_only_the_quick_start(
    cast: Cast, settings: LazySettings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    settings.VAR_DIR = tmp_path / "file"
    keep()
    assert "could not be kept" in caplog.records[-1].getMessage()
