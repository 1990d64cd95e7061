"""Annals as `make run` starts it, and a server of static files, each on a port of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .rivals import ROOT

SECONDS_TO_START = 30


@contextmanager
def granian(target: str, environment: dict[str, str], workers: int = 2) -> Iterator[str]:
    """Serve a WSGI application and return its address. Two processes of four threads, as in the Makefile."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", target, "--interface", "wsgi", "--host", "127.0.0.1"]
    command += [
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--blocking-threads",
        "4",
        "--no-ws",
        "--log-level",
        "warning",
    ]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int) -> None:
    """Return when something listens at a port."""
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"The server did not answer within {SECONDS_TO_START} seconds.")


def environment(folder: Path) -> dict[str, str]:
    """The variables of an installation that keeps everything in a folder, whatever is set outside."""
    own = ("DATABASE_URL", "DEBUG", "SECURE", "ALLOWED_HOSTS", "SITE_URL", "LANGUAGE_CODE", "TRUSTED_PROXIES", "PORT")
    kept = {name: value for name, value in os.environ.items() if name not in own}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "timeline.settings",
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'annals.sqlite3'}",
        "SECRET_KEY": "only-for-benchmarks",
    }


def prepare(folder: Path, events: int) -> None:
    """Set up an installation in a folder, with so many synthetic events, or with the demonstration if 0."""
    content = ["shell", "--command", f"from tests.benchmarks.loading import load; load({events})"]
    for command in (["migrate"], ["collectstatic", "--noinput"], content if events else ["load_demo"]):
        command = [sys.executable, "manage.py", *command]
        subprocess.run(command, cwd=ROOT, env=environment(folder), stdout=subprocess.DEVNULL, check=True)


@contextmanager
def annals(folder: Path) -> Iterator[str]:
    """Serve the installation in a folder, asked often enough that each process has its index."""
    with granian("timeline.wsgi:application", environment(folder)) as address:
        for _ in range(20):
            with urllib.request.urlopen(f"{address}/") as answer:
                answer.read()
        yield address
