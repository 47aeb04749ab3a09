"""A recipe that runs under Node, driven from a test: commands go in by its standard input, answers come out."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.client import Person
from tests.legs import SECRET
from tests.waiting import soon

HERE = Path(__file__).parent


@dataclass(slots=True)
class App:
    """A frontend of somebody's: one process of Node with one client in it."""

    process: asyncio.subprocess.Process
    _asked: dict[int, asyncio.Future[Any]] = field(default_factory=dict)
    _reading: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self._reading = asyncio.create_task(self._read())

    def begin(self, command: str, argument: Any = None) -> asyncio.Future[Any]:
        """Start a command; its answer comes when it comes."""
        number = len(self._asked)
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        assert self.process.stdin is not None
        line = {"id": number, "command": command, "argument": argument}
        self.process.stdin.write(json.dumps(line).encode() + b"\n")
        return answer

    async def do(self, command: str, argument: Any = None) -> Any:
        """A command's answer."""
        return await soon(self.begin(command, argument))

    async def bodies(self) -> list[str]:
        """What the client's own copy of the thread says, in its order."""
        return [message["body"] for message in await self.do("messages")]

    async def quit(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        await self.process.wait()
        if self._reading is not None:
            await self._reading

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            answer = json.loads(line)
            future = self._asked[answer["id"]]
            if future.done():
                continue  # Whoever asked has given up.
            if "error" in answer:
                future.set_exception(AssertionError(answer["error"]))
            else:
                future.set_result(answer["value"])
        for future in self._asked.values():
            if not future.done():
                future.set_exception(AssertionError("The process of Node ended"))
                future.exception()  # The test that failed is not waiting for it any more.


@asynccontextmanager
async def run_app(
    url: str,
    recipe: str,
    person: Person,
    role: str,
    *,
    seconds: float = 3600,
    keep_alive: float = 10,
    folder: Path = HERE,
    manifest: Any = None,
) -> AsyncIterator[App]:
    """A frontend of somebody's, by one of the recipes. It signs its own tokens, good for so many seconds each.

    After `keep_alive` seconds without a word it asks whether the connection lives. `folder` is where the recipes are;
    `manifest` is for one that needs the ids of registered documents.
    """
    setup = {
        "recipe": recipe,
        "url": url,
        "secret": SECRET,
        "sub": person.sub,
        "name": person.sub.title(),
        "role": role,
        "seconds": seconds,
        "keepAlive": keep_alive * 1000,
        "manifest": manifest,
    }
    process = await asyncio.create_subprocess_exec(
        "node",
        "driver.mjs",
        json.dumps(setup),
        cwd=folder,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=16 * 1024 * 1024,
    )
    app = App(process)
    try:
        yield app
    finally:
        await app.quit()
