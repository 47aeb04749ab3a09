"""Subjects: what conversations are about."""

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from chat.contact import Contact, may_contact
from chat.strangers import is_over_stranger_limit
from db.subjects import SubjectRow
from db.users import PersonRow
from graph.context import Context
from graph.fields import column, loaded
from graph.schema.nodes import Node
from graph.schema.pages import After, Before, First, Last
from graph.schema.scalars import URL
from graph.schema.users import User, load_users

if TYPE_CHECKING:
    from db.conversations import ConversationRow
    from db.pages import Page
    from graph.schema.inboxes import ConversationConnection


@strawberry.enum(description="Who may talk about a subject. Values may be added.")
class ContactPolicy(Enum):
    """The two ways in."""

    ANYONE = strawberry.enum_value(
        "ANYONE",
        description="Any signed-in user but the owner may open a conversation with the owner, and see the subject.",
    )
    PARTIES = strawberry.enum_value(
        "PARTIES",
        description="The people that the host named have one conversation together, while the subject is ACTIVE; "
        "for everybody else it does not exist.",
    )


@strawberry.enum(description="Is it still going on? Values may be added.")
class SubjectState(Enum):
    """As the host says."""

    ACTIVE = strawberry.enum_value("ACTIVE", description="It can be talked about.")
    CLOSED = strawberry.enum_value("CLOSED", description="Sold, done or cancelled: its conversations can be read only.")


@strawberry.enum(description="Why the viewer may not open a conversation about a subject. Values may be added.")
class ContactRefusal(Enum):
    """The reasons of chat.contact."""

    IS_OWNER = strawberry.enum_value("IS_OWNER", description="It is the viewer's own.")
    NOT_A_PARTY = strawberry.enum_value("NOT_A_PARTY", description="The host did not name the viewer.")
    SUBJECT_CLOSED = strawberry.enum_value("SUBJECT_CLOSED", description="It is closed.")
    BLOCKED = strawberry.enum_value("BLOCKED", description="One of the two has blocked the other.")
    STRANGER_LIMIT = strawberry.enum_value("STRANGER_LIMIT", description="The viewer has opened many lately.")


async def _others(context: Context, rows: Sequence[SubjectRow]) -> list[str | None]:
    """The one other person with whom the viewer would talk about each subject; None when there is not exactly one."""
    named = [row.id for row in rows if row.policy == "PARTIES"]
    parties = dict(zip(named, await context.loaders.parties.load_many(named), strict=True)) if named else {}
    others = [
        ({row.owner_id} | {party.user_id for party in parties.get(row.id) or ()}) - {None, context.viewer.id}
        for row in rows
    ]
    return [next(iter(people)) if len(people) == 1 else None for people in others]


async def _bound(context: Context, ids: set[str]) -> set[str]:
    asked = sorted(ids)
    answers = await context.loaders.is_bound.load_many(asked) if asked else []
    return {user_id for user_id, is_bound in zip(asked, answers, strict=True) if is_bound}


async def _refusals(context: Context, rows: Sequence[SubjectRow]) -> list[str | None]:
    viewer, parties = context.viewer, await context.loaders.is_party.load_many([row.id for row in rows])
    is_stranger = any(row.policy == "ANYONE" for row in rows) and await is_over_stranger_limit(
        context.reading, context.palaver.settings, viewer
    )
    others = await _others(context, rows)
    bound = await _bound(context, {other for other in others if other is not None})
    contacts = [
        Contact(
            viewer.id,
            row.policy,
            row.state == "CLOSED",
            row.owner_id,
            bool(is_party),
            is_blocked=other in bound,
            is_over_stranger_limit=is_stranger and row.policy == "ANYONE",
        )
        for row, is_party, other in zip(rows, parties, others, strict=True)
    ]
    return [None if refusal is None else refusal.value for refusal in map(may_contact, contacts)]


async def _can_contact(context: Context, rows: Sequence[SubjectRow]) -> list[bool]:
    return [refusal is None for refusal in await _refusals(context, rows)]


async def _owners(context: Context, rows: Sequence[SubjectRow]) -> list[PersonRow | None]:
    owned = [row.owner_id for row in rows if row.owner_id is not None]
    by_id = {person.id: person for person in await load_users(context, owned)} if owned else {}
    return [None if row.owner_id is None else by_id[row.owner_id] for row in rows]


async def _conversations(
    context: Context,
    rows: Sequence[SubjectRow],
    *,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> "list[Page[ConversationRow]]":
    from graph.schema.inboxes import load_pages_about  # noqa: PLC0415 - an upward field

    return await load_pages_about(context, [row.id for row in rows], first, after, last, before)


def _connection_of(page: "Page[ConversationRow]") -> "ConversationConnection":
    from graph.schema.inboxes import ConversationConnection  # noqa: PLC0415 - an upward field

    return ConversationConnection.of(page)


@strawberry.type(description="What a conversation can be about: a listing, a ride, a booking ...")
class Subject(Node):
    """A thing of the host's."""

    row: strawberry.Private[SubjectRow]
    kind: str = column("kind", description="The host's word for what it is, such as listing, ride or booking.")
    external_id: strawberry.ID = column("external_id", description="The host's own id of it, within its kind.")
    title: str = column("title", description="What it is called now.")
    url: URL | None = column("url", description="Its page in the host application.")
    image_url: URL | None = column("image_url", description="Its picture.")
    owner: User | None = loaded(
        _owners,
        of=User.of,
        description="Seller, provider, driver: whoever is contacted. Null for a kind without an owner.",
    )
    policy: ContactPolicy = column("policy", description="Who may talk about it.")
    state: SubjectState = column("state", description="Is it still going on?")
    viewer_can_contact: bool = loaded(
        _can_contact,
        description="May the viewer open a conversation about it now? (Shows or hides the Contact button.)",
    )
    contact_refusal: ContactRefusal | None = loaded(_refusals, description="Why not; null when they can.")
    conversations: Annotated["ConversationConnection", strawberry.lazy("graph.schema.inboxes")] = loaded(
        _conversations,
        of=_connection_of,
        description="The viewer's conversations about it: one for a buyer, all for the owner.",
    )
