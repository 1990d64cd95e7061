"""Commands whose output nobody reads to its end, as with `| head`: they end as other programs do, without a word."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError


@pytest.fixture
def nobody() -> Iterator[TextIO]:
    """A pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    # Written through, so that nothing is left to be written when it is closed.
    with io.TextIOWrapper(io.FileIO(writing, "w"), write_through=True) as pipe:
        yield pipe


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_command_that_nobody_reads_ends_quietly(stream: str, nobody: TextIO, tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "help" if stream == "stdout" else "unknown"]
    environment = os.environ | {"VAR_DIR": str(tmp_path), "ENV_FILE": os.devnull}
    kept: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | {stream: nobody}
    finished = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=False, **kept)
    assert finished.returncode == 128 + 13
    assert not finished.stderr


@pytest.mark.django_db
@pytest.mark.parametrize(
    "command", [["import_events", "fixtures/korea.json", "--dry-run"], ["export_events", "--format", "csv"]]
)
def test_a_closed_pipe_is_not_taken_for_a_file_that_cannot_be_read(
    command: list[str], nobody: TextIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("load_countries")
    monkeypatch.setattr(sys, "stdout", nobody)
    monkeypatch.chdir(settings.BASE_DIR)
    with pytest.raises(BrokenPipeError):
        call_command(*command)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["import_events", "."], "The file cannot be read: "),
        (["export_events", "--output", "."], "Is a directory"),
    ],
)
def test_a_file_that_cannot_be_read_or_written_is_still_named(command: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command(*command)
