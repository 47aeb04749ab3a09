"""Sending into a conversation: where the database can, without holding it, and else with it locked."""

from dataclasses import dataclass

from chat.access import Membership, membership_in
from chat.messages import check_allowed, count, draft_of, entry_of, find_answered, kind_of, post_new, tell
from chat.refusals import NotFound
from chat.send_rules import Content, SendRules, check_content, check_repeat
from chat.users import Viewer
from chat.work import UnitOfWork, Work
from db import messages
from db.appending import append_after
from db.messages import MessageRow
from db.sending import Known, find_held, find_known
from db.tries import Overtaken, Try


async def send_message(
    work: Work, rules: SendRules, viewer: Viewer, conversation_id: str | None, content: Content
) -> MessageRow:
    """Send into a conversation, or return what was sent before with the same key and content."""
    check_content(content, rules)
    is_counted = False
    if work.can_try and conversation_id is not None and not content.attachment_ids:
        try:
            return await _try_to_send(work, rules, viewer, conversation_id, content)
        except Overtaken:
            is_counted = True
    async with work.begin() as unit:
        known = await find_held(unit.db, conversation_id or "", viewer.id, content.client_key)
        membership = membership_of(known, viewer)
        if known is not None and known.before is not None:
            check_repeat(known.before, content)
            unit.repeats += 1
            return known.before
        return await post_new(unit, rules, membership, content, is_counted=is_counted, is_fresh=True)


def membership_of(known: Known | None, viewer: Viewer) -> Membership:
    """The membership of who sends. NotFound for strangers, as for what does not exist."""
    if known is None:
        raise NotFound("conversationId")
    return membership_in(known.conversation, known.everybody, viewer.id, "conversationId")


async def _try_to_send(
    work: Work, rules: SendRules, viewer: Viewer, conversation_id: str, content: Content
) -> MessageRow:
    """Send a message without files, if nothing else happens in the conversation meanwhile. Overtaken when it did."""
    async with work.trying() as (unit, db):
        known = await find_known(db, conversation_id, viewer.id, content.client_key)
        membership = membership_of(known, viewer)
        if known is not None and known.before is not None:
            check_repeat(known.before, content)
            unit.repeats += 1
            await work.end(unit)
            return known.before
        await check_allowed(unit, rules, membership, content)
        reply_to_seq = await find_answered(unit, membership, content)
        await count(rules, viewer.id)
        draft = draft_of(
            unit,
            conversation_id,
            sender=membership.participant,
            kind=kind_of([]),
            body=content.body or "",
            content=content,
            reply_to_seq=reply_to_seq,
        )
        return await work.store(unit, _Appending(unit, db, membership, draft))


@dataclass(frozen=True, slots=True)
class _Appending:
    """A message that is about to be written after what its sender's membership was read from."""

    unit: UnitOfWork
    db: Try
    membership: Membership
    draft: MessageRow

    async def write(self) -> MessageRow:
        """Write it. Overtaken when something happened since."""
        sender_id, last_event = self.membership.participant.id, self.membership.conversation.last_event
        entry = entry_of(self.membership.participant.user_id, self.draft)
        return await append_after(self.db, self.draft, sender_id, entry, last_event, now=self.unit.now)

    async def find(self) -> MessageRow | None:
        """The message as it is stored."""
        draft = self.draft
        found = await messages.find_by_key(self.db, draft.conversation_id, draft.author_key, draft.client_key)
        return found if found is not None and found.id == draft.id else None

    def tell(self, written: MessageRow) -> None:
        """Everybody in the conversation."""
        self.unit.stored[written.kind] += 1
        tell(self.unit, self.membership, written)
