"""Changing a selection of events together: choose, look at what changes, do it, take it back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from timeline.desk import bulk, workflow
from timeline.desk.applying import Refused
from timeline.desk.bulk import Operation, added, with_value
from timeline.models import (
    Actor,
    ActorParticipation,
    BulkChange,
    Category,
    Country,
    Dataset,
    Event,
    EventStatus,
    Importance,
    Participation,
    Role,
)
from timeline.models.sources import SourceKind
from timeline.models.text import validate_plain_text, validate_web_address
from timeline.records import ActorParticipationRecord, ParticipationRecord, SourceRecord

from .fields import ReasonField
from .history import HistoryAdmin
from .listing import BoundedPaginator
from .pickers import CountryField, Picker

OPERATIONS = {
    "publish": gettext_lazy("Publish"),
    "withdraw": gettext_lazy("Withdraw"),
    "category": gettext_lazy("Set the category"),
    "importance": gettext_lazy("Set the importance"),
    "country": gettext_lazy("Add a country"),
    "actor": gettext_lazy("Add a person or an organisation"),
    "source": gettext_lazy("Add a source"),
    "dataset": gettext_lazy("Set the dataset"),
}
# The fields that an operation shows, and those that it cannot do without.
FIELDS = {
    "category": ("category",),
    "importance": ("importance",),
    "country": ("country", "role"),
    "actor": ("actor", "role"),
    "source": ("publisher", "title", "url", "kind"),
    "dataset": ("dataset",),
}
NEEDS = {
    "category": ("category",),
    "importance": ("importance",),
    "country": ("country",),
    "actor": ("actor",),
    "source": ("publisher",),
    "dataset": ("dataset",),
}


class BulkForm(forms.Form):
    """What to do, with what, and why; only the fields of the chosen operation are read."""

    operation = forms.ChoiceField(label=gettext_lazy("What to do"), choices=list(OPERATIONS.items()))
    category = forms.ModelChoiceField(Category.objects.all(), required=False, label=gettext_lazy("Category"))
    importance = forms.TypedChoiceField(
        choices=[("", "–"), *Importance.choices],
        coerce=int,
        empty_value=None,
        required=False,
        label=gettext_lazy("Importance"),
    )
    country = CountryField(
        Country.objects.all(),
        required=False,
        widget=Picker(Participation._meta.get_field("country"), admin.site),
        label=gettext_lazy("Country"),
    )
    actor = forms.ModelChoiceField(
        Actor.objects.all(),
        required=False,
        widget=Picker(ActorParticipation._meta.get_field("actor"), admin.site),
        label=gettext_lazy("Person or organisation"),
    )
    role = forms.ChoiceField(
        choices=Role.choices, initial=Role.PARTICIPANT, required=False, label=gettext_lazy("Role of country or person")
    )
    publisher = forms.CharField(
        required=False, max_length=200, validators=[validate_plain_text], label=gettext_lazy("Publisher of the source")
    )
    title = forms.CharField(
        required=False, max_length=300, validators=[validate_plain_text], label=gettext_lazy("Title of the source")
    )
    url = forms.CharField(
        required=False, max_length=2000, validators=[validate_web_address], label=gettext_lazy("Address of the source")
    )
    kind = forms.ChoiceField(
        choices=SourceKind.choices, initial=SourceKind.DATASET, required=False, label=gettext_lazy("Kind of source")
    )
    dataset = forms.ModelChoiceField(Dataset.objects.all(), required=False, label=gettext_lazy("Dataset"))
    reason = ReasonField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("It stands in the history of each event, and on the page of a withdrawn one."),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        chosen = cleaned.get("operation", "")
        for name in NEEDS.get(chosen, ()):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("This operation needs it."))
        if chosen == "source" and not (cleaned.get("title") or cleaned.get("url")):
            self.add_error("title", _("Give a title or an address, so that a reader can find it."))
        return cleaned

    def lines(self) -> Iterator[tuple[forms.BoundField, str]]:
        """Each field, and the classes by which the style sheet shows it for its operations."""
        for field in self:
            operations = [name for name, fields in FIELDS.items() if field.name in fields]
            yield field, " ".join(f"for-{name}" for name in operations)


def operation_of(asked: dict[str, Any]) -> Operation:
    """The operation that a valid form asks for."""
    name = asked["operation"]
    words = str(OPERATIONS[name])
    role = asked["role"] or Role.PARTICIPANT
    if name == "publish":
        states = frozenset({EventStatus.DRAFT, EventStatus.IN_REVIEW, EventStatus.WITHDRAWN})
        return Operation(words, status=EventStatus.PUBLISHED, from_states=states)
    if name == "withdraw":
        states = frozenset({EventStatus.PUBLISHED})
        return Operation(words, status=EventStatus.WITHDRAWN, from_states=states, withdrawal_reason=asked["reason"])
    rows: dict[str, tuple[str, Any]] = {
        "country": ("countries", ParticipationRecord(asked["country"].pk if asked["country"] else "", role)),
        "actor": ("actors", ActorParticipationRecord(asked["actor"].slug if asked["actor"] else "", role)),
        "source": (
            "sources",
            SourceRecord(
                kind=asked["kind"] or SourceKind.DATASET,
                publisher=asked["publisher"],
                title=asked["title"],
                url=asked["url"],
            ),
        ),
    }
    if name in rows:
        part, row = rows[name]
        said = asked["publisher"] if name == "source" else f"{asked[name]} ({role})"
        return Operation(f"{words}: {said}", lambda version: added(version, part, row))
    value = {
        "category": asked["category"].pk if asked["category"] else "",
        "importance": asked["importance"],
        "dataset": asked["dataset"].slug if asked["dataset"] else "",
    }[name]
    return Operation(f"{words}: {asked[name]}", lambda version: with_value(version, name, value))


class BoundedActions(HistoryAdmin):
    """Does to no more events than can be looked at what is asked to be done to a selection."""

    unbounded_actions: Collection[str] = ()
    """Actions that change nothing, and may be of any number."""

    def response_action(self, request: HttpRequest, queryset: QuerySet[Event], *where: Any) -> HttpResponse | None:
        if request.POST.get("action") in self.unbounded_actions:
            return super().response_action(request, queryset, *where)
        everything = request.POST.get("select_across") == "1"
        count = queryset.count() if everything else len(request.POST.getlist(ACTION_CHECKBOX_NAME))
        if count <= bulk.MOST:
            return super().response_action(request, queryset, *where)
        text = _("At most %(most)d events can be changed together; choose fewer.") % {"most": bulk.MOST}
        self.message_user(request, text, messages.ERROR)
        return None


@admin.action(description=gettext_lazy("Change the selected events together …"), permissions=["publish"])
def change_together(model_admin: Any, request: HttpRequest, queryset: QuerySet[Event]) -> HttpResponse | None:
    """The page on which one change of many events is chosen, looked at and made."""
    ids = list(queryset.order_by("pk").values_list("pk", flat=True))
    asked = "_look" in request.POST or "_make" in request.POST
    form = BulkForm(request.POST if asked else None)
    previews: list[bulk.Preview] = []
    problems: Any = ()
    if asked and form.is_valid():
        operation = operation_of(form.cleaned_data)
        if "_make" in request.POST:
            try:
                change = bulk.make(ids, operation, request.user, form.cleaned_data["reason"])
            except Refused as refused:
                problems = refused.problems
            else:
                return _made(model_admin, request, change)
        previews = bulk.previews(Event.objects.for_version().filter(pk__in=ids).order_by("day", "pk"), operation)
    context = model_admin.admin_site.each_context(request) | {
        "title": ngettext("Change %(count)d event", "Change %(count)d events together", len(ids)) % {"count": len(ids)},
        "opts": model_admin.model._meta,
        "form": form,
        "ids": ids,
        "checkbox": ACTION_CHECKBOX_NAME,
        "previews": [preview for preview in previews if preview.changes],
        "unchanged": sum(not preview.changes for preview in previews),
        "looked": bool(previews),
        "problems": problems,
    }
    return render(request, "admin/timeline/event/bulk.html", context, status=400 if problems or form.errors else 200)


def _made(model_admin: Any, request: HttpRequest, change: BulkChange | None) -> HttpResponse:
    if change is None:
        model_admin.message_user(request, _("Nothing was changed: every event says so already."), messages.WARNING)
    else:
        count = len(change.before)
        text = ngettext("%(count)d event was changed.", "%(count)d events were changed.", count) % {"count": count}
        address = reverse("admin:timeline_bulkchange_change", args=[change.pk])
        link = format_html('{} <a href="{}">{}</a>', text, address, _("Take it back"))
        model_admin.message_user(request, link, messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:timeline_event_changelist"))


@admin.register(BulkChange)
class BulkChangeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """What was changed together; opening one shows it and offers to take it back."""

    when_empty = gettext_lazy(
        "Choose events in their list and change them together: what was done stands here, and can be taken back."
    )
    list_display = ("words", "created", "user", "reason", "undone")
    list_select_related = ("user",)
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[BulkChange]:
        queryset: QuerySet[BulkChange] = super().get_queryset(request)
        return queryset.defer("before")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: BulkChange | None = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        number = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) < 19 else 0
        change = BulkChange.objects.filter(pk=number).first()
        if change is None:
            raise Http404(_("There is no change of many events with this number."))
        problems: Any = ()
        if request.method == "POST":
            if not request.user.has_perm(workflow.PUBLISH) or change.undone is not None:
                raise PermissionDenied
            try:
                left = bulk.undo(change)
            except Refused as refused:
                problems = refused.problems
            else:
                self.message_user(request, _("It is taken back."), messages.SUCCESS)
                if left:
                    text = _("Changed by somebody since, and left so: %(titles)s") % {"titles": ", ".join(left[:20])}
                    self.message_user(request, text, messages.WARNING)
                return HttpResponseRedirect(reverse("admin:timeline_event_changelist"))
        context = self.admin_site.each_context(request) | {
            "title": change.words,
            "opts": self.model._meta,
            "change": change,
            "events": Event.objects.filter(pk__in=[int(key) for key in change.before]).order_by("day", "pk"),
            "may_undo": change.undone is None and request.user.has_perm(workflow.PUBLISH),
            "problems": problems,
        }
        return render(request, "admin/timeline/bulkchange/undo.html", context, status=400 if problems else 200)
