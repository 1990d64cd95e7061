"""Lists over tables of any size: no page counts the whole table."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

COUNTED = 5_000


def bounded_count(found: QuerySet[Any], most: int = COUNTED) -> int:
    """How many rows there are, at most `most`: the database stops looking there."""
    return found.order_by().values("pk")[:most].count()


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # not generic at run time
    """Counts as far as anybody would leaf; what lies beyond is found by filters and by searching."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        return bounded_count(rows) if isinstance(rows, QuerySet) else len(rows)
