"""Subjects: what conversations are about."""

from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from chat.contact import Contact, may_contact
from core.ids import encode_id
from db.subjects import SubjectRow
from graph.context import Info
from graph.schema.nodes import Node
from graph.schema.pages import After, Before, First, Last
from graph.schema.scalars import URL
from graph.schema.users import User, load_user

if TYPE_CHECKING:
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


async def _refusal(root: "Subject", info: Info) -> ContactRefusal | None:
    viewer = info.context.viewer
    is_party = bool(await info.context.loaders.is_party.load(root.row.id))
    refusal = may_contact(Contact(viewer.id, root.row.policy, root.row.state == "CLOSED", root.row.owner_id, is_party))
    return None if refusal is None else ContactRefusal(refusal.value)


async def _contact_refusal(root: strawberry.Parent["Subject"], info: Info) -> ContactRefusal | None:
    return await _refusal(root, info)


async def _viewer_can_contact(root: strawberry.Parent["Subject"], info: Info) -> bool:
    return await _refusal(root, info) is None


async def _owner(root: strawberry.Parent["Subject"], info: Info) -> User | None:
    return None if root.row.owner_id is None else await load_user(info, root.row.owner_id)


async def _conversations(
    root: strawberry.Parent["Subject"],
    info: Info,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> Annotated["ConversationConnection", strawberry.lazy("graph.schema.inboxes")]:
    from graph.schema.inboxes import page_of_conversations  # noqa: PLC0415 - an upward field

    return await page_of_conversations(info, first, after, last, before, subject_id=root.row.id)


@strawberry.type(description="What a conversation can be about: a listing, a ride, a booking ...")
class Subject(Node):
    """A thing of the host's."""

    row: strawberry.Private[SubjectRow]
    kind: str = strawberry.field(description="The host's word for what it is, such as listing, ride or booking.")
    external_id: strawberry.ID = strawberry.field(description="The host's own id of it, within its kind.")
    title: str = strawberry.field(description="What it is called now.")
    url: URL | None = strawberry.field(description="Its page in the host application.")
    image_url: URL | None = strawberry.field(description="Its picture.")
    owner: User | None = strawberry.field(
        resolver=_owner,
        description="Seller, provider, driver: whoever is contacted. Null for a kind without an owner.",
    )
    policy: ContactPolicy = strawberry.field(description="Who may talk about it.")
    state: SubjectState = strawberry.field(description="Is it still going on?")
    viewer_can_contact: bool = strawberry.field(
        resolver=_viewer_can_contact,
        description="May the viewer open a conversation about it now? (Shows or hides the Contact button.)",
    )
    contact_refusal: ContactRefusal | None = strawberry.field(
        resolver=_contact_refusal, description="Why not; null when they can."
    )
    conversations: Annotated["ConversationConnection", strawberry.lazy("graph.schema.inboxes")] = strawberry.field(
        resolver=_conversations,
        description="The viewer's conversations about it: one for a buyer, all for the owner.",
    )

    @classmethod
    def of(cls, row: SubjectRow) -> "Subject":
        """The noun of a row."""
        return cls(
            id=strawberry.ID(encode_id("Subject", row.id)),
            row=row,
            kind=row.kind,
            external_id=strawberry.ID(row.external_id),
            title=row.title,
            url=None if row.url is None else URL(row.url),
            image_url=None if row.image_url is None else URL(row.image_url),
            policy=ContactPolicy(row.policy),
            state=SubjectState(row.state),
        )
