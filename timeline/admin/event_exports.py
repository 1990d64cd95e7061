"""A selection of events as a file: as many as are chosen, drafts too, written as they are sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy

from timeline import exports
from timeline.formats.registry import FORMATS
from timeline.models import Event

Action = Callable[[Any, HttpRequest, QuerySet[Event]], HttpResponseBase]
LABELS = {
    "csv": gettext_lazy("Export the selected events as CSV"),
    "xlsx": gettext_lazy("Export the selected events as an Excel workbook"),
    "json": gettext_lazy("Export the selected events as Annals JSON"),
    "timelinejs": gettext_lazy("Export the selected events for TimelineJS"),
}


def _export(format: str) -> Action:
    found = FORMATS[format]

    def export(model_admin: Any, request: HttpRequest, queryset: QuerySet[Event]) -> HttpResponseBase:
        if request.POST.get("select_across") == "1":
            # The queryset holds no more than can be changed together.
            ids = model_admin.get_changelist_instance(request).every_id()
        else:
            ids = list(queryset.order_by("day", "pk").values_list("pk", flat=True))
        assert found.write is not None
        pieces = found.write(exports.records_of_selection(ids))
        return _download(pieces, found.content_type, f"events-{timezone.localdate()}.{found.suffix}")

    export.__name__ = f"export_{format}"
    return admin.action(export, description=LABELS[format], permissions=["view"])


def _download(pieces: Iterator[bytes], content_type: str, name: str) -> HttpResponseBase:
    response = StreamingHttpResponse(pieces, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


EXPORTS = tuple(_export(format) for format in LABELS)
"""The actions."""
NAMES = frozenset(f"export_{format}" for format in LABELS)
"""What the form calls them."""
