"""An event: something that happened, when, of what kind, and how much it matters."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from itertools import chain, count, islice, repeat
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, router, transaction
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from timeline import dates
from timeline.dates.values import MAX_LENGTH

from .categories import Category
from .changes import AT_ONCE, RecordedModel
from .countries import Country
from .datasets import Dataset
from .event_cards import Dated
from .event_queries import EventQuerySet, EventStatus, Importance, with_derived
from .former_identifiers import FormerIdentifier
from .text import LongText, validate_plain_text

SLUG_LENGTH = 120
# So many that save the same title at once each find a free slug.
SLUG_ATTEMPTS = 6
# Few titles repeat more often.
SLUGS_AT_FIRST = 4


class Event(Dated, RecordedModel):
    """Something that happened, on the day where it happened."""

    title = models.CharField(
        _("title"),
        max_length=200,
        validators=[validate_plain_text],
        help_text=_("What happened, as a headline: “Russia’s defence minister meets Kim Jong Un”."),
    )
    slug = models.SlugField(
        _("slug"), max_length=SLUG_LENGTH, unique=True, blank=True, help_text=_("The address; made from the title.")
    )
    summary = LongText(
        _("summary"),
        max_length=1000,
        blank=True,
        validators=[validate_plain_text],
        help_text=_("One or two sentences."),
    )
    body = LongText(
        _("text"),
        max_length=50_000,
        blank=True,
        validators=[validate_plain_text],
        help_text=_("More, if there is more to say. A blank line begins a paragraph."),
    )
    date = models.CharField(
        _("date"),
        max_length=MAX_LENGTH,
        help_text=_("As people write it: 27 July 1953, late July 2023, circa 1950, 25 June 1950 to 27 July 1953."),
    )
    date_note = LongText(
        _("note on the date"),
        max_length=1000,
        blank=True,
        validators=[validate_plain_text],
        help_text=_("Where sources differ: why this date."),
    )
    day = models.DateField(_("filed under"), editable=False)
    earliest = models.DateField(_("earliest day"), editable=False)
    latest = models.DateField(_("latest day"), editable=False)
    start_latest = models.DateField(_("begins by"), editable=False)
    end_earliest = models.DateField(_("lasts until at least"), editable=False)
    precision = models.CharField(
        _("precision"), max_length=10, editable=False, choices=[(p.value, p.value) for p in dates.Precision]
    )
    place = models.CharField(_("place"), max_length=150, blank=True, validators=[validate_plain_text])
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(-90)), MaxValueValidator(Decimal(90))],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(-180)), MaxValueValidator(Decimal(180))],
    )
    category = models.ForeignKey(Category, verbose_name=_("category"), on_delete=models.PROTECT, related_name="events")
    importance = models.PositiveSmallIntegerField(
        _("importance"),
        choices=Importance,
        default=Importance.NOTABLE,
        help_text=_(
            "5: the course of history turned here. 4: everyone covered it. 3: specialists know it. 1: routine."
        ),
    )
    status = models.CharField(_("status"), max_length=10, choices=EventStatus, default=EventStatus.DRAFT)
    dataset = models.ForeignKey(
        Dataset, verbose_name=_("dataset"), on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    external_id = models.CharField(
        _("identifier in the dataset"), max_length=150, blank=True, validators=[validate_plain_text]
    )
    withdrawal_reason = LongText(
        _("why it was withdrawn"),
        max_length=1000,
        blank=True,
        validators=[validate_plain_text],
        help_text=_("Readers who follow an old link see it."),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created = models.DateTimeField(_("created"), auto_now_add=True)
    modified = models.DateTimeField(_("modified"), auto_now=True)
    countries = models.ManyToManyField(Country, through="Participation", related_name="events")
    actors = models.ManyToManyField("timeline.Actor", through="ActorParticipation", related_name="events")

    holds_searched_words = True
    # Set by for_list().
    source_count: int

    # True where the slug was made from the title, so that another one is as good.
    _slug_is_made = False

    objects = EventQuerySet.as_manager()
    # Editors' comments and reasons stand there; simple-history's own field holds a hundred characters.
    # A history is asked for by its event's number alone.
    history = HistoricalRecords(
        history_change_reason_field=models.TextField(null=True), no_db_index=["slug", "category", "dataset"]
    )

    class Meta:
        ordering = ["day", "pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        permissions = [("publish_event", "Can publish events")]
        indexes = [
            # The list, forwards and backwards: keyset pages of published events by (day, id).
            models.Index(fields=["status", "day", "id"], name="event_status_day"),
            # The feed: which published events changed last?
            models.Index(fields=["status", "-modified", "-id"], name="event_status_modified"),
            # The admin's list, whatever the status.
            models.Index(fields=["day", "id"], name="event_day"),
            # "What touches this range?" of during(): the earliest bound first, the latest from the index alone.
            models.Index(fields=["earliest", "latest"], name="event_span"),
        ]
        constraints = [
            models.CheckConstraint(
                name="event_days_in_order",
                condition=Q(earliest__lte=F("start_latest"))
                & Q(end_earliest__lte=F("latest"))
                & Q(earliest__lte=F("day"))
                & Q(day__lte=F("latest")),
                violation_error_message=_("The days derived from the date are not in order."),
            ),
            models.CheckConstraint(
                name="event_importance_1_to_5",
                condition=Q(importance__gte=1, importance__lte=5),
                violation_error_message=_("Importance is a number from 1 to 5."),
            ),
            models.CheckConstraint(
                name="event_status_known",
                condition=Q(status__in=EventStatus.values),
                violation_error_message=_("Status is one of draft, in_review, published, withdrawn."),
            ),
            models.CheckConstraint(
                name="event_point_whole",
                # Said in full: a comparison with NULL is neither true nor false, and a check lets that pass.
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
                violation_error_message=_("Give both latitude (-90 to 90) and longitude (-180 to 180), or neither."),
            ),
            models.UniqueConstraint(
                name="event_dataset_external_id",
                fields=["dataset", "external_id"],
                condition=~Q(external_id=""),
                violation_error_message=_("This dataset already has an event with this identifier."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def events_of(cls, rows: Iterable[Any]) -> list[int]:
        if isinstance(rows, models.QuerySet):
            return list(rows.order_by().values_list("pk", flat=True))
        return [row.pk for row in rows]

    @cached_property
    def taking_part(self) -> list[Country]:
        """The countries that take part, each once, in the order in which they were entered."""
        return list({part.country_id: part.country for part in self.participations.all()}.values())

    @property
    def is_published(self) -> bool:
        return self.status == EventStatus.PUBLISHED

    def derive_days(self) -> None:
        """Set the day bounds and precision from the date. Raises dates.DateProblem."""
        when = dates.parse_edtf(self.date)
        self.date = when.edtf
        self.day, self.earliest, self.latest = when.day, when.earliest, when.latest
        self.start_latest, self.end_earliest = when.start_latest, when.end_earliest
        self.precision = when.precision.value

    def prepare(self, taken: Collection[str] = ()) -> None:
        """Make what is derived agree with what was given: the days, and a slug where there is none, not a taken one."""
        self.derive_days()
        if not self.slug:
            self.slug = free_slug(self.title, self.day, taken)
            self._slug_is_made = True

    def clean(self) -> None:
        problems: dict[str, Any] = {}
        try:
            # People type "27 July 1953" into forms; what is stored is EDTF.
            self.date = dates.parse_human(self.date).edtf
            self.derive_days()
        except dates.DateProblem as problem:
            problems["date"] = str(problem)
        if (self.latitude is None) != (self.longitude is None):
            missing = "latitude" if self.latitude is None else "longitude"
            problems[missing] = _("Give both latitude and longitude, or neither.")
        if self.external_id and self.dataset_id is None:
            problems["dataset"] = _("An identifier needs the dataset in which it is unique.")
        if self.slug and self._redirects().filter(slug=self.slug).exclude(event_id=self.pk).exists():
            problems["slug"] = _("This address leads to another event, which had it before.")
        if problems:
            raise ValidationError(problems)
        self.prepare()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.prepare()
        if self._state.adding:
            self._insert(*args, **kwargs)
            return
        self.version += 1
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = with_derived([*kwargs["update_fields"], "version", "modified"])
        with transaction.atomic(using=kwargs.get("using") or router.db_for_write(Event, instance=self)):
            stored = Event.objects.filter(pk=self.pk)
            old, *called = stored.values_list("slug", "dataset_id", "external_id").first() or ("", None, "")
            if called != [self.dataset_id, self.external_id]:
                FormerIdentifier.objects.remember(stored)
            super().save(*args, **kwargs)
            if old and old != self.slug:
                self._redirects().filter(slug=self.slug).delete()
                self._redirects().lead(old, self)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic(using=kwargs.get("using") or router.db_for_write(Event, instance=self)):
            FormerIdentifier.objects.remember(Event.objects.filter(pk=self.pk))
            return super().delete(*args, **kwargs)

    def _insert(self, *args: Any, **kwargs: Any) -> None:
        """Save a new event. Two that are saved at once may choose the same slug: the second takes another."""
        for _attempt in range(SLUG_ATTEMPTS - 1):
            try:
                with transaction.atomic(using=kwargs.get("using") or router.db_for_write(Event, instance=self)):
                    super().save(*args, **kwargs)
            except IntegrityError:
                if not self._slug_is_made or not Event.objects.filter(slug=self.slug).exists():
                    raise
                self.slug = ""
                self.prepare()
            else:
                return
        super().save(*args, **kwargs)

    @staticmethod
    def _redirects() -> Any:
        return apps.get_model("timeline", "SlugRedirect").objects


def free_slug(title: str, day: datetime.date, taken: Collection[str] = ()) -> str:
    """A slug made from the title that no event has yet: "…-1953", then "…-1953-2", where the plain one is taken.

    A title in a script that slugs do not hold gives "event-1953-07-27".
    """
    stem = slugify(title)[: SLUG_LENGTH - 20].strip("-") or f"event-{day.isoformat()}"
    offered = _slugs(stem, day.year)
    # Whole slugs are looked up by their index; all that begin alike would be looked for in the whole table.
    for size in chain([SLUGS_AT_FIRST], repeat(AT_ONCE)):
        some = list(islice(offered, size))
        used = set(Event.objects.filter(slug__in=some).values_list("slug", flat=True)) | set(taken)
        used |= set(Event._redirects().filter(slug__in=some).values_list("slug", flat=True))
        if free := next((slug for slug in some if slug not in used), None):
            return free
    raise AssertionError


def _slugs(stem: str, year: int) -> Iterator[str]:
    """The slugs to choose from, without end."""
    yield stem
    if not stem.endswith(str(year)):
        stem = f"{stem}-{year}"
        yield stem
    yield from (f"{stem}-{number}" for number in count(2))
