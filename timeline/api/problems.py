"""Refusals as problem documents (RFC 9457): the status, a sentence, and each fault by the name of its place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from timeline.filters import Problem

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where (a parameter, a header, or a JSON pointer into the body), and why."""

    detail: str
    parameter: str = ""
    header: str = ""
    pointer: str | None = None
    value: str = ""

    def as_object(self) -> dict[str, str]:
        texts = {"parameter": self.parameter, "header": self.header, "value": self.value, "detail": self.detail}
        place = {} if self.pointer is None else {"pointer": self.pointer}
        return place | {name: text for name, text in texts.items() if text}


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
        self.headers, self.more = dict(headers or {}), more

    def response(self) -> HttpResponse:
        """The problem document."""
        document: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": str(self.detail),
        }
        if self.faults:
            document["errors"] = [fault.as_object() for fault in self.faults]
        response = HttpResponse(
            json.dumps(document | self.more, ensure_ascii=False), status=self.status, content_type=MEDIA_TYPE
        )
        response.headers["Cache-Control"] = "no-store"
        for name, value in self.headers.items():
            response.headers[name] = value
        return response


def bad_parameters(problems: Sequence[Problem]) -> Refused:
    """400: what was not understood in the query, each parameter by name."""
    faults = [Fault(problem.message, parameter=problem.parameter, value=problem.value) for problem in problems]
    return Refused(400, _("The query was not understood."), faults)


def missing(detail: str) -> Refused:
    return Refused(404, detail)
