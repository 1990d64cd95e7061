"""Conflicts of a draft decided: what the file says, what is here, or neither yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import models

from timeline.models import Coverage

from .draft import DELETED, Change, Decision, Draft
from .file_versions import packed, part_name, unpacked
from .stored import PART_FIELDS, Stored

OTHERS: tuple[type[models.Model], ...] = (Coverage,)
MODELS: dict[str, type[models.Model]] = {part_name(model): model for model in (*PART_FIELDS, *OTHERS)}


def resolved(draft: Draft, decide: Callable[[Draft], Decision]) -> Draft:
    """The draft as it is to be written; it is changed itself. One without conflicts is not asked about."""
    decision = decide(draft) if draft.conflicts else Decision.KEEP
    if DELETED in draft.conflicts:
        _decide_whether_to_bring_back(draft, decision)
    elif decision is Decision.OPEN:
        draft.said = draft.said_before_deciding
    elif decision is Decision.TAKE:
        for name, conflict in draft.conflicts.items():
            if model := MODELS.get(name):
                draft.parts[model] = conflict.file
                draft.changed_parts.append(model)
            else:
                draft.before[name] = draft.values[name]
                draft.values[name] = conflict.file
    return draft


def united(draft: Draft, others: Iterable[Draft], stored: Stored) -> Draft:
    """One decided draft with what was taken of others about the same event, which were merged into it, as though each
    of them came in after it. The first is changed itself.
    """
    for other in others:
        for name in other.before:
            draft.before.setdefault(name, other.before[name])
            draft.values[name] = other.values[name]
        for model in other.changed_parts:
            known = [*stored.parts[model], *draft.parts[model]]
            draft.parts[model] = [*draft.parts[model], *(row for row in other.parts[model] if row not in known)]
            draft.merged.pop(model, None)
            draft.changed_parts = [*dict.fromkeys((*draft.changed_parts, model))]
    return draft


def _decide_whether_to_bring_back(draft: Draft, decision: Decision) -> None:
    if decision is Decision.OPEN:
        draft.said = ""
    elif decision is Decision.KEEP:
        draft.said = packed(unpacked(draft.said) | {DELETED: True})
    else:
        draft.change = Change.NEW
