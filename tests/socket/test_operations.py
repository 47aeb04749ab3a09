"""Operations beside each other on one socket: each has its id, its answer and its errors, and none harms another."""

from tests import acts
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.live.asks import cursor_of, listening
from tests.socket.wire import WHO, Wire, greeted


async def follow(wire: Wire, name: str, thread: str, after: str) -> None:
    """Follow a conversation's messages under an id."""
    await wire.subscribe(name, acts.MESSAGE_ADDED, id=thread, after=after)


async def body(wire: Wire, name: str) -> str:
    """The next frame is a message under this id; what it says."""
    frame = await wire.hear()
    assert (frame["type"], frame["id"]) == ("next", name), frame
    text: str = frame["payload"]["data"]["messageAdded"]["message"]["body"]
    return text


async def test_a_query_is_one_answer_and_a_complete(ann: Person) -> None:
    async with greeted(ann) as wire:
        await wire.subscribe("q", WHO)
        data = {"viewer": {"user": {"externalId": "ann"}}}
        assert await wire.hear() == {"id": "q", "type": "next", "payload": {"data": data, "extensions": {"cost": 3}}}
        assert await wire.hear() == {"id": "q", "type": "complete"}


async def test_a_mutation_goes_over_the_socket_too(ann: Person, bob: Person, thread: str) -> None:
    async with greeted(ann) as wire:
        fields = {"conversationId": thread, "body": "By socket", "clientMessageId": "1"}
        await wire.subscribe("m", acts.SEND, input=fields)
        answer = await wire.hear()
        assert (answer["type"], answer["id"]) == ("next", "m")
        assert answer["payload"]["data"]["sendMessage"]["errors"] == []
        assert await wire.hear() == {"id": "m", "type": "complete"}
    assert await acts.bodies(bob, thread) == ["By socket"]


async def test_an_operation_is_chosen_by_name(ann: Person) -> None:
    query = "query A { a: __typename } query B { b: __typename }"
    async with greeted(ann) as wire:
        await wire.say(type="subscribe", id="1", payload={"query": query, "operationName": "B"})
        assert (await wire.hear())["payload"]["data"] == {"b": "Query"}
        assert (await wire.hear())["type"] == "complete"
        await wire.say(type="subscribe", id="2", payload={"query": query, "operationName": "C"})
        assert await wire.error_code("2") == "BAD_REQUEST"
        await wire.say(type="subscribe", id="3", payload={"query": query})
        assert await wire.error_code("3") == "BAD_REQUEST"


async def test_a_faulty_operation_is_answered_while_its_siblings_go_on(ann: Person, bob: Person, thread: str) -> None:
    faults = [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "subscription { nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "subscription { a: __typename }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": acts.MESSAGE_ADDED, "variables": {}}, "BAD_USER_INPUT"),
        ({"query": acts.MESSAGE_ADDED, "variables": {"id": [1]}}, "BAD_USER_INPUT"),
        ({"query": acts.MESSAGE_ADDED, "variables": {"id": "x"}}, "NOT_FOUND"),
        ({"query": acts.MESSAGE_ADDED, "variables": {"id": thread, "after": "x"}}, "INVALID_CURSOR"),
        ({"query": "query($id: ID!) { node(id: $id) { id } }", "variables": {"id": None}}, "BAD_USER_INPUT"),
        ({"query": WHO, "variables": "x"}, "BAD_REQUEST"),
        ({"query": WHO, "operationName": 5}, "BAD_REQUEST"),
        ({"query": WHO, "extensions": []}, "BAD_REQUEST"),
        ({"query": 5}, "BAD_REQUEST"),
        ({"query": "  "}, "BAD_REQUEST"),
        ({}, "BAD_REQUEST"),
        ({"query": "{" * 1000}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ viewer " + "{ user " * 30 + "}" * 31}, "TOO_COMPLEX"),
    ]
    start = await cursor_of(bob, thread)
    async with greeted(bob) as wire:
        await follow(wire, "sibling", thread, start)
        for number, (payload, code) in enumerate(faults):
            await wire.say(type="subscribe", id=str(number), payload=payload)
            assert await wire.error_code(str(number)) == code, payload
            if number % 4 == 0:
                await acts.send(ann, thread, str(number))
                assert await body(wire, "sibling") == str(number)
        await acts.send(ann, thread, "still here")
        assert await body(wire, "sibling") == "still here"


async def test_a_running_id_is_not_used_twice(bob: Person, thread: str) -> None:
    async with greeted(bob) as other, greeted(bob) as wire:
        for _ in range(2):
            await wire.subscribe("1", acts.MESSAGE_ADDED, id=thread)
        code, reason = await wire.ending()
        assert (code, reason) == (4409, "Subscriber for 1 already exists")
        # The same id on another socket is another operation.
        await other.subscribe("1", WHO)
        assert (await other.hear())["type"] == "next"


async def test_an_id_is_free_again_when_its_operation_is_over(ann: Person, bob: Person, thread: str) -> None:
    """Completed by the server, refused by the server, completed by the client."""
    start = await cursor_of(bob, thread)
    async with greeted(bob) as wire:
        for _ in range(3):
            await wire.subscribe("1", WHO)
            assert [(await wire.hear())["type"] for _ in range(2)] == ["next", "complete"]
            await wire.subscribe("1", "{")
            assert await wire.error_code("1") == "GRAPHQL_PARSE_FAILED"
            await wire.subscribe("1", acts.MESSAGE_ADDED, id="x")
            assert await wire.error_code("1") == "NOT_FOUND"
            await follow(wire, "1", thread, start)
            await wire.say(type="complete", id="1")
        await follow(wire, "1", thread, start)
        await acts.send(ann, thread, "heard once")
        assert await body(wire, "1") == "heard once"
        assert await wire.is_open()


async def test_after_a_complete_nothing_more_is_heard(ann: Person, bob: Person, thread: str) -> None:
    """A sibling hears what comes later, and nothing comes under the id that was completed."""
    start = await cursor_of(bob, thread)
    async with greeted(bob) as wire:
        await follow(wire, "stays", thread, start)
        await follow(wire, "goes", thread, start)
        await listening(bob.house, 2)
        await wire.say(type="complete", id="goes")
        assert await wire.is_open()
        for number in range(3):
            await acts.send(ann, thread, str(number))
            assert await body(wire, "stays") == str(number)


async def test_completing_what_is_unknown_or_over_is_ignored(ann: Person) -> None:
    async with greeted(ann) as wire:
        await wire.say(type="complete", id="never")
        await wire.subscribe("1", WHO)
        assert [(await wire.hear())["type"] for _ in range(2)] == ["next", "complete"]
        await wire.say(type="complete", id="1")
        assert await wire.is_open()


async def test_complete_races_with_the_answer(ann: Person) -> None:
    """Either may win: after an answer there is its end, and the socket lives."""
    async with greeted(ann) as wire:
        for number in range(10):
            await wire.subscribe(str(number), WHO)
            await wire.say(type="complete", id=str(number))
        await wire.say(type="ping", payload={"the": "end"})
        frames = []
        while (frame := await wire.hear())["type"] != "pong":
            frames.append(frame)
        assert {frame["type"] for frame in frames} <= {"next", "complete"}


async def test_a_mutation_that_was_completed_is_whole_or_not_there(ann: Person, bob: Person, thread: str) -> None:
    """Its retry finds it or does it, and there it is once."""
    keys = [str(number) for number in range(10)]
    async with greeted(ann) as wire:
        for key in keys:
            fields = {"conversationId": thread, "body": key, "clientMessageId": key}
            await wire.subscribe(key, acts.SEND, input=fields)
            await wire.say(type="complete", id=key)
    for key in keys:
        await acts.send(ann, thread, key, key)
    assert sorted(await acts.bodies(bob, thread)) == keys


async def test_a_socket_has_so_many_operations_and_no_more(make_house: OpenHouse) -> None:
    """One too many is an error under its id; a place that is left is free again."""
    async with make_house(max_operations_per_socket=3) as house, People(house) as cast:
        await acts.list_thing(cast.host)
        thread = await acts.open_about(cast.ann)
        start = await cursor_of(cast.bob, thread)
        async with greeted(cast.bob) as wire, greeted(cast.bob) as other:
            for name in "abc":
                await follow(wire, name, thread, start)
            await wire.subscribe("d", WHO)
            assert await wire.error_code("d") == "RATE_LIMITED"
            await other.subscribe("d", WHO)
            assert (await other.hear())["type"] == "next"
            await wire.say(type="complete", id="b")
            await wire.subscribe("d", WHO)
            assert [(await wire.hear())["type"] for _ in range(2)] == ["next", "complete"]
            await acts.send(cast.ann, thread, "to both")
            heard = [await wire.hear() for _ in range(2)]
            assert sorted(frame["id"] for frame in heard) == ["a", "c"]


async def test_fifty_operations_go_on_beside_each_other(ann: Person, bob: Person, thread: str) -> None:
    start = await cursor_of(bob, thread)
    async with greeted(bob) as wire:
        for number in range(50):
            await follow(wire, str(number), thread, start)
        await wire.subscribe("one too many", WHO)
        assert await wire.error_code("one too many") == "RATE_LIMITED"
        await acts.send(ann, thread, "to all")
        heard = [await wire.hear() for _ in range(50)]
        assert {frame["id"] for frame in heard} == {str(number) for number in range(50)}
