"""What an import would do, and what stands against it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from pyroaring import BitMap

from timeline.records import Problem

from .draft import Change, Draft, Key
from .drafts import Drafts

KEPT = 1000
"""Problems, warnings and duplicates kept word by word. All are counted; a hopeless file must not fill the memory."""


@dataclass(slots=True)
class Report:
    """The result of a check. Nothing has been written."""

    revision: int
    """The database's revision that the check saw; `apply` refuses to work on another."""
    drafts: Drafts = field(default_factory=Drafts)
    companions: list[Draft] = field(default_factory=list)
    """Datasets, people, stories and coverage of which the file says anything new."""
    datasets: list[str] = field(default_factory=list)
    """The datasets of its events."""
    former: dict[Key, int | None] = field(default_factory=dict)
    """Identifiers that events had before, and where they are found now: None for those that were deleted."""
    missing: list[tuple[int, str]] = field(default_factory=list)
    """Number and title of the first events of these datasets that the file does not have."""
    missing_count: int = 0
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    duplicates: list[tuple[int, int]] = field(default_factory=list)
    """Pairs of rows: the one that repeats, and the one that it repeats."""
    problem_count: int = 0
    warning_count: int = 0
    duplicate_count: int = 0
    wrong_rows: defaultdict[str, BitMap] = field(default_factory=lambda: defaultdict(BitMap))
    """By the kind of their records."""

    def add_problem(self, problem: Problem, kind: str = "events") -> None:
        self.problem_count += 1
        self.wrong_rows[kind].add(problem.row)
        if len(self.problems) < KEPT:
            self.problems.append(problem)

    def add_warning(self, warning: Problem) -> None:
        self.warning_count += 1
        if len(self.warnings) < KEPT:
            self.warnings.append(warning)

    def add_duplicate(self, row: int, first: int) -> None:
        self.duplicate_count += 1
        if len(self.duplicates) < KEPT:
            self.duplicates.append((row, first))

    def order(self) -> None:
        """By rows: what is wrong with a value is found later than what has no place in a record."""
        for found in (self.problems, self.warnings):
            found.sort(key=lambda problem: problem.row)

    @property
    def counts(self) -> Counter[Change]:
        """How many events are new, changed, unchanged, duplicates; how many rows are wrong."""
        counts = self.drafts.changes
        counts[Change.DUPLICATE] = self.duplicate_count
        counts[Change.WRONG] = sum(map(len, self.wrong_rows.values()))
        return counts

    def companions_of(self, *changes: Change) -> list[Draft]:
        """The datasets, people, stories and coverages that do one of these."""
        return [draft for draft in self.companions if draft.change in changes]

    @property
    def in_order(self) -> bool:
        return self.problem_count == 0
