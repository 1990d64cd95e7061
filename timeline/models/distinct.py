"""What editors said of events that look alike: these two are different."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .events import Event


class DistinctPairManager(models.Manager["DistinctPair"]):
    def tell_apart(self, one: Event, other: Event, user: Any) -> None:
        """Remember that the two are different events; said twice, the first time counts."""
        first, second = sorted((one.pk, other.pk))
        self.get_or_create(first_id=first, second_id=second, defaults={"user": user})

    def with_any_of(self, event_ids: list[int]) -> set[tuple[int, int]]:
        """The pairs of which at least one event is among these, each the lower number first."""
        told = self.filter(Q(first_id__in=event_ids) | Q(second_id__in=event_ids))
        return set(told.values_list("first_id", "second_id"))


class DistinctPair(models.Model):
    """Two events that look alike and are not the same. Holds bare numbers: a deleted event may come back."""

    first_id = models.PositiveBigIntegerField(_("the one event"))
    second_id = models.PositiveBigIntegerField(_("the other event"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created = models.DateTimeField(_("said"), auto_now_add=True)

    objects = DistinctPairManager()

    class Meta:
        verbose_name = _("pair of different events")
        verbose_name_plural = _("pairs of different events")
        indexes = [
            # The other half of "Of which events was it said that they are not this one?"; the constraint is the first.
            models.Index(fields=["second_id"], name="distinct_pair_second"),
        ]
        constraints = [
            models.UniqueConstraint(name="distinct_pair_once", fields=["first_id", "second_id"]),
            models.CheckConstraint(
                name="distinct_pair_in_order",
                condition=Q(first_id__lt=F("second_id")),
                violation_error_message=_("The lower number comes first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}, {self.second_id}"
