"""GraphQL over HTTP to the letter: the audits of graphql-http, the reference of the specification."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from tests.client import NO_TLS
from tests.clients.node import HERE
from tests.legs import Home
from tests.served import Served, serve
from tests.waiting import soon

pytestmark = pytest.mark.clients

#: What a server may do and this one does when it is allowed: taking queries by GET.
BY_GET = {"5A70", "D6D5", "6A70"}
#: These ask by introspection, which production hides.
BY_INTROSPECTION = {"28B9", "2EA1", "D6D5", "6A70"}
DEVELOPMENT = {"PALAVER_ENV": "development"}
ALLOWED = {"PALAVER_GET_QUERIES": "on"}


async def audit(served: Served) -> list[dict[str, Any]]:
    """What each audit says of a server, about requests of Ann's."""
    async with httpx.AsyncClient(verify=NO_TLS) as http:
        ann = served.person(http, "ann", "buyer", name="Ann")
    process = await asyncio.create_subprocess_exec(
        "node",
        "audit.mjs",
        json.dumps({"url": f"{served.url}/graphql", "token": ann.token}),
        cwd=HERE,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await soon(process.communicate())
    results: list[dict[str, Any]] = json.loads(output)
    return results


@pytest.mark.parametrize(
    ("settings", "not_done"),
    [(DEVELOPMENT | ALLOWED, set()), (DEVELOPMENT, BY_GET), (ALLOWED, BY_INTROSPECTION)],
    ids=["everything allowed", "without GET", "in production"],
)
async def test_every_audit_passes_without_a_warning(
    sqlite_home: Home, settings: dict[str, str], not_done: set[str]
) -> None:
    async with serve(sqlite_home, **settings) as served:
        results = await audit(served)
    assert len(results) == 61
    assert {result["id"] for result in results if result["status"] != "ok"} == not_done
