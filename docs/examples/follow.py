"""Follows one conversation: `python follow.py TOKEN CONVERSATION [CURSOR]`. Ctrl-C ends it.

Without a cursor it begins when the server has read its frame, so what is sent right after its start may be missed.
It speaks graphql-transport-ws by hand, to show how little there is to it. A page would use graphql-ws.
"""

import asyncio
import json
import os
import sys

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

ADDRESS = os.environ.get("ADDRESS", "ws://127.0.0.1:8000/graphql")
MESSAGES = """
subscription Messages($id: ID!, $after: String) {
  messageAdded(conversationId: $id, after: $after) {
    cursor
    isReplay
    message { seq body sender { name } }
  }
}
"""


async def follow(token: str, conversation_id: str, after: str | None = None) -> None:
    """Write every frame of the server, one a line."""
    variables = {"id": conversation_id, "after": after}
    async with connect(ADDRESS, subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
        await socket.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}))
        await socket.recv()  # connection_ack: from here on operations are taken
        payload = {"query": MESSAGES, "variables": variables}
        await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
        sys.stderr.write("Following.\n")
        while True:
            sys.stdout.write(await socket.recv(decode=True) + "\n")
            sys.stdout.flush()


try:
    asyncio.run(follow(*sys.argv[1:]))
except KeyboardInterrupt:
    pass
except ConnectionClosed as closed:
    sys.exit(f"The server closed the socket: {closed}")
except OSError as error:
    sys.exit(f"Nobody answers at {ADDRESS}: {error}")
