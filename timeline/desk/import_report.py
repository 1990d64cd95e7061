"""What a check found, short enough to be kept and shown: counts, the first problems, the first events of each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from timeline.formats.problems import printable
from timeline.imports import Change, Draft, Report
from timeline.imports.draft import DELETED
from timeline.imports.resolving import MODELS
from timeline.imports.stored import Stored, stored_companions, stored_events
from timeline.models import Actor, Coverage, Dataset, Event, EventStatus, Story
from timeline.records import Problem

from . import workflow

SHOWN = 200
LONGEST = 300
"""Characters of a value that are kept."""

WANTED = (Change.NEW, Change.CHANGED, Change.CONFLICT)
LISTED = (Change.NEW, Change.CHANGED, Change.CONFLICT, Change.UNCHANGED)


def summary(report: Report, user: Any) -> dict[str, Any]:
    """The report as JSON, the same for the same file and the same events."""
    counts = report.counts
    return {
        "counts": {change.value: counts[change] for change in Change},
        "problem_count": report.problem_count,
        "warning_count": report.warning_count,
        "problems": [_problem(problem) for problem in report.problems],
        "warnings": [_problem(problem) for problem in report.warnings[:SHOWN]],
        "duplicates": report.duplicates[:SHOWN],
        "events": {change.value: _companions(report, change) + _events(report, change) for change in LISTED},
        "other_counts": {change.value: len(report.companions_of(change)) for change in LISTED},
        "others": others(report),
        "missing": [{"event": pk, "title": title} for pk, title in report.missing],
        "missing_count": report.missing_count,
        "refusals": refusals(report, user),
    }


def _problem(problem: Problem) -> dict[str, Any]:
    value = printable(problem.value, LONGEST)
    return {"row": problem.row, "column": problem.column, "value": value, "message": problem.message}


def _events(report: Report, change: Change) -> list[dict[str, Any]]:
    drafts = list(islice(report.drafts.of(change), SHOWN))
    ids = [draft.stored_id for draft in drafts if draft.stored_id and draft.differs]
    stored = stored_events(ids) if ids else {}
    return [
        {
            "row": draft.row,
            "title": draft.values["title"],
            "date": draft.values["date"],
            "status": draft.values.get("status", ""),
            "event": None if DELETED in draft.conflicts else draft.stored_id,
            "fields": list(_fields(draft, stored[draft.stored_id])) if draft.stored_id in stored else [],
            "conflicts": list(conflicts(draft)),
            "decided_as": draft.decided_as,
            "note": note(draft),
            "deleted": DELETED in draft.conflicts,
        }
        for draft in drafts
    ]


def _companions(report: Report, change: Change) -> list[dict[str, Any]]:
    if change is Change.UNCHANGED:
        return []
    return [
        {
            "row": draft.row,
            "kind": str(draft.model._meta.verbose_name),
            "title": draft.values.get("name") or draft.values.get("title") or draft.id,
            "fields": list(_fields(draft, stored)) if (stored := _stored(draft)) else [],
            "conflicts": list(conflicts(draft)),
            "decided_as": draft.decided_as,
            "note": note(draft),
            "deleted": DELETED in draft.conflicts,
        }
        for draft in report.companions_of(change)[:SHOWN]
    ]


def _stored(draft: Draft) -> Stored | None:
    """What the draft changes, where its rows have to be looked up; its columns are in the draft."""
    if draft.changed_parts or draft.merged:
        return stored_companions(draft.model, [draft.id]).get(draft.id) or Stored(0, {}, {Coverage: []})
    return Stored(draft.stored_id or 0, {}, {}) if draft.differs else None


def note(draft: Draft) -> str:
    """What became here of what the file has, where that is not to be seen from its fields."""
    if DELETED in draft.conflicts:
        return _("Deleted here since the last import; the file still has it.")
    if draft.said_of:
        message = _("“%(id)s” was merged here into “%(title)s”; the file still has it as an event of its own.")
        return message % {"id": draft.id, "title": draft.values["title"]}
    if draft.model is Event and draft.change is Change.UNCHANGED and draft.stored_id is None:
        return _("Deleted here, and it was decided that it stays so.")
    return ""


def _fields(draft: Draft, stored: Stored) -> Iterator[dict[str, str]]:
    for name, before in draft.before.items():
        yield {"label": _label(draft.model, name), "old": _words(before), "new": _words(draft.values[name])}
    for model in (*draft.changed_parts, *draft.merged):
        label = str(model._meta.verbose_name_plural)
        yield {"label": label, "old": _rows(stored.parts[model]), "new": _rows(draft.parts[model])}


def conflicts(draft: Draft) -> Iterator[dict[str, str]]:
    """Each field that an editor changed and the file too: what is here, in the file, and in the file before."""
    for name, conflict in draft.conflicts.items():
        if name == DELETED:
            continue
        model = MODELS.get(name)
        here = draft.parts[model] if model else draft.values[name]
        versions = {"ours": here, "file": conflict.file, "before": conflict.said}
        words = {key: _rows(value or ()) if model else _words(value) for key, value in versions.items()}
        yield {"label": str(model._meta.verbose_name_plural) if model else _label(draft.model, name)} | words


def _label(model: type[models.Model], name: str) -> str:
    return str(getattr(model._meta.get_field(name), "verbose_name", name))


def _words(value: Any) -> str:
    text = "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _rows(rows: Iterable[tuple[Any, ...]]) -> str:
    return _words("; ".join(", ".join(str(cell) for cell in row if cell not in (None, "")) for row in rows))


def others(report: Report) -> list[str]:
    """Datasets, people, stories and coverage that come with the events."""
    counts = Counter(draft.model for draft in report.companions_of(*WANTED))
    named = [(model, counts[model]) for model in (Dataset, Actor, Story, Coverage)]
    return [f"{model._meta.verbose_name_plural}: {count}" for model, count in named if count]


def refusals(report: Report, user: Any) -> list[str]:
    """Why this user may not import the file. A file must not do what its user may not do by hand."""
    found = []
    if not user.has_perm(workflow.PUBLISH):
        rows = [draft.row for draft in report.drafts.of(*WANTED) if _reaches_beyond_drafts(draft)]
        if rows:
            message = _(
                "You may import and change drafts only; these rows concern events that are no drafts: %(rows)s."
            )
            found.append(message % {"rows": ", ".join(map(str, rows[:20])) + (" …" if len(rows) > 20 else "")})
    companions = report.companions_of(*WANTED)
    for model in (Dataset, Actor, Story, Coverage):
        found += _not_allowed(model, {draft.id for draft in companions if draft.model is model}, user)
    return found


def _reaches_beyond_drafts(draft: Draft) -> bool:
    status = draft.values["status"]
    reached = {status, draft.before.get("status", status)}
    if "status" in draft.conflicts:
        reached.add(draft.conflicts["status"].file)
    return reached != {EventStatus.DRAFT}


def _not_allowed(model: type[models.Model], slugs: set[str], user: Any) -> Iterator[str]:
    if model is Coverage:
        verbs = {"change"} if slugs else set()
    else:
        there = set(model._default_manager.filter(slug__in=slugs).values_list("slug", flat=True)) if slugs else set()
        verbs = ({"change"} if there else set()) | ({"add"} if slugs - there else set())
    name = model._meta.model_name
    if any(not user.has_perm(f"timeline.{verb}_{name}") for verb in verbs):
        yield _("You may not add or change these: %(what)s (%(which)s).") % {
            "what": model._meta.verbose_name_plural,
            "which": ", ".join(sorted(slugs)[:10]),
        }
