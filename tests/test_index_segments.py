"""Laws of one segment, without a database: what its arrays say is what a plain list would."""

from __future__ import annotations

import datetime
import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from timeline.index.segment import Columns, Segment

FIRST_DAY = datetime.date(1950, 1, 1).toordinal()
# In a row as a database gives them, and far apart as rows of several installations in one would be.
ids_in_a_row = st.sets(st.integers(1, 60), min_size=1, max_size=30)
ids_far_apart = st.sets(st.integers(1, 2**62), min_size=1, max_size=30)


def segment_of(days: dict[int, int]) -> Segment:
    """The segment of events known to the day: id -> day."""
    ids = np.fromiter(days, dtype=np.int64)
    day = np.fromiter(days.values(), dtype=np.int32)
    return Segment.of(Columns(ids, day, day, day, day, day, terms={}))


@given(ids=ids_in_a_row | ids_far_apart, sought=ids_in_a_row | ids_far_apart, chance=st.randoms(use_true_random=False))
def test_events_are_found_by_their_ids_however_far_apart_these_are(
    ids: set[int], sought: set[int], chance: random.Random
) -> None:
    days = {id: FIRST_DAY + chance.randrange(20) for id in ids}
    segment = segment_of(days)
    wanted = [*sought, *list(ids)[:3], -5, 0]
    ordered = sorted(ids, key=lambda id: (days[id], id))
    found = segment.places_of(np.array(wanted, dtype=np.int64))
    assert [int(place) for place in found] == [at for at, id in enumerate(ordered) if id in wanted]
    assert set(segment.with_ids(wanted)) == set(map(int, found))


def test_an_empty_segment_holds_no_event() -> None:
    assert list(segment_of({}).places_of(np.array([1, 2], dtype=np.int64))) == []
