"""The history of an event: who changed what and why, its rows included, and what was merged into it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from timeline.desk import past
from timeline.models import Event

from .event_workflow import EventWorkflow

SHOWN = 200


class EventHistory(EventWorkflow):
    """One list instead of simple-history's: a version with its rows is what an editor saved."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every version, newest first, with what it changed; also of an event that was deleted."""
        key = int(self._existing_key(object_id))
        event = Event.objects.filter(pk=key).first()
        pasts = past.told(key, SHOWN, only_public=False)
        if event is None and not pasts:
            raise Http404(object_id)
        if not self.has_view_or_change_permission(request, event):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": _("History: %(title)s") % {"title": pasts[0].title if pasts else event},
            "opts": self.model._meta,
            "event": event,
            "pasts": pasts,
            "may_bring_back": event is not None and self.has_change_permission(request, event),
        }
        return render(request, "admin/timeline/event/history.html", context)
