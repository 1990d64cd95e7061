"""Reviewing what others propose for published events: the published version beside the proposed one."""

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

from timeline.desk import versions, workflow
from timeline.desk.applying import Refused, put
from timeline.desk.comparing import combined, differences, differing
from timeline.models import Event, PendingRevision
from timeline.models.pending import RevisionState

from .event_workflow import decide
from .fields import reason_in
from .listing import BoundedPaginator


@admin.register(PendingRevision)
class PendingRevisionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """A list of proposals; opening one is reviewing it."""

    when_empty = gettext_lazy(
        "Nobody has proposed a change. Who opens a published event can save one as a pending revision."
    )
    list_display = ("event", "author", "created", "comment", "state")
    list_filter = ("state",)
    list_select_related = ("event", "author")
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PendingRevision | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[PendingRevision]:
        queryset: QuerySet[PendingRevision] = super().get_queryset(request)
        return queryset.defer("base", "proposed")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        number = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) < 19 else 0
        found = PendingRevision.objects.select_related("event", "author", "decided_by").filter(pk=number).first()
        if found is None:
            raise Http404(_("There is no pending revision with this number."))
        if request.method == "POST":
            return self._decided(request, found)
        return self._page(request, found)

    def _page(
        self, request: HttpRequest, revision: PendingRevision, problems: Any = (), missing: str = ""
    ) -> HttpResponse:
        current = versions.stored(revision.event_id)
        assert current is not None
        base, proposed = versions.from_json(revision.base), versions.from_json(revision.proposed)
        touched = differing(base, proposed)
        result = combined(current, proposed, touched)
        context = self.admin_site.each_context(request) | {
            "title": _("Review: %(title)s") % {"title": revision.event},
            "opts": self.model._meta,
            "revision": revision,
            "event": revision.event,
            "differences": differences(current, result),
            "also_changed": set(differing(base, current)) & set(touched),
            "may_decide": revision.is_open and self._may_decide(request, revision),
            "problems": problems,
            "missing": missing,
        }
        status = 400 if problems or missing else 200
        return render(request, "admin/timeline/pendingrevision/review.html", context, status=status)

    def _may_decide(self, request: HttpRequest, revision: PendingRevision) -> bool:
        return request.user.has_perm(workflow.PUBLISH) and revision.event.is_published

    def _decided(self, request: HttpRequest, revision: PendingRevision) -> HttpResponse:
        if not self._may_decide(request, revision):
            raise PermissionDenied
        needed = _("Say why you reject it.") if "_reject" in request.POST else ""
        answer, wrong = reason_in(request.POST.get("answer", ""), needed)
        if wrong:
            return self._page(request, revision, missing=wrong)
        try:
            with transaction.atomic():
                return self._decide(request, revision, answer)
        except Refused as refused:
            return self._page(request, revision, problems=refused.problems)

    def _decide(self, request: HttpRequest, revision: PendingRevision, answer: str) -> HttpResponse:
        event = Event.objects.select_for_update().get(pk=revision.event_id)
        revision = PendingRevision.objects.select_for_update().get(pk=revision.pk)
        back = HttpResponseRedirect(reverse("admin:timeline_event_change", args=[event.pk]))
        if not revision.is_open:
            self.message_user(request, _("Somebody else has decided on it already."), messages.WARNING)
            return back
        if "_approve" in request.POST:
            current = versions.stored(event.pk)
            assert current is not None
            base, proposed = versions.from_json(revision.base), versions.from_json(revision.proposed)
            put(event, combined(current, proposed, differing(base, proposed)), reason=revision.comment)
            decide(revision, request.user, RevisionState.APPROVED, answer)
            self.message_user(request, _("Approved: readers see it now."), messages.SUCCESS)
        elif "_reject" in request.POST:
            decide(revision, request.user, RevisionState.REJECTED, answer)
            self.message_user(request, _("Rejected. The published version stays as it is."))
        return back
