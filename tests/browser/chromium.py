"""Find a Chromium for the browser tests, or install one: `python -m tests.browser.chromium`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

# Switched off: pages of the browser's own, which took more time in every window than the page that is tested, and what
# changes pages or asks its maker. Chromium believes only the last such list, so Playwright's is not in force.
WITHOUT = [
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "SpareRendererForSitePerProcess",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
]

# No sandbox: tests often run as root in a container. The rest keeps the browser from calling its maker.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(WITHOUT)}",
]

# The first is the browser without a window, which opens a page in two thirds of the time. Debian calls its packages of
# the first two by the same names; others may not have the first.
PROGRAMS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]


def starts(path: str) -> bool:
    """Say whether the program runs here at all: a downloaded browser often lacks the system's libraries."""
    if not Path(path).exists():
        return False
    return subprocess.run([path, "--version", "--no-sandbox"], capture_output=True, check=False).returncode == 0


def find(playwright: Playwright) -> str | None:
    """Return the path of the first browser that starts: CHROMIUM, Playwright's own, then the system's."""
    own = playwright.chromium.executable_path
    installed = [shutil.which(name) for name in PROGRAMS]
    return next((path for path in [os.environ.get("CHROMIUM"), own, *installed] if path and starts(path)), None)


def install() -> None:
    """Install a browser, from the system's packages where we may."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for package in PROGRAMS[:2]:
            installed = subprocess.run(["apt-get", "install", "-y", "-qq", package], check=False, env=environment)
            if installed.returncode == 0:
                break
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def main() -> None:
    """Make sure that there is a browser, or say what to do."""
    with sync_playwright() as playwright:
        if not find(playwright):
            print("The browser tests need Chromium; installing it.", flush=True)
            install()
        if not find(playwright):
            sys.exit("No Chromium starts here. Install one and name its path in CHROMIUM.")


if __name__ == "__main__":
    main()
