"""The form of an event: what it asks besides the model's fields, and what it sends, read as a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminRadioSelect, AdminTextareaWidget
from django.utils.translation import gettext_lazy as _

from timeline import dates
from timeline.desk.workflow import Step
from timeline.models import Actor, Dataset, Event, EventStatus, Importance
from timeline.records import (
    ActorParticipationRecord,
    EventRecord,
    NameRecord,
    ParticipationRecord,
    RelationRecord,
    SourceRecord,
)

from .fields import ReasonField

IMPORTANCE = [
    (Importance.TURNING_POINT, _("5 · turning point: history took another course (a war begins, a wall falls)")),
    (Importance.MAJOR, _("4 · major: everyone covered it (a summit, a nuclear test, a peace treaty)")),
    (Importance.NOTABLE, _("3 · notable: specialists know it (a minister’s visit, new sanctions)")),
    (Importance.MINOR, _("2 · minor: worth a line (an envoy’s visit, a short-range missile test)")),
    (Importance.ROUTINE, _("1 · routine: happens every week (a statement, a regular exercise)")),
]
PLAIN = ("title", "slug", "summary", "body", "date_note", "place", "latitude", "longitude", "category")
SOURCE_FIELDS = ("kind", "publisher", "title", "url", "accessed", "archived_url", "quote", "stance")
NAME_FIELDS = ("name", "country", "language", "note")
MOST_ROWS = 500


class EventForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """`step` is what the pressed button asks for; None where nothing was sent, or the user may not do it."""

    step: Step | None = None
    was: str = EventStatus.DRAFT
    suggested_reason = ""

    importance = forms.TypedChoiceField(
        label=_("Importance"),
        choices=IMPORTANCE,
        coerce=int,
        initial=Importance.NOTABLE,
        widget=AdminRadioSelect(attrs={"class": "radiolist"}),
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)
    correction = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = ReasonField(
        label=_("Why"),
        required=False,
        help_text=_(
            "What changed and why, in a sentence. Readers see it in the history of a published event; it is needed "
            "to change, send back or withdraw one."
        ),
    )

    class Meta:
        model = Event
        fields = "__all__"
        widgets = {
            "summary": AdminTextareaWidget(attrs={"rows": 3}),
            "date_note": AdminTextareaWidget(attrs={"rows": 2}),
            "body": AdminTextareaWidget(attrs={"rows": 12}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["version"] = str(self.instance.version)
        self.initial.setdefault("reason", self.suggested_reason)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        changes_what_is_public = self.was == EventStatus.PUBLISHED
        if self.step and (self.step.needs_reason or changes_what_is_public) and not self.cleaned_data.get("reason"):
            self.add_error("reason", _("Say why, in a sentence."))
        return cleaned


def posted_version(sent: Mapping[str, str]) -> EventRecord:
    """What a form said, whether or not it is right and its rows still exist: nothing typed may be lost."""
    rows = _Rows(sent)
    dataset = _whole(sent.get("dataset", ""))
    importance = sent.get("importance", "")
    plain: dict[str, Any] = {name: sent.get(name, "").replace("\r\n", "\n").strip() for name in PLAIN}
    return EventRecord(
        id=sent.get("external_id", "").strip(),
        dataset=Dataset.objects.filter(pk=dataset).values_list("slug", flat=True).first() or "" if dataset else "",
        date=_edtf(sent.get("date", "")),
        importance=int(importance) if importance in ("1", "2", "3", "4", "5") else Importance.NOTABLE,
        **plain,
        countries=tuple(
            ParticipationRecord(row["country"], row["role"])
            for row in rows.of("participations", "country", "role")
            if row["country"]
        ),
        actors=rows.actors(),
        names=tuple(
            NameRecord(**row) for row in rows.of("names", "name", "country", "language", "note") if row["name"]
        ),
        sources=tuple(
            SourceRecord(published=_edtf(row.pop("published")), gives_date=_edtf(row.pop("gives_date")), **row)
            for row in rows.of("sources", *SOURCE_FIELDS, "published", "gives_date")
            if row["publisher"] or row["title"] or row["url"]
        ),
        relations=rows.relations(),
    )


class _Rows:
    """The rows below the form, those that are to be deleted left out."""

    def __init__(self, sent: Mapping[str, str]) -> None:
        self.sent = sent

    def of(self, prefix: str, *names: str) -> list[dict[str, str]]:
        total = min(_whole(self.sent.get(f"{prefix}-TOTAL_FORMS", "")), MOST_ROWS)
        return [
            {name: self.sent.get(f"{prefix}-{number}-{name}", "").replace("\r\n", "\n").strip() for name in names}
            for number in range(total)
            if f"{prefix}-{number}-DELETE" not in self.sent
        ]

    def actors(self) -> tuple[ActorParticipationRecord, ...]:
        rows = [row for row in self.of("actor_participations", "actor", "role") if row["actor"]]
        slugs = dict(Actor.objects.filter(pk__in=[_whole(row["actor"]) for row in rows]).values_list("pk", "slug"))
        return tuple(ActorParticipationRecord(slugs.get(_whole(row["actor"]), ""), row["role"]) for row in rows)

    def relations(self) -> tuple[RelationRecord, ...]:
        rows = [row for row in self.of("relations", "kind", "target", "note") if row["target"]]
        slugs = dict(Event.objects.filter(pk__in=[_whole(row["target"]) for row in rows]).values_list("pk", "slug"))
        return tuple(RelationRecord(row["kind"], slugs.get(_whole(row["target"]), ""), row["note"]) for row in rows)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _edtf(text: str) -> str:
    """The date as the database would hold it; as it was typed where it is none."""
    try:
        return dates.parse_human(text).edtf if text.strip() else ""
    except dates.DateProblem:
        return text.strip()
