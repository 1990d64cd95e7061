"""How events connect."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .changes import RecordedManager, RecordedModel
from .events import Event
from .text import validate_plain_text


class RelationKind(models.TextChoices):
    ANNIVERSARY_OF = "anniversary_of", _("anniversary of")
    FIRST_SINCE = "first_since", _("first since")
    PART_OF = "part_of", _("part of")
    LED_TO = "led_to", _("led to")
    RESPONSE_TO = "response_to", _("response to")
    VIOLATES = "violates", _("violates")
    CONTRADICTS = "contradicts", _("contradicts")


INVERSE_LABELS = {
    RelationKind.ANNIVERSARY_OF: _("commemorated by"),
    RelationKind.FIRST_SINCE: _("baseline of"),
    RelationKind.PART_OF: _("includes"),
    RelationKind.LED_TO: _("followed from"),
    RelationKind.RESPONSE_TO: _("answered by"),
    RelationKind.VIOLATES: _("violated by"),
    RelationKind.CONTRADICTS: _("contradicted by"),
}


class Relation(RecordedModel):
    """A typed arrow from one event to another: the event is an anniversary of, led to, violates … the target."""

    # Without an index of its own: the one of the constraint begins with the event.
    event = models.ForeignKey(
        Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="relations", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=14, choices=RelationKind)
    target = models.ForeignKey(
        Event, verbose_name=_("other event"), on_delete=models.CASCADE, related_name="inverse_relations"
    )
    note = models.CharField(_("note"), max_length=300, blank=True, validators=[validate_plain_text])

    objects = RecordedManager()
    history = HistoricalRecords(no_db_index=["target"])

    class Meta:
        ordering = ["pk"]
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        constraints = [
            models.UniqueConstraint(
                name="relation_once",
                fields=["event", "kind", "target"],
                violation_error_message=_("This relation is already there."),
            ),
            models.CheckConstraint(
                name="relation_not_to_itself",
                condition=~Q(event=F("target")),
                violation_error_message=_("An event cannot be related to itself."),
            ),
            models.CheckConstraint(
                name="relation_kind_known",
                condition=Q(kind__in=RelationKind.values),
                violation_error_message=_("Choose one of the kinds of relation."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.target}"

    @classmethod
    def events_of(cls, rows: Iterable[Any]) -> list[int]:
        if isinstance(rows, models.QuerySet):
            pairs = list(rows.order_by().values_list("event_id", "target_id"))
        else:
            pairs = [(row.event_id, row.target_id) for row in rows]
        return [event_id for pair in pairs for event_id in pair]

    @property
    def inverse_label(self) -> str:
        """The words for reading it from the target's side."""
        return str(INVERSE_LABELS[RelationKind(self.kind)])

    def clean(self) -> None:
        if self.event_id is not None and self.event_id == self.target_id:
            raise ValidationError({"target": _("An event cannot be related to itself.")})
