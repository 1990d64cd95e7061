"""What kind of thing happened."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .changes import RecordedManager, RecordedModel
from .text import validate_plain_text


class Category(RecordedModel):
    """One of a dozen kinds of event; its colour and shape are how the drawing tells it from the others."""

    slug = models.SlugField(_("slug"), primary_key=True, max_length=40)
    name = models.CharField(_("name"), max_length=80, unique=True, validators=[validate_plain_text])
    description = models.CharField(
        _("description"),
        max_length=300,
        blank=True,
        validators=[validate_plain_text],
        help_text=_("What belongs in it."),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Order in lists; it also gives the colour and shape, 1 to 13.")
    )
    icon = models.CharField(
        _("icon"),
        max_length=40,
        blank=True,
        validators=[RegexValidator(r"^[a-z-]*$")],
        help_text=_("Name of a mark in the drawing: circle, square, diamond, triangle …"),
    )

    objects = RecordedManager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name
