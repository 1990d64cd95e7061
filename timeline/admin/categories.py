"""Editing the kinds of event."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from timeline.models import Category

from .history import HistoryAdmin


@admin.register(Category)
class CategoryAdmin(HistoryAdmin):
    """A dozen kinds. The slug is part of addresses, so it stays as it was made."""

    when_empty = _("Add the kinds of event that readers will filter by, such as “Treaty”.")
    list_display = ("name", "slug", "position", "icon", "description")
    search_fields = ("slug", "name", "description")
    ordering = ("position", "slug")
    fields = ("name", "slug", "description", "position", "icon")

    def get_readonly_fields(self, request: HttpRequest, obj: Category | None = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Category | None = None) -> dict[str, tuple[str, ...]]:
        return {} if obj else {"slug": ("name",)}
