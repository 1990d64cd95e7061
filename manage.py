#!/usr/bin/env python3
"""Django's command line for Annals."""

import os
import signal
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command that the arguments name."""
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # A wrong variable is the operator's affair: the message says what to do, a traceback would hide it.
        sys.exit(f"Annals cannot start: {error}")
    finally:
        sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "timeline.settings")
    try:
        main()
    except BrokenPipeError:
        # Whoever read along has seen enough, as `head` does: end as other programs do, which the signal kills.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere, stream.fileno())
        sys.exit(128 + signal.SIGPIPE)
