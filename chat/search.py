"""What a search means: any text is one. All of it must be in a message, as words or the beginnings of words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from db import search
from db.engine import Reading
from db.pages import Page, Window
from db.search import Hit
from db.words import LONGEST, Phrase, find_phrase, words_of

#: What is put in quotation marks, with a star behind it or without; phones put other marks than keyboards.
_QUOTED = re.compile('"([^"]*)"(\\*?)')
_MARKS = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02", '"'))


@dataclass(frozen=True, slots=True)
class Query:
    """Phrases that a message must all hold.

    What stands between spaces is a phrase whose last word may go on: `bicy` is found in "bicycle", `e-mail` in
    "e-mails" and in "e mail"; what stands in quotation marks is one of whole words, unless a star follows it. In
    scripts without spaces every character is a word.
    """

    phrases: tuple[Phrase, ...]

    @classmethod
    def of(cls, text: str, most: int) -> "Query":
        """The first `most` words of a text; what is no word counts for nothing."""
        phrases: list[Phrase] = []
        left = most
        for part, is_open in _parts(text.translate(_MARKS)):
            # No more of a long text is looked into than there may be words in it.
            words = [word.text for word in words_of(part[: left * LONGEST])]
            if words:
                phrases.append(Phrase(tuple(words[:left]), is_open and len(words) <= left))
                left -= len(phrases[-1].words)
            if left == 0:
                break
        return cls(tuple(phrases))

    @property
    def whole(self) -> tuple[Phrase, ...]:
        """What makes a message a better one: each phrase word for word, and all of them in one."""
        each = [Phrase(phrase.words, is_open=False) for phrase in self.phrases]
        if len(each) > 1:
            each.append(Phrase(tuple(word for phrase in each for word in phrase.words), is_open=False))
        return tuple(each)

    def highlights(self, text: str) -> list[tuple[int, int]]:
        """Where the phrases stand in a text, in order: start and length in code points; what touches is one."""
        words = [*words_of(text)]
        found = sorted({span for phrase in self.phrases for span in find_phrase(words, phrase)})
        spans: list[tuple[int, int]] = []
        for start, stop in found:
            if spans and start <= spans[-1][1]:
                spans[-1] = spans[-1][0], max(stop, spans[-1][1])
            else:
                spans.append((start, stop))
        return [(start, stop - start) for start, stop in spans]


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """What is to be found as a phrase each, and whether its last word may go on."""
    place = 0
    for quoted in _QUOTED.finditer(text):
        yield from ((part, True) for part in text[place : quoted.start()].split())
        yield quoted[1], bool(quoted[2]) or quoted[1].endswith("*")
        place = quoted.end()
    yield from ((part, True) for part in text[place:].split())


async def find_page(
    db: Reading, viewer_id: str, conversation_id: str | None, query: Query, window: Window, *, depth: int, most: int
) -> Page[Hit]:
    """A page of what was found, the best first; nothing for a query without a word.

    `depth` bounds what a word costs that is in every message of a long conversation, and `most` what it costs somebody
    who has many.
    """
    if not query.phrases:
        return Page([], has_next=False, has_previous=False)
    return await search.page(db, viewer_id, conversation_id, query.phrases, query.whole, window, depth=depth, most=most)
