"""Importing conversations: the one of each pair, of each subject and contacter, or of each booking, as when one is
opened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from chat.drafts import (
    Draft,
    identity_of_booking,
    identity_of_listing,
    identity_of_pair,
    new_conversation,
    new_participants,
)
from chat.import_lines import ConversationLine
from chat.import_people import People
from chat.import_state import Goals, ImportState, Thread
from chat.refusals import Invalid, Refusal
from chat.subjects import people_of
from chat.work import UnitOfWork
from db import imports, participants, subjects, users
from db.conversations import ConversationRow
from db.participants import ParticipantRow
from db.subjects import PartyRow, SubjectRow

Conversations: TypeAlias = Sequence[tuple[int, ConversationLine]]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of all that a batch names."""

    subjects: dict[tuple[str, str], SubjectRow]
    parties: dict[str, list[PartyRow]]
    owners: dict[str, str]
    people: People


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a line asks for: a conversation, and how far each of its people had read and received."""

    number: int
    line: ConversationLine
    draft: Draft
    read: dict[str, str | None]
    delivered: dict[str, str | None]


async def store_conversations(unit: UnitOfWork, state: ImportState, lines: Conversations) -> None:
    """Conversations that are not there yet; one that is there is only named, for the messages to come."""
    known = await _look_up(unit, lines)
    plans: dict[str, _Plan] = {}
    for number, line in lines:
        try:
            if line.id in state.threads or line.id in plans:
                raise Invalid("id", reason=f"{line.id} is another conversation of this file.")
            with known.people.trying():
                plans[line.id] = _plan_of(number, line, known)
        except Refusal as refusal:
            state.refuse(number, refusal)
    await known.people.store(unit)
    if plans:
        await _store(unit, state, list(plans.values()))


async def _look_up(unit: UnitOfWork, lines: Conversations) -> _Known:
    wanted = {(line.subject.kind, line.subject.external_id) for _, line in lines if line.subject}
    found = await imports.hold_subjects(unit.db, wanted)
    ids = [row.id for row in found.values()]
    owners = await users.find(unit.db, {row.owner_id for row in found.values() if row.owner_id})
    names = {name for _, line in lines for name in _names_in(line)} | {row.external_id for row in owners.values()}
    return _Known(
        subjects=found,
        parties=await subjects.find_parties(unit.db, ids) if ids else {},
        owners={row.id: row.external_id for row in owners.values()},
        people=await People.load(unit, names),
    )


def _names_in(line: ConversationLine) -> Iterator[str]:
    yield from (person.user_external_id for person in line.people)
    yield from line.read_up_to
    yield from line.delivered_up_to
    if line.contacter is not None:
        yield line.contacter


def _plan_of(number: int, line: ConversationLine, known: _Known) -> _Plan:
    draft = _draft_of(line, known)
    read = _marks_of("readUpTo", line.read_up_to, draft, known)
    # Who has read has received; what is unread was not received either, unless the file says so.
    delivered = {**read, **_marks_of("deliveredUpTo", line.delivered_up_to, draft, known)}
    return _Plan(number, line, draft, read, delivered)


def _marks_of(name: str, marks: dict[str, str | None], draft: Draft, known: _Known) -> dict[str, str | None]:
    found = {}
    for external_id, goal in marks.items():
        row = known.people.find(external_id)
        if row is None or row.id not in draft.people:
            raise Invalid(name, reason=f"{external_id} is not in the conversation.")
        found[row.id] = goal
    return found


def _draft_of(line: ConversationLine, known: _Known) -> Draft:
    """Whose conversation it is. Invalid when the line does not say it, or says too much."""
    if line.subject is None:
        return _pair_of(line, known)
    subject = known.subjects.get((line.subject.kind, line.subject.external_id))
    if subject is None:
        raise Invalid("subject", reason="There is no such subject, neither in the file nor in the database.")
    if subject.policy == "PARTIES":
        if line.people or line.contacter is not None:
            raise Invalid("people", reason="Whom a subject of PARTIES concerns is said by the subject.")
        return Draft(identity_of_booking(subject.id), people_of(subject, known.parties[subject.id]), subject)
    return _listing_of(line, subject, known)


def _pair_of(line: ConversationLine, known: _Known) -> Draft:
    names = [person.user_external_id for person in line.people]
    if len(set(names)) != 2:
        raise Invalid("people", reason="A conversation without a subject has two people.")
    if line.contacter is not None and line.contacter not in names:
        raise Invalid("contacter", reason="Who began the conversation must be one of its people.")
    rows = [known.people.get(name) for name in names]
    roles = [
        person.role or (row.roles[0] if row.roles else "member") for person, row in zip(line.people, rows, strict=True)
    ]
    people = {row.id: role for row, role in zip(rows, roles, strict=True)}
    return Draft(identity_of_pair(*people), people, contacter_id=known.people.get(line.contacter or names[0]).id)


def _listing_of(line: ConversationLine, subject: SubjectRow, known: _Known) -> Draft:
    """Of the subject's owner and who contacted them, unless the line names who owned it at the time."""
    if line.contacter is None:
        raise Invalid("contacter", reason="Say who contacted the owner: there is one conversation for each of them.")
    roles: dict[str, str | None] = {person.user_external_id: person.role for person in line.people}
    owner = known.owners[subject.owner_id or ""]
    names = list(roles) or list(dict.fromkeys([owner, line.contacter]))
    if len(names) != 2 or line.contacter not in names:
        raise Invalid("contacter", reason="The conversation must be of two people, the contacter and somebody else.")
    people = {}
    for name in sorted(names, key=lambda name: name == line.contacter):
        default = subject.contacter_role if name == line.contacter else subject.owner_role
        people[known.people.get(name).id] = roles.get(name) or default or "member"
    contacter = known.people.get(line.contacter)
    return Draft(identity_of_listing(subject.id, contacter.id), people, subject, contacter.id)


async def _store(unit: UnitOfWork, state: ImportState, plans: Sequence[_Plan]) -> None:
    found = await imports.find_conversations(unit.db, {plan.draft.identity for plan in plans})
    sent = await _find_reached(unit, plans, found)
    added: list[ConversationRow] = []
    members: list[ParticipantRow] = []
    for plan in plans:
        row = found.get(plan.draft.identity)
        state.add(plan.line, is_new=row is None)
        if row is None:
            row = found[plan.draft.identity] = _row_of(plan, unit.now)
            added.append(row)
            members += new_participants(plan.draft, row.id, row.created_at)
            unit.tell(row.id, row.last_event, plan.draft.people)
        thread = Thread(plan.number, row.id, Goals(plan.read), Goals(plan.delivered))
        for goals in (thread.read, thread.delivered):
            for goal in {goal for goal in goals.goals.values() if goal and (row.id, goal) in sent}:
                goals.pass_by(goal)
        state.threads[plan.line.id] = thread
    if added:
        await imports.insert_conversations(unit.db, added, unit.now)
        await participants.insert_all(unit.db, [member._replace(marked_at=unit.now) for member in members])


async def _find_reached(
    unit: UnitOfWork, plans: Sequence[_Plan], found: dict[str, ConversationRow]
) -> set[tuple[str, str]]:
    """The messages that marks go to and that an earlier import brought, with their conversations."""
    return await imports.find_keys(
        unit.db,
        {
            (row.id, goal)
            for plan in plans
            if (row := found.get(plan.draft.identity))
            for goal in (*plan.read.values(), *plan.delivered.values())
            if goal is not None
        },
    )


def _row_of(plan: _Plan, now: int) -> ConversationRow:
    """Closed with its subject, else as the file says: then it is closed as by staff."""
    subject, line = plan.draft.subject, plan.line
    is_subject_closed = subject is not None and subject.state == "CLOSED"
    return new_conversation(plan.draft, line.created_at)._replace(
        closed_by_subject=is_subject_closed,
        closed_by_staff=line.state == "CLOSED" and not is_subject_closed,
        updated_at=now,
    )
