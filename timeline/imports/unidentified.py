"""Events that have no identifier in a dataset, such as those that editors made: a file calls them by their address.

That is sure only for a file that came from here. Anybody's may have the same address, so that an event is taken to be
the same only where its title or its date agrees too, and then every difference has to be decided.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from timeline.models import Event, SlugRedirect
from timeline.models.many_rows import pieces
from timeline.records import EventRecord

from . import values
from .draft import Key
from .file_versions import Said, last_said
from .stored import AT_ONCE, stored_ids


@dataclass(frozen=True, slots=True)
class Unidentified:
    """A stored event without identifier."""

    pk: int
    dataset: str
    """Empty for none."""
    slug: str
    """Its address now; it may have been looked for by an earlier one."""
    title: str
    date: str

    @property
    def key(self) -> Key:
        """What a file of ours calls it."""
        return self.dataset, self.slug


def at_addresses(slugs: Iterable[str]) -> dict[str, Unidentified]:
    """The events without identifier that have these addresses, or had them before."""
    found: dict[str, Unidentified] = {}
    for some in pieces(sorted(set(slugs)), AT_ONCE):
        columns = ("pk", "dataset__slug", "slug", "title", "date")
        now = Event.objects.filter(slug__in=some, external_id="").order_by().values_list("slug", *columns)
        before = SlugRedirect.objects.filter(slug__in=some, event__external_id="")
        for rows in (before.values_list("slug", *(f"event__{name}" for name in columns)), now):
            for address, pk, dataset, *about in rows:
                found[address] = Unidentified(pk, dataset or "", *about)
    return found


def named_ids(keys: Iterable[Key]) -> dict[Key, int]:
    """The events that relations and stories of a file call so: by their identifier, or those that have none by their
    address.
    """
    wanted = set(keys)
    found = stored_ids(wanted)
    missing = wanted - found.keys()
    addresses = at_addresses(slug for _dataset, slug in missing)
    return found | {key: event.pk for key in missing if (event := addresses.get(key[1])) and event.dataset == key[0]}


def recognised(
    records: Collection[tuple[Key, EventRecord]], addresses: Mapping[str, Unidentified]
) -> dict[str, Unidentified]:
    """Which of these events, of which the file's datasets know no identifier, are here after all; by what the file
    calls them.
    """
    named = [(key, record, addresses.get(record.slug)) for key, record in records if record.id == record.slug]
    found = [(record, event) for key, record, event in named if event and event.dataset in _may_be_of(key, record)]
    said = last_said({event.pk for record, event in found if not _agrees(record, event.title, event.date)})
    return {
        record.id: event
        for record, event in found
        if _agrees(record, event.title, event.date) or _was_said(record, said.get(event.pk))
    }


def _may_be_of(key: Key, record: EventRecord) -> tuple[str, ...]:
    return (key[0], "") if record.is_in_no_dataset else (key[0],) if key[0] else ()


def _was_said(record: EventRecord, said: Said | None) -> bool:
    return said is not None and _agrees(record, said.get("title"), said.get("date"))


def _agrees(record: EventRecord, title: str | None, date: str | None) -> bool:
    return record.title.strip() == title or _edtf(record.date) == date


def _edtf(text: str) -> str:
    try:
        return values.when(text).edtf
    except ValueError:
        return ""
