"""Words to ids of events by the database's text engine, beside LIKE over the same texts, as a plain admin would do."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

from django.db.models import Q

from timeline import search
from timeline.models import Event, SearchText
from timeline.words import parse

from . import Measurement
from .generator import COMMON_WORD, RARE_PHRASE
from .loading import load

ROUNDS = 20
ROUNDS_OF_RIVAL = 3
QUESTIONS = {
    "common-word": (COMMON_WORD, COMMON_WORD),
    "rare-phrase": (f'"{RARE_PHRASE}"', RARE_PHRASE),
    "beginning": (f"{COMMON_WORD[:4]}*", COMMON_WORD[:4]),
    "nothing": ("zeppelin", "zeppelin"),
}


def milliseconds(ask: Callable[[], object], rounds: int) -> float:
    """The median time of some rounds."""
    times = []
    for _round in range(rounds):
        start = time.perf_counter()
        ask()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def measurements(events: int) -> Iterator[Measurement]:
    """Yield the time to all ids of a search, to suggestions, and of writing the words of all events."""
    start = time.perf_counter()
    load(events)
    loaded = time.perf_counter() - start
    start = time.perf_counter()
    SearchText.objects.rebuild()
    yield Measurement("index-all-events", time.perf_counter() - start, "loading them", loaded, "s")
    for name, (typed, text) in QUESTIONS.items():
        query = parse(typed)
        holds = Q(title__icontains=text) | Q(summary__icontains=text)
        ours = milliseconds(lambda: search.matching_ids(query), ROUNDS)  # noqa: B023 -- called at once
        like = milliseconds(
            lambda: list(Event.objects.filter(holds).order_by().values_list("pk", flat=True)),  # noqa: B023
            ROUNDS_OF_RIVAL,
        )
        yield Measurement(name, ours, "icontains", like, "ms")
    begun = milliseconds(lambda: search.suggest("kor"), ROUNDS)
    like = milliseconds(
        lambda: list(Event.objects.published().filter(title__icontains="kor").order_by("-importance", "-day")[:8]),
        ROUNDS_OF_RIVAL,
    )
    yield Measurement("suggestions", begun, "icontains", like, "ms")
