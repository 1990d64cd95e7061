"""Writing events with a token: what its user may do in the admin, with the same checks and the same history."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from timeline.desk import deleting, workflow
from timeline.imports import values
from timeline.models import Event, EventStatus, SearchText, Vocabulary
from timeline.problem_documents import Fault

from . import bodies, schemas
from .access import ApiHttpRequest, Token, require
from .answers import check_seen, event_answer
from .parameters import LONGEST_REASON, check_names, described, one
from .problems import Refused
from .reading import event_of, router
from .rows import LISTS, RowReader, differ, faults_of, put

TEXTS = ("title", "slug", "summary", "body", "date", "date_note", "place", "importance")
FIELDS = (*TEXTS, "status", "latitude", "longitude", "category_id", "dataset_id", "external_id")
# Filled by the model itself from the others.
DERIVED = ("day", "earliest", "latest", "start_latest", "end_earliest", "precision")
# What readers can see, or see that it was.
PUBLIC = {EventStatus.PUBLISHED, EventStatus.WITHDRAWN}


@router.post(
    "events",
    response={201: schemas.EventOut},
    tags=["Events"],
    summary="Create an event",
    operation_id="create_event",
    auth=Token(),
)
def create_event(request: HttpRequest, body: bodies.EventIn) -> HttpResponse:
    """Needs `timeline.add_event`, and `timeline.publish_event` for one that is not a draft or in review."""
    require(request, "timeline.add_event")
    check_names(request.GET, ())
    event = Event()
    _write(request, event, body.model_dump())
    response = event_answer(request, Event.objects.for_page().get(pk=event.pk), status=201)
    response.headers["Location"] = request.build_absolute_uri(f"{request.path}/{event.slug}")
    return response


@router.put(
    "events/{slug}",
    response=schemas.EventOut,
    tags=["Events"],
    summary="Replace an event",
    operation_id="replace_event",
    auth=Token(),
)
def replace_event(request: HttpRequest, slug: str, body: bodies.EventIn) -> HttpResponse:
    """What is not given becomes empty; the status and the address stay unless given. Needs `timeline.change_event`."""
    return _change(request, slug, body.model_dump())


@router.patch(
    "events/{slug}",
    response=schemas.EventOut,
    tags=["Events"],
    summary="Change an event",
    operation_id="change_event",
    auth=Token(),
)
def change_event(request: HttpRequest, slug: str, body: bodies.EventPatch) -> HttpResponse:
    """Members that are absent stay; a list replaces the whole list. `{"status": "withdrawn"}` takes it from readers."""
    return _change(request, slug, body.model_dump(exclude_unset=True))


@router.delete(
    "events/{slug}",
    response={204: None},
    tags=["Events"],
    summary="Delete an event",
    operation_id="delete_event",
    auth=Token(),
    openapi_extra=described("reason"),
)
def delete_event(request: HttpRequest, slug: str) -> HttpResponse:
    """For what should never have been there; withdraw what was public. Needs `timeline.delete_event`."""
    require(request, "timeline.delete_event")
    check_names(request.GET, ("reason",))
    reason = one(request, "reason")
    if len(reason) > LONGEST_REASON:
        message = _("At most %(most)d characters.") % {"most": LONGEST_REASON}
        raise Refused(400, message, [Fault(message, parameter="reason")])
    with SearchText.objects.postponed():
        event = _held(request, slug)
        if event.status in PUBLIC:
            require(request, workflow.PUBLISH)
        event._change_reason = _reason(request, reason)  # type: ignore[attr-defined]  # simple-history's
        try:
            deleting.delete(event, request.user)
        except ProtectedError as problem:
            raise Refused(409, _("Something else still needs this event.")) from problem
    return HttpResponse(status=204)


def _change(request: HttpRequest, slug: str, sent: dict[str, Any]) -> HttpResponse:
    require(request, "timeline.change_event")
    check_names(request.GET, ())
    with SearchText.objects.postponed():
        event = _held(request, slug)
        if not any(_keeps_state(step) and workflow.may(request.user, step, event.status) for step in workflow.STEPS):
            require(request, workflow.PUBLISH)
        _write(request, event, sent)
    return event_answer(request, Event.objects.for_page().get(pk=event.pk))


def _held(request: HttpRequest, slug: str) -> Event:
    """The event, locked, if the client has seen it as it is."""
    found = event_of(request, slug)
    # Locked before it is compared: of two who saw the same version one wins, and the other is told.
    list(Event.objects.filter(pk=found.pk).select_for_update().values_list("pk"))
    event = Event.objects.for_page().filter(pk=found.pk).first() or event_of(request, slug)
    check_seen(request, event)
    return event


def _write(request: HttpRequest, event: Event, sent: dict[str, Any]) -> None:
    """Give the event what was sent and store it, or nothing. Raises Refused: 403, 409 or 422."""
    _check_characters(sent)
    given = sent.pop("reason", "")
    if len(given) > LONGEST_REASON:
        message = _("At most %(most)d characters.") % {"most": LONGEST_REASON}
        raise Refused(422, message, [Fault(message, pointer="/reason")])
    reason = _reason(request, given)
    before = {name: getattr(event, name) for name in FIELDS}
    status = event.status
    faults = _assign(event, sent)
    if event.status != status and event.status in EventStatus.values:
        faults += _step(request, event, status, given)
    lists: dict[str, list[Any]] = {}
    reader = RowReader(event)
    for name in LISTS.keys() & sent.keys():
        lists[name] = reader.rows(name, sent[name])
    exclude = {*DERIVED, *(fault.pointer.strip("/") for fault in faults if fault.pointer)}
    try:
        event.full_clean(exclude=exclude)
    except ValidationError as problem:
        faults += faults_of(problem)
    if faults := [*faults, *reader.faults]:
        # A rule of the model may stand in the database too, and say the same twice.
        raise Refused(422, _("The event cannot be stored as it is."), dict.fromkeys(faults))
    is_new = event.pk is None
    if not is_new:
        lists = {name: rows for name, rows in lists.items() if differ(event, name, rows)}
        if not lists and before == {name: getattr(event, name) for name in FIELDS}:
            return
    try:
        with SearchText.objects.postponed():
            event._change_reason = reason  # type: ignore[attr-defined]  # simple-history's
            event.save()
            for name in (name for name in LISTS if name in lists):
                put(event, name, lists[name], reason)
    except IntegrityError as problem:
        raise Refused(
            409, _("Somebody else stored the same at the same moment. Read again, and try again.")
        ) from problem


def _assign(event: Event, sent: dict[str, Any]) -> list[Fault]:
    """Set the event's own columns; what is wrong with those that the model cannot be given."""
    faults: list[Fault] = []
    vocabulary = Vocabulary.current()
    for name in TEXTS:
        if name in sent and not (name == "slug" and not sent[name]):
            setattr(event, name, sent[name])
    if sent.get("status") is not None:
        event.status = sent["status"]
    for name, limit in (("latitude", 90), ("longitude", 180)):
        if name in sent:
            try:
                setattr(event, name, values.degrees("" if sent[name] is None else repr(sent[name]), limit))
            except ValueError as problem:
                faults.append(Fault(str(problem), pointer=f"/{name}"))
    if "category" in sent:
        if sent["category"] in vocabulary.categories:
            event.category_id = sent["category"]
        else:
            faults.append(Fault(values.one_of(sent["category"], vocabulary.categories), pointer="/category"))
    if "dataset" in sent:
        dataset = vocabulary.datasets.get(sent["dataset"]) if sent["dataset"] else None
        event.dataset = dataset
        if sent["dataset"] and dataset is None:
            faults.append(Fault(values.one_of(sent["dataset"], vocabulary.datasets), pointer="/dataset"))
    if "id" in sent:
        # An event without an identifier of its own is read with its slug as one.
        is_slug = sent["id"] == event.slug and not event.external_id
        event.external_id = "" if is_slug else sent["id"]
    return faults


def _keeps_state(step: workflow.Step) -> bool:
    return step.saves and step.target is None


def _step(request: HttpRequest, event: Event, before: str, reason: str) -> list[Fault]:
    """Check that a step leads from one status to the other, and that the user may take it. Raises Refused: 403."""
    step = next((one for one in workflow.STEPS if one.target == event.status and before in one.states), None)
    if step is None:
        text = _("An event that is %(before)s cannot become %(after)s.")
        return [Fault(text % {"before": before, "after": event.status}, pointer="/status")]
    require(request, step.permission)
    if step.needs_reason and not reason:
        return [Fault(_("Say why, in a sentence."), pointer="/reason")]
    event.withdrawal_reason = reason if event.status == EventStatus.WITHDRAWN else ""
    return []


def _check_characters(sent: Any, pointer: str = "") -> None:
    """Refuse NUL anywhere: no text holds one, and PostgreSQL cannot even compare it."""
    if isinstance(sent, str) and "\0" in sent:
        message = _("The character U+0000 is not allowed.")
        raise Refused(422, message, [Fault(message, pointer=pointer)])
    if isinstance(sent, dict | list):
        for name, value in sent.items() if isinstance(sent, dict) else enumerate(sent):
            _check_characters(value, f"{pointer}/{name}")


def _reason(request: HttpRequest, given: str) -> str:
    """What the history says: which token it was, and why. A hundred characters fit."""
    token = cast(ApiHttpRequest, request).api_token
    named = f"API: {token.name if token else ''}"[:38]
    return f"{named}: {given}"[:100] if given else named
