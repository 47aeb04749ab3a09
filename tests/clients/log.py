"""What was said, as the server has it and as a client has it."""

from tests import acts
from tests.client import Person
from tests.clients.node import App
from tests.waiting import until


async def say(person: Person, thread: str, count: int, word: str = "word") -> list[str]:
    """Send some messages, one after the other; what was said."""
    said = [f"{word} {number}" for number in range(1, count + 1)]
    for body in said:
        await acts.send(person, thread, body)
    return said


async def whole_log(person: Person, thread: str) -> list[str]:
    """The bodies of all messages, page by page."""
    bodies: list[str] = []
    after = None
    while True:
        conversation = await person.ask(acts.MESSAGES, id=thread, first=100, after=after)
        page = conversation["messages"]
        bodies += [edge["node"]["body"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return bodies
        after = page["pageInfo"]["endCursor"]


async def settles_on(app: App, bodies: list[str]) -> None:
    """Wait until the client's copy has as many messages, then compare: nothing lost, doubled or out of order."""

    async def has_enough() -> bool:
        return len(await app.bodies()) >= len(bodies)

    await until(has_enough)
    assert await app.bodies() == bodies


async def grows(app: App, count: int) -> None:
    """Wait until the client has so many messages more than now."""
    before = len(await app.bodies())

    async def has_grown() -> bool:
        return len(await app.bodies()) >= before + count

    await until(has_grown)


async def hears(app: App, body: str) -> None:
    """Wait until the newest message that the client has is this one."""

    async def has_it() -> bool:
        return (await app.bodies())[-1:] == [body]

    await until(has_it)
