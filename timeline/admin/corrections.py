"""Answering what readers report as wrong."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from timeline.models import Correction

from .history import HistoryAdmin
from .listing import BoundedPaginator


@admin.register(Correction)
class CorrectionAdmin(HistoryAdmin):
    """A reader's words stay as they were written; an editor decides and answers."""

    when_empty = _("No reader has reported a mistake. The form for it stands below each published event.")
    list_display = ("__str__", "event", "state", "created")
    list_filter = ("state",)
    list_select_related = ("event",)
    search_fields = ("message", "event__title")
    readonly_fields = ("event_link", "message", "source_link", "email", "credit", "created")
    fields = ("event_link", "message", "source_link", "email", "credit", "created", "state", "answer")
    paginator = BoundedPaginator

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("event"))
    def event_link(self, correction: Correction) -> SafeString:
        address = reverse("admin:timeline_event_change", args=[correction.event_id])
        answer = format_html('<a href="{}?correction={}">{}</a>', address, correction.pk, _("Answer it with a change"))
        return format_html('<a href="{}">{}</a> · {}', address, correction.event, answer)

    @admin.display(description=_("source"))
    def source_link(self, correction: Correction) -> SafeString | str:
        if not correction.source_url:
            return "–"
        return format_html('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>', correction.source_url)
