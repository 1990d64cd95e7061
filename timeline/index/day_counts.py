"""How many of many days lie before others: counted once, then looked up for one histogram after another."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

# Days that are counted one by one: a thousand years.
LONGEST_COUNTED = 366_000

Before = Callable[[NDArray[np.int64]], NDArray[np.int64]]
"""For each of some days how many of the counted ones lie before it."""


def count_days(days: NDArray[np.int32], first: int, last: int) -> Before:
    """Count days from `first` to `last`, among which open ends may stand.

    One before the first counts as before every day that is asked for, one after the last as before none.
    """
    known = np.clip(days, first - 1, last + 1)
    if last - first > LONGEST_COUNTED:
        ascending = np.sort(known)
        return lambda asked: np.searchsorted(ascending, np.clip(asked, first, last + 1).astype(ascending.dtype))
    # Counting by day is twice as quick as sorting, but takes as much room as there are days.
    by_day = np.bincount(known - (first - 1), minlength=last - first + 3)
    until = np.cumsum(by_day)
    return lambda asked: until[np.clip(asked, first, last + 1) - first]
