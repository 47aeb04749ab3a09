"""Verbs about subjects: the host tells of them, everybody looks them up."""

from typing import Annotated

import strawberry

from chat import subjects as chat_subjects
from chat.subjects import UNSET, Party, SubjectChange, Unset
from core.texts import is_storable
from db import subjects
from db.subjects import SubjectRow
from graph.context import Context
from graph.declarations import Outcome
from graph.fields import Noun, column
from graph.given import given
from graph.schema.errors import UserError, errors
from graph.schema.scalars import URL
from graph.schema.subjects import ContactPolicy, Subject, SubjectState


async def find_subject(
    context: Context,
    *,
    kind: Annotated[str, strawberry.argument(description="The host's word for what it is.")],
    external_id: Annotated[strawberry.ID, strawberry.argument(description="The host's own id of it, within its kind.")],
) -> SubjectRow | None:
    """A subject by the host's own name for it."""
    if not is_storable(kind + external_id):
        return None
    return await subjects.find_by_reference(context.reading, context.viewer.id, kind, external_id)


@strawberry.input(description="Somebody, and the part they play.")
class PartyInput:
    """A party."""

    user_external_id: strawberry.ID = strawberry.field(
        description="The host's own id of the person, who need not have signed in yet; at most 255 characters."
    )
    role: str = strawberry.field(description="The host's word for their part; at most 50 characters.")

    def party(self) -> Party:
        """The same for the floor below."""
        return Party(self.user_external_id, self.role)


@strawberry.input(
    description='On a new subject what is left out is ANYONE, ACTIVE, "buyer"; on a known one it stays as it is, and '
    "null clears (owner, url, imageUrl). ANYONE needs an owner, PARTIES at least two people; the policy is fixed once "
    "there is a conversation. A new owner has later conversations only; an added party reads all of the conversation, "
    "a removed one sees nothing of it any more."
)
class UpsertSubjectInput:
    """What the host tells."""

    kind: str = strawberry.field(description="The host's word for what it is; at most 50 characters.")
    external_id: strawberry.ID = strawberry.field(description="The host's own id of it; at most 255 characters.")
    title: str | None = strawberry.field(
        default=strawberry.UNSET, description="At most 300 characters; needed on a new subject."
    )
    url: URL | None = strawberry.field(default=strawberry.UNSET, description="Its page in the host application.")
    image_url: URL | None = strawberry.field(default=strawberry.UNSET, description="Its picture.")
    policy: ContactPolicy | None = strawberry.field(default=strawberry.UNSET, description="Who may talk about it.")
    state: SubjectState | None = strawberry.field(default=strawberry.UNSET, description="Is it still going on?")
    owner: PartyInput | None = strawberry.field(default=strawberry.UNSET, description="Whoever is contacted.")
    parties: list[PartyInput] | None = strawberry.field(
        default=strawberry.UNSET, description="PARTIES: whom it concerns, besides the owner; at most 50."
    )
    contacter_role: str | None = strawberry.field(
        default=strawberry.UNSET, description="ANYONE: the role of whoever contacts the owner."
    )

    def change(self) -> SubjectChange:
        """The same for the floor below."""
        owner: Party | Unset | None = UNSET
        if self.owner is not strawberry.UNSET:
            owner = None if self.owner is None else self.owner.party()
        return SubjectChange(
            kind=self.kind,
            external_id=self.external_id,
            title=given(self.title),
            url=UNSET if self.url is strawberry.UNSET else self.url,
            image_url=UNSET if self.image_url is strawberry.UNSET else self.image_url,
            policy=self.policy.name if self.policy else None,
            state=self.state.name if self.state else None,
            owner=owner,
            parties=None if not isinstance(self.parties, list) else [party.party() for party in self.parties],
            contacter_role=given(self.contacter_role),
        )


@strawberry.type(description="The subject as it is now.")
class UpsertSubjectPayload(Noun):
    """The subject."""

    row: strawberry.Private[Outcome]
    subject: Subject | None = column("value", of=Subject.of, description="The subject.")
    errors: list[UserError] = errors("Why nothing was stored; empty otherwise.")


async def upsert_subject(
    context: Context, *, input: Annotated[UpsertSubjectInput, strawberry.argument(description="The subject.")]
) -> SubjectRow:
    """The host tells of a subject. FORBIDDEN to others."""
    return await chat_subjects.upsert_subject(context.palaver.work, context.viewer, input.change())
