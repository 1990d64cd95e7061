"""What the last file said, what is stored, what this file says: who changed what, and where both did.

What only the file changed is applied, what only an editor changed is kept, and where both changed one thing in two
ways, there is a conflict to decide. Of an event of which no file said anything yet, every difference is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from timeline.models import Relation

from .draft import Change, Conflict, Draft, Key
from .file_versions import Said, packed, part_name, plain, plain_rows, said_of
from .stored import EVENT_FIELDS, PART_FIELDS, StoredEvent

POINT = ("latitude", "longitude")
# A point is no point with one of its coordinates.
GROUPS = (*((name,) for name in EVENT_FIELDS if name not in POINT), POINT)
# Columns in which two rows of an event may not agree, where these are not all.
IDENTITY: dict[type[models.Model], int] = {Relation: 3}


def compared(
    key: Key,
    row: int,
    stored: StoredEvent,
    said: Said | None,
    values: Mapping[str, Any],
    parts: Mapping[type[models.Model], list[tuple[Any, ...]]],
) -> Draft:
    """The stored event with what the file corrects; `said` is what a file said last, None if none ever did."""
    draft = Draft(*key, row, Change.UNCHANGED, dict(stored.values), dict(stored.parts), stored_id=stored.pk)
    for group in GROUPS:
        given = [name for name in group if name in values]
        if any(values[name] != stored.values[name] for name in given):
            _compare_columns(draft, given, said, values)
    for model in PART_FIELDS:
        if parts[model] != stored.parts[model]:
            _compare_rows(draft, model, said, parts[model])
    _remember(draft, said, said_of(values, parts))
    if draft.conflicts:
        draft.change = Change.CONFLICT
    elif draft.differs:
        draft.change = Change.CHANGED
    return draft


def _remember(draft: Draft, said: Said | None, now: Said) -> None:
    if said is None:
        draft.said = packed(now)
        return
    # What the file leaves out, such as a status, it has said nothing new of.
    now = {name: said[name] for name in ("status", "slug") if name in said} | now
    undecided = now | {name: conflict.said for name, conflict in draft.conflicts.items()}
    if said != now:
        draft.said = packed(now)
    if draft.conflicts and said != (undecided := {name: value for name, value in undecided.items() if value}):
        draft.said_before_deciding = packed(undecided)


def _compare_columns(draft: Draft, names: list[str], said: Said | None, values: Mapping[str, Any]) -> None:
    file = [plain(values[name]) for name in names]
    stored = [plain(draft.values[name]) for name in names]
    before = None if said is None else [said.get(name) for name in names]
    if file == before:
        return
    if stored == before:
        for name in names:
            if draft.values[name] != values[name]:
                draft.before[name] = draft.values[name]
                draft.values[name] = values[name]
    else:
        for name in names:
            draft.conflicts[name] = Conflict(said.get(name) if said else None, values[name])


def _compare_rows(draft: Draft, model: type[models.Model], said: Said | None, file: list[tuple[Any, ...]]) -> None:
    name = part_name(model)
    before = None if said is None else said.get(name, [])
    theirs, ours = plain_rows(file), plain_rows(draft.parts[model])
    if theirs == before:
        return
    if ours == before:
        draft.parts[model] = file
        draft.changed_parts.append(model)
        return
    found = None if before is None else _merged(before, ours, theirs, IDENTITY.get(model))
    if found is None:
        draft.conflicts[name] = Conflict(before, file)
        return
    removed, added = found
    if removed or added:
        kept = [row for row, shown in zip(draft.parts[model], ours, strict=True) if shown not in removed]
        new = [row for row, shown in zip(file, theirs, strict=True) if shown in added]
        draft.parts[model] = kept + new
        draft.merged[model] = removed, new


def _merged(
    said: list[Any], ours: list[Any], theirs: list[Any], identity: int | None
) -> tuple[list[Any], list[Any]] | None:
    """Which of our rows the file takes away and which it adds; None where an editor altered the same row."""
    lost_here = [row for row in said if row not in ours]
    lost_there = [row for row in said if row not in theirs]
    new_here = [row for row in ours if row not in said]
    new_there = [row for row in theirs if row not in said and row not in ours]
    if any(row in lost_here for row in lost_there) and (new_here or new_there):
        return None
    if any(row[:identity] == other[:identity] for row in new_here for other in new_there):
        return None
    return [row for row in lost_there if row in ours], new_there
