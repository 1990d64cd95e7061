"""Who may do what to an event in which state. The one table that buttons, direct requests and the README follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline.models import EventStatus

DRAFT, IN_REVIEW, PUBLISHED, WITHDRAWN = (
    EventStatus.DRAFT,
    EventStatus.IN_REVIEW,
    EventStatus.PUBLISHED,
    EventStatus.WITHDRAWN,
)
ANY = frozenset(EventStatus)

WRITE = "timeline.change_event"
PUBLISH = "timeline.publish_event"
DELETE = "timeline.delete_event"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that can be done: its button, the states in which it can, the permission, the state it leads to."""

    name: str
    label: str | Promise
    states: frozenset[EventStatus]
    permission: str
    target: EventStatus | None = None
    """None: the state stays."""
    needs_reason: bool = False
    saves: bool = True
    """False for what changes nothing that is stored about the event itself."""


STEPS = (
    # The first button is what the Enter key presses, so none that readers would notice comes before saving.
    Step("_draft", _("Save as draft"), frozenset({DRAFT}), WRITE),
    Step("_save", _("Save"), frozenset({IN_REVIEW, PUBLISHED, WITHDRAWN}), PUBLISH),
    Step("_propose", _("Save as a pending revision"), frozenset({PUBLISHED}), WRITE, needs_reason=True, saves=False),
    Step("_review", _("Send to review"), frozenset({DRAFT}), WRITE, IN_REVIEW),
    Step("_publish", _("Publish"), frozenset({DRAFT, IN_REVIEW, WITHDRAWN}), PUBLISH, PUBLISHED),
    Step("_return", _("Send back"), frozenset({IN_REVIEW}), PUBLISH, DRAFT, needs_reason=True),
    Step("_withdraw", _("Withdraw"), frozenset({PUBLISHED}), PUBLISH, WITHDRAWN, needs_reason=True),
    Step("_reopen", _("Make it a draft again"), frozenset({WITHDRAWN}), PUBLISH, DRAFT),
)
BY_NAME = {step.name: step for step in STEPS}


def steps_for(user: Any, status: str) -> list[Step]:
    """What the user may do to an event in this state, in the order of the buttons."""
    return [step for step in STEPS if may(user, step, status)]


def may(user: Any, step: Step, status: str) -> bool:
    """True if the user may take the step with an event in this state."""
    return status in step.states and bool(user.has_perm(step.permission))


def may_edit(user: Any, status: str) -> bool:
    """True if the form is open to the user, for saving or for proposing."""
    return bool(steps_for(user, status))


def asked_step(posted: Any, user: Any, status: str) -> Step | None:
    """The step whose button was pressed; where none was (“save and continue”), the one that saves and keeps the state.

    None where the user may not take it.
    """
    pressed = [step for step in STEPS if step.name in posted]
    if not pressed:
        pressed = [step for step in STEPS if status in step.states and step.target is None][:1]
        # Who may only propose goes on proposing.
        if pressed and not may(user, pressed[0], status):
            pressed = [BY_NAME["_propose"]]
    # “Save” of a draft is “Save as draft”, whichever of the two a form calls it.
    step = pressed[0] if pressed else None
    if step is not None and step.name == "_save" and status == DRAFT:
        step = BY_NAME["_draft"]
    return step if step is not None and len(pressed) == 1 and may(user, step, status) else None
