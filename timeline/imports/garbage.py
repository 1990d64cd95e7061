"""How often Python looks for garbage in circles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

THRESHOLDS = (100_000, 20, 100)
"""More new objects than a chunk of rows makes, so that a look seldom finds it in use and keeps it for longer."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look less often for as long as this lasts. Rows of an import hold no circles, and looking took a third of the
    time; others in this process may make some, so it does not stop.
    """
    usual = gc.get_threshold()
    gc.set_threshold(*THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
