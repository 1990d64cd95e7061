"""What tests ask of search."""

from timeline import search
from timeline.models import Event
from timeline.words import parse


def found(text: str) -> list[str]:
    """Titles of the events that a search finds, in the order of their ids."""
    query = parse(text)
    ids = set(search.matching_ids(query).tolist())
    if query.only_excludes:
        ids = set(Event.objects.values_list("pk", flat=True)) - ids
    return list(Event.objects.filter(pk__in=ids).order_by("pk").values_list("title", flat=True))
