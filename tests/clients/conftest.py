"""Fixtures: a server process, the people at it, and a frontend by each recipe."""

import fcntl
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Protocol

import httpx
import pytest

from tests import acts
from tests.client import NO_TLS, Person
from tests.clients.library import install_library
from tests.clients.node import HERE, App, run_app
from tests.legs import Home
from tests.served import Served, serve

#: The same frontends over @palaver/client.
OVER_THE_LIBRARY = ("palaver", "palaver-apollo", "palaver-urql", "palaver-relay")
RECIPES = ("plain", "apollo", "urql", "relay", *OVER_THE_LIBRARY)


class OpenApp(Protocol):
    """Opens a frontend of Ann's."""

    async def __call__(self, recipe: str, *, seconds: float = 3600) -> App: ...


@pytest.fixture(scope="session")
def artifacts() -> None:
    """What relay-compiler makes of our schema and the operations in recipes/relay; it refuses what does not fit."""
    with (HERE / "relay.config.json").open() as config:
        fcntl.flock(config, fcntl.LOCK_EX)  # Several workers write the same files.
        subprocess.run(["node_modules/.bin/relay-compiler"], cwd=HERE, check=True)


@pytest.fixture(scope="session")
def library() -> None:
    """@palaver/client, as it is in this working copy."""
    install_library()


@pytest.fixture
async def served(sqlite_home: Home) -> AsyncIterator[Served]:
    """A running server process."""
    async with serve(sqlite_home) as server:
        yield server


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """Connections for those who ask from Python."""
    async with httpx.AsyncClient(timeout=30, verify=NO_TLS) as client:
        yield client


@pytest.fixture
def ann(served: Served, http: httpx.AsyncClient) -> Person:
    """A buyer."""
    return served.person(http, "ann", "buyer", name="Ann")


@pytest.fixture
def bob(served: Served, http: httpx.AsyncClient) -> Person:
    """A seller."""
    return served.person(http, "bob", "seller", name="Bob")


@pytest.fixture
def host(served: Served, http: httpx.AsyncClient) -> Person:
    """The host's own server, which has the service role."""
    return served.person(http, "market", "service", name="The market")


@pytest.fixture
async def thread(ann: Person, host: Person) -> str:
    """The id of a conversation of Ann's with Bob; nothing is said yet."""
    await acts.list_thing(host)
    return await acts.open_about(ann)


@pytest.fixture
async def open_app(served: Served, ann: Person, artifacts: None, library: None) -> AsyncIterator[OpenApp]:
    """Opens frontends of Ann's, each in a process of its own; `seconds` is how long each of its tokens is good."""
    async with AsyncExitStack() as opened:

        async def begin(recipe: str, *, seconds: float = 3600) -> App:
            return await opened.enter_async_context(run_app(served.url, recipe, ann, "buyer", seconds=seconds))

        yield begin
