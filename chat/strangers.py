"""What may be done to people who have not answered: open so many conversations, and send links or files, or not.

A person is a stranger in a conversation until somebody else has written there. Whom the host put together (PARTIES),
the host's server and staff are none.
"""

from typing import TYPE_CHECKING

from chat.access import Membership
from chat.refusals import Forbidden
from chat.users import Viewer
from core.clock import now_ms
from core.settings import Settings
from core.texts import has_link
from db import conversations, messages
from db.engine import Reading

if TYPE_CHECKING:
    from chat.send_rules import Content

HOUR = 3_600_000


async def is_over_stranger_limit(db: Reading, settings: Settings, viewer: Viewer) -> bool:
    """Has somebody opened as many conversations in the last hour as may stay without an answer?"""
    if settings.rate_limits == "off" or not settings.stranger_openings or viewer.is_service:
        return False
    return await conversations.count_unanswered(db, viewer.id, now_ms() - HOUR) >= settings.stranger_openings


async def refuse_from_strangers(
    db: Reading, membership: Membership, content: "Content", *path: str, links: bool, files: bool
) -> None:
    """Forbidden when a stranger sends what only others may: links, or files."""
    if content.attachment_ids and not files:
        field, what = "attachmentIds", "Files"
    elif not links and has_link(content.body or ""):
        field, what = "body", "Links"
    else:
        return
    sender, conversation = membership.participant, membership.conversation
    if sender.is_staff or conversation.contacter_id is None:
        return
    others = [member for member in membership.member_ids if member != sender.user_id]
    if not await messages.has_any_of(db, conversation.id, others):
        raise Forbidden(*path, field, reason=f"{what} can be sent once somebody has answered.")
