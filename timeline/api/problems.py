"""What the API refuses, raised where it is found and answered as a problem document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse

from timeline.filters import Problem
from timeline.problem_documents import Fault, problem_document
from timeline.responses import NOT_UNDERSTOOD, faults_of


class Refused(Exception):
    """A request that the API does not do, and what it answers instead."""

    def __init__(
        self,
        status: int,
        detail: str,
        faults: Iterable[Fault] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.faults = status, detail, list(faults)
        self.headers, self.more = headers, more

    def response(self) -> HttpResponse:
        """The problem document."""
        return problem_document(self.status, self.detail, self.faults, self.headers, **self.more)


def bad_parameters(problems: Sequence[Problem]) -> Refused:
    """400: what was not understood in the query, each parameter by name."""
    return Refused(400, str(NOT_UNDERSTOOD), faults_of(problems))


def missing(detail: str) -> Refused:
    return Refused(404, detail)
