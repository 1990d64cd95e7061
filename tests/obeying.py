"""A process of our own that reads orders and answers each by a line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence

from django.conf import settings


class Obeying:
    """Runs a module of the project with Python until it is ended."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self.running = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def order(self, line: str) -> None:
        assert self.running.stdin is not None
        self.running.stdin.write(f"{line}\n")
        self.running.stdin.flush()

    def answer(self) -> str:
        assert self.running.stdout is not None
        return self.running.stdout.readline().strip()

    def asked(self, line: str) -> str:
        self.order(line)
        return self.answer()

    def end(self) -> None:
        assert self.running.stdin is not None
        assert self.running.stdout is not None
        self.running.stdin.close()
        self.running.wait(timeout=60)
        self.running.stdout.close()
