"""Take events in from a file of any format that we read."""

from __future__ import annotations

import gzip
import sys
import zlib
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.desk.import_report import conflicts, note, others
from timeline.formats import FileProblem, Reading
from timeline.formats.cells import DAY_FIRST, MONTH_FIRST
from timeline.formats.mapping import TableMapping, read_mapping
from timeline.formats.problems import printable
from timeline.formats.registry import FORMATS, Format, recognise
from timeline.imports import Change, Decision, Outdated, Report, apply, check
from timeline.models import Event, EventStatus
from timeline.records import Problem, Record

SHOWN = 20
STEP = 500
"""Records between two looks at the progress."""
WIDTH = 40
ALIASES = {"annals": "json"}


class Command(BaseCommand):
    """Nothing is imported if anything is wrong, unless --skip-errors is given; then the exit status still says so."""

    help = "Import events from a file. What it is in is recognised; --format says it, where that fails."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file; one that ends in .gz is unpacked")
        parser.add_argument("--format", choices=[*FORMATS, *ALIASES], help="default: recognised by what the file holds")
        parser.add_argument("--mapping", type=Path, help="TOML file that says which columns of a table make an event")
        parser.add_argument("--dataset", default="", help="dataset of events that name none")
        parser.add_argument("--category", default="", help="category of events where the format has none")
        parser.add_argument("--day-order", choices=[DAY_FIRST, MONTH_FIRST], default="", help="of dates in numbers")
        parser.add_argument("--status", choices=["draft", "published"], default="draft", help="status of new events")
        parser.add_argument(
            "--conflicts",
            choices=[Decision.KEEP.value, Decision.TAKE.value],
            help="where an editor changed what the file changes: keep what is here, or take what the file says",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
        parser.add_argument("--skip-errors", action="store_true", help="import the rows that are right")

    def handle(self, *args: Any, **options: Any) -> None:
        decision = Decision(options["conflicts"] or Decision.OPEN)
        report = self.checked(options)
        self.show(report, None if options["verbosity"] > 1 else SHOWN)
        if not report.in_order and not options["skip_errors"]:
            self.stderr.write(
                _("Nothing was imported. Correct the file, or give --skip-errors to leave these rows out.")
            )
        elif not options["dry_run"]:
            self.apply(report, options["file"].name, decision)
        if options["dry_run"]:
            self.stdout.write(_("Nothing was written: this was a dry run."))
        undecided = report.counts[Change.CONFLICT] or report.companions_of(Change.CONFLICT)
        if not report.in_order or (undecided and decision is Decision.OPEN):
            raise SystemExit(1)

    def checked(self, options: dict[str, Any]) -> Report:
        """What the file would change. Nothing is printed here, lest a closed pipe be taken for a file that fails."""
        path = options["file"]
        try:
            mapping = self.mapping(options["mapping"]) if options["mapping"] else None
            reading = Reading(options["dataset"], options["category"], options["day_order"], mapping)
            with path.open("rb") as raw:
                stream = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if path.suffix == ".gz" else raw
                found = self.format(stream, options, mapping)
                records = self.progress(found.read(stream, reading), raw, path.stat().st_size)
                return check(records, dataset=options["dataset"], status=EventStatus(options["status"]))
        except FileProblem as problem:
            raise CommandError(f"{path.name}: {problem}") from problem
        except (EOFError, zlib.error) as problem:
            raise CommandError(
                f"{path.name}: " + _("The compressed file is damaged or cut off. Get it again.")
            ) from problem
        except OSError as problem:
            raise CommandError(_("The file cannot be read: %(reason)s") % {"reason": problem}) from problem

    def apply(self, report: Report, name: str, decision: Decision) -> None:
        try:
            apply(report, reason=f"import_events {name}", decide=lambda draft: decision)
        except Outdated as problem:
            raise CommandError(f"{name}: {problem}") from problem

    def format(self, stream: BinaryIO, options: dict[str, Any], mapping: TableMapping | None) -> Format:
        named = "mapping" if mapping else ALIASES.get(options["format"], options["format"])
        found = FORMATS[named] if named else recognise(stream, options["file"].name)
        if found is None:
            raise FileProblem(
                _("This table is in none of the formats that are recognised. Give --mapping, or --format: %(formats)s.")
                % {"formats": ", ".join(FORMATS)}
            )
        return found

    def mapping(self, path: Path) -> TableMapping:
        with path.open("rb") as stream:
            try:
                return read_mapping(stream)
            except FileProblem as problem:
                raise CommandError(f"{path.name}: {problem}") from problem

    def progress(self, records: Iterable[Record | Problem], raw: BinaryIO, size: int) -> Iterator[Record | Problem]:
        """The same records; how far they are is drawn where somebody can see it."""
        shown = sys.stderr.isatty()
        number = 0
        for number, record in enumerate(records, 1):
            if shown and number % STEP == 0 and not raw.closed:
                done = min(WIDTH, WIDTH * raw.tell() // max(size, 1))
                sys.stderr.write(f"\r[{'#' * done}{'.' * (WIDTH - done)}] {number:,}")
            yield record
        if shown:
            sys.stderr.write(f"\r[{'#' * WIDTH}] {number:,}\n")

    def show(self, report: Report, limit: int | None) -> None:
        counts = report.counts
        self.stdout.write(
            _(
                "%(new)d new, %(changed)d changed, %(unchanged)d unchanged, %(conflict)d in conflict,"
                " %(duplicate)d duplicates, %(wrong)d wrong."
            )
            % {change.value: counts[change] for change in Change}
        )
        if besides := others(report):
            self.stdout.write(_("Besides: %s.") % ", ".join(besides))
        for row, first in report.duplicates[:limit]:
            self.stdout.write(_("Row %(row)d repeats row %(first)d and is left out.") % {"row": row, "first": first})
        self.list(
            report.warnings, report.warning_count, _("Warnings (nothing is left out for them):"), self.stdout, limit
        )
        self.list(report.problems, report.problem_count, _("Problems:"), self.stderr, limit)
        self.show_conflicts(report, limit)
        self.show_missing(report)

    def show_conflicts(self, report: Report, limit: int | None) -> None:
        """What an editor changed since the last file and this one changes too."""
        companions = report.companions_of(Change.CONFLICT)
        count = len(companions) + report.counts[Change.CONFLICT]
        if not count:
            return
        self.stderr.write(_("Changed here and in the file (--conflicts keep or take decides): %d") % count)
        for draft in islice(chain(companions, report.drafts.of(Change.CONFLICT)), limit):
            place = _("row %(row)d") % {"row": draft.row}
            if draft.model is not Event:
                place = f"{draft.model._meta.verbose_name} {draft.id}"
            if told := note(draft):
                self.stderr.write(f"  {place}: {told}")
            for one in conflicts(draft):
                line = _("%(label)s: here “%(ours)s”, in the file “%(file)s”, in the last one “%(before)s”") % one
                self.stderr.write(f"  {place}, {line}")
        self.more(count if limit is None else min(count, limit), count)

    def show_missing(self, report: Report) -> None:
        """What the datasets of the file hold beside it; nothing happens to that."""
        if count := report.missing_count:
            line = _("In the dataset before, in no readable row of this file, and left as they are: %d")
            self.stdout.write(line % count)
            for _number, title in report.missing:
                self.stdout.write(f"  {printable(title)}")
            if more := count - len(report.missing):
                self.stdout.write("  " + _("and %(more)d more") % {"more": more})

    def list(self, problems: Iterable[Problem], count: int, title: str, out: Any, limit: int | None) -> None:
        if not count:
            return
        out.write(f"{title} {count}")
        shown = list(problems)[:limit]
        for problem in shown:
            place = _("row %(row)d") % {"row": problem.row} + (f", {problem.column}" if problem.column else "")
            out.write(f"  {place}: “{printable(problem.value)}”: {problem.message}")
        self.more(len(shown), count, out)

    def more(self, shown: int, count: int, out: Any = None) -> None:
        if more := count - shown:
            line = ngettext("and %(more)d more (--verbosity 2)", "and %(more)d more (--verbosity 2)", more)
            (out or self.stderr).write("  " + line % {"more": more})
