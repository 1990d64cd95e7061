"""Django's admin as it comes, over the same tables: the rival of ours, at /stock/ in the measurements only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.urls import path

from timeline import urls
from timeline.models import Category, Country, Dataset, Event, Participation, Source

OPTIONS = {
    "context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]
}
site = admin.AdminSite(name="stock")
# Of our own templates it would find some by the names of our models.
SETTINGS: dict[str, Any] = {
    "ROOT_URLCONF": __name__,
    # At an address that is not the admin's it would be ended after a second.
    "MIDDLEWARE": [each for each in settings.MIDDLEWARE if not each.endswith(".RequestBudget")],
    "TEMPLATES": [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": OPTIONS}],
}


class ParticipationInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = Participation


class SourceInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = Source


@admin.register(Event, site=site)
class StockEventAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """What the tutorial would write."""

    list_display = ("title", "date", "category", "importance", "status")
    list_per_page = 50
    list_filter = ("status", "category", "importance", "dataset", "countries", ("sources", admin.EmptyFieldListFilter))
    search_fields = ("title", "summary")
    date_hierarchy = "day"
    inlines = (ParticipationInline, SourceInline)


for model in (Category, Country, Dataset):
    site.register(model)

urlpatterns = [path("stock/", site.urls), *urls.urlpatterns]
