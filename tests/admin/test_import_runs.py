"""Imports in the admin that are under way, were interrupted, or ended long ago, and what is kept of them."""

from __future__ import annotations

import datetime
import fcntl
import os
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from tests.admin.importing import HEADER, ROWS, address, checked, imported, page, posted, publisher, upload
from timeline.desk import import_uploads
from timeline.models import Event, ImportRun

__all__ = ["publisher"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_interrupted_import_is_named_and_goes_on(publisher: Client) -> None:
    run = checked(publisher)
    # As a process leaves it that is killed: the state says that it works, and nobody holds the lock.
    ImportRun.objects.update(state="running")
    run.refresh_from_db()
    shown = page(publisher, run)
    assert "It was interrupted" in shown
    assert 'name="_import" value="Go on"' in shown
    run = posted(publisher, run, _import="1")
    assert (run.state, Event.objects.count()) == ("done", 2)


def test_a_running_import_shows_its_progress_and_does_not_start_twice(publisher: Client) -> None:
    run = checked(publisher)
    ImportRun.objects.update(state="running")
    with Path(f"{run.file.path}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.write("40")
        held.flush()
        shown = page(publisher, run)
        assert '<progress id="import-progress" value="40" max="100">' in shown
        assert 'hx-trigger="every 1s"' in shown
        assert publisher.post(address(run), {"_import": "1"}).status_code == 302
    assert Event.objects.count() == 0


def test_the_report_is_a_table_that_no_spreadsheet_runs(publisher: Client) -> None:
    run = checked(publisher, HEADER + ROWS + "3,Nothing,=1+1,peace,PRK,korea\n")
    response = publisher.get(f"/admin/timeline/importrun/{run.pk}/report.csv")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "what,row,column,value,message"
    assert lines[1].startswith("wrong,4,date,'=1+1,")
    assert [line.split(",")[0] for line in lines[2:]] == ["new", "new"]


def test_uploads_are_kept_under_names_that_nobody_guesses(publisher: Client) -> None:
    upload(publisher, HEADER + ROWS, "secret plan.csv")
    run = ImportRun.objects.get()
    assert run.name == "secret plan.csv"
    kept = Path(run.file.path).name
    assert (len(kept), "secret" in kept) == (32, False)


def test_uploads_are_removed_a_month_after_their_import_ended_or_was_left(publisher: Client) -> None:
    done, left = imported(publisher), checked(publisher)
    kept, fresh = imported(publisher, HEADER + "3,Talks,1951,peace,PRK,korea\n"), checked(publisher)
    folder = Path(done.file.path).parent
    orphan = folder / ("0" * 32)
    orphan.write_text("a file whose import was never noted")
    old = timezone.now() - datetime.timedelta(days=import_uploads.KEPT_DAYS + 1)
    ImportRun.objects.exclude(pk=fresh.pk).update(created=old)
    ImportRun.objects.filter(pk=done.pk).update(finished=old)
    for path in folder.iterdir():
        if path.name.removesuffix(".lock") != Path(fresh.file.path).name:
            os.utime(path, (old.timestamp(), old.timestamp()))

    upload(publisher, HEADER + ROWS)
    files = {path.name.removesuffix(".lock") for path in folder.iterdir()}
    assert files == {Path(run.file.path).name for run in (kept, fresh, ImportRun.objects.latest("pk"))}
    assert not ImportRun.objects.filter(pk=left.pk).exists()
    # What it did is still known, and can be undone without its file.
    assert "Armistice" in page(publisher, done)
    assert posted(publisher, done, _undo="1").state == "undone"
    assert import_uploads.remove_old() == 0


def test_a_file_at_which_a_process_is_at_work_stays(publisher: Client) -> None:
    run = checked(publisher)
    old = timezone.now() - datetime.timedelta(days=import_uploads.KEPT_DAYS + 1)
    ImportRun.objects.update(created=old, state="running")
    os.utime(run.file.path, (old.timestamp(), old.timestamp()))
    with Path(f"{run.file.path}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        os.utime(held.name, (old.timestamp(), old.timestamp()))
        assert import_uploads.remove_old() == 0
    assert import_uploads.remove_old() == 1
    assert not Path(run.file.path).exists()
