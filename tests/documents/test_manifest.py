"""Manifests as the tools write them, and what is told when one is not good."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.settings import Settings
from graph.documents import documents_of
from graph.guard import Guard
from graph.manifest import UnusableManifest, read_manifests
from graph.requests import read_asked
from graph.roots import schema
from tests.documents.asking import hash_of, persisted

ME = "query Me {\n  viewer {\n    id\n  }\n}"
WHO = "query Who {\n  viewer {\n    user {\n      externalId\n    }\n  }\n}"
#: Relay's, by MD5, and those of GraphQL Code Generator's client preset, by SHA-1 and by SHA-256: the same form.
OF_RELAY = {"6c2c6f5a1e3b1f4d2b9a7c8d0e1f2a3b": ME, "0f343b0931126a20f133d67c2b018a3b": WHO}
OF_CODEGEN = {"a94a8fe5ccb19ba61c4c0873d391e987982fbbd3": ME, f"sha256:{hash_of(WHO)}": WHO}
OF_APOLLO: dict[str, Any] = {
    "format": "apollo-persisted-query-manifest",
    "version": 1,
    "operations": [
        {"id": hash_of(ME), "name": "Me", "type": "query", "body": ME},
        {"id": hash_of(WHO), "name": "Who", "type": "query", "body": WHO, "clientName": None},
    ],
}


def written(folder: Path, value: Any, name: str = "manifest.json") -> Path:
    """A file with this in it; a text as it is."""
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return path


def fault_in(path: Path, **settings: Any) -> str:
    """Why a server does not take a manifest."""
    given = Settings(_env_file=None, trusted_documents=path, **settings)
    with pytest.raises(UnusableManifest) as refused:
        documents_of(Guard(schema._schema, given), given)
    return str(refused.value)


@pytest.mark.parametrize("manifest", [OF_RELAY, OF_CODEGEN, OF_APOLLO], ids=["relay", "codegen", "apollo"])
def test_a_manifest_of_each_tool_is_read(tmp_path: Path, manifest: dict[str, Any]) -> None:
    path = written(tmp_path, manifest)
    assert list(read_manifests(path).values()) == [ME, WHO]
    given = Settings(_env_file=None, trusted_documents=path)
    documents = documents_of(Guard(schema._schema, given), given)
    assert (len(documents), documents.kept_operations) == (2, 2)
    for name in (*read_manifests(path), hash_of(ME), hash_of(WHO)):
        for named in ({"documentId": name}, {"extensions": persisted(name)}):
            assert documents.find(read_asked(named)).document is not None


def test_the_manifests_of_a_folder_are_one(tmp_path: Path) -> None:
    """Those of several clients, and of the versions of one that are still in use."""
    written(tmp_path, OF_RELAY, "web.json")
    written(tmp_path, {**OF_APOLLO, "operations": OF_APOLLO["operations"][:1]}, "phone.json")
    written(tmp_path, "not read", "README")
    assert read_manifests(tmp_path) == {**OF_RELAY, hash_of(ME): ME}
    written(tmp_path, {next(iter(OF_RELAY)): WHO}, "another.json")
    assert "has another text for the document '6c2c6f5a1e3b1f4d2b9a7c8d0e1f2a3b'" in fault_in(tmp_path)


def test_a_mark_of_the_byte_order_does_no_harm(tmp_path: Path) -> None:
    assert read_manifests(written(tmp_path, "\ufeff" + json.dumps(OF_RELAY))) == OF_RELAY


@pytest.mark.parametrize(
    "value",
    [
        [],
        "5",
        [OF_RELAY],
        {"a": 5},
        {"a": {"b": "c"}},
        {"": ME},
        {"x" * 201: ME},
        {"a": "{ viewer { id } } # \ud800"},
        {**OF_APOLLO, "version": 2},
        {**OF_APOLLO, "format": "another"},
        {**OF_APOLLO, "operations": {}},
        {**OF_APOLLO, "operations": {"a": ME}},
        {**OF_APOLLO, "operations": [ME]},
        {**OF_APOLLO, "operations": [{"id": "a"}]},
        {**OF_APOLLO, "operations": [{"body": ME}]},
        {**OF_APOLLO, "operations": [{"id": 5, "body": ME}]},
    ],
)
def test_what_is_no_manifest_is_told_with_the_formats_that_are(tmp_path: Path, value: Any) -> None:
    told = fault_in(path := written(tmp_path, value))
    assert told.startswith(f"PALAVER_TRUSTED_DOCUMENTS names {path}, which is no manifest")


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000])
def test_what_is_no_json_is_told(tmp_path: Path, text: str) -> None:
    told = fault_in(path := written(tmp_path, text))
    assert told == f"PALAVER_TRUSTED_DOCUMENTS names {path}, which is no JSON: write the manifest again."


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert fault_in(tmp_path / "nowhere.json").endswith("which cannot be read: No such file or directory.")
    (tmp_path / "latin.json").write_bytes(b'{"a": "\xe9"}')
    assert fault_in(tmp_path / "latin.json").endswith("which is no JSON: write the manifest again.")


@pytest.mark.parametrize("manifest", [{}, {**OF_APOLLO, "operations": []}])
def test_a_manifest_without_documents_is_refused(tmp_path: Path, manifest: dict[str, Any]) -> None:
    assert "there is no document: nothing could be run" in fault_in(written(tmp_path, manifest))
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "there is no document: nothing could be run" in fault_in(empty)


def test_a_name_for_two_texts_is_refused(tmp_path: Path) -> None:
    told = fault_in(written(tmp_path, json.dumps({"a": ME})[:-1] + f', "a": {json.dumps(WHO)}}}'))
    assert "another text for the document 'a'" in told
    both = [{"id": "a", "body": ME}, {"id": "a", "body": WHO}]
    assert "another text for the document 'a'" in fault_in(written(tmp_path, {**OF_APOLLO, "operations": both}))


def test_every_document_that_is_refused_is_told_with_its_name_and_the_mend(tmp_path: Path) -> None:
    bad = {"good": ME, "old": "query Old {\n  viewer {\n    nothing\n  }\n}", "torn": "{", "many": "query A { x }"}
    told = fault_in(written(tmp_path, bad)).splitlines()
    assert len(told) == 3
    assert told[0].startswith("PALAVER_TRUSTED_DOCUMENTS: the document 'old' (query Old) is refused: Cannot query")
    assert told[1].startswith("PALAVER_TRUSTED_DOCUMENTS: the document 'torn' is refused: Syntax Error")
    assert all(line.endswith("Mend it and write the manifest again; a limit can be raised instead.") for line in told)
    told = fault_in(written(tmp_path, {str(number): f"{{ x{number} }}" for number in range(8)})).splitlines()
    assert (len(told), told[-1]) == (6, "PALAVER_TRUSTED_DOCUMENTS: 3 more documents are refused.")


def test_limits_hold_for_registered_documents(tmp_path: Path) -> None:
    path = written(tmp_path, {"deep": "{ viewer { user { name presence { status } } } }"})
    assert "The operation is deeper than 3." in fault_in(path, max_depth=3)


def test_production_registers_no_introspection(tmp_path: Path) -> None:
    path = written(tmp_path, {"schema": "{ __schema { queryType { name } } }"})
    assert "introspection" in fault_in(path, env="production", jwt_secret="x" * 32)


def test_fragments_alone_are_no_operation(tmp_path: Path) -> None:
    assert "'f' is refused" in fault_in(written(tmp_path, {"f": "fragment F on User { id }"}))
