"""What the README says of the recipes of clients: what each needs is what it imports."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
RECIPES = ROOT / "tests" / "clients" / "recipes"
#: `import x from 'y'`, and `export ... from 'y'`.
IMPORTED = re.compile(r"^(?:import|export)\b[^'\n]*'([^']+)'", re.MULTILINE)
#: Asked for by others of the list, or for what has no import: a WebSocket under Node.js 20, the compiler of Relay.
BESIDE = {"ws", "graphql", "relay-compiler"}


def told() -> dict[str, set[str]]:
    """The packages of each recipe in the README's table."""
    table = (ROOT / "README.md").read_text("utf-8").partition("| client | recipe |")[2].partition("\n\n")[0]
    rows = re.findall(r"recipes/([\w-]+\.mjs)\).*\| `([^`]+)` \|$", table, re.MULTILINE)
    return {recipe: set(packages.split()) for recipe, packages in rows}


def packages_of(file: Path) -> set[str]:
    """What a file imports by name, and what the files beside it import that it takes."""
    found: set[str] = set()
    for name in IMPORTED.findall(file.read_text("utf-8")):
        if not name.startswith("."):
            found.add("/".join(name.split("/")[: 2 if name.startswith("@") else 1]))
        elif "__generated__" not in name:
            found |= packages_of((file.parent / name).resolve())
    return found


def test_each_client_has_its_packages_told() -> None:
    assert set(told()) == {"apollo.mjs", "urql.mjs", "relay.mjs", "plain.mjs"}


@pytest.mark.parametrize("recipe", ["apollo.mjs", "urql.mjs", "relay.mjs", "plain.mjs"])
def test_a_recipe_needs_what_the_readme_has_installed(recipe: str) -> None:
    assert packages_of(RECIPES / recipe) == told()[recipe] - BESIDE


@pytest.mark.parametrize("recipe", ["apollo.mjs", "urql.mjs", "relay.mjs", "plain.mjs"])
def test_the_recipes_of_the_table_have_the_shape_that_the_readme_shows(recipe: str) -> None:
    text = (RECIPES / recipe).read_text("utf-8")
    for name in ("connect", "openThread", "send"):
        assert re.search(rf"^export (?:async )?function {name}\b", text, re.MULTILINE), name
    assert re.search(r"^ +follow\(", text, re.MULTILINE)
