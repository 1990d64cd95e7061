"""Editing where events come from, and which countries and years anybody looked at."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from timeline.models import Coverage, Dataset

from .history import HistoryAdmin
from .pickers import WithPickers


class CoverageInline(WithPickers, admin.StackedInline):  # type: ignore[type-arg]  # not generic at run time
    model = Coverage
    extra = 0
    autocomplete_fields = ("countries",)
    fields = (("first_text", "last_text"), "countries", "note")


@admin.register(Dataset)
class DatasetAdmin(HistoryAdmin):
    when_empty = _(
        "Add a dataset for each collection that events come from, with its licence; imports do so themselves."
    )
    list_display = ("name", "publisher", "licence", "slug")
    search_fields = ("name", "slug", "publisher")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (CoverageInline,)


@admin.register(Coverage)
class CoverageAdmin(WithPickers, HistoryAdmin):
    when_empty = _("Say which years of which countries somebody looked through, so that silence there means something.")
    derived_fields = ("first_day", "last_day")
    list_display = ("__str__", "countries_in_words", "dataset", "note")
    list_filter = ("dataset",)
    list_select_related = ("dataset",)
    search_fields = ("first_text", "last_text", "note", "dataset__name", "countries__name")
    autocomplete_fields = ("countries", "dataset")
    fields = ("dataset", ("first_text", "last_text"), "countries", "note")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Coverage]:
        queryset: QuerySet[Coverage] = super().get_queryset(request)
        return queryset.prefetch_related("countries")

    @admin.display(description=_("countries"))
    def countries_in_words(self, coverage: Coverage) -> str:
        return ", ".join(map(str, coverage.countries.all())) or str(_("every country"))
