"""The README's tour, pasted into a shell: each command against a real server, its answers as the README shows them."""

import os
import re
import sys
from pathlib import Path

import pytest

from tests.hosts.terminal import Terminal, open_terminal
from tests.served import serve_as_developer
from tests.waiting import until

ROOT = Path(__file__).resolve().parent.parent
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: The source at hand is run, wherever the packages are.
PROGRAMS = {".venv/bin/palaver": f"{sys.executable} -m graph.cli", ".venv/bin/python": sys.executable}
FOLLOW = "docs/examples/follow.py"


def blocks() -> list[tuple[str, str]]:
    """The tour's code, with its languages."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    tour = readme.split("## A tour in five minutes\n")[1].split("\n## ")[0]
    return FENCED.findall(tour)


def shown(expected: str, lines: list[str]) -> bool:
    """Are these the lines that are shown, in whatever order? `…` stands for the rest of an id or a cursor."""
    patterns = [re.escape(line).replace("…", '[^"]*') for line in expected.splitlines()]
    return len(patterns) == len(lines) and all(
        sum(1 for line in lines if re.fullmatch(pattern, line)) == patterns.count(pattern) for pattern in patterns
    )


def own(code: str, port: int) -> str:
    """The README's commands with one's own port and Python."""
    code = re.sub(r"\.venv/bin/(?:palaver\b|python\b)", lambda found: PROGRAMS[found[0]], code)
    return code.replace(":8000/", f":{port}/")


async def take_the_tour(terminal: Terminal, port: int) -> None:
    """Paste every block without a pause; what was printed is compared in the end."""
    expected = ""
    for language, code in blocks():
        if language != "sh":
            # Whoever follows may be slower to begin than who pastes.
            expected += code.replace('"isReplay":false', '"isReplay":…')
        elif FOLLOW in code and "&\n" not in code:
            # A reader ends it by Ctrl-C.
            await terminal.run(own(code, port).rstrip() + " &\nLAST=$!")
        else:
            await terminal.run(own(code, port))
    try:
        await until(lambda: shown(expected, terminal.news()), pause=0.05)
    except TimeoutError:
        pytest.fail("\n".join(["Expected:", expected, "There is:", *terminal.news()]))
    terminal.see()
    await terminal.run('kill "$LAST"; wait "$LAST" 2> /dev/null || true')


async def test_the_tour_goes_as_the_readme_shows_it_twice_without_a_pause(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PALAVER_")}
    async with serve_as_developer(tmp_path / "served") as served:
        environment = {**kept, "ADDRESS": served.socket_url, "TMPDIR": str(tmp_path)}
        async with open_terminal(tmp_path / "terminal", environment) as terminal:
            await terminal.run(f"cd {ROOT}")
            await take_the_tour(terminal, served.port)
            await take_the_tour(terminal, served.port)
    assert len(blocks()) > 8


def test_an_answer_that_is_not_shown_is_found() -> None:
    assert shown('{"id":"Q29…"}\n{"a":1}\n', ['{"a":1}', '{"id":"Q29udm"}'])
    assert not shown('{"id":"Q29…"}\n', ['{"id":"Zm"}'])
    assert not shown('{"a":1}\n', ['{"a":1}', '{"a":1}'])
