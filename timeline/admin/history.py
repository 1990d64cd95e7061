"""Who changed what, and the way back: django-simple-history's admin, with what an editor misses in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import ValidationError
from django.db import models, router, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper

SHOWN_IN_THE_WAY = 20


def _protected(obj: models.Model) -> Iterator[str]:
    """Some of what keeps a row from being deleted, and a last line where there is more."""
    for relation in obj._meta.related_objects:
        if relation.on_delete is not models.PROTECT:
            continue
        model = relation.related_model
        # In no order: to sort a million events for twenty of them takes a third of a second.
        rows = model._base_manager.filter(**{relation.field.name: obj}).order_by()
        if any(field.name == "event" for field in model._meta.fields):
            rows = rows.select_related("event")
        found = list(rows[: SHOWN_IN_THE_WAY + 1])
        for row in found[:SHOWN_IN_THE_WAY]:
            yield f"{capfirst(row._meta.verbose_name)}: {getattr(row, 'event', row)}"
        if len(found) > SHOWN_IN_THE_WAY:
            yield _("… and more: %(kind)s") % {"kind": model._meta.verbose_name_plural}


class ReadableChanges(HistoricalRecordContextHelper):
    """Shows the words of a choice ("published") where the database holds its code, and lists as lists."""

    def prepare_delta_change_value(self, change: Any, value: Any) -> Any:
        words = dict(self.model._meta.get_field(change.field).flatchoices)
        if value in (None, "", []):
            return "–"
        if isinstance(value, list) and all(isinstance(line, str) for line in value):
            return " · ".join(value)
        return words[value] if words and value in words else super().prepare_delta_change_value(change, value)


class HistoryAdmin(SimpleHistoryAdmin):
    """The base of every admin here: history with readable changes, and revert in one transaction."""

    derived_fields: ClassVar[Sequence[str]] = ()
    """Fields that follow from others, or only count: left out of what history shows as changed."""

    object_history_template = "admin/timeline/history.html"
    object_history_list_template = "admin/timeline/_history_list.html"
    object_history_form_template = "admin/timeline/history_form.html"
    list_per_page = 50
    show_full_result_count = False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if ERROR_FLAG in request.GET and request.method == "GET":
            self.message_user(
                request,
                _("The address asked for a filter that this list does not have, so everything is listed."),
                messages.WARNING,
            )
        return super().changelist_view(request, extra_context)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list[Any], Any, set[Any], list[Any]]:
        """Django would collect and list every event that uses what is to be deleted: of a country, half of them."""
        in_the_way = list(islice((line for obj in objs for line in _protected(obj)), 5 * SHOWN_IN_THE_WAY))
        if in_the_way:
            return [], {}, set(), in_the_way
        found: tuple[list[Any], Any, set[Any], list[Any]] = super().get_deleted_objects(objs, request)
        return found

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self._existing_key(unquote(object_id))
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        key = self._existing_key(unquote(object_id))
        if not (version_id.isascii() and version_id.isdigit() and len(version_id) < 19):
            raise Http404(version_id)
        if request.method != "POST":
            return super().history_form_view(request, key, version_id, extra_context)
        with transaction.atomic(using=router.db_for_write(self.model)):
            return super().history_form_view(request, key, version_id, extra_context)

    def _existing_key(self, key: str) -> str:
        """The key, if it has the form of one. simple-history passes anything to the database, which then fails."""
        try:
            value = self.model._meta.pk.to_python(key)
        except ValidationError as problem:
            raise Http404(key) from problem
        if isinstance(value, int) and value.bit_length() > 63:
            raise Http404(key)
        return key

    def set_history_delta_changes(
        self, request: HttpRequest, historical_records: Sequence[Any], foreign_keys_are_objs: bool = True
    ) -> None:
        records = list(historical_records)
        for newer, older in pairwise(records):
            delta = newer.diff_against(
                older, excluded_fields=self.derived_fields, foreign_keys_are_objs=foreign_keys_are_objs
            )
            newer.history_delta_changes = ReadableChanges(self.model, newer).context_for_delta_changes(delta)
