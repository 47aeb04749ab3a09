"""Whom somebody has blocked: listed and seen by the blocker alone, and nobody is blocked who is not seen."""

from tests import acts
from tests.blocking import BLOCK, BLOCKED, block, id_of, names_of
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.threads import look

SEEN = "query($externalId: ID!) { user(externalId: $externalId) { viewerHasBlocked } }"


async def test_who_is_blocked_is_listed_by_name_for_the_blocker_alone(people: People, thread: str) -> None:
    ann, host = people.ann, people.host
    sellers = [people.person(name, "seller", name=name.title()) for name in ("dee", "eve", "abe")]
    for seller in sellers:
        await block(ann, seller)
    await block(people.bob, ann)
    assert await names_of(ann) == ["abe", "dee", "eve"]
    assert await names_of(people.bob) == ["ann"]
    assert await names_of(host) == []
    page = await ann.ask(BLOCKED, first=1)
    assert page["pageInfo"] == {"hasNextPage": True, "hasPreviousPage": False}
    assert await names_of(ann, first=5, after=page["edges"][0]["cursor"]) == ["dee", "eve"]
    assert await names_of(ann, last=1) == ["eve"]
    assert await ann.code(BLOCKED, first=0) == "BAD_USER_INPUT"
    assert await ann.code(BLOCKED, after="nonsense") == "INVALID_CURSOR"


async def test_each_sees_whom_they_have_blocked_and_nobody_by_whom_they_were(people: People, thread: str) -> None:
    """A stranger sees nothing of others' blocks, and of people whom they do not know not even that they are there."""
    ann, bob, cy = people.ann, people.bob, people.cy
    theirs = await acts.open_about(cy)
    counterpart = "counterpart { user { externalId viewerHasBlocked } }"
    await block(ann, bob)
    for person, where, other, is_blocked in (
        (ann, thread, bob, True),
        (bob, thread, ann, False),
        (cy, theirs, bob, False),
    ):
        seen = (await look(person, where, counterpart))["counterpart"]["user"]
        assert seen == {"externalId": other.sub, "viewerHasBlocked": is_blocked}
    assert await cy.ask(SEEN, externalId="ann") is None
    await block(ann, bob, blocked=False)
    assert not (await look(ann, thread, counterpart))["counterpart"]["user"]["viewerHasBlocked"]


async def test_a_repeat_changes_nothing(ann: Person, bob: Person, thread: str) -> None:
    await block(ann, bob, blocked=False)
    for _ in range(2):
        await block(ann, bob)
        assert await names_of(ann) == ["bob"]
    for _ in range(2):
        await block(ann, bob, blocked=False)
        assert await names_of(ann) == []


async def test_nobody_blocks_themselves_or_somebody_whom_they_do_not_see(people: People, thread: str) -> None:
    ann, cy = people.ann, people.cy
    assert await ann.code(BLOCK, input={"userId": await id_of(ann), "blocked": True}) == "INVALID"
    for name in (await id_of(ann), "VXNlcjow", "nonsense"):
        assert await cy.code(BLOCK, input={"userId": name, "blocked": True}) == "NOT_FOUND"
        assert await cy.code(BLOCK, input={"userId": name, "blocked": False}) == "NOT_FOUND"


async def test_who_is_not_seen_any_more_can_be_let_off(people: People) -> None:
    ann, eve, host = people.ann, people.person("eve", "buyer", name="Eve"), people.host
    await acts.book(host, "booking-1", "ann", "eve", "bob")
    await acts.open_about(ann, "booking-1", kind="booking")
    await block(ann, eve)
    await acts.book(host, "booking-1", "ann", "bob")
    assert await names_of(ann) == ["eve"]
    await block(ann, eve, blocked=False)
    assert await ann.code(BLOCK, input={"userId": await id_of(eve), "blocked": True}) == "NOT_FOUND"


async def test_blocks_have_a_rate_and_neither_repeats_nor_lifting_count(make_house: OpenHouse) -> None:
    """A block that is refused is none, and leaves nothing in the conversation. What one does binds nobody else."""
    async with make_house(rate_limits="on", blocks="2 per hour") as house, People(house) as people:
        ann, bob = people.ann, people.bob
        await acts.list_thing(people.host)
        thread = await acts.open_about(ann)
        for _ in range(2):
            await block(ann, bob)
            await block(ann, bob)
            await block(ann, bob, blocked=False)
            await block(ann, bob, blocked=False)
        before = (await look(ann, thread, "cursor"))["cursor"]
        assert await ann.code(BLOCK, input={"userId": await id_of(bob), "blocked": True}) == "RATE_LIMITED"
        assert await names_of(ann) == []
        assert (await look(ann, thread, "cursor"))["cursor"] == before
        await block(bob, ann)
