"""Who owns a subject and whom it concerns changes: what that means for the conversations about it."""

from typing import Any

from tests import acts
from tests.client import People, Person
from tests.listings import UPSERT, about, conversation_of, ids_listed, opening, people_in, refusal_of, subject_of

MARKS = """
query($id: ID!) { conversation(id: $id) { unreadCount viewerParticipant { lastReadSeq } } }
"""
CHANGES = """
subscription($id: ID!) {
  conversationEvents(conversationId: $id) {
    ... on ConversationUpdatedEvent { conversation { participants { role user { externalId } } } }
  }
}
"""


async def concern(host: Person, **roles: str) -> None:
    """The booking concerns these people, in these roles."""
    parties = [{"userExternalId": name, "role": role} for name, role in roles.items()]
    fields = {"kind": "booking", "externalId": "booking-1", "title": "A haircut", "policy": "PARTIES"}
    payload = await host.ask(UPSERT, input={**fields, "parties": parties})
    assert payload["errors"] == [], payload


async def open_booking(person: Person) -> str:
    """The booking's conversation."""
    return await acts.open_about(person, "booking-1", kind="booking")


async def test_a_new_owner_has_later_openings_only(people: People, thread: str) -> None:
    """Ann's conversation stays one with Bob, and hers to return to; Cy's is with Dee."""
    ann, bob, cy, dee = people.ann, people.bob, people.cy, people.person("dee", "seller")
    await acts.list_thing(people.host, owner={"userExternalId": "dee", "role": "dealer"})
    cys = await acts.open_about(cy)
    assert await people_in(cy, cys) == {"dee": "dealer", "cy": "buyer"}
    assert await people_in(ann, thread) == {"bob": "seller", "ann": "buyer"}
    assert await ids_listed(dee) == [cys]
    assert await ids_listed(bob) == [thread]
    again = await opening(ann, **about())
    assert (again["conversation"]["id"], again["created"]) == (thread, False)
    assert await refusal_of(dee, **about(), userExternalId="ann") == ("CONTACT_REFUSED", "subject", "IS_OWNER")
    await acts.send(ann, thread, "Is it sold?")
    assert await acts.bodies(bob, thread) == ["Is it sold?"]


async def test_the_old_owner_is_somebody_like_others_now(people: People, thread: str) -> None:
    bob = people.bob
    await acts.list_thing(people.host, owner={"userExternalId": "ann", "role": "seller"})
    bobs = await acts.open_about(bob)
    assert bobs != thread
    assert await people_in(bob, bobs) == {"ann": "seller", "bob": "buyer"}
    again = await opening(people.ann, **about())
    assert again["conversation"]["id"] == thread


async def test_an_added_party_reads_all(people: People) -> None:
    ann, cy = people.ann, people.cy
    await concern(people.host, ann="customer", bob="barber")
    booking = await open_booking(ann)
    await acts.send(ann, booking, "Monday?")
    await acts.send(people.bob, booking, "Monday!")
    await concern(people.host, ann="customer", bob="barber", cy="apprentice")
    assert await acts.bodies(cy, booking) == ["Monday?", "Monday!"]
    assert await cy.ask(MARKS, id=booking) == {"unreadCount": 2, "viewerParticipant": {"lastReadSeq": 0}}
    assert await ids_listed(cy) == [booking]
    await acts.send(cy, booking, "I will be there too")
    assert len(await acts.bodies(ann, booking)) == 3


async def test_an_added_party_is_heard_of(people: People) -> None:
    ann = people.ann
    await concern(people.host, ann="customer", bob="barber")
    booking = await open_booking(ann)
    async with ann.follow(CHANGES, id=booking) as changes:
        await concern(people.host, ann="customer", bob="barber", cy="apprentice")
        event: dict[str, Any] = {}
        while "conversation" not in event:
            event = await changes.next()
    names = [one["user"]["externalId"] for one in event["conversation"]["participants"]]
    assert names == ["ann", "bob", "cy"]


async def test_a_party_who_came_and_went_finds_their_mark_again(people: People) -> None:
    ann, cy = people.ann, people.cy
    await concern(people.host, ann="customer", bob="barber", cy="apprentice")
    booking = await open_booking(ann)
    await acts.send(ann, booking, "Monday?")
    await acts.read(cy, booking)
    await concern(people.host, ann="customer", bob="barber")
    await acts.send(ann, booking, "Tuesday?")
    assert await conversation_of(cy, booking) is None
    await concern(people.host, ann="customer", bob="barber", cy="apprentice")
    assert await cy.ask(MARKS, id=booking) == {"unreadCount": 1, "viewerParticipant": {"lastReadSeq": 1}}


async def test_the_counterpart_is_the_other_when_there_is_exactly_one(people: People) -> None:
    ann = people.ann
    await concern(people.host, ann="customer", bob="barber")
    booking = await open_booking(ann)

    async def counterpart() -> str | None:
        found = (await conversation_of(ann, booking))["counterpart"]
        return None if found is None else str(found["user"]["externalId"])

    assert await counterpart() == "bob"
    await concern(people.host, ann="customer", bob="barber", cy="apprentice")
    assert await counterpart() is None
    await concern(people.host, ann="customer", cy="apprentice")
    assert await counterpart() == "cy"


async def test_a_role_that_changes_is_shown(people: People) -> None:
    await concern(people.host, ann="customer", bob="barber")
    booking = await open_booking(people.ann)
    await concern(people.host, ann="regular", bob="barber")
    assert await people_in(people.bob, booking) == {"ann": "regular", "bob": "barber"}


async def test_who_is_named_before_the_opening_is_in_it_and_who_was_taken_back_is_not(people: People) -> None:
    await concern(people.host, ann="customer", bob="barber")
    await concern(people.host, ann="customer", cy="barber")
    booking = await open_booking(people.ann)
    assert await people_in(people.ann, booking) == {"ann": "customer", "cy": "barber"}
    assert await subject_of(people.bob, "booking-1", "booking") is None


async def test_the_last_two_cannot_be_taken_apart(people: People) -> None:
    await concern(people.host, ann="customer", bob="barber")
    booking = await open_booking(people.ann)
    parties = [{"userExternalId": "ann", "role": "customer"}]
    payload = await people.host.ask(UPSERT, input={"kind": "booking", "externalId": "booking-1", "parties": parties})
    assert [error["code"] for error in payload["errors"]] == ["INVALID"]
    assert await people_in(people.bob, booking) == {"ann": "customer", "bob": "barber"}
