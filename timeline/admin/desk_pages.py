"""The pages around the list of events: what needs attention, likely duplicates, merging two, help for new editors."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from timeline import dates
from timeline.desk import attention, duplicates, versions, workflow
from timeline.desk.applying import Refused
from timeline.desk.comparing import differences
from timeline.desk.merging import merge, united
from timeline.models import DistinctPair, Event

from .history import HistoryAdmin


class DeskPages(HistoryAdmin):
    """Further addresses below the list of events."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("attention/", view(self.attention_view), name="timeline_event_attention"),
            path("duplicates/", view(self.duplicates_view), name="timeline_event_duplicates"),
            path("help/", view(self.help_view), name="timeline_event_help"),
            path("<int:kept_id>/merge/<int:other_id>/", view(self.merge_view), name="timeline_event_merge"),
            *super().get_urls(),
        ]

    def _about(self, request: HttpRequest, title: str, **about: Any) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {"title": title, "opts": self.model._meta, **about}

    def attention_view(self, request: HttpRequest) -> HttpResponse:
        """What waits, with counts; as a fragment for the front page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        fragment = request.GET.get("part") == "counts"
        template = "admin/timeline/event/_attention.html" if fragment else "admin/timeline/event/attention.html"
        context = self._about(request, _("Needs attention"), counts=attention.counts())
        return render(request, template, context)

    def help_view(self, request: HttpRequest) -> HttpResponse:
        """What a new editor should know."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return render(request, "admin/timeline/event/help.html", self._about(request, _("For new editors")))

    # -- Duplicates ---------------------------------------------------------------------------------------------------

    def duplicates_view(self, request: HttpRequest) -> HttpResponse:
        """The fragment beside the form: events that may be the one that is being typed."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        matches = []
        title, text = request.GET.get("title", "")[:200], request.GET.get("date", "")
        number = request.GET.get("event", "")
        besides = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None
        try:
            when = dates.parse_human(text) if text.strip() else None
        except dates.DateProblem:
            when = None
        if when is not None and title.strip():
            asked = request.GET.dict()
            urls = [str(asked[name]) for name in asked if name.startswith("sources-") and name.endswith("-url")]
            place = request.GET.get("place", "").strip()
            # A long span holds too much to be compared: what begins with it is looked at.
            latest = when.latest if (when.latest - when.earliest).days <= 40 else when.start_latest
            matches = duplicates.like(title, when.earliest, latest, place=place, urls=urls, besides=besides)
        may_merge = besides is not None and request.user.has_perm(workflow.PUBLISH)
        context = {"matches": matches, "besides": besides, "may_merge": may_merge}
        return render(request, "admin/timeline/event/_duplicates.html", context)

    def merge_view(self, request: HttpRequest, kept_id: int, other_id: int) -> HttpResponse:
        """Both events beside what they become together; one button."""
        if not request.user.has_perm(workflow.PUBLISH):
            raise PermissionDenied
        found = Event.objects.in_bulk([number for number in (kept_id, other_id) if number.bit_length() < 64])
        kept, other = found.get(kept_id), found.get(other_id)
        if kept is None or other is None or kept == other:
            raise Http404(_("One of the two events is gone."))
        problems: Any = ()
        if request.method == "POST" and "_apart" in request.POST:
            DistinctPair.objects.tell_apart(kept, other, request.user)
            self.message_user(request, _("Nobody is asked about these two again."), messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:timeline_event_change", args=[kept.pk]))
        if request.method == "POST":
            try:
                with transaction.atomic():
                    locked = {event.pk: event for event in Event.objects.select_for_update().filter(pk__in=found)}
                    merge(locked[kept.pk], locked[other.pk], request.user)
            except Refused as refused:
                problems = refused.problems
            else:
                self.message_user(request, _("They are one event now; the other address leads here."), messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:timeline_event_change", args=[kept.pk]))
        mine, theirs = versions.stored(kept.pk), versions.stored(other.pk)
        assert mine is not None
        assert theirs is not None
        context = self._about(
            request,
            _("Merge two events"),
            event=kept,
            other=other,
            differences=differences(mine, united(mine, theirs)),
            problems=problems,
        )
        return render(request, "admin/timeline/event/merge.html", context, status=400 if problems else 200)
