"""Imports on the web: the file that was sent, what was found in it, what it did, and whether that was taken back."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("uploaded")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked")
    RUNNING = "running", _("being imported")
    DONE = "done", _("imported")
    FAILED = "failed", _("cannot be read")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")


WORKING = (ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING)


def random_name(run: ImportRun, name: str) -> str:
    """Where a file is kept: nobody can guess it, and nothing of the name that it came with is in it."""
    return f"imports/{secrets.token_hex(16)}"


class ImportRun(models.Model):
    """One file on its way in. What readers see does not depend on it, so it takes no revision."""

    file = models.FileField(_("file"), upload_to=random_name, max_length=200)
    name = models.CharField(_("name of the file"), max_length=200)
    format = models.CharField(_("format"), max_length=20, blank=True)
    reading: Any = models.JSONField(default=dict, editable=False)
    """What its form said: dataset, category, order of days, columns."""
    mapping = models.TextField(_("mapping of columns"), blank=True)
    status = models.CharField(_("status of new events"), max_length=9, default="draft")
    skip_wrong = models.BooleanField(_("leave the wrong rows out"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=ImportState, default=ImportState.UPLOADED)
    message = models.TextField(_("message"), blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created = models.DateTimeField(_("uploaded"), auto_now_add=True)
    finished = models.DateTimeField(_("finished"), null=True, blank=True)
    report: Any = models.JSONField(_("report"), default=dict, editable=False)
    """Counts, and the first problems and events of each kind (see timeline.desk.import_report)."""
    made: Any = models.JSONField(default=dict, editable=False)
    """Slugs of datasets, people and stories that were not there before, and the file versions that were kept."""
    conflicts: Any = models.JSONField(default=dict, editable=False)
    """What was decided about fields that editors changed too: for "all", and for events of these numbers."""

    class Meta:
        ordering = ["-created", "-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(
                name="import_run_state_known",
                condition=Q(state__in=ImportState.values),
                violation_error_message=_("An import is in one of the known states."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def decision_of(self, name: str) -> str:
        """What was decided about a conflict, by what it is called; where nothing was said, what is here is kept."""
        return str(self.conflicts.get(name, self.conflicts.get("all", "keep")))

    @property
    def is_working(self) -> bool:
        """True while something should be going on; it may have been interrupted all the same."""
        return self.state in WORKING


class ImportedEvent(models.Model):
    """An event that an import wrote. Holds a bare number, not a key: the event may be deleted later."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="events")
    event_id = models.PositiveBigIntegerField()
    is_new = models.BooleanField()
    version = models.PositiveIntegerField()
    """The event's version after the import; another one says that somebody has changed it since."""

    def __str__(self) -> str:
        return f"{self.event_id} @ {self.version}"


class FileVersion(models.Model):
    """What a file said of an event. By the newest one the next file's corrections are told from what editors changed.

    Holds a bare number, not a key, so that an event that was deleted and comes back still has it.
    """

    event_id = models.PositiveBigIntegerField()
    said = models.TextField()
    """JSON of the fields that are not empty (see timeline.imports.file_versions)."""

    class Meta:
        indexes = [
            # "What did files say of these events?", asked of every chunk of an import.
            models.Index(fields=["event_id"], name="file_version_event"),
        ]

    def __str__(self) -> str:
        return str(self.event_id)


class CompanionVersion(models.Model):
    """What a file said of something that comes with events: a dataset, a person, a story, the coverage of a dataset.

    It goes by the name that files use, so that what was deleted and comes back still has it.
    """

    kind = models.CharField(max_length=8)
    """The name of the model."""
    slug = models.SlugField(max_length=100, db_index=False)
    said = models.TextField()
    """JSON of the fields that are not empty, as for events."""

    class Meta:
        indexes = [
            # "What did files say of these?", asked for each kind that an import holds.
            models.Index(fields=["kind", "slug"], name="companion_version_slug"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"


class ColumnMapping(models.Model):
    """Which columns of a table make an event, kept by name for the next file of the same kind."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    columns: Any = models.JSONField(default=dict, editable=False)
    """The choices of the form."""
    mapping = models.TextField(_("mapping"), blank=True)
    """The same as the TOML that `import_events --mapping` reads."""
    changed = models.DateTimeField(_("last used"), auto_now=True)

    class Meta:
        ordering = ["-changed", "-pk"]
        verbose_name = _("mapping of columns")
        verbose_name_plural = _("mappings of columns")

    def __str__(self) -> str:
        return self.name
