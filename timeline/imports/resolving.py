"""Conflicts of a draft decided: what the file says, what is here, or neither yet."""

from __future__ import annotations

from collections.abc import Callable

from .draft import Decision, Draft
from .file_versions import part_name
from .stored import PART_FIELDS

MODELS = {part_name(model): model for model in PART_FIELDS}


def resolved(draft: Draft, decide: Callable[[Draft], Decision]) -> Draft:
    """The draft as it is to be written; it is changed itself. One without conflicts is not asked about."""
    decision = decide(draft) if draft.conflicts else Decision.KEEP
    if decision is Decision.OPEN:
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
