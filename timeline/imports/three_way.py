"""What the last file said, what is stored, what this file says: who changed what, and where both did.

What only the file changed is applied, what only an editor changed is kept, and where both changed one thing in two
ways, there is a conflict to decide. Of an event of which no file said anything yet, every difference is one; so it is
of one that has no identifier, since nothing proves that two files mean the same event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import models

from timeline.models import Event, Relation

from .draft import DELETED, Change, Conflict, Draft, Key
from .file_versions import Said, packed, part_name, plain, plain_rows, said_of, unpacked
from .stored import EVENT_FIELDS, Stored

POINT = ("latitude", "longitude")
# A point is no point with one of its coordinates.
GROUPS = (*((name,) for name in EVENT_FIELDS if name not in POINT), POINT)
# Columns in which two rows of an event may not agree, where these are not all.
IDENTITY: dict[type[models.Model], int] = {Relation: 3}


def compared(
    key: Key,
    row: int,
    stored: Stored,
    said: Said | None,
    values: Mapping[str, Any],
    parts: Mapping[type[models.Model], list[tuple[Any, ...]]],
    model: type[models.Model] = Event,
) -> Draft:
    """The stored event with what the file corrects; `said` is what a file said last, None if none ever did.

    What is missing among `values` and `parts` the file says nothing of.
    """
    if said and DELETED in said:
        # Somebody has brought it back since.
        said = {name: value for name, value in said.items() if name != DELETED}
    columns, rows_of = dict(stored.values), dict(stored.parts)
    draft = Draft(*key, row, Change.UNCHANGED, columns, rows_of, stored_id=stored.pk, model=model)
    for group in GROUPS if model is Event else ((name,) for name in values):
        given = [name for name in group if name in values]
        if any(values[name] != stored.values[name] for name in given):
            _compare_columns(draft, given, said, values, stored.is_identified)
    for part, rows in parts.items():
        if rows != stored.parts[part]:
            _compare_rows(draft, part, said, rows, stored.is_identified)
    _remember(draft, said, said_of(values, parts), {*values, *map(part_name, parts)})
    if draft.conflicts:
        draft.change = Change.CONFLICT
    elif draft.differs:
        draft.change = Change.CHANGED
    return draft


def _remember(draft: Draft, said: Said | None, now: Said, stated: set[str]) -> None:
    if said is None:
        draft.said = packed(now)
        return
    # What the file leaves out, such as a status, it has said nothing new of.
    now |= {name: said[name] for name in said.keys() - stated}
    undecided = now | {name: conflict.said for name, conflict in draft.conflicts.items()}
    if said != now:
        draft.said = packed(now)
    if draft.conflicts and said != (undecided := {name: value for name, value in undecided.items() if value}):
        draft.said_before_deciding = packed(undecided)


def _compare_columns(
    draft: Draft, names: list[str], said: Said | None, values: Mapping[str, Any], may_correct: bool
) -> None:
    file = [plain(values[name]) for name in names]
    stored = [plain(draft.values[name]) for name in names]
    before = None if said is None else [said.get(name) for name in names]
    if file == before:
        return
    if may_correct and stored == before:
        for name in names:
            if draft.values[name] != values[name]:
                draft.before[name] = draft.values[name]
                draft.values[name] = values[name]
    else:
        for name in names:
            draft.conflicts[name] = Conflict(said.get(name) if said else None, values[name])


def _compare_rows(
    draft: Draft, model: type[models.Model], said: Said | None, file: list[tuple[Any, ...]], may_correct: bool
) -> None:
    name = part_name(model)
    before = None if said is None else said.get(name, [])
    theirs, ours = plain_rows(file), plain_rows(draft.parts[model])
    if theirs == before:
        return
    if may_correct and ours == before:
        draft.parts[model] = file
        draft.changed_parts.append(model)
        return
    found = None if before is None or not may_correct else _merged(before, ours, theirs, IDENTITY.get(model))
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


def compared_where_merged(
    key: Key,
    row: int,
    stored: Stored,
    number: int,
    said: Said | None,
    values: Mapping[str, Any],
    parts: Mapping[type[models.Model], list[tuple[Any, ...]]],
) -> Draft:
    """An event that was merged into the stored one, and what the file has corrected of it since: somebody must decide.

    `number` is what the event had, under which it is kept what files said of it. Rows are only ever added.
    """
    columns, rows_of = dict(stored.values), dict(stored.parts)
    draft = Draft(*key, row, Change.UNCHANGED, columns, rows_of, stored_id=stored.pk, said_of=number)
    said = said or {}
    for name, value in values.items():
        if plain(value) not in (said.get(name), plain(stored.values[name])) and name not in ("slug", "status"):
            draft.conflicts[name] = Conflict(said.get(name), value)
    for model, rows in parts.items():
        known = [*plain_rows(stored.parts[model]), *said.get(part_name(model), [])]
        added = [one for one, shown in zip(rows, plain_rows(rows), strict=True) if shown not in known]
        if added:
            draft.conflicts[part_name(model)] = Conflict(said.get(part_name(model)), stored.parts[model] + added)
    _remember(draft, said, said_of(values, parts), {*values, *map(part_name, parts)})
    draft.said_before_deciding = ""
    if draft.conflicts:
        draft.change = Change.CONFLICT
    return draft


def deleted(
    draft: Draft,
    number: int | None,
    said: Said | None,
    values: Mapping[str, Any],
    parts: Mapping[type[models.Model], list[tuple[Any, ...]]],
) -> Draft:
    """The new one, in conflict with its having been deleted; `number` is what it had."""
    draft.change, draft.stored_id = Change.CONFLICT, number
    draft.conflicts = {DELETED: Conflict(None, None)}
    _remember(draft, said or {}, said_of(values, parts), {DELETED, *values, *map(part_name, parts)})
    # It is remembered anew also where the file says the same: that somebody has decided.
    draft.said = draft.said or packed(said_of(values, parts))
    draft.said_before_deciding = ""
    return draft


def is_decided(
    said: Said | None, values: Mapping[str, Any], parts: Mapping[type[models.Model], list[tuple[Any, ...]]]
) -> bool:
    """Whether it was decided that what was deleted stays deleted, and the file says nothing new of it since."""
    if not said or DELETED not in said:
        return False
    stated = {*values, *map(part_name, parts)}
    return {name: value for name, value in said.items() if name in stated} == said_of(values, parts)


def arrows_of(
    stored: Stored, said: Said | None, rows: list[tuple[Any, ...]], in_file: Callable[[Key], bool]
) -> list[tuple[Any, ...]]:
    """The arrows that the file gives an event, and those that were there before and lead to what is not in the file.

    Of these it says nothing: the export of a view cannot hold them.
    """
    before = stored.parts[Relation] if said is None else [tuple(row) for row in said.get(part_name(Relation), [])]
    kept = [row for row in before if row in rows or not in_file((row[1], row[2]))]
    return kept + [row for row in rows if row not in kept]


def compare_arrows_again(draft: Draft, stored: Stored, said: Said | None, rows: list[tuple[Any, ...]]) -> None:
    """Put these arrows into a draft in the place of those with which it was compared."""
    name = part_name(Relation)
    draft.parts[Relation] = stored.parts[Relation]
    draft.changed_parts = [model for model in draft.changed_parts if model is not Relation]
    draft.merged.pop(Relation, None)
    draft.conflicts.pop(name, None)
    _compare_rows(draft, Relation, said, rows, stored.is_identified)
    now = (unpacked(draft.said) if draft.said else said or {}) | {name: plain_rows(rows)}
    if not rows:
        del now[name]
    draft.said = draft.said_before_deciding = ""
    _remember(draft, said, now, {name, *now})
    draft.change = Change.CONFLICT if draft.conflicts else Change.CHANGED if draft.differs else Change.UNCHANGED
