"""Where events come from, and for which countries and years anybody looked."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from timeline import dates

from .changes import RecordedManager, RecordedModel, RecordedQuerySet
from .countries import Country
from .text import validate_plain_text, validate_web_address


class Dataset(RecordedModel):
    """A collection of events with one publisher and one licence; both are shown wherever its events are."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200, validators=[validate_plain_text])
    publisher = models.CharField(_("publisher"), max_length=200, validators=[validate_plain_text])
    licence = models.CharField(_("licence"), max_length=100, validators=[validate_plain_text])
    citation = models.TextField(_("citation"), validators=[validate_plain_text])
    url = models.CharField(_("address"), max_length=2000, blank=True, validators=[validate_web_address])

    objects = RecordedManager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("dataset")
        verbose_name_plural = _("datasets")

    def __str__(self) -> str:
        return self.name


class CoverageQuerySet(RecordedQuerySet):
    def touching(self, codes: Collection[str], first: datetime.date, last: datetime.date) -> Self:
        """What covers some day of the range for one of the countries; for any country where none is named."""
        found = self.filter(first_day__lte=last, last_day__gte=first).select_related("dataset")
        if codes:
            found = found.filter(Q(countries__isnull=True) | Q(countries__in=codes)).distinct()
        return found


class Coverage(RecordedModel):
    """For these countries and these years events have been recorded, so that silence elsewhere is not read as peace."""

    dataset = models.ForeignKey(
        Dataset, verbose_name=_("dataset"), on_delete=models.CASCADE, null=True, blank=True, related_name="coverage"
    )
    countries = models.ManyToManyField(
        Country,
        verbose_name=_("countries"),
        blank=True,
        related_name="coverage",
        help_text=_("None means every country."),
    )
    first_text = models.CharField(_("from"), max_length=64, help_text=_("A date as people write it: 1945, July 1953."))
    last_text = models.CharField(_("to"), max_length=64)
    first_day = models.DateField(_("first day"), editable=False)
    last_day = models.DateField(_("last day"), editable=False)
    note = models.TextField(_("note"), blank=True, validators=[validate_plain_text])

    objects = CoverageQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["first_day", "pk"]
        verbose_name = _("coverage")
        verbose_name_plural = _("coverage")
        constraints = [
            models.CheckConstraint(
                name="coverage_first_before_last",
                condition=Q(first_day__lte=F("last_day")),
                violation_error_message=_("Coverage must not end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_text}–{self.last_text}"

    def derive_days(self) -> None:
        """Set the two days from the two texts. Raises dates.DateProblem."""
        self.first_day, self.last_day = dates.range_bounds(self.first_text, self.last_text)

    def clean(self) -> None:
        try:
            self.derive_days()
        except dates.DateProblem as problem:
            field = {"from": "first_text", "to": "last_text"}.get(problem.parameter or "", "first_text")
            raise ValidationError({field: str(problem)}) from problem

    def save(self, *args: object, **kwargs: object) -> None:
        self.derive_days()
        super().save(*args, **kwargs)
