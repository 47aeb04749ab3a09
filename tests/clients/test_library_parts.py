"""@palaver/client: what it is made of, as large as it is said to be, and as the types say."""

import json
import os
import re
import subprocess

import pytest

from tests.clients.library import PLACE, SOURCE

pytestmark = pytest.mark.clients
WEB = SOURCE.parent


def run(*words: str) -> str:
    """What a command says; it must succeed."""
    environment = {**os.environ, "PALAVER_CLIENT": str(PLACE)}
    done = subprocess.run(words, cwd=SOURCE, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("path", sorted((SOURCE / "test").glob("*.test.mjs")), ids=lambda path: path.stem)
def test_each_part_does_as_it_should(path: str, library: None) -> None:
    run("node", "--test", str(path))


def test_it_is_as_small_as_its_readme_says() -> None:
    """In bytes, gzipped; kB are 1,000."""
    text = (SOURCE / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| `@palaver/client(?:/(\w+))?` \|.*\| ([\d.]+) kB \|$", text, re.MULTILINE)
    told = {entry or "index": float(size) for entry, size in rows}
    assert set(told) >= {"index", "urql", "apollo", "relay"}
    sizes = json.loads(run("node", "scripts/size.mjs", *told))
    assert {entry: f"{size['gzipped'] / 1000:.1f}" for entry, size in sizes.items()} == {
        entry: f"{size:.1f}" for entry, size in told.items()
    }


def test_the_types_fit_an_application() -> None:
    """web/client/test/types.ts, beside the library and the pages."""
    run("../node_modules/.bin/tsc", "--noEmit", "-p", "..")


def test_every_entry_is_in_the_package(library: None) -> None:
    package = json.loads((PLACE / "package.json").read_text("utf-8"))
    places = [
        place
        for entry in package["exports"].values()
        for place in (entry.values() if isinstance(entry, dict) else [entry])
    ]
    assert len(places) >= 10
    assert [place for place in places if not (PLACE / place).is_file()] == []
    assert {place.split("/")[1] for place in places} <= {*package["files"], "package.json"}
    assert (PLACE / "LICENSE").read_text("utf-8") == (SOURCE.parents[1] / "LICENSE").read_text("utf-8")
