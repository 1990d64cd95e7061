"""What readers report as wrong. Never shown to the public."""

from __future__ import annotations

import datetime
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .events import Event
from .text import LongText, validate_plain_text, validate_web_address


class CorrectionState(models.TextChoices):
    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def open(self) -> Self:
        return self.filter(state=CorrectionState.OPEN)

    def has_room_for(self, sender: str) -> bool:
        """True while the sender has sent fewer reports today than one address may."""
        return self.filter(sender=sender).count() < settings.CORRECTIONS_PER_DAY


class Correction(models.Model):
    """A reader's report about an event, waiting for an editor. It changes nothing that a reader sees: no revision."""

    event = models.ForeignKey(Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="corrections")
    message = LongText(_("what is wrong"), max_length=2000, validators=[validate_plain_text])
    source_url = models.CharField(
        _("address of a source"),
        max_length=2000,
        blank=True,
        validators=[validate_web_address],
        help_text=_("Where it can be read, if you know."),
    )
    email = models.EmailField(
        _("e-mail"), blank=True, help_text=_("Only if we may ask back. It is not shown to anyone but the editors.")
    )
    credit = models.CharField(
        _("name to thank"),
        max_length=80,
        blank=True,
        validators=[validate_plain_text],
        help_text=_("Shown in the event’s history if your report leads to a change. Leave it empty to stay unnamed."),
    )
    sender = models.CharField(max_length=40, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=CorrectionState, default=CorrectionState.OPEN)
    answer = LongText(
        _("editors' answer"),
        max_length=2000,
        blank=True,
        validators=[validate_plain_text],
        help_text=_("Why it was rejected, or what was changed."),
    )
    created = models.DateTimeField(_("received"), auto_now_add=True)

    objects = CorrectionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["sender"])

    class Meta:
        ordering = ["-created"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        indexes = [
            # "Which reports wait for an editor?"
            models.Index(fields=["state", "-created"], name="correction_state"),
            # "How many reports has this address sent today?"
            models.Index(fields=["sender"], name="correction_sender"),
        ]
        constraints = [
            models.CheckConstraint(
                name="correction_state_known",
                condition=Q(state__in=CorrectionState.values),
                violation_error_message=_("A correction is open, accepted or rejected."),
            ),
        ]

    def __str__(self) -> str:
        return str(Truncator(self.message).chars(60))

    def clean(self) -> None:
        if self.state == CorrectionState.REJECTED and not self.answer.strip():
            raise ValidationError({"answer": _("Say why it is rejected.")})


def sender_of(address: str, day: datetime.date) -> str:
    """A mark by which reports of one address on one day are counted; nobody can tell the address from it."""
    return salted_hmac(f"annals.correction.{day.isoformat()}", address, algorithm="sha256").hexdigest()[:40]
