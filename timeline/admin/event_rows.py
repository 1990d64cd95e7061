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

HELP = {
    (Participation, "country"): _("As it was called then: type any of its names."),
    (Participation, "role"): _("What it did in this event."),
    (ActorParticipation, "actor"): _("A person or an organisation that acted, not one that is only mentioned."),
    (ActorParticipation, "role"): _("What they did in this event."),
    (EventName, "name"): _("In its own script: 전승절."),
    (EventName, "country"): _("The country that calls it so."),
    (EventName, "language"): _("A tag such as ko."),
    (EventName, "note"): _("What it means: “Victory Day”."),
    (Source, "publisher"): _("Who says so: KCNA, Reuters, United Nations."),
    (Source, "kind"): _("State media is a source for what a state says."),
    (Source, "stance"): _("What it says of the event."),
    (Source, "title"): _("The headline, or the name of the document."),
    (Source, "url"): _("Where it can be read, beginning with https://."),
    (Source, "accessed"): _("When you read it."),
    (Source, "archived_url"): _("A copy that stays when the page goes."),
    (Relation, "kind"): _("How this event stands to the other one."),
    (Relation, "target"): _("Type words of its title."),
    (Relation, "note"): _("Only what the kind does not say."),
}


class OnceFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # not generic at run time
    """Rows that must differ: a repeated one is said to be that, beside it."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = gettext("Delete this row")

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

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            # In a table the head of a column is no label of its fields.
            field.widget.attrs["aria-label"] = str(field.label or db_field.verbose_name)
            field.help_text = HELP.get((db_field.model, db_field.name), field.help_text)
        return field


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
