"""Load the timeline of Korea that comes with Annals."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from timeline.formats import FileProblem, annals_json
from timeline.imports import Change, Outdated, apply, check
from timeline.models import Event


class Command(BaseCommand):
    """The same way in as for every other file, so the fixture is checked like one."""

    help = "Load the demonstration events (Korea since 1945), with countries and categories."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there are events already")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("load_countries", verbosity=options["verbosity"], stdout=self.stdout)
        if options["if_empty"] and Event.objects.exists():
            return
        path = settings.BASE_DIR / "fixtures" / "korea.json"
        try:
            with path.open("rb") as stream:
                report = check(annals_json.read(stream))
            if report.problems:
                first = report.problems[0]
                raise CommandError(
                    _("%(file)s: %(count)d problems, the first in entry %(row)d, %(column)s: %(message)s")
                    % {
                        "file": path.name,
                        "count": report.problem_count,
                        "row": first.row,
                        "column": first.column,
                        "message": first.message,
                    }
                )
            apply(report, reason="load_demo")
        except (FileProblem, Outdated, OSError) as problem:
            raise CommandError(f"{path.name}: {problem}") from problem
        counts = report.counts
        if counts[Change.CONFLICT]:
            self.stdout.write(
                _("%(count)d demonstration events were changed here and in the file; they stay as they are here.")
                % {"count": counts[Change.CONFLICT]}
            )
        if counts[Change.NEW] or counts[Change.CHANGED] or options["verbosity"] > 1:
            self.stdout.write(
                _("Demonstration events: %(new)d new, %(changed)d changed, %(unchanged)d unchanged.")
                % {name: counts[Change(name)] for name in ("new", "changed", "unchanged")}
            )
