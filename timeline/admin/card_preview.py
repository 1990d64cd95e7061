"""The card of an event as readers will see it, while it is being written."""

from __future__ import annotations

from csp.constants import SELF
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.clickjacking import xframe_options_sameorigin

from timeline import dates
from timeline.desk import versions
from timeline.models import Category, Country, Event, Participation
from timeline.records import EventRecord

from .event_form import posted_version
from .history import HistoryAdmin


class CardPreview(HistoryAdmin):
    """Answers the frame below the form: the card of what the form says, in the style sheets of the public pages."""

    def get_urls(self) -> list[URLPattern]:
        view = xframe_options_sameorigin(self.admin_site.admin_view(self.card_view))
        return [path("card/", view, name="timeline_event_card"), *super().get_urls()]

    def card_view(self, request: HttpRequest) -> HttpResponse:
        """The card of what was sent; without a title, a date and a category, what is missing."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        event = _event_of(posted_version(request.POST)) if request.method == "POST" else None
        response = render(request, "admin/timeline/event/card.html", {"event": event})
        response._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]  # django-csp's
        return response


def _event_of(version: EventRecord) -> Event | None:
    """An event that is not stored and says what the version says, as far as cards show it."""
    category = Category.objects.filter(pk=version.category).first()
    event = Event(
        # Only what has a number has rows.
        pk=0,
        title=version.title,
        date=version.date,
        # The address is made when it is saved; until then it leads nowhere.
        slug=version.slug or "-",
        summary=version.summary,
        place=version.place,
        importance=version.importance,
        category=category,
    )
    try:
        event.derive_days()
    except dates.DateProblem:
        return None
    if not version.title or category is None:
        return None
    known = Country.objects.in_bulk({row.country for row in version.countries})
    countries = [Participation(country=known[row.country]) for row in version.countries if row.country in known]
    event.source_count = len(version.sources)
    return versions.with_rows(event, {"participations": countries})
