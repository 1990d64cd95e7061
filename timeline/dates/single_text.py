"""One date without an end, as people type it, to EDTF: "Wednesday, 26 July 2023", "the 1950s", "Q1 2020".

Every text here is in lower case with plain dashes and single spaces, and without commas. A function answers None for
what it does not understand and raises `DateProblem` for what it understands and finds wrong.
"""

import re

from django.utils.dates import WEEKDAYS as WEEKDAY_WORDS
from django.utils.translation import gettext as _

from .calendar_words import day_words
from .edtf_text import SINGLE, read_single
from .values import DateProblem
from .vocabulary import ABOUT, ABOUT_AFTER, BEFORE_CHRIST, MONTHS, NOISE, PERHAPS, PERHAPS_AFTER, SEASONS, WEEKDAYS

NUMBERS = re.compile(r"([0-9]{1,4})([./-])([0-9]{1,2})\2([0-9]{1,4})")
MONTH_AND_YEAR = re.compile(r"([0-9]{1,2})[./]([0-9]{4})|([0-9]{4})[./-]([0-9]{1,2})")
EAST_ASIAN = re.compile(r"([0-9]{4}) ?[년年](?: ?([0-9]{1,2}) ?[월月](?: ?([0-9]{1,2}) ?[일日])?)?")
DECADE_RANGE = re.compile(r"(?:the )?decade ([0-9]{3})0 ?- ?(?:\1)9")
KINDS = (
    ("Y", re.compile(r"[0-9]{4}")),
    ("D", re.compile(r"[0-9]{1,3}(?:st|nd|rd|th)?")),
    ("E", re.compile(r"[0-9]{3}0'?s")),
    ("T", re.compile(r"'?[0-9]0'?s|'[0-9]{2}")),
    ("Q", re.compile(r"q[1-4]")),
)
"""Kinds of words besides month M, weekday W, season S and "century" C; T is a year of two digits."""


def read_qualified(text: str) -> str | None:
    """EDTF of one date that may be marked as about or possible."""
    rest, approximate = _without(text, ABOUT, ABOUT_AFTER)
    rest, uncertain = _without(rest, PERHAPS, PERHAPS_AFTER)
    # The marks may stand in either order: "probably about 1950", "about 1950?".
    rest, approximate_inside = _without(rest, ABOUT, ABOUT_AFTER)
    qualifier = {(True, True): "%", (True, False): "~", (False, True): "?", (False, False): ""}
    edtf = read_plain(rest)
    if edtf is None:
        return None
    return edtf + qualifier[approximate or approximate_inside, uncertain] if edtf[-1] not in "?~%" else None


def read_plain(text: str) -> str | None:
    """EDTF of one date without "about" or "possibly"; the day it names exists."""
    edtf = _from_symbols(text) or _from_words(text)
    if edtf:
        read_single(edtf)
    return edtf


def month_word(text: str) -> str | None:
    """The first word of a text that names a month, for "25-27 July 2023", where the first day leaves it out."""
    return next((word for word in text.split() if word.rstrip(".") in MONTHS), None)


def year_word(text: str) -> str | None:
    """The last word of a text that is a year, for "25 July to 3 August 2023"."""
    return next((word for word in reversed(text.split()) if KINDS[0][1].fullmatch(word)), None)


def _without(text: str, prefixes: tuple[str, ...], suffixes: tuple[str, ...]) -> tuple[str, bool]:
    for prefix in prefixes:
        if text.startswith(prefix):
            return text.removeprefix(prefix).lstrip(), True
    for suffix in suffixes:
        if text.endswith(suffix):
            return text.removesuffix(suffix).rstrip(), True
    return text, False


def _from_symbols(text: str) -> str | None:
    if SINGLE.fullmatch(text.replace("x", "X")):
        return text.replace("x", "X")
    if match := NUMBERS.fullmatch(text):
        return _from_numbers(match[1], match[3], match[4])
    if match := MONTH_AND_YEAR.fullmatch(text):
        return f"{match[2] or match[3]}-{match[1] or match[4]:0>2}"
    if match := EAST_ASIAN.fullmatch(text):
        return "-".join(f"{part:0>2}" for part in match.groups() if part)
    if match := DECADE_RANGE.fullmatch(text):
        return f"{match[1]}X"
    return None


def _from_numbers(first: str, second: str, third: str) -> str | None:
    if len(first) == 4 and len(third) <= 2:
        return f"{first}-{second:0>2}-{third:0>2}"
    if len(first) <= 2 and len(third) == 2:
        raise _two_digit_year()
    if len(first) > 2 or len(third) != 4:
        return None
    day_first, month_first = f"{third}-{second:0>2}-{first:0>2}", f"{third}-{first:0>2}-{second:0>2}"
    if int(first) > 12 or first == second:
        return day_first
    if int(second) > 12:
        return month_first
    readings = {"text": f"{first}/{second}/{third}"}
    readings["first"], readings["second"] = (day_words(read_single(text).first) for text in (day_first, month_first))
    message = _("%(text)s can be %(first)s or %(second)s: write the month as a word, or year-month-day.")
    raise DateProblem(message % readings, "ambiguous")


def _from_words(text: str) -> str | None:
    words = [word for word in text.split() if word not in NOISE]
    if words and words[-1] in BEFORE_CHRIST:
        raise DateProblem(_("Years before 1 cannot be kept: years run from 0001 to 9999."), "year")
    kinds = "".join(_kind(word) for word in words)
    if kinds.startswith("W") and len(kinds) > 1:
        return _on_weekday(words[0], words[1:], kinds[1:])
    return _from_kinds(words, kinds)


def _kind(word: str) -> str:
    for kind, expression in KINDS:
        if expression.fullmatch(word):
            return kind
    plain = word.rstrip(".")
    for kind, names in (("M", MONTHS), ("W", WEEKDAYS), ("S", SEASONS), ("C", ("century",))):
        if plain in names:
            return kind
    return "?"


def _from_kinds(words: list[str], kinds: str) -> str | None:
    values = dict(zip(kinds, words, strict=True))
    if sorted(kinds) == ["D", "M", "Y"]:
        return f"{values['Y']}-{_month(values['M'])}-{_number(values['D'])}"
    if kinds in {"MY", "YM"}:
        return f"{values['Y']}-{_month(values['M'])}"
    if kinds in {"SY", "YS"}:
        return f"{values['Y']}-{SEASONS[values['S']]}"
    if kinds in {"QY", "YQ"}:
        return f"{values['Y']}-{32 + int(values['Q'][1])}"
    if kinds == "DC" and 1 <= int(_number(values["D"])) <= 100:
        return f"{int(_number(values['D'])) - 1:02d}XX"
    if kinds == "E":
        return _decade(words[0])
    if kinds in {"DM", "MD"} and int(_number(values["D"])) > 31:
        raise _two_digit_year()
    if kinds in {"T", "DMT", "MDT", "MT", "DMD", "MDD"}:
        raise _two_digit_year()
    if kinds in {"DM", "MD", "M", "S", "Q"}:
        raise DateProblem(_("Add the year, with four digits, for example 27 July 1953."), "year")
    return None


def _decade(word: str) -> str:
    if word[2] == "0":
        names = {"text": word, "first": f"{word[:3]}0", "last": f"{word[:3]}9", "century": f"{word[:2]}XX"}
        message = _("“%(text)s” can be ten or a hundred years: write decade %(first)s-%(last)s, or %(century)s.")
        raise DateProblem(message % names, "ambiguous")
    return f"{word[:3]}X"


def _on_weekday(weekday: str, words: list[str], kinds: str) -> str | None:
    edtf = _from_kinds(words, kinds) or _from_symbols(" ".join(words))
    if edtf is None:
        return None
    single = read_single(edtf)
    said, true = WEEKDAYS[weekday.rstrip(".")], single.first.weekday()
    if single.first != single.last:
        raise DateProblem(_("A weekday needs a full date, for example Monday, 27 July 1953."), "weekday")
    if said != true:
        names = {"date": day_words(single.first), "true": WEEKDAY_WORDS[true], "said": WEEKDAY_WORDS[said]}
        raise DateProblem(_("%(date)s was a %(true)s, not a %(said)s.") % names, "weekday")
    return edtf


def _month(word: str) -> str:
    return f"{MONTHS[word.rstrip('.')]:02d}"


def _number(word: str) -> str:
    return f"{int(word.rstrip('stndrh')):02d}"


def _two_digit_year() -> DateProblem:
    return DateProblem(
        _("Write the year with four digits: two digits do not say which century, for example 53 is 1953 or 2053."),
        "two_digit_year",
    )
