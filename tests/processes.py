"""A process of its own beside the tests, on their database: `python -m tests.processes`. Reads orders, answers lines.

count QUERY        how many events the index of this process finds
write NUMBER NAME  publish so many events, one transaction each, titled NAME 1, NAME 2 ...
rename ID TIMES    add so many letters to the title of an event, one locked transaction each
import NUMBER      publish so many events in one transaction, saying "writing" when half of them are written
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"


def count(query: str) -> int:
    from django.http import QueryDict

    from timeline import index
    from timeline.filters import EventFilter

    return index.answer(EventFilter.parse(QueryDict(query))).total


def write(number: str, name: str) -> str:
    from timeline.models import Event

    for each in range(1, int(number) + 1):
        Event.objects.create(title=f"{name} {each}", date="1953-07-27", category_id="peace", status="published")
    return "written"


def rename(pk: str, times: str) -> str:
    from django.db import transaction

    from timeline.models import Event

    for _ in range(int(times)):
        with transaction.atomic():
            event = Event.objects.select_for_update().get(pk=pk)
            event.title += "x"
            event.save()
    return "renamed"


def import_(number: str) -> str:
    from django.db import transaction

    from timeline.models import Event

    with transaction.atomic():
        for each in range(int(number)):
            if each == int(number) // 2:
                print("writing", flush=True)
            Event.objects.create(title=f"Row {each}", date="1950", category_id="peace", status="published")
    return "imported"


def main() -> None:
    """Take the tests' database, and obey until the input ends."""
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = os.environ["TESTED_DATABASE"]
    django.setup()
    orders: dict[str, Callable[..., object]] = {"count": count, "write": write, "rename": rename, "import": import_}
    for line in sys.stdin:
        name, *words = line.rstrip("\n").split(" ")
        print(orders[name](*words), flush=True)


if __name__ == "__main__":
    main()
