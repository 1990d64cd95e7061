"""Pages of the admin beside Django's own over the same database: list, filters, search, form, history.

Django's shows less: no flags, no sources, no counts, no likely duplicates. For a page that it does not have, the
nearest that it has is asked for.
"""

from __future__ import annotations

import logging
import statistics
import time
from collections.abc import Iterator

from django.contrib.auth.models import User
from django.db.models import Count
from django.test import Client, override_settings

from timeline.models import Event, Participation

from . import Measurement, stock_admin
from .generator import COMMON_WORD, RARE_PHRASE
from .loading import load

ROUNDS = 20
# What takes long is asked at least thrice, and no more once so many seconds have gone by.
FEWEST, SECONDS = 3, 10.0


def measurements(events: int) -> Iterator[Measurement]:
    """Yield the median time of each page, ours and Django's."""
    if not Event.objects.exists():
        load(events)
    logging.disable(logging.WARNING)
    # Each keeps the middleware of its first request.
    ours_client, stock_client = Client(), Client()
    user = User.objects.create_superuser("bench")
    for client in (ours_client, stock_client):
        client.force_login(user)
    for name, ours, stock in pages():
        with override_settings(ALLOWED_HOSTS=["testserver"]):
            mine = milliseconds(ours_client, f"/admin/timeline/{ours}")
        with override_settings(ALLOWED_HOSTS=["testserver"], **stock_admin.SETTINGS):
            rival = milliseconds(stock_client, f"/stock/timeline/{stock}")
        yield Measurement(name, mine, "Django's admin", rival, "ms")


def pages() -> Iterator[tuple[str, str, str]]:
    """Name of a figure, our page and Django's."""
    most = Participation.objects.values("country_id").annotate(n=Count("pk")).order_by("-n")[0]["country_id"]
    event = Event.objects.order_by("-pk")[0]
    # What was loaded has no history.
    event.save()
    pk = event.pk
    yield "first-page", "event/", "event/"
    yield "page-20", "event/?p=20", "event/?p=20"
    yield "one-country", f"event/?country={most}", f"event/?countries__code__exact={most}"
    yield "one-category", "event/?category__slug__exact=peace", "event/?category__slug__exact=peace"
    yield "one-status", "event/?status__exact=published", "event/?status__exact=published"
    yield "one-year", "event/?day__year=1999", "event/?day__year=1999"
    yield "common-word", f"event/?q={COMMON_WORD}", f"event/?q={COMMON_WORD}"
    yield "rare-phrase", f'event/?q="{RARE_PHRASE}"', f'event/?q="{RARE_PHRASE}"'
    yield "no-source", "event/?attention=no-source", "event/?sources__isempty=1"
    yield "unsure-date", "event/?attention=unsure-date", "event/?date__contains=~"
    yield "duplicates", "event/?attention=duplicates", "event/"
    yield "attention", "event/attention/", "event/?sources__isempty=1"
    yield "add-form", "event/add/", "event/add/"
    yield "change-form", f"event/{pk}/change/", f"event/{pk}/change/"
    yield "history", f"event/{pk}/history/", f"event/{pk}/history/"
    yield "delete-country", f"country/{most}/delete/", f"country/{most}/delete/"


def milliseconds(client: Client, address: str) -> float:
    """The median time until the whole page is there."""
    # The first request compiles the templates and reads the index.
    client.get(address)
    times: list[float] = []
    begun = time.perf_counter()
    while len(times) < ROUNDS and (len(times) < FEWEST or time.perf_counter() < begun + SECONDS):
        start = time.perf_counter()
        answer = client.get(address)
        times.append(time.perf_counter() - start)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} was answered with {answer.status_code}.")
    return statistics.median(times) * 1000
