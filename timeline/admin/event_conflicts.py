"""Two editors at once: the second to save is shown both versions and chooses. Nothing is overwritten unseen."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from timeline.desk import versions, workflow
from timeline.desk.applying import Refused, put
from timeline.desk.comparing import GROUPS, combined, differences
from timeline.models import Event, EventStatus
from timeline.records import EventRecord

from .event_form import posted_version
from .event_workflow import EventWorkflow
from .fields import reason_in


class EventConflicts(EventWorkflow):
    """The form carries the version that it was filled in from; saving another one, or not saying which, answers 409."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        claimed = request.POST.get("version", "").strip()
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        # One transaction from the look at the version to the save, so that nobody comes between.
        with transaction.atomic():
            event = self._locked(object_id)
            if event is not None and str(event.version) == claimed:
                return super().changeform_view(request, object_id, form_url, extra_context)
            if not super().has_change_permission(request):
                raise PermissionDenied
            # A state that others changed may have closed the form meanwhile, and what was typed must not be lost; who
            # says no version has not seen any form.
            if event is not None and not claimed and not workflow.asked_step(request.POST, request.user, event.status):
                raise PermissionDenied
            step = next((step.name for step in workflow.STEPS if step.name in request.POST), "_save")
            return self.conflict(
                request,
                object_id,
                event,
                posted_version(request.POST),
                base=self._base(object_id, claimed),
                step=step,
                reason=request.POST.get("reason", ""),
                seen=claimed,
            )

    def _locked(self, object_id: str) -> Event | None:
        if not (object_id.isascii() and object_id.isdigit() and len(object_id) < 19):
            return None
        found: Event | None = Event.objects.select_for_update().filter(pk=int(object_id)).first()
        return found

    def _base(self, object_id: str, version: str) -> EventRecord | None:
        if not (object_id.isdigit() and version.isascii() and version.isdigit() and len(version) < 10):
            return None
        return versions.numbered(int(object_id), int(version))

    def conflict(
        self, request: HttpRequest, object_id: str, event: Event | None, mine: EventRecord, **about: Any
    ) -> HttpResponse:
        """Both versions, field by field, to choose from."""
        theirs = versions.stored(event.pk) if event else None
        context = self.admin_site.each_context(request) | {
            "title": _("Somebody else changed it meanwhile"),
            "opts": self.model._meta,
            "event": event,
            "object_id": object_id,
            "mine": json.dumps(versions.to_json(mine), ensure_ascii=False),
            "mine_title": mine.title,
            "differences": differences(theirs, mine, about.pop("base", None)) if theirs else [],
            "differences_of_deleted": differences(EventRecord("", "", "", ""), mine) if not theirs else [],
            "newest": event.history.select_related("history_user").first() if event else self._deletion(object_id),
            "may_add": self.has_add_permission(request),
            "may_save": event is not None and workflow.may_edit(request.user, event.status),
            "problems": about.pop("problems", []),
            **about,
        }
        status = 400 if context["problems"] or context.get("missing") else 409
        return render(request, "admin/timeline/event/conflict.html", context, status=status)

    def _deletion(self, object_id: str) -> Any:
        number = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) < 19 else 0
        return Event.history.filter(id=number, history_type="-").select_related("history_user").first()

    def resolve_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What the second editor chose."""
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:timeline_event_change", args=[object_id]))
        if not super().has_change_permission(request):
            raise PermissionDenied
        try:
            mine = versions.from_json(json.loads(request.POST.get("mine", "")))
        except (ValueError, TypeError) as error:
            raise BadRequest(_("mine: this is no version of an event.")) from error
        about = {name: request.POST.get(name, "") for name in ("step", "reason", "seen")}
        about["reason"], about["missing"] = reason_in(about["reason"])
        event = None
        try:
            with transaction.atomic():
                event = self._locked(object_id)
                if event is None:
                    return self._keep_deleted(request, object_id, mine, about)
                if about["missing"] or str(event.version) != request.POST.get("version"):
                    base = self._base(object_id, about["seen"])
                    return self.conflict(request, object_id, event, mine, base=base, **about)
                return self._keep_choice(request, event, mine, about)
        except Refused as refused:
            base = self._base(object_id, about["seen"])
            return self.conflict(request, object_id, event, mine, base=base, problems=refused.problems, **about)

    def _keep_deleted(
        self, request: HttpRequest, object_id: str, mine: EventRecord, about: dict[str, str]
    ) -> HttpResponse:
        if "_again" not in request.POST or about["missing"]:
            return self.conflict(request, object_id, None, mine, **about)
        if not self.has_add_permission(request):
            raise PermissionDenied
        event = Event()
        put(event, mine, reason=about["reason"] or _("Written anew after it was deleted"), status=EventStatus.DRAFT)
        self.message_user(request, _("Your version is kept as a new draft."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:timeline_event_change", args=[event.pk]))

    def _keep_choice(
        self, request: HttpRequest, event: Event, mine: EventRecord, about: dict[str, str]
    ) -> HttpResponse:
        back = HttpResponseRedirect(reverse("admin:timeline_event_change", args=[event.pk]))
        if "_theirs" in request.POST:
            self.message_user(request, _("The other version stays; yours was not saved."))
            return back
        theirs = versions.stored(event.pk)
        assert theirs is not None
        chosen = (
            set(GROUPS)
            if "_mine" in request.POST
            else {name for name in GROUPS if request.POST.get(f"choose-{name}") == "mine"}
        )
        result = combined(theirs, mine, chosen)
        step = workflow.asked_step({about["step"]: ""}, request.user, event.status) or workflow.asked_step(
            {}, request.user, event.status
        )
        if step is None:
            raise PermissionDenied
        reason = about["reason"] or _("Put together from two versions edited at once")
        if not step.saves:
            self.propose(request, event.pk, result, reason)
            self.message_user(request, _("Your choice waits for an editor as a pending revision."), messages.SUCCESS)
            return back
        others = {"withdrawal_reason": reason} if step.name == "_withdraw" else {}
        put(event, result, reason=reason, status=step.target, **others)
        self.message_user(request, _("Saved as you chose."), messages.SUCCESS)
        return back
