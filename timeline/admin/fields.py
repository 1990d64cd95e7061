"""Form fields of the admin that Django does not have."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError

from timeline.models.text import validate_plain_text


class ReasonField(forms.CharField):
    """Why something is done, in a sentence that stands in histories."""

    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {
            "max_length": 1000,
            "validators": [validate_plain_text],
            "widget": AdminTextareaWidget({"rows": 2}),
        }
        super().__init__(**given | kwargs)


def reason_in(text: str, needed: str = "") -> tuple[str, str]:
    """The reason that a page without a form of Django's was sent, and what is wrong with it.

    `needed` is what is said where there must be one and there is none.
    """
    try:
        return ReasonField(required=bool(needed), error_messages={"required": needed}).clean(text), ""
    except ValidationError as problem:
        return text, " ".join(problem.messages)


class LinesField(forms.CharField):
    """A list of texts, edited as one line each. Empty lines are left out."""

    widget = AdminTextareaWidget

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in str(super().to_python(value) or "").splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(str(line) for line in value) if isinstance(value, list) else value

    def run_validators(self, value: Any) -> None:
        for line in value:
            super().run_validators(line)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)
