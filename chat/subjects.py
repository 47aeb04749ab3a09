"""Subjects: the host tells what can be talked about, who owns it, whom it concerns, and whether it is still open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from chat.members import add_member, announce, remove_member
from chat.refusals import Invalid
from chat.texts import EXTERNAL_ID, KIND, PARTIES, ROLE, TITLE, check_text, check_url
from chat.users import Viewer, ensure_known
from chat.work import UnitOfWork, Work
from db import conversations, participants, subjects
from db.ids import new_id
from db.subjects import PartyRow, SubjectRow
from db.users import UserRow


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody in a part of the host's own word, such as owner, seller, customer."""

    external_id: str
    role: str


class Unset:
    """What was not told and stays as it is; None is what was told to be cleared."""


UNSET = Unset()


@dataclass(frozen=True, slots=True)
class SubjectChange:
    """What the host tells of a subject."""

    kind: str
    external_id: str
    title: str | None = None
    url: str | Unset | None = UNSET
    image_url: str | Unset | None = UNSET
    policy: str | None = None
    state: str | None = None
    owner: Party | Unset | None = UNSET
    parties: Sequence[Party] | None = None
    contacter_role: str | None = None


def _check(change: SubjectChange) -> None:
    check_text(change.kind, KIND, "kind")
    check_text(change.external_id, EXTERNAL_ID, "externalId")
    if change.title is not None:
        check_text(change.title, TITLE, "title")
    if isinstance(change.url, str):
        check_url(change.url, "url")
    if isinstance(change.image_url, str):
        check_url(change.image_url, "imageUrl")
    if change.contacter_role is not None:
        check_text(change.contacter_role, ROLE, "contacterRole")
    if isinstance(change.owner, Party):
        check_text(change.owner.external_id, EXTERNAL_ID, "owner", "userExternalId")
        check_text(change.owner.role, ROLE, "owner", "role")
    if change.parties is not None and len(change.parties) > PARTIES:
        raise Invalid("parties", reason=f"A subject has at most {PARTIES} parties.")
    for number, party in enumerate(change.parties or ()):
        check_text(party.external_id, EXTERNAL_ID, "parties", str(number), "userExternalId")
        check_text(party.role, ROLE, "parties", str(number), "role")


async def upsert_subject(work: Work, viewer: Viewer, change: SubjectChange) -> SubjectRow:
    """Store what the host tells, and bring the conversations about the subject in line with it."""
    viewer.require_service()
    _check(change)
    while True:
        try:
            return await _upsert(work, change)
        except _Overtaken:
            continue  # What was begun is undone; now it is there, or gone.


class _Overtaken(Exception):
    """The subject came or went at the same moment."""


async def _upsert(work: Work, change: SubjectChange) -> SubjectRow:
    async with work.begin() as unit:
        before, known = await _find_or_add(unit, change)
        after, parties = await _changed(unit, before, change, known)
        await subjects.save(unit.db, after, unit.now)
        await subjects.save_parties(unit.db, after.id, parties)
        for conversation_id in await conversations.find_ids_about(unit.db, after.id):
            await _bring_in_line(unit, conversation_id, before, after, parties)
        return after


async def _find_or_add(unit: UnitOfWork, change: SubjectChange) -> tuple[SubjectRow, dict[str, UserRow]]:
    """The subject, held, and all people who are named, who are known from now on.

    A subject that is there is held before its people are stored, as by an import. Whoever stored people for a new one,
    and finds that it was made meanwhile, would hold them before it: _Overtaken then.
    """
    known = await subjects.find_by_reference(unit.db, None, change.kind, change.external_id)
    if known is None:
        people = await ensure_known(unit, _named_in(change))
        if not await subjects.insert_if_new(unit.db, _fresh(change, people), unit.now):
            raise _Overtaken
        known = await subjects.find_by_reference(unit.db, None, change.kind, change.external_id)
    held = None if known is None else await subjects.lock(unit.db, known.id)
    if held is None:
        raise _Overtaken  # It was deleted at the same moment.
    return held, await ensure_known(unit, _named_in(change))


def _named_in(change: SubjectChange) -> list[str]:
    owner = [change.owner] if isinstance(change.owner, Party) else []
    return [party.external_id for party in (*owner, *(change.parties or ()))]


def _fresh(change: SubjectChange, known: Mapping[str, UserRow]) -> SubjectRow:
    """A new subject: what is left out is ANYONE, ACTIVE and "buyer"; a title and an owner have no default."""
    policy = change.policy or "ANYONE"
    if change.title is None:
        raise Invalid("title", reason="A new subject needs a title.")
    if policy == "ANYONE" and not isinstance(change.owner, Party):
        raise Invalid("owner", reason="A subject that anyone may ask about needs an owner.")
    owner = change.owner if isinstance(change.owner, Party) else None
    return SubjectRow(
        id=new_id(),
        kind=change.kind,
        external_id=change.external_id,
        title=change.title,
        url=None,
        image_url=None,
        owner_id=known[owner.external_id].id if owner else None,
        owner_role=owner.role if owner else None,
        contacter_role=change.contacter_role or "buyer",
        policy=policy,
        state=change.state or "ACTIVE",
    )


async def _changed(
    unit: UnitOfWork, before: SubjectRow, change: SubjectChange, known: Mapping[str, UserRow]
) -> tuple[SubjectRow, list[PartyRow]]:
    """The subject and its parties as they are to be. Invalid when that makes no sense."""
    after = before._replace(
        title=change.title or before.title,
        policy=change.policy or before.policy,
        state=change.state or before.state,
        contacter_role=change.contacter_role or before.contacter_role,
    )
    if not isinstance(change.url, Unset):
        after = after._replace(url=change.url)
    if not isinstance(change.image_url, Unset):
        after = after._replace(image_url=change.image_url)
    owner = change.owner
    if isinstance(owner, Party):
        after = after._replace(owner_id=known[owner.external_id].id, owner_role=owner.role)
    elif owner is None:
        after = after._replace(owner_id=None, owner_role=None)
    if change.parties is None:
        parties = (await subjects.find_parties(unit.db, [before.id]))[before.id]
    else:
        parties = [PartyRow(known[party.external_id].id, party.role) for party in change.parties]
    await _check_sense(unit, before, after, parties)
    return after, parties


async def _check_sense(unit: UnitOfWork, before: SubjectRow, after: SubjectRow, parties: list[PartyRow]) -> None:
    if after.policy != before.policy and await conversations.find_ids_about(unit.db, before.id):
        raise Invalid("policy", reason="The policy cannot change once there is a conversation.")
    check_people(after, parties)


def check_people(subject: SubjectRow, parties: Sequence[PartyRow]) -> None:
    """Whom a subject of its policy must have, and may not have. Invalid otherwise."""
    if len({party.user_id for party in parties}) < len(parties):
        raise Invalid("parties", reason="Each person is named once.")
    if subject.policy == "ANYONE" and subject.owner_id is None:
        raise Invalid("owner", reason="A subject that anyone may ask about needs an owner.")
    if subject.policy == "ANYONE" and parties:
        raise Invalid("parties", reason="A subject that anyone may ask about has an owner and no parties.")
    if subject.policy == "PARTIES" and len(people_of(subject, parties)) < 2:
        raise Invalid("parties", reason="A conversation of parties needs at least two people.")


def people_of(subject: SubjectRow, parties: Sequence[PartyRow]) -> dict[str, str]:
    """Everybody whom a PARTIES subject concerns, with their roles: its owner, then its parties."""
    people: dict[str, str] = {}
    if subject.owner_id is not None and subject.owner_role is not None:
        people[subject.owner_id] = subject.owner_role
    for party in parties:
        people.setdefault(party.user_id, party.role)
    return people


async def _bring_in_line(
    unit: UnitOfWork, conversation_id: str, before: SubjectRow, after: SubjectRow, parties: list[PartyRow]
) -> None:
    """Close or reopen a conversation with its subject, and let people in and out of a booking's.

    ACTIVE lifts only what the subject closed; what staff closed stays closed.
    """
    conversation = await conversations.lock(unit.db, conversation_id)
    if conversation is None:
        raise LookupError(conversation_id)
    if after.policy == "PARTIES":
        await _let_in_and_out(unit, conversation_id, people_of(after, parties))
    closed = after.state == "CLOSED"
    if conversation.closed_by_subject != closed:
        await conversations.save_closed_by_subject(unit.db, conversation_id, closed=closed)
    if conversation.closed_by_subject != closed or before != after:
        await announce(unit, conversation_id)


async def _let_in_and_out(unit: UnitOfWork, conversation_id: str, people: dict[str, str]) -> None:
    everybody = await participants.find_everybody(unit.db, conversation_id)
    for row in sorted(everybody, key=attrgetter("user_id")):  # In the order in which delivered marks are stored.
        role = people.get(row.user_id)
        is_present = row.left_event is None and not row.is_staff
        if is_present and role is None:
            await remove_member(unit, row)
        elif is_present and role is not None and role != row.role:
            await participants.save_role(unit.db, row.id, role)
            await announce(unit, conversation_id)
        elif role is not None and not is_present:
            await add_member(unit, conversation_id, row.user_id, role, everybody)
    known = {row.user_id for row in everybody}
    for user_id, role in people.items():
        if user_id not in known:
            await add_member(unit, conversation_id, user_id, role, everybody)
