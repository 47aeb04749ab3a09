"""What is seen of conversations at a glance: who the other one is, what was said last, and how much is unread.

One statement for all of it: by one for each of these the same rows would be looked up again and again, and in an inbox
that took longer than what is new in each.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import compress
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, func, select

from db.conversations import is_unread
from db.engine import Reading
from db.first_joins import first_join
from db.messages import MessageRow
from db.participants import ParticipantRow
from db.rows import REMEMBERED, columns_of, rows_of
from db.statements import Statement
from db.tables import messages, participants, users
from db.users import PersonRow
from db.value_tables import points


class Glance(NamedTuple):
    """What may be wanted of a conversation; a lean kind of it (`db.rows`) says what is."""

    counterpart: ParticipantRow | None
    last_message: MessageRow | None
    unread_count: int


class Kinds(NamedTuple):
    """What is read of each: of people nothing, unless they are shown."""

    glance: type[Glance] = Glance
    participant: type[ParticipantRow] = ParticipantRow
    message: type[MessageRow] = MessageRow
    person: type[PersonRow] | None = None


class Glances(NamedTuple):
    """What was found, by conversation; of those in which there is such. `people` are in them, by their own ids."""

    counterparts: dict[str, ParticipantRow]
    last_messages: dict[str, MessageRow]
    unread_counts: dict[str, int]
    people: dict[str, PersonRow]


class _Part(NamedTuple):
    """Where in a row the columns of one table are, an id first; for which of the names of `Glances`."""

    name: str
    kind: Any
    place: slice


_places = points("places").table_valued("key", "number")
_other, _last = participants.alias("other"), messages.alias("last")
_viewer: ColumnElement[str] = bindparam("viewer_id", type_=participants.c.user_id.type)
_is_in_it = and_(
    participants.c.conversation_id == _places.c.key,
    participants.c.user_id == _viewer,
    participants.c.left_event.is_(None),
)
_is_other = and_(
    _other.c.conversation_id == participants.c.conversation_id,
    _other.c.user_id != _viewer,
    _other.c.left_event.is_(None),
    _other.c.is_staff.is_(False),
)
_is_last = and_(_last.c.conversation_id == participants.c.conversation_id, _last.c.seq == _places.c.number)
_unread = select(func.count()).select_from(messages).where(is_unread).correlate(participants).scalar_subquery()


@lru_cache(maxsize=REMEMBERED)
def _looking(kinds: Kinds) -> tuple[Statement, list[_Part]]:
    """The statement, and what its rows hold after the conversation's id."""
    # SQLite would begin with all conversations that the viewer is in.
    found: FromClause = first_join(_places, participants, _is_in_it)
    columns: list[ColumnElement[Any]] = [participants.c.conversation_id]
    parts: list[_Part] = []

    def add(name: str, table: FromClause, kind: Any, condition: ColumnElement[bool]) -> None:
        nonlocal found
        found = found.outerjoin(table, condition)
        begin = len(columns)
        columns.extend(columns_of(table, kind))
        parts.append(_Part(name, kind, slice(begin, len(columns))))

    for part, name, table, kind, condition, person_id in (
        ("counterpart", "counterparts", _other, kinds.participant, _is_other, _other.c.user_id),
        ("last_message", "last_messages", _last, kinds.message, _is_last, _last.c.sender_id),
    ):
        if part in kinds.glance._fields:
            add(name, table, kind, condition)
            if kinds.person is not None:
                people = users.alias(f"of_{name}")
                add("people", people, kinds.person, people.c.id == person_id)
    if "unread_count" in kinds.glance._fields:
        columns.append(_unread)
    return Statement(select(*columns).select_from(found)), parts


async def find(db: Reading, viewer_id: str, last_seqs: Mapping[str, int], kinds: Kinds) -> Glances:
    """At a glance, conversations of which the `last_seqs` are given; nothing of one that the viewer is not in."""
    statement, parts = _looking(kinds)
    rows = await db.all(statement, {"viewer_id": viewer_id, "places": [*last_seqs.items()]})
    conversation_ids = [row[0] for row in rows]
    glances = Glances({}, {}, {}, {})
    if "unread_count" in kinds.glance._fields:
        glances.unread_counts.update((row[0], row[-1]) for row in rows)
    for name, kind, place in parts:
        ids = [row[place.start] for row in rows]
        found = zip(
            ids if name == "people" else conversation_ids, rows_of(kind, map(itemgetter(place), rows)), strict=True
        )
        getattr(glances, name).update(compress(found, ids) if None in ids else found)
    if "counterpart" in kinds.glance._fields:
        _drop(glances.counterparts, conversation_ids)
    return glances


def _drop(counterparts: dict[str, ParticipantRow], conversation_ids: Sequence[str]) -> None:
    """Who is one of several others is no counterpart."""
    if len(conversation_ids) > len({*conversation_ids}):
        for conversation_id, count in Counter(conversation_ids).items():
            if count > 1:
                counterparts.pop(conversation_id, None)
