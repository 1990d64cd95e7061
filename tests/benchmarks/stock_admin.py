"""Django's admin as it comes, over the same tables: the rival of ours, at /stock/ in the measurements only."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from timeline import urls
from timeline.models import Category, Country, Dataset, Event, Participation, Source

site = admin.AdminSite(name="stock")


class StockAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Django's own templates, since it would find ours by the name of the model."""

    list_per_page = 50
    change_list_template = "admin/change_list.html"
    change_form_template = "admin/change_form.html"
    delete_confirmation_template = "admin/delete_confirmation.html"
    object_history_template = "admin/object_history.html"


class ParticipationInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = Participation


class SourceInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = Source


@admin.register(Event, site=site)
class StockEventAdmin(StockAdmin):
    """What the tutorial would write."""

    list_display = ("title", "date", "category", "importance", "status")
    list_filter = ("status", "category", "importance", "dataset", "countries", ("sources", admin.EmptyFieldListFilter))
    search_fields = ("title", "summary")
    date_hierarchy = "day"
    inlines = (ParticipationInline, SourceInline)


for model in (Category, Country, Dataset):
    site.register(model, StockAdmin, search_fields=("pk",))

urlpatterns = [path("stock/", site.urls), *urls.urlpatterns]
