"""Events as an Atom feed (RFC 4287): the ones that changed last, newest first, each with all that is known of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.template.loader import render_to_string
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language

from timeline.formats.xml_text import xml_text
from timeline.index import Answer
from timeline.models import Event
from timeline.models.many_rows import pieces

from .identity import host, tag

FEED_LENGTH = 100
# So many ids are given to the database; of more it is asked for the newest ones until enough of them match.
FEW = 500
_NO_CHANGE = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class _Feed(Atom1Feed):
    """Django's feed with whole entries, and `updated` true where there is none."""

    def latest_post_date(self) -> datetime.datetime:
        return max((item["updateddate"] for item in self.items), default=_NO_CHANGE)

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


def newest_changed(answer: Answer, limit: int = FEED_LENGTH) -> list[Event]:
    """The matching events that changed last, newest first, with all that their pages show."""
    recent = Event.objects.published().order_by("-modified", "-pk").values_list("pk", flat=True)
    if answer.total <= FEW:
        ids = list(recent.filter(pk__in=answer.ids(answer.events))[:limit])
    else:
        ids = list(islice(_matching(answer, recent.iterator()), limit))
    found = Event.objects.for_page().in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _matching(answer: Answer, ids: Iterator[int]) -> Iterator[int]:
    """Those of the ids that match, in their order."""
    for batch in pieces(ids, FEW):
        matching = set(answer.ids(answer.with_ids(batch)))
        yield from (pk for pk in batch if pk in matching)


def write_atom(events: Sequence[Event], title: str, page: str, feed: str, absolute: Callable[[str], str]) -> bytes:
    """The feed of a view; `page` and `feed` are the full addresses of the view and of this feed."""
    written = _Feed(
        title=xml_text(title),
        link=page,
        description=None,
        language=get_language(),
        feed_url=feed,
        feed_guid=feed,
        author_name=f"Annals, {host()}",
    )
    for event in events:
        written.add_item(
            title=xml_text(event.title),
            link=absolute(event.get_absolute_url()),
            description=escape(xml_text(event.summary or event.title)),
            unique_id=tag(event),
            pubdate=event.created,
            updateddate=event.modified,
            categories=[str(event.category), *dict.fromkeys(str(part.country) for part in event.participations.all())],
            item_copyright=xml_text(event.dataset.licence) if event.dataset and event.dataset.licence else None,
            content=xml_text(render_to_string("timeline/_feed_entry.html", {"event": event}).strip()),
        )
    return written.writeString("utf-8").encode()
