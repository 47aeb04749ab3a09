"""Names that no client would give: refused with a code, and nobody else notices."""

import json
from typing import Any

import pytest

from tests.client import Person
from tests.documents.asking import WAYS, answer, by_hash, code, hash_of, persisted, with_text
from tests.http.wire import code_of, post
from tests.socket.wire import WHO
from tests.standing import standing_house

house = standing_house()
by_each_way = pytest.mark.parametrize("way", WAYS)
OTHER = "{ viewer { id } }"
HASH = hash_of("{ viewer { inboxCursor } }")
NO_HASHES: list[Any] = [
    *(HASH[:-1], HASH + "0", HASH.upper(), " " + HASH[1:], HASH[:-1] + "g", HASH[:-1] + "\n", HASH[:-1] + "\u0661"),
    *("", "x" * 201, "\ud800" * 64, 5, None, True, [], {}, [HASH], {"sha256Hash": HASH}),
]


@by_each_way
@pytest.mark.parametrize("name", NO_HASHES)
async def test_a_hash_that_is_none_is_a_bad_request(way: str, name: Any, ann: Person) -> None:
    assert await code(way, ann, {"extensions": persisted(name)}) == "BAD_REQUEST"
    assert await code(way, ann, {"query": WHO, "extensions": persisted(name)}) == "BAD_REQUEST"


@by_each_way
@pytest.mark.parametrize("extension", [5, "x", [], True, {}, {"version": 1}, {"sha256Hash": HASH}])
async def test_an_extension_of_another_shape_is_a_bad_request(way: str, extension: Any, ann: Person) -> None:
    assert await code(way, ann, {"query": WHO, "extensions": {"persistedQuery": extension}}) == "BAD_REQUEST"


@by_each_way
@pytest.mark.parametrize("version", ["1", None, True, 1.0, [1]])
async def test_a_version_that_is_no_number_is_a_bad_request(way: str, version: Any, ann: Person) -> None:
    assert await code(way, ann, {"query": WHO, "extensions": persisted(HASH, version)}) == "BAD_REQUEST"


@by_each_way
@pytest.mark.parametrize("version", [0, 2, -1, 10**30])
async def test_another_version_is_not_supported_so_that_clients_send_the_text(
    way: str, version: int, ann: Person
) -> None:
    told = await answer(way, ann, {"extensions": persisted(hash_of(WHO), version)})
    assert [error["message"] for error in told["errors"]] == ["PersistedQueryNotSupported"]
    assert [error["extensions"]["code"] for error in told["errors"]] == ["PERSISTED_QUERY_NOT_SUPPORTED"]


@by_each_way
async def test_extensions_that_are_no_object_are_a_bad_request(way: str, ann: Person) -> None:
    wrong: list[Any] = [[], "x", 5, True]
    for extensions in wrong:
        assert await code(way, ann, {"query": WHO, "extensions": extensions}) == "BAD_REQUEST"
    assert "errors" not in await answer(way, ann, {"query": WHO, "extensions": None})
    assert "errors" not in await answer(way, ann, {"query": WHO, "extensions": {"persistedQuery": None}})
    assert "errors" not in await answer(way, ann, {"query": WHO, "extensions": {"tracing": {"version": 1}}})


@by_each_way
@pytest.mark.parametrize("name", [5, True, [], {}, "", "x" * 201, "sha256:", "sha256:" + HASH[1:], "md5:1", "Thread"])
async def test_an_id_that_can_name_nothing_is_a_bad_request(way: str, name: Any, ann: Person) -> None:
    assert await code(way, ann, {"documentId": name}) == "BAD_REQUEST"


@by_each_way
async def test_a_request_without_text_and_name_is_a_bad_request(way: str, ann: Person) -> None:
    empty: list[dict[str, Any]] = [{}, {"query": None}, {"query": ""}, {"documentId": None}, {"extensions": {}}]
    for request in empty:
        assert await code(way, ann, request) == "BAD_REQUEST"
    wrong: list[Any] = [5, [], {}, False, "  "]
    for query in wrong:
        assert await code(way, ann, {**by_hash(WHO), "query": query}) == "BAD_REQUEST"


@by_each_way
async def test_a_document_is_named_once(way: str, ann: Person) -> None:
    assert await code(way, ann, {"documentId": f"sha256:{HASH}", "extensions": persisted(HASH)}) == "BAD_REQUEST"


@by_each_way
async def test_an_empty_text_beside_a_hash_is_none(way: str, ann: Person) -> None:
    await answer(way, ann, with_text(WHO))
    for query in ("", None):
        assert "errors" not in await answer(way, ann, {**by_hash(WHO), "query": query})


@by_each_way
async def test_a_text_cannot_take_the_hash_of_another(way: str, ann: Person) -> None:
    """Neither of a text that is not known yet, nor of one that is."""
    evil = "{ viewer { unreadMessageCount } }"
    stolen = {"query": evil, "extensions": persisted(hash_of(OTHER))}
    assert await code(way, ann, stolen) == "PERSISTED_QUERY_MISMATCH"
    assert await code(way, ann, by_hash(evil)) == "PERSISTED_QUERY_NOT_FOUND"
    right = await answer(way, ann, with_text(OTHER))
    assert await code(way, ann, stolen) == "PERSISTED_QUERY_MISMATCH"
    assert await answer(way, ann, by_hash(OTHER)) == right


@by_each_way
async def test_the_hash_is_of_the_bytes_of_utf_8(way: str, ann: Person) -> None:
    text = "{ viewer { id } } # Grüße, 你好, 🎸"
    assert "errors" not in await answer(way, ann, with_text(text))
    assert "errors" not in await answer(way, ann, by_hash(text))


async def test_half_a_character_is_a_bad_request(ann: Person) -> None:
    body = json.dumps({"query": "{ viewer { id } } # \ud800", "extensions": persisted(HASH)}).encode()
    assert code_of(await post(ann, body)) == "BAD_REQUEST"


async def test_only_who_has_a_token_gives_names(ann: Person) -> None:
    text = "{ viewer { unreadConversationCount } }"
    body = json.dumps(with_text(text)).encode()
    assert code_of(await post(ann, body, {"Authorization": "Bearer x"})) == "UNAUTHENTICATED"
    assert await code("http", ann, by_hash(text)) == "PERSISTED_QUERY_NOT_FOUND"
