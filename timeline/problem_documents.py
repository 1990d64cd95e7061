"""Refusals for programs as problem documents (RFC 9457): the status, a sentence, and each fault by its place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

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


def problem_document(
    status: int,
    detail: str,
    faults: Iterable[Fault] = (),
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> HttpResponse:
    """The refusal itself; `more` are members besides those of the standard."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(detail),
    }
    if errors := [fault.as_object() for fault in faults]:
        document["errors"] = errors
    text = json.dumps(document | more, ensure_ascii=False)
    return HttpResponse(
        text, status=status, content_type=MEDIA_TYPE, headers={"Cache-Control": "no-store", **(headers or {})}
    )
