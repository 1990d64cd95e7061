"""The words of each event, from its own texts and those that belong to it, as the databases' text engines read them.

Every change of an event passes through Revision.objects.advance(), which has its row here written anew in the same
transaction. The engines follow the row by themselves: FTS5 of SQLite by triggers, PostgreSQL by a generated column
(both made in the migration).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.db import models, transaction
from pyroaring import BitMap64

from timeline.words import GAP, folded

from .changes import Revision
from .event_queries import among, pieces_among
from .events import Event
from .many_rows import insert_rows
from .names import EventName
from .participations import ActorParticipation
from .sources import Source

COLUMNS = ("event_id", "title", "other")
UPDATE = "ON CONFLICT (event_id) DO UPDATE SET title = excluded.title, other = excluded.other"

_postponed: ContextVar[BitMap64 | None] = ContextVar("postponed", default=None)


class SearchTextManager(models.Manager["SearchText"]):
    def rewrite(self, event_ids: Iterable[int], using: str) -> None:
        """Make the rows of these events say what the events say; those of deleted events go."""
        waiting = _postponed.get()
        if waiting is not None:
            waiting.update(event_ids)
            return
        for some in pieces_among(BitMap64(event_ids)):
            self._rewrite(some, using)

    def _rewrite(self, ids: list[int], using: str) -> None:
        rows = self.using(using).filter(among("event", ids))
        stored = {pk: (title, other) for pk, title, other in rows.values_list("pk", "title", "other")}
        wanted = dict(_texts(ids, using))
        if gone := stored.keys() - wanted.keys():
            self.using(using).filter(pk__in=gone).delete()
        if changed := [(pk, *texts) for pk, texts in wanted.items() if stored.get(pk) != texts]:
            # Past the models: a hundred thousand instances would take as long as the engine itself.
            insert_rows(using, self.model._meta.db_table, COLUMNS, changed, UPDATE)

    @contextmanager
    def postponed(self, using: str = "default") -> Iterator[None]:
        """One transaction in which each event that is touched is written once, at its end, however often it changes."""
        waiting = BitMap64()
        token = None
        try:
            with transaction.atomic(using=using):
                token = _postponed.set(waiting) if _postponed.get() is None else None
                yield
                if token is not None:
                    _postponed.reset(token)
                    token = None
                    self.rewrite(waiting, using)
        finally:
            if token is not None:
                _postponed.reset(token)

    def rebuild(self, using: str = "default") -> int:
        """Write the rows of all events; for what came into the tables past our models. Returns the number of events."""
        with transaction.atomic(using=using):
            ids = BitMap64(Event.objects.using(using).order_by().values_list("pk", flat=True).iterator())
            # What came past our models is in no process's index either.
            Revision.objects.advance(ids | BitMap64(self.using(using).values_list("pk", flat=True).iterator()), using)
        return len(ids)


class SearchText(models.Model):
    """The folded words of an event, split by spaces (see timeline.words)."""

    # advance() removes the row: a cascade would list it among what an editor is about to delete.
    event = models.OneToOneField(Event, primary_key=True, on_delete=models.DO_NOTHING, related_name="+")
    title = models.TextField()
    other = models.TextField()

    objects = SearchTextManager()

    class Meta:
        verbose_name = "search text"

    def __str__(self) -> str:
        return self.title


def _texts(ids: list[int], using: str) -> Iterator[tuple[int, tuple[str, str]]]:
    """For each of the events that exist: the words of its title, and those of all else that is searched."""
    parts: dict[int, list[str]] = defaultdict(list)
    names = EventName.objects.using(using).filter(among("event", ids)).order_by("pk")
    actors = ActorParticipation.objects.using(using).filter(among("event", ids)).order_by("actor_id")
    sources = Source.objects.using(using).filter(among("event", ids)).exclude(title="").order_by("pk")
    for rows in (
        names.values_list("event_id", "name"),
        actors.values_list("event_id", "actor__name").distinct(),
        sources.values_list("event_id", "title"),
    ):
        for event_id, text in rows:
            parts[event_id].append(text)
    # Places come again and again, and what is cited is often called as the event is.
    folded_once = cache(folded)
    events = Event.objects.using(using).filter(among("pk", ids)).order_by("pk")
    for pk, title, summary, place in events.values_list("pk", "title", "summary", "place"):
        others = [folded_once(text) for text in (summary, place, *parts[pk]) if text]
        yield pk, (folded_once(title), f" {GAP} ".join(others))
