"""Texts as a search sees them: folded words, and where each of them stands.

Both databases are given words that were found here, so that they find the same. Case, accents, widths and the digits
of other scripts are folded. In scripts that are written without spaces every character is a word, and what is looked
for is a phrase of them.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

#: Characters of a word; what is longer is several. PostgreSQL takes 2,046 bytes.
LONGEST = 64
#: Words of a text that are found: PostgreSQL counts no further than to 16,383, and to 255 for each word.
MOST = 16_000
MOST_OF_ONE = 255
#: Stands where a word is said too often to be found there. Nobody can look for it.
NOTHING = "\u2026"


class Word(NamedTuple):
    """A folded word, and the code points of the text from which on and before which it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after another; when `is_open`, the last is perhaps only the beginning of one."""

    words: tuple[str, ...]
    is_open: bool


class _Kind(IntEnum):
    """What a folded character does to the words of a text."""

    LETTER = 0
    ALONE = 1
    MARK = 2
    SPACE = 3


#: Folded characters with their kinds; nothing for what is not seen, and goes on with the word.
_Folded = tuple[tuple[str, _Kind], ...]

#: Scripts without spaces: kana and ideographs, Thai, Lao, Tibetan, Myanmar, Khmer, Tai, Javanese.
_ALONE = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u2e80-\u2fdf\u3005-\u3007\u3021-\u303c"
    "\u3040-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua980-\ua9df\uaa60-\uaa7f\uf900-\ufaff"
    "\U00016fe0-\U00018dff\U0001aff0-\U0001b2ff\U00020000-\U0003ffff]"
)
#: Marks that are accents and points on letters which are read without them. Others make another letter: they stay.
_ACCENT = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0711\u0730-\u074a"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)
#: Letters that are not made of another one and a mark, and are written with that one where there is no such key.
_LETTERS = {"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe", "\u0640": ""}
_ASCII = re.compile(f"[a-z0-9]{{1,{LONGEST}}}")


@lru_cache(maxsize=16_384)
def _fold(character: str) -> _Folded:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    folded: list[tuple[str, _Kind]] = []
    for part in plain:
        for one in _LETTERS.get(part, part):
            category = unicodedata.category(one)
            if category == "Cf" or (category[0] == "M" and _ACCENT.match(one)):
                continue
            if category[0] == "M":
                folded.append((one, _Kind.MARK))
            elif category == "Nd":
                folded.append((str(unicodedata.digit(one)), _Kind.LETTER))
            elif category == "So" or (category[0] in "LN" and _ALONE.match(one)):
                folded.append((one, _Kind.ALONE))
            else:
                folded.append((one, _Kind.LETTER if category[0] in "LN" else _Kind.SPACE))
    return tuple(folded)


def words_of(text: str) -> Iterator[Word]:
    """The words of a text, in order."""
    if text.isascii():
        return (Word(found[0], found.start(), found.end()) for found in _ASCII.finditer(text.lower()))
    return _words_of_any(text)


def _words_of_any(text: str) -> Iterator[Word]:
    letters: list[str] = []
    first = end = 0
    is_alone = False
    for place, character in enumerate(text):
        folded = _fold(character)
        if not folded and letters:
            end = place + 1
        for one, kind in folded:
            begins = kind is _Kind.ALONE or (kind is _Kind.LETTER and is_alone) or len(letters) == LONGEST
            if letters and (begins or kind is _Kind.SPACE):
                yield Word(unicodedata.normalize("NFC", "".join(letters)), first, end)
                letters.clear()
            if kind is _Kind.SPACE or (kind is _Kind.MARK and not letters):
                continue
            if not letters:
                first, is_alone = place, kind is _Kind.ALONE
            letters.append(one)
            end = place + 1
    if letters:
        yield Word(unicodedata.normalize("NFC", "".join(letters)), first, end)


def indexed(text: str) -> list[str]:
    """The words of a text as they are kept: not more than can be found, and NOTHING where one is said too often."""
    # Every send waits for this, and most texts are short and plain.
    words = _ASCII.findall(text.lower()) if text.isascii() else [word.text for word in words_of(text)]
    if len(words) <= MOST_OF_ONE:
        return words
    kept: list[str] = []
    times: dict[str, int] = {}
    for word in words[:MOST]:
        number = times[word] = times.get(word, 0) + 1
        kept.append(word if number <= MOST_OF_ONE else NOTHING)
    return kept


def find_phrase(words: Sequence[Word], phrase: Phrase) -> Iterator[tuple[int, int]]:
    """From where to where a phrase stands among the words of a text, as often as it does: code points."""
    size = len(phrase.words)
    for first in range(len(words) - size + 1):
        last = words[first + size - 1]
        is_last = last.text.startswith(phrase.words[-1]) if phrase.is_open else last.text == phrase.words[-1]
        if is_last and all(words[first + place].text == phrase.words[place] for place in range(size - 1)):
            yield words[first].start, last.end
