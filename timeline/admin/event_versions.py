"""The history of an event: every version with its rows, the way back to any, and deleted events brought back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline.desk import deleting, versions, workflow
from timeline.desk.applying import Refused, put
from timeline.desk.comparing import differences
from timeline.models import DeletedEvent, Event
from timeline.records import EventRecord

from .event_workflow import EventWorkflow
from .fields import reason_in
from .listing import BoundedPaginator


class EventVersions(EventWorkflow):
    """Brings back whole versions: the event's own fields, and its countries, people, names, sources and relations."""

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """An earlier version beside the present one, and the button that brings it back."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        record = self._record(object_id, version_id)
        event = Event.objects.filter(pk=record.id).first()
        if event is None:
            raise Http404(_("This event was deleted. An administrator can bring it back from “Deleted events”."))
        if request.method != "POST":
            return self._version_page(request, event, record)
        step = workflow.asked_step({}, request.user, event.status)
        if not super().has_change_permission(request) or step is None:
            raise PermissionDenied
        reason, wrong = reason_in(
            request.POST.get("reason", ""), _("Say why, in a sentence.") if event.is_published else ""
        )
        if wrong:
            return self._version_page(request, event, record, missing=wrong)
        try:
            with transaction.atomic():
                return self._bring_back(request, record, step, reason)
        except Refused as refused:
            return self._version_page(request, event, record, problems=refused.problems)

    def _record(self, object_id: str, version_id: str) -> Any:
        for text in (object_id, version_id):
            if not (text.isascii() and text.isdigit() and len(text) < 19):
                raise Http404(text)
        found = Event.history.filter(id=int(object_id), history_id=int(version_id)).first()
        if found is None:
            raise Http404(version_id)
        return found

    def _version_page(
        self, request: HttpRequest, event: Event, record: Any, problems: Any = (), missing: str = ""
    ) -> HttpResponse:
        now = versions.stored(event.pk)
        assert now is not None
        context = self.admin_site.each_context(request) | {
            "title": _("Version %(number)d: %(title)s") % {"number": record.version, "title": record.title},
            "opts": self.model._meta,
            "event": event,
            "record": record,
            "differences": differences(now, versions.at(record)),
            "may_bring_back": workflow.may_edit(request.user, event.status) and super().has_change_permission(request),
            "problems": problems,
            "missing": missing,
        }
        status = 400 if problems or missing else 200
        return render(request, "admin/timeline/event/version.html", context, status=status)

    def _bring_back(self, request: HttpRequest, record: Any, step: workflow.Step, reason: str) -> HttpResponse:
        event = Event.objects.select_for_update().get(pk=record.id)
        if request.POST.get("version") != str(event.version):
            return self._version_page(request, event, record, missing=_("It was changed meanwhile: look at it again."))
        wanted = versions.at(record)
        if step.saves:
            put(event, wanted, reason=reason or _("Version %(number)d brought back") % {"number": record.version})
            self.message_user(request, _("This version is back."), messages.SUCCESS)
        else:
            self.propose(request, event.pk, wanted, reason)
            self.message_user(request, _("Your wish waits for an editor as a pending revision."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:timeline_event_change", args=[event.pk]))

    # -- Deleting, which can be undone --------------------------------------------------------------------------------

    def delete_model(self, request: HttpRequest, obj: Event) -> None:
        deleting.delete(obj, request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        with transaction.atomic():
            for event in queryset:
                deleting.delete(event, request.user)


@admin.register(DeletedEvent)
class DeletedEventAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """What was deleted; opening one shows it and offers to bring it back."""

    when_empty = gettext_lazy("Nothing was deleted. What is deleted stands here and can be brought back.")
    list_display = ("title", "deleted", "user", "restored")
    list_select_related = ("user",)
    search_fields = ("title",)
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: DeletedEvent | None = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        number = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) < 19 else 0
        deleted = DeletedEvent.objects.select_related("user").filter(pk=number).first()
        if deleted is None:
            raise Http404(_("There is no deleted event with this number."))
        if request.method != "POST":
            return self._page(request, deleted)
        if not request.user.has_perm(workflow.DELETE):
            raise PermissionDenied
        if deleted.restored is not None:
            return self._page(request, deleted)
        try:
            event = deleting.restore(deleted, request.user)
        except Refused as refused:
            return self._page(request, deleted, refused.problems)
        self.message_user(request, _("It is back, as a draft with all that belonged to it."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:timeline_event_change", args=[event.pk]))

    def _page(self, request: HttpRequest, deleted: DeletedEvent, problems: Any = ()) -> HttpResponse:
        nothing = EventRecord("", "", "", "", importance=0)
        context = self.admin_site.each_context(request) | {
            "title": _("Deleted: %(title)s") % {"title": deleted.title},
            "opts": self.model._meta,
            "deleted": deleted,
            "differences": differences(nothing, versions.from_json(deleted.record)),
            "may_restore": deleted.restored is None and request.user.has_perm(workflow.DELETE),
            "problems": problems,
        }
        return render(request, "admin/timeline/deletedevent/restore.html", context, status=400 if problems else 200)
