"""A conversation before it is stored: whose it is, whom it holds, and what is written when it is made."""

from dataclasses import dataclass

from chat.work import UnitOfWork
from db import conversations, events, participants
from db.conversations import ConversationRow
from db.ids import new_id
from db.participants import ParticipantRow
from db.subjects import SubjectRow


@dataclass(frozen=True, slots=True)
class Draft:
    """A conversation that may have to be made: its identity, whom it holds with which roles, and its subject as it is
    now."""

    identity: str
    people: dict[str, str]
    subject: SubjectRow | None = None
    contacter_id: str | None = None


def identity_of_pair(user_id: str, other_id: str) -> str:
    """Two people have one conversation about nothing in particular."""
    low, high = sorted((user_id, other_id))
    return f"pair:{low}:{high}"


def identity_of_listing(subject_id: str, contacter_id: str) -> str:
    """ANYONE: one conversation for each subject and contacter."""
    return f"subject:{subject_id}:{contacter_id}"


def identity_of_booking(subject_id: str) -> str:
    """PARTIES: one conversation for each subject."""
    return f"parties:{subject_id}"


def new_conversation(draft: Draft, now: int) -> ConversationRow:
    """A conversation whose log holds its opening, as its first event."""
    subject = draft.subject
    return ConversationRow(
        id=new_id(),
        identity=draft.identity,
        subject_id=subject.id if subject else None,
        subject_kind=subject.kind if subject else None,
        contacter_id=draft.contacter_id,
        snapshot_title=subject.title if subject else None,
        snapshot_url=subject.url if subject else None,
        snapshot_image_url=subject.image_url if subject else None,
        title_folded=subject.title.casefold() if subject else None,
        closed_by_subject=False,
        closed_by_staff=False,
        last_event=1,
        last_seq=0,
        last_message_at=None,
        active_at=now,
        created_at=now,
        updated_at=now,
    )


def new_participants(draft: Draft, conversation_id: str, now: int) -> list[ParticipantRow]:
    """The people of a draft, who are in the conversation from its first event on."""
    return [
        ParticipantRow(
            id=new_id(),
            conversation_id=conversation_id,
            user_id=user_id,
            role=role,
            is_staff=False,
            ordinal=ordinal,
            joined_at=now,
            joined_event=1,
            joined_seq=0,
            left_event=None,
            read_seq=0,
            read_at=None,
            delivered_seq=0,
            marked_at=now,
        )
        for ordinal, (user_id, role) in enumerate(draft.people.items())
    ]


async def make(unit: UnitOfWork, draft: Draft) -> tuple[ConversationRow, bool]:
    """Make it, unless somebody else did so at the same moment: then theirs is the one. Is it new?"""
    row = new_conversation(draft, unit.now)
    if not await conversations.insert_if_new(unit.db, row):
        existing = await conversations.find_by_identity(unit.db, draft.identity)
        if existing is None:
            raise LookupError(draft.identity)
        return existing, False
    await participants.insert_all(unit.db, new_participants(draft, row.id, unit.now))
    await events.insert_one(unit.db, row.id, 1, "CONVERSATION_UPDATED", now=unit.now)
    unit.tell(row.id, row.last_event, draft.people)
    return row, True
