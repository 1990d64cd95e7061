"""What waits, and what can be taken back: proposed revisions, changes of many events, deleted events, old addresses."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .events import Event
from .redirects import SlugRedirect
from .relations import Relation
from .stories import Story, StoryEvent
from .text import LongText, validate_plain_text


class RevisionState(models.TextChoices):
    OPEN = "open", _("waiting")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")


class PendingRevisionQuerySet(models.QuerySet["PendingRevision"]):
    def open(self) -> Self:
        return self.filter(state=RevisionState.OPEN)


class PendingRevision(models.Model):
    """A proposed change of a published event; readers go on seeing the published version until it is approved.

    `base` is what its author saw and `proposed` what it should say, both as annals/1 objects: what differs between the
    two is the proposal, so that what others change meanwhile is kept.
    """

    event = models.ForeignKey(
        Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="pending_revisions"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    created = models.DateTimeField(_("sent in"), auto_now_add=True)
    comment = LongText(_("why"), max_length=1000, blank=True, validators=[validate_plain_text])
    state = models.CharField(_("state"), max_length=8, choices=RevisionState, default=RevisionState.OPEN)
    base = models.JSONField(_("what it changes"), editable=False)
    proposed = models.JSONField(_("what it proposes"), editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    decided = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = LongText(_("answer"), max_length=1000, blank=True, validators=[validate_plain_text])

    objects = PendingRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        verbose_name = _("pending revision")
        verbose_name_plural = _("pending revisions")
        indexes = [
            # "Which proposals wait for an editor?"
            models.Index(fields=["state", "-created"], name="pending_revision_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="pending_revision_state_known",
                condition=Q(state__in=RevisionState.values),
                violation_error_message=_("A pending revision is waiting, approved or rejected."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.event)

    @property
    def is_open(self) -> bool:
        return self.state == RevisionState.OPEN


class BulkChange(models.Model):
    """One change made to many events, with what they said before, so that it can be undone once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created = models.DateTimeField(_("made"), auto_now_add=True)
    words = models.CharField(_("what"), max_length=300)
    reason = LongText(_("why"), max_length=1000, blank=True, validators=[validate_plain_text])
    before: Any = models.JSONField(_("before"), default=dict, editable=False)
    undone = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        ordering = ["-created", "-pk"]
        verbose_name = _("change of many events")
        verbose_name_plural = _("changes of many events")

    def __str__(self) -> str:
        return self.words


class DeletedEvent(models.Model):
    """All that a deleted event said, so that an administrator can bring it back."""

    title = models.CharField(_("title"), max_length=200)
    deleted = models.DateTimeField(_("deleted"), auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("deleted by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    event_id = models.PositiveBigIntegerField(_("number of the event"))
    record: Any = models.JSONField(_("what it said"), editable=False)
    around: Any = models.JSONField(
        _("what pointed at it"), default=dict, editable=False, help_text=_("Relations, stories and old addresses.")
    )
    restored = models.DateTimeField(_("brought back"), null=True, blank=True)
    merged_into = models.PositiveBigIntegerField(_("number of the event that it went into"), null=True, blank=True)

    class Meta:
        ordering = ["-deleted", "-pk"]
        verbose_name = _("deleted event")
        verbose_name_plural = _("deleted events")
        indexes = [
            # "Was the event that somebody is still editing deleted?"
            models.Index(fields=["event_id"], name="deleted_event_number"),
            # "Whose history belongs to this event too?"
            models.Index(fields=["merged_into"], name="deleted_event_merged"),
        ]

    def __str__(self) -> str:
        return self.title

    def put_back_around(self, event: Event) -> list[int]:
        """Let lead to the event again what led to it, as far as that is there; gives the numbers of events that do."""
        for slug in [*self.around.get("slugs", []), self.record["slug"]]:
            if not Event.objects.filter(slug=slug).exists():
                SlugRedirect.objects.lead(slug, event)
        for slug, position in self.around.get("stories", []):
            if story := Story.objects.filter(slug=slug).first():
                StoryEvent.objects.get_or_create(story=story, event=event, defaults={"position": position})
        arrows = self.around.get("relations", [])
        others = dict(Event.objects.filter(slug__in=[slug for slug, *_rest in arrows]).values_list("slug", "pk"))
        for slug, kind, note in arrows:
            if slug in others:
                about = {"event_id": others[slug], "kind": kind, "target": event}
                Relation.objects.get_or_create(**about, defaults={"note": note})
        return sorted(others.values())
