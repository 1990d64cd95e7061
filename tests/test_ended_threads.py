"""Connections are kept between requests, and must not outlive the threads that opened them."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from timeline.ended_threads import TASKS

pytestmark = pytest.mark.django_db(transaction=True)


class Answering(threading.Thread):
    """A thread that answers a request and whose connection stays when it ends, as those of the server do."""

    connection: BaseDatabaseWrapper

    def __init__(self) -> None:
        super().__init__()
        self.may_end = threading.Event()
        self.has_answered = threading.Event()
        self.start()
        assert self.has_answered.wait(60)

    def run(self) -> None:
        self.connection = connections["default"]
        Client().get("/healthz")
        self.has_answered.set()
        self.may_end.wait(60)

    @property
    def is_connected(self) -> bool:
        return self.connection.connection is not None

    def end(self) -> None:
        self.may_end.set()
        self.join()
        # Python is done with a thread a moment before the system is.
        while (TASKS / str(self.native_id)).exists():
            time.sleep(0.01)


def test_what_ended_threads_left_is_closed_when_another_begins_to_answer() -> None:
    ended, going_on = Answering(), Answering()
    ended.end()
    assert ended.is_connected
    third = Answering()
    assert [thread.is_connected for thread in (ended, going_on, third)] == [False, True, True]
    for thread in (going_on, third):
        thread.end()
    last = Answering()
    assert [thread.is_connected for thread in (going_on, third, last)] == [False, False, True]
    last.end()
    last.connection.inc_thread_sharing()
    last.connection.close()
