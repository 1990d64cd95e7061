"""How we know."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from timeline import dates
from timeline.dates.values import MAX_LENGTH

from .changes import RecordedManager, RecordedModel
from .events import Event
from .text import LongText, validate_plain_text, validate_web_address


class SourceKind(models.TextChoices):
    OFFICIAL_DOCUMENT = "official_document", _("official document")
    STATE_MEDIA = "state_media", _("state media")
    NEWS_AGENCY = "news_agency", _("news agency")
    NEWSPAPER = "newspaper", _("newspaper")
    RESEARCH = "research", _("research")
    DATASET = "dataset", _("dataset")


class Stance(models.TextChoices):
    SUPPORTS = "supports", _("supports")
    DISPUTES = "disputes", _("disputes")
    ATTRIBUTES = "attributes", _("only attributes")


class Source(RecordedModel):
    """A document or report that an event rests on, or that disputes it."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sources")
    kind = models.CharField(_("kind"), max_length=17, choices=SourceKind, default=SourceKind.NEWSPAPER)
    publisher = models.CharField(_("publisher"), max_length=200, validators=[validate_plain_text])
    title = models.CharField(_("title"), max_length=300, blank=True, validators=[validate_plain_text])
    url = models.CharField(_("address"), max_length=2000, blank=True, validators=[validate_web_address])
    published = models.CharField(
        _("published"), max_length=MAX_LENGTH, blank=True, help_text=_("Day, month or year of publication.")
    )
    accessed = models.DateField(_("read on"), null=True, blank=True)
    archived_url = models.CharField(_("archived at"), max_length=2000, blank=True, validators=[validate_web_address])
    quote = LongText(
        _("quote"), max_length=2000, blank=True, validators=[validate_plain_text], help_text=_("Word for word.")
    )
    stance = models.CharField(_("stance"), max_length=10, choices=Stance, default=Stance.SUPPORTS)
    gives_date = models.CharField(
        _("date that it gives"),
        max_length=MAX_LENGTH,
        blank=True,
        help_text=_("Only where it differs from the date chosen for the event."),
    )

    holds_searched_words = True

    objects = RecordedManager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            models.CheckConstraint(
                name="source_kind_known",
                condition=Q(kind__in=SourceKind.values),
                violation_error_message=_("Choose one of the kinds of source."),
            ),
            models.CheckConstraint(
                name="source_stance_known",
                condition=Q(stance__in=Stance.values),
                violation_error_message=_("A source supports, disputes or only attributes."),
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.publisher, self.title, self.published) if part)

    @property
    def published_in_words(self) -> str:
        return dates.display(self.published) if self.published else ""

    @property
    def gives_date_in_words(self) -> str:
        return dates.display(self.gives_date) if self.gives_date else ""

    def clean(self) -> None:
        problems = {}
        for field in ("published", "gives_date"):
            if text := getattr(self, field):
                try:
                    setattr(self, field, dates.parse_human(text).edtf)
                except dates.DateProblem as problem:
                    problems[field] = str(problem)
        if not self.title and not self.url:
            problems["title"] = str(_("Give a title or an address, so that a reader can find it."))
        if problems:
            raise ValidationError(problems)
