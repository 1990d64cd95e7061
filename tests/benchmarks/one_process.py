"""A process of an installation, as fresh as a worker that has just started. Reads orders, answers lines.

start           milliseconds until its index has answered, from a connection that stands
memory          megabytes that it takes now
count           how many events its index finds
first           milliseconds that the next answer of its index takes
publish ID      publish a draft; the clock's milliseconds before it began
wait NUMBER     ask the index until it finds so many events; the clock's milliseconds then
bare            add one to a number by a bare cursor; the clock's milliseconds before it began
wait-bare N     ask for that number until it is N; the clock's milliseconds then
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

STATM = Path("/proc/self/statm")


def now() -> float:
    """Milliseconds of a clock that all processes of a machine share."""
    return time.monotonic() * 1000


def total() -> int:
    """How many events the index finds."""
    from timeline import index
    from timeline.filters import EventFilter
    from timeline.models import Vocabulary

    return index.answer(EventFilter(Vocabulary.current())).total


def first() -> float:
    begun = now()
    total()
    return now() - begun


def start() -> float:
    from django.db import connection

    connection.ensure_connection()
    return first()


def memory() -> float:
    if STATM.exists():
        return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def publish(pk: str) -> float:
    from timeline.models import Event

    event = Event.objects.get(pk=pk)
    event.status = "published"
    begun = now()
    event.save()
    return begun


def wait(wanted: str) -> float:
    while total() != int(wanted):
        time.sleep(0)
    return now()


def bare() -> float:
    from django.db import connection

    begun = now()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bare SET number = number + 1")
    return begun


def wait_bare(wanted: str) -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT number FROM bare")
            if cursor.fetchone()[0] == int(wanted):
                return now()


ORDERS: dict[str, Callable[..., object]] = {
    "start": start,
    "memory": memory,
    "count": total,
    "first": first,
    "publish": publish,
    "wait": wait,
    "bare": bare,
    "wait-bare": wait_bare,
}


def main() -> None:
    """Take the installation that the environment names, and obey until the input ends."""
    import django

    django.setup()
    import timeline.wsgi  # noqa: F401 -- all that a worker has loaded before its first request

    for line in sys.stdin:
        name, *words = line.split()
        print(ORDERS[name](*words), flush=True)


if __name__ == "__main__":
    main()
