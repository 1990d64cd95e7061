"""Files that were sent for an import are kept for a while, so that an import can be looked into, and then removed."""

from __future__ import annotations

import datetime
from pathlib import Path

from django.utils import timezone

from timeline.models import ImportRun, ImportState

from .import_worker import is_going_on

KEPT_DAYS = 30
"""After an import ended, or after it was left as it was."""
ENDED = (ImportState.DONE, ImportState.UNDOING, ImportState.UNDONE)
"""States of an import that wrote something, which is remembered without its file: it can still be undone."""


def remove_old() -> int:
    """Remove files that nobody needs any more, and imports that never came to anything; how many files went."""
    before = timezone.now() - datetime.timedelta(days=KEPT_DAYS)
    storage = ImportRun._meta.get_field("file").storage
    folder = Path(storage.path("imports"))
    names = {path.name.removesuffix(".lock") for path in folder.glob("*") if path.stat().st_mtime < before.timestamp()}
    runs = {run.file.name: run for run in ImportRun.objects.filter(file__in=[f"imports/{name}" for name in names])}
    removed = 0
    for name in sorted(names):
        run = runs.get(f"imports/{name}")
        if run and ((run.finished or run.created) > before or is_going_on(run)):
            continue
        if run and run.state not in ENDED:
            run.delete()
        removed += (folder / name).exists()
        for path in (folder / name, folder / f"{name}.lock"):
            path.unlink(missing_ok=True)
    return removed
