"""Who acts: people and organisations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .changes import RecordedManager, RecordedModel
from .countries import Country
from .text import validate_plain_text


class ActorKind(models.TextChoices):
    PERSON = "person", _("person")
    ORGANISATION = "organisation", _("organisation")


class Actor(RecordedModel):
    """A person or an organisation that takes part in events."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=150, validators=[validate_plain_text])
    kind = models.CharField(_("kind"), max_length=12, choices=ActorKind, default=ActorKind.PERSON)
    country = models.ForeignKey(
        Country, verbose_name=_("country"), on_delete=models.PROTECT, null=True, blank=True, related_name="actors"
    )
    description = models.CharField(_("description"), max_length=400, blank=True, validators=[validate_plain_text])

    holds_searched_words = True

    objects = RecordedManager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("actor")
        verbose_name_plural = _("actors")
        constraints = [
            models.CheckConstraint(
                name="actor_kind_known",
                condition=models.Q(kind__in=ActorKind.values),
                violation_error_message=_("An actor is a person or an organisation."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def events_of(cls, rows: Iterable[Any]) -> list[int]:
        """Ids of the events in which they take part: their names stand in the words of those."""
        if isinstance(rows, models.QuerySet):
            actors = cls._base_manager.using(rows.db).filter(pk__in=rows.order_by().values("pk"))
        else:
            rows = list(rows)
            actors = cls._base_manager.using(rows[0]._state.db if rows else None).filter(
                pk__in=[row.pk for row in rows]
            )
        taking_part = actors.filter(participations__isnull=False)
        return list(taking_part.order_by().values_list("participations__event_id", flat=True).distinct())
