"""Where Palaver and the reference server say different things, and why; docs/protocol.md shows it."""

from dataclasses import dataclass

from tests.socket.scenes import SCENES

ACK = "connection_ack"
PONG = 'pong {"settle": true}'

TYPO = """
A typing error is the affair of its operation: it is answered under its id, and whatever else runs on the socket goes
on. The reference lets the parser's exception end the socket.
"""
MEMBER = """
The frame is whole, only its operation is not: it is answered with `BAD_REQUEST` under its id, as over HTTP, and its
siblings go on. The reference takes the frame for none.
"""
DIRECTION = """
Frames that only a server says are none that a server knows: 4400, as the protocol says of invalid messages. The
reference lets an exception end the socket, with a code for faults of the server.
"""
VARIABLES = """
Wrong variables are told before anything is executed, so there is no result: an `error` frame, which the protocol has
for errors before execution. The reference executes, and passes on a result without data.
"""
REASON = """
The reason quotes the id, and a close has room for 123 bytes: Palaver cuts it. The reference fails at it, which closes
the socket with a code for faults of the server.
"""
TWINS = """
Of a name that stands twice each reader may take another value, so that it is no frame. The reference takes the last.
"""
BINARY = """
The subprotocol's frames are text; a binary one is none. The reference reads it as text.
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """What the reference says in a scene, and why Palaver says something else."""

    reference: tuple[str, ...]
    why: str


FAULT = (ACK, "close 4500")
FAULT_LATER = (ACK, PONG, "close 4500")
NO_FRAME = (ACK, "close 4400")

DIFFERENCES = {
    "a syntax error": Difference(FAULT, TYPO),
    "an empty document": Difference(FAULT, TYPO),
    "a bad one beside a stream": Difference(FAULT, TYPO),
    "an id is free after an error": Difference(FAULT, TYPO),
    "a variable that is missing": Difference((ACK, "next 1 errors", "complete 1", PONG), VARIABLES),
    "a long id is used again": Difference(FAULT_LATER, REASON),
    "a wide id is used again": Difference(FAULT_LATER, REASON),
    "a server's ack": Difference(FAULT, DIRECTION),
    "a server's next": Difference(FAULT, DIRECTION),
    "a server's error": Difference(FAULT, DIRECTION),
    "a binary frame": Difference((ACK, "pong", PONG), BINARY),
    "a name twice": Difference((ACK, PONG), TWINS),
    "no query": Difference(NO_FRAME, MEMBER),
    "query a number": Difference(NO_FRAME, MEMBER),
    "variables a text": Difference(NO_FRAME, MEMBER),
    "variables a list": Difference(NO_FRAME, MEMBER),
    "operationName a number": Difference(NO_FRAME, MEMBER),
    "extensions a text": Difference(NO_FRAME, MEMBER),
}


def table() -> str:
    """All of them, as docs/protocol.md shows them."""
    rows = ["| scene | Palaver | the reference | why |", "|---|---|---|---|"]
    for scene in SCENES:
        difference = DIFFERENCES.get(scene.name)
        if difference is not None:
            ours, theirs = (", ".join(f"`{words}`" for words in heard) for heard in (scene.hears, difference.reference))
            rows.append(f"| {scene.name} | {ours} | {theirs} | {' '.join(difference.why.split())} |")
    return "\n".join(rows)
