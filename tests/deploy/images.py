"""Reads a Dockerfile and a .dockerignore, as far as ours go; whatever is written otherwise is refused."""

import json
import re
import shlex
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

#: Every instruction that BuildKit knows.
KNOWN = re.compile(
    "ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME"
    "|WORKDIR"
)


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: its name, and the rest of its line."""

    name: str
    rest: str

    @property
    def words(self) -> list[str]:
        """The rest, as a shell splits it."""
        return shlex.split(self.rest)

    @property
    def array(self) -> list[str]:
        """The words of the exec form. ValueError for the shell form, which puts a shell before the program."""
        words = json.loads(self.rest[self.rest.index("[") :])
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise ValueError(f"{self.rest} is not the exec form.")
        return words


@dataclass(frozen=True, slots=True)
class Stage:
    """What one FROM begins."""

    instructions: tuple[Instruction, ...]

    def all(self, name: str) -> list[Instruction]:
        """Every instruction of a name, in order."""
        return [each for each in self.instructions if each.name == name]

    def one(self, name: str) -> Instruction:
        """The only instruction of a name."""
        (found,) = self.all(name)
        return found

    @property
    def environment(self) -> dict[str, str]:
        """What ENV sets."""
        pairs = [word.partition("=") for each in self.all("ENV") for word in each.words]
        return {name: value for name, _, value in pairs}


def stages_of(text: str) -> list[Stage]:
    """The stages of a Dockerfile. ValueError for an instruction that there is not, or one before the first FROM."""
    stages: list[list[Instruction]] = []
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        name, _, rest = line.partition(" ")
        if not KNOWN.fullmatch(name) or not rest.strip():
            raise ValueError(f"{name} is no instruction, or has nothing to say.")
        if name == "FROM":
            stages.append([])
        if not stages:
            raise ValueError(f"{name} stands before the first FROM.")
        stages[-1].append(Instruction(name, rest.strip()))
    return [Stage(tuple(each)) for each in stages]


def is_ignored(patterns: list[str], path: str) -> bool:
    """Does a .dockerignore keep a path out? The last pattern that matches it, or a folder over it, decides."""
    parts = PurePosixPath(path).parts
    over = [parts[:length] for length in range(1, len(parts) + 1)]
    ignored = False
    for pattern in patterns:
        wanted = tuple(pattern.removeprefix("!").split("/"))
        if any(_matches(wanted, each) for each in over):
            ignored = not pattern.startswith("!")
    return ignored


def _matches(wanted: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    if wanted[0] == "**":
        return any(_matches(wanted[1:], parts[start:]) for start in range(len(parts)))
    return len(wanted) == len(parts) and all(map(fnmatchcase, parts, wanted))
