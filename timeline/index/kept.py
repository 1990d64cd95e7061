"""What is made once and shown again, for as long as the snapshot or segment that it was made from stands."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Values by key, bounded: the one over the limit drops all the others, which then are made again."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.values: dict[Hashable, Value] = {}

    def get(self, key: Hashable) -> Value | None:
        return self.values.get(key)

    def put(self, key: Hashable, value: Value) -> Value:
        if len(self.values) >= self.most:
            self.values.clear()
        self.values[key] = value
        return value

    def of(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of a key, made where it is missing. Two threads may both make it; either result is right."""
        try:
            return self.values[key]
        except KeyError:
            return self.put(key, make())
