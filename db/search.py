"""Statements about finding messages by their words. Triggers keep what is found: a text that is gone is never found.

Whoever writes a message, or another text of it, saves its words in the same unit of work. Until somebody has, it has
an entry without words, made by a trigger: the indexer of `chat/search.py` finds these.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import Integer, Text, and_, bindparam, select, true, update

from db.each import each_of
from db.engine import Reading, Writing
from db.matching import Words, count_held, matches
from db.message_tables import message_words
from db.pages import Page, Pages, Window
from db.statements import Statement, among
from db.tables import messages, participants
from db.words import Phrase


class Hit(NamedTuple):
    """A message that holds what was looked for; `score` counts the phrases that it holds word for word."""

    score: int
    created_at: int
    message_id: str


class Said(NamedTuple):
    """The text of a message, to be looked into."""

    message_id: str
    conversation_id: str
    body: str


_is_pending = message_words.c.words.is_(None)
_PENDING = Statement(select(message_words.c.id).where(_is_pending).limit(1))
# Who edits a message waits for these rows, and takes the words away again: so what is read after is what is kept.
_TAKE_PENDING = Statement(
    select(message_words.c.message_id)
    .where(_is_pending)
    .order_by(message_words.c.id)
    .limit(bindparam("size", type_=Integer()))
    .with_for_update(skip_locked=True)
)
_TEXTS = Statement(
    select(messages.c.id, messages.c.conversation_id, messages.c.body).where(among(messages.c.id, "ids"))
)
_SAVE = Statement(
    update(message_words)
    .where(message_words.c.message_id == bindparam("id"))
    .values(words=bindparam("of", type_=Words()))
)


@cache
def _pages(*, is_of_one: bool) -> Pages:
    own = [participants.c.user_id == bindparam("viewer_id"), participants.c.left_event.is_(None)]
    if is_of_one:
        own.append(participants.c.conversation_id == bindparam("conversation_id", type_=Text()))
    score = count_held(message_words.c.words, participants.c.conversation_id, "phrases").label("score")
    found = each_of(matches(participants.c.conversation_id, "sought", "depth")).as_table()
    is_it = and_(message_words.c.id == found.c.value, message_words.c.conversation_id == participants.c.conversation_id)
    hits = (
        select(score, message_words.c.created_at, message_words.c.message_id)
        .select_from(participants.join(found, true()).join(message_words, is_it))
        .where(*own)
        .subquery("hits")
    )
    return Pages(select(*hits.c), [*hits.c], descending=True)


async def page(
    db: Reading,
    viewer_id: str,
    conversation_id: str | None,
    sought: Sequence[Phrase],
    phrases: Sequence[Phrase],
    window: Window,
    *,
    depth: int,
) -> Page[Hit]:
    """What the viewer may see and holds all of `sought`, of one conversation or all: those that hold more of `phrases`
    first, and of these the newest. Of one conversation no more than the newest `depth` are looked at."""
    given = {"viewer_id": viewer_id, "sought": sought, "phrases": phrases, "depth": depth}
    if conversation_id is not None:
        given["conversation_id"] = conversation_id
    found = await _pages(is_of_one=conversation_id is not None).read(db, window, given)
    return Page([Hit._make(row) for row in found.items], found.has_next, found.has_previous)


def is_searched(kind: str, body: str | None) -> bool:
    """Can a message be found by its words? The host's own words cannot."""
    return kind != "SYSTEM" and bool(body)


async def save_words(db: Writing, texts: Sequence[Said]) -> None:
    """Let messages be found by the words of their texts, as they are now; nothing for those that cannot be found."""
    rows = [{"id": text.message_id, "of": (text.conversation_id, text.body)} for text in texts]
    if len(rows) == 1:
        await db.run(_SAVE, rows[0])
    else:
        await db.run_many(_SAVE, rows)


async def has_pending(db: Reading) -> bool:
    """Are there messages whose words nobody saved?"""
    return await db.first(_PENDING) is not None


async def take_pending(db: Writing, size: int) -> list[Said]:
    """The texts of some of them, which nobody changes before the unit of work ends."""
    ids = [row[0] for row in await db.all(_TAKE_PENDING, {"size": size})]
    # A second statement, so that it sees what whoever was waited for has written.
    return [Said(*row) for row in await db.all(_TEXTS, {"ids": ids})] if ids else []
