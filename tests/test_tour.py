"""The README's tour, played: each command of it against a real server, and its answers as the README shows them."""

import asyncio
import os
import re
import shlex
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.client import People, Person
from tests.house import House
from tests.waiting import soon, until

ROOT = Path(__file__).resolve().parent.parent
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[tuple[str, str]]:
    """The tour's code, with its languages; the first block only makes tokens and shortens a call of curl."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    tour = readme.split("## A tour in five minutes\n")[1].split("\n## ")[0]
    return FENCED.findall(tour)[1:]


def shown(expected: str, lines: list[str]) -> bool:
    """Are these the lines that are shown, in whatever order? `…` stands for the rest of an id or a cursor."""
    patterns = [re.escape(line).replace("…", '[^"]*') for line in expected.splitlines()]
    return len(patterns) == len(lines) and all(
        sum(1 for line in lines if re.fullmatch(pattern, line)) == patterns.count(pattern) for pattern in patterns
    )


@dataclass(slots=True)
class Tour:
    """A newcomer at a terminal."""

    house: House
    cast: dict[str, Person]
    names: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    follower: Process | None = None

    async def run(self, code: str) -> None:
        """A block of commands."""
        words = iter(shlex.split(code, comments=True))
        for word in words:
            if word in ("ask", "THREAD=$(ask"):
                who, operation, variables = next(words), next(words), next(words)
                answer = await self.ask(self.cast[who], operation.replace("\n", " "), variables)
                if word == "THREAD=$(ask":
                    self.names["$THREAD"] = re.findall(r'"id":"([^"]*)"', answer)[0]
                else:
                    self.lines.append(answer)
            elif word.endswith("follow.py"):
                await self.follow([argument for argument in words if argument != "&"])
            elif word == "kill":
                assert await self.end() == "", "more was heard than is shown"
            elif word.startswith("CURSOR="):
                self.names["$CURSOR"] = self.names["last cursor"]

    async def ask(self, person: Person, operation: str, variables: str) -> str:
        """What curl does."""
        for name, value in self.names.items():
            variables = variables.replace(name, value)
        body = '{"query": "' + operation + '", "variables": ' + variables + "}"
        headers = {**person.headers, "Content-Type": "application/json"}
        return (await person.http.post(f"{self.house.url}/graphql", content=body.encode(), headers=headers)).text

    async def follow(self, words: list[str]) -> None:
        """Start the follower, and wait until it hears."""
        arguments = [self.cast[word].token if word in self.cast else self.names[word] for word in words]
        self.follower = await asyncio.create_subprocess_exec(
            *(sys.executable, str(ROOT / "docs" / "examples" / "follow.py"), *arguments),
            env={**os.environ, "ADDRESS": self.house.socket_url},
            stdout=PIPE,
        )
        await until(lambda: self.house.palaver.hub.listener_count == 1)

    async def hear(self, count: int) -> None:
        """The follower's next lines."""
        for _ in range(count):
            assert self.follower is not None
            assert self.follower.stdout is not None
            line = (await soon(self.follower.stdout.readline())).decode().strip()
            self.names["last cursor"] = re.findall(r'"cursor":"([^"]*)"', line)[0]
            self.lines.append(line)

    async def end(self) -> str:
        """End the follower; what else it had heard."""
        if self.follower is None:
            return ""
        with suppress(ProcessLookupError):
            self.follower.terminate()
        rest, _ = await soon(self.follower.communicate())
        self.follower = None
        await until(lambda: self.house.palaver.hub.listener_count == 0)
        return rest.decode()


@asynccontextmanager
async def newcomer(house: House, people: People) -> AsyncIterator[Tour]:
    """Somebody who has run the first block of the tour."""
    cast = {
        "$MARKET": people.person("market", "service", name="The market"),
        "$ANN": people.person("ann", "buyer", name="Ann Archer"),
        "$BOB": people.person("bob", "seller", name="Bob Baker"),
    }
    tour = Tour(house, cast)
    try:
        yield tour
    finally:
        await tour.end()


async def test_the_tour_goes_as_the_readme_shows_it(house: House, people: People) -> None:
    async with newcomer(house, people) as tour:
        for language, code in blocks():
            if language == "sh":
                await tour.run(code)
            else:
                await tour.hear(code.count('"type":"next"'))
                assert shown(code, tour.lines), "\n".join(tour.lines)
                tour.lines.clear()
    assert len(blocks()) > 8


def test_an_answer_that_is_not_shown_is_found() -> None:
    assert shown('{"id":"Q29…"}\n{"a":1}\n', ['{"a":1}', '{"id":"Q29udm"}'])
    assert not shown('{"id":"Q29…"}\n', ['{"id":"Zm"}'])
    assert not shown('{"a":1}\n', ['{"a":1}', '{"a":1}'])
