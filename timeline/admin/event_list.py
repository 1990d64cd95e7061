"""The list of events: its pages, its columns and what can be done with a selection."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import InvalidPage, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline import index, search
from timeline.desk import bulk
from timeline.index import Selection
from timeline.models import Country, Event, Vocabulary

from .event_filters import PERIOD, YEAR, IndexFilter, Period, searched
from .pickers import flag_address

BY_DAY = ("day", "-day")
SORTED = 5_000
"""Events that the database is asked to sort; the index has the order of days ready, however many there are."""


class EventChangeList(ChangeList):
    """One page of events: the index says which and how many, and the database is asked for these alone."""

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        """Without the period, which is no filter of the model's fields to Django."""
        return {name: value for name, value in super().get_filters_params(params).items() if name not in PERIOD}

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Event]:
        """Ask the index; what is returned is only what an action may be done to."""
        specs, self.has_filters, unknown, _duplicates, self.has_active_filters = self.get_filters(request)
        if unknown:
            raise IncorrectLookupParameters(", ".join(unknown))
        self.filter_specs = specs
        filters = [spec for spec in specs if isinstance(spec, IndexFilter)]
        self.clear_all_filters_qs = self.get_query_string(remove=[*self.get_filters_params(), *PERIOD])
        self.desk = index.of_every_status()
        self.period = Period(request.GET)
        self._parts: dict[str, Selection] = {}
        for name, part in (
            *((str(each.parameter_name), each.selection(self.desk)) for each in filters),
            (YEAR, self.period.selection(self.desk)),
            ("q", self._searched(request)),
        ):
            if part is not None:
                self._parts[name] = part
        self.events = self.besides()
        self.ordering = self._order(request)
        if request.POST.get("select_across") == "1":
            return self.root_queryset.filter(pk__in=self._ids(0, bulk.MOST + 1))
        return self.root_queryset

    def besides(self, left_out: str = "") -> Selection:
        """The events that match, or would without one of the filters."""
        return reduce(and_, (part for name, part in self._parts.items() if name != left_out), self.desk.alive)

    def _searched(self, request: HttpRequest) -> Selection | None:
        try:
            return searched(self.desk, self.query)
        except search.TooBroad as problem:
            messages.error(request, str(problem))
            return self.desk.nothing

    def get_results(self, request: HttpRequest) -> None:
        self.result_count = total = len(self.events)
        self.paginator = Paginator(range(total), self.list_per_page)
        self.can_show_all, self.multi_page = total <= self.list_max_show_all, total > self.list_per_page
        self.show_full_result_count, self.full_result_count, self.show_admin_actions = False, None, True
        if (self.show_all and self.can_show_all) or not self.multi_page:
            shown = range(total)
        else:
            try:
                shown = self.paginator.page(self.page_num).object_list
            except InvalidPage as problem:
                raise IncorrectLookupParameters from problem
        self.result_list = Event.objects.in_order(self._ids(shown.start, shown.stop), Vocabulary.current().countries)

    def _order(self, request: HttpRequest) -> list[Any]:
        """The fields to sort by: any for a short list, the day for a long one."""
        asked = self.get_ordering(request, self.root_queryset)
        if len(self.events) <= SORTED:
            return asked
        self.sortable_by = ("when",)
        if asked[0] in BY_DAY:
            return asked
        text = _("Only lists of at most %(most)d events can be sorted by something else than their dates.")
        messages.warning(request, text % {"most": SORTED})
        return ["-day"]

    def every_id(self) -> list[int]:
        """The ids of all events that match, however many, oldest first."""
        return list(self.desk.numbered(self.events, 0, len(self.events)).tolist())

    def _ids(self, start: int, stop: int) -> list[int]:
        """The ids of a part of the list, in its order."""
        total = len(self.events)
        if self.ordering[0] not in BY_DAY:
            ids = self.desk.numbered(self.events, 0, total).tolist()
            found = Event.objects.filter(pk__in=ids).order_by(*self.ordering)
            return list(found.values_list("pk", flat=True)[start:stop])
        if self.ordering[0] == "day":
            return list(self.desk.numbered(self.events, start, stop).tolist())
        stop = min(stop, total)
        return list(self.desk.numbered(self.events, total - stop, total - start).tolist()[::-1])

    def years_and_days(self) -> dict[str, Any]:
        """The links to the years, months and days of the list."""
        return self.period.steps(self)


class EventColumns:
    """The columns; each reads only what Event.objects.in_order() fetches."""

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
        count: int = event.source_count
        return str(count) if count else format_html('<span class="missing">{}</span>', _("none"))


def picture_of(country: Country) -> SafeString | str:
    address = flag_address(country)
    return format_html('<img class="flag" src="{}" alt="" loading="lazy">', address) if address else ""


def status_badge(event: Event) -> SafeString:
    return format_html('<span class="status status-{}">{}</span>', event.status, event.get_status_display())
