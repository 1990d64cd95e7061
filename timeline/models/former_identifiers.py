"""Identifiers in datasets that events had before, so that a file that comes in again knows what became of them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .datasets import Dataset


class FormerIdentifierManager(models.Manager["FormerIdentifier"]):
    def remember(self, events: models.QuerySet[Any]) -> None:
        """Keep what datasets call these events, before they are deleted or called something else."""
        named = events.exclude(Q(external_id="") | Q(dataset=None)).order_by()
        rows = [
            FormerIdentifier(dataset_id=dataset, external_id=external_id, event_id=pk)
            for dataset, external_id, pk in named.values_list("dataset_id", "external_id", "pk")
        ]
        about: dict[str, Any] = {"unique_fields": ["dataset", "external_id"], "update_fields": ["event_id"]}
        self.using(events.db).bulk_create(rows, update_conflicts=True, batch_size=300, **about)


class FormerIdentifier(models.Model):
    """Lets a file that comes in again find an event that was merged or renamed, and know one that was deleted.

    Holds a bare number, not a key: it must outlive the event. Into which other event it was merged stands among the
    deleted events. An event that has the identifier now comes first.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="former_identifiers")
    external_id = models.CharField(_("identifier in the dataset"), max_length=150)
    event_id = models.PositiveBigIntegerField(_("number of the event"))

    objects = FormerIdentifierManager()

    class Meta:
        verbose_name = _("former identifier")
        verbose_name_plural = _("former identifiers")
        constraints = [
            models.UniqueConstraint(
                name="former_identifier_once",
                fields=["dataset", "external_id"],
                violation_error_message=_("This identifier leads to an event already."),
            ),
        ]

    def __str__(self) -> str:
        return self.external_id
