"""All formats, and which of them a file is in: by what it holds, never by what it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline.records import Problem, Record

from . import (
    acled,
    annals_csv,
    annals_json,
    annals_tsv,
    annals_xlsx,
    gdelt,
    ics,
    mapped,
    timelinejs_csv,
    timelinejs_json,
    timemap,
    ucdp,
)
from .problems import FileProblem
from .reading import Reading

HEAD = 64 * 1024
"""Bytes of a file that are looked at."""


@dataclass(frozen=True, slots=True)
class Format:
    """A language in which events come in, and perhaps go out."""

    slug: str
    name: str | Promise
    suffix: str
    content_type: str
    recognises: Callable[[bytes, str], bool]
    read: Callable[[BinaryIO, Reading], Iterator[Record | Problem]]
    write: Callable[[Iterable[Record]], Iterator[bytes]] | None = None
    has_categories: bool = True
    """False where a reader may have to be told the category of events."""

    @property
    def is_text_table(self) -> bool:
        """Whether a mapping of its columns could read a file too."""
        return self.suffix in ("csv", "tsv")


# The first that recognises a file reads it. Only a mapping can tell what other tables mean.
FORMATS: dict[str, Format] = {
    found.slug: found
    for found in (
        Format(
            *("json", gettext_lazy("Annals JSON"), "json", "application/json"),
            *(annals_json.recognises, annals_json.read, annals_json.write),
        ),
        Format(
            *("csv", gettext_lazy("Annals table (CSV)"), "csv", "text/csv; charset=utf-8"),
            *(annals_csv.recognises, annals_csv.read, annals_csv.write),
        ),
        Format(
            *("tsv", gettext_lazy("Annals table (TSV)"), "tsv", "text/tab-separated-values; charset=utf-8"),
            *(annals_tsv.recognises, annals_tsv.read, annals_tsv.write),
        ),
        Format(
            *("xlsx", gettext_lazy("Annals table (Excel)"), "xlsx"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            *(annals_xlsx.recognises, annals_xlsx.read, annals_xlsx.write),
        ),
        Format(
            *("timelinejs", "TimelineJS (JSON)", "json", "application/json"),
            *(timelinejs_json.recognises, timelinejs_json.read, timelinejs_json.write, False),
        ),
        Format(
            *("timelinejs-csv", gettext_lazy("TimelineJS (table)"), "csv", "text/csv; charset=utf-8"),
            *(timelinejs_csv.recognises, timelinejs_csv.read, timelinejs_csv.write, False),
        ),
        Format(
            *("timemap", "TimeMap (Forensic Architecture, Bellingcat)", "json", "application/json"),
            *(timemap.recognises, timemap.read, None, False),
        ),
        Format("gdelt", "GDELT", "csv", "text/tab-separated-values", gdelt.recognises, gdelt.read),
        Format("acled", "ACLED", "csv", "text/csv", acled.recognises, acled.read),
        Format("ucdp", "UCDP GED", "csv", "text/csv", ucdp.recognises, ucdp.read),
        Format("icalendar", "iCalendar", "ics", "text/calendar", ics.recognises, ics.read, None, False),
        Format(
            "mapping", gettext_lazy("Other table, with a mapping"), "csv", "text/csv", mapped.recognises, mapped.read
        ),
    )
}
WRITABLE = [found.slug for found in FORMATS.values() if found.write]
_BEGINNINGS = (
    (b"\xff\xfe", gettext_lazy("The file is in UTF-16. Save it as “CSV UTF-8”.")),
    (b"\xfe\xff", gettext_lazy("The file is in UTF-16. Save it as “CSV UTF-8”.")),
    (b"\xd0\xcf\x11\xe0", gettext_lazy("This is an old workbook of Excel (.xls). Save it as .xlsx or CSV.")),
    (b"%PDF", gettext_lazy("This is a PDF. Events come in as a table, JSON or a calendar.")),
    (b"\x1f\x8b", gettext_lazy("This file is compressed (gzip). Unpack it first.")),
    (b"PK\x03\x04", gettext_lazy("This is a packed file, but no workbook of Excel. Unpack it first.")),
    (b"<", gettext_lazy("This is a page of HTML or XML, not a table. Was it saved from a page that asked to log in?")),
    (b"\x89PNG", gettext_lazy("This is a picture.")),
    (b"\xff\xd8\xff", gettext_lazy("This is a picture.")),
)


def recognise(stream: BinaryIO, name: str = "") -> Format | None:
    """The format of a file, read from its beginning; None for a table that only a mapping can explain.

    Raises FileProblem for a file that is empty or nothing that holds events. The stream stands at its beginning then.
    """
    head = stream.read(HEAD)
    stream.seek(0)
    if not head.strip():
        raise FileProblem(_("The file is empty."))
    for found in FORMATS.values():
        if found.recognises(head, name):
            return found
    for beginning, message in _BEGINNINGS:
        if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(beginning):
            raise FileProblem(str(message))
    if b"\0" in head:
        raise FileProblem(_("The file holds NUL characters: it is no text, or in UTF-16. Save it as “CSV UTF-8”."))
    # Reading it will say what is wrong with it.
    return FORMATS["json"] if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"[") else None
