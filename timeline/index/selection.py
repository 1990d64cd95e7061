"""Sets of events across the segments of the index."""

from __future__ import annotations

from collections.abc import Iterator

from pyroaring import BitMap, FrozenBitMap

Set = BitMap | FrozenBitMap


class Selection:
    """A set of events: for each segment the ordinals in it. Immutable by use; knows union, intersection, difference."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Set, ...]) -> None:
        self.parts = parts

    def __and__(self, other: Selection) -> Selection:
        return Selection(tuple(a & b for a, b in zip(self.parts, other.parts, strict=True)))

    def __or__(self, other: Selection) -> Selection:
        return Selection(tuple(a | b for a, b in zip(self.parts, other.parts, strict=True)))

    def __sub__(self, other: Selection) -> Selection:
        return Selection(tuple(a - b for a, b in zip(self.parts, other.parts, strict=True)))

    def __len__(self) -> int:
        return sum(len(part) for part in self.parts)

    def __bool__(self) -> bool:
        return any(self.parts)

    def __iter__(self) -> Iterator[Set]:
        return iter(self.parts)

    def count_in(self, other: Selection) -> int:
        """How many are in both, without making the set of them."""
        return sum(a.intersection_cardinality(b) for a, b in zip(self.parts, other.parts, strict=True))
