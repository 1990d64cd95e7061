"""Find what is to be translated, in Jinja's templates too."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from django.core.management.commands import makemessages
from jinja2.ext import extract_from_ast

from timeline.lean_jinja import Environment

EXTENSIONS = ["html", "txt", "py", "jinja"]


class TemplateFile(makemessages.BuildFile):
    """A file as xgettext can read it: of Jinja's templates, what they call to translate, on the same lines."""

    def preprocess(self) -> None:
        source = Path(self.path)
        if source.suffix == ".jinja":
            Path(self.work_path).write_text(calls_of(source.read_text("utf-8")), "utf-8")
        else:
            super().preprocess()


class Command(makemessages.Command):
    """Django's own, which looks for what its own templates call."""

    build_file_class = TemplateFile

    def handle(self, *args: Any, **options: Any) -> None:
        if options["domain"] == "django":
            options["extensions"] = options["extensions"] or EXTENSIONS
        super().handle(*args, **options)


def calls_of(source: str) -> str:
    """The calls of a template that translate, as Python."""
    lines: defaultdict[int, list[str]] = defaultdict(list)
    for line, function, texts in extract_from_ast(Environment().parse(source)):
        # A number stands where the template counts.
        given = (
            [repr(texts)] if isinstance(texts, str) else ["0" if text is None else repr(text) for text in texts or ()]
        )
        lines[line].append(f"{function}({', '.join(given)})")
    return "".join(f"{'; '.join(lines[number])}\n" for number in range(1, max(lines, default=0) + 1))
