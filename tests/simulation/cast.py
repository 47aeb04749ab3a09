"""Who is there and what they talk about: a database to begin with, made once and copied for each run."""

import asyncio
import sqlite3
from pathlib import Path

from sqlalchemy import create_engine, insert, update

from chat.users import Viewer
from db.conversations import ConversationRow
from db.participants import ParticipantRow
from db.tables import (
    conversations,
    epochs,
    events,
    participants,
    subject_parties,
    subjects,
    users,
)
from tests.parts.databases import migrate_empty

#: Ann and Bob talk, Dan and Eve come and go, Cy is the stranger; the host tells who is in; Sue is of the staff.
NAMES = ("ann", "bob", "cy", "dan", "eve", "host", "sue")
ROLES = {"host": ("service",), "sue": ("admin",)}
IDS = {name: f"{number:032x}" for number, name in enumerate(NAMES, 1)}
#: Who is in each conversation at the beginning.
MEMBERS = {f"{0xC1:032x}": ("ann", "bob", "dan"), f"{0xC2:032x}": ("ann", "bob")}
CONVERSATIONS = tuple(MEMBERS)
EPOCH = "e" * 32


def viewer_of(name: str) -> Viewer:
    """A person, with a token that is good for ever."""
    return Viewer(IDS[name], name, ROLES.get(name, ()), 2**40)


def booking_of(conversation: str) -> str:
    """The host's own name of what a conversation is about."""
    return f"booking-{CONVERSATIONS.index(conversation)}"


def make_template(path: Path) -> None:
    """A database with the cast, two bookings, and the conversations about them."""
    # By the migrations, for they make triggers too.
    asyncio.run(migrate_empty(f"sqlite+aiosqlite:///{path}"))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as db:
        db.execute(update(epochs).values(epoch=EPOCH, signing_key="f" * 64))
        for name, user_id in IDS.items():
            known = {"id": user_id, "external_id": name, "name": name, "name_folded": name}
            db.execute(insert(users).values(**known, profile_at=0, created_at=0))
        for number, conversation in enumerate(CONVERSATIONS):
            subject = {"id": f"{0x51 + number:032x}", "kind": "booking", "external_id": booking_of(conversation)}
            more = {"title": "A haircut", "contacter_role": "buyer", "policy": "PARTIES", "state": "ACTIVE"}
            db.execute(insert(subjects).values(**subject, **more, created_at=0, updated_at=0))
            db.execute(insert(conversations).values(_conversation(conversation, subject["id"])._asdict()))
            for ordinal, name in enumerate(MEMBERS[conversation]):
                party = {"subject_id": subject["id"], "user_id": IDS[name], "role": "party", "ordinal": ordinal}
                db.execute(insert(subject_parties).values(**party))
                db.execute(insert(participants).values(_participant(conversation, name, ordinal)._asdict()))
            first = {"conversation_id": conversation, "position": 1, "kind": "CONVERSATION_UPDATED"}
            db.execute(insert(events).values(**first, created_at=0))
    engine.dispose()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def _conversation(conversation_id: str, subject_id: str) -> ConversationRow:
    return ConversationRow(
        id=conversation_id,
        identity=f"parties:{subject_id}",
        subject_id=subject_id,
        subject_kind="booking",
        contacter_id=None,
        snapshot_title="A haircut",
        snapshot_url=None,
        snapshot_image_url=None,
        title_folded="a haircut",
        closed_by_subject=False,
        closed_by_staff=False,
        last_event=1,
        last_seq=0,
        last_message_at=None,
        active_at=0,
        created_at=0,
        updated_at=0,
    )


def _participant(conversation_id: str, name: str, ordinal: int) -> ParticipantRow:
    return ParticipantRow(
        id=f"{0xB0 + 16 * CONVERSATIONS.index(conversation_id) + ordinal:032x}",
        conversation_id=conversation_id,
        user_id=IDS[name],
        role="party",
        is_staff=False,
        ordinal=ordinal,
        joined_at=0,
        joined_event=1,
        joined_seq=0,
        left_event=None,
        read_seq=0,
        read_at=None,
        delivered_seq=0,
        marked_at=0,
    )
