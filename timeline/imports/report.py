"""What an import would do, and what stands against it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from timeline.records import ActorRecord, CoverageRecord, DatasetRecord, Problem, StoryRecord

from .draft import Change
from .drafts import Drafts

KEPT = 1000
"""Problems and warnings kept word by word. All are counted; a hopeless file must not fill the memory."""


@dataclass(slots=True)
class Report:
    """The result of a check. Nothing has been written."""

    revision: int
    """The database's revision that the check saw; `apply` refuses to work on another."""
    drafts: Drafts = field(default_factory=Drafts)
    datasets: list[DatasetRecord] = field(default_factory=list)
    actors: list[ActorRecord] = field(default_factory=list)
    stories: list[StoryRecord] = field(default_factory=list)
    coverage: list[CoverageRecord] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    duplicates: list[tuple[int, int]] = field(default_factory=list)
    """Pairs of rows: the one that repeats, and the one that it repeats."""
    problem_count: int = 0
    warning_count: int = 0
    wrong_rows: set[tuple[str, int]] = field(default_factory=set)

    def add_problem(self, problem: Problem, kind: str = "events") -> None:
        self.problem_count += 1
        self.wrong_rows.add((kind, problem.row))
        if len(self.problems) < KEPT:
            self.problems.append(problem)

    def add_warning(self, warning: Problem) -> None:
        self.warning_count += 1
        if len(self.warnings) < KEPT:
            self.warnings.append(warning)

    @property
    def counts(self) -> Counter[Change]:
        """How many events are new, changed, unchanged, duplicates; how many rows are wrong."""
        counts = self.drafts.changes
        counts[Change.DUPLICATE] = len(self.duplicates)
        counts[Change.WRONG] = len(self.wrong_rows)
        return counts

    @property
    def in_order(self) -> bool:
        return self.problem_count == 0
