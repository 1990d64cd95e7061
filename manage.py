#!/usr/bin/env python3
"""Django's command line for Annals."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "timeline.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # A wrong variable is the operator's affair: the message says what to do, a traceback would hide it.
        sys.exit(f"Annals cannot start: {error}")
