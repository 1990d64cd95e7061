"""Importing a file: upload, say how it is read, look at what it would do, import in the background, undo."""

from __future__ import annotations

import csv
import io
import re
from pathlib import PurePath
from typing import Any, BinaryIO, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline.desk import column_mapping, import_uploads, import_worker, workflow
from timeline.formats import FileProblem
from timeline.formats.formulas import neutral
from timeline.formats.problems import printable
from timeline.formats.registry import FORMATS, recognise
from timeline.imports import Change, Decision
from timeline.models import ImportRun, ImportState

from .import_forms import MAPPING, ReadingForm, UploadForm
from .listing import BoundedPaginator

KINDS = ("new", "changed", "conflict", "unchanged", "wrong")
PER_PAGE = 50
DECIDED = re.compile(r"all|[0-9]{1,19}(?:-[0-9]{1,19})?|(?:dataset|actor|story|coverage)-[-\w]{1,100}")
"""What the form may decide about (see Draft.decided_as)."""
OPEN = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)
"""States in which how the file is read may still be changed."""


@admin.register(ImportRun)
class ImportRunAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Whoever may add events may import them; drafts only, unless they may publish (see import_report)."""

    when_empty = gettext_lazy(
        "Nothing was imported yet. Upload a file by “Add import”; nothing is written before you have seen it."
    )
    list_display = ("name", "format", "state", "author", "created")
    list_filter = ("state",)
    list_select_related = ("author",)
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        return self.has_add_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("timeline.add_event")

    def has_change_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        """One's own imports, and with the right to publish those of others."""
        mine = obj is None or obj.author_id == request.user.pk
        return self.has_add_permission(request) and (mine or request.user.has_perm(workflow.PUBLISH))

    def has_delete_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/report.csv", view(self.report_view), name="timeline_importrun_report"),
            *super().get_urls(),
        ]

    def _page(self, request: HttpRequest, template: str, title: str, status: int = 200, **about: Any) -> HttpResponse:
        context = self.admin_site.each_context(request) | {"title": title, "opts": self.opts, **about}
        return render(request, f"admin/timeline/importrun/{template}.html", context, status=status)

    def _run(self, request: HttpRequest, key: str | int) -> ImportRun:
        if not self.has_view_permission(request):
            raise PermissionDenied
        text = str(key)
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
        run = ImportRun.objects.select_related("author").filter(pk=number).first()
        if run is None:
            raise Http404(_("There is no import with this number."))
        return run

    # -- Upload -------------------------------------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            name = printable(PurePath(file.name).name, 200)
            try:
                found = recognise(file, file.name)
            except FileProblem as problem:
                form.add_error("file", str(problem))
            else:
                import_uploads.remove_old()
                about = {"name": name, "format": found.slug if found else "", "author_id": request.user.pk}
                run = ImportRun.objects.create(file=file, **about)
                return _to(run)
        status = 400 if request.method == "POST" else 200
        return self._page(request, "upload", _("Import events"), status, form=form)

    # -- One import ---------------------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        run = self._run(request, object_id)
        if request.method == "POST":
            if not self.has_change_permission(request, run):
                raise PermissionDenied
            for name, state in BUTTONS.items():
                if name in request.POST:
                    return self._start(request, run, state)
            if run.state in OPEN:
                return self._read(request, run)
            self.message_user(request, _("This import has gone further meanwhile."), messages.WARNING)
            return _to(run)
        asked = run.state in (ImportState.UPLOADED, ImportState.FAILED) or "settings" in request.GET
        if run.state in OPEN and asked and self.has_change_permission(request, run):
            return self._settings(request, run, self._form(request, run))
        return self._state(request, run)

    def _form(self, request: HttpRequest, run: ImportRun, data: Any = None) -> ReadingForm:
        with run.file.open("rb") as stream:
            table = column_mapping.beginning_of(cast(BinaryIO, stream))
        columns = column_mapping.columns_of(table)
        initial = {**run.reading, "status": run.status, "format": run.format}
        if not run.reading and columns:
            chosen, kept = column_mapping.guess(columns)
            initial |= {f"column_{key}": value for key, value in chosen.items()} | {"keep_as": kept}
            initial |= {"category": chosen.get("one_category") or None, "day_order": chosen.get("day_order", "")}
            initial["format"] = run.format or MAPPING
        return ReadingForm(run, table, request.user, data, initial=initial)

    def _settings(self, request: HttpRequest, run: ImportRun, form: ReadingForm, status: int = 200) -> HttpResponse:
        recognised = FORMATS[run.format].name if run.format in FORMATS else ""
        about = {"run": run, "form": form, "recognised": recognised}
        return self._page(request, "settings", _("How is it read? %(name)s") % {"name": run}, status, **about)

    def _read(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        form = self._form(request, run, request.POST)
        if not form.is_valid():
            return self._settings(request, run, form, 400)
        form.keep()
        return self._start(request, run, ImportState.CHECKING)

    def _start(self, request: HttpRequest, run: ImportRun, state: ImportState) -> HttpResponse:
        if state == ImportState.RUNNING and run.state == ImportState.CHECKED:
            run.skip_wrong = request.POST.get("skip_wrong") == "on"
            if run.report.get("refusals") or (run.report["problem_count"] and not run.skip_wrong):
                self.message_user(
                    request, _("Nothing was imported: correct the file, or leave the wrong rows out."), messages.ERROR
                )
                return _to(run)
            about = {"skip_wrong": run.skip_wrong, "conflicts": _decisions(request.POST)}
            ImportRun.objects.filter(pk=run.pk, state=run.state).update(**about)
        if not import_worker.start(run, state, request.user):
            self.message_user(request, _("This import has gone further meanwhile."), messages.WARNING)
        return _to(run)

    def _state(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        interrupted = import_worker.is_interrupted(run)
        about: dict[str, Any] = {"run": run, "interrupted": interrupted, "working": run.is_working and not interrupted}
        if about["working"]:
            about["percent"] = import_worker.progress(run)
        elif run.report:
            about |= _preview(run, request.GET)
        about["may_change"] = self.has_change_permission(request, run)
        about["resume"] = next((name for name, state in BUTTONS.items() if state == run.state), "")
        return self._page(request, "state", _("Import: %(name)s") % {"name": run}, **about)

    def report_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All problems that were kept, and the first events of each kind, as a table."""
        run = self._run(request, pk)
        text = io.StringIO("\ufeff", newline="")
        text.seek(0, io.SEEK_END)
        writer = csv.writer(text)
        writer.writerow(["what", "row", "column", "value", "message"])
        for what, rows in (("wrong", run.report.get("problems", [])), ("warning", run.report.get("warnings", []))):
            for row in rows:
                cells = (row["column"], row["value"], row["message"])
                writer.writerow([what, row["row"], *map(neutral, cells)])
        for row, first in run.report.get("duplicates", []):
            writer.writerow(["duplicate", row, "", "", _("The same as row %(row)d.") % {"row": first}])
        for kind, events in run.report.get("events", {}).items():
            for event in events:
                conflicts = event.get("conflicts", [])
                said = event.get("note") or event["title"]
                changes = event["fields"] if event["fields"] or conflicts else [{"label": "", "old": "", "new": said}]
                for change in changes:
                    words = f"{change['old']} → {change['new']}" if change["label"] else change["new"]
                    writer.writerow([kind, event["row"], *map(neutral, (change["label"], words, event["title"]))])
                for one in conflicts:
                    words = _("here “%(ours)s”, in the file “%(file)s”, in the last one “%(before)s”") % one
                    writer.writerow([kind, event["row"], *map(neutral, (one["label"], words, event["title"]))])
        for event in run.report.get("missing", []):
            message = _("In the dataset before, in no readable row of this file.")
            writer.writerow(["missing", "", "", *map(neutral, (message, event["title"]))])
        response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="import-{run.pk}.csv"'
        return response


BUTTONS = {"_check": ImportState.CHECKING, "_import": ImportState.RUNNING, "_undo": ImportState.UNDOING}


def _to(run: ImportRun) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:timeline_importrun_change", args=[run.pk]))


def _decisions(posted: Any) -> dict[str, str]:
    """What the form says of conflicts: for all, and for those whose row says something else."""
    chosen = {name.removeprefix("conflict-"): posted[name] for name in posted if name.startswith("conflict-")}
    known = {Decision.KEEP.value, Decision.TAKE.value}
    return {name: value for name, value in chosen.items() if DECIDED.fullmatch(name) and value in known}


def _preview(run: ImportRun, asked: Any) -> dict[str, Any]:
    """The counts as tabs, and one page of one of them."""
    # Reports that were kept before there were conflicts have no number of them.
    counts = dict.fromkeys(KINDS, 0) | run.report["counts"]
    to_write = sum(counts[kind] for kind in ("new", "changed", "conflict"))
    for kind, count in run.report.get("other_counts", {}).items():
        counts[kind] += count
    kind = asked.get("show", "")
    if kind not in KINDS:
        # Before the decision what is wrong matters most, and afterwards what was done.
        order = (
            ("new", "changed", "conflict")
            if run.state in (ImportState.DONE, ImportState.UNDONE)
            else ("wrong", "conflict", "new", "changed")
        )
        kind = next((name for name in order if counts[name]), "unchanged")
    rows = run.report["problems"] if kind == Change.WRONG else run.report["events"].get(kind, [])
    if kind == Change.CONFLICT:
        rows = [row | {"decision": run.decision_of(row.get("decided_as", ""))} for row in rows]
    number = asked.get("page", "1")
    # All conflicts that are kept stand on one page: they are decided by one form.
    page = Paginator(rows, PER_PAGE if kind != Change.CONFLICT else max(1, len(rows))).get_page(
        number if number.isascii() and number.isdigit() else 1
    )
    total = run.report["problem_count"] if kind == Change.WRONG else counts[kind]
    labels = {
        "new": _("New"),
        "changed": _("Changed"),
        "conflict": _("In conflict"),
        "unchanged": _("Unchanged"),
        "wrong": _("Wrong rows"),
    }
    return {
        "tabs": [(name, labels[name], counts[name], name == kind) for name in KINDS],
        "kind": kind,
        "page": page,
        "unseen": max(0, total - len(rows)),
        "report": run.report,
        "decided": run.conflicts,
        "conflict_count": counts["conflict"],
        "to_write": to_write,
        "missing_unseen": run.report.get("missing_count", 0) - len(run.report.get("missing", [])),
    }
