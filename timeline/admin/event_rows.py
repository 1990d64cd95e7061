"""The rows below an event: who took part, what each side calls it, how we know, how it connects."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timeline.models import ActorParticipation, Event, EventName, Participation, Relation, Source

from .pickers import WithPickers


class OnceFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # not generic at run time
    """Rows that must differ: a repeated one is said to be that, beside it."""

    def get_form_error(self) -> str:
        return gettext("This repeats a row above.")


class Rows(WithPickers):
    """What all of them share: no empty row unless a new event nearly always needs one."""

    empty_rows_of_new: ClassVar[int] = 0
    related: ClassVar[tuple[str, ...]] = ()
    extra = 0
    formset: Any = OnceFormSet

    def get_extra(self, request: HttpRequest, obj: Event | None = None, **kwargs: Any) -> int:
        return 0 if obj else self.empty_rows_of_new

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.related)


class ParticipationRows(Rows, admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = Participation
    empty_rows_of_new = 2
    related = ("country",)
    autocomplete_fields = ("country",)
    fields = ("country", "role")
    verbose_name = _("country")
    verbose_name_plural = _("Who: countries")


class ActorRows(Rows, admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = ActorParticipation
    related = ("actor",)
    autocomplete_fields = ("actor",)
    linked = ("actor",)
    fields = ("actor", "role")
    verbose_name = _("person or organisation")
    verbose_name_plural = _("Who: people and organisations")


class NameRows(Rows, admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = EventName
    related = ("country",)
    autocomplete_fields = ("country",)
    fields = ("name", "country", "language", "note")
    verbose_name = _("name")
    verbose_name_plural = _("What each side calls it")


class SourceRows(Rows, admin.StackedInline):  # type: ignore[type-arg]  # not generic at run time
    model = Source
    empty_rows_of_new = 1
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("publisher", "kind", "stance"),
                    ("title", "published"),
                    "url",
                    "quote",
                )
            },
        ),
        (
            _("Archive, and where it gives another date"),
            {"fields": (("archived_url", "accessed", "gives_date"),), "classes": ("collapse",)},
        ),
    )
    verbose_name = _("source")
    verbose_name_plural = _("How we know: sources")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "quote":
            kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 2})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class RelationRows(Rows, admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = Relation
    fk_name = "event"
    related = ("target",)
    autocomplete_fields = ("target",)
    fields = ("kind", "target", "note")
    verbose_name = _("relation")
    verbose_name_plural = _("How it connects: this event is …")
