"""What each side calls an event."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .changes import RecordedManager, RecordedModel
from .countries import Country
from .events import Event
from .text import validate_plain_text


class EventName(RecordedModel):
    """A name for an event and who uses it: a country, speakers of a language, or both."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=200, validators=[validate_plain_text])
    country = models.ForeignKey(
        Country, verbose_name=_("used by"), on_delete=models.PROTECT, null=True, blank=True, related_name="event_names"
    )
    language = models.CharField(
        _("language"),
        max_length=12,
        blank=True,
        validators=[RegexValidator(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$", _("A language tag, such as ko or zh-Hans."))],
    )
    note = models.CharField(_("note"), max_length=300, blank=True, validators=[validate_plain_text])

    holds_searched_words = True

    objects = RecordedManager()
    history = HistoricalRecords(no_db_index=["country"])

    class Meta:
        ordering = ["pk"]
        verbose_name = _("name")
        verbose_name_plural = _("names")
        constraints = [
            models.CheckConstraint(
                name="event_name_has_user",
                condition=Q(country__isnull=False) | ~Q(language=""),
                violation_error_message=_("Say who uses the name: a country, a language, or both."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
