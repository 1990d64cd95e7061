"""Editing the narratives that tie events together."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from timeline.models import Story, StoryEvent
from timeline.models.text import validate_plain_text

from .fields import LinesField
from .history import HistoryAdmin
from .pickers import WithPickers


class StoryForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    takeaways = LinesField(
        label=_("Key takeaways"),
        required=False,
        validators=[validate_plain_text],
        widget=AdminTextareaWidget(attrs={"rows": 6}),
        help_text=_("One sentence a line; three are best."),
    )

    class Meta:
        model = Story
        fields = "__all__"
        widgets = {"text": AdminTextareaWidget(attrs={"rows": 14})}


class StoryEventInline(WithPickers, admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = StoryEvent
    extra = 0
    autocomplete_fields = ("event",)
    fields = ("position", "event")
    verbose_name = _("event")
    verbose_name_plural = _("Its events, in the order of their positions")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StoryEvent]:
        return super().get_queryset(request).select_related("event")


@admin.register(Story)
class StoryAdmin(HistoryAdmin):
    when_empty = _("Add a story to tell several events as one: its takeaways first, then the events in their order.")
    form = StoryForm
    list_display = ("title", "published", "event_count", "source_publisher")
    search_fields = ("title", "text")
    date_hierarchy = "published"
    prepopulated_fields = {"slug": ("title",)}
    inlines = (StoryEventInline,)
    fieldsets = (
        (None, {"fields": ("title", "slug", "published", "takeaways", "text")}),
        (_("Where it was told"), {"fields": ("source_publisher", "source_title", "source_url")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Story]:
        queryset: QuerySet[Story] = super().get_queryset(request)
        return queryset.for_list()  # type: ignore[attr-defined]  # Story's own queryset

    @admin.display(description=_("events"))
    def event_count(self, story: Story) -> int:
        return story.event_count  # type: ignore[attr-defined]  # annotated by for_list()
