"""The protocol graphql-transport-ws, scene by scene: each sentence of its text that two servers can differ in."""

import json

from tests.socket.script import (
    ENDS,
    HEAR,
    INIT,
    LARGE,
    MUTATION,
    QUERY,
    SETTLE,
    TWO,
    Scene,
    end,
    start,
    stream,
)  # fmt: skip

ACK = "connection_ack"
PONG = 'pong {"settle": true}'
BAD = "close 4400"
ANSWER = 'next 1 {"data": {"__typename": "Query"}}'
DONE = "complete 1"
SERVED = (ACK, ANSWER, DONE)


def _bad(name: str, frame: object) -> Scene:
    """What is no frame, on a socket that was acknowledged."""
    return Scene(name, (INIT, frame, ENDS), (ACK, BAD))


SCENES = [
    # Opening.
    Scene("acknowledged", (INIT, SETTLE), (ACK, PONG)),
    Scene("no subprotocol", (HEAR,), ("close 4406",), None),
    Scene("another subprotocol", (HEAR,), ("close 4406",), ("graphql-ws",)),
    Scene("ours among others", (INIT, SETTLE), (ACK, PONG), ("soap", "graphql-transport-ws")),
    Scene("nothing is said", (HEAR,), ("close 4408",)),
    Scene("only pings are said", (SETTLE, HEAR), (PONG, "close 4408")),
    Scene("init twice", (INIT, {"type": "connection_init"}, ENDS), (ACK, "close 4429")),
    Scene("init without a token", ({"type": "connection_init"}, ENDS), ("close 4403",)),
    Scene("init, payload null", ({"type": "connection_init", "payload": None}, ENDS), ("close 4403",)),
    Scene("init, payload a text", ({"type": "connection_init", "payload": "x"}, ENDS), (BAD,)),
    Scene("init, payload a list", ({"type": "connection_init", "payload": [1]}, ENDS), (BAD,)),
    Scene("subscribe before init", (start("1"), ENDS), ("close 4401",)),
    Scene("complete before init", (end("1"), INIT, SETTLE), (ACK, PONG)),
    # Ping and pong.
    Scene("ping before init", (SETTLE, INIT, SETTLE), (PONG, ACK, PONG)),
    Scene("ping without payload", (INIT, {"type": "ping"}, HEAR), (ACK, "pong")),
    Scene("ping with null", (INIT, {"type": "ping", "payload": None}, HEAR), (ACK, "pong")),
    Scene("ping with an empty payload", (INIT, {"type": "ping", "payload": {}}, HEAR), (ACK, "pong {}")),
    Scene(
        "ping with a deep payload",
        (INIT, {"type": "ping", "payload": {"a": [{"b": None}]}}, HEAR),
        (ACK, 'pong {"a": [{"b": null}]}'),
    ),
    Scene("pong that nobody asked for", (INIT, {"type": "pong"}, {"type": "pong", "payload": {}}, SETTLE), (ACK, PONG)),
    _bad("ping, payload a text", {"type": "ping", "payload": "x"}),
    _bad("ping, payload a number", {"type": "ping", "payload": 5}),
    _bad("pong, payload a list", {"type": "pong", "payload": []}),
    # Operations.
    Scene("a query", (INIT, start("1"), HEAR, HEAR), SERVED),
    Scene(
        "a mutation",
        (INIT, start("1", MUTATION), HEAR, HEAR),
        (ACK, 'next 1 {"data": {"__typename": "Mutation"}}', DONE),
    ),
    Scene("a stream and its end", (INIT, stream("1"), SETTLE, end("1"), SETTLE), (ACK, PONG, PONG)),
    Scene("variables null", (INIT, start("1", variables=None), HEAR, HEAR), SERVED),
    Scene("extensions null", (INIT, start("1", extensions=None), HEAR, HEAR), SERVED),
    Scene("operationName null", (INIT, start("1", operationName=None), HEAR, HEAR), SERVED),
    Scene("members that nobody knows", (INIT, {**start("1"), "more": 1}, HEAR, HEAR), SERVED),
    Scene(
        "one of two by name",
        (INIT, start("1", TWO, operationName="B"), HEAR, HEAR),
        (ACK, 'next 1 {"data": {"b": "Query"}}', DONE),
    ),
    Scene("none of two by name", (INIT, start("1", TWO, operationName="C"), HEAR, SETTLE), (ACK, "error 1", PONG)),
    Scene("two without a name", (INIT, start("1", TWO), HEAR, SETTLE), (ACK, "error 1", PONG)),
    Scene("a syntax error", (INIT, start("1", "{"), HEAR, SETTLE), (ACK, "error 1", PONG)),
    Scene("an empty document", (INIT, start("1", ""), HEAR, SETTLE), (ACK, "error 1", PONG)),
    Scene("an unknown field", (INIT, start("1", "{ nothing }"), HEAR, SETTLE), (ACK, "error 1", PONG)),
    Scene(
        "a variable that is missing",
        (INIT, start("1", "query($a: String!) { __type(name: $a) { name } }"), HEAR, SETTLE),
        (ACK, "error 1", PONG),
    ),
    Scene(
        "two root fields of a stream", (INIT, start("1", "subscription { a b }"), HEAR, SETTLE), (ACK, "error 1", PONG)
    ),
    Scene(
        "a bad one beside a stream",
        (INIT, stream("s"), start("1", "{"), HEAR, start("2", "{ x }"), HEAR, SETTLE, start("3"), HEAR, HEAR),
        (ACK, "error 1", "error 2", PONG, 'next 3 {"data": {"__typename": "Query"}}', "complete 3"),
    ),
    # Ids.
    Scene("an id that runs is used again", (INIT, stream("1"), SETTLE, stream("1"), ENDS), (ACK, PONG, "close 4409")),
    Scene("the same at once", (INIT, stream("1"), stream("1"), ENDS), (ACK, "close 4409")),
    Scene("the same with a query", (INIT, stream("1"), SETTLE, start("1"), ENDS), (ACK, PONG, "close 4409")),
    Scene("the same with a bad one", (INIT, stream("1"), SETTLE, start("1", "{"), ENDS), (ACK, PONG, "close 4409")),
    Scene(
        "an id is free after complete",
        (INIT, stream("1"), SETTLE, end("1"), start("1"), HEAR, HEAR),
        (ACK, PONG, ANSWER, DONE),
    ),
    Scene("an id is free after an answer", (INIT, *(start("1"), HEAR, HEAR) * 2), (ACK, *(ANSWER, DONE) * 2)),
    Scene(
        "an id is free after an error",
        (INIT, start("1", "{"), HEAR, start("1"), HEAR, HEAR),
        (ACK, "error 1", *SERVED[1:]),
    ),
    Scene(
        "an id of many letters",
        (INIT, start("ü" * 90), HEAR, HEAR),
        (ACK, f"next {'ü' * 90} {ANSWER[7:]}", f"complete {'ü' * 90}"),
    ),
    Scene(
        "ids like names of objects",
        (INIT, start("__proto__"), HEAR, HEAR),
        (ACK, f"next __proto__ {ANSWER[7:]}", "complete __proto__"),
    ),
    Scene(
        "another id like one",
        (INIT, start("constructor"), HEAR, HEAR),
        (ACK, f"next constructor {ANSWER[7:]}", "complete constructor"),
    ),
    *(
        Scene(f"{name} is used again", (INIT, stream(text), SETTLE, stream(text), ENDS), (ACK, PONG, "close 4409"))
        for name, text in (("half a character", "\ud83d"), ("a long id", "x" * 200), ("a wide id", "\U0001f6b2" * 90))
    ),
    # Complete.
    Scene("complete of what never was", (INIT, end("x"), SETTLE), (ACK, PONG)),
    Scene("complete of what is over", (INIT, start("1"), HEAR, HEAR, end("1"), SETTLE), (*SERVED, PONG)),
    Scene("complete twice", (INIT, stream("1"), SETTLE, end("1"), end("1"), SETTLE), (ACK, PONG, PONG)),
    Scene(
        "complete of one of two",
        (INIT, stream("1"), stream("2"), SETTLE, end("1"), SETTLE, stream("2"), ENDS),
        (ACK, PONG, PONG, "close 4409"),
    ),
    Scene(
        "complete with a payload", (INIT, stream("1"), SETTLE, {**end("1"), "payload": 1}, SETTLE), (ACK, PONG, PONG)
    ),
    # What is no frame.
    _bad("no text", ""),
    _bad("no JSON", "{"),
    _bad("a list", []),
    _bad("null", "null"),
    _bad("a number", "5"),
    _bad("a text", '"ping"'),
    _bad("no type", {}),
    _bad("type a number", {"type": 5}),
    _bad("an unknown type", {"type": "start", "id": "1", "payload": {"query": QUERY}}),
    _bad("subscribe without id", {"type": "subscribe", "payload": {"query": QUERY}}),
    _bad("subscribe, id empty", start("")),
    _bad("subscribe, id a number", start(5)),
    _bad("subscribe, id null", start(None)),
    _bad("subscribe without payload", {"type": "subscribe", "id": "1"}),
    _bad("subscribe, payload a text", {"type": "subscribe", "id": "1", "payload": QUERY}),
    _bad("subscribe, payload a list", {"type": "subscribe", "id": "1", "payload": [QUERY]}),
    _bad("complete without id", {"type": "complete"}),
    _bad("complete, id a number", end(5)),
    _bad("complete, id empty", end("")),
    _bad("a server's ack", {"type": "connection_ack"}),
    _bad("a server's next", {"type": "next", "id": "1", "payload": {"data": None}}),
    _bad("a server's error", {"type": "error", "id": "1", "payload": [{"message": "x"}]}),
    _bad("a binary frame", json.dumps({"type": "ping"}).encode()),
    _bad("a binary frame of no text", b"\xff\xfe"),
    _bad("a name twice", '{"type": "ping", "type": "pong"}'),
    _bad("NaN", '{"type": "ping", "payload": {"a": NaN}}'),
    _bad("brackets", "[" * 50_000),
    Scene(
        "a frame that is too large", (INIT, {"type": "ping", "payload": {"a": "x" * LARGE}}, ENDS), (ACK, "close 1009")
    ),
    # Wrong members of an operation's payload: its own affair.
    Scene("no query", (INIT, {"type": "subscribe", "id": "1", "payload": {}}, HEAR, SETTLE), (ACK, "error 1", PONG)),
    Scene("query a number", (INIT, start("1", 5), HEAR, SETTLE), (ACK, "error 1", PONG)),
    Scene("variables a text", (INIT, start("1", variables="x"), HEAR, SETTLE), (ACK, "error 1", PONG)),
    Scene("variables a list", (INIT, start("1", variables=[]), HEAR, SETTLE), (ACK, "error 1", PONG)),
    Scene("operationName a number", (INIT, start("1", operationName=5), HEAR, SETTLE), (ACK, "error 1", PONG)),
    Scene("extensions a text", (INIT, start("1", extensions="x"), HEAR, SETTLE), (ACK, "error 1", PONG)),
]
