"""Errors say where they are, and to find it a text is read once, however many errors and lines there are."""

import json
from random import Random

import pytest
from graphql import Source, SourceLocation

from core.limit_settings import LimitSettings
from graph import guard
from graph.lines import Text, count_lines
from tests import acts
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.http.wire import code_of, errors_of, post_query
from tests.socket.wire import greeted

MOST_LINES: int = LimitSettings.model_fields["max_lines"].default
MOST_TOLD: int = LimitSettings.model_fields["max_errors"].default
#: As many errors as there are ids, each of a field that stands in two places.
TORN = """nodes(ids: $ids) {
  ... on Conversation { messages(first: 0) { pageInfo { endCursor } } }
  ... on Conversation { messages(first: 0) { pageInfo { hasNextPage } } }
}"""


class Watched(Text):
    """Counts how often the texts of this kind are read, and places are looked up in them."""

    reads = 0
    places = 0

    def get_location(self, position: int) -> SourceLocation:
        """One more place."""
        Watched.places += 1
        return super().get_location(position)

    @property
    def body(self) -> str:
        """The text, read once more."""
        Watched.reads += 1
        return self.__dict__["text"]  # type: ignore[no-any-return]

    @body.setter
    def body(self, text: str) -> None:
        self.__dict__["text"] = text


def test_places_are_where_graphql_core_finds_them() -> None:
    chance = Random(5)
    for _ in range(300):
        text = "".join(
            chance.choice(("a", "\n", "\r\n", "\r", "é", "😀", "\u2028")) for _ in range(chance.randrange(30))
        )
        mine, reference = Text(text), Source(text)
        assert count_lines(text) == len(mine.starts)
        for position in range(len(text) + 1):
            if text[position - 1 : position + 1] != "\r\n":  # No token begins inside the end of a line.
                assert mine.get_location(position) == reference.get_location(position)


@pytest.mark.parametrize("copies", [1, 3])
async def test_places_of_many_errors_are_found_in_one_reading(
    ann: Person, thread: str, monkeypatch: pytest.MonkeyPatch, copies: int
) -> None:
    monkeypatch.setattr(guard, "Text", Watched)
    fields = " ".join(f"a{number}: {TORN}" for number in range(copies))
    query = "\n" * 4000 + f"query($ids: [ID!]!) {{ {fields} }}"
    ids = [thread] * 100
    first = errors_of(await post_query(ann, query, ids=ids))
    assert len(first) == MOST_TOLD
    Watched.reads = Watched.places = 0
    again = errors_of(await post_query(ann, query, ids=ids))
    assert again == first
    assert Watched.reads == 0
    assert 100 * copies <= Watched.places <= 200 * copies
    assert first[0]["locations"] == [{"line": 4002, "column": 25}]


async def test_of_too_many_errors_the_first_are_told_and_that_there_are_more(ann: Person, thread: str) -> None:
    query = f"query($ids: [ID!]!) {{ a: {TORN} b: {TORN} }}"
    every = errors_of(await post_query(ann, query, ids=[thread] * 50))
    assert {error["extensions"]["code"] for error in every} == {"BAD_USER_INPUT"}
    response = await post_query(ann, query, ids=[thread] * 51)
    *told, last = errors_of(response)
    assert len(told) == len(every) - 1 == MOST_TOLD - 1
    assert {error["extensions"]["code"] for error in told} == {"BAD_USER_INPUT"}
    assert last["extensions"] == {"code": "TOO_COMPLEX", "limit": "errors"}
    assert response.json()["data"] == {"a": [None] * 51, "b": [None] * 51}


async def test_how_many_errors_are_told_is_a_setting(make_house: OpenHouse) -> None:
    """Over HTTP and over a socket."""
    query = f"query($ids: [ID!]!) {{ {TORN} }}"
    async with make_house(max_errors=3) as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        for ids, codes in ((3, ["BAD_USER_INPUT"] * 3), (4, ["BAD_USER_INPUT"] * 2 + ["TOO_COMPLEX"])):
            over_http = errors_of(await post_query(people.ann, query, ids=[thread] * ids))
            async with greeted(people.ann) as wire:
                await wire.subscribe("1", query, ids=[thread] * ids)
                over_a_socket = (await wire.hear())["payload"]["errors"]
            for told in (over_http, over_a_socket):
                assert [error["extensions"]["code"] for error in told] == codes


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
async def test_lines_are_limited_before_anything_is_read(
    ann: Person, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(guard, "Text", Watched)
    Watched.reads = 0
    response = await post_query(ann, end * MOST_LINES + "{ viewer { id } } %")
    assert code_of(response) == "TOO_COMPLEX"
    assert errors_of(response)[0]["extensions"]["limit"] == "lines"
    assert Watched.reads == 0
    response = await post_query(ann, end * (MOST_LINES - 1) + "{ viewer { id } }")
    assert json.loads(response.text)["data"]["viewer"]["id"]
    assert code_of(await post_query(ann, end * (MOST_LINES - 1) + " %")) == "GRAPHQL_PARSE_FAILED"


def test_a_place_costs_a_search() -> None:
    text = Watched("\n" * 100_000)
    Watched.reads = 0
    assert {text.get_location(position) for position in range(100_000)} == {
        SourceLocation(position + 1, 1) for position in range(100_000)
    }
    assert Watched.reads == 1
