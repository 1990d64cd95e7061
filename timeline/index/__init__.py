"""How many, fast: counts, histograms, facets and pages of ids from an index in memory, never from the database.

`answer(filter)` is the whole interface for readers, `of_every_status()` the one for editors. The idea is that of search
engines (Zobel and Moffat, "Inverted files for text search engines", 2006; Chambi, Lemire and others, "Better bitmap
performance with Roaring bitmaps", 2016): events get ordinals in the order of their days, each value of each facet
holds the set of its ordinals, and a question is a few unions and intersections of sets.
"""

from .answer import Answer
from .fresh import answer, current, of_every_status
from .selection import Selection
from .snapshot import Snapshot

__all__ = ["Answer", "Selection", "Snapshot", "answer", "current", "of_every_status"]
