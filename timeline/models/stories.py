"""Narratives that tie events together."""

from __future__ import annotations

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .changes import RecordedManager, RecordedModel, RecordedQuerySet
from .event_queries import EventStatus
from .events import Event
from .participations import Participation
from .text import LongText, validate_plain_text, validate_web_address


class StoryQuerySet(RecordedQuerySet):
    def for_list(self) -> Self:
        return self.annotate(event_count=Count("story_events"))

    def with_published_events(self, story: Story) -> list[Event]:
        """The events of a story that readers can open, in the story's order, each with its countries."""
        parts = Prefetch("participations", Participation.objects.select_related("country"))
        told = Event.objects.published().filter(story_events__story=story).order_by("story_events__position", "pk")
        return list(told.select_related("category").prefetch_related(parts))

    def for_reading(self) -> Self:
        """For the public list: with the number of the events that readers can open."""
        published = Q(story_events__event__status=EventStatus.PUBLISHED)
        return self.annotate(event_count=Count("story_events", filter=published))


class Story(RecordedModel):
    """A text with its key takeaways, and the events that it tells, in its own order."""

    title = models.CharField(_("title"), max_length=200, validators=[validate_plain_text])
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    takeaways = models.JSONField(_("key takeaways"), default=list, blank=True)
    text = LongText(_("text"), max_length=100_000, blank=True, validators=[validate_plain_text])
    published = models.DateField(_("published"), null=True, blank=True)
    source_publisher = models.CharField(
        _("publisher of the source"), max_length=200, blank=True, validators=[validate_plain_text]
    )
    source_title = models.CharField(
        _("title of the source"), max_length=300, blank=True, validators=[validate_plain_text]
    )
    source_url = models.CharField(
        _("address of the source"), max_length=2000, blank=True, validators=[validate_web_address]
    )
    events = models.ManyToManyField(Event, through="StoryEvent", related_name="stories")

    objects = StoryQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-published", "title"]
        verbose_name = _("story")
        verbose_name_plural = _("stories")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("story", args=[self.slug])

    def clean(self) -> None:
        takeaways: Any = self.takeaways
        if not isinstance(takeaways, list) or not all(isinstance(line, str) for line in takeaways):
            raise ValidationError({"takeaways": _("Key takeaways are a list of sentences.")})
        for line in takeaways:
            try:
                validate_plain_text(line)
            except ValidationError as problem:
                raise ValidationError({"takeaways": problem.messages}) from problem


class StoryEvent(RecordedModel):
    """An event's place in a story."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="story_events")
    event = models.ForeignKey(Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="story_events")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = RecordedManager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("event of the story")
        verbose_name_plural = _("events of the story")
        constraints = [
            models.UniqueConstraint(
                name="story_event_once",
                fields=["story", "event"],
                violation_error_message=_("The story already tells this event."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.event)
