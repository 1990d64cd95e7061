"""Who took part in an event, and how."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .changes import RecordedManager, RecordedModel
from .countries import Country
from .events import Event
from .people import Actor


class Role(models.TextChoices):
    INITIATOR = "initiator", _("initiator")
    TARGET = "target", _("target")
    HOST = "host", _("host")
    VISITOR = "visitor", _("visitor")
    PARTICIPANT = "participant", _("participant")
    MEDIATOR = "mediator", _("mediator")
    LOCATION = "location", _("location")


class Participation(RecordedModel):
    """A country's part in an event."""

    # Without an index of its own, here and below: the one of the constraint begins with the event.
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="participations", db_index=False)
    country = models.ForeignKey(
        Country, verbose_name=_("country"), on_delete=models.PROTECT, related_name="participations"
    )
    role = models.CharField(_("role"), max_length=11, choices=Role, default=Role.PARTICIPANT)

    objects = RecordedManager()
    history = HistoricalRecords(no_db_index=["country"])

    class Meta:
        ordering = ["pk"]
        verbose_name = _("country that takes part")
        verbose_name_plural = _("countries that take part")
        constraints = [
            models.UniqueConstraint(
                name="participation_once",
                fields=["event", "country", "role"],
                violation_error_message=_("This country already has this role in the event."),
            ),
            models.CheckConstraint(
                name="participation_role_known",
                condition=Q(role__in=Role.values),
                violation_error_message=_(
                    "A role is one of initiator, target, host, visitor, participant, mediator, location."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country_id} ({self.get_role_display()})"


class ActorParticipation(RecordedModel):
    """A person's or an organisation's part in an event."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="actor_participations", db_index=False)
    actor = models.ForeignKey(Actor, verbose_name=_("actor"), on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(_("role"), max_length=11, choices=Role, default=Role.PARTICIPANT)

    holds_searched_words = True

    objects = RecordedManager()
    history = HistoricalRecords(no_db_index=["actor"])

    class Meta:
        ordering = ["pk"]
        verbose_name = _("actor that takes part")
        verbose_name_plural = _("actors that take part")
        constraints = [
            models.UniqueConstraint(
                name="actor_participation_once",
                fields=["event", "actor", "role"],
                violation_error_message=_("This actor already has this role in the event."),
            ),
            models.CheckConstraint(
                name="actor_participation_role_known",
                condition=Q(role__in=Role.values),
                violation_error_message=_(
                    "A role is one of initiator, target, host, visitor, participant, mediator, location."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} ({self.get_role_display()})"
