"""How a socket begins: the subprotocol, connection_init with a token, and how many there may be."""

from typing import Any

from tests.client import People, Person, sign
from tests.conftest import OpenHouse
from tests.house import House
from tests.socket.wire import WHO, greeted, open_wire
from tests.storage import locked
from tests.waiting import until


async def test_a_good_token_is_acknowledged(ann: Person) -> None:
    async with greeted(ann) as wire:
        assert wire.socket.subprotocol == "graphql-transport-ws"
        await wire.subscribe("1", WHO)
        assert (await wire.hear())["payload"]["data"]["viewer"]["user"]["externalId"] == "ann"


async def test_any_case_will_do(ann: Person) -> None:
    for name in ("Authorization", "authorization", "AUTHORIZATION", "aUtHoRiZaTiOn"):
        for scheme in ("Bearer", "bearer", "BEARER"):
            async with greeted(ann, **{name: f"{scheme} {ann.token}"}) as wire:
                assert await wire.is_open()


async def test_other_words_beside_the_token_do_no_harm(ann: Person) -> None:
    async with greeted(ann, client={"name": "a page"}, Authorization=f"Bearer {ann.token}") as wire:
        assert await wire.is_open()


async def test_without_the_subprotocol_it_is_closed(house: House) -> None:
    for offered in (None, ["graphql-ws"], ["soap", "mqtt"]):
        async with open_wire(house, subprotocols=offered) as wire:
            assert (await wire.ending())[0] == 4406, offered


async def test_among_several_subprotocols_ours_is_chosen(house: House, ann: Person) -> None:
    async with open_wire(house, subprotocols=["graphql-ws", "graphql-transport-ws"]) as wire:
        assert wire.socket.subprotocol == "graphql-transport-ws"
        await wire.say(type="connection_init", payload=ann.headers)
        assert await wire.hear() == {"type": "connection_ack"}


async def test_who_says_nothing_is_closed(make_house: OpenHouse) -> None:
    async with make_house(socket_init_seconds=0.2) as house, open_wire(house) as wire:
        assert (await wire.ending())[0] == 4408


async def test_pings_do_not_put_off_the_end_of_who_says_nothing_else(make_house: OpenHouse) -> None:
    async with make_house(socket_init_seconds=0.5) as house, open_wire(house) as wire:
        assert await wire.is_open()
        assert (await wire.ending())[0] == 4408


async def test_a_start_that_waits_for_too_long_is_closed_and_the_client_comes_back(make_house: OpenHouse) -> None:
    """Who is new is written down first, and somebody else writes."""
    async with make_house(socket_init_seconds=1, database_wait=60) as house, People(house) as people:
        async with locked(house), open_wire(house) as wire:
            await wire.say(type="connection_init", payload=people.cy.headers)
            assert (await wire.ending())[0] == 1013
        async with greeted(people.cy) as wire:
            assert await wire.is_open()


async def test_a_second_greeting_closes_it(ann: Person) -> None:
    async with greeted(ann) as wire:
        await wire.say(type="connection_init", payload=ann.headers)
        assert (await wire.ending())[0] == 4429


async def test_an_operation_before_the_greeting_closes_it(house: House) -> None:
    async with open_wire(house) as wire:
        await wire.subscribe("1", WHO)
        assert (await wire.ending())[0] == 4401


async def test_completing_before_the_greeting_is_ignored(house: House, ann: Person) -> None:
    async with open_wire(house) as wire:
        await wire.say(type="complete", id="1")
        await wire.say(type="connection_init", payload=ann.headers)
        assert await wire.hear() == {"type": "connection_ack"}


async def test_without_a_good_token_it_is_closed(house: House) -> None:
    words: list[Any] = ["", "Bearer", "Bearer x.y.z", "Basic YW5uOmFubg==", 5, None, "Bearer " + "x" * 20_000]
    payloads = [None, {}, {"token": "x"}, *({"authorization": word} for word in words)]
    for payload in payloads:
        async with open_wire(house) as wire:
            await wire.say(type="connection_init", payload=payload)
            code, reason = await wire.ending()
            assert (code, bool(reason)) == (4403, True), payload


async def test_an_expired_or_forged_token_is_closed(house: House) -> None:
    tokens = [sign("ann", seconds=-1), sign("ann", secret="another secret, of more than 32 bytes, too"), sign("")]
    for token in tokens:
        async with open_wire(house) as wire:
            await wire.say(type="connection_init", payload={"authorization": f"Bearer {token}"})
            code, reason = await wire.ending()
            assert code == 4403
            assert token not in reason


async def test_what_was_refused_is_not_counted(house: House, cy: Person) -> None:
    for _ in range(12):
        async with open_wire(house) as wire:
            await wire.say(type="connection_init", payload={})
            assert (await wire.ending())[0] == 4403
    async with greeted(cy) as wire:
        assert await wire.is_open()
        assert house.sockets.count == 1


async def test_a_person_has_so_many_sockets_and_no_more(make_house: OpenHouse) -> None:
    """Another person is not concerned, and a place that is left is free again."""
    async with make_house(max_sockets_per_user=1) as house, People(house) as cast:
        async with greeted(cast.ann), greeted(cast.bob), open_wire(house) as wire:
            await wire.say(type="connection_init", payload=cast.ann.headers)
            assert (await wire.ending())[0] == 1008
        await until(lambda: house.sockets.count == 0)
        async with greeted(cast.ann) as wire:
            assert await wire.is_open()


async def test_a_process_has_so_many_sockets_and_no_more(make_house: OpenHouse) -> None:
    """Whoever they are, and before anybody knows who: strangers who say nothing take places too."""
    async with make_house(max_sockets=2) as house, People(house) as cast:
        async with greeted(cast.ann), open_wire(house), open_wire(house) as wire:
            assert (await wire.ending())[0] == 1013
        await until(lambda: house.sockets._here == 0)
        async with greeted(cast.ann), greeted(cast.bob) as wire:
            assert await wire.is_open()
