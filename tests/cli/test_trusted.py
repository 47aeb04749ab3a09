"""`palaver` with registered documents: what is not good is told before anything is served."""

import json
from pathlib import Path

import httpx

from tests.cli.running import names_in, palaver, serving
from tests.client import NO_TLS

GOOD = {"me": "query Me { viewer { id } }"}
BAD = {**GOOD, "old": "query Old { viewer { nothing } }"}
REFUSED = "PALAVER_TRUSTED_DOCUMENTS: the document 'old' (query Old) is refused: Cannot query field 'nothing'"


def manifest(folder: Path, documents: dict[str, str]) -> str:
    """A manifest; its path."""
    path = folder / "documents.json"
    path.write_text(json.dumps(documents), "utf-8")
    return str(path)


async def test_a_server_does_not_start_with_a_document_that_does_not_fit(tmp_path: Path) -> None:
    ended = await palaver(tmp_path, "serve", "--port", "0", PALAVER_TRUSTED_DOCUMENTS=manifest(tmp_path, BAD))
    assert (ended.status, ended.output) == (2, "")
    assert ended.errors.startswith(REFUSED)
    assert names_in(tmp_path) == ["documents.json"]


async def test_the_doctor_looks_at_registered_documents(tmp_path: Path) -> None:
    ended = await palaver(tmp_path, "doctor", PALAVER_TRUSTED_DOCUMENTS=manifest(tmp_path, BAD))
    assert ended.output.splitlines()[-1].startswith(f"FAIL  documents: {REFUSED}")
    ended = await palaver(tmp_path, "doctor", PALAVER_TRUSTED_DOCUMENTS=manifest(tmp_path, GOOD))
    assert ended.output.splitlines()[-1].startswith("ok    documents: all of ")
    ended = await palaver(tmp_path, "doctor", PALAVER_TRUSTED_DOCUMENTS="nowhere.json")
    assert ended.output.splitlines()[-1].startswith("FAIL  documents: PALAVER_TRUSTED_DOCUMENTS names nowhere.json")


async def test_a_developer_is_led_to_no_page_that_could_ask_nothing(tmp_path: Path) -> None:
    settings = {"PALAVER_TRUSTED_DOCUMENTS": manifest(tmp_path, GOOD)}
    async with serving(tmp_path, **settings) as served, httpx.AsyncClient(verify=NO_TLS) as http:
        assert served.tokens == {}
        assert "It runs the documents of PALAVER_TRUSTED_DOCUMENTS and no others" in served.said
        assert (await http.get(f"{served.url}/graphiql/")).status_code == 404
