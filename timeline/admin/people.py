"""Editing people and organisations."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from timeline.models import Actor

from .history import HistoryAdmin
from .pickers import WithPickers


@admin.register(Actor)
class ActorAdmin(WithPickers, HistoryAdmin):
    when_empty = _(
        "Add the people and organisations that act in events; a form of an event adds them on the spot, too."
    )
    list_display = ("name", "kind", "country", "description")
    list_filter = ("kind",)
    list_select_related = ("country",)
    search_fields = ("name", "slug", "description", "country__name")
    autocomplete_fields = ("country",)
    prepopulated_fields = {"slug": ("name",)}
    fields = ("name", "slug", "kind", "country", "description")
