"""Statements about subjects: what conversations are about, named by the host's own kind and id."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import BindParameter, bindparam, delete, exists, or_, select, update

from db.engine import Reading, Writing
from db.inserts import inserting, inserting_if_new
from db.statements import Statement, among
from db.tables import conversations, participants, subject_parties, subjects


class SubjectRow(NamedTuple):
    """A listing, a ride, a booking. `policy` is ANYONE or PARTIES, `state` ACTIVE or CLOSED."""

    id: str
    kind: str
    external_id: str
    title: str
    url: str | None
    image_url: str | None
    owner_id: str | None
    owner_role: str | None
    contacter_role: str
    policy: str
    state: str


@dataclass(frozen=True, slots=True)
class PartyRow:
    """Somebody whom the host named as a party of a subject."""

    user_id: str
    role: str


_columns = (
    subjects.c.id,
    subjects.c.kind,
    subjects.c.external_id,
    subjects.c.title,
    subjects.c.url,
    subjects.c.image_url,
    subjects.c.owner_id,
    subjects.c.owner_role,
    subjects.c.contacter_role,
    subjects.c.policy,
    subjects.c.state,
)


_viewer: BindParameter[str] = bindparam("viewer_id")
_member = (
    select(participants.c.id)
    .join(conversations, conversations.c.id == participants.c.conversation_id)
    .where(
        participants.c.user_id == _viewer,
        participants.c.left_event.is_(None),
        conversations.c.subject_id == subjects.c.id,
    )
)
#: ANYONE: everybody. PARTIES: the owner, who is named now, and who is in the conversation about it.
_is_visible = or_(
    subjects.c.policy == "ANYONE",
    subjects.c.owner_id == _viewer,
    exists().where(subject_parties.c.subject_id == subjects.c.id, subject_parties.c.user_id == _viewer),
    exists(_member),
)
_referred = select(*_columns).where(
    subjects.c.kind == bindparam("kind"), subjects.c.external_id == bindparam("external_id")
)
_VISIBLE = Statement(select(*_columns).where(among(subjects.c.id, "ids"), _is_visible))
_REFERRED = Statement(_referred)
_VISIBLE_REFERRED = Statement(_referred.where(_is_visible))
_PARTY_OF = Statement(
    select(subject_parties.c.subject_id).where(
        among(subject_parties.c.subject_id, "ids"), subject_parties.c.user_id == bindparam("user_id")
    )
)


_LOCK = Statement(select(*_columns).where(subjects.c.id == bindparam("subject_id")).with_for_update())
_PARTIES = Statement(
    select(subject_parties.c.subject_id, subject_parties.c.user_id, subject_parties.c.role)
    .where(among(subject_parties.c.subject_id, "ids"))
    .order_by(subject_parties.c.subject_id, subject_parties.c.ordinal)
)
_INSERT_IF_NEW = inserting_if_new(subjects, (*SubjectRow._fields, "created_at", "updated_at"))
_SAVE = Statement(
    update(subjects)
    .where(subjects.c.id == bindparam("subject_id"))
    .values({name: bindparam(name) for name in (*SubjectRow._fields[1:], "updated_at")})
)
_DROP_PARTIES = Statement(delete(subject_parties).where(subject_parties.c.subject_id == bindparam("subject_id")))
_INSERT_PARTY = inserting(subject_parties, ("subject_id", "user_id", "role", "ordinal"))


async def find_visible(db: Reading, viewer_id: str, ids: Collection[str]) -> dict[str, SubjectRow]:
    """Those of the subjects that the viewer may see."""
    rows = await db.all(_VISIBLE, {"viewer_id": viewer_id, "ids": ids})
    return {row[0]: SubjectRow._make(row) for row in rows}


async def find_by_reference(db: Reading, viewer_id: str | None, kind: str, external_id: str) -> SubjectRow | None:
    """A subject by the host's own name for it; for the host itself with `viewer_id` None."""
    reference = {"kind": kind, "external_id": external_id}
    if viewer_id is None:
        row = await db.first(_REFERRED, reference)
    else:
        row = await db.first(_VISIBLE_REFERRED, {**reference, "viewer_id": viewer_id})
    return None if row is None else SubjectRow._make(row)


async def lock(db: Writing, subject_id: str) -> SubjectRow | None:
    """Read a subject and hold it until the unit of work ends; None when it was deleted at the same moment."""
    row = await db.first(_LOCK, {"subject_id": subject_id})
    return None if row is None else SubjectRow._make(row)


async def find_parties(db: Reading, subject_ids: Collection[str]) -> dict[str, list[PartyRow]]:
    """The named parties of subjects, in the host's order."""
    rows = await db.all(_PARTIES, {"ids": subject_ids})
    parties: dict[str, list[PartyRow]] = {subject_id: [] for subject_id in subject_ids}
    for row in rows:
        parties[row[0]].append(PartyRow(row[1], row[2]))
    return parties


async def find_of_party(db: Reading, user_id: str, subject_ids: Collection[str]) -> set[str]:
    """Those of the subjects of which a person is a named party."""
    return {row[0] for row in await db.all(_PARTY_OF, {"user_id": user_id, "ids": subject_ids})}


async def insert_if_new(db: Writing, row: SubjectRow, now: int) -> bool:
    """Add a subject unless its kind and external id are known; False when they were."""
    return await db.run(_INSERT_IF_NEW[db.dialect], {**row._asdict(), "created_at": now, "updated_at": now}) == 1


async def save(db: Writing, row: SubjectRow, now: int) -> None:
    """Replace what is known of a subject."""
    await db.run(_SAVE, {**row._asdict(), "subject_id": row.id, "updated_at": now})


async def save_parties(db: Writing, subject_id: str, parties: Sequence[PartyRow]) -> None:
    """Replace the named parties of a subject."""
    await db.run(_DROP_PARTIES, {"subject_id": subject_id})
    rows = [
        {"subject_id": subject_id, "user_id": party.user_id, "role": party.role, "ordinal": ordinal}
        for ordinal, party in enumerate(parties)
    ]
    await db.run_many(_INSERT_PARTY, rows)
