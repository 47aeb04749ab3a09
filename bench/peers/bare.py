"""The ceilings of Python: uvicorn that answers known bytes, also to sockets, and websockets that broadcasts them.

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
    """Answers with the bytes of a file that is named by the path, whatever is asked; sockets follow rooms."""

    def __init__(self, folder: Path) -> None:
        self._bodies = {f"/{path.stem}": path.read_bytes() for path in folder.glob("*.json")}
        self._event = (folder / "event.json").read_text("utf-8")
        self._rooms: defaultdict[str, list[Any]] = defaultdict(list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Read the request, and answer it."""
        if scope["type"] == "websocket":
            await self._hold(receive, send)
        if scope["type"] != "http":
            return
        while (await receive()).get("more_body"):
            pass
        body = self._bodies.get(scope["path"], b"ready")
        length = str(len(body)).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _hold(self, receive: Any, send: Any) -> None:
        """`follow NAME` enters a room; `tell NAME` sends the known bytes to all who are in it."""
        await receive()
        await send({"type": "websocket.accept"})
        entered: list[str] = []
        while (message := await receive())["type"] == "websocket.receive":
            verb, _, name = message["text"].partition(" ")
            if verb == "follow":
                self._rooms[name].append(send)
                entered.append(name)
            else:
                for follow in self._rooms[name]:
                    await follow({"type": "websocket.send", "text": self._event})
            await send({"type": "websocket.send", "text": "done"})
        for name in entered:
            self._rooms[name].remove(send)


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
        uvicorn.run(
            Answering(folder),
            host="127.0.0.1",
            port=PORT,
            log_level="warning",
            access_log=False,
            ws="websockets-sansio",  # As Palaver has it.
            ws_per_message_deflate=False,
        )
    else:
        import uvloop  # noqa: PLC0415 - as uvicorn would run it

        uvloop.run(broadcast_forever(folder))


if __name__ == "__main__":
    main()
