"""The ceilings of Python: uvicorn that answers known bytes, and a WebSocket server that broadcasts known bytes.

`python -m bench.peers.bare http|sockets`, with PORT and BODIES, a folder of what is answered, in the environment.
"""

import asyncio
import os
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import uvicorn
from websockets.asyncio.server import ServerConnection, broadcast, serve

PORT = int(os.environ.get("PORT", "0"))


class Answering:
    """Answers with the bytes of a file that is named by the path, whatever is asked."""

    def __init__(self, folder: Path) -> None:
        self._bodies = {f"/{path.stem}": path.read_bytes() for path in folder.glob("*.json")}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Read the request, and answer it."""
        if scope["type"] != "http":
            return
        while (await receive()).get("more_body"):
            pass
        body = self._bodies.get(scope["path"], b"ready")
        length = str(len(body)).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def broadcast_forever(folder: Path) -> None:
    """`follow NAME` enters a room; `tell NAME` sends the known bytes to all who are in it."""
    event = (folder / "event.json").read_text("utf-8")
    rooms: defaultdict[str, set[ServerConnection]] = defaultdict(set)

    async def handle(connection: ServerConnection) -> None:
        async for text in connection:
            verb, _, name = str(text).partition(" ")
            if verb == "follow":
                rooms[name].add(connection)
            else:
                broadcast(rooms[name], event)
            await connection.send("done")

    async with serve(handle, "127.0.0.1", PORT, compression=None):
        await asyncio.get_running_loop().create_future()


def main() -> None:
    """Serve until killed."""
    folder = Path(os.environ["BODIES"])
    if sys.argv[1] == "http":
        uvicorn.run(Answering(folder), host="127.0.0.1", port=PORT, log_level="warning", access_log=False)
    else:
        import uvloop  # noqa: PLC0415 - as uvicorn would run it

        uvloop.run(broadcast_forever(folder))


if __name__ == "__main__":
    main()
