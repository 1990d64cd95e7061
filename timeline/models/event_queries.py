"""Asking for events: by what they are, when they were, who took part; and for all that a page of them shows."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _
from pyroaring import BitMap64

from .changes import AT_ONCE, RecordedQuerySet
from .countries import Country
from .former_identifiers import FormerIdentifier
from .many_rows import pieces

if TYPE_CHECKING:
    from .events import Event


# What a page shows of an event, and what is read with each of it.
PARTS_OF_A_PAGE: dict[str, tuple[str, ...]] = {
    "participations": ("country",),
    "actor_participations": ("actor__country",),
    "names": ("country",),
    "sources": (),
    "relations": ("target__dataset",),
    "inverse_relations": ("event",),
    "story_events": ("story",),
}
# By these a file finds its event again.
CALLED = frozenset(("dataset", "dataset_id", "external_id"))

AT_ONCE_WITHOUT_GAPS = 5_000
"""Events that are read together where they came in together."""

POINTING_AT_IT = ("inverse_relations", "story_events")


class EventStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Importance(models.IntegerChoices):
    ROUTINE = 1, _("routine")
    MINOR = 2, _("minor")
    NOTABLE = 3, _("notable")
    MAJOR = 4, _("major")
    TURNING_POINT = 5, _("turning point")


class EventQuerySet(RecordedQuerySet):
    def published(self) -> Self:
        return self.filter(status=EventStatus.PUBLISHED)

    def involving(self, *codes: str, match: str = "any") -> Self:
        """Events in which any of the countries takes part, or with match="all" every one of them."""
        if match == "all":
            found = self
            for code in codes:
                found = found.filter(pk__in=Country.objects.filter(pk=code).values("participations__event"))
            return found
        return self.filter(pk__in=Country.objects.filter(pk__in=codes).values("participations__event"))

    def with_actor(self, *slugs: str) -> Self:
        return self.filter(actor_participations__actor__slug__in=slugs).distinct()

    def in_category(self, *slugs: str) -> Self:
        return self.filter(category_id__in=slugs)

    def at_least(self, importance: int) -> Self:
        return self.filter(importance__gte=importance)

    def from_dataset(self, *slugs: str) -> Self:
        return self.filter(dataset__slug__in=slugs)

    def during(self, first: datetime.date, last: datetime.date) -> Self:
        """Events that happened, certainly or possibly, on some day from first to last, both included."""
        return self.filter(earliest__lte=last, latest__gte=first)

    def certainly_during(self, first: datetime.date, last: datetime.date) -> Self:
        """Those that lie in the range under every reading of their date."""
        return self.filter(start_latest__lte=last, end_earliest__gte=first)

    def possibly_during(self, first: datetime.date, last: datetime.date) -> Self:
        """Those that may lie in the range, but do not under every reading of their date."""
        return self.during(first, last).exclude(start_latest__lte=last, end_earliest__gte=first)

    def known_to_the_day(self) -> Self:
        return self.filter(earliest=F("latest"))

    def on_day_of_year(self, month: int, day: int) -> Self:
        """Events known to the day that happened on this day of any year."""
        return self.known_to_the_day().filter(day__month=month, day__day=day)

    def lacking(self) -> dict[str, Self]:
        """The events that an editor should look at, by what they lack: a source, a country, a date that is sure.

        A date is unsure where it is marked uncertain or about, and where it is known only as one day of several.
        """
        sources = apps.get_model("timeline", "Source").objects.filter(event=OuterRef("pk"))
        taking_part = apps.get_model("timeline", "Participation").objects.filter(event=OuterRef("pk"))
        marked = Q(date__contains="?") | Q(date__contains="~") | Q(date__contains="%")
        return {
            "source": self.exclude(Exists(sources)),
            "country": self.exclude(Exists(taking_part)),
            "sure-date": self.filter(marked | Q(date__startswith="[")),
        }

    def oldest_first(self) -> Self:
        return self.order_by("day", "pk")

    def newest_first(self) -> Self:
        return self.order_by("-day", "-pk")

    def for_list(self, ids: Iterable[int] | None = None) -> Self:
        """With all that a card shows, in a fixed number of queries; the events of these ids if any are given."""
        found = self if ids is None else self.filter(pk__in=list(ids))
        return (
            found.select_related("category", "dataset")
            .prefetch_related("participations__country")
            .annotate(source_count=Count("sources", distinct=True))
        )

    def in_order(self, ids: Sequence[int], countries: Mapping[str, Country] | None = None) -> list[Event]:
        """The events of these ids for a list, in the order of the ids. Who knows the countries saves reading them."""
        rows = self.for_list(ids)
        if countries is not None:
            rows = rows.prefetch_related(None).prefetch_related("participations")
        found = {event.pk: event for event in rows}
        if countries is not None:
            for event in found.values():
                for part in event.participations.all():
                    if part.country_id in countries:
                        part.country = countries[part.country_id]
        return [found[pk] for pk in ids if pk in found]

    def for_drawing(self, ids: Iterable[int]) -> Self:
        """Only what a mark shows."""
        return self.filter(pk__in=list(ids)).only(
            "title",
            "slug",
            "date",
            "day",
            "earliest",
            "latest",
            "start_latest",
            "end_earliest",
            "importance",
            "category",
        )

    def for_page(self) -> Self:
        """With all that is known about it, in a fixed number of queries: one for it and one for each kind of part."""
        return self._with_parts(*PARTS_OF_A_PAGE)

    def for_version(self) -> Self:
        """With what belongs to it, and nothing of what points at it: all that a version of it holds."""
        return self._with_parts(*(name for name in PARTS_OF_A_PAGE if name not in POINTING_AT_IT))

    def _with_parts(self, *names: str) -> Self:
        return self.select_related("category", "dataset").prefetch_related(
            *(self._part(name, *PARTS_OF_A_PAGE[name]) for name in names)
        )

    def _part(self, name: str, *joined: str) -> Prefetch[Any]:
        rows: Any = self.model._meta.get_field(name).related_model
        return Prefetch(name, rows._default_manager.select_related(*joined) if joined else None)

    def public_status(self, slug: str) -> str | None:
        """“published” or “withdrawn”; None for what the public must not learn of: drafts, and what never was."""
        public = (EventStatus.PUBLISHED, EventStatus.WITHDRAWN)
        return self.filter(slug=slug, status__in=public).values_list("status", flat=True).first()

    def withdrawal_reason(self, slug: str) -> str:
        """Why the editors withdrew the event with this address; empty where they gave no reason."""
        withdrawn = self.filter(slug=slug, status=EventStatus.WITHDRAWN)
        return withdrawn.values_list("withdrawal_reason", flat=True).first() or ""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        objs = list(objs)
        taken: set[str] = set()
        for event in objs:
            event.prepare(taken)
            taken.add(event.slug)
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        objs, fields = list(objs), list(fields)
        if "date" in fields:
            for event in objs:
                event.derive_days()
        with transaction.atomic(using=self.db):
            if "slug" in fields:
                self._keep_old_addresses(objs)
            if CALLED.intersection(fields):
                for some in pieces((event.pk for event in objs), AT_ONCE):
                    FormerIdentifier.objects.remember(self.filter(pk__in=some))
            return super().bulk_update(objs, with_derived(fields), *args, **kwargs)

    def update(self, **values: Any) -> int:
        with transaction.atomic(using=self.db, savepoint=False):
            if values.keys() & CALLED:
                FormerIdentifier.objects.remember(self.all())
            return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic(using=self.db, savepoint=False):
            FormerIdentifier.objects.remember(self.all())
            return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def _keep_old_addresses(self, events: list[Event]) -> None:
        redirects = apps.get_model("timeline", "SlugRedirect").objects
        for some in pieces(events, AT_ONCE):
            ids = [event.pk for event in some]
            stored = dict(self.model.objects.filter(pk__in=ids).values_list("pk", "slug"))
            for event in some:
                if stored.get(event.pk, event.slug) != event.slug:
                    redirects.filter(slug=event.slug).delete()
                    redirects.lead(stored[event.pk], event)


def with_derived(fields: Iterable[str]) -> list[str]:
    """The fields to write when these change: with the date all that is derived from it."""
    derived = ("day", "earliest", "latest", "start_latest", "end_earliest", "precision") if "date" in fields else ()
    return list(dict.fromkeys([*fields, *derived]))


def among(field: str, ids: list[int]) -> models.Q:
    """The condition that a field is one of these rising numbers; those of events that came in together have no gaps."""
    if ids and ids[-1] - ids[0] + 1 == len(ids):
        return models.Q((f"{field}__gte", ids[0]), (f"{field}__lte", ids[-1]))
    return models.Q((f"{field}__in", ids))


def pieces_among(ids: BitMap64) -> Iterator[list[int]]:
    """Pieces for `among`, in their order, as large as a statement takes; two numbers tell of those without gaps."""
    without_gaps = bool(ids) and ids.max() - ids.min() + 1 == len(ids)
    return pieces(ids, AT_ONCE_WITHOUT_GAPS if without_gaps else AT_ONCE)
