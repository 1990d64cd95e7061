"""Words as search sees them: how a text is cut into them, and what a reader asks for with a query.

Both databases are given the words that are made here and split at spaces only, so that they agree on what a word is.
Case and accents are folded. Scripts that are written without spaces between words (Chinese, Japanese, Korean, Thai ...)
are cut into overlapping pairs of characters, so that any part of a run is found without a dictionary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

# Stands between the parts of a stored text, so that no phrase reaches from one into the next. Nobody can ask for it.
GAP = "¶"
WORD_LENGTH = 100

# Marks above this canonical combining class are accents and vowel points. Those below make up syllables in the scripts
# of South Asia, or tell か from が.
_LAST_ESSENTIAL_CLASS = 9
# Letters that Unicode does not decompose, although keyboards often lack them.
_PLAIN = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
_SMALLEST_MODIFIER, _LARGEST_MODIFIER = 0x2B0, 0x2FF  # letters that serve as apostrophes: Hawaiʻi
_LAST_KEPT = 0xFFFF

# Scripts without spaces: Thai and Lao, Burmese, Hangul letters, Khmer, Han with its radicals, kana, Hangul syllables.
_UNSPACED = (
    "\u0e01-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3031-\u312f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN = re.compile(rf"[{_UNSPACED}]+|[^\s{_UNSPACED}]+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")

_QUOTES = '"“”„‟«»＂'
_TERM = re.compile(
    rf"(?P<minus>[-−])?(?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?:[{_QUOTES}](?P<star>\*)?|$)|(?P<word>[^\s{_QUOTES}]+))"
)


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand beside each other in this order; with `is_prefix` the last is only a beginning."""

    words: tuple[str, ...]
    is_prefix: bool = False
    typed: str = field(default="", compare=False)

    def is_in(self, stored: Sequence[str]) -> bool:
        """True if these words of a text hold it."""
        *before, last = self.words
        for at in range(len(before), len(stored)):
            fits = stored[at].startswith(last) if self.is_prefix else stored[at] == last
            if fits and (not before or before == [*stored[at - len(before) : at]]):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Query:
    """What must be found, and what must not be. False where nothing is asked."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted)

    @property
    def terms(self) -> tuple[Term, ...]:
        return self.wanted + self.unwanted

    def matches(self, stored: Sequence[str]) -> bool:
        """True if these words of a text hold all that is wanted and nothing that is not."""
        return all(term.is_in(stored) for term in self.wanted) and not any(term.is_in(stored) for term in self.unwanted)

    @property
    def only_excludes(self) -> bool:
        return bool(self.unwanted and not self.wanted)


class _Folding(dict[int, str]):
    """For each character what becomes of it: its plain form, nothing, or a space."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        if unicodedata.combining(character) > _LAST_ESSENTIAL_CLASS:
            plain = ""
        elif category[0] not in "LNM" or _SMALLEST_MODIFIER <= code <= _LARGEST_MODIFIER:
            plain = " "
        else:
            folded = character.casefold()
            plain = _PLAIN.get(folded, folded)
        if code <= _LAST_KEPT:
            self[code] = plain
        return plain


_FOLDING = _Folding()


def words(text: str) -> list[str]:
    """The words of a text as they are stored, in order.

    A run without spaces gives its pairs and, so that a single character is the beginning of some word wherever it
    stands, its last character: 전승절 gives 전승, 승절, 절.
    """
    if text.isascii():
        plain = text.translate(_FOLDING).split()
        return plain if len(text) <= WORD_LENGTH else [word[:WORD_LENGTH] for word in plain]
    found: list[str] = []
    folded = unicodedata.normalize("NFKD", text).translate(_FOLDING)
    for run in _RUN.findall(unicodedata.normalize("NFC", folded)):
        if _IS_UNSPACED.match(run):
            found.extend(run[at : at + 2] for at in range(len(run)))
        else:
            found.append(run[:WORD_LENGTH])
    return found


def folded(text: str) -> str:
    """The words of a text, as they are stored and compared, with blanks between them."""
    return " ".join(words(text))


def parse(text: str) -> Query:
    """Read what a reader typed: words, "phrases", beginnings*, -exclusions. Never raises; skips what says nothing.

    A word is found whole, a run without spaces anywhere. What punctuation joins ("north-east", "S/3079") is a phrase.
    """
    wanted: dict[Term, None] = {}
    unwanted: dict[Term, None] = {}
    for found in _TERM.finditer(text):
        content = (found["phrase"] if found["word"] is None else found["word"]).strip()
        term = _term(content, is_prefix=bool(found["star"]) or content.endswith("*"))
        if term.words:
            (unwanted if found["minus"] else wanted)[term] = None
    return Query(tuple(wanted), tuple(unwanted))


def _term(content: str, *, is_prefix: bool) -> Term:
    found = words(content)
    if found and _IS_UNSPACED.match(found[-1]):
        # The run may go on in the text: its last character alone says less than the pair before it.
        *before, last = found
        pair = before[-1] if before else ""
        if len(pair) == 2 and pair[1] == last and _IS_UNSPACED.match(pair):
            return Term(tuple(before), typed=content)
        return Term(tuple(found), is_prefix=True, typed=content)
    return Term(tuple(found), is_prefix, content)
