"""Laws of one segment, without a database: what its arrays say is what a plain list would."""

from __future__ import annotations

import datetime
import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.index import day_counts
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


DAY = st.integers(FIRST_DAY, FIRST_DAY + 40)
# From a beginning to an end, either of which may be open, in some centuries or in all of them.
OPEN_START, OPEN_END = datetime.date.min.toordinal(), datetime.date.max.toordinal()
ends = st.tuples(st.just(OPEN_START) | DAY | st.just(3), DAY | st.just(OPEN_END - 3) | st.just(OPEN_END)).map(sorted)
edges = st.sets(
    st.integers(FIRST_DAY - 9, FIRST_DAY + 60) | st.sampled_from([1, 2, 5, OPEN_END]), min_size=2, max_size=9
)


@given(
    spans=st.lists(ends, min_size=1, max_size=12),
    bins=edges,
    share=st.sampled_from([1, 2, 3]),
    longest=st.sampled_from([0, 366_000]),
)
def test_a_span_counts_in_each_bin_that_it_touches(
    spans: list[list[int]], bins: set[int], share: int, longest: int
) -> None:
    first, last = (np.array(days, dtype=np.int32) for days in zip(*spans, strict=True))
    ids = np.arange(len(spans), dtype=np.int64)
    segment = Segment.of(Columns(ids, np.maximum(first, 2), first, last, first, last, terms={}))
    asked = segment.with_ids(ids[::share])
    sought = sorted(bins)
    expected = [
        sum(start < after and end >= before for start, end in spans[::share]) for before, after in pairwise(sought)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(day_counts, "LONGEST_COUNTED", longest)
        for _again in range(2):
            assert segment.histogram(np.array(sought, dtype=np.int64), asked).tolist() == expected
