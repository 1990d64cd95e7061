"""What changed: one growing number for the whole database, and the events that each step touched.

Every write that a reader could notice takes the next revision in its own transaction, so a process that has
seen revision n needs to look only at the changes after n. The counter is one row and not a sequence: its row lock
makes revisions commit in order on PostgreSQL, where a sequence could show 6 before 5 and a reader would miss 5.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any, ClassVar

from django.apps import apps
from django.db import models, router, transaction
from django.db.models import F
from pyroaring import BitMap64

from timeline.router import stored_revision

from .many_rows import insert_rows, pieces

# A write of more events than this names none of them: whoever follows the changes reads everything anew.
MOST_NAMED = 20_000
EVERYTHING = 0
# SQLite builds take from 999 parameters in one statement.
AT_ONCE = 500


class RevisionManager(models.Manager["Revision"]):
    def number(self) -> int:
        """The newest committed revision; 0 in a database that nothing was written to.

        Every request asks this, most of them nothing else.
        """
        return stored_revision(self.db)

    def advance(self, event_ids: Iterable[int] = (), using: str | None = None, *, words: bool = True) -> int:
        """Take the next revision and note the events it touches. Call inside the transaction of the write itself.

        The search texts of those events are written anew, unless the write cannot have changed their `words`.
        """
        alias = using or router.db_for_write(Revision)
        with transaction.atomic(using=alias):
            rows = Revision.objects.using(alias)
            if not rows.filter(pk=1).update(number=F("number") + 1):
                # Two first writers may race for the row; the loser finds it and adds its own step.
                rows.bulk_create([Revision(pk=1, number=0)], ignore_conflicts=True)
                rows.filter(pk=1).update(number=F("number") + 1)
            number = rows.get(pk=1).number
            # A set of all that an import touches would take as much memory as the rest of it.
            touched = BitMap64(event_ids)
            named: set[int | None] = {EVERYTHING} if len(touched) > MOST_NAMED else {*touched}
            token = secrets.randbits(62)
            # A step that touches no event leaves a row too: each revision must have its token.
            rows_of = ((number, event_id, token) for event_id in named or {None})
            insert_rows(alias, Change._meta.db_table, ("revision", "event_id", "token"), rows_of)
            if words:
                # By name: the search texts are made of the models that are recorded here.
                apps.get_model("timeline", "SearchText").objects.rewrite(touched, alias)
        return number


class Revision(models.Model):
    """The counter: a single row."""

    number = models.PositiveBigIntegerField(default=0)

    objects = RevisionManager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="revision_single_row", condition=models.Q(pk=1)),
        ]

    def __str__(self) -> str:
        return str(self.number)


class ChangeManager(models.Manager["Change"]):
    def between(self, after: int, until: int) -> frozenset[int] | None:
        """Ids of the events touched after one revision and until another; None where too many were to be named."""
        rows = self.filter(revision__gt=after, revision__lte=until)
        named = rows.values_list("event_id", flat=True).distinct()
        ids = frozenset(event_id for event_id in named if event_id is not None)
        return None if EVERYTHING in ids else ids

    def token(self, revision: int) -> int | None:
        """The random number of a revision; None for one that this database has not, or no longer, seen."""
        return self.filter(revision=revision).values_list("token", flat=True).first()


class Change(models.Model):
    """An event touched at a revision. Holds a bare number, not a key: a deleted event's change must stay.

    The token tells this revision from one of the same number in another history of the database, such as the one
    that a restored backup goes on with.
    """

    revision = models.PositiveBigIntegerField()
    event_id = models.PositiveBigIntegerField(null=True)
    token = models.PositiveBigIntegerField(default=0)

    objects = ChangeManager()

    class Meta:
        indexes = [
            # "Which events changed after revision n?", asked by each process at its next request.
            models.Index(fields=["revision"], name="change_revision"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} @ {self.revision}"


class RecordedQuerySet(models.QuerySet[Any]):
    """A queryset whose bulk writes take a revision too, so that no door leads past the index."""

    def _recorded(self, event_ids: Iterable[int]) -> None:
        Revision.objects.advance(event_ids, using=self.db, words=self.model.holds_searched_words)

    def update(self, **values: Any) -> int:
        with transaction.atomic(using=self.db, savepoint=False):
            touched = self.model.events_of(self.all())
            # A row that moves to another event touches that one as well.
            moved = list(self.values_list("pk", flat=True)) if values.keys() & {"event", "event_id"} else []
            rows = super().update(**values)
            if moved:
                touched += self.model.events_of(self.model._base_manager.using(self.db).filter(pk__in=moved))
            self._recorded(touched)
        return rows

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        rows, names = list(objs), list(fields)
        with transaction.atomic(using=self.db, savepoint=False):
            touched = self.model.events_of(rows)
            if any(self.model._meta.get_field(name).is_relation for name in names):
                for some in pieces((row.pk for row in rows), AT_ONCE):
                    touched += self.model.events_of(self.filter(pk__in=some))
            # Django's own writes each batch by update(), and ours would take a revision for each.
            plain: models.QuerySet[Any] = models.QuerySet(self.model, query=self.query.chain(), using=self.db)
            changed = plain.bulk_update(rows, names, *args, **kwargs)
            self._recorded(touched)
        return changed

    bulk_update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic(using=self.db, savepoint=False):
            touched = self.model.events_of(self.all())
            result = super().delete()
            self._recorded(touched)
        return result

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        with transaction.atomic(using=self.db, savepoint=False):
            made = super().bulk_create(objs, *args, **kwargs)
            self._recorded(self.model.events_of(made))
        return made


class RecordedManager(models.Manager.from_queryset(RecordedQuerySet)):  # type: ignore[misc]
    """The manager of a model that needs no queries of its own."""


class RecordedModel(models.Model):
    """A model whose every write takes a revision in the same transaction; its manager is a RecordedQuerySet's."""

    # True where the search texts of events are made of this model's texts, or of what it connects.
    holds_searched_words: ClassVar[bool] = False

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic(using=kwargs.get("using") or router.db_for_write(type(self), instance=self)):
            touched = [] if self._state.adding else self._event_until_now()
            super().save(*args, **kwargs)
            touched += type(self).events_of([self])
            Revision.objects.advance(touched, using=self._state.db, words=self.holds_searched_words)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        alias = kwargs.get("using") or router.db_for_write(type(self), instance=self)
        with transaction.atomic(using=alias):
            touched = type(self).events_of([self])
            result = super().delete(*args, **kwargs)
            Revision.objects.advance(touched, using=alias, words=self.holds_searched_words)
        return result

    def _event_until_now(self) -> list[int]:
        """The event to which the stored row belongs: saving may give it to another."""
        if not hasattr(self, "event_id"):
            return []
        stored = type(self)._base_manager.using(router.db_for_write(type(self), instance=self)).filter(pk=self.pk)
        return type(self).events_of(stored)

    @classmethod
    def events_of(cls, rows: Iterable[Any]) -> list[int]:
        """Ids of the events that a change of these rows touches; none for what events merely point at."""
        if isinstance(rows, models.QuerySet) and any(
            field.attname == "event_id" for field in cls._meta.concrete_fields
        ):
            return list(rows.order_by().values_list("event_id", flat=True).distinct())
        return [row.event_id for row in rows if hasattr(row, "event_id")]
