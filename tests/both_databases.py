"""Run the tests on SQLite and on PostgreSQL at once: `python -m tests.both_databases --numprocesses 2`.

While tests on one wait for a browser, those on the other have the processor. What SQLite's tests say is shown as it
comes, what PostgreSQL's had to say follows it. Options are those of pytest.
"""

import subprocess
import sys
import tempfile

PYTEST = [sys.executable, "-m", "pytest"]
ON_POSTGRESQL = [sys.executable, "-m", "tests.postgres", *PYTEST, "--ignore", "tests/browser"]


def main(options: list[str]) -> int:
    """Return 0 when all tests have passed on both."""
    with tempfile.TemporaryFile("w+") as said:
        # What failed here is remembered apart from what failed there.
        apart = ["--override-ini", "cache_dir=.pytest_cache/postgresql"]
        postgresql = subprocess.Popen([*ON_POSTGRESQL, *apart, *options], stdout=said, stderr=subprocess.STDOUT)
        sqlite = subprocess.Popen([*PYTEST, *options])
        failed = sqlite.wait()
        print("\nOn PostgreSQL:", flush=True)
        failed = postgresql.wait() or failed
        said.seek(0)
        print(said.read(), flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
