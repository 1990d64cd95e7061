"""The steps of an import on the web: check, import, undo. Each leaves the run in its next state, or raises."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from itertools import chain
from typing import Any, BinaryIO, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from timeline.formats import FileProblem, Reading
from timeline.formats.mapping import read_mapping
from timeline.formats.registry import FORMATS
from timeline.imports import Change, Decision, Draft, Outdated, Report, apply, check
from timeline.imports.draft import DELETED
from timeline.models import Actor, Dataset, Event, EventStatus, ImportedEvent, ImportRun, ImportState, SearchText, Story
from timeline.models.many_rows import pieces
from timeline.records import DatasetRecord, Record

from . import import_undo, workflow
from .import_report import summary

ATTEMPTS = 3
BATCH = 500
Counted = Callable[[Iterable[Any], Any], Iterator[Any]]
"""Passes records on, and notes how far the stream is."""


def dataset_of(run: ImportRun) -> DatasetRecord | None:
    """The dataset that the form named: as it is stored, else as the form describes it. None where it named none."""
    slug = run.reading.get("dataset", "")
    if not slug:
        return None
    names = [each.name for each in fields(DatasetRecord) if each.compare]
    stored = Dataset.objects.filter(slug=slug).values(*names).first()
    texts = {name: run.reading.get(f"dataset_{name}", "") for name in names}
    return DatasetRecord(**(stored or texts | {"slug": slug}), only_if_missing=True)


def check_run(run: ImportRun, user: Any, counted: Counted) -> None:
    """Read the file and keep what importing it would do. Raises FileProblem."""
    report = _checked(run, counted)
    _keep(run, summary(report, user))


def import_run(run: ImportRun, user: Any, counted: Counted, writing: Callable[[], None]) -> None:
    """Do what the check found, in one transaction with the note that it is done.

    If it would no longer do what its preview said, nothing is written and there is a new preview. Raises FileProblem,
    and Outdated where others write all the time.
    """
    for attempt in range(1, ATTEMPTS + 1):
        report = _checked(run, counted)
        found = summary(report, user)
        if _as_kept(found) != run.report:
            _keep(run, found, _("Something has changed since the preview. Nothing was imported; here is a new one."))
            return
        if found["refusals"] or not (report.in_order or run.skip_wrong):
            _keep(run, found, _("Nothing was imported: some rows are wrong."))
            return
        if brings_back(run, report) and not user.has_perm(workflow.DELETE):
            _keep(run, found, _("Nothing was imported: you may not bring back what was deleted."))
            return
        writing()
        try:
            _write(run, report)
        except Outdated:
            if attempt == ATTEMPTS:
                raise
        else:
            return


def undo_run(run: ImportRun, writing: Callable[[], None]) -> None:
    """Take the whole import back. Raises import_undo.NotUndone, which names what stands against it."""
    writing()
    with SearchText.objects.postponed():
        import_undo.undo(run)
        run.state, run.message, run.finished = ImportState.UNDONE, "", timezone.now()
        run.save()


def _keep(run: ImportRun, found: dict[str, Any], message: str = "") -> None:
    run.report, run.state, run.message = found, ImportState.CHECKED, message
    run.save()


def _as_kept(value: Any) -> Any:
    """The value as it comes back from the database: lists, and keys that are texts."""
    if isinstance(value, dict):
        return {str(key): _as_kept(one) for key, one in value.items()}
    return [_as_kept(one) for one in value] if isinstance(value, list | tuple) else value


def _checked(run: ImportRun, counted: Counted) -> Report:
    found = FORMATS.get(run.format)
    if found is None:
        raise FileProblem(_("Choose the format of the file."))
    dataset = dataset_of(run)
    mapping = read_mapping(io.BytesIO(run.mapping.encode())) if run.mapping and found.slug == "mapping" else None
    if mapping and dataset:
        mapping = replace(mapping, dataset=dataset)
    slug = dataset.slug if dataset else ""
    reading = Reading(slug, run.reading.get("category", ""), run.reading.get("day_order", ""), mapping)
    with run.file.open("rb") as stream:
        before: list[Record] = [dataset] if dataset and not mapping else []
        records = chain(before, counted(found.read(cast(BinaryIO, stream), reading), stream))
        return check(records, dataset=slug, status=EventStatus(run.status))


def _write(run: ImportRun, report: Report) -> None:
    with SearchText.objects.postponed():
        run.made = {
            kind: _missing(model, [draft.id for draft in report.companions if draft.model is model])
            for kind, model in (("datasets", Dataset), ("actors", Actor), ("stories", Story))
        }
        reason = _("Import %(number)d: %(name)s") % {"number": run.pk, "name": run.name}
        written = apply(report, reason=reason, decide=decisions_of(run))
        run.made["file_versions"] = [written.file_versions.start, written.file_versions.stop]
        run.made["brought_back"] = written.brought_back
        run.made["companions"] = written.companions
        kept = written.companion_versions
        run.made["companion_versions"] = [kept[0], kept[-1] + 1] if kept else [0, 0]
        _remember(run, written.new, is_new=True)
        _remember(run, written.brought_back, is_new=True)
        _remember(run, written.changed, is_new=False)
        run.state, run.message, run.finished = ImportState.DONE, "", timezone.now()
        run.save()


def decisions_of(run: ImportRun) -> Callable[[Draft], Decision]:
    """What the run's author decided about an event that an editor changed too: to keep it, where nothing was said."""
    return lambda draft: Decision(run.decision_of(draft.decided_as))


def brings_back(run: ImportRun, report: Report) -> bool:
    """Whether it was decided that anything that was deleted here comes back."""
    decide = decisions_of(run)
    deleted = chain(report.drafts.deleted(), report.companions_of(Change.CONFLICT))
    return any(decide(draft) is Decision.TAKE for draft in deleted if DELETED in draft.conflicts)


def _missing(model: Any, slugs: list[str]) -> list[str]:
    there = set(model.objects.values_list("slug", flat=True))
    return [slug for slug in slugs if slug not in there]


def _remember(run: ImportRun, ids: Sequence[int], *, is_new: bool) -> None:
    for some in pieces(ids, BATCH):
        rows = Event.objects.filter(pk__in=some).order_by().values_list("pk", "version")
        ImportedEvent.objects.bulk_create(
            ImportedEvent(run=run, event_id=pk, version=version, is_new=is_new) for pk, version in rows
        )
