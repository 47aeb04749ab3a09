"""Statements about finding messages by their words. Triggers keep what is found: a text that is gone is never found.

A message that is sent has an entry without words, made by a trigger; the indexer of `chat/indexer.py` saves them, at
the latest when somebody searches who may find it.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import Integer, bindparam, func, literal, select, update

from db.engine import AnyRow, Reading, Writing
from db.matching import Words, hits, key_of
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
    seq: int
    body: str


_is_pending = message_words.c.words.is_(None)
_PENDING = Statement(select(message_words.c.id).where(_is_pending).limit(1))
_pending = (
    select(message_words.c.message_id)
    .where(_is_pending)
    .order_by(message_words.c.id)
    .limit(bindparam("size", type_=Integer()))
)
# Who edits a message waits for these rows, and takes the words away again: so what is read after is what is kept.
_TAKE_PENDING = Statement(_pending.with_for_update(skip_locked=True))
_own = select(participants.c.conversation_id).where(
    participants.c.user_id == bindparam("viewer_id"), participants.c.left_event.is_(None)
)
_is_own = message_words.c.conversation_id.in_(_own)
_HAS_OWN_PENDING = Statement(select(message_words.c.id).where(_is_pending, _is_own).limit(1))
# What others have taken is waited for: when they are done with it, it is found.
_TAKE_OWN_PENDING = Statement(_pending.where(_is_own).with_for_update(of=message_words))
# One without a text that waits all the same, by whatever mistake, keeps no other from its words.
_text = func.coalesce(messages.c.body, literal(""))
_TEXTS = Statement(
    select(messages.c.id, messages.c.conversation_id, messages.c.seq, _text).where(among(messages.c.id, "ids"))
)
_SAVE = Statement(
    update(message_words)
    .where(message_words.c.message_id == bindparam("id"))
    .values(words=bindparam("of", type_=Words()))
)


@cache
def _pages(*, is_of_one: bool) -> Pages:
    found = hits(of_one=is_of_one).as_table()
    return Pages(select(*found.c), [*found.c], descending=True)


async def page(
    db: Reading,
    viewer_id: str,
    conversation_id: str | None,
    sought: Sequence[Phrase],
    phrases: Sequence[Phrase],
    window: Window,
    *,
    depth: int,
    most: int,
) -> Page[Hit]:
    """What the viewer may see and holds all of `sought`, of one conversation or all: those that hold more of `phrases`
    first, and of these the newest. Of one conversation no more than the newest `depth` are looked at, and no more than
    `most` of all: those of the conversations in which something was said last."""
    given = {"viewer_id": viewer_id, "sought": sought, "phrases": phrases, "depth": depth, "most": most}
    if conversation_id is not None:
        given["conversation_id"] = conversation_id
    found = await _pages(is_of_one=conversation_id is not None).read(db, window, given)
    return Page([Hit._make(row) for row in found.items], found.has_next, found.has_previous)


def is_searched(kind: str, body: str | None) -> bool:
    """Can a message be found by its words? The host's own words cannot."""
    return kind != "SYSTEM" and bool(body)


async def save_words(db: Writing, texts: Sequence[Said]) -> None:
    """Let messages be found by the words of their texts, as they are now; nothing for those that cannot be found."""
    rows = [{"id": text.message_id, "of": (key_of(text.conversation_id, text.seq), text.body)} for text in texts]
    if len(rows) == 1:
        await db.run(_SAVE, rows[0])
    else:
        await db.run_many(_SAVE, rows)


async def has_pending(db: Reading) -> bool:
    """Are there messages whose words nobody saved?"""
    return await db.first(_PENDING) is not None


async def has_pending_of(db: Reading, viewer_id: str) -> bool:
    """Are there such messages among those that the viewer may find?"""
    return await db.first(_HAS_OWN_PENDING, {"viewer_id": viewer_id}) is not None


async def take_pending(db: Writing, size: int) -> list[Said]:
    """The texts of some of them, which nobody changes until the unit of work ends; not those that others took."""
    return await _texts_of(db, await db.all(_TAKE_PENDING, {"size": size}))


async def take_pending_of(db: Writing, viewer_id: str, size: int) -> list[Said]:
    """The same of those that the viewer may find; what others have taken is waited for."""
    return await _texts_of(db, await db.all(_TAKE_OWN_PENDING, {"size": size, "viewer_id": viewer_id}))


async def _texts_of(db: Writing, rows: Sequence[AnyRow]) -> list[Said]:
    ids = [row[0] for row in rows]
    # A second statement, so that it sees what whoever was waited for has written.
    return [Said(*row) for row in await db.all(_TEXTS, {"ids": ids})] if ids else []
