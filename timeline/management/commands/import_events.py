"""Take events in from a file."""

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.formats import FileProblem, annals_json, table
from timeline.formats.mapping import read_mapping
from timeline.formats.problems import printable
from timeline.imports import Change, Outdated, Report, apply, check
from timeline.models import EventStatus
from timeline.records import Problem

SHOWN = 20


class Command(BaseCommand):
    """Nothing is imported if anything is wrong, unless --skip-errors is given; then the exit status still says so."""

    help = "Import events from a table (CSV, with a mapping) or from an annals/1 document (JSON)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the table or document")
        parser.add_argument("--mapping", type=Path, help="TOML file that says which columns make an event")
        parser.add_argument("--format", choices=["annals", "csv"], help="default: csv with --mapping, else annals")
        parser.add_argument("--dataset", default="", help="dataset of events that name none")
        parser.add_argument("--status", choices=["draft", "published"], default="draft", help="status of new events")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
        parser.add_argument("--skip-errors", action="store_true", help="import the rows that are right")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = self.checked(options)
            self.show(report, None if options["verbosity"] > 1 else SHOWN)
            if report.in_order or options["skip_errors"]:
                if not options["dry_run"]:
                    apply(report, reason=f"import_events {options['file'].name}")
            else:
                self.stderr.write(
                    _("Nothing was imported. Correct the file, or give --skip-errors to leave these rows out.")
                )
        except (FileProblem, Outdated) as problem:
            raise CommandError(f"{options['file'].name}: {problem}") from problem
        except OSError as problem:
            raise CommandError(_("The file cannot be read: %(reason)s") % {"reason": problem}) from problem
        if options["dry_run"]:
            self.stdout.write(_("Nothing was written: this was a dry run."))
        if not report.in_order:
            raise SystemExit(1)

    def checked(self, options: dict[str, Any]) -> Report:
        chosen = options["format"] or ("csv" if options["mapping"] else "annals")
        arguments = {"dataset": options["dataset"], "status": EventStatus(options["status"])}
        with options["file"].open("rb") as stream:
            if chosen == "annals":
                return check(annals_json.read(stream), **arguments)
            if options["mapping"] is None:
                raise CommandError(_("A table needs --mapping, a TOML file that says which columns make an event."))
            with options["mapping"].open("rb") as mapping_stream:
                try:
                    mapping = read_mapping(mapping_stream)
                except FileProblem as problem:
                    raise CommandError(f"{options['mapping'].name}: {problem}") from problem
            return check(table.read(stream, mapping), **arguments)

    def show(self, report: Report, limit: int | None) -> None:
        counts = report.counts
        self.stdout.write(
            _("%(new)d new, %(changed)d changed, %(unchanged)d unchanged, %(duplicate)d duplicates, %(wrong)d wrong.")
            % {change.value: counts[change] for change in Change}
        )
        for row, first in report.duplicates[:limit]:
            self.stdout.write(_("Row %(row)d repeats row %(first)d and is left out.") % {"row": row, "first": first})
        self.list(
            report.warnings, report.warning_count, _("Warnings (nothing is left out for them):"), self.stdout, limit
        )
        self.list(report.problems, report.problem_count, _("Problems:"), self.stderr, limit)

    def list(self, problems: Iterable[Problem], count: int, title: str, out: Any, limit: int | None) -> None:
        if not count:
            return
        out.write(f"{title} {count}")
        shown = list(problems)[:limit]
        for problem in shown:
            place = _("row %(row)d") % {"row": problem.row} + (f", {problem.column}" if problem.column else "")
            out.write(f"  {place}: “{printable(problem.value)}”: {problem.message}")
        if count > len(shown):
            more = count - len(shown)
            line = ngettext("and %(more)d more (--verbosity 2)", "and %(more)d more (--verbosity 2)", more)
            out.write("  " + line % {"more": more})
