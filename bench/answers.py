"""Compares what servers answer before they are timed: the same content, in the same shape, and the same refusals."""

import re
from dataclasses import dataclass
from typing import Any

import httpx

from bench.dialects import REFUSED
from bench.load.socket import Socket
from bench.stage import BenchError, Served, id_of, token_of

ADDRESS = re.compile(r"http://127\.0\.0\.1(?::\d+)?/files/([0-9a-f]{32})/([0-9a-f]{32})/\d+/[0-9a-f]{32}/([^/]+)")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
PROBES, PROBE_SECONDS = 20, 0.5
CURSORS = ("cursor", "startCursor", "endCursor")


class DifferentAnswer(BenchError):
    """A server answers something else than Palaver, so it is not timed."""


def normal(answer: Any, *, is_new: bool = False) -> Any:
    """An answer without what may differ: cursors and signatures, and of new messages ids and times.

    Each cursor becomes a number by its first place, so that a page must still begin and end with its edges' cursors.
    """
    names: dict[str, str] = {}

    def name_of(kind: str, value: str) -> str:
        return names.setdefault(f"{kind} {value}", f"{kind} {len(names)}")

    def walk(value: Any, name: str) -> Any:
        if isinstance(value, dict):
            return {key: walk(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [walk(item, name) for item in value]
        if not isinstance(value, str):
            return value
        if name in CURSORS and value:
            return name_of("cursor", value)
        if name == "url" and (found := ADDRESS.fullmatch(value)):
            return "file {} for {} named {}".format(*found.groups())
        if is_new and name == "id" and value:
            return name_of("id", value)
        if is_new and name in ("createdAt", "lastMessageAt") and TIME.fullmatch(value):
            return "a time"
        return value

    return walk(answer, "")


def difference(one: Any, other: Any, path: str = "answer") -> str | None:
    """The first place at which two answers differ, in words; None when they are the same. Order of keys is nothing."""
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() != other.keys():
            return f"{path} has {sorted(one)}, and not {sorted(other)}"
        pairs = [(f"{path}.{key}", one[key], other[key]) for key in one]
    elif isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return f"{path} has {len(one)} items, and not {len(other)}"
        pairs = [(f"{path}[{place}]", *both) for place, both in enumerate(zip(one, other, strict=True))]
    elif type(one) is not type(other) or one != other:
        return f"{path} is {one!r}, and not {other!r}"
    else:
        return None
    return next((found for place, left, right in pairs if (found := difference(left, right, place))), None)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a server answered, by what it was asked; and the bytes of what the bare servers shall answer."""

    contents: dict[str, Any]
    bodies: dict[str, bytes]


async def take_answers(served: Served) -> Answers:
    """Ask a server everything that is compared. Some messages are sent for it."""
    dialect, market = served.dialect, served.market
    viewer, stranger, main = token_of(market.viewer), token_of(market.stranger), id_of(market.main)
    contents: dict[str, Any] = {}
    bodies: dict[str, bytes] = {}

    async with httpx.AsyncClient(timeout=30) as http:

        async def ask(request: bytes) -> tuple[Any, bytes]:
            status, body = await _exchange(http, served.port, request)
            return dialect.content_of(status, body), body

        page, bodies["page"] = await ask(dialect.page(viewer, main, 50))
        inbox, bodies["inbox"] = await ask(dialect.inbox(viewer, 20))
        contents["page"], contents["inbox"] = normal(page), normal(inbox)
        start, end = _cursors_of(served, page, inbox)
        contents["earlier page"] = normal((await ask(dialect.page(viewer, main, 50, start)))[0])
        contents["second page of the inbox"] = normal((await ask(dialect.inbox(viewer, 20, end)))[0])
        contents["a stranger's page"] = (await ask(dialect.page(stranger, main, 50)))[0]
        contents["a stranger's send"] = (await ask(dialect.send(stranger, main, "Hello", "key-a")))[0]
        contents["a page without a token"] = (await ask(dialect.page(None, main, 50)))[0]
        contents["a page with a bad token"] = (await ask(dialect.page(viewer[:-3] + "AAA", main, 50)))[0]
        first, bodies["send"] = await ask(dialect.send(viewer, main, "Hello", "key-b"))
        again, _ = await ask(dialect.send(viewer, main, "Hello", "key-b"))
        contents["send and its repeat"] = normal([first, again], is_new=True)
        contents["page after sending"] = normal((await ask(dialect.page(viewer, main, 5)))[0], is_new=True)
        contents["inbox after sending"] = normal((await ask(dialect.inbox(viewer, 3)))[0], is_new=True)
        event, bodies["event"] = await _hear(served, ask, viewer, main)
        contents["event"] = normal(event, is_new=True)
    return Answers(contents, bodies)


async def _hear(served: Served, ask: Any, token: str, thread: str) -> tuple[Any, bytes]:
    """Follow, and send until something is heard, since no server says when it has begun to listen."""
    dialect = served.dialect
    socket = await Socket.connect(served.port, dialect.socket_path, dialect.subprotocol)
    await dialect.follow(socket, token, thread)
    try:
        for number in range(PROBES):
            await ask(dialect.send(token, thread, "Do you hear me?", f"key-{number}"))
            try:
                while not dialect.is_event(text := await socket.receive(PROBE_SECONDS)):
                    continue
            except TimeoutError:
                continue
            event = dialect.event_of(text)
            # How often it was asked is chance.
            event["message"]["seq"] = "a number" if isinstance(event["message"]["seq"], int) else None
            return event, text
    finally:
        socket.close()
    raise DifferentAnswer(f"{served.contender.name} tells nobody of a message.")


def _cursors_of(served: Served, page: Any, inbox: Any) -> tuple[str, str]:
    if REFUSED in (page, inbox):
        raise DifferentAnswer(f"{served.contender.name} refuses its viewer.")
    start: str = page["conversation"]["messages"]["pageInfo"]["startCursor"]
    end: str = inbox["conversations"]["pageInfo"]["endCursor"]
    return start, end


async def _exchange(http: httpx.AsyncClient, port: int, request: bytes) -> tuple[int, bytes]:
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    response = await http.request(method, f"http://127.0.0.1:{port}{path}", content=body, headers=headers)
    return response.status_code, response.content


def compare(name: str, answers: Answers, to: Answers) -> None:
    """DifferentAnswer, which says what and where, unless all answers are the same as Palaver's."""
    for asked, expected in to.contents.items():
        found = difference(answers.contents[asked], expected)
        if found is not None:
            raise DifferentAnswer(f"{name} answers differently to: {asked}. {found}.")
