"""The host's own words: in one conversation, or in all about a subject."""

from chat.drafts import Draft, identity_of_booking, make
from chat.messages import SYSTEM, append, find_sent
from chat.references import SubjectReference
from chat.refusals import NotFound
from chat.send_rules import Content, SendRules, check_content
from chat.subjects import people_of
from chat.users import Viewer
from chat.work import UnitOfWork, Work
from db import conversations, participants, subjects
from db.messages import MessageRow
from db.subjects import SubjectRow


async def post_system_message(
    work: Work,
    rules: SendRules,
    viewer: Viewer,
    body: str,
    client_key: str,
    *,
    conversation_id: str | None = None,
    subject: SubjectReference | None = None,
) -> list[MessageRow]:
    """The host says something in a conversation, or in all about a subject; in closed ones too. Once for each key."""
    viewer.require_service()
    content = Content(body, (), client_key)
    check_content(content, rules)
    if subject is not None:
        subject.check("subject")
    async with work.begin() as unit:
        if subject is None:
            targets = [conversation_id] if conversation_id is not None else []
        else:
            known = await subjects.find_by_reference(unit.db, None, subject.kind, subject.external_id)
            if known is None:
                raise NotFound("subject")
            targets = await _find_targets(unit, known)
        return [await _post_system(unit, viewer, target, content) for target in targets]


async def _post_system(unit: UnitOfWork, viewer: Viewer, conversation_id: str, content: Content) -> MessageRow:
    if await conversations.lock(unit.db, conversation_id) is None:
        raise NotFound("conversationId")
    before = await find_sent(unit, conversation_id, SYSTEM, content)
    if before is not None:
        unit.repeats += 1
        return before
    return await say(unit, viewer, conversation_id, content)


async def say(unit: UnitOfWork, viewer: Viewer, conversation_id: str, content: Content) -> MessageRow:
    """Write the words of nobody in particular, which are the act of the viewer; the conversation is locked already."""
    row = await append(
        unit,
        conversation_id,
        actor_id=viewer.id,
        sender=None,
        kind="SYSTEM",
        body=content.body or "",
        content=content,
    )
    unit.tell(conversation_id, row.position, await participants.find_member_ids(unit.db, conversation_id))
    return row


async def _find_targets(unit: UnitOfWork, subject: SubjectRow) -> list[str]:
    """The conversations about a subject. That of a booking is made when nobody opened it yet: its people are known."""
    targets = await conversations.find_ids_about(unit.db, subject.id)
    if targets or subject.policy != "PARTIES" or subject.state == "CLOSED":
        return targets
    held = await subjects.lock(unit.db, subject.id)
    if held is None:
        raise NotFound("subject")
    parties = (await subjects.find_parties(unit.db, [held.id]))[held.id]
    made, _ = await make(unit, Draft(identity_of_booking(held.id), people_of(held, parties), held))
    return [made.id]
