"""The rivals from npm, on pages of their own, with the same events as ours."""

import datetime
import json
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whitenoise.compress import Compressor

ROOT = Path(__file__).resolve().parents[3]
CACHE = ROOT / "var" / "benchmarks"
PAGES = Path(__file__).parent / "pages"


@dataclass(frozen=True)
class Package:
    """An npm package at one version, and which of its files a page needs: prefix in the package to folder here."""

    name: str
    version: str
    files: dict[str, str]


VIS_TIMELINE = Package(
    "vis-timeline",
    "8.5.4",
    {
        "package/standalone/umd/vis-timeline-graph2d.min.js": "vis-timeline/vis-timeline-graph2d.min.js",
        "package/styles/vis-timeline-graph2d.min.css": "vis-timeline/vis-timeline-graph2d.min.css",
    },
)
TIMELINEJS = Package(
    "@knight-lab/timelinejs",
    "3.9.11",
    {
        "package/dist/js/timeline.js": "timelinejs/js/timeline.js",
        "package/dist/css/timeline.css": "timelinejs/css/timeline.css",
        "package/dist/css/icons/": "timelinejs/css/icons/",
    },
)


def packed(package: Package) -> Path:
    """The package's archive, fetched by npm when it is not here yet."""
    CACHE.mkdir(parents=True, exist_ok=True)
    file_name = f"{package.name.strip('@').replace('/', '-')}-{package.version}.tgz"
    if not (CACHE / file_name).exists():
        npm = shutil.which("npm")
        if not npm:
            sys.exit(f"The rival {package.name} comes from npm, which is not here. Install Node.js, or use ONLY=...")
        wanted = f"{package.name}@{package.version}"
        command = [npm, "pack", "--silent", "--pack-destination", str(CACHE), wanted]
        if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode:
            sys.exit(f"npm could not fetch {wanted} into {CACHE}: its message stands above.")
    return CACHE / file_name


def unpack(package: Package, folder: Path) -> None:
    """Write the files that a page needs into a folder."""
    with tarfile.open(packed(package)) as archive:
        for member in archive.getmembers():
            found = next((prefix for prefix in package.files if member.name.startswith(prefix)), None)
            source = archive.extractfile(member) if found else None
            if found and source:
                path = folder / (package.files[found] + member.name.removeprefix(found))
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(source.read())


def build(folder: Path, database: Path) -> list[str]:
    """Fill a folder with the rivals' pages and the published events of a database, everything compressed beside it.

    Returns the codes of the countries that take part, those in most events first.
    """
    shutil.copytree(PAGES, folder, dirs_exist_ok=True)
    for package in (VIS_TIMELINE, TIMELINEJS):
        unpack(package, folder)
    events = published(database)
    (folder / "events.json").write_text(json.dumps(events, ensure_ascii=False))
    compressor = Compressor(quiet=True)
    for path in [path for path in folder.rglob("*") if path.is_file() and compressor.should_compress(path.name)]:
        compressor.compress(str(path))
    return [code for code, _count in Counter(code for event in events for code in event["countries"]).most_common()]


def published(database: Path) -> list[dict[str, Any]]:
    """Title, first day, last day where there is another, and countries of each event, in the order of their days.

    What has not ended lasts until today, as the rivals have no word for it.
    """
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    query = """
        SELECT title, day, CASE latest WHEN '9999-12-31' THEN ? ELSE latest END, group_concat(DISTINCT country_id)
        FROM timeline_event LEFT JOIN timeline_participation ON event_id = timeline_event.id
        WHERE status = 'published' GROUP BY timeline_event.id ORDER BY day, timeline_event.id
    """
    connection = sqlite3.connect(database)
    rows = connection.execute(query, [today]).fetchall()
    connection.close()
    return [
        {"title": title, "start": first, "countries": countries.split(",") if countries else []}
        | ({"end": last} if last > first else {})
        for title, first, last, countries in rows
    ]
