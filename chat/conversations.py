"""Opening a conversation: one for each pair, for each subject and contacter, or for each booking."""

from collections.abc import Sequence
from dataclasses import dataclass

from chat.access import get_membership
from chat.blocks import is_bound
from chat.contact import Contact, may_contact
from chat.drafts import (
    Draft,
    identity_of_booking,
    identity_of_listing,
    identity_of_pair,
    make,
)
from chat.messages import post
from chat.references import SubjectReference
from chat.refusals import ContactRefusal, ContactRefused, Forbidden, Invalid, NotFound, RateLimited
from chat.send_rules import Content, SendRules, check_content
from chat.strangers import is_over_stranger_limit
from chat.subjects import people_of
from chat.texts import EXTERNAL_ID, check_text
from chat.users import Viewer
from chat.work import UnitOfWork, Work
from core.limits import Rate
from core.settings import Settings
from db import conversations, participants, subjects, users
from db.conversations import ConversationRow
from db.messages import MessageRow
from db.subjects import SubjectRow


@dataclass(frozen=True, slots=True)
class Opening:
    """What somebody wants to open: a subject, a person, or both.

    `user_id` is a database id, "" for one that names nobody.
    """

    subject: SubjectReference | None
    user_id: str | None
    user_external_id: str | None
    first_message: Content | None


@dataclass(frozen=True, slots=True)
class Opened:
    """The conversation, whether it is new, and the first message."""

    conversation: ConversationRow
    is_new: bool
    message: MessageRow | None


@dataclass(frozen=True, slots=True)
class _Other:
    """The other person's database id, "" for nobody, and the argument that named them.

    Nobody is refused where somebody who is no business of the viewer's would be: by what the opening is about, and not
    before. Otherwise the answer would tell who is known here.
    """

    id: str
    path: str


class Openings:
    """Opens conversations, by the settings' rules."""

    def __init__(self, work: Work, settings: Settings, rules: SendRules) -> None:
        self._work = work
        self._settings = settings
        self._rules = rules
        self._rate = Rate("openings", settings.openings)

    async def open(self, viewer: Viewer, opening: Opening) -> Opened:
        """Open the conversation, or return the one that exists. A refusal stores nothing."""
        if opening.first_message is not None:
            check_content(opening.first_message, self._rules, "firstMessage")
        if opening.user_external_id is not None:
            check_text(opening.user_external_id, EXTERNAL_ID, "userExternalId")
        async with self._work.begin() as unit:
            other = await self._find_other(unit, viewer, opening)
            if opening.subject is None:
                found, is_new = await self._open_pair(unit, viewer, other)
            else:
                found, is_new = await self._open_about(unit, viewer, opening.subject, other)
            return await self._with_first_message(unit, viewer, found, opening, is_new=is_new)

    async def _with_first_message(
        self, unit: UnitOfWork, viewer: Viewer, found: ConversationRow, opening: Opening, *, is_new: bool
    ) -> Opened:
        membership = await get_membership(unit, viewer.id, found.id)
        if opening.first_message is None:
            return Opened(membership.conversation, is_new, None)
        message = await post(unit, self._rules, membership, opening.first_message, "firstMessage")
        fresh = await conversations.find(unit.db, [found.id])
        return Opened(fresh[found.id], is_new, message)

    async def _find_other(self, unit: UnitOfWork, viewer: Viewer, opening: Opening) -> _Other | None:
        """The other person, when one is named. Invalid for oneself."""
        if opening.user_id is not None and opening.user_external_id is not None:
            raise Invalid("userExternalId", reason="Name the person by one id, not by two.")
        if opening.user_id is not None:
            path, named = "userId", (await users.find(unit.db, [opening.user_id])).get(opening.user_id)
            found = "" if named is None else named.id
        elif opening.user_external_id is not None:
            known = (await users.find_by_external_ids(unit.db, [opening.user_external_id])).get(
                opening.user_external_id
            )
            path, found = "userExternalId", "" if known is None else known.id
        elif opening.subject is None:
            raise Invalid(reason="Name a subject, a person, or both.")
        else:
            return None
        if found == viewer.id:
            raise Invalid(path, reason="A conversation needs somebody else.")
        return _Other(found, path)

    async def _open_pair(self, unit: UnitOfWork, viewer: Viewer, named: _Other | None) -> tuple[ConversationRow, bool]:
        if named is None:
            raise Invalid(reason="Name a subject, a person, or both.")
        identity = identity_of_pair(viewer.id, named.id)
        existing = await conversations.find_by_identity(unit.db, identity)
        if existing is not None:
            return existing, False
        if self._settings.pairs == "off":
            raise Forbidden(reason="Conversations without a subject are not opened here.")
        if not named.id or (
            self._settings.pairs == "directory"
            and not await users.find_visible(unit.db, viewer.id, self._settings.directory_roles, [named.id])
        ):
            raise NotFound(named.path)
        if await is_bound(unit, viewer.id, named.id):
            raise ContactRefused(ContactRefusal.BLOCKED)
        if await is_over_stranger_limit(unit.db, self._settings, viewer):
            raise ContactRefused(ContactRefusal.STRANGER_LIMIT)
        roles = {viewer.id: viewer.roles, named.id: (await users.find_roles(unit.db, [named.id])).get(named.id)}
        people = {user_id: words[0] if words else "member" for user_id, words in roles.items()}
        return await self._make(unit, viewer, Draft(identity, people, contacter_id=viewer.id))

    async def _open_about(
        self, unit: UnitOfWork, viewer: Viewer, reference: SubjectReference, other: _Other | None
    ) -> tuple[ConversationRow, bool]:
        reference.check("subject")
        visible = await subjects.find_by_reference(unit.db, viewer.id, reference.kind, reference.external_id)
        subject = None if visible is None else await subjects.lock(unit.db, visible.id)
        if subject is None:
            raise NotFound("subject")
        if subject.policy == "PARTIES":
            return await self._open_booking(unit, viewer, subject, other)
        return await self._open_listing(unit, viewer, subject, other)

    async def _open_listing(
        self, unit: UnitOfWork, viewer: Viewer, subject: SubjectRow, other: _Other | None
    ) -> tuple[ConversationRow, bool]:
        """ANYONE: the contacter's own; the owner returns to one by naming the contacter."""
        is_owner = viewer.id == subject.owner_id
        contacter_id = other.id if is_owner and other else viewer.id
        identity = identity_of_listing(subject.id, contacter_id)
        existing = await conversations.find_by_identity(unit.db, identity)
        if existing is not None:
            members = await participants.find_member_ids(unit.db, existing.id)
            if viewer.id in members and (other is None or other.id in members):
                return existing, False
        if not is_owner and other is not None and other.id != subject.owner_id:
            raise NotFound(other.path)  # As for nobody: whether somebody else is known here is not told.
        others = [subject.owner_id] if subject.owner_id is not None else []
        await self._refuse_contact(unit, viewer, subject, others, is_party=False)
        if subject.owner_id is None or subject.owner_role is None:
            raise LookupError(subject.id)
        people = {subject.owner_id: subject.owner_role, viewer.id: subject.contacter_role}
        return await self._make(unit, viewer, Draft(identity, people, subject, viewer.id))

    async def _open_booking(
        self, unit: UnitOfWork, viewer: Viewer, subject: SubjectRow, other: _Other | None
    ) -> tuple[ConversationRow, bool]:
        """PARTIES: the one conversation of everybody whom the host named."""
        identity = identity_of_booking(subject.id)
        people = people_of(subject, (await subjects.find_parties(unit.db, [subject.id]))[subject.id])
        if other is not None and other.id not in people:
            raise NotFound(other.path)
        existing = await conversations.find_by_identity(unit.db, identity)
        if existing is not None and await participants.find_member(unit.db, existing.id, viewer.id):
            return existing, False
        others = [person for person in people if person != viewer.id]
        await self._refuse_contact(unit, viewer, subject, others, is_party=viewer.id in people)
        return await self._make(unit, viewer, Draft(identity, people, subject))

    async def _refuse_contact(
        self, unit: UnitOfWork, viewer: Viewer, subject: SubjectRow, others: Sequence[str], *, is_party: bool
    ) -> None:
        is_stranger = subject.policy == "ANYONE" and await is_over_stranger_limit(unit.db, self._settings, viewer)
        is_closed = subject.state == "CLOSED"
        refusal = may_contact(
            Contact(
                viewer.id,
                subject.policy,
                is_closed,
                subject.owner_id,
                is_party,
                is_blocked=len(others) == 1 and await is_bound(unit, viewer.id, others[0]),
                is_over_stranger_limit=is_stranger,
            )
        )
        if refusal is not None:
            raise ContactRefused(refusal, "subject")

    async def _make(self, unit: UnitOfWork, viewer: Viewer, draft: Draft) -> tuple[ConversationRow, bool]:
        """Make it, or find it made at the same moment; only a new one counts against the limit."""
        row, is_new = await make(unit, draft)
        wait = await self._rules.limits.take(self._rate, viewer.id) if is_new else 0
        if wait:
            raise RateLimited(wait)
        return row, is_new
