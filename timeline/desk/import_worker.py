"""Imports in the background of this process, so that nothing else need be started.

A run that is going on holds a lock on a file beside the upload. The operating system lets go of it when the process
ends, however it ends, so a run that says it is working and holds no lock was interrupted. As each step is one
transaction, nothing is half done then, and the step can be started again. The file also says how far the run is: the
database could not, because nobody else sees into the transaction that writes the events.
"""

from __future__ import annotations

import fcntl
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TextIO

from django.contrib.auth import get_user_model
from django.db import connections
from django.utils import translation
from django.utils.translation import gettext as _
from simple_history.models import HistoricalRecords

from timeline.formats import FileProblem
from timeline.imports import Outdated
from timeline.models import ImportRun, ImportState

from . import import_steps
from .import_undo import NotUndone

STARTS_FROM = {
    ImportState.CHECKING: (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED, ImportState.CHECKING),
    ImportState.RUNNING: (ImportState.CHECKED, ImportState.RUNNING),
    ImportState.UNDOING: (ImportState.DONE, ImportState.UNDOING),
}
FALLS_BACK_TO = {
    ImportState.CHECKING: ImportState.FAILED,
    ImportState.RUNNING: ImportState.CHECKED,
    ImportState.UNDOING: ImportState.DONE,
}
STEP = 500
"""Records between two notes of the progress."""
logger = logging.getLogger(__name__)


def start(run: ImportRun, state: ImportState, user: Any, *, patience: float = 0.5) -> bool:
    """Begin a step, or take it up again, and wait a moment, for most files are small. False if it cannot begin now."""
    held = _claim(run)
    if held is None:
        return False
    # Nobody else starts it while we hold the lock, so the state that we read now stays.
    if not ImportRun.objects.filter(pk=run.pk, state__in=STARTS_FROM[state]).update(state=state, message=""):
        held.close()
        return False
    thread = threading.Thread(
        target=_work,
        args=(run.pk, state, held, user.pk, translation.get_language()),
        name=f"import {run.pk}",
        daemon=True,
    )
    thread.start()
    thread.join(patience)
    return True


def is_going_on(run: ImportRun) -> bool:
    """True while a process works on the run."""
    try:
        with _lock_file(run).open("a+") as stream:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def is_interrupted(run: ImportRun) -> bool:
    """True if the run should be going on and is not: its process ended. Reads the run's state anew."""
    if not run.is_working or is_going_on(run):
        return False
    # It may have ended in good order between the two looks.
    run.refresh_from_db()
    return run.is_working and not is_going_on(run)


def progress(run: ImportRun) -> int | None:
    """Percent of the file that are read; None while events are written."""
    try:
        text = _lock_file(run).read_text().strip()
    except OSError:
        return 0
    return int(text) if text.isdigit() else None if text else 0


def _lock_file(run: ImportRun) -> Path:
    return Path(f"{run.file.path}.lock")


def _claim(run: ImportRun) -> TextIO | None:
    stream = _lock_file(run).open("a+")
    for _attempt in range(5):
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Somebody may only be looking whether it is going on.
            time.sleep(0.02)
        else:
            return stream
    stream.close()
    return None


def _noting(held: TextIO) -> Callable[[str], None]:
    def note(text: str) -> None:
        held.seek(0)
        held.truncate()
        held.write(text)
        held.flush()

    return note


def _work(pk: int, state: ImportState, held: TextIO, user_id: int, language: str | None) -> None:
    note = _noting(held)
    message = ""
    try:
        with translation.override(language):
            try:
                run = ImportRun.objects.get(pk=pk)
                user = get_user_model().objects.get(pk=user_id)
                # What simple-history writes down as the one who did it.
                HistoricalRecords.context.request = SimpleNamespace(user=user)
                _STEPS[state](run, user, note)
            except (FileProblem, Outdated, NotUndone, OSError) as problem:
                message = str(problem)
            except Exception:
                logger.exception("Import %s failed", pk)
                message = _("It failed for a reason that we did not foresee; nothing was written. The log has more.")
        if message:
            ImportRun.objects.filter(pk=pk).update(state=FALLS_BACK_TO[state], message=message)
    finally:
        if hasattr(HistoricalRecords.context, "request"):
            del HistoricalRecords.context.request
        held.close()
        connections.close_all()


def _counted(run: ImportRun, note: Callable[[str], None]) -> Callable[[Iterable[Any], Any], Iterator[Any]]:
    size = max(run.file.size, 1)

    def counted(records: Iterable[Any], stream: Any) -> Iterator[Any]:
        for number, record in enumerate(records):
            if number % STEP == 0 and not stream.closed:
                note(str(min(100, 100 * stream.tell() // size)))
            yield record

    return counted


_STEPS: dict[ImportState, Callable[[ImportRun, Any, Callable[[str], None]], None]] = {
    ImportState.CHECKING: lambda run, user, note: import_steps.check_run(run, user, _counted(run, note)),
    ImportState.RUNNING: lambda run, user, note: import_steps.import_run(
        run, user, _counted(run, note), lambda: note("writing")
    ),
    ImportState.UNDOING: lambda run, user, note: import_steps.undo_run(run, lambda: note("writing")),
}
