"""What people do: each counter moves when what it counts happens, and by as much."""

import asyncio

import pytest
from prometheus_client import CollectorRegistry

from core.clock import now_ms
from graph.meters import Meters
from graph.metrics import report
from tests import acts
from tests.client import Line, People, Person
from tests.conftest import OpenHouse
from tests.house import House
from tests.live.asks import CONVERSATION_EVENTS, INBOX, PRESENCE, TYPING, cursor_of, inbox_cursor, listening, say, skim
from tests.metrics.scraping import read, watch
from tests.statements import SELDOM
from tests.waiting import until

SAY = "mutation($input: PostSystemMessageInput!) { postSystemMessage(input: $input) { errors { code } } }"
MY_ID = "{ viewer { user { id } } }"


async def test_what_is_sent_is_counted_once(house: House, ann: Person, thread: str) -> None:
    counts = await watch(house)
    await acts.send(ann, thread, "Hello", "key-1")
    await acts.send(ann, thread, "Hello", "key-1")
    await acts.send(ann, thread, "Hello", "key-1")
    await acts.send(ann, thread, "Again", "key-2")
    assert await counts.moved("palaver_sends_total", kind="TEXT") == 2
    assert await counts.moved("palaver_sends_total") == 2
    assert await counts.moved("palaver_send_repeats_total") == 2


async def test_acts_are_counted_and_the_commits_that_held_them(make_house: OpenHouse) -> None:
    """Those that come at the same time share commits on SQLite; elsewhere each has its own."""
    async with make_house(**SELDOM) as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        counts = await watch(house)
        await asyncio.gather(*(acts.send(people.ann, thread, f"{number}") for number in range(20)))
        assert await counts.moved("palaver_acts_total") == 20
        commits = await counts.moved("palaver_commits_total")
        assert 1 <= commits < 20 if house.palaver.database.is_sqlite else commits == 20


async def test_words_with_an_opening_files_and_the_hosts_words_are_sent_too(house: House, people: People) -> None:
    await acts.list_thing(people.host)
    counts = await watch(house)
    first = {"body": "Hello", "clientMessageId": "first"}
    thread = await acts.open_about(people.ann, firstMessage=first)
    await acts.open_about(people.ann, firstMessage=first)
    words = {"body": "Be kind.", "clientMessageId": "k", "conversationId": thread}
    assert await people.host.code(SAY, input=words) is None
    assert await people.host.code(SAY, input=words) is None
    assert await counts.moved("palaver_sends_total", kind="TEXT") == 1
    assert await counts.moved("palaver_sends_total", kind="SYSTEM") == 1
    assert await counts.moved("palaver_send_repeats_total") == 2


async def test_what_was_not_stored_was_not_sent(house: House, people: People) -> None:
    """The host speaks in two conversations at once; that it cannot in the second undoes the first."""
    await acts.list_thing(people.host)
    await acts.open_about(people.ann)
    second = await acts.open_about(people.cy)
    taken = {"body": "One thing", "clientMessageId": "taken", "conversationId": second}
    assert await people.host.code(SAY, input=taken) is None
    counts = await watch(house)
    everywhere = {"body": "Another", "clientMessageId": "taken", "subject": {"kind": "listing", "externalId": "bike-1"}}
    assert await people.host.code(SAY, input=everywhere) == "IDEMPOTENCY_CONFLICT"
    assert await people.cy.code(acts.SEND, input={"conversationId": "x", "body": "?", "clientMessageId": "y"})
    assert await counts.stands("palaver_sends_total", "palaver_send_repeats_total")


async def begin_all(person: Person, line: Line, thread: str) -> None:
    """Each of the five subscriptions."""
    me = (await person.ask(MY_ID))["user"]["id"]
    for query in (acts.MESSAGE_ADDED, CONVERSATION_EVENTS, TYPING):
        await line.subscribe(query, id=thread)
    await line.subscribe(INBOX)
    await line.subscribe(PRESENCE, ids=[me])
    await listening(person.house, 5)


async def test_sockets_and_subscriptions_are_counted_while_they_last(house: House, bob: Person, thread: str) -> None:
    fields = ("messageAdded", "conversationEvents", "typing", "inbox", "presence")
    counts = await watch(house)
    async with bob.connect() as line, bob.connect():
        await begin_all(bob, line, thread)
        assert await counts.moved("palaver_sockets") == 2
        assert [await counts.moved("palaver_subscriptions", field=field) for field in fields] == [1] * 5
        assert await counts.moved("palaver_listeners") == 5
        assert await counts.moved("palaver_rings") == 1
    for gauge in ("palaver_sockets", "palaver_subscriptions", "palaver_listeners", "palaver_rings"):
        await counts.moves(gauge, 0)
    assert [await counts.moved("palaver_subscriptions_begun_total", field=field) for field in fields] == [1] * 5
    assert await counts.moved("palaver_sockets_opened_total") == 2


@pytest.mark.parametrize(
    ("query", "field"),
    [(acts.MESSAGE_ADDED, "messageAdded"), (CONVERSATION_EVENTS, "conversationEvents"), (INBOX, "inbox")],
    ids=lambda value: value if value.isalpha() else "",
)
async def test_deliveries_are_counted_and_those_that_are_live_timed(
    house: House, ann: Person, bob: Person, thread: str, query: str, field: str
) -> None:
    """Five from before, then three live ones. What is replayed is old by right, and receipts have no moment."""
    start = await (inbox_cursor(bob) if field == "inbox" else cursor_of(bob, thread))
    await say(ann, thread, "abcde")
    counts = await watch(house)
    known = {"after": start} if field == "inbox" else {"after": start, "id": thread}
    async with bob.follow(query, **known) as stream:
        received = 0
        while received < 5:
            received += (await stream.next()).get("isReplay", False)
        await counts.moves("palaver_delivery_seconds_count", 0)
        await say(ann, thread, "fgh")
        while received < 8:
            event = await stream.next()
            received += "message" in event
            assert not event.get("isReplay", False)
        await counts.moves("palaver_delivery_seconds_count", 3, field=field)
        assert await counts.moved("palaver_deliveries_total", field=field) >= 8
    if field == "messageAdded":
        assert await counts.moved("palaver_deliveries_total") == 8
    assert await counts.moved("palaver_delivery_seconds_count") == 3
    assert await counts.moved("palaver_delivery_seconds_bucket", le="+Inf") == 3


async def test_receipts_are_deliveries_without_a_time(house: House, ann: Person, bob: Person, thread: str) -> None:
    async with ann.follow(CONVERSATION_EVENTS, id=thread) as events:
        await skim(events, "ReceiptEvent", 2)
        await acts.send(ann, thread, "Hello")
        # Her own mark moves with it, and is told before or after.
        told = [event["__typename"] for event in await events.take(2)]
        assert sorted(told) == ["MessageAddedEvent", "ReceiptEvent"]
        counts = await watch(house)
        await acts.read(bob, thread)
        await skim(events, "ReceiptEvent")
        await until(lambda: counts.moved("palaver_deliveries_total"))
        assert await counts.stands("palaver_delivery_seconds_count")


def test_the_time_of_a_delivery_is_in_seconds_and_never_below_zero() -> None:
    registry = CollectorRegistry()
    meters = Meters(registry, ["inbox"])
    following = meters.begin_following("inbox")
    following.count_delivery(now_ms() - 20_000)
    following.count_delivery(now_ms() + 60_000)
    following.count_delivery(None)
    found = read(report(registry).decode())
    assert found.of("palaver_deliveries_total") == 3
    assert found.of("palaver_delivery_seconds_count") == 2
    assert found.of("palaver_delivery_seconds_bucket", le="0.005") == 1
    assert found.of("palaver_delivery_seconds_bucket", le="10.0") == 1
    assert found.of("palaver_delivery_seconds_bucket", le="30.0") == 2
    assert 20 <= found.of("palaver_delivery_seconds_sum") < 30


async def test_ten_followers_of_two_people_cost_one_read_of_the_log(
    house: House, ann: Person, bob: Person, thread: str
) -> None:
    """One feed for each of the two: one of them reads, the other one finds it read."""
    async with ann.connect() as hers, bob.connect() as his:
        streams = [await line.subscribe(acts.MESSAGE_ADDED, id=thread) for line in (hers, his) for _ in range(5)]
        await until(lambda: house.feeds.resting == 10)
        counts = await watch(house)
        assert await counts.stands("palaver_feeds")
        await acts.send(ann, thread, "Hello")
        for stream in streams:
            await stream.next()
        assert await counts.moved("palaver_log_reads_total") == 1
        assert await counts.moved("palaver_ring_hits_total") == 1
        assert await counts.moved("palaver_answers_total", kind="subscription", made="planned") == 2
        assert await counts.moved("palaver_deliveries_total") == 10
