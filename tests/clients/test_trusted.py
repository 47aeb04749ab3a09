"""Apollo Client and Relay at a server that runs their registered documents only, by the manifests of their tools."""

import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import acts
from tests.client import Person
from tests.clients.log import hears, settles_on
from tests.clients.node import HERE, run_app
from tests.documents.asking import hash_of
from tests.legs import Home
from tests.served import Served, serve

pytestmark = [pytest.mark.clients, pytest.mark.parametrize("recipe", ["apollo-trusted", "relay", "palaver-relay"])]
#: What Python asks here is registered too.
OURS = {hash_of(text): text for text in (acts.UPSERT_SUBJECT, acts.OPEN, acts.SEND)}


@pytest.fixture
def folder(recipe: str, tmp_path: Path, library: None) -> Path:
    """The recipes as they are built for such a server, and in documents/ the manifests."""
    shutil.copytree(HERE / "recipes", tmp_path / "recipes", ignore=shutil.ignore_patterns("__generated__"))
    shutil.copy(HERE / "driver.mjs", tmp_path)
    (tmp_path / "node_modules").symlink_to(HERE / "node_modules")
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "host.json").write_text(json.dumps(OURS), "utf-8")
    manifest = tmp_path / "documents" / "client.json"
    if recipe.endswith("relay"):
        config = json.loads((HERE / "relay.config.json").read_text("utf-8"))
        persisting = {"schema": str(HERE.parents[1] / "schema.graphql"), "persistConfig": {"file": str(manifest)}}
        (tmp_path / "relay.config.json").write_text(json.dumps({**config, **persisting}), "utf-8")
        manifest.write_text("{}", "utf-8")
        subprocess.run(["node_modules/.bin/relay-compiler"], cwd=tmp_path, check=True)
    else:
        written = subprocess.run(["node", "manifest.mjs"], cwd=HERE, check=True, capture_output=True)
        manifest.write_bytes(written.stdout)
    return tmp_path


@pytest.fixture
async def served(folder: Path, sqlite_home: Home) -> AsyncIterator[Served]:
    """A server with these manifests."""
    async with serve(sqlite_home, PALAVER_TRUSTED_DOCUMENTS=str(folder / "documents")) as server:
        yield server


async def test_a_thread_is_read_followed_and_written_by_ids_alone(
    recipe: str, folder: Path, served: Served, ann: Person, bob: Person, http: httpx.AsyncClient, thread: str
) -> None:
    manifest: Any = json.loads((folder / "documents" / "client.json").read_text("utf-8"))
    said = []
    for number in range(7):
        await acts.send(bob, thread, f"word {number}")
        said.append(f"word {number}")
    async with run_app(served.url, recipe, ann, "buyer", folder=folder, manifest=manifest) as app:
        assert [message["body"] for message in await app.do("open", thread)] == said[-5:]
        await app.do("follow")
        assert await app.do("older") is True
        uploaded = await app.do("upload", {"text": "Wheels", "fileName": "size.txt", "type": "text/plain"})
        sent = {"conversationId": thread, "body": "mine", "attachmentIds": [uploaded["attachment"]["id"]]}
        assert (await app.do("send", {**sent, "clientMessageId": "1"}))["errors"] == []
        await settles_on(app, [*said, "mine"])
        await served.kill()
        await served.start()
        await acts.send(bob, thread, "after")
        await hears(app, "after")
        await settles_on(app, [*said, "mine", "after"])
        assert (await app.do("report")) == {"warnings": [], "problems": [], "renewals": 0}


async def test_a_client_that_sends_texts_is_told_once(
    recipe: str, folder: Path, served: Served, ann: Person, thread: str
) -> None:
    async with run_app(served.url, "plain", ann, "buyer", folder=folder) as app:
        with pytest.raises(AssertionError, match="Only registered documents are run here"):
            await app.do("open", thread)
