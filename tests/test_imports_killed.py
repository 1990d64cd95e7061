"""A process that is killed while it imports has written nothing, and the import is done by running it again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client

from tests.cast import make_places
from tests.processes import Process
from timeline.desk import import_worker
from timeline.models import Dataset, Event, FileVersion, ImportedEvent, ImportRun, Participation, Revision, SearchText

pytestmark = pytest.mark.django_db(transaction=True)

# Enough for a second batch of new events and of corrected ones.
ROWS = 1600
ABOUT = {
    "dataset": "korea",
    "dataset_name": "Korea",
    "dataset_publisher": "Annals",
    "dataset_licence": "CC0",
    "dataset_citation": "Annals",
}
HEADER = ",".join(("id,title,date,category,countries,sources", *ABOUT))
# The statement before which the process is killed, and how often it has run by then. Little more than the commit
# follows the last one.
MOMENTS = {
    "reading": 'stop 1 FROM "timeline_event"',
    "the first batch": 'stop 1 INSERT INTO "timeline_historicalparticipation"',
    "the second batch": 'stop 2 INSERT INTO "timeline_historicalsource"',
    "history": 'stop 1 INSERT INTO "timeline_historicalevent"',
    "the revision": 'stop 2 INTO "timeline_change"',
    "the words": 'stop 1 INTO "timeline_searchtext"',
}


def table(correction: str = "") -> str:
    cells = "1951-07,peace,PRK; CHN,publisher=A paper | title=Talks"
    rows = (",".join((str(n), f"Talks {n}{correction}", cells, *ABOUT.values())) for n in range(ROWS))
    return "\n".join((HEADER, *rows, ""))


def stored() -> dict[str, int]:
    models = (Dataset, Event, Participation, SearchText, FileVersion, ImportedEvent)
    counts = {model.__name__: model._default_manager.count() for model in models}
    return counts | {"history": Event.history.count(), "revision": Revision.objects.number()}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_command_has_written_nothing_and_runs_again(
    moment: str, start: Callable[[], Process], tmp_path: Path
) -> None:
    make_places()
    path = tmp_path / "talks.csv"
    path.write_text(table())
    before = stored()
    process = start()
    assert process.asked(MOMENTS[moment]) == "will stop"
    assert process.asked(f"file {path}") == "there"
    process.kill()
    assert stored() == before
    call_command("import_events", path, status="published", verbosity=0)
    after = stored()
    assert [after[name] for name in ("Event", "Participation", "SearchText", "history")] == [ROWS, 2 * ROWS, ROWS, ROWS]


def test_a_killed_correction_leaves_every_event_as_it_was(start: Callable[[], Process], tmp_path: Path) -> None:
    make_places()
    path = tmp_path / "talks.csv"
    path.write_text(table())
    call_command("import_events", path, status="published", verbosity=0)
    before = stored()
    path.write_text(table(" of the delegations"))
    process = start()
    process.order('stop 4 INSERT INTO "timeline_historicalevent"')
    assert [process.answer(), process.asked(f"file {path}")] == ["will stop", "there"]
    process.kill()
    assert stored() == before
    assert not Event.objects.filter(title__contains="delegations").exists()
    call_command("import_events", path, status="published", verbosity=0)
    assert Event.objects.filter(title__contains="delegations").count() == ROWS


@pytest.fixture
def run() -> ImportRun:
    """A file that waits for its check."""
    make_places()
    user = User.objects.create_superuser("editor", password="pw")
    about = {"name": "talks.csv", "format": "csv", "status": "published", "author": user}
    made: ImportRun = ImportRun.objects.create(file=ContentFile(table().encode(), "talks.csv"), **about)
    return made


STEPS = [
    ("checking", "_check", MOMENTS["reading"], "checked", 0),
    ("running", "_import", MOMENTS["the second batch"], "done", ROWS),
    ("running", "_import", MOMENTS["the words"], "done", ROWS),
    ("undoing", "_undo", 'stop 3 DELETE FROM "timeline_event"', "undone", 0),
]


@pytest.mark.parametrize(("state", "button", "moment", "end", "events"), STEPS)
def test_a_step_whose_worker_was_killed_is_named_and_taken_up_again(
    state: str, button: str, moment: str, end: str, events: int, run: ImportRun, start: Callable[[], Process]
) -> None:
    steps = ["checking", "running", "undoing"]
    process = start()
    for earlier in steps[: steps.index(state)]:
        process.asked(f"step {run.pk} {earlier}")
    process.end()
    before = stored()
    process = start()
    assert process.asked(moment) == "will stop"
    assert process.asked(f"step {run.pk} {state}") == "there"
    run.refresh_from_db()
    assert (run.state, import_worker.is_interrupted(run)) == (state, False)
    process.kill()

    assert stored() == before
    client = Client()
    client.force_login(User.objects.get())
    address = f"/admin/timeline/importrun/{run.pk}/change/"
    shown = client.get(address).content.decode()
    assert "It was interrupted" in shown
    assert f'name="{button}" value="Go on"' in shown
    assert start().asked(f"step {run.pk} {state}") == end
    assert (Event.objects.count(), SearchText.objects.count(), Participation.objects.count()) == (
        events,
        events,
        2 * events,
    )
