"""Countries that are, and countries that were."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .changes import RecordedModel, RecordedQuerySet
from .text import validate_plain_text


class CountryStandard(models.TextChoices):
    """Where a code comes from."""

    CURRENT = "iso3166-1", _("ISO 3166-1, a country of today")
    FORMER = "iso3166-3", _("ISO 3166-3, a former country")
    ASSIGNED = "user-assigned", _("assigned by us from ISO’s user range: a state that ISO never coded")


class CountryQuerySet(RecordedQuerySet):
    def existing_on(self, day: datetime.date) -> Self:
        """Countries whose life holds this day; an unknown first or last day does not exclude."""
        return self.filter(
            Q(first_day__isnull=True) | Q(first_day__lte=day), Q(last_day__isnull=True) | Q(last_day__gte=day)
        )

    def former(self) -> Self:
        return self.filter(last_day__isnull=False)


class Country(RecordedModel):
    """A state or territory, under its alpha-3 code.

    Current ones carry ISO 3166-1 codes, former ones those of ISO 3166-3, and those ISO never coded a code from
    the user-assigned range.
    """

    code = models.CharField(
        _("code"),
        primary_key=True,
        max_length=3,
        validators=[RegexValidator(r"^[A-Z]{3}$", _("A country code is three capital letters, such as PRK."))],
    )
    alpha2 = models.CharField(_("alpha-2 code"), max_length=2, blank=True)
    numeric = models.CharField(_("numeric code"), max_length=3, blank=True)
    standard = models.CharField(_("standard"), max_length=13, choices=CountryStandard, default=CountryStandard.CURRENT)
    name = models.CharField(_("name"), max_length=100, validators=[validate_plain_text])
    official_name = models.CharField(_("official name"), max_length=200, validators=[validate_plain_text], blank=True)
    name_ko = models.CharField(_("name in Korean"), max_length=100, validators=[validate_plain_text], blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=100, validators=[validate_plain_text], blank=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=100, validators=[validate_plain_text], blank=True)
    demonym = models.CharField(
        _("demonym"),
        max_length=60,
        validators=[validate_plain_text],
        blank=True,
        help_text=_("“Soviet”, “North Korean”"),
    )
    aliases = models.JSONField(
        _("other names"), default=list, blank=True, help_text=_("Spellings that an imported table may use for it.")
    )
    flag = models.CharField(_("flag"), max_length=100, help_text=_("Path of the picture below static/."))
    first_day = models.DateField(_("first day"), null=True, blank=True)
    last_day = models.DateField(_("last day"), null=True, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    successors = models.ManyToManyField(
        "self", verbose_name=_("successors"), symmetrical=False, related_name="predecessors", blank=True
    )
    note = models.TextField(_("note"), blank=True, validators=[validate_plain_text])

    objects = CountryQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        constraints = [
            models.CheckConstraint(
                name="country_first_day_before_last",
                condition=Q(first_day__isnull=True) | Q(last_day__isnull=True) | Q(first_day__lte=F("last_day")),
                violation_error_message=_("A country’s first day must not be after its last."),
            ),
        ]

    def __str__(self) -> str:
        return self.local_name

    def get_absolute_url(self) -> str:
        return reverse("country", args=[self.code])

    @property
    def local_name(self) -> str:
        """The name in the reader's language, English where none is stored."""
        return self.name_in(get_language() or "")

    def name_in(self, language: str) -> str:
        """The name in a language, English where none is stored."""
        return {"ko": self.name_ko, "ru": self.name_ru, "zh": self.name_zh}.get(language.split("-")[0]) or self.name

    @property
    def is_former(self) -> bool:
        return self.last_day is not None

    def existed_during(self, earliest: datetime.date, latest: datetime.date) -> bool:
        """True if some day of the country's life falls within the two days, both included."""
        return (self.first_day is None or self.first_day <= latest) and (
            self.last_day is None or self.last_day >= earliest
        )

    def clean(self) -> None:
        if self.last_day and self.standard == CountryStandard.CURRENT:
            raise ValidationError({"last_day": _("A country of today has no last day; choose another standard.")})


def with_predecessors(codes: Collection[str], predecessors: dict[str, set[str]]) -> set[str]:
    """The codes and all that came before them, through any number of steps (RUS -> SUN)."""
    found: set[str] = set()
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            waiting.extend(predecessors.get(code, ()))
    return found
