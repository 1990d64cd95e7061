"""Run the groups of measurements, each on an empty database of its own, and print a line for each figure."""

import argparse
import importlib
import os
import pkgutil
import sys
from pathlib import Path

import django
from django.test.utils import setup_databases, teardown_databases

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

# Beside the groups stands what they measure with.
NO_GROUPS = {"asking", "generator", "loading", "one_process", "stock_admin"}


def groups() -> list[str]:
    """Return the names of all groups: the modules beside this one that measure."""
    found = (module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return sorted(name for name in found if not name.startswith("_") and name not in NO_GROUPS)


def main() -> None:
    """Run the group named by --only, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", default="", help=f"one of: {', '.join(groups())}")
    parser.add_argument("--events", type=int, default=100_000, help="how many events the groups work on")
    options = parser.parse_args()
    if options.only and options.only not in groups():
        sys.exit(f"ONLY={options.only!r} is not known. Use one of: {', '.join(groups())}.")
    django.setup()
    for group in [options.only] if options.only else groups():
        databases = setup_databases(verbosity=0, interactive=False)
        try:
            module = importlib.import_module(f"tests.benchmarks.{group}")
            for measurement in module.measurements(options.events):
                print(measurement.line(group), flush=True)
        finally:
            teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    main()
