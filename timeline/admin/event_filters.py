"""The filters beside the list of events. The index answers each, and says how many events each choice would leave."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline import search, words
from timeline.desk import attention
from timeline.filters import SEARCH_WORD_LENGTH, SEARCH_WORDS
from timeline.index import Selection, Snapshot
from timeline.models import Event, EventStatus, Importance, Vocabulary

NONE = "none"


class IndexFilter(admin.SimpleListFilter):
    """One value of a facet, each with the number of events that it would leave."""

    facet: ClassVar[str] = ""

    def selection(self, desk: Snapshot) -> Selection | None:
        """The events that the chosen value admits; None where none is chosen."""
        value = self.value()
        if value is None:
            return None
        if value not in self._known:
            messages.error(self.request, self.unknown(value[:20]))
            return desk.nothing
        return self.having(desk, value)

    def having(self, desk: Snapshot, value: str) -> Selection:
        """The events with a value."""
        return desk.any_of(self.facet, [value])

    @property
    def _known(self) -> dict[str, str]:
        return {str(value): str(label) for value, label in self.lookup_choices}

    def unknown(self, value: str) -> str:
        """What is said of a value that is not among the choices."""
        return _("%(filter)s: “%(value)s” is not known. Known are: %(values)s.") % {
            "filter": self.title,
            "value": value,
            "values": ", ".join(list(self._known)[:15]),
        }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        """Nothing is asked of the database: the list asks `selection`."""
        return queryset

    def counts(self, changelist: Any) -> dict[str, int]:
        """How many events each value would leave beside the other filters."""
        among = changelist.besides(str(self.parameter_name))
        return {value: self.having(changelist.desk, value).count_in(among) for value in self._known}

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        counts = self.counts(changelist)
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[str(self.parameter_name)]),
            "display": _("All"),
        }
        for value, label in self._known.items():
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({str(self.parameter_name): value}),
                "display": f"{label} ({counts[value]})" if value in counts else label,
            }


class StatusFilter(IndexFilter):
    title = gettext_lazy("status")
    parameter_name = "status__exact"
    facet = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, label in EventStatus.choices]


class CategoryFilter(IndexFilter):
    title = gettext_lazy("category")
    parameter_name = "category__slug__exact"
    facet = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = sorted(Vocabulary.current().categories.values(), key=lambda row: (row.position, row.slug))
        return [(category.slug, str(category)) for category in rows]


class ImportanceFilter(IndexFilter):
    title = gettext_lazy("importance")
    parameter_name = "importance__exact"
    facet = "importance"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in Importance.choices]


class SourceFilter(IndexFilter):
    title = gettext_lazy("sources")
    parameter_name = "sources"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(NONE, _("no source"))]

    def having(self, desk: Snapshot, value: str) -> Selection:
        return desk.any_of("lacking", ["source"])


class DatasetFilter(IndexFilter):
    title = gettext_lazy("dataset")
    parameter_name = "dataset"
    facet = "dataset"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = sorted(Vocabulary.current().datasets.values(), key=str)
        return [(str(dataset.pk), str(dataset)) for dataset in rows] + [(NONE, _("no dataset"))]

    def having(self, desk: Snapshot, value: str) -> Selection:
        if value == NONE:
            return desk.alive - desk.any_of("dataset", desk.values("dataset"))
        return super().having(desk, value)


class CountryFilter(IndexFilter):
    """One country among those that have events; a select box, since there may be two hundred."""

    title = gettext_lazy("country")
    parameter_name = "country"
    facet = "country"
    template = "admin/timeline/_country_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Vocabulary.current().countries.values()
        return sorted(((country.code, str(country)) for country in rows), key=lambda row: row[1])

    def selection(self, desk: Snapshot) -> Selection | None:
        found = super().selection(desk)
        if found is not None and self.value() in self._known and not found:
            messages.error(self.request, self.unknown(str(self.value())))
        return found

    def unknown(self, value: str) -> str:
        return _("country: no event has a country with the code “%(code)s”.") % {"code": value}

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        counts = self.counts(changelist)
        yield {
            "kept": [
                (name, value)
                for name, values in changelist.filter_params.items()
                if name != self.parameter_name
                for value in values
            ],
            "options": [
                (code, f"{name} ({counts[code]})", code == self.value())
                for code, name in self.lookup_choices
                if counts[code] or code == self.value()
            ],
        }


class AttentionFilter(IndexFilter):
    """Each topic of the attention page is a filter of the list; that page counts them."""

    title = gettext_lazy("needs attention")
    parameter_name = "attention"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(topic.name, str(topic.label)) for topic in attention.TOPICS]

    def having(self, desk: Snapshot, value: str) -> Selection:
        return attention.BY_NAME[value].events(desk)

    def counts(self, changelist: Any) -> dict[str, int]:
        return {}


# Words ----------------------------------------------------------------------------------------------------------------


def searched(desk: Snapshot, text: str) -> Selection | None:
    """The events that hold the words, the last of which may be only begun; None where there is no word.

    Raises search.TooBroad.
    """
    typed = text.strip()
    query = words.parse(f"{typed}*" if typed and typed[-1].isalnum() else typed)
    if not query:
        return None
    if len(query.terms) > SEARCH_WORDS or any(len(term.typed) > SEARCH_WORD_LENGTH for term in query.terms):
        raise search.TooBroad
    return desk.holding(query)


# Days -----------------------------------------------------------------------------------------------------------------

YEAR, MONTH, DAY = PERIOD = ("day__year", "day__month", "day__day")


class Period:
    """A year, a month or a day under which events are filed, and the steps from it to others."""

    def __init__(self, asked: Mapping[str, str]) -> None:
        given = [asked.get(name) for name in PERIOD]
        self.parts = [int(text) for text in given if text and text.isascii() and text.isdigit() and len(text) < 5]
        if len(self.parts) < sum(text is not None for text in given) or not all(given[: len(self.parts)]):
            raise IncorrectLookupParameters
        try:
            self.first, self.last = self._bounds(*self.parts)
        except ValueError as problem:
            raise IncorrectLookupParameters from problem

    @staticmethod
    def _bounds(*parts: int) -> tuple[datetime.date, datetime.date]:
        if not parts:
            return datetime.date.min, datetime.date.max
        first = datetime.date(*[*parts, 1, 1][:3])
        if len(parts) == len(PERIOD):
            return first, first
        month = 12 if len(parts) == 1 else first.month
        return first, datetime.date(first.year, month, calendar.monthrange(first.year, month)[1])

    def selection(self, desk: Snapshot) -> Selection | None:
        """The events filed in it; None where no period is chosen."""
        return desk.filed_between(self.first.toordinal(), self.last.toordinal()) if self.parts else None

    def steps(self, changelist: Any) -> dict[str, Any]:
        """What Django's template of a date hierarchy shows: the way back, and the parts that have events."""

        def address(parts: list[int]) -> str:
            given = dict.fromkeys(PERIOD) | dict(zip(PERIOD, map(str, parts), strict=False))
            return str(changelist.get_query_string(given))

        events = changelist.besides(YEAR)
        below = self._below(changelist.desk, events & (self.selection(changelist.desk) or events))
        back = {"link": address(self.parts[:-1]), "title": self._title(self.parts[:-1])} if self.parts else None
        steps = [{"link": address(parts), "title": self._title(parts, short=True)} for parts in below]
        if len(self.parts) == len(PERIOD):
            steps = [{"title": self._title(self.parts)}]
        return {"show": True, "back": back, "choices": steps}

    def _below(self, desk: Snapshot, events: Selection) -> list[list[int]]:
        """The years, or the months of the year, or the days of the month, that have events."""
        extent = desk.extent(events)
        if extent is None or len(self.parts) == len(PERIOD):
            return []
        starts: list[datetime.date]
        if not self.parts:
            years = range(datetime.date.fromordinal(extent[0]).year, datetime.date.fromordinal(extent[1]).year + 1)
            starts = [datetime.date(year, 1, 1) for year in years]
        elif len(self.parts) == 1:
            starts = [self.first.replace(month=month) for month in range(1, 13)]
        else:
            starts = [self.first.replace(day=day) for day in range(1, self.last.day + 1)]
        counts = desk.filed_in([start.toordinal() for start in starts], events)
        depth = len(self.parts) + 1
        return [
            [start.year, start.month, start.day][:depth] for start, count in zip(starts, counts, strict=True) if count
        ]

    @staticmethod
    def _title(parts: list[int], *, short: bool = False) -> str:
        if not parts:
            return _("All dates")
        if len(parts) == 1:
            return str(parts[0])
        first = datetime.date(*[*parts, 1][:3])
        form = "YEAR_MONTH_FORMAT" if len(parts) == 2 else "MONTH_DAY_FORMAT"
        return date_format(first, "F" if short and len(parts) == 2 else form)
