"""What people type ("27 July 1953", "late July 2023", "since 1991") to EDTF.

Nothing is guessed: a text with two readings is refused and both are named. Every expression runs on at most 64
characters and repeats without nesting.
"""

import datetime
import re
import unicodedata
from collections.abc import Callable

from django.utils.translation import gettext as _

from .edtf_text import check_text, parse_edtf, read_single
from .parts import part_bounds, part_text, week_of
from .single_text import month_word, read_plain, read_qualified, year_word
from .values import MAX_LENGTH, DateProblem, EventDate, Precision
from .vocabulary import DASHES, PARTS, SEPARATORS

DAY_AND_YEAR = re.compile(r"[0-9]{1,2}(?:st|nd|rd|th)? [0-9]{4}")
EDTF_SHAPE = re.compile(r"[0-9XxTYZ:+?~%/.\[\]-]+")


def parse_human(text: str) -> EventDate:
    """Read a date as people write it in English, or EDTF; raises `DateProblem` with examples of what can be written.

    "before 1991" is some day in 1990 or earlier (`[..1990]`), "after 1991" one in 1992 or later; "until 1991" lasts
    (`../1991`), and so does "since 1991" (`1991/..`). Month names are also read in Russian, full dates in Korean,
    Chinese and Japanese.
    """
    stripped = check_text(text)
    problem = DateProblem(_not_understood() % {"text": stripped}, "format")
    if EDTF_SHAPE.fullmatch(stripped):
        try:
            return parse_edtf(stripped)
        except DateProblem as edtf_problem:
            if edtf_problem.code != "format" or "[" in stripped:
                problem = edtf_problem
    plain = " ".join(unicodedata.normalize("NFKC", stripped).translate(DASHES).casefold().split())
    # One character can become eighteen in the compatible form.
    edtf = _whole(plain) if len(plain) <= MAX_LENGTH else None
    if edtf is None:
        raise problem
    return parse_edtf(edtf)


def range_bounds(from_text: str | None, to_text: str | None) -> tuple[datetime.date, datetime.date]:
    """First and last day, both included, of a range typed as two dates: "1950" to "July 1953" ends on 31 July 1953.

    An empty text leaves its side open (`date.min`, `date.max`). Raises `DateProblem` with `parameter` "from" or "to".
    """
    first, last = datetime.date.min, datetime.date.max
    for parameter, text in (("from", from_text), ("to", to_text)):
        if text is None or not text.strip():
            continue
        try:
            date = parse_human(text)
        except DateProblem as problem:
            problem.parameter = parameter
            raise
        if parameter == "from":
            first = date.earliest
        else:
            last = date.latest
    if last < first:
        message = _("The range ends (%(to)s) before it begins (%(from)s).") % {"from": from_text, "to": to_text}
        raise DateProblem(message, "order", "to")
    return first, last


def _not_understood() -> str:
    return _(
        "“%(text)s” is not understood as a date. Write for example 27 July 1953, July 1953, 1953, 1950s, about 1950, "
        "late July 2023, 25-27 July 2023, from 1950 to 1953, between 1950 and 1953 or since 26 December 1991."
    )


def _whole(text: str) -> str | None:
    edtf = read_qualified(text)
    if edtf:
        return edtf
    for expression, read in READERS:
        match = expression.fullmatch(text)
        edtf = read(*match.groups()) if match else None
        if edtf:
            return edtf
    return _interval(text.removeprefix("from "))


def _framed(pattern: str) -> Callable[[str], str | None]:
    """A reader that puts the EDTF of one date into a pattern, such as `{}/..` for "since"."""

    def read(text: str) -> str | None:
        edtf = read_qualified(text)
        return pattern.format(edtf) if edtf else None

    return read


def _before(text: str) -> str | None:
    return _beside(text, -1, "[..{}]")


def _after(text: str) -> str | None:
    return _beside(text, 1, "[{}..]")


def _beside(text: str, step: int, pattern: str) -> str | None:
    """The unit just before or after a date: "before 1991" is 1990 or earlier, "before May 1991" April or earlier."""
    edtf = read_plain(text)
    if edtf is None:
        return None
    single = read_single(edtf)
    try:
        neighbour = (single.first if step < 0 else single.last) + datetime.timedelta(step)
    except OverflowError:
        raise DateProblem(_("Years run from 0001 to 9999, written with four digits."), "year") from None
    length = {Precision.DAY: 10, Precision.MONTH: 7, Precision.SEASON: 7}.get(single.precision, 4)
    return pattern.format(neighbour.isoformat()[:length])


def _week(text: str) -> str | None:
    edtf = read_plain(text)
    if edtf is None:
        return None
    single = read_single(edtf)
    if single.first != single.last:
        raise DateProblem(_("A week is named by one of its days, for example the week of 24 July 2023."), "format")
    try:
        return part_text(Precision.WEEK, *week_of(single.first))
    except OverflowError:
        raise DateProblem(_("Years run from 0001 to 9999, written with four digits."), "year") from None


def _iso_week(year: str, week: str) -> str:
    try:
        return part_text(Precision.WEEK, *week_of(datetime.date.fromisocalendar(int(year), int(week), 1)))
    except (ValueError, OverflowError):
        message = _("There is no week %(week)s in %(year)s.") % {"week": week, "year": year}
        raise DateProblem(message, "format") from None


def _part(name: str, text: str) -> str | None:
    edtf = read_plain(text)
    if edtf is None:
        return None
    single = read_single(edtf)
    try:
        bounds = part_bounds(single.precision, PARTS[name], single.first)
    except KeyError:
        return None
    return part_text(single.precision, *bounds)


def _winter(first: str, last: str) -> str | None:
    year = int(first)
    if last not in {f"{year + 1:04d}", f"{(year + 1) % 100:02d}"}:
        return None
    return f"[{first}-12..{year + 1:04d}-02]"


def _between(first: str, last: str) -> str | None:
    pair = _pair(first, last)
    return f"[{pair[0]}..{pair[1]}]" if pair else None


def _either(first: str, last: str) -> str | None:
    """Two days, months or years in a row ("26 or 27 July 2023"): one unknown day of them."""
    pair = _pair(first, last)
    if pair is None:
        return None
    start, end = read_single(pair[0]), read_single(pair[1])
    return f"[{pair[0]}..{pair[1]}]" if (end.first - start.last).days == 1 else None


def _interval(text: str) -> str | None:
    """Two ends with any separator between them; the first place to cut that makes sense of both is taken."""
    first_problem: DateProblem | None = None
    for separator in SEPARATORS:
        for match in re.finditer(re.escape(separator), text):
            try:
                pair = _pair(text[: match.start()].strip(), text[match.end() :].strip())
            except DateProblem as problem:
                first_problem = first_problem or problem
                continue
            if pair:
                return f"{pair[0]}/{pair[1]}"
    if first_problem:
        raise first_problem
    return None


def _pair(first: str, last: str) -> tuple[str, str] | None:
    """EDTF of two ends, of which the first may leave its month or year to the second, and the second its month."""
    if not first or not last:
        return None
    shared_month, shared_year = month_word(last), year_word(last)
    if month_word(first) and DAY_AND_YEAR.fullmatch(last):
        shared_month = month_word(first)
        last = f"{shared_month} {last}"
    end = read_qualified(last)
    if end is None:
        return None
    if shared_year and year_word(first) is None and not re.search("[0-9]{3}|century", first):
        month = shared_month if shared_month and month_word(first) is None else ""
        first = f"{first} {month} {shared_year}"
    start = read_qualified(first)
    return (start, end) if start else None


READERS: tuple[tuple[re.Pattern[str], Callable[..., str | None]], ...] = tuple(
    (re.compile(expression), read)
    for expression, read in (
        (r"(?:ongoing )?since (.+?)(?: \(ongoing\))?", _framed("{}/..")),
        (r"(?:from )?(.+?)(?: ?- ?| to )(?:present|now|today|ongoing)", _framed("{}/..")),
        (r"(?:from )?(.+) (?:onwards?|\(ongoing\))", _framed("{}/..")),
        (r"until (.+) \(beginning unknown\)", _framed("/{}")),
        (r"from (.+) \(end unknown\)", _framed("{}/")),
        (r"(?:until|till|up to) (.+)", _framed("../{}")),
        (r"before (.+)", _before),
        (r"after (.+)", _after),
        (r"(?:on or before (.+))", _framed("[..{}]")),
        (r"(?:on or after (.+))", _framed("[{}..]")),
        (r"(.+) or (?:earlier|before)", _framed("[..{}]")),
        (r"(.+) or (?:later|after)", _framed("[{}..]")),
        (r"(?:some day |some time )?between (.+?) and (.+)", _between),
        (r"some day from (.+?) to (.+)", _between),
        (r"(?:in )?(?:the )?week of (.+)", _week),
        (r"([0-9]{4})-?w([0-9]{1,2})", _iso_week),
        (r"(?:in )?(?:the )?(" + "|".join(sorted(PARTS, key=len, reverse=True)) + r") ?(.+)", _part),
        (r"(?:the )?winter (?:of )?([0-9]{4}) ?[-/] ?([0-9]{2}|[0-9]{4})", _winter),
        (r"(.+) or (.+)", _either),
    )
)
