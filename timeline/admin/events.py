"""Editing events: one screen, in the order in which people think."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from csp.constants import SELF
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from timeline import dates, index, worldmap
from timeline.models import Event

from .bulk import BoundedActions, change_together
from .card_preview import CardPreview
from .desk_pages import DeskPages
from .event_conflicts import EventConflicts
from .event_exports import EXPORTS, NAMES
from .event_filters import (
    AttentionFilter,
    CategoryFilter,
    CountryFilter,
    DatasetFilter,
    ImportanceFilter,
    SourceFilter,
    StatusFilter,
    searched,
)
from .event_form import EventForm
from .event_history import EventHistory
from .event_list import EventChangeList, EventColumns, status_badge
from .event_rows import ActorRows, NameRows, ParticipationRows, RelationRows, SourceRows
from .event_versions import EventVersions
from .listing import BoundedPaginator
from .pickers import WithPickers

DATE_EXAMPLES = [
    "27 July 1953",
    "July 2023",
    "late July 2023",
    "circa 1950",
    "25 June 1950 to 27 July 1953",
    "1991/..",
]
POINT_MAP = "admin/timeline/event/_point_map.html"
# Events that a select box leads through; what is not among them is found with more words.
OFFERED = 200

HELP = {
    "category": gettext_lazy("What kind of thing it is; where two fit, the one that a reader would look under."),
    "place": gettext_lazy("The town or site, as readers know it: Pyongyang, Panmunjom."),
    "latitude": gettext_lazy("Degrees, south is negative."),
    "longitude": gettext_lazy("Degrees, west is negative."),
    "dataset": gettext_lazy("Where the event was taken from, if it was."),
    "external_id": gettext_lazy("What the dataset calls it; importing it again finds it by this."),
}


def date_reading(text: str) -> dict[str, Any]:
    """How a date that an editor types is understood, or what is wrong with it: what _date_reading.html shows."""
    if not text.strip():
        return {}
    try:
        date = dates.parse_human(text)
    except dates.DateProblem as problem:
        return {"problem": problem.message, "examples": DATE_EXAMPLES}
    return {
        "reading": dates.reading(date),
        "shown": dates.display(date),
        "wider": [dates.typed(unit) for unit in dates.wider(date)],
        "marks": list(_marks(date)),
    }


def _marks(date: dates.EventDate) -> Iterator[tuple[str, str]]:
    """What the date can be marked as by a click, and the text that says so."""
    marks = [
        (_("uncertain"), True, False),
        (pgettext("date", "about then"), False, True),
        (_("sure"), False, False),
    ]
    for label, uncertain, approximate in marks:
        found = dates.marked(date, uncertain=uncertain, approximate=approximate)
        if found is not None and (date.uncertain, date.approximate) != (uncertain, approximate):
            yield label, dates.typed(found)


@admin.register(Event)
class EventAdmin(
    EventColumns, BoundedActions, EventConflicts, EventVersions, EventHistory, DeskPages, CardPreview, WithPickers
):
    when_empty = gettext_lazy("There is no event yet.")
    form = EventForm
    derived_fields = (
        "day",
        "earliest",
        "latest",
        "start_latest",
        "end_earliest",
        "precision",
        "version",
        "created",
        "modified",
    )

    list_display = ("title", "when", "flags", "category", "weight", "state", "source_count")
    list_filter = (
        AttentionFilter,
        CountryFilter,
        StatusFilter,
        CategoryFilter,
        ImportanceFilter,
        SourceFilter,
        DatasetFilter,
    )
    paginator = BoundedPaginator
    # Django's own counts would ask the database; ours stand beside the filters already.
    show_facets = admin.ShowFacets.NEVER
    ordering = ("-day", "-pk")
    search_fields = ("title", "summary", "names__name", "place")
    search_help_text = gettext_lazy("Title, summary, place, or what a side calls it.")
    actions = (change_together, *EXPORTS)
    unbounded_actions = NAMES

    inlines = (ParticipationRows, ActorRows, NameRows, SourceRows, RelationRows)
    autocomplete_fields = ("dataset",)
    linked = ("dataset",)
    readonly_fields = ("date_reading",)
    fieldsets = (
        (gettext_lazy("What"), {"fields": ("title", "summary", "category", "importance")}),
        (gettext_lazy("When"), {"fields": ("date", "date_reading", "date_note")}),
        (gettext_lazy("Where"), {"fields": ("place", ("latitude", "longitude"))}),
        (gettext_lazy("Longer text"), {"fields": ("body",), "classes": ("collapse",)}),
        (gettext_lazy("Address and dataset"), {"fields": ("slug", "dataset", "external_id"), "classes": ("collapse",)}),
    )
    # Sections of the screen: the place of a fieldset, the rows of an inline, or a template.
    screen = (0, 1, ParticipationRows, ActorRows, 2, POINT_MAP, NameRows, SourceRows, RelationRows, 3, 4, 5)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("date-reading/", self.date_reading_view, name="timeline_event_date_reading"),
            path("<str:object_id>/resolve/", view(self.resolve_view), name="timeline_event_resolve"),
            *super().get_urls(),
        ]

    def get_fieldsets(self, request: HttpRequest, obj: Event | None = None) -> Any:
        why = ((gettext_lazy("Why"), {"fields": ("reason",)}),) if self.has_change_permission(request, obj) else ()
        return (*super().get_fieldsets(request, obj), *why)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Event], search_term: str
    ) -> tuple[QuerySet[Event], bool]:
        """What the select boxes offer: the newest events with the words that readers search by."""
        desk = index.of_every_status()
        found = searched(desk, search_term) if search_term.strip() else None
        found = desk.alive if found is None else found
        newest = desk.numbered(found, max(0, len(found) - OFFERED), len(found))
        return queryset.filter(pk__in=newest.tolist()), False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[EventChangeList]:
        return EventChangeList

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = self._formfield(db_field, request, **kwargs)
        if db_field.name in HELP and field is not None:
            field.help_text = HELP[db_field.name]
        return field

    def _formfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "date":
            kwargs["widget"] = AdminTextInputWidget(
                attrs={
                    "autocomplete": "off",
                    "hx-get": reverse("admin:timeline_event_date_reading"),
                    "hx-trigger": "input changed delay:200ms",
                    "hx-target": "#date-reading",
                    "hx-sync": "this:replace",
                }
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    # -- The date, read while typing ----------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("understood as"))
    def date_reading(self, event: Event | None) -> SafeString:
        fragment = render_to_string("admin/timeline/_date_reading.html", date_reading(event.date if event else ""))
        return format_html('<div id="date-reading" aria-live="polite">{}</div>', SafeString(fragment))

    def date_reading_view(self, request: HttpRequest) -> HttpResponse:
        """The fragment that the date field asks for while an editor types.

        A session that ended must not put the sign-in page into the form, so it is said in the fragment's own place.
        """
        if not self.admin_site.has_permission(request):
            problem = _("You are no longer signed in. Sign in again in another tab, and nothing typed here is lost.")
            return render(request, "admin/timeline/_date_reading.html", {"problem": problem}, status=403)
        return render(request, "admin/timeline/_date_reading.html", date_reading(request.GET.get("date", "")))

    # -- The screen ---------------------------------------------------------------------------------------------------

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        fieldsets: dict[Any, Any] = dict(enumerate(context["adminform"]))
        rows: dict[Any, Any] = {type(formset.opts): formset for formset in context["inline_admin_formsets"]}
        context["sections"] = [
            {"fieldset": fieldsets.get(part), "rows": rows.get(part), "template": part if part == POINT_MAP else ""}
            for part in self.screen
        ]
        context |= {"picture": worldmap.PICTURE, "view_box": worldmap.picture().view_box}
        event = context.get("original")
        context["badge"] = status_badge(event) if event else ""
        context |= self.beside(request, event)
        response = super().render_change_form(request, context, *args, **kwargs)
        response._csp_update = {"frame-src": [SELF]}
        return response

    def view_on_site(self, event: Event) -> str | None:
        """Where readers see it; nowhere unless it is published."""
        return event.get_absolute_url() if event.is_published else None
