"""Connections to the database that threads leave behind when they end.

Connections are kept between requests, each by its thread. The server ends a thread that had nothing to do for half a
minute, and Python never hears of it: what the thread held would stay open for as long as the process. So a thread that
answers its first request closes what others have left.
"""

from __future__ import annotations

import threading
from pathlib import Path
from weakref import WeakKeyDictionary

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

# One entry for each thread of the process, on Linux. Elsewhere nothing is closed.
TASKS = Path("/proc/self/task")

_this = threading.local()
_lock = threading.Lock()
_thread_of: WeakKeyDictionary[BaseDatabaseWrapper, int] = WeakKeyDictionary()


def close_what_they_left() -> None:
    """At the first request of a thread: close the connections of threads that have ended, and note its own."""
    if hasattr(_this, "is_noted") or not TASKS.exists():
        return
    _this.is_noted = True
    # A connection that several threads share is nobody's to leave.
    own = [connection for connection in connections.all() if not connection.allow_thread_sharing]
    with _lock:
        running = {int(task.name) for task in TASKS.iterdir()}
        left = [connection for connection, thread in _thread_of.items() if thread not in running]
        for connection in left:
            del _thread_of[connection]
        _thread_of.update(dict.fromkeys(own, threading.get_native_id()))
    for connection in left:
        # Otherwise Django lets only the thread that opened it close it.
        connection.inc_thread_sharing()
        connection.close()
