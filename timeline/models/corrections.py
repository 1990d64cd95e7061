"""What readers report as wrong. Never shown to the public."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .events import Event
from .text import validate_plain_text, validate_web_address


class CorrectionState(models.TextChoices):
    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")


class Correction(models.Model):
    """A reader's report about an event, waiting for an editor. It changes nothing that a reader sees: no revision."""

    event = models.ForeignKey(Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="corrections")
    message = models.TextField(_("what is wrong"), max_length=2000, validators=[validate_plain_text])
    source_url = models.CharField(_("source"), max_length=2000, blank=True, validators=[validate_web_address])
    state = models.CharField(_("state"), max_length=8, choices=CorrectionState, default=CorrectionState.OPEN)
    answer = models.TextField(_("editors' answer"), max_length=2000, blank=True, validators=[validate_plain_text])
    created = models.DateTimeField(_("received"), auto_now_add=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["-created"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        indexes = [
            # "Which reports wait for an editor?"
            models.Index(fields=["state", "-created"], name="correction_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="correction_state_known",
                condition=Q(state__in=CorrectionState.values),
                violation_error_message=_("A correction is open, accepted or rejected."),
            ),
        ]

    def __str__(self) -> str:
        return self.message[:60]
