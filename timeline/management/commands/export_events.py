"""Write published events into a file of one of our formats."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django.utils.translation import gettext as _

from timeline import exports, index
from timeline.filters import EventFilter
from timeline.formats import FileProblem
from timeline.formats.registry import FORMATS, WRITABLE


class Command(BaseCommand):
    help = "Export events: all that are published, or those that an address of the timeline shows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "query",
            nargs="?",
            default="",
            help="an address of the timeline, or what follows its question mark",
        )
        parser.add_argument("--format", choices=WRITABLE, default="json")
        parser.add_argument("--output", type=Path, help="the file to write; default: standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        query = options["query"]
        if query.startswith(("?", "/", "http://", "https://")):
            query = query.partition("?")[2]
        asked = EventFilter.parse(QueryDict(query))
        if asked.problems:
            raise CommandError("\n".join(str(problem) for problem in asked.problems))
        answer = index.answer(asked)
        try:
            if options["output"]:
                with options["output"].open("wb") as file:
                    self.write(options["format"], answer, file)
            else:
                self.write(options["format"], answer, sys.stdout.buffer)
        except BrokenPipeError:
            raise
        except (FileProblem, OSError) as problem:
            raise CommandError(str(problem)) from problem
        self.stderr.write(_("%(count)d events.") % {"count": answer.total})

    def write(self, name: str, answer: index.Answer, file: BinaryIO) -> None:
        write = FORMATS[name].write
        assert write is not None
        for piece in write(exports.records_of(answer)):
            file.write(piece)
