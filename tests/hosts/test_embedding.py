"""docs/embedding.md, done word by word: its files written, its commands run, its answers compared."""

import os
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.client import NO_TLS
from tests.hosts.kinds import FASTAPI, ROOT
from tests.hosts.terminal import Terminal, open_terminal
from tests.parts.programs import free_port
from tests.test_tour import shown
from tests.waiting import until

pytestmark = pytest.mark.hosts

PAGE = ROOT / "docs" / "embedding.md"
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: How a paragraph ends before a file, or before the next part of one.
NAMED = re.compile(r"`([\w/]+\.\w+)`(?: begins| goes on| ends)?:\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of code, and the file that it belongs to; None for commands and what they print."""

    language: str
    code: str
    file: str | None


def blocks() -> Iterator[Block]:
    """All of the page's code, in order."""
    text, end = PAGE.read_text("utf-8"), 0
    for found in FENCED.finditer(text):
        before, end = text[end : found.start()], found.end()
        is_file = found[1] not in ("sh", "text", "json")
        named = NAMED.search(before)
        assert is_file == (named is not None), f"Is this a file? {before[-80:]!r}"
        yield Block(found[1], found[2], named[1] if named else None)


def files() -> dict[str, str]:
    """The files that a reader has in the end; parts of one are put below each other."""
    parts: dict[str, list[str]] = {}
    for block in blocks():
        if block.file is not None:
            parts.setdefault(block.file, []).append(block.code)
    return {name: "\n\n".join(pieces) for name, pieces in parts.items()}


def test_the_page_ends_with_the_example_byte_for_byte() -> None:
    kinds = ("*.py", "templates/*.html", "static/*")
    there = {path.relative_to(FASTAPI.folder).as_posix(): path for kind in kinds for path in FASTAPI.folder.glob(kind)}
    assert files() == {name: path.read_text("utf-8") for name, path in there.items()}


def test_the_packages_are_those_of_the_example() -> None:
    [line] = re.findall(r"pip install --quiet (.*)", PAGE.read_text("utf-8"))
    wanted = re.findall(r"^([\w-]+)", (FASTAPI.folder / "requirements.in").read_text("utf-8"), re.MULTILINE)
    assert line.split() == [name.lower() for name in wanted]


@dataclass(slots=True)
class Reader:
    """Somebody who does what the page says, on ports of their own."""

    terminal: Terminal
    folder: Path
    ports: dict[str, int]

    def own(self, text: str) -> str:
        """The page's words with one's own ports and folder."""
        for written, port in self.ports.items():
            text = re.sub(rf"(:|--port ){written}\b", rf"\g<1>{port}", text)
        return text.replace("/tmp/", f"{self.folder}/")

    def write(self, block: Block) -> None:
        """Write a file, or put the next part below."""
        path = self.folder / "market" / (block.file or "")
        before = path.read_text("utf-8") + "\n\n" if path.exists() else ""
        path.write_text(before + self.own(block.code), "utf-8")

    async def run(self, code: str) -> None:
        """Run commands, and wait for what they leave running."""
        await self.terminal.run(self.own(code))
        for written in re.findall(r"--port (\d+).*&$", code, re.MULTILINE):
            await until(partial(is_open, self.ports[written]), pause=0.05)
        if "follow.py" in code:
            await until(self.is_followed, pause=0.05)

    async def is_followed(self) -> bool:
        """Does somebody follow a conversation?"""
        async with httpx.AsyncClient(verify=NO_TLS) as http:
            page = (await http.get(f"http://127.0.0.1:{self.ports['8000']}/metrics")).text
        return re.search(r'^palaver_subscriptions{[^}]*"messageAdded"[^}]*} 1', page, re.MULTILINE) is not None

    async def see(self, expected: str) -> None:
        """What was printed since the last look is this."""
        wanted = self.own(expected)
        try:
            await until(lambda: shown(wanted, self.terminal.news()), pause=0.05)
        except TimeoutError:
            pytest.fail("\n".join(["Expected:", wanted, "There is:", *self.terminal.news()]))
        self.terminal.see()


def is_open(port: int) -> bool:
    """Does somebody listen there?"""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def environment(folder: Path) -> dict[str, str]:
    """A newcomer's environment: nothing of Palaver's but where its data goes, and the packages of the lock at hand."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PALAVER_", "MAKE", "MFLAGS"))}
    return {
        **kept,
        "HOME": str(folder),
        "PALAVER_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/palaver.db",
        "PALAVER_FILES_URL": f"file://{folder}/files",
        "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}",
        "PIP_FIND_LINKS": str(ROOT / ".venv" / "hosts" / "fastapi" / "wheels"),
        "PIP_NO_INDEX": "1",
        "PYTHONUNBUFFERED": "1",
    }


async def test_the_page_goes_as_it_stands(tmp_path: Path) -> None:
    async with open_terminal(tmp_path, environment(tmp_path)) as terminal:
        await terminal.run(f"cd {ROOT}")
        reader = Reader(terminal, tmp_path, {"8000": free_port(), "8080": free_port()})
        for block in blocks():
            if block.file is not None:
                reader.write(block)
            elif block.language == "sh":
                await reader.run(block.code)
                if "make install" in block.code:
                    terminal.see()  # What make says is no answer.
            else:
                await reader.see(block.code)
        assert terminal.news() == [], "more was printed than is shown"
