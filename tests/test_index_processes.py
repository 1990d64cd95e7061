"""Several real processes on one database: what is saved shows everywhere, and a killed process leaves nothing half."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Cast, make_event
from tests.processes import Process
from timeline.index import fresh
from timeline.index.reading import columns
from timeline.models import Event, Revision

pytestmark = pytest.mark.django_db(transaction=True)


def test_save_shows_in_every_process_once_it_has_answered(cast: Cast, start: Callable[[], Process]) -> None:
    processes = [start(), start()]
    assert [process.count() for process in processes] == [6, 6]
    for number in range(1, 6):
        event = make_event(f"Meeting {number}", "1960-01-01", countries=("PRK",))
        assert [process.count() for process in processes] == [6 + number, 6 + number]
    event.status = "withdrawn"
    event.save()
    assert [process.count() for process in processes] == [10, 10]
    Event.objects.filter(title__startswith="Meeting").delete()
    assert [process.count() for process in processes] == [6, 6]


def test_what_another_process_writes_shows_here(cast: Cast, start: Callable[[], Process]) -> None:
    writer, reader = start(), start()
    assert reader.count("category=peace") == 1
    assert writer.asked("write 7 Truce") == "written"
    assert reader.count("category=peace") == 8


def test_concurrent_writers_lose_nothing(cast: Cast, start: Callable[[], Process]) -> None:
    before, title = Revision.objects.number(), cast.armistice.title
    writers = [start(), start(), start()]
    for number, writer in enumerate(writers):
        writer.order(f"write 12 Writer{number}")
        writer.order(f"rename {cast.armistice.pk} 8")
    assert [(writer.answer(), writer.answer()) for writer in writers] == [("written", "renamed")] * 3
    assert Event.objects.get(pk=cast.armistice.pk).title == title + "x" * 24
    assert Revision.objects.number() == before + 3 * (12 + 8)
    assert [writer.count() for writer in writers] == [6 + 36] * 3


def test_others_write_while_the_index_is_read(
    cast: Cast, start: Callable[[], Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = start()

    def reading(*ids: Any) -> Any:
        # A million events take seconds, ten millions a minute: so long nobody waits.
        assert writer.asked("write 1 Meanwhile") == "written"
        return columns(*ids)

    monkeypatch.setattr(fresh, "_layers", None)
    monkeypatch.setattr(fresh, "columns", reading)
    before = Revision.objects.number()
    assert fresh.current().revision == before
    monkeypatch.setattr(fresh, "columns", columns)
    assert len(fresh.current().alive) == 7


def test_process_killed_in_the_middle_of_an_import_leaves_nothing(cast: Cast, start: Callable[[], Process]) -> None:
    before = Revision.objects.number()
    killed, reader = start(), start()
    assert killed.asked("import 60") == "writing"
    killed.kill()
    assert (Event.objects.count(), Revision.objects.number(), reader.count()) == (8, before, 6)
    after = start()
    assert after.asked("import 3") == "writing"
    assert after.answer() == "imported"
    assert (after.count(), reader.count()) == (9, 9)
