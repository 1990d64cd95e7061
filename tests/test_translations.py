"""What is to be translated is found, and a faulty translation is named and brings no page down."""

import ast
import re
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.core.management.commands import makemessages as original
from django.utils.translation import templatize

from timeline.checks import translations_keep_their_placeholders
from timeline.management.commands.makemessages import EXTENSIONS, Command, TemplateFile, calls_of
from timeline.templatetags.repeated_tags import emphasised

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.jinja"))


def calls(python: str) -> list[tuple[int, str, list[object]]]:
    """Line, function and arguments of each call, as xgettext reads them."""
    return [
        (node.lineno, node.func.id, [each.value for each in node.args if isinstance(each, ast.Constant)])
        for node in ast.walk(ast.parse(python))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]


def test_a_text_and_a_plural_of_a_template_are_found_on_their_lines() -> None:
    source = (
        '<p>{{ _("Today\'s “events”") }}\n{% set word = _("Lanes") %}\n\n'
        '{{ emphasised(ngettext("%(shown)s event", "%(shown)s events", answer.total), number(answer.total)) }}'
        '{{ _("Move %(lane)s up") % {"lane": lane.label} }}'
    )
    assert sorted(calls(calls_of(source)), key=lambda call: (call[0], call[1])) == [
        (1, "_", ["Today's “events”"]),
        (2, "_", ["Lanes"]),
        (4, "_", ["Move %(lane)s up"]),
        (4, "ngettext", ["%(shown)s event", "%(shown)s events", 0]),
    ]
    assert calls_of("<p>Nothing</p>") == ""


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_call_that_translates_in_our_templates_is_found(path: Path) -> None:
    source = path.read_text("utf-8")
    assert len(calls(calls_of(source))) == source.count(" _(") + source.count("(_(") + source.count("gettext(")


def test_the_command_hands_templates_to_xgettext_as_python(tmp_path: Path) -> None:
    part = tmp_path / "part.jinja"
    part.write_text('{{ _("Today") }}', "utf-8")
    command = Command()
    file = TemplateFile(command, "django", original.TranslatableFile(str(tmp_path), part.name, str(tmp_path)))
    file.preprocess()
    assert Path(file.work_path).read_text("utf-8") == "_('Today')\n"
    assert file.work_path.endswith(".py")
    assert "jinja" in EXTENSIONS


@pytest.mark.parametrize(
    ("pattern", "shown"),
    [
        ("%(shown)s events", "<strong>12</strong> events"),
        ("ein Ereignis & mehr", "ein Ereignis &amp; mehr"),
        ("%(shown)s of %(shown)s", "<strong>12</strong> of <strong>12</strong>"),
        ("%(schown)s events", "%(schown)s events"),
    ],
)
def test_a_sentence_is_shown_whatever_its_translation_does_with_the_number(pattern: str, shown: str) -> None:
    assert emphasised(pattern, "12") == shown


def compiled(folder: Path, texts: Mapping[str, str]) -> None:
    """Write a catalog as msgfmt does."""
    keys = ["", *sorted(texts)]
    values = [b"Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=n != 1;\n"]
    values += [texts[key].encode() for key in keys[1:]]
    start = 28 + 16 * len(keys)
    tables, body = [b"", b""], b""
    for number, column in enumerate(([key.encode() for key in keys], values)):
        for text in column:
            tables[number] += struct.pack("<II", len(text), start + len(body))
            body += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, 0)
    folder.mkdir(parents=True)
    (folder / "django.mo").write_bytes(head + tables[0] + tables[1] + body)


def test_a_translation_without_the_placeholder_of_its_text_is_named(tmp_path: Path, settings: LazySettings) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    right = {"%(shown)s event\0%(shown)s events": "%(shown)s 사건\0%(shown)s 사건", "Today": "오늘", "100%": "100%"}
    compiled(tmp_path / "ko" / "LC_MESSAGES", right)
    assert translations_keep_their_placeholders(None) == []
    wrong = {"%(shown)s event\0%(shown)s events": "%(shown)s событие\0%(schown)s события", "Move %(lane)s up": "Вверх"}
    compiled(tmp_path / "ru" / "LC_MESSAGES", wrong)
    found = translations_keep_their_placeholders(None)
    assert [(each.id, each.msg) for each in found] == [
        (
            "timeline.E002",
            "The translation “%(schown)s события” of “%(shown)s event” (ru) names what is not given: schown.",
        ),
        ("timeline.W003", "The translation “Вверх” of “Move %(lane)s up” (ru) leaves out: lane."),
    ]


CALL = re.compile(r"\b(n?gettext|_)\((?:u)?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")


def messages() -> Iterator[tuple[str, str]]:
    """What each text without context is called with, from all that makemessages reads."""
    for path in sorted((settings.BASE_DIR / "timeline").rglob("*.py")):
        for _line, function, given in calls(path.read_text("utf-8")):
            if "gettext" in function or function == "_":
                yield function.removesuffix("_lazy"), str(given[0]) if given else ""
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.*")):
        source = path.read_text("utf-8")
        python = calls_of(source) if path.suffix == ".jinja" else templatize(source, origin=str(path))
        yield from ((function, ast.literal_eval(text)) for function, text in CALL.findall(python))


def test_no_text_is_counted_in_one_place_and_not_in_another() -> None:
    # GNU gettext refuses to gather them then, so that nothing at all can be translated; a context tells them apart.
    found = list(messages())
    counted = {text for function, text in found if function == "ngettext"}
    plain = {text for function, text in found if function in ("_", "gettext")}
    assert len(counted) > 30
    assert len(plain) > 500
    assert counted & plain == set()
