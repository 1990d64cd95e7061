"""The list of events: its columns, filters and what can be done with a selection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.views.main import ChangeList
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from simple_history.utils import bulk_update_with_history

from timeline.models import Country, Event, EventStatus, Participation, Source

from .listing import COUNTED, bounded_count
from .pickers import flag_address


class EventChangeList(ChangeList):
    """One page of events with all that its columns show, in a fixed number of queries.

    Sources are fetched for the page and counted here: counting them in the query would group the whole table.
    """

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Event]:
        found = super().get_queryset(request, exclude_parameters)
        # To list the years of very many events is to read them all; filters and a search lead to fewer.
        if "day__year" not in request.GET and bounded_count(found) >= COUNTED:
            self.date_hierarchy = None
        return found.prefetch_related(
            "participations__country", Prefetch("sources", queryset=Source.objects.only("event_id"))
        )


class CountryFilter(admin.SimpleListFilter):
    """One country among those that have events; a select box, since there may be two hundred."""

    title = gettext_lazy("country")
    parameter_name = "country"
    template = "admin/timeline/_country_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        taking_part = Participation.objects.filter(country=OuterRef("pk"))
        found = Country.objects.filter(Exists(taking_part))
        return sorted(((country.code, str(country)) for country in found), key=lambda row: row[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        code = self.value()
        if code is None:
            return queryset
        if code not in dict(self.lookup_choices):
            messages.error(
                request, _("country: no event has a country with the code “%(code)s”.") % {"code": code[:20]}
            )
        return queryset.involving(code)  # type: ignore[attr-defined]  # Event's own queryset

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        yield {
            "kept": [
                (name, value)
                for name, values in changelist.filter_params.items()
                if name != self.parameter_name
                for value in values
            ]
            + ([("q", changelist.query)] if changelist.query else []),
            "options": [(code, name, code == self.value()) for code, name in self.lookup_choices],
        }


class SourceFilter(admin.SimpleListFilter):
    title = gettext_lazy("sources")
    parameter_name = "sources"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("none", _("no source"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        if self.value() is None:
            return queryset
        return queryset.without_sources()  # type: ignore[attr-defined]  # Event's own queryset


class EventColumns:
    """The columns; each reads only what EventChangeList fetched."""

    @admin.display(description=gettext_lazy("date"), ordering="day")
    def when(self, event: Event) -> str:
        return event.date_in_words

    @admin.display(description=gettext_lazy("countries"))
    def flags(self, event: Event) -> SafeString:
        countries = {part.country_id: part.country for part in event.participations.all()}
        return format_html_join(
            " ",
            '<span class="country" title="{}">{}{}</span>',
            ((country.local_name, picture_of(country), code) for code, country in countries.items()),
        )

    @admin.display(description=gettext_lazy("importance"), ordering="importance")
    def weight(self, event: Event) -> str:
        return f"{event.importance} · {event.get_importance_display()}"

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, event: Event) -> SafeString:
        return status_badge(event)

    @admin.display(description=gettext_lazy("sources"))
    def source_count(self, event: Event) -> SafeString | str:
        count = len(event.sources.all())
        return str(count) if count else format_html('<span class="missing">{}</span>', _("none"))


def picture_of(country: Country) -> SafeString | str:
    address = flag_address(country)
    return format_html('<img class="flag" src="{}" alt="" loading="lazy">', address) if address else ""


def status_badge(event: Event) -> SafeString:
    return format_html('<span class="status status-{}">{}</span>', event.status, event.get_status_display())


@admin.action(description=gettext_lazy("Publish the selected events"), permissions=["publish"])
def publish(model_admin: Any, request: HttpRequest, queryset: QuerySet[Event]) -> None:
    """Make the selected events visible to readers."""
    count = set_status(request, queryset, EventStatus.PUBLISHED)
    model_admin.message_user(
        request,
        ngettext("%(count)d event is now published.", "%(count)d events are now published.", count) % {"count": count},
        messages.SUCCESS,
    )


def set_status(request: HttpRequest, queryset: QuerySet[Event], status: EventStatus) -> int:
    """Give the events the status, each with its history, in one transaction; returns how many changed."""
    with transaction.atomic():
        events: Iterable[Event] = list(queryset.exclude(status=status).order_by("pk").select_for_update(of=("self",)))
        for event in events:
            event.status = status
            event.version += 1
            event.modified = timezone.now()
        changed = int(
            bulk_update_with_history(
                events, Event, ["status", "version", "modified"], batch_size=500, default_user=request.user
            )
            if events
            else 0
        )
        LogEntry.objects.log_actions(
            request.user.pk,  # type: ignore[arg-type]  # who may act is signed in
            events,
            CHANGE,
            [{"changed": {"fields": [_("status")]}}],
        )
    return changed
