"""Reads HAProxy's configuration, as far as ours goes."""

import shlex
from dataclasses import dataclass
from pathlib import Path

SECTIONS = ("global", "defaults", "resolvers", "frontend", "backend")


@dataclass(frozen=True, slots=True)
class Section:
    """A section: `frontend clients` and its lines, each as words."""

    kind: str
    name: str
    lines: tuple[tuple[str, ...], ...]

    def all(self, *words: str) -> list[tuple[str, ...]]:
        """What follows the words, for every line that begins with them."""
        return [line[len(words) :] for line in self.lines if line[: len(words)] == words]

    def one(self, *words: str) -> tuple[str, ...]:
        """What follows the words, in the only line that begins with them."""
        (found,) = self.all(*words)
        return found


def sections_of(path: Path) -> dict[str, Section]:
    """The sections by their whole heading. ValueError for a line outside of any."""
    found: dict[str, list[tuple[str, ...]]] = {}
    heading = None
    for line in path.read_text(encoding="utf-8").splitlines():
        words = tuple(shlex.split(line, comments=True))
        if not words:
            continue
        if not line.startswith(" "):
            if words[0] not in SECTIONS or " ".join(words) in found:
                raise ValueError(f"{line} begins no section, or one that is there.")
            heading = " ".join(words)
            found[heading] = []
        elif heading is None:
            raise ValueError(f"{line} belongs to no section.")
        else:
            found[heading].append(words)
    return {
        heading: Section(heading.partition(" ")[0], heading.partition(" ")[2], tuple(lines))
        for heading, lines in found.items()
    }


def is_let_through(frontend: Section, path: str) -> bool:
    """Does the one `deny unless` rule of a frontend let a path through? It may ask for `path` and `path_beg` only."""
    (rule,) = [line for line in frontend.all("http-request") if line[0] == "deny"]
    status, condition = rule[1:4], list(rule[4:])
    assert status == ("deny_status", "404", "unless")
    tests = " ".join(condition).strip("{} ").split(" } or { ")
    return any(_matches(path, *test.split()) for test in tests)


def _matches(path: str, word: str, *values: str) -> bool:
    if word == "path":
        return path in values
    if word == "path_beg":
        return path.startswith(values)
    raise ValueError(f"{word} is not known here.")
