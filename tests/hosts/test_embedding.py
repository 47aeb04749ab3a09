"""docs/embedding.md, done word by word: its files written, its commands run, its answers compared."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

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


def test_the_page_says_how_pieces_of_a_file_are_put_together() -> None:
    """Before the first file that comes in pieces; which these are is told, too."""
    names = [block.file for block in blocks() if block.file is not None]
    in_pieces = {name for name in names if names.count(name) > 1}
    before = PAGE.read_text("utf-8").partition(" begins:\n")[0]
    [told] = re.findall(r"This file and `([\w.]+)` come in pieces, .*?two blank lines", before, re.DOTALL)
    assert in_pieces == {told, NAMED.search(f"{before} begins:\n")[1]}  # type: ignore[index]


def test_the_packages_are_those_of_the_example() -> None:
    [line] = re.findall(r"pip install --quiet (.*)", PAGE.read_text("utf-8"))
    wanted = re.findall(r"^([\w-]+)", (FASTAPI.folder / "requirements.in").read_text("utf-8"), re.MULTILINE)
    assert line.split() == [name.lower() for name in wanted]


@dataclass(slots=True)
class Reader:
    """Somebody who pastes what the page says as fast as it goes, on ports of their own."""

    terminal: Terminal
    home: Path
    ports: dict[str, int]
    expected: list[str] = field(default_factory=list)

    def own(self, text: str) -> str:
        """The page's words with one's own ports."""
        for written, port in self.ports.items():
            text = re.sub(rf"(:|--port ){written}\b", rf"\g<1>{port}", text)
        return text

    async def read(self) -> None:
        """The whole page. What is printed is compared in the end: to wait for an answer would be a pause."""
        written: dict[str, str] = {}
        for block in blocks():
            if block.file is not None:
                before = f"{written[block.file]}\n\n" if block.file in written else ""
                written[block.file] = before + self.own(block.code)
                (self.home / "market" / block.file).write_text(written[block.file], "utf-8")
            elif block.language == "sh":
                await self.terminal.run(self.own(block.code))
                if "make install" in block.code:
                    self.terminal.see()  # What make says is no answer.
            else:
                # Whoever follows may be slower to begin than who pastes.
                self.expected += self.own(block.code).replace('"isReplay":false', '"isReplay":…').splitlines()

    async def compare(self) -> None:
        """All that the page shows was printed, and no more."""
        wanted, self.expected = "\n".join(self.expected), []
        try:
            await until(lambda: shown(wanted, self.terminal.news()), pause=0.05)
        except TimeoutError:
            pytest.fail("\n".join(["Expected:", wanted, "There is:", *self.terminal.news()]))
        self.terminal.see()


def environment(folder: Path) -> dict[str, str]:
    """A newcomer's environment: nothing of Palaver's, and the packages of the lock at hand."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PALAVER_", "MAKE", "MFLAGS"))}
    return {
        **kept,
        "HOME": str(folder),
        "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}",
        "PIP_FIND_LINKS": str(ROOT / ".venv" / "hosts" / "fastapi" / "wheels"),
        "PIP_NO_INDEX": "1",
        "PYTHONUNBUFFERED": "1",
    }


def names_in(database: Path) -> set[str]:
    """Everybody whom Palaver knows after the page."""
    with closing(sqlite3.connect(database)) as db:
        return {name for (name,) in db.execute("SELECT name FROM users")}


async def test_the_page_goes_as_it_stands_twice_without_a_pause(tmp_path: Path) -> None:
    async with open_terminal(tmp_path, environment(tmp_path)) as terminal:
        await terminal.run(f"cd {ROOT}")
        reader = Reader(terminal, tmp_path, {"8000": free_port(), "8080": free_port()})
        for _ in range(2):
            await reader.read()
            await reader.compare()
            assert names_in(tmp_path / "market" / "data" / "palaver.db") == {"The market", "Bob", "Ann", "Cy"}


async def test_another_server_at_the_port_is_not_taken_for_ours(tmp_path: Path) -> None:
    async with open_terminal(tmp_path, environment(tmp_path)) as terminal:
        await terminal.run(f"cd {ROOT}")
        reader = Reader(terminal, tmp_path, {"8000": free_port(), "8080": free_port()})
        prepare, start = [block.code for block in blocks() if block.language == "sh"][:2]
        await terminal.run(reader.own(prepare) + reader.own(start))
        terminal.see()
        await terminal.run(f"(\n{reader.own(start)}\n) && exit 1 || echo It stopped.")
        assert "This does not serve:" in terminal.news()
        assert terminal.news()[-1] == "It stopped."
