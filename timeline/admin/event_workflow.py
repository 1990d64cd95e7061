"""Draft, in review, published, withdrawn: the buttons, and what they do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline.desk import versions, workflow
from timeline.models import Correction, CorrectionState, Event, EventStatus, PendingRevision

from .event_form import EventForm, posted_version
from .history import HistoryAdmin

SAID = {
    EventStatus.DRAFT: gettext_lazy("It is a draft: readers do not see it."),
    EventStatus.IN_REVIEW: gettext_lazy("It is in review: an editor publishes it or sends it back."),
    EventStatus.PUBLISHED: gettext_lazy("It is published: readers can see it now."),
    EventStatus.WITHDRAWN: gettext_lazy("It is withdrawn: its address stays and gives your reason."),
}


class EventWorkflow(HistoryAdmin):
    """Follows timeline.desk.workflow in the form and in direct requests."""

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(workflow.PUBLISH)

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        allowed: bool = super().has_change_permission(request, obj)
        status = self._stored_status(obj)
        return allowed and (status is None or workflow.may_edit(request.user, status))

    def _stored_status(self, obj: Event | None) -> str | None:
        """The state that the database holds: the form's own instance may already carry the next one."""
        return None if obj is None else obj.__dict__.setdefault("_status_before", obj.status)

    def get_form(self, request: HttpRequest, obj: Event | None = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        if not issubclass(form, EventForm):
            return form
        was = self._stored_status(obj) or EventStatus.DRAFT
        step = workflow.asked_step(request.POST, request.user, was) if request.method == "POST" else None
        about = {"step": step, "was": was, "suggested_reason": self._suggested_reason(request, obj)}
        return type("EventForm", (form,), about)

    def _suggested_reason(self, request: HttpRequest, event: Event | None) -> str:
        """For an edit that answers a reader's report: that, and thanks to a reader who wished to be named."""
        report = self._asked_correction(request, event, request.GET.get("correction", ""))
        if report is None:
            return ""
        thanks = _("Thanks to %(name)s.") % {"name": report.credit} if report.credit else ""
        return f"{_('Corrected after a reader wrote to us.')} {thanks}".strip()

    def _asked_correction(self, request: HttpRequest, event: Event | None, number: str) -> Correction | None:
        if event is None or not (number.isascii() and number.isdigit()):
            return None
        if not request.user.has_perm("timeline.change_correction"):
            return None
        return Correction.objects.open().filter(pk=int(number[:18]), event_id=event.pk).first()

    # -- Saving -------------------------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Event, form: Any, change: bool) -> None:
        """Save with the state that the pressed button leads to; a proposal saves nothing of the event."""
        step = form.step
        if step is None:
            raise PermissionDenied
        obj.__dict__["_step"] = step
        reason = form.cleaned_data.get("reason", "")
        if not step.saves:
            self.propose(request, obj.pk, posted_version(request.POST), reason)
            return
        obj.status = step.target or form.was
        obj.withdrawal_reason = reason if step.name == "_withdraw" else obj.withdrawal_reason
        if step.target in (EventStatus.PUBLISHED, EventStatus.DRAFT):
            obj.withdrawal_reason = ""
        obj._change_reason = reason or None  # type: ignore[attr-defined]  # simple-history's
        super().save_model(request, obj, form, change)
        self._answer_correction(request, obj, form.cleaned_data.get("correction", ""), reason)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        if form.step.saves:
            super().save_related(request, form, formsets, change)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        # Of rows that were not saved Django knows no changes.
        return super().construct_change_message(request, form, formsets, add) if form.step.saves else []

    def log_change(self, request: HttpRequest, obj: Event, message: Any) -> Any:
        step = obj.__dict__.get("_step")
        return super().log_change(request, obj, message) if step is None or step.saves else None

    def propose(self, request: HttpRequest, event_id: int, proposed: Any, comment: str) -> PendingRevision | None:
        """Keep the version for an editor to decide on; None where it says what is published already."""
        base = versions.stored(event_id)
        if base is None:
            return None
        return PendingRevision.objects.create(
            event_id=event_id,
            author=request.user,  # type: ignore[misc]  # who may propose is signed in
            comment=comment,
            base=versions.to_json(base),
            proposed=versions.to_json(proposed),
        )

    def _answer_correction(self, request: HttpRequest, event: Event, number: str, reason: str) -> None:
        """The reader's report that led to this edit is answered by it."""
        if found := self._asked_correction(request, event, number):
            found.state, found.answer = CorrectionState.ACCEPTED, reason
            found.save()

    # -- What is said afterwards --------------------------------------------------------------------------------------

    def response_add(self, request: HttpRequest, obj: Event, post_url_continue: str | None = None) -> HttpResponse:
        response: HttpResponse = super().response_add(request, obj, post_url_continue)
        self._say_where_it_stands(request, obj)
        return response

    def response_change(self, request: HttpRequest, obj: Event) -> HttpResponse:
        step = obj.__dict__.get("_step")
        if step is not None and not step.saves:
            self.message_user(
                request,
                _("Your changes wait for an editor as a pending revision. Readers go on seeing the published version."),
                messages.SUCCESS,
            )
            return HttpResponseRedirect(reverse("admin:timeline_event_changelist"))
        response: HttpResponse = super().response_change(request, obj)
        self._say_where_it_stands(request, obj)
        return response

    def _say_where_it_stands(self, request: HttpRequest, event: Event) -> None:
        step = event.__dict__.get("_step")
        if step is None or (step.target is None and step.name != "_draft"):
            return
        words = str(SAID[EventStatus(event.status)])
        if event.is_published:
            link = format_html('<a href="{}">{}</a>', event.get_absolute_url(), _("View on site"))
            self.message_user(request, format_html("{} {}", words, link))
        else:
            self.message_user(request, words)

    # -- Beside the form ----------------------------------------------------------------------------------------------

    def beside(self, request: HttpRequest, event: Event | None) -> dict[str, Any]:
        """What an editor should know before changing it: proposals, readers' corrections, the last comment."""
        status = event.__dict__.get("_status_before", event.status) if event else EventStatus.DRAFT
        context: dict[str, Any] = {"status": status if event else "", "steps": workflow.steps_for(request.user, status)}
        if event is None or not event.pk:
            return context
        newest = event.history.order_by("-history_date", "-history_id").select_related("history_user").first()
        if newest and newest.history_change_reason and status != EventStatus.PUBLISHED:
            context["last_comment"] = newest
        context["proposals"] = list(event.pending_revisions.open().select_related("author")[:20])
        if request.user.has_perm("timeline.view_correction"):
            context["corrections"] = list(event.corrections.open()[:20])
        asked = request.GET.get("correction", "")
        context["answering"] = next((row for row in context.get("corrections", []) if str(row.pk) == asked), None)
        return context


def decide(revision: PendingRevision, user: Any, state: str, answer: str) -> None:
    """Close a proposal."""
    revision.state, revision.decided_by, revision.decided, revision.answer = state, user, timezone.now(), answer
    revision.save()
